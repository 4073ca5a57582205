//! What is done to each application and router, in order.

use std::collections::{HashMap, HashSet};

use crate::program::{Def, Program};
use crate::routes::returned;
use crate::syntax::{Call, Class, Expr, ExprKind, Function, Stmt};

/// How many functions may be followed into one another.
const DEEPEST: usize = 12;

/// An application or router, by the expression that makes it.
pub(super) type Id = usize;

/// What is done to one.
pub(super) struct Object<'p> {
    pub(super) path: &'p str,
    pub(super) made: &'p Expr,
    pub(super) is_application: bool,
    pub(super) events: Vec<Event<'p>>,
}

/// One thing that is done.
pub(super) struct Event<'p> {
    pub(super) path: &'p str,
    pub(super) expr: &'p Expr,
    /// The method of HTTP, `ANY`; none for `use`.
    pub(super) method: Option<&'static str>,
    /// Paths that it is for; none for all.
    pub(super) paths: Vec<Option<String>>,
    /// What is called, in order.
    pub(super) handlers: Vec<Handler<'p>>,
}

/// What is called.
pub(super) enum Handler<'p> {
    Router(Id),
    Function(&'p str, &'p Expr),
}

/// Everything that is made.
#[derive(Default)]
pub(super) struct Built<'p> {
    pub(super) objects: Vec<Object<'p>>,
    by_expr: HashMap<*const Expr, Id>,
    ran: HashSet<*const Function>,
    /// Calls that were followed.
    called: HashSet<*const Expr>,
    /// Functions that were followed, with what they were given, and what they made.
    done: HashMap<(*const Function, Vec<Option<Id>>), Option<Id>>,
}

const METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("all", "ANY"),
];

/// Reads every file that speaks of Express.
pub(super) fn all<'p>(program: &Program<'p>) -> Built<'p> {
    let mut built = Built::default();
    let paths: Vec<&str> = program.sources.holding(&["express"]).collect();
    for path in paths {
        let Some(file) = program.file(path) else { continue };
        if !file.imports.iter().any(|import| import.from == "express") {
            continue;
        }
        let mut run = Run {
            program,
            built: &mut built,
            path,
            names: HashMap::new(),
            this: HashMap::new(),
            entry: None,
            class: None,
            depth: 0,
        };
        run.body(&file.body);
        // What nobody was seen to call may be called all the same.
        for stmt in &file.body {
            match stmt {
                Stmt::Function(function) => run.unseen(function),
                Stmt::Var { value: Some(value), .. } => value.as_function().into_iter().for_each(|f| run.unseen(f)),
                Stmt::Class(class) => run.made(path, class, &[]),
                _ => {}
            }
        }
    }
    built
}

/// Follows the statements of one scope.
struct Run<'r, 'p> {
    program: &'r Program<'p>,
    built: &'r mut Built<'p>,
    path: &'p str,
    /// What local names stand for.
    names: HashMap<&'p str, Id>,
    /// What fields of the object stand for.
    this: HashMap<&'p str, Id>,
    /// What the variable of a loop stands for: an entry of a list that is written down.
    entry: Option<(&'p str, &'p str, &'p Expr)>,
    class: Option<&'p Class>,
    depth: usize,
}

impl<'p> Run<'_, 'p> {
    fn body(&mut self, body: &'p [Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Expr(expr) => self.expr(expr),
                Stmt::Var { bindings, value: Some(value) } => {
                    self.expr(value);
                    if let (Some(id), [binding]) = (self.object(value), bindings.as_slice()) {
                        self.names.insert(&binding.local, id);
                    }
                }
                Stmt::Return(Some(expr)) => self.expr(expr),
                Stmt::If { yes, no, .. } => {
                    self.body(yes);
                    self.body(no);
                }
                Stmt::Maybe { body, .. } | Stmt::Block(body) => self.body(body),
                Stmt::Try { body, last, .. } => {
                    self.body(body);
                    self.body(last);
                }
                _ => {}
            }
        }
    }

    fn unseen(&mut self, function: &'p Function) {
        if !self.built.ran.contains(&std::ptr::from_ref(function)) {
            self.call_function(self.path, function, &[]);
        }
    }

    /// The application or router that an expression stands for.
    fn object(&mut self, expr: &'p Expr) -> Option<Id> {
        if let Some(id) = self.built.by_expr.get(&std::ptr::from_ref(expr)) {
            return Some(*id);
        }
        match &expr.kind {
            ExprKind::Name(name) => {
                if let Some(id) = self.names.get(name.as_str()) {
                    return Some(*id);
                }
                self.of_meaning(expr)
            }
            ExprKind::Member(object, name) if matches!(object.kind, ExprKind::This) => {
                self.this.get(name.as_str()).copied()
            }
            ExprKind::Member(object, name) => match self.of_entry(object, name) {
                Some((path, value)) => {
                    let before = std::mem::replace(&mut self.path, path);
                    let found = self.object(value);
                    self.path = before;
                    found
                }
                None => self.of_meaning(expr),
            },
            ExprKind::Call(call) => match &call.callee.kind {
                // `Router().use(…)` is the router.
                ExprKind::Member(object, name) if name == "use" || METHODS.iter().any(|(of, _)| of == name) => {
                    self.object(object)
                }
                _ => self.made_by(self.path, expr, call),
            },
            ExprKind::Assign { value, .. } => self.object(value),
            _ => None,
        }
    }

    /// What the entry of a loop gives a name: `route.path`.
    fn of_entry(&self, object: &Expr, name: &str) -> Option<(&'p str, &'p Expr)> {
        let (variable, path, entry) = self.entry?;
        (object.last_name() == Some(variable)).then_some(())?;
        Some((path, entry.get(name)?))
    }

    /// Follows what is done to each entry of a list that is written down.
    fn each(&mut self, list: &'p Expr, function: &'p Function) -> Option<()> {
        let [variable] = function.parameters.first()?.bindings.as_slice() else { return None };
        let Some(Def::Value(path, list)) = self.program.meaning(self.path, list) else { return None };
        let ExprKind::Array(entries) = &list.kind else { return None };
        for entry in entries {
            let before = self.entry.replace((&variable.local, path, entry));
            self.body(&function.body);
            self.entry = before;
        }
        Some(())
    }

    fn of_meaning(&mut self, expr: &'p Expr) -> Option<Id> {
        match self.program.meaning(self.path, expr)? {
            Def::Value(path, value) if !std::ptr::eq(value, expr) => {
                if let Some(id) = self.built.by_expr.get(&std::ptr::from_ref(value)) {
                    return Some(*id);
                }
                let before = std::mem::replace(&mut self.path, path);
                let found = if value.as_call().is_some() { self.object(value) } else { None };
                self.path = before;
                found
            }
            _ => None,
        }
    }

    /// What a call makes: an application, a router, or what a function of the repository returns.
    fn made_by(&mut self, path: &'p str, expr: &'p Expr, call: &'p Call) -> Option<Id> {
        match self.program.meaning(path, &call.callee)? {
            Def::External("express", name) => {
                let is_application = matches!(name, "default" | "*");
                if !is_application && name != "Router" {
                    return None;
                }
                let id = self.built.objects.len();
                self.built.objects.push(Object { path, made: expr, is_application, events: Vec::new() });
                self.built.by_expr.insert(std::ptr::from_ref(expr), id);
                Some(id)
            }
            Def::Function(file, function) => {
                let key = std::ptr::from_ref(expr);
                if self.built.called.contains(&key) {
                    return None;
                }
                self.built.called.insert(key);
                let arguments: Vec<Option<Id>> = call.arguments.iter().map(|argument| self.object(argument)).collect();
                let made = self.call_function(file, function, &arguments)?;
                self.built.by_expr.insert(key, made);
                Some(made)
            }
            _ => None,
        }
    }

    /// Follows a function, with what it is given; what it returns, where that is an application or router.
    fn call_function(&mut self, file: &'p str, function: &'p Function, arguments: &[Option<Id>]) -> Option<Id> {
        // What was done with the same once makes the same, and need not be done again.
        let key = (std::ptr::from_ref(function), arguments.to_vec());
        if let Some(made) = self.built.done.get(&key) {
            return *made;
        }
        if self.depth == DEEPEST {
            return None;
        }
        self.built.done.insert(key.clone(), None);
        self.built.ran.insert(std::ptr::from_ref(function));
        let mut names = HashMap::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            if let (Some(id), [binding]) = (argument, parameter.bindings.as_slice()) {
                names.insert(binding.local.as_str(), *id);
            }
        }
        let this = if file == self.path { self.this.clone() } else { HashMap::new() };
        let mut inner = Run {
            program: self.program,
            built: self.built,
            path: file,
            names,
            this,
            entry: None,
            class: self.class,
            depth: self.depth + 1,
        };
        inner.body(&function.body);
        let made = returned(function).into_iter().find_map(|value| inner.object(value));
        if file == self.path {
            self.this = inner.this;
        }
        self.built.done.insert(key, made);
        made
    }

    /// Follows the constructor of a class.
    fn made(&mut self, file: &'p str, class: &'p Class, arguments: &[Option<Id>]) {
        let Some(constructor) = class.method("constructor") else { return };
        if self.built.ran.contains(&std::ptr::from_ref(constructor)) || self.depth == DEEPEST {
            return;
        }
        self.built.ran.insert(std::ptr::from_ref(constructor));
        let mut inner = Run {
            program: self.program,
            built: self.built,
            path: file,
            names: HashMap::new(),
            this: HashMap::new(),
            entry: None,
            class: Some(class),
            depth: self.depth + 1,
        };
        for field in &class.fields {
            if let Some(id) = field.value.as_ref().and_then(|value| inner.object(value)) {
                inner.this.insert(&field.name, id);
            }
        }
        for (parameter, argument) in constructor.parameters.iter().zip(arguments) {
            if let (Some(id), [binding]) = (argument, parameter.bindings.as_slice()) {
                inner.names.insert(&binding.local, *id);
            }
        }
        inner.body(&constructor.body);
    }

    fn expr(&mut self, expr: &'p Expr) {
        match &expr.kind {
            ExprKind::Await(inner) => self.expr(inner),
            ExprKind::Assign { target, value } => {
                self.expr(value);
                let Some(id) = self.object(value) else { return };
                match &target.kind {
                    ExprKind::Member(object, name) if matches!(object.kind, ExprKind::This) => {
                        self.this.insert(name, id);
                    }
                    ExprKind::Name(name) => {
                        self.names.insert(name, id);
                    }
                    _ => {}
                }
            }
            ExprKind::New(call) => {
                if let Some(Def::Class(file, class)) = self.program.meaning(self.path, &call.callee) {
                    let arguments: Vec<Option<Id>> =
                        call.arguments.iter().map(|argument| self.object(argument)).collect();
                    self.made(file, class, &arguments);
                }
            }
            ExprKind::Call(call) => self.call(expr, call),
            _ => {}
        }
    }

    fn call(&mut self, expr: &'p Expr, call: &'p Call) {
        let ExprKind::Member(object, name) = &call.callee.kind else {
            if self.built.by_expr.contains_key(&std::ptr::from_ref(expr)) {
                return;
            }
            if let Some(function) = call.callee.as_function() {
                self.call_function(self.path, function, &[]);
            } else {
                self.made_by(self.path, expr, call);
            }
            return;
        };
        if matches!(object.kind, ExprKind::This)
            && let Some(method) = self.class.and_then(|class| class.method(name))
        {
            let arguments: Vec<Option<Id>> = call.arguments.iter().map(|argument| self.object(argument)).collect();
            self.call_function(self.path, method, &arguments);
            return;
        }
        if name == "forEach"
            && let Some(function) = call.arguments.first().and_then(Expr::as_function)
            && self.each(object, function).is_some()
        {
            return;
        }
        // `router.route("/x").get(a).post(b)`: what comes before is done first.
        let (target, route) = self.chained(object);
        let Some(id) = target else {
            if let Some(Def::Function(file, function)) = self.program.meaning(self.path, &call.callee) {
                let arguments: Vec<Option<Id>> = call.arguments.iter().map(|argument| self.object(argument)).collect();
                if arguments.iter().any(Option::is_some) {
                    self.call_function(file, function, &arguments);
                }
            }
            return;
        };
        let method = METHODS.iter().find(|(of, _)| of == name).map(|(_, method)| *method);
        if method.is_none() && name != "use" {
            return;
        }
        let (paths, handlers) = match (&route, call.arguments.split_first()) {
            (Some(paths), _) => (paths.clone(), call.arguments.as_slice()),
            (None, None) => return,
            (None, Some((first, rest))) => match self.paths(first) {
                // `app.get("setting")` asks, and makes no route.
                Some(_) if rest.is_empty() => return,
                Some(paths) => (paths, rest),
                None => (vec![None], call.arguments.as_slice()),
            },
        };
        let mut all = Vec::new();
        handlers.iter().for_each(|one| self.handler(one, &mut all));
        self.built.objects[id].events.push(Event { path: self.path, expr, method, paths, handlers: all });
    }

    /// What a chain of calls is about, and the paths that `route` gave it; what comes before in the chain is done.
    fn chained(&mut self, object: &'p Expr) -> (Option<Id>, Option<Vec<Option<String>>>) {
        let about = self.about(object);
        if about.0.is_some()
            && let Some(call) = object.as_call()
            && let ExprKind::Member(_, name) = &call.callee.kind
            && name != "route"
        {
            self.call(object, call);
        }
        about
    }

    /// The same, and nothing is done.
    fn about(&mut self, object: &'p Expr) -> (Option<Id>, Option<Vec<Option<String>>>) {
        if let Some(call) = object.as_call()
            && let ExprKind::Member(inner, name) = &call.callee.kind
        {
            if name == "route" {
                let paths = call.arguments.first().and_then(|first| self.paths(first)).unwrap_or_else(|| vec![None]);
                return (self.object(inner), Some(paths));
            }
            if name == "use" || METHODS.iter().any(|(method, _)| method == name) {
                return self.about(inner);
            }
        }
        (self.object(object), None)
    }

    /// The paths that a first argument gives; none where it is no path.
    fn paths(&self, expr: &'p Expr) -> Option<Vec<Option<String>>> {
        match &expr.kind {
            ExprKind::Array(all) if !all.is_empty() => {
                let texts: Vec<Option<String>> = all.iter().map(|one| self.program.text(self.path, one)).collect();
                texts.iter().all(Option::is_some).then_some(texts)
            }
            ExprKind::Function(_) | ExprKind::Call(_) => None,
            ExprKind::Member(object, name) if self.of_entry(object, name).is_some() => {
                let (path, value) = self.of_entry(object, name)?;
                self.program.text(path, value).map(|text| vec![Some(text)])
            }
            // A regular expression.
            ExprKind::Other(parts) if parts.is_empty() => Some(vec![Some("?".to_owned())]),
            ExprKind::Template(_) => {
                Some(vec![Some(self.program.text(self.path, expr).unwrap_or_else(|| "?".to_owned()))])
            }
            _ => self.program.text(self.path, expr).map(|text| vec![Some(text)]),
        }
    }

    /// The entries of a list that stands elsewhere; lists within it are left.
    fn listed(&self, path: &'p str, list: &'p Expr, all: &mut Vec<Handler<'p>>) {
        if let ExprKind::Array(list) = &list.kind {
            all.extend(list.iter().map(|one| Handler::Function(path, one)));
        }
    }

    fn handler(&mut self, expr: &'p Expr, all: &mut Vec<Handler<'p>>) {
        match &expr.kind {
            ExprKind::Array(list) => list.iter().for_each(|one| self.handler(one, all)),
            ExprKind::Spread(inner) => match self.program.meaning(self.path, inner) {
                Some(Def::Value(path, value)) if matches!(value.kind, ExprKind::Array(_)) => {
                    self.listed(path, value, all)
                }
                _ => all.push(Handler::Function(self.path, inner)),
            },
            _ => match self.object(expr) {
                Some(id) => all.push(Handler::Router(id)),
                None => match self.program.meaning(self.path, expr) {
                    Some(Def::Value(path, value)) if matches!(value.kind, ExprKind::Array(_)) => {
                        self.listed(path, value, all)
                    }
                    _ => all.push(Handler::Function(self.path, expr)),
                },
            },
        }
    }
}
