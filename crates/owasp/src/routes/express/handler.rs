//! What a handler does with what it is sent.

use crate::program::{Def, Program};
use crate::routes::{Body, Object, Proof, at, object};
use crate::syntax::{Call, Expr, ExprKind, Function, returned, walk};

/// The function that answers, behind what it is wrapped in (`asyncHandler(fn)`) and bound to, and what it is called.
pub(super) fn function<'p>(
    program: &Program<'p>,
    path: &'p str,
    expr: &'p Expr,
) -> (Option<(&'p str, &'p Function)>, String) {
    within(program, path, expr, 0)
}

/// How many wrappers may lie around one another.
const DEEPEST: usize = 8;

fn within<'p>(
    program: &Program<'p>,
    path: &'p str,
    expr: &'p Expr,
    depth: usize,
) -> (Option<(&'p str, &'p Function)>, String) {
    let name = expr.chain().unwrap_or_else(|| "function written there".to_owned());
    if depth > DEEPEST {
        return (None, name);
    }
    match program.meaning(path, expr) {
        Some(Def::Function(file, function)) => (Some((file, function)), name),
        Some(Def::Value(file, value)) => match value.as_call() {
            Some(call) if call.callee.last_name() == Some("bind") => match &call.callee.kind {
                ExprKind::Member(object, _) => within(program, file, object, depth + 1),
                _ => (None, name),
            },
            // What makes a handler: what it returns is one.
            Some(call) if let Some(made) = made(program, file, call) => (Some(made), name),
            Some(call) => match call.arguments.last() {
                Some(inner) if !std::ptr::eq(inner, expr) => within(program, file, inner, depth + 1),
                _ => (None, name),
            },
            None => (None, name),
        },
        _ => (None, name),
    }
}

/// The function that a call of one of the repository's makes.
fn made<'p>(program: &Program<'p>, path: &'p str, call: &'p Call) -> Option<(&'p str, &'p Function)> {
    let Some(Def::Function(file, maker)) = program.meaning(path, &call.callee) else { return None };
    returned(maker).into_iter().find_map(|value| match program.meaning(file, value) {
        Some(Def::Function(file, function)) => Some((file, function)),
        _ => None,
    })
}

/// What becomes of the body, where `checks` says what checked it before.
pub(in crate::routes) fn body<'p>(path: &'p str, function: &'p Function, checks: Option<&Proof>) -> Body {
    let (mut mentioned, mut checked, mut whole) = (false, None, None);
    let is_body = |expr: &Expr| matches!(&expr.kind, ExprKind::Member(object, name) if name == "body" && object.last_name().is_some_and(|of| matches!(of, "req" | "request" | "ctx")));
    walk(&function.body, &mut |expr| {
        mentioned |= is_body(expr);
        match &expr.kind {
            ExprKind::Call(call) if call.arguments.iter().any(is_body) => {
                let name = call.callee.last_name().unwrap_or_default();
                if matches!(
                    name,
                    "parse"
                        | "safeParse"
                        | "parseAsync"
                        | "safeParseAsync"
                        | "validate"
                        | "validateAsync"
                        | "validateSync"
                ) {
                    checked.get_or_insert_with(|| at(path, expr.lines));
                } else {
                    whole.get_or_insert_with(|| at(path, expr.lines));
                }
            }
            ExprKind::New(call) if call.arguments.iter().any(is_body) => {
                whole.get_or_insert_with(|| at(path, expr.lines));
            }
            ExprKind::Spread(inner) if is_body(inner) => {
                whole.get_or_insert_with(|| at(path, expr.lines));
            }
            _ => {}
        }
    });
    if let Some(place) = checked {
        return Body::Checked(Proof { text: "the handler checks its body against a schema".to_owned(), place });
    }
    match (checks, whole) {
        (Some(proof), _) if mentioned => Body::Checked(proof.clone()),
        (_, Some(place)) => Body::Unchecked(Proof { text: "the body is handed on as it was sent".to_owned(), place }),
        (_, None) if mentioned => {
            Body::Checked(Proof { text: "single properties are taken".to_owned(), place: at(path, function.lines) })
        }
        _ => Body::None,
    }
}

/// How the object that the path names is reached.
pub(super) fn object<'p>(path: &'p str, function: &'p Function) -> Object {
    object::reached(path, function, &[], &[], &object::Beside { own: &|_| None, knows: &|_| false })
}
