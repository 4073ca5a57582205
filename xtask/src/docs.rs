//! `cargo xtask docs`: the reference pages that code knows better than people, written from it.
//!
//! `docs/cli.md`, `docs/configuration.md`, `docs/findings-formats.md`, `docs/formats.md`, `docs/metrics.md`, `docs/owasp-items.md`, `docs/exit-codes.md` and one page per
//! rule under `docs/rules/`. With `--check` nothing is written, and a page that is stale, missing or left over is an error.

mod cli;
mod configuration;
mod findings;
mod formats;
mod items;
mod metrics;
mod rules;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use tollgate_model::Exit;

use crate::workspace::Workspace;

/// Arguments of `docs`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a page is stale, missing or left over
    #[arg(long)]
    check: bool,
}

/// Pages by path, relative to the repository.
type Pages = BTreeMap<String, String>;

const HEAD: &str = "<!-- Written by `cargo xtask docs`; edit the code it describes instead. -->\n\n";

/// Writes or checks every page.
pub(crate) fn main(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let pages = pages()?;
    let stale = stale(workspace.root(), &pages)?;
    if arguments.check {
        if !stale.is_empty() {
            bail!("stale pages; run `cargo xtask docs`:\n  {}", stale.join("\n  "));
        }
        println!("docs: {} pages are as the code has it", pages.len());
        return Ok(());
    }
    for path in stale {
        let file = workspace.root().join(&path);
        match pages.get(&path) {
            Some(text) => {
                fs::create_dir_all(file.parent().unwrap_or(workspace.root()))?;
                fs::write(&file, text).with_context(|| path.clone())?;
            }
            None => fs::remove_file(&file).with_context(|| path.clone())?,
        }
        println!("docs: {path}");
    }
    Ok(())
}

fn pages() -> Result<Pages> {
    let tools = tollgate::TOOLS;
    let mut pages = Pages::new();
    let mut add = |path: &str, text: String| pages.insert(path.to_owned(), format!("{HEAD}{text}"));
    add("docs/cli.md", cli::page(tools));
    add("docs/configuration.md", configuration::page(tools)?);
    add("docs/formats.md", formats::page());
    add("docs/findings-formats.md", findings::page());
    add("docs/metrics.md", metrics::page(tools));
    add("docs/owasp-items.md", items::page());
    add("docs/exit-codes.md", exit_codes());
    add("docs/rules/README.md", rules::index(tools));
    for rule in tools.iter().flat_map(|tool| tool.tried_rules()) {
        add(&format!("docs/rules/{}.md", rule.id), rules::page(rule));
    }
    Ok(pages)
}

fn exit_codes() -> String {
    let mut text = "# Exit codes\n\nThe same for every command, binary and `--format`.\n\n".to_owned();
    text.push_str("| code | meaning |\n|---|---|\n");
    for exit in Exit::ALL {
        text.push_str(&format!("| {} | {} |\n", exit.code(), exit.meaning()));
    }
    text.push_str(
        "\n3 outranks 1: where one gate fails and another is unknown, the code is 3. A run ended by Ctrl-C exits with 130 \
         and leaves no half-written file. A panic is a bug.\n",
    );
    text
}

/// Pages that differ from the disk, and generated pages on the disk that are none any more.
fn stale(root: &Path, pages: &Pages) -> Result<Vec<String>> {
    let mut stale: Vec<String> = Vec::new();
    for (path, text) in pages {
        if fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    let mut folders = vec![root.join("docs/rules")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let shown = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if !pages.contains_key(&shown) {
                stale.push(shown);
            }
        }
    }
    stale.sort();
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_a_missing_and_a_left_over_page_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("docs/cli.md", "old");
        write("docs/rules/a/fresh.md", "x");
        write("docs/rules/a/left-over.md", "x");
        let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let pages = Pages::from([
            page("docs/cli.md", "new"),
            page("docs/exit-codes.md", "x"),
            page("docs/rules/a/fresh.md", "x"),
        ]);
        let found = stale(dir.path(), &pages).unwrap();
        assert_eq!(found, ["docs/cli.md", "docs/exit-codes.md", "docs/rules/a/left-over.md"]);
    }

    #[test]
    fn every_checker_is_described() {
        let pages = pages().unwrap();
        for tool in tollgate::TOOLS {
            for page in ["docs/cli.md", "docs/configuration.md", "docs/metrics.md"] {
                assert!(pages[page].contains(tool.name()), "{page} says nothing of {}", tool.name());
            }
        }
    }
}
