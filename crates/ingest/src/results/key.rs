//! Names of tests, kept as digests: a report may have millions.

use std::hash::{BuildHasher as _, RandomState};

/// Makes digests of names. They are 128 bits of two keyed hashes, so that two names never share one in practice, and
/// nobody can choose names that do.
#[derive(Default)]
pub(super) struct Keys(RandomState, RandomState);

/// The digest of a name.
pub(super) type Key = u128;

impl Keys {
    /// The digest of the name made of these parts.
    pub(super) fn of(&self, parts: &[&str]) -> Key {
        u128::from(self.0.hash_one(parts)) << 64 | u128::from(self.1.hash_one(parts))
    }
}
