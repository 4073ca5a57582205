//! YAML 1.2 with positions.
//!
//! - Scalars follow the core schema: `on` and `yes` are strings, `012` is twelve; what stands in quotes is a string.
//! - Tags of that schema (`!!str`) decide; others are passed over.
//! - Aliases are replaced by what they repeat, within the limits. `<<` is a key like any other, as in YAML 1.2.
//! - A key that occurs twice is kept: see [`Node::duplicate_keys`].
//! - The lines of a collection in `[` or `{` may stand as far left as its key, which YAML forbids and people write.
//! - A collection in `[` or `{`, or a scalar, may be at most a mebi characters long.

mod flow;
mod input;
mod loader;
mod offsets;
mod schema;
mod source;
#[cfg(test)]
mod tests;

use crate::document::{Node, Value};
use crate::{InputError, Limits};

/// The one document in `text`, which is the file `path`; null when there is none. Bytes become text by
/// [`utf8`](crate::utf8) first.
///
/// Fails with [`InputError::Malformed`] at the line and column that is not YAML, over the limits, or a second document,
/// and with [`InputError::TooLarge`].
pub fn parse(path: &str, text: &str, limits: Limits) -> Result<Node, InputError> {
    let root = loader::load(path, text, limits, false)?.pop();
    Ok(root.unwrap_or_else(|| Node::new(0, 0, Value::Null)))
}

/// The documents in `text`, which `---` separates; otherwise like [`parse`]. The limits hold for all together.
pub fn parse_all(path: &str, text: &str, limits: Limits) -> Result<Vec<Node>, InputError> {
    loader::load(path, text, limits, true)
}
