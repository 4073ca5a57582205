//! The files of the working copy.

use std::borrow::Cow;
use std::sync::Arc;

use gix::bstr::{BStr, ByteSlice as _};
use tollgate_check::{FileKind, Tree, TreeFile};
use tollgate_input::InputError;
use tollgate_model::Cause;

use crate::error::{self, Result};
use crate::listing::Listing;
use crate::repository::Inner;
use crate::scan::State;
use crate::{disk, item};

/// The files of the working copy.
pub(crate) struct WorkingCopy {
    inner: Arc<Inner>,
    listing: Listing,
}

impl WorkingCopy {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        let listing = Listing::new(inner.root.clone());
        Self { inner, listing }
    }

    /// Every file: its path in the repository, its kind, whether it is tracked.
    fn items(&self) -> Result<impl Iterator<Item = (&BStr, FileKind, bool)>> {
        let (staged, scan) = (self.inner.staged()?, self.inner.scan()?);
        let tracked = staged.entries().iter().zip(&scan.tracked).filter_map(|(entry, state)| match state {
            State::Same => Some((entry.path(), entry.kind(), true)),
            State::Unsure(kind) => Some((entry.path(), *kind, true)),
            State::LeftOut | State::Gone => None,
        });
        Ok(tracked.chain(scan.untracked.iter().map(|(path, kind)| (path.as_bstr(), *kind, false))))
    }

    /// Whether `path` is a file that is not in the index and that no ignore rule names.
    fn is_untracked(&self, path: &str) -> Result<bool> {
        let full = item::full(self.inner.prefix(), path);
        let untracked = &self.inner.scan()?.untracked;
        Ok(untracked.binary_search_by(|(name, _)| name.as_bstr().cmp(full.as_ref())).is_ok())
    }
}

impl Tree for WorkingCopy {
    fn files(&self) -> Result<Vec<TreeFile>> {
        Ok(item::listed(self.items()?, self.inner.prefix()))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>> {
        if !path.contains('\u{FFFD}') {
            let read = disk::read_inside(&self.inner.root, path, limit);
            return read.map_err(|error| match error.cause == Cause::Missing && self.tracks(path).unwrap_or(false) {
                true => error::absent(path),
                false => error,
            });
        }
        // A name that is not UTF-8 cannot be asked for; it is looked up by how it is shown.
        let missing = || error::input(&InputError::Missing { path: path.to_owned() });
        let prefix = self.inner.prefix();
        let (name, kind, _) =
            self.items()?.find(|(name, _, _)| item::shown(name, prefix) == path).ok_or_else(missing)?;
        let bytes = disk::read(&disk::place(&self.inner.top, name)?, kind, limit, path)?;
        bytes.ok_or_else(|| error::input(&InputError::TooLarge { path: path.to_owned(), limit }))
    }

    fn contains(&self, path: &str) -> Result<bool> {
        Ok(self.tracks(path)? || self.listing.has_file(path))
    }

    fn locate<'p>(&self, path: &'p str) -> Result<Option<Cow<'p, str>>> {
        if self.tracks(path)? {
            return Ok(Some(Cow::Borrowed(path)));
        }
        if !self.listing.has_file(path) {
            return Ok(None);
        }
        let root = &self.inner.root;
        let real = root.resolve(path).ok().and_then(|real| root.relative(real.to_str()?));
        Ok(match real {
            Some(real) if self.tracks(&real)? || self.is_untracked(&real)? => Some(Cow::Owned(real)),
            _ => None,
        })
    }

    fn tracks(&self, path: &str) -> Result<bool> {
        self.inner.tracks(path)
    }

    fn tracked(&self) -> Result<Vec<String>> {
        Ok(self.inner.names()?.shown(self.inner.prefix()))
    }

    fn commit(&self) -> Option<&str> {
        self.inner.head_hex()
    }
}
