//! Patterns over paths, the same in every checker.

mod pieces;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use self::pieces::Pieces;
use crate::CheckError;

/// Patterns of which one must match. `*` stays within a folder, `**` does not; a pattern that matches a folder matches
/// everything below it.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    set: GlobSet,
    /// What a path must have, where that is certain.
    pieces: Option<Pieces>,
    patterns: Vec<String>,
}

impl Globs {
    /// These patterns, which the configuration calls `key`.
    ///
    /// # Errors
    /// The first one that is no pattern.
    pub fn new(key: &str, patterns: &[impl AsRef<str>]) -> Result<Self, CheckError> {
        let (mut set, mut all) = (GlobSetBuilder::new(), Vec::new());
        let bad = |error: globset::Error| CheckError::option(key, error.to_string());
        for pattern in patterns {
            let pattern = pattern.as_ref().trim_end_matches('/');
            if pattern.starts_with('!') {
                let message = format!(
                    "{pattern}: patterns cannot take back what others match; leave it out, or write ./! for a name that begins with !"
                );
                return Err(CheckError::option(key, message));
            }
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            for pattern in [pattern.to_owned(), format!("{pattern}/**")] {
                set.add(GlobBuilder::new(&pattern).literal_separator(true).build().map_err(bad)?);
                all.push(pattern);
            }
        }
        let patterns = patterns.iter().map(|pattern| pattern.as_ref().to_owned()).collect();
        Ok(Self { set: set.build().map_err(bad)?, pieces: Pieces::new(&all), patterns })
    }

    /// The patterns as they were written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether any pattern matches.
    pub fn matches(&self, path: &str) -> bool {
        self.pieces.as_ref().is_none_or(|pieces| pieces.are_in(path)) && self.set.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_take_back_is_refused() {
        let error = Globs::new("k", &["a/**", "!a/b"]).unwrap_err();
        assert!(matches!(error, CheckError::Option { key, message } if key == "k" && message.starts_with("!a/b: ")));
        assert!(Globs::new("k", &["./!a"]).unwrap().matches("!a"));
    }

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

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            patterns in prop::collection::vec("(/|\\*\\*/)?([ab.]|[ab.]{2}|\\*|\\*\\*|/|/\\*\\*|\\?|\\{a,b\\}|\\{ab,\\{a.,b\\}\\}){1,5}", 1..3),
            paths in prop::collection::vec("/?[ab.]{1,3}(/[ab.]{1,2}){0,3}", 1..30),
        ) {
            let Ok(globs) = Globs::new("k", &patterns) else { return Ok(()) };
            for path in paths {
                prop_assert_eq!(globs.matches(&path), globs.set.is_match(&path), "{:?} {}", patterns, path);
            }
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let error = Globs::new("coverage.exclude", &["a[".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("coverage.exclude: ") && error.to_string().contains("a["), "{error}");
    }
}
