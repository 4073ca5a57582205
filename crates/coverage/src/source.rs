//! Which files are source code that tests could run.

use std::collections::BTreeSet;

/// Extensions of languages whose coverage is measured. A changed file of one of them that no report names is untested, or
/// its report is missing: either way nobody can tell.
const EXTENSIONS: &[&str] = &[
    "bash", "c", "cc", "cjs", "clj", "cljc", "cljs", "cpp", "cs", "cts", "cxx", "dart", "elm", "erl", "ex", "exs",
    "f90", "fs", "go", "groovy", "h", "hh", "hpp", "hs", "hxx", "java", "jl", "js", "jsx", "kt", "kts", "lua", "m",
    "mjs", "ml", "mli", "mm", "mts", "nim", "php", "pl", "pm", "ps1", "psm1", "py", "pyx", "r", "rb", "rs", "scala",
    "sh", "sol", "svelte", "swift", "ts", "tsx", "vb", "vue", "zig",
];

/// Folders of other people's code, and of outputs that nobody writes by hand.
const FOREIGN: &[&str] = &[".next", "node_modules", "storybook-static", "vendor"];

/// Folders where build outputs usually lie.
const OUTPUTS: &[&str] = &["build", "dist", "out"];

/// Folders of source code: what lies below them is written by hand, also in a folder called `build`.
const SOURCES: &[&str] = &["src"];

/// Which files are source code: those of a known language, and those with the extension of a file that a report names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// Extensions of files that reports name, in lower case.
    reported: BTreeSet<String>,
}

impl Sources {
    /// Source code where reports name these files.
    pub(crate) fn new<'a>(reported: impl Iterator<Item = &'a str>) -> Self {
        let (mut known, mut last) = (BTreeSet::new(), "");
        for path in reported {
            // There are few, of many files.
            if !last.is_empty() && path.strip_suffix(last).is_some_and(|rest| rest.ends_with('.')) {
                continue;
            }
            last = extension(path);
            if !last.is_empty() && !known.contains(last) {
                known.insert(last.to_ascii_lowercase());
            }
        }
        Self { reported: known }
    }

    /// Whether the file at `path` is source code.
    pub(crate) fn contain(&self, path: &str) -> bool {
        let extension = extension(path);
        EXTENSIONS.iter().any(|e| e.eq_ignore_ascii_case(extension))
            || self.reported.contains(&extension.to_ascii_lowercase())
    }
}

fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether the file at `path` lies where build outputs and other people's code usually lie, or is minified. Such a file
/// that no report names is not taken for untested source; one that a report names counts like any other.
pub(crate) fn is_generated(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut in_source = false;
    for folder in folders.split('/') {
        if FOREIGN.contains(&folder) || (OUTPUTS.contains(&folder) && !in_source) {
            return true;
        }
        in_source |= SOURCES.contains(&folder);
    }
    name.ends_with(".min.js") || name.ends_with(".min.css")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_known_by_its_extension() {
        let sources = Sources::default();
        let source = ["src/a.ts", "a.PY", "x/y.test.tsx", "lib.d.ts", "run.sh", "model.R"];
        let other = ["README.md", "a", "py", "x.json", "a.ts/b", ".ts.bak", "style.css"];
        assert!(source.iter().all(|path| sources.contain(path)));
        assert_eq!(other.iter().find(|path| sources.contain(path)), None);
    }

    #[test]
    fn what_a_report_names_is_source() {
        let sources = Sources::new(["src/a.Gleam", "b.Gleam", "Makefile", "c.x", "xc.y"].into_iter());
        assert!(sources.contain("b.gleam") && sources.contain("b.ts") && sources.contain("y.y"));
        assert!(!sources.contain("LICENSE") && !sources.contain("a.md"));
    }

    #[test]
    fn outputs_are_known_by_their_folder() {
        for (path, generated) in [
            ("dist/a.js", true),
            ("tools/build/a.js", true),
            ("src/vendor/a.js", true),
            ("lib/a.min.js", true),
            ("src/build/a.ts", false),
            ("packages/x/out/a.ts", true),
            ("app/src/dist/a.ts", false),
            ("build/src/a.ts", true),
            ("builder/a.ts", false),
            ("build", false),
        ] {
            assert_eq!(is_generated(path), generated, "{path}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(EXTENSIONS.is_sorted());
    }
}
