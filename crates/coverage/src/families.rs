//! Languages, as far as a coverage report of one says something about a file of another.

/// Extensions of source files. Files of one row are covered by the same tools, so a report that names one of them could
/// have named the others.
const FAMILIES: &[&[&str]] = &[
    &["ts", "tsx", "js", "jsx", "mts", "cts", "mjs", "cjs", "vue", "svelte"],
    &["py"],
    &["rs"],
    &["go"],
    &["java", "kt", "kts", "scala", "groovy"],
    &["c", "h", "cc", "cpp", "cxx", "hpp", "hh", "hxx", "m", "mm"],
    &["cs", "fs", "vb"],
    &["rb"],
    &["php"],
    &["swift"],
    &["dart"],
    &["ex", "exs", "erl"],
    &["pl", "pm"],
    &["lua"],
    &["sh", "bash"],
    &["jl"],
    &["hs"],
    &["sol"],
    &["zig"],
    &["nim"],
];

/// Families, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Families(u32);

impl Families {
    /// The family of the file at `path`: one, or none where its extension is not that of source code.
    pub(crate) fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let row = FAMILIES.iter().position(|row| row.iter().any(|e| e.eq_ignore_ascii_case(extension)));
        Self(row.map_or(0, |row| 1 << row))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two have one in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Adds those of `other`.
    pub(crate) fn insert(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_at_most_one_family() {
        assert!(FAMILIES.len() <= 32);
        let mut all: Vec<_> = FAMILIES.iter().copied().flatten().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(Families::of("a/b.TSX").meets(Families::of("x.cjs")));
        assert!(!Families::of("a.py").meets(Families::of("a.ts")));
        for path in ["README.md", "Makefile", "a.ts/readme", ".ts.swp", "ts"] {
            assert!(Families::of(path).is_empty(), "{path}");
        }
    }
}
