//! Secrets that somebody answers for: `.tollgate/suppressions.toml`.
//!
//! ```toml
//! suppress = [
//!   { fingerprint = "s1:0123456789abcdef0123456789abcdef", reason = "key of the local test server", expires = 2026-12-31 },
//! ]
//! ```
//!
//! Blocks `[[suppress]]` say the same. The file is one for all checkers: here only digests count, the other entries are
//! left to whoever judges the reports.

use serde::Deserialize;
use tollgate_check::{CheckError, Tree};
use tollgate_model::{Cause, Date, Problem, Suppression};

/// Where they stand.
pub(crate) const FILE: &str = ".tollgate/suppressions.toml";
/// Largest such file, in bytes.
const LARGEST: u64 = 4 << 20;
/// How the fingerprint of a digest begins.
const DIGEST: &str = "s1:";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    suppress: Vec<toml::Spanned<Entry>>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) fingerprint: String,
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) owner: Option<String>,
    #[serde(default)]
    pub(crate) expires: Option<toml::value::Datetime>,
    /// Whether it was accepted as it is: nothing that is asked of a digest.
    #[serde(default, rename = "accept")]
    _accept: bool,
    /// For people.
    #[serde(default, rename = "rule")]
    _rule: Option<String>,
    /// For people.
    #[serde(default, rename = "path")]
    _path: Option<String>,
    #[serde(skip)]
    pub(crate) line: usize,
}

impl Entry {
    /// As a finding carries it.
    pub(crate) fn suppression(&self) -> Suppression {
        let expires = self.expires.as_ref().map(ToString::to_string);
        Suppression { reason: self.reason.clone(), owner: self.owner.clone(), expires }
    }

    /// Whether it still holds on `today`: to the end of its last day.
    pub(crate) fn holds(&self, today: Date) -> bool {
        let last = self.expires.as_ref().and_then(|expires| Date::parse(&expires.to_string()));
        last.is_none_or(|last| today <= last)
    }
}

/// Those that `tree` has.
///
/// # Errors
/// The file is there and cannot be read, or is none of this form: which line, and what is expected.
pub(crate) fn load(tree: &dyn Tree) -> Result<Vec<Entry>, CheckError> {
    if !tree.contains(FILE)? {
        return Ok(Vec::new());
    }
    let bytes = tree.read(FILE, LARGEST)?;
    let wrong = |message: String| CheckError::Problem(Problem::new(Cause::Unreadable, message).at(FILE));
    read(&String::from_utf8_lossy(&bytes)).map_err(wrong)
}

/// The digests among the entries of the file's text.
///
/// # Errors
/// One sentence with the line.
pub(crate) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let file: File = toml::from_str(text).map_err(|error| format!("{FILE}: {error}"))?;
    let line = |offset: usize| text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1);
    let mut entries = Vec::new();
    for spanned in file.suppress {
        let at = line(spanned.span().start);
        let entry = Entry { line: at, ..spanned.into_inner() };
        if entry.reason.trim().is_empty() {
            return Err(format!("{FILE}:{at}: `reason` is empty; say why this is no danger"));
        }
        if entry.expires.as_ref().is_some_and(|expires| Date::parse(&expires.to_string()).is_none()) {
            return Err(format!(
                "{FILE}:{at}: `expires` is no day; one such as 2026-12-31 is expected, without quotes"
            ));
        }
        entries.push(entry);
    }
    entries.retain(|entry| entry.fingerprint.starts_with(DIGEST));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_in_either_form_and_the_rest_is_left_to_others() {
        let line = "suppress = [\n  # one\n  { fingerprint = \"s1:00\", reason = \"r\", accept = true, owner = \"o\", \
            expires = 2026-12-31, rule = \"a/b\", path = \"c\" },\n  { fingerprint = \"v1:11\", reason = \"r\" },\n]\n";
        let block = "[[suppress]]\nfingerprint = \"v1:11\"\nreason = \"r\"\n\
            [[suppress]]\nfingerprint = \"s1:00\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2026-12-31\n";
        for (text, at) in [(line, 3), (block, 4)] {
            let entries = read(text).unwrap();
            let [entry] = entries.as_slice() else { panic!("{entries:?}") };
            assert_eq!((entry.fingerprint.as_str(), entry.line), ("s1:00", at));
            assert_eq!(entry.suppression().expires.as_deref(), Some("2026-12-31"));
            let day = |text: &str| Date::parse(text).unwrap();
            assert!(entry.holds(day("2026-12-31")) && !entry.holds(day("2027-01-01")));
        }
    }

    #[test]
    fn a_mistake_names_its_line() {
        for (text, wanted) in [
            ("suppress = [\n  { fingerprint = \"v1:11\", reason = \" \" },\n]\n", ":2: `reason` is empty"),
            ("[[suppress]]\nfingerprint = \"s1:0\"\nreason = \"r\"\nexpires = 12:00:00\n", ":1: `expires` is no day"),
            ("[[suppress]]\nfingerprint = \"s1:0\"\nreason = \"r\"\naccept = 1\n", "line 4"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
