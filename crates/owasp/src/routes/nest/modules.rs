//! The modules that an application reaches, what they register, and what holds everywhere because of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{NAME, Start, class_of};
use crate::program::{Def, Program};
use crate::routes::{Lost, at, joined};
use crate::syntax::returned;
use crate::syntax::{Call, Class, Expr, ExprKind, Function, walk};

/// What the modules of an application register.
#[derive(Default)]
pub(super) struct Modules<'p> {
    pub(super) controllers: Vec<(&'p str, &'p Class)>,
    /// The module, by file and line, that registers each of them, and the paths that `RouterModule` puts before those of modules.
    registered: BTreeMap<(&'p str, u32), (&'p str, u32)>,
    below: BTreeMap<(&'p str, u32), String>,
    /// The module that is read.
    current: Option<(&'p str, u32)>,
    /// What is provided as `APP_GUARD`, `APP_PIPE`, …: token, file, what it is.
    pub(super) global: Vec<(&'p str, &'p str, &'p Expr)>,
    /// What `configure` applies to every route: file, what.
    pub(super) middleware: Vec<(&'p str, &'p Expr)>,
    /// Calls of names of packages among imports: `ThrottlerModule.forRoot(…)`.
    pub(super) packages: Vec<(&'p str, &'p Expr, String)>,
    /// Classes that are provided plainly, so that they can be injected and do nothing by themselves.
    pub(super) provided: Vec<(&'p str, &'p Expr)>,
    pub(super) lost: Vec<Lost>,
    seen: BTreeSet<(&'p str, u32)>,
    depth: usize,
}

/// How many lists and modules may be put into one another.
const DEEPEST: usize = 200;

/// Everything from the first module on.
pub(super) fn reach<'p>(program: &Program<'p>, start: &Start<'p>) -> Modules<'p> {
    let mut modules = Modules::default();
    modules.import(program, start.path, start.module);
    let key = |(path, class): &(&'p str, &'p Class)| (*path, class.lines.first);
    modules.controllers.sort_by_key(key);
    modules.controllers.dedup_by_key(|entry| key(entry));
    modules
}

impl<'p> Modules<'p> {
    /// The path that `RouterModule` puts before the routes of a controller.
    pub(super) fn before(&self, path: &str, class: &Class) -> &str {
        let module = self.registered.get(&(path, class.lines.first));
        module.and_then(|module| self.below.get(module)).map_or("", String::as_str)
    }

    /// `RouterModule.register([{ path, module, children }])`.
    fn tree(&mut self, program: &Program<'p>, path: &'p str, list: &'p Expr, above: &str, depth: usize) {
        let (path, list) = match program.meaning(path, list) {
            Some(Def::Value(place, value)) => (place, value),
            _ => (path, list),
        };
        let ExprKind::Array(entries) = &list.kind else { return };
        for entry in entries.iter().filter(|_| depth < DEEPEST) {
            if let Some(Def::Class(place, class)) = class_of(program, path, entry) {
                self.below.insert((place, class.lines.first), above.to_owned());
                continue;
            }
            let own = entry.get("path").and_then(|own| program.text(path, own)).unwrap_or_default();
            let below = joined(&[above, &own]);
            if let Some(Def::Class(place, class)) =
                entry.get("module").and_then(|module| class_of(program, path, module))
            {
                self.below.insert((place, class.lines.first), below.clone());
            }
            if let Some(children) = entry.get("children") {
                self.tree(program, path, children, &below, depth + 1);
            }
        }
    }

    fn lose(&mut self, path: &str, expr: &Expr, what: &str) {
        self.lost.push(Lost { framework: NAME, place: at(path, expr.lines), what: what.to_owned(), hides: true });
    }

    /// Takes in what an entry of `imports` stands for.
    fn import(&mut self, program: &Program<'p>, path: &'p str, expr: &'p Expr) {
        let (name, call) = match &expr.kind {
            ExprKind::Call(call) => match &call.callee.kind {
                ExprKind::Member(object, _) => (&**object, Some(call)),
                _ => (expr, None),
            },
            ExprKind::Spread(inner) | ExprKind::Await(inner) => return self.each(program, path, inner, Self::import),
            ExprKind::Choice { yes, no, .. } => {
                self.import(program, path, yes);
                return self.import(program, path, no);
            }
            ExprKind::Binary { right, .. } => return self.import(program, path, right),
            _ => (expr, None),
        };
        // A module that is put in on a condition counts as reached: what it serves is served somewhere.
        if let Some(call) = call
            && name.last_name() == Some("ConditionalModule")
            && let Some(inner) = call.arguments.first()
        {
            return self.import(program, path, inner);
        }
        match class_of(program, path, name) {
            Some(Def::Class(place, class)) => {
                self.module(program, place, class);
                if let Some(call) = call {
                    self.dynamic(program, path, place, class, call);
                }
            }
            Some(Def::External("@nestjs/core", "RouterModule")) => {
                if let Some(list) = call.and_then(|call| call.arguments.first()) {
                    self.tree(program, path, list, "", 0);
                }
            }
            Some(Def::External(package, name)) => self.packages.push((path, expr, format!("{package}:{name}"))),
            Some(Def::Value(place, value)) if !std::ptr::eq(value, expr) => {
                self.each(program, place, value, Self::import);
            }
            Some(Def::Function(place, function)) => {
                for value in returned(function) {
                    self.described(program, place, value);
                }
            }
            _ => self.lose(path, expr, "an imported module is not understood"),
        }
    }

    /// Does `with` each entry of a list, which may lie elsewhere.
    fn each(
        &mut self,
        program: &Program<'p>,
        path: &'p str,
        expr: &'p Expr,
        with: fn(&mut Self, &Program<'p>, &'p str, &'p Expr),
    ) {
        if self.depth == DEEPEST {
            return self.lose(path, expr, "a list of a module leads too deep");
        }
        self.depth += 1;
        self.each_of(program, path, expr, with);
        self.depth -= 1;
    }

    fn each_of(
        &mut self,
        program: &Program<'p>,
        path: &'p str,
        expr: &'p Expr,
        with: fn(&mut Self, &Program<'p>, &'p str, &'p Expr),
    ) {
        let (path, expr) = match program.meaning(path, expr) {
            Some(Def::Value(place, value)) => (place, value),
            Some(Def::Class(..)) => return with(self, program, path, expr),
            _ => (path, expr),
        };
        match &expr.kind {
            ExprKind::Array(all) => all.iter().for_each(|one| match &one.kind {
                ExprKind::Spread(inner) => self.each(program, path, inner, with),
                _ => with(self, program, path, one),
            }),
            ExprKind::Choice { yes, no, .. } => {
                self.each(program, path, yes, with);
                self.each(program, path, no, with);
            }
            ExprKind::Binary { right, .. } => self.each(program, path, right, with),
            ExprKind::Object(_) => self.described(program, path, expr),
            ExprKind::Call(call) => match &call.callee.kind {
                // `[…].filter(Boolean)`, `a.concat(b)`.
                ExprKind::Member(object, _) if matches!(object.kind, ExprKind::Array(_)) => {
                    self.each(program, path, object, with);
                }
                _ => with(self, program, path, expr),
            },
            _ => self.lose(path, expr, "a list of a module is not understood"),
        }
    }

    fn module(&mut self, program: &Program<'p>, path: &'p str, class: &'p Class) {
        if !self.seen.insert((path, class.lines.first)) {
            return;
        }
        let before = self.current.replace((path, class.lines.first));
        for decorator in &class.decorators {
            let Some(call) = decorator.as_call() else { continue };
            let is_module = program
                .meaning(path, &call.callee)
                .is_some_and(|def| def.of_package("@nestjs/common") == Some("Module"));
            if is_module && let Some(described) = call.arguments.first() {
                self.described(program, path, described);
            }
        }
        if let Some(configure) = class.method("configure") {
            self.configure(path, configure);
        }
        self.current = before;
    }

    /// Takes in what a module's description registers.
    fn described(&mut self, program: &Program<'p>, path: &'p str, described: &'p Expr) {
        let (path, described) = match program.meaning(path, described) {
            Some(Def::Value(place, value)) => (place, value),
            _ => (path, described),
        };
        for property in described.properties() {
            match property.name.as_deref() {
                Some("imports") => self.each(program, path, &property.value, Self::import),
                Some("controllers") => self.each(program, path, &property.value, Self::controller),
                Some("providers") => self.each(program, path, &property.value, Self::provider),
                Some("module") => self.import(program, path, &property.value),
                Some(_) => {}
                None => self.lose(path, &property.value, "a part of a module is put in from elsewhere"),
            }
        }
    }

    /// What a module's own static method (`forRoot`) adds.
    fn dynamic(&mut self, program: &Program<'p>, from: &str, path: &'p str, class: &'p Class, call: &'p Call) {
        let name = call.callee.last_name().unwrap_or_default();
        match class.method(name) {
            Some(method) => returned(method).into_iter().for_each(|value| self.described(program, path, value)),
            None if class.extends.is_some() => {}
            None => self.lose(from, &call.callee, "a module is made by a method that is not understood"),
        }
    }

    fn controller(&mut self, program: &Program<'p>, path: &'p str, expr: &'p Expr) {
        match class_of(program, path, expr) {
            Some(Def::Class(place, class)) => {
                self.controllers.push((place, class));
                if let Some(module) = self.current {
                    self.registered.insert((place, class.lines.first), module);
                }
            }
            Some(Def::External(..)) => self.lose(path, expr, "a controller of a package is not looked at"),
            _ => self.lose(path, expr, "a controller is not understood"),
        }
    }

    fn provider(&mut self, program: &Program<'p>, path: &'p str, expr: &'p Expr) {
        let (path, object) = match program.meaning(path, expr) {
            Some(Def::Value(place, value)) => (place, value),
            _ => (path, expr),
        };
        let Some(token) = object.get("provide") else { return self.provided.push((path, expr)) };
        let token = program.meaning(path, token);
        let Some(token) = token.as_ref().and_then(|def| def.of_package("@nestjs/core")) else { return };
        let token = match token {
            "APP_GUARD" => "APP_GUARD",
            "APP_PIPE" => "APP_PIPE",
            "APP_INTERCEPTOR" => "APP_INTERCEPTOR",
            "APP_FILTER" => "APP_FILTER",
            _ => return,
        };
        let made = ["useClass", "useExisting", "useValue"].iter().find_map(|key| object.get(key));
        match (made, object.get("useFactory").and_then(Expr::as_function)) {
            (Some(made), _) => self.global.push((token, path, made)),
            (None, Some(factory)) => {
                returned(factory).into_iter().for_each(|value| self.global.push((token, path, value)));
            }
            _ => self.lose(path, object, "what holds for the whole application is not understood"),
        }
    }

    /// What `configure(consumer)` applies to all routes.
    fn configure(&mut self, path: &'p str, configure: &'p Function) {
        walk(&configure.body, &mut |expr| {
            let Some(call) = expr.as_call() else { return };
            let ExprKind::Member(object, name) = &call.callee.kind else { return };
            let everywhere = call.arguments.iter().any(|argument| {
                matches!(
                    argument.as_text(),
                    Some("*" | "(.*)" | "/*" | "*path" | "{*path}" | "/*path" | "/{*splat}" | "*splat")
                ) || argument.get("path").and_then(Expr::as_text).is_some_and(|path| path.starts_with('*'))
            });
            if name != "forRoutes" || !everywhere {
                return;
            }
            // Between the two may stand `.exclude(…)`.
            let mut applied = object.as_call();
            while let Some(call) = applied {
                let ExprKind::Member(inner, name) = &call.callee.kind else { return };
                if name == "apply" {
                    self.middleware.extend(call.arguments.iter().map(|argument| (path, argument)));
                    return;
                }
                applied = inner.as_call();
            }
        });
    }
}
