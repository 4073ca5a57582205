//! Cargo: aliases in `.cargo/config.toml`.

use std::collections::BTreeSet;

use tollgate_input::Node;

use super::document::Format;
use super::paths::{file, hidden, upwards};
use super::words::{Options, Until, listed, scan};
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-q -v -vv --quiet --verbose --locked --frozen --offline --list -V -h",
    valued: "-C -Z --color --config --explain",
};

/// Cargo's own commands, which no alias replaces.
const COMMANDS: &str = "\
    add b bench build c check clean clippy config d doc fetch fix fmt generate-lockfile help info init install \
    locate-project login logout metadata miri new owner package pkgid publish r remove report rm run rustc rustdoc \
    search t test tree uninstall update vendor version";

/// What `cargo` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let (toolchain, words) = match words.split_first() {
        Some((first, rest)) if first.starts_with('+') => (Some(first.clone()), rest),
        _ => (None, words),
    };
    let mut rest = words.to_vec();
    let mut expanded = false;
    let mut seen = BTreeSet::new();
    loop {
        let given = scan(&rest, &OPTIONS, Until::Words(1));
        let name = match given.words.first() {
            Some(name) if !hidden(name) && !listed(COMMANDS, name) && given.sure().is_ok() => name.clone(),
            _ => break,
        };
        let folder = match given.last("-C") {
            Some(folder) => at.moved(folder)?.cwd,
            None => at.cwd.clone(),
        };
        let Some(alias) = alias(at, &folder, &name)? else { break };
        if !seen.insert(name.clone()) {
            return Err(format!("the alias `{name}` of cargo is its own"));
        }
        let before = rest.len() - given.rest.len() - 1;
        rest = rest[..before].iter().chain(&alias).chain(&given.rest).cloned().collect();
        expanded = true;
    }
    if !expanded {
        return Ok(Call::Itself);
    }
    let given = scan(&rest, &OPTIONS, Until::Words(1));
    if given.words.first().is_some_and(|name| name == "run" || name == "r") {
        return Err("the alias of cargo runs a program of the repository".to_owned());
    }
    let argv = std::iter::once("cargo".to_owned()).chain(toolchain).chain(rest);
    Ok(Call::Program { argv: argv.collect(), cwd: at.cwd.clone() })
}

/// The words that an alias stands for.
fn alias(at: &At<'_>, folder: &str, name: &str) -> Result<Option<Vec<String>>, Why> {
    for above in upwards(folder) {
        for config in [".cargo/config.toml", ".cargo/config"] {
            let Some(document) = at.packages.document(&file(above, config), Format::Toml)? else { continue };
            let Some(node) = document.root.get("alias").and_then(|aliases| aliases.get(name)) else { continue };
            let words = match node.as_str() {
                Some(text) => text.split_whitespace().map(str::to_owned).collect(),
                None => node.items().iter().filter_map(Node::as_str).map(str::to_owned).collect(),
            };
            return Ok(Some(words));
        }
    }
    Ok(None)
}
