//! Secrets that somebody answers for: `.tollgate/suppressions.toml`.
//!
//! ```toml
//! [[suppress]]
//! fingerprint = "s1:0123456789abcdef0123456789abcdef"
//! reason = "key of the local test server"
//! owner = "ops@example.com"
//! expires = 2026-12-31
//! ```

use serde::Deserialize;
use tollgate_check::{CheckError, Tree};
use tollgate_model::{Cause, Date, Problem, Suppression};

/// Where they stand.
pub(crate) const FILE: &str = ".tollgate/suppressions.toml";
/// Largest such file, in bytes.
const LARGEST: u64 = 4 << 20;

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

/// The entries of the file's text.
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
    Ok(entries)
}
