//! An expression as it was read.

use super::value::Value;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// `null`, `true`, `1`, `'text'`.
    Literal(Value),
    /// `steps.x.outcome`: a context and what is taken from it. The first segment is a name.
    Context(Vec<Segment>),
    /// `fromJSON(…).a[0]`: what is taken from a value that is no context.
    Index(Box<Self>, Vec<Segment>),
    /// `contains(a, b)`.
    Call {
        /// The function's name as it is written.
        name: String,
        /// What it is given.
        arguments: Vec<Self>,
    },
    /// `!a`.
    Not(Box<Self>),
    /// `a == b`.
    Compare(Operator, Box<Self>, Box<Self>),
    /// `a && b && c`: the first that counts as false, else the last.
    And(Vec<Self>),
    /// `a || b || c`: the first that counts as true, else the last.
    Or(Vec<Self>),
    /// `${{ a }} == 'b'` as a condition: a text, of which only whether it is empty counts.
    Mixture(Vec<Self>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Segment {
    /// `.name`, `['name']`, `[0]`.
    Name(String),
    /// `.*`, `[*]`.
    Every,
    /// `[matrix.name]`.
    Computed(Expr),
}
