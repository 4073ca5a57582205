//! Every file that a new checker needs or changes, before any of them is written.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use tollgate_model::Fingerprinter;

use crate::new_checker::edit;
use crate::new_checker::name::Name;
use crate::workspace::Workspace;

/// The list of checkers in crates/tollgate/src/lib.rs.
const TOOLS: &str = "pub const TOOLS: &[&dyn Tool] =";

/// `max_width` of rustfmt.toml.
const WIDTH: usize = 120;

/// What will be written.
#[derive(Debug)]
pub(super) struct Plan {
    /// Contents by path, relative to the workspace.
    pub(super) files: BTreeMap<String, String>,
}

impl Plan {
    /// The plan for `name`; an error when something is in the way.
    pub(super) fn new(workspace: &Workspace, name: &Name) -> Result<Self> {
        let mut files = new_files(name);
        let folders = ["crates", "rules", "fixtures"].map(|room| format!("{room}/{}", name.kebab()));
        if let Some(taken) = folders.iter().chain(files.keys()).find(|path| workspace.path(path).exists()) {
            bail!("{taken} exists already; nothing was written");
        }
        let mut change = |path: &str, change: &dyn Fn(&str) -> Result<String>| -> Result<()> {
            let text = change(&workspace.read(path)?).with_context(|| format!("{path}; nothing was written"))?;
            files.insert(path.to_owned(), text);
            Ok(())
        };
        let package = name.package();
        change("Cargo.toml", &|text| {
            let line = format!("{package} = {{ path = \"crates/{}\" }}", name.kebab());
            edit::before(text, "tollgate-runner = ", &line)
        })?;
        change("crates/tollgate/Cargo.toml", &|text| {
            edit::among(text, "[dependencies]", &format!("{package}.workspace = true"))
        })?;
        change("crates/tollgate/src/lib.rs", &|text| {
            edit::array(text, TOOLS, &format!("&tollgate_{}::{}", name.module(), name.type_name()), WIDTH)
        })?;
        Ok(Self { files })
    }
}

/// The files that are the checker's own.
fn new_files(name: &Name) -> BTreeMap<String, String> {
    let checker = name.kebab();
    let case = format!("fixtures/{checker}/one-empty-file");
    [
        (format!("crates/{checker}/Cargo.toml"), include_str!("templates/Cargo.toml.in")),
        (format!("crates/{checker}/build.rs"), include_str!("templates/build.rs.in")),
        (format!("crates/{checker}/src/lib.rs"), include_str!("templates/lib.rs.in")),
        (format!("crates/tollgate/src/bin/tollgate-{checker}.rs"), include_str!("templates/bin.rs.in")),
        (format!("rules/{checker}/empty-file.toml"), include_str!("templates/empty-file.toml.in")),
        (format!("{case}/case.toml"), include_str!("templates/case.toml.in")),
        (format!("{case}/expected.json"), include_str!("templates/expected.json.in")),
        (format!("{case}/input/empty.txt"), ""),
        (format!("{case}/input/notes/full.txt"), "Fifteen bytes.\n"),
    ]
    .into_iter()
    .map(|(path, template)| (path, fill(template, name)))
    .collect()
}

/// `template` with every `{{…}}` replaced.
fn fill(template: &str, name: &Name) -> String {
    let rule = format!("{}/empty-file", name.kebab());
    let fingerprint = Fingerprinter::default().next(&rule, "empty.txt", "");
    template
        .replace("{{name}}", name.kebab())
        .replace("{{module}}", &name.module())
        .replace("{{type}}", &name.type_name())
        .replace("{{fingerprint}}", fingerprint.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(files: &[(&str, &str)]) -> (tempfile::TempDir, Workspace) {
        let mut all = vec![
            ("Cargo.toml", "[workspace.dependencies]\ntollgate-runner = { path = \"crates/runner\" }\n"),
            ("crates/tollgate/Cargo.toml", "[dependencies]\ntollgate-runner.workspace = true\n"),
            ("crates/tollgate/src/lib.rs", "pub const TOOLS: &[&dyn Tool] = &[&tollgate_bundle::Bundle];\n"),
        ];
        all.extend_from_slice(files);
        Workspace::made_up(&all)
    }

    fn plan(workspace: &Workspace) -> Result<Plan> {
        Plan::new(workspace, &Name::new("demo-two")?)
    }

    #[test]
    fn everything_is_registered() {
        let (_dir, workspace) = house(&[]);
        let files = plan(&workspace).unwrap().files;
        let line = "tollgate-demo-two = { path = \"crates/demo-two\" }\ntollgate-runner";
        assert!(files["Cargo.toml"].contains(line));
        assert!(files["crates/tollgate/Cargo.toml"].contains("tollgate-demo-two.workspace = true\ntollgate-runner"));
        assert!(
            files["crates/tollgate/src/lib.rs"].contains("&[&tollgate_bundle::Bundle, &tollgate_demo_two::DemoTwo];")
        );
        assert!(
            files["crates/tollgate/src/bin/tollgate-demo-two.rs"]
                .contains("tollgate_runner::main_of(\"demo-two\", tollgate::TOOLS)")
        );
    }

    #[test]
    fn no_placeholder_is_left_and_the_rule_is_whole() {
        let (dir, workspace) = house(&[]);
        let files = plan(&workspace).unwrap().files;
        assert!(files.values().all(|text| !text.contains("{{")));
        let folder = dir.path().join("rules/demo-two");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("empty-file.toml"), &files["rules/demo-two/empty-file.toml"]).unwrap();
        let rules = tollgate_rules::load(&folder, "demo-two").unwrap();
        assert_eq!(rules[0].0.id, "demo-two/empty-file");
    }

    #[test]
    fn what_is_in_the_way_is_named_before_anything_is_written() {
        for (path, text, word) in [
            ("rules/demo-two/x.toml", "", "rules/demo-two exists"),
            ("crates/tollgate/src/bin/tollgate-demo-two.rs", "", "tollgate-demo-two.rs exists"),
            ("crates/tollgate/src/lib.rs", "pub static TOOLS: () = ();\n", "crates/tollgate/src/lib.rs; nothing"),
        ] {
            let (_dir, workspace) = house(&[(path, text)]);
            let message = plan(&workspace).unwrap_err().to_string();
            assert!(message.contains(word) && message.contains("nothing was written"), "{message}");
        }
    }
}
