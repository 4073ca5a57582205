//! How an object that the path names is reached: together with who asks, or by its name alone.
//!
//! Within the handler alone, and the methods of its class that it hands the name to: what is told a name without who asks cannot look
//! whether it is theirs.

use super::{Object, Proof, at};
use crate::syntax::{Call, Expr, ExprKind, Function, Stmt, walk};

/// How many methods of the same class are followed into one another.
const DEEPEST: usize = 3;

/// Calls that reach nothing: they only turn or show a value.
const PLAIN: &[&str] = &[
    "log",
    "debug",
    "warn",
    "error",
    "info",
    "verbose",
    "parseInt",
    "Number",
    "String",
    "toString",
    "trim",
    "isNaN",
    "json",
    "send",
    "status",
    "test",
    "includes",
    "startsWith",
    "isArray",
    "stringify",
    "from",
    "push",
    "get",
    "set",
    "replace",
    "toLowerCase",
    "toUpperCase",
    "split",
    "validate",
    "isUUID",
    "parse",
    "safeParse",
    "captureException",
    "resolve",
    "all",
];

/// Whether a parameter of this name names one object among many of its kind.
pub(super) fn names_an_object(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["id", "uuid", "guid", "slug", "number", "ref", "key", "code"].iter().any(|end| name.ends_with(end))
}

/// What is known beyond the function itself.
pub(super) struct Beside<'b, 'p> {
    /// Methods of the same class, by name.
    pub(super) own: &'b dyn Fn(&str) -> Option<&'p Function>,
    /// Whether what a call calls finds out itself who asks.
    pub(super) knows: &'b dyn Fn(&'p Call) -> bool,
}

/// How `function` reaches what the variables `ids` name, where `principals` tell who asks.
pub(super) fn reached<'p>(
    path: &str,
    function: &'p Function,
    ids: &[&'p str],
    principals: &[&'p str],
    beside: &Beside<'_, 'p>,
) -> Object {
    follow(path, function, ids, principals, beside, 0)
}

fn follow<'p>(
    path: &str,
    function: &'p Function,
    ids: &[&'p str],
    principals: &[&'p str],
    beside: &Beside<'_, 'p>,
    depth: usize,
) -> Object {
    let (mut ids, mut principals) = (ids.to_vec(), principals.to_vec());
    let mut unscoped: Option<Proof> = None;
    let mut scoped: Option<Proof> = None;
    // Twice, so that what is derived below is known above as well: the order of statements does not matter here.
    for _ in 0..2 {
        derived(&function.body, &mut ids, &mut principals);
    }
    walk(&function.body, &mut |expr| {
        let call = match &expr.kind {
            ExprKind::Call(call) | ExprKind::New(call) => call,
            _ => return,
        };
        let name = call.callee.last_name().unwrap_or_default();
        if PLAIN.contains(&name) || name.ends_with("Exception") || name.ends_with("Error") {
            return;
        }
        let names_id = call.arguments.iter().any(|argument| mentions_id(argument, &ids));
        if !names_id {
            return;
        }
        let proof =
            || Proof { text: call.callee.chain().unwrap_or_else(|| name.to_owned()), place: at(path, expr.lines) };
        if call.arguments.iter().any(|argument| mentions(argument, &principals) || mentions_user(argument))
            || (beside.knows)(call)
        {
            scoped.get_or_insert_with(proof);
            return;
        }
        let chain = call.callee.chain().unwrap_or_default();
        let inner = chain.strip_prefix("this.").filter(|name| !name.contains('.')).and_then(beside.own);
        if let Some(inner) = inner.filter(|_| depth < DEEPEST) {
            let handed = |fits: &dyn Fn(&Expr) -> bool| -> Vec<&'p str> {
                let pairs = inner.parameters.iter().zip(&call.arguments).filter(|(_, argument)| fits(argument));
                pairs.flat_map(|(parameter, _)| parameter.bindings.iter().map(|b| b.local.as_str())).collect()
            };
            let (of_id, of_who) = (handed(&|one| mentions_id(one, &ids)), handed(&|one| mentions(one, &principals)));
            match follow(path, inner, &of_id, &of_who, beside, depth + 1) {
                Object::Scoped(proof) => _ = scoped.get_or_insert(proof),
                Object::Unscoped(proof) => _ = unscoped.get_or_insert(proof),
                Object::None => {}
            }
            return;
        }
        unscoped.get_or_insert_with(proof);
    });
    match (scoped, unscoped) {
        // Where one call asks who it is for, those beside it may rely on that.
        (Some(proof), _) => Object::Scoped(proof),
        (None, Some(proof)) => Object::Unscoped(proof),
        (None, None) => Object::None,
    }
}

/// Whether an expression mentions one of these variables.
fn mentions(expr: &Expr, names: &[&str]) -> bool {
    let mut found = false;
    expr.walk_outside_functions(&mut |expr| {
        found |= matches!(&expr.kind, ExprKind::Name(name) if names.contains(&name.as_str()))
    });
    found
}

/// Whether it mentions what the path names, in one of these variables or as a request carries it: `req.params`.
fn mentions_id(expr: &Expr, names: &[&str]) -> bool {
    let mut found = mentions(expr, names);
    expr.walk_outside_functions(&mut |expr| {
        if let ExprKind::Member(object, name) = &expr.kind {
            let is_request = |of: &str| matches!(of, "req" | "request" | "ctx");
            found |= match &object.kind {
                ExprKind::Member(inner, params) if params == "params" => {
                    inner.last_name().is_some_and(is_request) && names_an_object(name)
                }
                _ => false,
            };
        }
    });
    found
}

/// Whether it mentions who asks, as a request carries it: `req.user`, `request.session.user`.
fn mentions_user(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk_outside_functions(&mut |expr| {
        if let ExprKind::Member(object, name) = &expr.kind {
            let of_request = object.chain().is_some_and(|chain| {
                let last = chain.rsplit('.').next().unwrap_or_default();
                matches!(last, "req" | "request" | "session" | "locals" | "auth" | "ctx" | "context")
            });
            found |= of_request
                && matches!(name.as_str(), "user" | "userId" | "auth" | "session" | "principal" | "tenantId" | "orgId");
        }
    });
    found
}

/// Adds variables that are made of those.
fn derived<'p>(body: &'p [Stmt], ids: &mut Vec<&'p str>, principals: &mut Vec<&'p str>) {
    for stmt in body {
        match stmt {
            Stmt::Var { bindings, value: Some(value) } => {
                let who = mentions(value, principals) || mentions_user(value);
                let of_params = value
                    .chain()
                    .is_some_and(|chain| matches!(chain.as_str(), "req.params" | "request.params" | "ctx.params"));
                let which = mentions_id(value, ids);
                let reaches =
                    value.as_call().is_some_and(|call| !PLAIN.contains(&call.callee.last_name().unwrap_or_default()));
                for binding in bindings {
                    if who {
                        principals.push(&binding.local);
                    } else if which && !reaches
                        || of_params && names_an_object(binding.key.as_deref().unwrap_or("params"))
                    {
                        ids.push(&binding.local);
                    }
                }
            }
            Stmt::If { yes, no, .. } => {
                derived(yes, ids, principals);
                derived(no, ids, principals);
            }
            Stmt::Maybe { body, .. } | Stmt::Block(body) => derived(body, ids, principals),
            Stmt::Try { body, handler, last } => {
                [body, handler, last].into_iter().for_each(|b| derived(b, ids, principals));
            }
            _ => {}
        }
    }
}
