//! Names for secrets that give nothing away.
//!
//! A digest is made with the repository's own key: the file `.tollgate/salt`, else the id of its first commit, so that a list
//! of digests of common passwords is of no use elsewhere. Of a value that could be guessed, one digest takes some 50 ms and
//! 32 MiB (Argon2id, RFC 9106); of one with 100 bits or more to guess no number of tries is enough, and a plain keyed hash
//! (BLAKE3) will do.
//!
//! The checker of secrets makes them with a [`Key`]; whoever reads what other scanners found, with a [`Digester`], which has a
//! bound on the slow ones. The same value has the same name in both.

mod digester;
mod key;
mod random;

pub use digester::{Digester, is_shortened};
pub use key::{Key, SALT, SHORTEST_SALT, canonical, is_guessable, salt};
pub use random::{entropy, strength};
