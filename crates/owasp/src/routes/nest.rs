//! NestJS: modules from `NestFactory.create` on, the controllers that they register, and every guard that stands before a route.
//!
//! A guard counts where it is in force: registered for the application (`APP_GUARD` in a module that is reached,
//! `useGlobalGuards`), or named by the controller or the method, through aliases and wrapper decorators. What it does is found
//! out by following it (`guard`), for each route with the marks that the route has.

mod controller;
mod guard;
mod marks;
mod modules;
mod settings;

pub(super) use settings::cors;

use std::collections::BTreeSet;

use super::{Application, Framework, Lost, Setting, Table, at};
use crate::program::{Def, Program};
use crate::syntax::{Call, Expr, ExprKind, Stmt, walk};

/// The framework.
pub(crate) struct Nest;

const NAME: &str = "NestJS";

impl Framework for Nest {
    fn find(&self, program: &Program<'_>, table: &mut Table) {
        let mut served = BTreeSet::new();
        let mut last = None;
        for start in starts(program) {
            let modules = modules::reach(program, &start);
            table.lost.extend(modules.lost.iter().cloned());
            let sets = Sets {
                global: settings::guards(program, &start, &modules),
                settings: settings::of(program, &start, &modules),
                prefix: settings::prefix(program, &start),
            };
            let of = sets.over(program, table.applications.len(), true);
            if let Some(place) = sets.prefix.unknown.clone() {
                let what = "what all paths begin with is not written down, so they lack it here".to_owned();
                table.lost.push(Lost { framework: NAME, place, what, hides: false });
            }
            for (path, class) in &modules.controllers {
                served.insert((*path, class.lines.first));
                of.routes(path, class, modules.before(path, class), table);
            }
            let idle = settings::idle(program, &modules, &sets.global);
            let settings = sets.settings.iter().cloned().chain(idle).collect();
            table.applications.push(Application { framework: NAME, place: at(start.path, start.made.lines), settings });
            last = Some(sets);
        }
        unserved(program, &served, last.as_ref(), table);
    }
}

/// What an application sets for everything that it registers.
struct Sets<'p> {
    global: Vec<guard::Guard<'p>>,
    settings: Vec<Setting>,
    prefix: settings::Prefix,
}

impl<'p> Sets<'p> {
    /// Controllers as they stand in the application of this number.
    fn over<'a>(&'a self, program: &'a Program<'p>, application: usize, served: bool) -> controller::Of<'a, 'p> {
        let Self { global, settings, prefix } = self;
        controller::Of { program, application, served, global, settings, prefix }
    }
}

/// Where an application is made.
pub(super) struct Start<'p> {
    pub(super) path: &'p str,
    /// The statements in which that happens: what is set there holds for the application.
    pub(super) body: &'p [Stmt],
    pub(super) made: &'p Expr,
    /// What its first module is given as.
    pub(super) module: &'p Expr,
}

fn starts<'p>(program: &Program<'p>) -> Vec<Start<'p>> {
    let mut all = Vec::new();
    for path in program.sources.holding(&["NestFactory"]) {
        let Some(file) = program.file(path) else { continue };
        let mut found: Vec<(&Expr, &Call)> = Vec::new();
        walk(&file.body, &mut |expr| {
            if let ExprKind::Call(call) = &expr.kind
                && let ExprKind::Member(object, name) = &call.callee.kind
                && name == "create"
                && program
                    .meaning(path, object)
                    .is_some_and(|def| def.of_package("@nestjs/core") == Some("NestFactory"))
            {
                found.push((expr, call));
            }
        });
        // The same module made in several ways (`https ? create(M, …) : create(M)`) is one application.
        let mut modules = BTreeSet::new();
        all.extend(found.into_iter().filter_map(|(made, call)| {
            let module = call.arguments.first()?;
            modules.insert(module.chain()?).then_some(Start { path, body: &file.body, made, module })
        }));
    }
    all
}

/// Controllers that no application registers: what is not served is no route, but nobody should think that it was looked at. Where
/// there is one application, they are listed as if it registered them.
fn unserved<'p>(program: &Program<'p>, served: &BTreeSet<(&str, u32)>, sets: Option<&Sets<'p>>, table: &mut Table) {
    let only = sets.filter(|_| table.applications.len() == 1);
    for path in program.sources.holding(&["@Controller("]) {
        let Some(file) = program.file(path) else { continue };
        for class in file.body.iter().filter_map(|stmt| if let Stmt::Class(class) = stmt { Some(class) } else { None })
        {
            let is_controller = class.decorators.iter().any(|decorator| {
                let callee = decorator.as_call().map_or(decorator, |call| &call.callee);
                program.meaning(path, callee).is_some_and(|def| def.of_package("@nestjs/common") == Some("Controller"))
            });
            if !is_controller || served.contains(&(path, class.lines.first)) {
                continue;
            }
            let name = class.name.as_deref().unwrap_or("a class");
            let what = format!("the controller {name} is registered by no application that was found");
            table.lost.push(Lost { framework: NAME, place: at(path, class.lines), what, hides: false });
            if let Some(sets) = only {
                sets.over(program, 0, false).routes(path, class, "", table);
            }
        }
    }
}

/// What an expression that names a class, or makes one of its objects, names.
pub(super) fn class_of<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> Option<Def<'p>> {
    match &expr.kind {
        ExprKind::New(call) => program.meaning(path, &call.callee),
        // `forwardRef(() => X)`.
        ExprKind::Call(call) if program.calls(path, call, "@nestjs/common", "forwardRef") => {
            let function = call.arguments.first()?.as_function()?;
            let Some(Stmt::Return(Some(inner))) = function.body.last() else { return None };
            class_of(program, path, inner)
        }
        _ => program.meaning(path, expr),
    }
}
