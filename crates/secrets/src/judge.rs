//! Whether something that has the form of a credential is one.

pub(crate) mod generic;
pub(crate) mod placeholder;
pub(crate) mod random;
pub(crate) mod structure;
