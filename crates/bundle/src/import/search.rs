//! How files of budgets are called.

use tollgate_check::paths;

/// The file that may hold budgets beside other things.
pub const MANIFEST: &str = "package.json";

/// Names of files that hold budgets and nothing else.
pub(crate) const NAMES: [&str; 20] = [
    ".size-limit.json",
    ".size-limit",
    "bundlesize.config.json",
    "bundlewatch.config.json",
    ".bundlewatch.config.json",
    "performance-budget.json",
    "performance-budgets.json",
    "perf-budget.json",
    "budget.json",
    "budgets.json",
    "lighthouse-budget.json",
    "lighthouse-budgets.json",
    ".lighthouserc",
    ".lighthouserc.json",
    "lighthouserc.json",
    ".lighthouserc.yml",
    "lighthouserc.yml",
    ".lighthouserc.yaml",
    "lighthouserc.yaml",
    "bundlesize.json",
];

/// Names of programs that give budgets, without what their language adds.
const PROGRAMS: [&str; 5] =
    [".size-limit", "bundlewatch.config", ".bundlewatch.config", "lighthouserc", ".lighthouserc"];

/// What the languages of such programs add.
const LANGUAGES: [&str; 6] = ["js", "cjs", "mjs", "ts", "cts", "mts"];

/// Whether a file is one of budgets by its name. [`MANIFEST`] is none: it holds other things too.
pub fn is_named(path: &str) -> bool {
    let name = paths::name(path);
    NAMES.contains(&name) || name.rsplit_once('.').is_some_and(|(stem, _)| PROGRAMS.contains(&stem) && is_program(name))
}

/// Whether a file is a program.
pub(crate) fn is_program(path: &str) -> bool {
    paths::name(path).rsplit_once('.').is_some_and(|(_, end)| LANGUAGES.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_files_of_budgets() {
        for path in NAMES.into_iter().chain(["a/.size-limit.ts", "lighthouserc.cjs", "bundlewatch.config.js"]) {
            assert!(is_named(path), "{path}");
        }
        for path in [MANIFEST, "size-limit.js", "budget.js", "lighthouserc", "a.js", "js", "budget.json/x"] {
            assert!(!is_named(path), "{path}");
        }
        assert!(is_program("a/b.mts") && !is_program("a.js/b.json") && !is_program("js"));
    }
}
