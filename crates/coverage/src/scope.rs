//! Which files count.

use tollgate_check::{CheckError, Globs};

use crate::options::Options;

/// Which files count: those that are included, without those that are excluded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// None where all are.
    include: Option<Globs>,
    exclude: Globs,
}

impl Scope {
    /// What `options` say.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(crate) fn new(options: &Options) -> Result<Self, CheckError> {
        let include = Globs::new("coverage.include", &options.include)?;
        let include = Some(include).filter(|_| !options.include.is_empty());
        Ok(Self { include, exclude: Globs::new("coverage.exclude", &options.exclude)? })
    }

    /// Whether the file at `path` counts.
    pub(crate) fn counts(&self, path: &str) -> bool {
        self.includes(path) && !self.excludes(path)
    }

    /// Whether `path` is one of the files asked about, excluded or not.
    pub(crate) fn includes(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.matches(path))
    }

    /// Whether `path`, which need not be a file here, is left out.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.exclude.matches(path)
    }

    /// The options that leave files out.
    pub(crate) fn keys(&self) -> &'static str {
        if self.include.is_some() { "coverage.include and coverage.exclude" } else { "coverage.exclude" }
    }
}

#[cfg(test)]
impl Scope {
    /// Without the files that these patterns match.
    pub(crate) fn without(exclude: &[&str]) -> Self {
        Self { include: None, exclude: Globs::new("k", exclude).unwrap() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_included_counts_unless_it_is_excluded() {
        let owned = |patterns: &[&str]| patterns.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let scope = |include: &[&str], exclude: &[&str]| {
            Scope::new(&Options { include: owned(include), exclude: owned(exclude), ..Options::default() }).unwrap()
        };
        let all = scope(&[], &["gen"]);
        assert_eq!((all.counts("a.ts"), all.counts("gen/a.ts"), all.keys()), (true, false, "coverage.exclude"));
        let api = scope(&["apps/api/"], &["**/*.test.ts"]);
        for (path, counts) in [
            ("apps/api/src/a.ts", true),
            ("apps/api/src/a.test.ts", false),
            ("apps/api-client/a.ts", false),
            ("apps/web/a.ts", false),
        ] {
            assert_eq!(api.counts(path), counts, "{path}");
        }
        assert_eq!(api.keys(), "coverage.include and coverage.exclude");
        let error = Scope::new(&Options { include: owned(&["a["]), ..Options::default() }).unwrap_err();
        assert!(matches!(error, CheckError::Option { key, .. } if key == "coverage.include"));
    }
}
