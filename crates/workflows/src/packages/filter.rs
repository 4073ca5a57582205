//! `--filter` of pnpm and turbo.

use std::collections::BTreeSet;
use std::rc::Rc;

use globset::GlobBuilder;

use super::Why;
use super::manifest::Manifest;
use super::paths::{below, join};
use super::workspace::Workspace;

/// Whose filters these are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// A name without its scope finds the one package of that name in any scope.
    Lenient,
    /// A name is the whole name.
    Strict,
}

/// One filter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Filter {
    exclude: bool,
    name: Option<String>,
    folder: Option<String>,
    dependencies: bool,
    dependents: bool,
    without_itself: bool,
}

/// What filters select.
pub(super) struct Selection {
    /// The packages, by folder.
    pub(super) packages: Vec<Rc<Manifest>>,
    /// Whether a filter selects anything, not only takes away.
    pub(super) chosen: bool,
    /// Filters that no package matches.
    pub(super) unmatched: Vec<String>,
}

/// The packages of `workspace` that `filters`, given in the folder `cwd`, select.
pub(super) fn select(workspace: &Workspace, filters: &[&str], cwd: &str, style: Style) -> Result<Selection, Why> {
    let everything = workspace.everything();
    let mut wanted = BTreeSet::new();
    let mut unwanted = BTreeSet::new();
    let mut unmatched = Vec::new();
    let mut chosen = false;
    for text in filters {
        let filter = parse(text)?;
        let hits = hits(&everything, &filter, cwd, style)?;
        if hits.is_empty() {
            unmatched.push((*text).to_owned());
        }
        chosen |= !filter.exclude;
        let list = if filter.exclude { &mut unwanted } else { &mut wanted };
        for package in hits {
            if !filter.without_itself {
                list.insert(package.folder.clone());
            }
            if filter.dependencies {
                list.extend(workspace.closure(&package.folder, false));
            }
            if filter.dependents {
                list.extend(workspace.closure(&package.folder, true));
            }
        }
    }
    let keep =
        |package: &Rc<Manifest>| (!chosen || wanted.contains(&package.folder)) && !unwanted.contains(&package.folder);
    Ok(Selection { packages: everything.into_iter().filter(keep).collect(), chosen, unmatched })
}

fn parse(text: &str) -> Result<Filter, Why> {
    let mut filter = Filter::default();
    let mut rest = text;
    if let Some(after) = rest.strip_prefix('!') {
        (filter.exclude, rest) = (true, after);
    }
    if rest.contains('[') {
        return Err(format!("the filter `{text}` depends on what changed"));
    }
    if let Some(before) = rest.strip_suffix("...") {
        (filter.dependencies, rest) = (true, before);
        if let Some(before) = rest.strip_suffix('^') {
            (filter.without_itself, rest) = (true, before);
        }
    }
    if let Some(after) = rest.strip_prefix("...") {
        (filter.dependents, rest) = (true, after);
        if let Some(after) = rest.strip_prefix('^') {
            (filter.without_itself, rest) = (true, after);
        }
    }
    if rest == "." || rest == ".." || rest.starts_with("./") || rest.starts_with("../") {
        filter.folder = Some(rest.to_owned());
    } else if let Some((name, folder)) = rest.split_once('{') {
        let folder = folder.strip_suffix('}').ok_or_else(|| format!("the filter `{text}` is not understood"))?;
        filter.name = Some(name.to_owned()).filter(|name| !name.is_empty());
        filter.folder = Some(folder.to_owned());
    } else {
        filter.name = Some(rest.to_owned());
    }
    Ok(filter)
}

fn hits<'m>(
    everything: &'m [Rc<Manifest>],
    filter: &Filter,
    cwd: &str,
    style: Style,
) -> Result<Vec<&'m Rc<Manifest>>, Why> {
    let mut found: Vec<&Rc<Manifest>> = everything.iter().collect();
    if let Some(folder) = &filter.folder {
        let folder = join(cwd, folder)?;
        let inside = |package: &&Rc<Manifest>| below(&folder, &package.folder).is_some();
        if folder.contains(['*', '?', '{']) {
            let glob = GlobBuilder::new(&folder).literal_separator(true).build();
            let glob = glob.map_err(|_| format!("the filter `{folder}` is not understood"))?.compile_matcher();
            // `a/**` is `a` too.
            let itself = folder.strip_suffix("/**").or((folder == "**").then_some(""));
            found.retain(|package| glob.is_match(&package.folder) || itself == Some(package.folder.as_str()));
        } else if !found.iter().any(|package| package.folder == folder) && found.iter().any(inside) {
            // Old versions take the packages below the folder.
            return Err(format!("the filter `{folder}` names a folder of packages, which versions take differently"));
        } else {
            found.retain(|package| package.folder == folder);
        }
    }
    if let Some(name) = &filter.name {
        let by_name = |wanted: &str| -> Vec<&'m Rc<Manifest>> {
            let matching = |package: &&Rc<Manifest>| package.name.as_deref().is_some_and(|name| matches(wanted, name));
            found.iter().copied().filter(matching).collect()
        };
        let hits = by_name(name);
        if hits.is_empty() && style == Style::Lenient && !name.starts_with('@') && !name.contains('/') {
            let scoped = by_name(&format!("@*/{name}"));
            return Ok(if scoped.len() == 1 { scoped } else { Vec::new() });
        }
        return Ok(hits);
    }
    Ok(found)
}

/// Whether `name` fits a pattern in which `*` is any text.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    let middle = parts.iter().try_fold(rest, |rest, part| rest.find(part).map(|at| &rest[at + part.len()..]));
    middle.is_some_and(|rest| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_taken_apart() {
        let name = |name: &str| Some(name.to_owned());
        let cases = [
            ("a", Filter { name: name("a"), ..Filter::default() }),
            ("!@s/a", Filter { exclude: true, name: name("@s/a"), ..Filter::default() }),
            ("...a", Filter { dependents: true, name: name("a"), ..Filter::default() }),
            ("a^...", Filter { dependencies: true, without_itself: true, name: name("a"), ..Filter::default() }),
            (
                "...^a...",
                Filter {
                    dependencies: true,
                    dependents: true,
                    without_itself: true,
                    name: name("a"),
                    ..Filter::default()
                },
            ),
            ("./apps/a", Filter { folder: name("./apps/a"), ..Filter::default() }),
            ("{apps/*}...", Filter { dependencies: true, folder: name("apps/*"), ..Filter::default() }),
            ("a{apps}", Filter { name: name("a"), folder: name("apps"), ..Filter::default() }),
        ];
        for (text, filter) in cases {
            assert_eq!(parse(text), Ok(filter), "{text}");
        }
        for text in ["[origin/main]", "...[HEAD^1]", "a{b"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        let cases = [
            ("a", "a", true),
            ("a", "ab", false),
            ("@s/*", "@s/a", true),
            ("*", "", true),
            ("*-*-c", "a-b-c", true),
            ("a*b*a", "aba", true),
            ("a*a", "a", false),
            ("@*/a", "@s/a", true),
        ];
        for (pattern, name, fits) in cases {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
