//! Which files are source code that tests could run.

use std::collections::BTreeSet;

/// Extensions of languages whose coverage is measured. A changed file of one of them that no report names is untested, or
/// its report is missing: either way nobody can tell.
const EXTENSIONS: &[&str] = &[
    "adb", "astro", "bash", "c", "cbl", "cc", "cfc", "cjs", "clj", "cljc", "cljs", "cob", "coffee", "cpp", "cr", "cs",
    "cts", "cu", "cuh", "cxx", "d", "dart", "el", "elm", "erl", "ex", "exs", "f", "f03", "f08", "f90", "f95", "for",
    "fs", "gd", "gleam", "go", "groovy", "h", "hh", "hpp", "hs", "hx", "hxx", "idr", "inl", "ipp", "java", "jl", "js",
    "jsx", "kt", "kts", "lisp", "lua", "m", "mjs", "ml", "mli", "mm", "mts", "nim", "pas", "php", "pl", "pm", "ps1",
    "psm1", "purs", "py", "pyx", "r", "rake", "rb", "rkt", "rs", "sc", "scala", "scm", "sh", "sol", "sv", "svelte",
    "svh", "swift", "tcl", "tpp", "ts", "tsx", "txx", "v", "vala", "vb", "vhd", "vhdl", "vue", "zig",
];

/// Programs that a script's first line names, each with the extensions of its language.
const INTERPRETERS: &[(&str, &[&str])] = &[
    ("bash", &["bash", "sh"]),
    ("bun", &["js", "ts"]),
    ("deno", &["js", "ts"]),
    ("lua", &["lua"]),
    ("node", &["cjs", "js", "mjs", "ts"]),
    ("perl", &["pl", "pm"]),
    ("php", &["php"]),
    ("python", &["py"]),
    ("Rscript", &["r"]),
    ("ruby", &["rb"]),
    ("sh", &["bash", "sh"]),
];

/// Folders of other people's code, and of outputs that nobody writes by hand.
const FOREIGN: &[&str] = &[".next", "node_modules", "storybook-static", "vendor"];

/// Folders where build outputs usually lie.
const OUTPUTS: &[&str] = &["build", "dist", "out"];

/// Folders of tests, and of what helps them.
const TESTS: &[&str] = &["e2e", "spec", "specs", "test", "tests"];

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

    /// Whether a file without an extension, which holds `text`, is a script of a language that reports tell of.
    pub(crate) fn contain_script(&self, path: &str, text: &[u8]) -> bool {
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let Some(command) = first.strip_prefix(b"#!").and_then(|line| std::str::from_utf8(line).ok()) else {
            return false;
        };
        let named = |program: &str| {
            let found = INTERPRETERS
                .iter()
                .find(|(name, _)| program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') == *name);
            found.is_some_and(|(_, extensions)| extensions.iter().any(|extension| self.reported.contains(*extension)))
        };
        Self::may_be_script(path) && command.split(['/', ' ', '\t', '\r']).any(named)
    }

    /// Whether the name of a file leaves open what it is.
    pub(crate) fn may_be_script(path: &str) -> bool {
        extension(path).is_empty()
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

/// The folder above `path` in which files that no report names are usually no untested source: build outputs, other people's code,
/// tests and what helps them. A minified file is one of its own.
pub(crate) fn spared_folder(path: &str) -> Option<&str> {
    let mut in_source = false;
    for (slash, _) in path.match_indices('/') {
        let folder = &path[..slash];
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if FOREIGN.contains(&name) || (OUTPUTS.contains(&name) || TESTS.contains(&name)) && !in_source {
            return Some(folder);
        }
        in_source |= SOURCES.contains(&name);
    }
    (path.ends_with(".min.js") || path.ends_with(".min.css")).then_some(path)
}

/// Whether the file at `path` lies where nobody writes by hand: where it would be spared, but among tests.
pub(crate) fn is_written_by_tools(path: &str) -> bool {
    spared_folder(path).is_some_and(|folder| !TESTS.contains(&folder.rsplit('/').next().unwrap_or(folder)))
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
    fn a_script_is_source_where_reports_tell_of_its_language() {
        let sources = Sources::new(["a.py", "b.R"].into_iter());
        for (path, text, is_source) in [
            ("bin/tool", "#!/usr/bin/env python3\nx = 1\n", true),
            ("tool", "#!/usr/bin/python3.11 -u\r\n", true),
            ("tool", "#! /usr/bin/env Rscript", true),
            ("tool", "#!/bin/sh\n", false),
            ("tool", "# python\n", false),
            ("tool.txt", "#!/usr/bin/env python3\n", false),
            ("LICENSE", "", false),
            ("tool", "#!\u{fffd}python", false),
        ] {
            assert_eq!(sources.contain_script(path, text.as_bytes()), is_source, "{path} {text:?}");
        }
    }

    #[test]
    fn what_is_no_source_is_known_by_its_folder() {
        for (path, folder) in [
            ("dist/a.js", Some("dist")),
            ("tools/build/a.js", Some("tools/build")),
            ("src/vendor/a.js", Some("src/vendor")),
            ("lib/a.min.js", Some("lib/a.min.js")),
            ("src/build/a.ts", None),
            ("packages/x/out/b/a.ts", Some("packages/x/out")),
            ("app/src/dist/a.ts", None),
            ("build/src/a.ts", Some("build")),
            ("builder/a.ts", None),
            ("build", None),
            ("apps/api/test/helper.ts", Some("apps/api/test")),
            ("spec/spec_helper.rb", Some("spec")),
            ("src/test/a.ts", None),
            ("contests/a.ts", None),
        ] {
            assert_eq!(spared_folder(path), folder, "{path}");
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(EXTENSIONS.is_sorted() && TESTS.is_sorted());
    }
}
