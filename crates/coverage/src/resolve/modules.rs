//! Go's import paths: `example.org/module/folder/file.go`, where a `go.mod` says which folder the module is.

use tollgate_check::{CheckError, Context};

use super::endings::Endings;
use super::paths::{join, located};

/// The largest `go.mod` that is read, bytes.
const LARGEST: u64 = 1 << 20;

/// A module of the tree: its path, and the folder of its `go.mod`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub(super) path: String,
    pub(super) folder: String,
}

/// Every module of the tree, those with the longest paths first.
pub(super) fn modules(ctx: &Context<'_>, endings: &Endings) -> Vec<Module> {
    let module = |file: &String| {
        let bytes = ctx.tree().read(file, LARGEST).ok()?;
        let path = module_path(&tollgate_input::utf8(&bytes))?;
        Some(Module { path, folder: file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned() })
    };
    let mut modules: Vec<Module> = endings.named("go.mod").iter().filter_map(module).collect();
    modules.sort_by(|a, b| b.path.len().cmp(&a.path.len()).then_with(|| a.folder.cmp(&b.folder)));
    modules
}

/// The file that `path` means, and the module that says so.
pub(super) fn place<'a>(
    ctx: &Context<'_>,
    modules: &'a [Module],
    path: &str,
) -> Result<Option<(String, &'a Module)>, CheckError> {
    for module in modules {
        let rest = path.strip_prefix(&module.path).and_then(|rest| rest.strip_prefix('/'));
        if let Some(file) = rest.and_then(|rest| join(&module.folder, rest))
            && let Some(file) = located(ctx, &file)?
        {
            return Ok(Some((file.into_owned(), module)));
        }
    }
    Ok(None)
}

/// The path after `module` in a `go.mod` (Go Modules Reference, "module directive" and "Syntax"): bare or in quotes, perhaps in a block
/// of its own line.
fn module_path(text: &str) -> Option<String> {
    let mut lines =
        text.lines().map(|line| line.split("//").next().unwrap_or(line).trim()).filter(|line| !line.is_empty());
    let after = lines.find_map(|line| {
        let rest = line.strip_prefix("module")?;
        rest.starts_with([' ', '\t', '(']).then(|| rest.trim())
    })?;
    let path = if after == "(" { lines.next()? } else { after };
    let path = path.trim_matches(['"', '`']);
    (!path.is_empty() && path != ")").then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_directive_is_read() {
        for (text, expected) in [
            ("module example.org/a\n\ngo 1.22\n", Some("example.org/a")),
            ("// a comment\nmodule \"example.org/a/v2\" // why\n", Some("example.org/a/v2")),
            ("modules x\n", None),
            ("module (\n\t// why\n\t\"example.org/b\"\n)\n", Some("example.org/b")),
            ("module(\n\texample.org/b\n)\n", Some("example.org/b")),
            ("module (\n)\n", None),
            ("", None),
        ] {
            assert_eq!(module_path(text).as_deref(), expected, "{text}");
        }
    }
}
