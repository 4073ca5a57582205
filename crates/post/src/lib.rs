//! GitHub behind small functions.
//!
//! x
