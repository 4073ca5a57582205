//! Finds credentials in bytes. What is found depends on nothing but some thousand bytes around it.

pub(crate) mod anchor;
pub(crate) mod assign;
pub(crate) mod detector;
pub(crate) mod grams;
pub(crate) mod hit;
pub(crate) mod learnt;
pub(crate) mod pattern;
pub(crate) mod scan;
pub(crate) mod set;
pub(crate) mod syntax;
