//! What decorators come to, through aliases, wrappers and `applyDecorators`.

use crate::program::{Def, Program};
use crate::routes::{at, returned};
use crate::syntax::{Call, Expr, ExprKind, Function, Stmt, walk};
use tollgate_model::Location;

/// How many decorators may be wrapped into one another.
const DEEPEST: usize = 12;

/// Most marks that the decorators of one place come to.
const MOST_MARKS: usize = 500;

/// What a decorator says in the end.
#[derive(Clone)]
pub(super) enum Mark<'p> {
    /// It sets metadata under this key; `is_false` where the value is `false`, which mostly means that it is not set.
    Metadata { key: String, is_false: bool, place: Location, shown: String },
    /// A decorator of a package: package, name, its arguments and the file they are in, where it is used.
    Known { package: &'p str, name: &'p str, arguments: &'p [Expr], path: &'p str, place: Location },
    /// One that is not understood.
    Unknown,
}

impl Mark<'_> {
    /// The name, where it is a decorator of this package.
    pub(super) fn of(&self, from: &str) -> Option<&str> {
        match self {
            Mark::Known { package, name, .. } if *package == from => Some(name),
            _ => None,
        }
    }
}

/// The name that metadata goes by: the text of its key, or the decorator that is a key itself.
pub(super) fn key<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> Option<String> {
    if let Some(text) = program.text(path, expr) {
        return Some(text);
    }
    match program.meaning(path, expr)? {
        Def::Value(place, value) => Some(format!("{place}:{}", value.lines.first)),
        Def::External(package, name) => Some(format!("{package}:{name}")),
        _ => None,
    }
}

/// What the decorators `all`, written in the file `path`, come to.
pub(super) fn of<'p>(program: &Program<'p>, path: &'p str, all: &'p [Expr]) -> Vec<Mark<'p>> {
    let mut marks = Vec::new();
    for decorator in all {
        let place = at(path, decorator.lines);
        let name = decorator.as_call().map_or(decorator, |call| &call.callee).last_name().unwrap_or("a decorator");
        expand(program, path, decorator, &place, &format!("@{name}"), 0, &mut marks);
    }
    marks
}

fn expand<'p>(
    program: &Program<'p>,
    path: &'p str,
    decorator: &'p Expr,
    place: &Location,
    shown: &str,
    depth: usize,
    marks: &mut Vec<Mark<'p>>,
) {
    if depth > DEEPEST || marks.len() > MOST_MARKS {
        return marks.push(Mark::Unknown);
    }
    let (callee, arguments) = match decorator.as_call() {
        Some(call) => (&call.callee, call.arguments.as_slice()),
        None => (decorator, [].as_slice()),
    };
    let inner = |path: &'p str, expr: &'p Expr, marks: &mut Vec<Mark<'p>>| {
        expand(program, path, expr, place, shown, depth + 1, marks);
    };
    match program.meaning(path, callee) {
        Some(Def::External("@nestjs/common", "SetMetadata")) => {
            match arguments.first().and_then(|argument| key(program, path, argument)) {
                Some(key) => {
                    let is_false = matches!(arguments.get(1).map(|value| &value.kind), Some(ExprKind::Bool(false)));
                    marks.push(Mark::Metadata { key, is_false, place: place.clone(), shown: shown.to_owned() });
                }
                None => marks.push(Mark::Unknown),
            }
        }
        Some(Def::External("@nestjs/common", "applyDecorators")) => {
            arguments.iter().for_each(|argument| inner(path, argument, marks));
        }
        Some(Def::External(package, name)) => {
            marks.push(Mark::Known { package, name, arguments, path, place: place.clone() });
        }
        Some(Def::Function(file, function)) => wrapper(program, file, function, marks, &inner),
        // `Reflector.createDecorator()` makes a decorator that is its own key.
        Some(Def::Value(file, value)) if is_made_by_reflector(value) => {
            let key = format!("{file}:{}", value.lines.first);
            let is_false = matches!(arguments.first().map(|value| &value.kind), Some(ExprKind::Bool(false)));
            marks.push(Mark::Metadata { key, is_false, place: place.clone(), shown: shown.to_owned() });
        }
        Some(Def::Value(file, value)) if !std::ptr::eq(value, decorator) && !std::ptr::eq(value, callee) => {
            inner(file, value, marks);
        }
        _ => marks.push(Mark::Unknown),
    }
}

fn is_made_by_reflector(value: &Expr) -> bool {
    value.as_call().and_then(|call| call.callee.chain()).as_deref() == Some("Reflector.createDecorator")
}

/// What a function that returns a decorator comes to.
fn wrapper<'p>(
    program: &Program<'p>,
    path: &'p str,
    function: &'p Function,
    marks: &mut Vec<Mark<'p>>,
    inner: &dyn Fn(&'p str, &'p Expr, &mut Vec<Mark<'p>>),
) {
    for value in returned(function) {
        match &value.kind {
            // `(target, key, descriptor) => { SetMetadata(KEY, v)(target, key, descriptor); }`
            ExprKind::Function(decorator) => walk(&decorator.body, &mut |expr| {
                if let Some(Call { callee: applied, .. }) = expr.as_call()
                    && applied.as_call().is_some()
                {
                    inner(path, applied, marks);
                }
            }),
            ExprKind::Call(call) if program.calls(path, call, "@nestjs/common", "applyDecorators") => {
                for argument in &call.arguments {
                    match &argument.kind {
                        ExprKind::Spread(list) => {
                            listed(function, list).into_iter().for_each(|one| inner(path, one, marks));
                        }
                        _ => inner(path, argument, marks),
                    }
                }
            }
            _ => inner(path, value, marks),
        }
    }
}

/// The entries of a list that the function makes in any case: those it begins with, and those that are pushed without a condition.
fn listed<'p>(function: &'p Function, list: &'p Expr) -> Vec<&'p Expr> {
    if let ExprKind::Array(all) = &list.kind {
        return all.iter().collect();
    }
    let Some(name) = list.last_name() else { return Vec::new() };
    let mut found = Vec::new();
    for stmt in &function.body {
        match stmt {
            Stmt::Var { bindings, value: Some(Expr { kind: ExprKind::Array(all), .. }) }
                if bindings.iter().any(|binding| binding.local == name) =>
            {
                found.extend(all);
            }
            Stmt::Expr(expr) => {
                if let Some(call) = expr.as_call()
                    && call.callee.chain().as_deref() == Some(&format!("{name}.push"))
                {
                    found.extend(&call.arguments);
                }
            }
            _ => {}
        }
    }
    found
}
