//! What a name means.

use std::cell::RefCell;
use std::collections::HashMap;

use tollgate_check::{Tree, TreeError};

use super::config::Config;
use super::sources::Sources;
use crate::syntax::{Call, Class, Export, Expr, ExprKind, File, Function, Name, Stmt};

/// How many files a name may be handed on through, and how many names a value.
const MOST_STEPS: usize = 24;

/// Endings that a module's name leaves out, in the order of Node and TypeScript.
const ENDINGS: &[&str] = &["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

/// What a name means. Paths are those of the file that says so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Def<'p> {
    Class(&'p str, &'p Class),
    Function(&'p str, &'p Function),
    Value(&'p str, &'p Expr),
    /// A file as a whole.
    Module(&'p str),
    /// A name of a package that is not in the repository: the package's and its own, `default` for what a package is as a whole and
    /// `*` for all of its names.
    External(&'p str, &'p str),
}

impl Def<'_> {
    /// The name within the package `from` (or one below it) that it is, if it comes from there.
    pub(crate) fn of_package(&self, from: &str) -> Option<&str> {
        match self {
            Def::External(package, name) => {
                package.strip_prefix(from).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')).then_some(name)
            }
            _ => None,
        }
    }
}

/// Sources in which names can be looked up.
pub(crate) struct Program<'s> {
    pub(crate) sources: &'s Sources,
    config: Config,
    modules: RefCell<HashMap<(String, String), Option<&'s str>>>,
}

impl<'s> Program<'s> {
    /// The program that `sources` of `tree` are.
    ///
    /// # Errors
    /// The tree cannot be listed.
    pub(crate) fn new(tree: &dyn Tree, sources: &'s Sources) -> Result<Self, TreeError> {
        let paths: Vec<String> = tree.files()?.into_iter().map(|file| file.path).collect();
        Ok(Self { sources, config: Config::read(tree, &paths), modules: RefCell::default() })
    }

    pub(crate) fn file(&self, path: &str) -> Option<&'s File> {
        self.sources.file(path)
    }

    /// The file that `from` calls `module`; none for what is not in the repository.
    pub(crate) fn module(&self, from: &str, module: &str) -> Option<&'s str> {
        let key = (from.to_owned(), module.to_owned());
        if let Some(known) = self.modules.borrow().get(&key) {
            return *known;
        }
        let found = self.config.candidates(from, module).into_iter().find_map(|place| self.at(&place));
        self.modules.borrow_mut().insert(key, found);
        found
    }

    /// The file at `place`, whose ending may be left out, or be that of what is built from it.
    fn at(&self, place: &str) -> Option<&'s str> {
        let find = |path: &str| self.sources.key(path);
        let stem = [".d.ts", ".js", ".mjs", ".cjs", ".jsx"].iter().find_map(|ending| place.strip_suffix(ending));
        for place in [Some(place), stem].into_iter().flatten() {
            let direct = ENDINGS.iter().find_map(|ending| find(&format!("{place}{ending}")));
            let index = || ENDINGS[1..].iter().find_map(|ending| find(&format!("{place}/index{ending}")));
            if let Some(found) = direct.or_else(index) {
                return Some(found);
            }
        }
        None
    }

    /// What `name` means in the file `path`.
    pub(crate) fn lookup(&self, path: &'s str, name: &str) -> Option<Def<'s>> {
        self.lookup_within(path, name, 0)
    }

    fn lookup_within(&self, path: &'s str, name: &str, steps: usize) -> Option<Def<'s>> {
        if steps > MOST_STEPS {
            return None;
        }
        let file = self.file(path)?;
        if let Some(import) = file.imports.iter().rev().find(|import| import.local == name) {
            return match self.module(path, &import.from) {
                Some(module) => self.exported(module, &import.name, steps + 1),
                None if import.from.starts_with('.') => None,
                None => Some(Def::External(&import.from, import.name.text())),
            };
        }
        let (stmt, binding) = file.declaration(name)?;
        match stmt {
            Stmt::Class(class) => Some(Def::Class(path, class)),
            Stmt::Function(function) => Some(Def::Function(path, function)),
            Stmt::Var { bindings, value: Some(value) } => match &bindings.get(binding)?.key {
                None => self.value(path, value, steps + 1),
                Some(key) => self.member(path, value, key, steps + 1),
            },
            _ => None,
        }
    }

    /// What the file `path` hands on as `name`.
    pub(crate) fn exported(&self, path: &'s str, name: &Name, steps: usize) -> Option<Def<'s>> {
        if steps > MOST_STEPS {
            return None;
        }
        let file = self.file(path)?;
        if *name == Name::All {
            return Some(Def::Module(path));
        }
        for export in &file.exports {
            match export {
                Export::Local { exported, local } if exported == name => {
                    return self.lookup_within(path, local, steps + 1);
                }
                Export::From { exported, name: inner, from } if exported == name => {
                    return match self.module(path, from) {
                        Some(module) => self.exported(module, inner, steps + 1),
                        None => Some(Def::External(from, inner.text())),
                    };
                }
                _ => {}
            }
        }
        file.exports.iter().find_map(|export| {
            let Export::Star { from } = export else { return None };
            self.exported(self.module(path, from)?, name, steps + 1)
        })
    }

    /// What an expression of the file `path` means, where it is a name, a member of one, or a class or function itself. A file that
    /// hands on one value stands for that.
    pub(crate) fn meaning(&self, path: &'s str, expr: &'s Expr) -> Option<Def<'s>> {
        match self.value(path, expr, 0)? {
            Def::Module(file) => self.exported(file, &Name::Default, 0).or(Some(Def::Module(file))),
            other => Some(other),
        }
    }

    fn value(&self, path: &'s str, expr: &'s Expr, steps: usize) -> Option<Def<'s>> {
        if steps > MOST_STEPS {
            return None;
        }
        match &expr.kind {
            ExprKind::Name(name) => self.lookup_within(path, name, steps + 1),
            ExprKind::Member(object, name) => self.member(path, object, name, steps + 1),
            ExprKind::Class(class) => Some(Def::Class(path, class)),
            ExprKind::Function(function) => Some(Def::Function(path, function)),
            ExprKind::Await(inner) => self.value(path, inner, steps + 1),
            ExprKind::Call(call) => self.required(path, call).or(Some(Def::Value(path, expr))),
            _ => Some(Def::Value(path, expr)),
        }
    }

    /// What `name` is of what a call makes: a function of the repository tells by what it returns, a package's is as good as the call.
    fn of_made(&self, path: &'s str, made: &'s Expr, call: &'s Call, name: &str, steps: usize) -> Option<Def<'s>> {
        match self.value(path, &call.callee, steps)? {
            Def::Function(place, function) => {
                let objects = crate::syntax::returned(function).into_iter();
                objects.filter_map(|object| object.get(name)).find_map(|value| self.value(place, value, steps + 1))
            }
            Def::External(..) => Some(Def::Value(path, made)),
            _ => None,
        }
    }

    /// The file or package that `require("x")` names.
    fn required(&self, path: &'s str, call: &'s Call) -> Option<Def<'s>> {
        let from = match (&call.callee.kind, call.arguments.as_slice()) {
            (ExprKind::Name(name), [from]) if name == "require" => from.as_text()?,
            _ => return None,
        };
        match self.module(path, from) {
            Some(module) => Some(Def::Module(module)),
            None if from.starts_with('.') => None,
            None => Some(Def::External(from, "*")),
        }
    }

    fn member(&self, path: &'s str, object: &'s Expr, name: &'s str, steps: usize) -> Option<Def<'s>> {
        let named = Name::Named(name.to_owned());
        match self.value(path, object, steps + 1)? {
            Def::Module(module) => {
                let by_name = self.exported(module, &named, steps + 1);
                by_name
                    .or_else(|| if name == "default" { self.exported(module, &Name::Default, steps + 1) } else { None })
            }
            Def::Value(place, value) => match (value.get(name), value.as_call()) {
                (Some(value), _) => self.value(place, value, steps + 1),
                (None, Some(call)) => self.of_made(place, value, call, name, steps + 1),
                (None, None) => None,
            },
            Def::Class(place, class) => {
                let field = class.fields.iter().find(|field| field.name == name);
                match field.and_then(|field| field.value.as_ref()) {
                    Some(value) => self.value(place, value, steps + 1),
                    None => Some(Def::Function(place, class.method(name)?)),
                }
            }
            // A member of a package's object is as good as the package's own name.
            Def::External(package, _) => Some(Def::External(package, name)),
            Def::Function(..) => None,
        }
    }

    /// The text that an expression stands for, where all of it is written down.
    pub(crate) fn text(&self, path: &'s str, expr: &'s Expr) -> Option<String> {
        self.text_within(path, expr, 0)
    }

    fn text_within(&self, path: &'s str, expr: &'s Expr, steps: usize) -> Option<String> {
        if steps > MOST_STEPS {
            return None;
        }
        match &expr.kind {
            ExprKind::String(text) | ExprKind::Number(text) => Some(text.clone()),
            ExprKind::Template(parts) => parts.iter().map(|part| self.text_within(path, part, steps + 1)).collect(),
            ExprKind::Binary { operator, left, right } if operator == "+" => {
                Some(self.text_within(path, left, steps + 1)? + &self.text_within(path, right, steps + 1)?)
            }
            ExprKind::Name(_) | ExprKind::Member(..) => match self.value(path, expr, steps + 1)? {
                Def::Value(place, value) if !std::ptr::eq(value, expr) => self.text_within(place, value, steps + 1),
                _ => None,
            },
            // `Symbol("x")` is a name of its own.
            ExprKind::Call(call) if call.callee.chain().as_deref() == Some("Symbol") => {
                let text = call.arguments.first().and_then(Expr::as_text).unwrap_or_default();
                Some(format!("Symbol({text}) of {path}:{}", expr.lines.first))
            }
            _ => None,
        }
    }

    /// Whether `call` of the file `path` calls the name `name` of the package `from`.
    pub(crate) fn calls(&self, path: &'s str, call: &'s Call, from: &str, name: &str) -> bool {
        self.meaning(path, &call.callee).is_some_and(|def| def.of_package(from) == Some(name))
    }
}
