//! Patterns over paths, the same in every checker.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::CheckError;

/// Patterns of which one must match. `*` stays within a folder, `**` does not; a pattern that matches a folder matches
/// everything below it.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    set: GlobSet,
    patterns: Vec<String>,
}

impl Globs {
    /// These patterns, which the configuration calls `key`.
    ///
    /// # Errors
    /// The first one that is no pattern.
    pub fn new(key: &str, patterns: &[impl AsRef<str>]) -> Result<Self, CheckError> {
        let mut set = GlobSetBuilder::new();
        let bad = |error: globset::Error| CheckError::option(key, error.to_string());
        for pattern in patterns {
            let pattern = pattern.as_ref().trim_end_matches('/');
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            for pattern in [pattern, &format!("{pattern}/**")] {
                set.add(GlobBuilder::new(pattern).literal_separator(true).build().map_err(bad)?);
            }
        }
        let patterns = patterns.iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        Ok(Self { set: set.build().map_err(bad)?, patterns })
    }

    /// The patterns as they were written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether any pattern matches.
    pub fn matches(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_all_below_it() {
        let patterns = ["./src/gen/", "/usr/**", "*.js"].map(str::to_owned);
        let globs = Globs::new("k", &patterns).unwrap();
        for (path, matches) in [
            ("src/gen/a/b.ts", true),
            ("src/gen", true),
            ("src/generic.ts", false),
            ("/usr/include/math.h", true),
            ("a.js", true),
            ("src/a.js", false),
        ] {
            assert_eq!(globs.matches(path), matches, "{path}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Globs::new("coverage.exclude", &["a[".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("coverage.exclude: ") && error.to_string().contains("a["), "{error}");
    }
}
