//! Source files in TypeScript and JavaScript as small trees.

mod ast;
mod classes;
mod exprs;
mod lower;
mod modules;

pub(crate) use ast::{Call, Class, Export, Expr, ExprKind, File, Function, Lines, Name, Stmt, Type, returned, walk};
pub(crate) use lower::parse;

#[cfg(test)]
mod tests;
