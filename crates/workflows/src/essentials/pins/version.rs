//! Which version of an action is used.

use super::is_commit;
use crate::model::Text;

/// A version as far as it is written: `v4`, `v4.4`, `v4.4.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// The first number.
    pub(crate) major: u32,
    /// The second; none of a tag that moves within its major version.
    pub(crate) minor: Option<u32>,
}

impl Version {
    /// The version of `uses`; behind a commit, that of the comment after it, which must be exact. None for a branch.
    pub(crate) fn of(uses: &Text, source: &str) -> Option<Self> {
        let (_, reference) = uses.text.trim().split_once('@')?;
        if !is_commit(reference) {
            return Self::read(reference);
        }
        let line = source.get(uses.span.end..)?.lines().next()?;
        let (_, comment) = line.split_once('#')?;
        comment.split_whitespace().find_map(Self::read).filter(|version| version.minor.is_some())
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.rsplit(['@', '=']).next().unwrap_or(text).trim_end_matches([',', ';', ')']);
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.');
        let major = numbers.next()?.parse().ok()?;
        let minor = match numbers.next() {
            Some(minor) => Some(minor.parse().ok()?),
            None => None,
        };
        Some(Self { major, minor })
    }

    /// Whether it is at least one of `firsts`, each the first of its major version, or of a later major version. A tag
    /// that moves has arrived there.
    pub(crate) fn since(self, firsts: &[(u32, u32)]) -> bool {
        match firsts.iter().find(|(major, _)| *major == self.major) {
            Some((_, minor)) => self.minor.is_none_or(|own| own >= *minor),
            None => firsts.iter().all(|(major, _)| self.major > *major),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_input::Span;

    fn version(uses: &str, after: &str) -> Option<(u32, Option<u32>)> {
        let text = Text { text: uses.to_owned(), span: Span { start: 0, end: uses.len() }, block: None };
        Version::of(&text, &format!("{uses}{after}\nnext")).map(|v| (v.major, v.minor))
    }

    #[test]
    fn versions_are_read_from_the_tag_or_the_comment() {
        let commit = format!("a/b@{}", "0".repeat(40));
        assert_eq!(version("a/b@v4", ""), Some((4, None)));
        assert_eq!(version("a/b@4.1.2", ""), Some((4, Some(1))));
        assert_eq!(version("a/b@main", " # v4.1.0"), None);
        assert_eq!(version(&commit, " # v4.1.0"), Some((4, Some(1))));
        assert_eq!(version(&commit, " # tag=v4.1.0, not v5.0"), Some((4, Some(1))));
        assert_eq!(version(&commit, " # v4"), None);
        assert_eq!(version(&commit, ""), None);
    }

    #[test]
    fn later_ones_are_later() {
        let firsts = [(3, 7), (4, 4)];
        let since = |major, minor| Version { major, minor }.since(&firsts);
        assert!(since(4, None) && since(4, Some(4)) && since(3, Some(9)) && since(5, Some(0)));
        assert!(!since(4, Some(3)) && !since(3, Some(6)) && !since(2, None));
    }
}
