//! Expressions of GitHub Actions (`${{ … }}` and `if:`), evaluated with values that may be unknown.
//!
//! A value carries what it depends on ([`Taint`]), so that a condition which holds whatever a check finds is told from
//! one that hangs on it. What is not known stays [`Value::Unknown`]; what is known never differs from GitHub's result.
//! What would end in an error, and turn the step red, is unknown as well; that it ends the evaluation is not followed.

mod case;
mod compare;
mod condition;
mod evaluate;
mod function;
mod json;
mod lex;
mod number;
mod parse;
mod reach;
mod scope;
#[cfg(test)]
mod soundness;
mod template;
mod tree;
mod value;

pub(crate) use condition::parse_condition;
pub(crate) use parse::parse;
pub(crate) use scope::{Scope, StatusFunction};
pub(crate) use template::{Part, interpolate, parts};
pub(crate) use tree::{Expr, Operator, Segment};
pub(crate) use value::{Abstract, Taint, Value};

/// The longest expression that is read, and the longest text a function gives; GitHub stops at 21 000 characters and at
/// 10 MB of results.
pub(crate) const MAX_LENGTH: usize = 64 * 1024;

/// The deepest nesting that is read; GitHub's own bound.
pub(crate) const MAX_DEPTH: usize = 50;

/// Why an expression cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExprError {
    /// Where, in bytes of the text given.
    pub(crate) offset: usize,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl ExprError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

impl std::fmt::Display for ExprError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ExprError {}
