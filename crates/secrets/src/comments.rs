//! `gitleaks:allow`, a comment on the line of a secret. One that a change brings in counts once the base has it: else a change
//! could excuse itself.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use memchr::memmem;
use tollgate_check::Changes;
use tollgate_model::format;

use crate::gather::{Secret, Seen};

const MARK: &[u8] = b"gitleaks:allow";

/// Largest file of the base that is searched for a line, in bytes.
const LARGEST: u64 = 4 << 20;

/// The comments that count.
pub(crate) struct Comments<'c> {
    /// None where every comment counts.
    changes: Option<&'c dyn Changes>,
    /// What the base has of files that differ.
    before: RefCell<BTreeMap<String, Vec<u8>>>,
    added: Cell<u64>,
}

impl<'c> Comments<'c> {
    pub(crate) fn new(changes: Option<&'c dyn Changes>) -> Self {
        Self { changes, before: RefCell::default(), added: Cell::new(0) }
    }

    /// Why a secret does not count, where each of its places says so.
    pub(crate) fn excuse(&self, secret: &Secret) -> Option<String> {
        if !secret.places.iter().all(|seen| memmem::find(&seen.line, MARK).is_some()) {
            return None;
        }
        if !secret.places.iter().all(|seen| self.counts(seen)) {
            self.added.set(self.added.get() + 1);
            return None;
        }
        Some("`gitleaks:allow` stands on its line".to_owned())
    }

    /// What to say of those that do not count yet.
    pub(crate) fn note(&self) -> Option<String> {
        let count = self.added.get();
        let what = format::things(count, "secret");
        (count > 0).then(|| format!("{what}: `gitleaks:allow` on the line counts once the base has that line"))
    }

    /// Whether the base has the line too, in a file that differs.
    fn counts(&self, seen: &Seen) -> bool {
        let Some(changes) = self.changes else { return true };
        let Some(file) = changes.files().iter().find(|file| file.path == seen.path) else { return true };
        let mut before = self.before.borrow_mut();
        let text = before.entry(seen.path.clone()).or_insert_with(|| {
            let path = file.old_path.as_deref().unwrap_or(&file.path);
            // What cannot be read has no line.
            changes.read_base(path, LARGEST).ok().flatten().unwrap_or_default()
        });
        let line = seen.line.trim_ascii();
        text.split(|byte| *byte == b'\n').any(|other| other.trim_ascii() == line)
    }
}
