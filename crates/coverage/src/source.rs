//! Which files are source code that tests could run.

/// Extensions of languages whose coverage is measured. A changed file of one of them that no report names is untested, or
/// its report is missing: either way nobody can tell.
const EXTENSIONS: &[&str] = &[
    "c", "cc", "cjs", "cpp", "cs", "cts", "cxx", "dart", "erl", "ex", "exs", "fs", "go", "groovy", "h", "hh", "hpp",
    "hs", "hxx", "java", "jl", "js", "jsx", "kt", "kts", "lua", "m", "mjs", "mm", "mts", "nim", "php", "pl", "pm",
    "py", "rb", "rs", "scala", "sol", "svelte", "swift", "ts", "tsx", "vb", "vue", "zig",
];

/// Whether the file at `path` is source code.
pub(crate) fn is_source(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    EXTENSIONS.iter().any(|e| e.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_is_known_by_its_extension() {
        let source = ["src/a.ts", "a.PY", "x/y.test.tsx", "lib.d.ts"];
        let other = ["README.md", "a", "py", "x.json", "run.sh", "a.ts/b", ".ts.bak", "style.css"];
        assert!(source.iter().all(|path| is_source(path)));
        assert_eq!(other.iter().find(|path| is_source(path)), None);
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(EXTENSIONS.is_sorted());
    }
}
