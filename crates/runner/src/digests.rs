//! Names for the values that scanners for secrets quote: the same that the checker of secrets gives them.

use tollgate_digest::{Digester, Key, SALT, salt};
use tollgate_input::Root;
use tollgate_tree::Repository;

use crate::session::working_tree;

/// Longest salt that is read, in bytes.
const LONGEST: u64 = 4096;

/// What names values that were found below `root`. The key is only looked for when there is one to name.
pub(crate) fn digester(root: &Root) -> Digester {
    let root = root.clone();
    Digester::new(move || key(&root))
}

/// The key of the repository. None where it has one that cannot be used, which the checker of secrets says.
fn key(root: &Root) -> Option<Key> {
    let repository = Repository::discover(root.path()).ok()?;
    let tree = working_tree(repository.as_ref(), root);
    let text = if tree.contains(SALT).ok()? { Some(tree.read(SALT, LONGEST).ok()?) } else { None };
    let salt = match &text {
        Some(text) => Some(salt(text)?),
        None => None,
    };
    // Beside a salt it does not count, and takes long to find.
    let first = repository.filter(|_| salt.is_none()).and_then(|repository| repository.first_commit());
    Some(Key::new(salt, first.as_deref()))
}
