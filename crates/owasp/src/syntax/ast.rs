//! What a source file in TypeScript or JavaScript says, as far as routes and guards are concerned.
//!
//! The tree is owned and small: types are kept by their head, comments and layout are gone, and what is not understood keeps its
//! parts ([`ExprKind::Other`]), so that nothing within it is lost.

use std::collections::HashMap;

/// A source file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) imports: Vec<Import>,
    pub(crate) exports: Vec<Export>,
    pub(crate) body: Vec<Stmt>,
    /// Names of interfaces and type aliases that it declares.
    pub(crate) types: Vec<String>,
    /// The line of the first part that the grammar does not know.
    pub(crate) broken: Option<u32>,
    /// Where each name is declared: statement and binding.
    names: HashMap<String, (usize, usize)>,
}

impl File {
    /// One of which nothing could be read.
    pub(super) fn unread() -> Self {
        Self { broken: Some(1), ..Self::default() }
    }

    /// Notes where each name is declared; of several declarations the last counts.
    pub(super) fn index(&mut self) {
        for (at, stmt) in self.body.iter().enumerate() {
            match stmt {
                Stmt::Var { bindings, .. } => {
                    for (i, binding) in bindings.iter().enumerate() {
                        self.names.insert(binding.local.clone(), (at, i));
                    }
                }
                Stmt::Function(Function { name: Some(name), .. }) | Stmt::Class(Class { name: Some(name), .. }) => {
                    self.names.insert(name.clone(), (at, 0));
                }
                _ => {}
            }
        }
    }

    /// The statement that declares `name` at the top of the file, and which of its bindings that is.
    pub(crate) fn declaration(&self, name: &str) -> Option<(&Stmt, usize)> {
        let (at, binding) = self.names.get(name)?;
        Some((&self.body[*at], *binding))
    }
}

/// A name that comes from another file.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) local: String,
    pub(crate) name: Name,
    pub(crate) from: String,
}

/// Which of a module's names is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    Default,
    /// All of them, as one object.
    All,
    Named(String),
}

impl Name {
    /// `default`, `*`, or the name.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Default => "default",
            Self::All => "*",
            Self::Named(name) => name,
        }
    }
}

/// A name that a file hands on.
#[derive(Debug, Clone)]
pub(crate) enum Export {
    /// `exported` is what the file calls `local`.
    Local { exported: Name, local: String },
    /// `exported` is `name` of another file.
    From { exported: Name, name: Name, from: String },
    /// Everything that another file hands on.
    Star { from: String },
}

/// First and last line, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lines {
    pub(crate) first: u32,
    pub(crate) last: u32,
}

/// An expression and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) lines: Lines,
    pub(crate) kind: ExprKind,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub(crate) enum ExprKind {
    String(String),
    /// As it is written.
    Number(String),
    Bool(bool),
    /// `null` or `undefined`.
    Nothing,
    /// Texts and what is put between them, in turn.
    Template(Vec<Expr>),
    Name(String),
    This,
    Super,
    Member(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    Call(Box<Call>),
    New(Box<Call>),
    Array(Vec<Expr>),
    Object(Vec<Property>),
    Spread(Box<Expr>),
    Function(Box<Function>),
    Class(Box<Class>),
    Binary {
        operator: String,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Not(Box<Expr>),
    Choice {
        test: Box<Expr>,
        yes: Box<Expr>,
        no: Box<Expr>,
    },
    Assign {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    Await(Box<Expr>),
    /// Anything else, by its parts.
    Other(Vec<Expr>),
}

/// A call, or a constructor's.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) callee: Expr,
    pub(crate) arguments: Vec<Expr>,
}

/// One entry of an object.
#[derive(Debug, Clone)]
pub(crate) struct Property {
    /// None for what is spread, or has a computed name.
    pub(crate) name: Option<String>,
    pub(crate) value: Expr,
}

/// A function of any form.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) name: Option<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) lines: Lines,
}

/// A parameter of a function.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) bindings: Vec<Binding>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) of_type: Option<Type>,
}

/// A name that a pattern brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) local: String,
    /// Of an object's entry: its key.
    pub(crate) key: Option<String>,
}

/// A type by its head: `Promise<User[]>` is `Promise`, of `User`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Self>,
}

/// A class.
#[derive(Debug, Clone)]
pub(crate) struct Class {
    pub(crate) name: Option<String>,
    pub(crate) extends: Option<Expr>,
    pub(crate) implements: Vec<String>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) methods: Vec<Function>,
    pub(crate) fields: Vec<Field>,
    pub(crate) lines: Lines,
}

/// A field of a class.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) value: Option<Expr>,
}

/// A statement.
#[derive(Debug, Clone)]
pub(crate) enum Stmt {
    Expr(Expr),
    /// `const`, `let`, `var`: one declared pattern.
    Var {
        bindings: Vec<Binding>,
        value: Option<Expr>,
    },
    Function(Function),
    Class(Class),
    Return(Option<Expr>),
    Throw(Expr),
    If {
        test: Expr,
        yes: Vec<Self>,
        no: Vec<Self>,
    },
    /// What may run any number of times, or not at all.
    Maybe {
        tests: Vec<Expr>,
        body: Vec<Self>,
    },
    Try {
        body: Vec<Self>,
        handler: Vec<Self>,
        last: Vec<Self>,
    },
    Block(Vec<Self>),
}

impl Expr {
    /// The text, where it is one that is written down.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The call, where it is one.
    pub(crate) fn as_call(&self) -> Option<&Call> {
        match &self.kind {
            ExprKind::Call(call) => Some(call),
            ExprKind::Await(inner) => inner.as_call(),
            _ => None,
        }
    }

    /// What a constructor is given, where it is a call of one.
    pub(crate) fn as_new(&self) -> Option<&Call> {
        if let ExprKind::New(call) = &self.kind { Some(call) } else { None }
    }

    /// The function that is written down here.
    pub(crate) fn as_function(&self) -> Option<&Function> {
        if let ExprKind::Function(function) = &self.kind { Some(function) } else { None }
    }

    /// The entries of an object that is written down.
    pub(crate) fn properties(&self) -> &[Property] {
        if let ExprKind::Object(properties) = &self.kind { properties } else { &[] }
    }

    /// What an object gives a name; of several the last.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.properties().iter().rev().find(|p| p.name.as_deref() == Some(name)).map(|p| &p.value)
    }

    /// The last name of a chain: `c` of `a.b.c` and of `c`.
    pub(crate) fn last_name(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::Name(name) | ExprKind::Member(_, name) => Some(name),
            _ => None,
        }
    }

    /// A chain of names with dots: `this.reflector.get`; none where there is anything else in it.
    pub(crate) fn chain(&self) -> Option<String> {
        match &self.kind {
            ExprKind::Name(name) => Some(name.clone()),
            ExprKind::This => Some("this".to_owned()),
            ExprKind::Super => Some("super".to_owned()),
            ExprKind::Member(object, name) => Some(format!("{}.{name}", object.chain()?)),
            _ => None,
        }
    }

    /// Shows `visit` this expression and everything within it, functions and classes included, the outermost first.
    pub(crate) fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Self)) {
        visit(self);
        match &self.kind {
            ExprKind::Function(function) => walk(&function.body, visit),
            ExprKind::Class(class) => class.walk(visit),
            _ => self.parts(&mut |part| part.walk(visit)),
        }
    }

    /// The same without functions and classes: what runs when this expression does.
    pub(crate) fn walk_outside_functions<'e>(&'e self, visit: &mut dyn FnMut(&'e Self)) {
        if !matches!(self.kind, ExprKind::Function(_) | ExprKind::Class(_)) {
            visit(self);
            self.parts(&mut |part| part.walk_outside_functions(visit));
        }
    }

    /// Shows `each` the expressions that this one is directly made of. Functions and classes are made of statements: they have none.
    fn parts<'e>(&'e self, each: &mut dyn FnMut(&'e Self)) {
        match &self.kind {
            ExprKind::String(_)
            | ExprKind::Number(_)
            | ExprKind::Bool(_)
            | ExprKind::Nothing
            | ExprKind::Name(_)
            | ExprKind::This
            | ExprKind::Super
            | ExprKind::Function(_)
            | ExprKind::Class(_) => {}
            ExprKind::Member(inner, _) | ExprKind::Spread(inner) | ExprKind::Not(inner) | ExprKind::Await(inner) => {
                each(inner);
            }
            ExprKind::Index(a, b)
            | ExprKind::Binary { left: a, right: b, .. }
            | ExprKind::Assign { target: a, value: b } => [a, b].into_iter().for_each(|e| each(e)),
            ExprKind::Choice { test, yes, no } => [test, yes, no].into_iter().for_each(|e| each(e)),
            ExprKind::Call(call) | ExprKind::New(call) => {
                each(&call.callee);
                call.arguments.iter().for_each(each);
            }
            ExprKind::Template(all) | ExprKind::Array(all) | ExprKind::Other(all) => all.iter().for_each(each),
            ExprKind::Object(properties) => properties.iter().for_each(|p| each(&p.value)),
        }
    }
}

impl Class {
    /// The method of this name.
    pub(crate) fn method(&self, name: &str) -> Option<&Function> {
        self.methods.iter().find(|method| method.name.as_deref() == Some(name))
    }

    /// Shows `visit` every expression of its decorators, methods and fields.
    pub(crate) fn walk<'e>(&'e self, visit: &mut dyn FnMut(&'e Expr)) {
        let of_methods = self.methods.iter().flat_map(|method| &method.decorators);
        self.decorators.iter().chain(of_methods).for_each(|decorator| decorator.walk(visit));
        self.methods.iter().for_each(|method| walk(&method.body, visit));
        self.fields.iter().filter_map(|field| field.value.as_ref()).for_each(|value| value.walk(visit));
    }
}

/// Shows `visit` every expression of `body`.
pub(crate) fn walk<'e>(body: &'e [Stmt], visit: &mut dyn FnMut(&'e Expr)) {
    for stmt in body {
        match stmt {
            Stmt::Expr(expr) | Stmt::Throw(expr) => expr.walk(visit),
            Stmt::Var { value, .. } | Stmt::Return(value) => value.iter().for_each(|e| e.walk(visit)),
            Stmt::Function(function) => walk(&function.body, visit),
            Stmt::Class(class) => class.walk(visit),
            Stmt::If { test, yes, no } => {
                test.walk(visit);
                walk(yes, visit);
                walk(no, visit);
            }
            Stmt::Maybe { tests, body } => {
                tests.iter().for_each(|e| e.walk(visit));
                walk(body, visit);
            }
            Stmt::Try { body, handler, last } => [body, handler, last].into_iter().for_each(|b| walk(b, visit)),
            Stmt::Block(body) => walk(body, visit),
        }
    }
}

/// The expressions that a function returns.
pub(crate) fn returned(function: &Function) -> Vec<&Expr> {
    fn within<'f>(body: &'f [Stmt], found: &mut Vec<&'f Expr>) {
        for stmt in body {
            match stmt {
                Stmt::Return(Some(expr)) => found.push(expr),
                Stmt::If { yes, no, .. } => {
                    within(yes, found);
                    within(no, found);
                }
                Stmt::Maybe { body, .. } | Stmt::Block(body) => within(body, found),
                Stmt::Try { body, handler, last } => [body, handler, last].into_iter().for_each(|b| within(b, found)),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    within(&function.body, &mut found);
    found
}
