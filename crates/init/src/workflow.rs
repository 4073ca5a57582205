//! The workflow: one job that measures, and the gates that read what it leaves.
//!
//! Whatever comes from the repository is put in only where it is plain: nothing in it can end a string, a line or a command, or be
//! taken for an expression.

use crate::command::WorkflowKind;
use crate::detect::{Found, Script, is_plain};
use crate::goals::Gate;

/// Where it is written, from the top of the repository.
pub(crate) const PATH: &str = ".github/workflows/tollgate.yml";

/// The two forms. `@if measure` … `@end` stands where something is measured; `@push`, `@gates`, `@run` and `@reports` are put in.
const REUSABLE: &str = include_str!("../templates/reusable.yml");
const COMPOSITE: &str = include_str!("../templates/composite.yml");

/// Name of the calling job: it stands before each gate's name.
const CALLER: &str = "tollgate";

/// A workflow that is written.
pub(crate) struct Workflow {
    pub(crate) text: String,
    /// What branch protection is to require.
    pub(crate) contexts: Vec<String>,
}

/// The workflow for what was found, judged by `gates`; `branch` is where changes are merged into.
pub(crate) fn workflow(kind: WorkflowKind, found: &Found, gates: &[Gate], branch: Option<&str>) -> Option<Workflow> {
    let template = match kind {
        WorkflowKind::None => return None,
        WorkflowKind::Reusable => REUSABLE,
        WorkflowKind::Composite => COMPOSITE,
    };
    let names: Vec<&str> = gates.iter().map(|gate| gate.name()).collect();
    let context = |name: &&str| match kind {
        WorkflowKind::Reusable => format!("{CALLER} / {name}"),
        _ => (*name).to_owned(),
    };
    Some(Workflow { text: filled(template, found, &names, branch), contexts: names.iter().map(context).collect() })
}

fn filled(template: &str, found: &Found, gates: &[&str], branch: Option<&str>) -> String {
    let script = script(&found.script);
    let mut text = String::new();
    let mut kept = true;
    for line in template.lines() {
        let inner = line.trim_start();
        let indent = &line[..line.len() - inner.len()];
        let mut put = |lines: &[String]| lines.iter().for_each(|line| text.push_str(&format!("{indent}{line}\n")));
        match inner {
            "@if measure" => kept = script.is_some(),
            "@end" => kept = true,
            _ if !kept => {}
            "@run" => put(script.as_deref().unwrap_or_default()),
            "@reports" => put(&reports(found)),
            "@push" => put(&push(branch)),
            _ => put(&[inner.replace("@gates", &list(gates))]),
        }
    }
    text
}

/// The trigger of pushes to `branch`; none of a name that could mean something else there.
fn push(branch: Option<&str>) -> Vec<String> {
    let branch = branch.filter(|branch| is_plain(branch) && !branch.contains(['+', ':', '@']));
    branch.map(|branch| vec!["  push:".to_owned(), format!("    branches: ['{branch}']")]).unwrap_or_default()
}

/// `["a", "b"]`, which YAML and JSON read alike.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// The script as lines: what measures is run in any case, and the worst of it is how the script ends.
fn script(script: &Script) -> Option<Vec<String>> {
    let mut lines = script.install.clone();
    match script.measure.as_slice() {
        [] => return None,
        [one] => lines.push(one.clone()),
        several => {
            lines.push("status=0".to_owned());
            lines.extend(several.iter().map(|line| format!("{line} || status=$?")));
            lines.push("exit \"$status\"".to_owned());
        }
    }
    Some(lines)
}

/// What the gates read of the run.
fn reports(found: &Found) -> Vec<String> {
    let inputs = found.coverage.iter().chain(&found.tests).chain(&found.builds);
    inputs.map(|input| input.path.clone()).filter(|path| is_plain(path)).collect()
}

/// The reports whose names do not belong in a workflow.
pub(crate) fn left_out(found: &Found) -> impl Iterator<Item = &str> {
    let inputs = found.coverage.iter().chain(&found.tests).chain(&found.builds);
    inputs.map(|input| input.path.as_str()).filter(|path| !is_plain(path))
}

#[cfg(test)]
mod tests {
    use tollgate_input::{Limits, yaml};

    use super::*;
    use crate::detect::Input;

    fn found(paths: &[&str]) -> Found {
        let input =
            |path: &&str| Input { path: (*path).to_owned(), package: String::new(), there: false, by: String::new() };
        let script = Script {
            install: vec!["npm ci".to_owned()],
            measure: vec!["npm run test -- --coverage".to_owned(), "npm run build".to_owned()],
        };
        Found { coverage: paths.iter().map(input).collect(), script, ..Found::default() }
    }

    #[test]
    fn a_caller_is_short_and_well_formed() {
        let found = found(&["coverage/lcov.info"]);
        let made = workflow(WorkflowKind::Reusable, &found, &Gate::ALL, Some("main")).unwrap();
        assert!(made.text.lines().count() <= 40, "{}", made.text);
        let root = yaml::parse("t.yml", &made.text, Limits::default()).unwrap();
        let at = |pointer: &str| root.pointer(pointer).and_then(|node| node.as_str()).unwrap_or_default().to_owned();
        assert_eq!(at("/jobs/tollgate/uses"), "tollgate/tollgate/.github/workflows/gate.yml@v0");
        assert_eq!(at("/on/push/branches/0"), "main");
        assert_eq!(at("/jobs/tollgate/with/gates"), "[\"Security\", \"Quality\", \"Performance\", \"Tests\"]");
        let run = at("/jobs/tollgate/with/run");
        assert_eq!(
            run,
            "npm ci\nstatus=0\nnpm run test -- --coverage || status=$?\nnpm run build || status=$?\nexit \"$status\"\n"
        );
        assert_eq!(at("/jobs/tollgate/with/reports"), "coverage/lcov.info\n");
        assert_eq!(
            made.contexts,
            ["tollgate / Security", "tollgate / Quality", "tollgate / Performance", "tollgate / Tests"]
        );
    }

    #[test]
    fn the_composite_form_names_bare_gates() {
        for found in [found(&["coverage/lcov.info"]), Found::default()] {
            let made = workflow(WorkflowKind::Composite, &found, &[Gate::Security, Gate::Tests], None).unwrap();
            let root = yaml::parse("t.yml", &made.text, Limits::default()).unwrap();
            assert_eq!(made.contexts, ["Security", "Tests"]);
            assert_eq!(root.pointer("/jobs/judge/strategy/matrix/gate/1").unwrap().as_str(), Some("Tests"));
            assert_eq!(root.pointer("/jobs/measure").is_some(), !found.coverage.is_empty());
            assert_eq!(root.pointer("/on/push"), None);
            let judge = root.pointer("/jobs/judge/steps").unwrap().items().last().unwrap();
            assert_eq!(judge.pointer("/uses").unwrap().as_str(), Some("tollgate/tollgate@v0"));
            assert!(!made.text.lines().any(|line| line.trim_start().starts_with('@')), "{}", made.text);
            assert_eq!(judge.pointer("/with/reports").is_some(), !found.coverage.is_empty());
        }
    }

    #[test]
    fn templates_agree_with_what_tollgate_provides() {
        let example = include_str!("../../../examples/workflows/two-jobs.yml");
        let uses = |text: &'static str| {
            text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: "))
        };
        let pinned: Vec<&str> = uses(example).collect();
        assert!(uses(COMPOSITE).count() >= 7);
        for action in uses(COMPOSITE) {
            assert!(pinned.contains(&action), "{action} is not what the example uses");
        }
        let provided = include_str!("../../../.github/workflows/gate.yml");
        let provided = yaml::parse("gate.yml", provided, Limits::default()).unwrap();
        let made = workflow(WorkflowKind::Reusable, &found(&["a"]), &Gate::ALL, None).unwrap();
        let made = yaml::parse("t.yml", &made.text, Limits::default()).unwrap();
        for input in made.pointer("/jobs/tollgate/with").unwrap().entries() {
            let name = input.key.as_str().unwrap();
            assert!(provided.pointer(&format!("/on/workflow_call/inputs/{name}")).is_some(), "{name} is no input");
        }
        let asked: Vec<&str> = provided
            .pointer("/jobs")
            .unwrap()
            .entries()
            .iter()
            .flat_map(|job| job.value.get("permissions").unwrap().entries())
            .filter_map(|pair| pair.key.as_str())
            .collect();
        let given = made.pointer("/jobs/tollgate/permissions").unwrap();
        assert!(asked.iter().all(|scope| given.get(scope).is_some()), "{asked:?}");
    }

    #[test]
    fn names_with_a_meaning_stay_out() {
        let hostile = ["a b/lcov.info", "${{ github.token }}/lcov.info", "x\n  evil: y/lcov.info", "ok/lcov.info"];
        let found = found(&hostile);
        for kind in [WorkflowKind::Reusable, WorkflowKind::Composite] {
            let made = workflow(kind, &found, &Gate::ALL, Some("x'y: ${{ z }}")).unwrap();
            for word in ["evil", "github.token", "a b/", "${{ z"] {
                assert!(!made.text.contains(word), "{word}: {}", made.text);
            }
            assert!(made.text.contains("ok/lcov.info"));
        }
        assert_eq!(left_out(&found).count(), 3);
    }
}
