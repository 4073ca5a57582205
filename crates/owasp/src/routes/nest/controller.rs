//! The routes of a controller, with everything that stands before them.

use std::collections::BTreeSet;

use super::NAME;
use super::guard::{self, Guard, Kind};
use super::marks::{self, Mark};
use super::settings::{self, Prefix};
use crate::program::{Def, Program};
use crate::routes::{Access, Body, Proof, Route, Setting, Table, What, at, object};
use crate::syntax::{Class, Expr, ExprKind, Function, Type};

/// Decorators of methods that answer, and the method of HTTP.
const METHODS: &[(&str, &str)] = &[
    ("Get", "GET"),
    ("Post", "POST"),
    ("Put", "PUT"),
    ("Patch", "PATCH"),
    ("Delete", "DELETE"),
    ("Options", "OPTIONS"),
    ("Head", "HEAD"),
    ("All", "ANY"),
    ("Search", "SEARCH"),
    ("Sse", "GET"),
];

/// How many controllers may be built on one another.
const DEEPEST: usize = 6;

const COMMON: &str = "@nestjs/common";

/// Reads controllers of one application.
pub(super) struct Of<'a, 'p> {
    pub(super) program: &'a Program<'p>,
    pub(super) application: usize,
    pub(super) global: &'a [Guard<'p>],
    pub(super) settings: &'a [Setting],
    pub(super) prefix: &'a Prefix,
    /// Whether the application registers them.
    pub(super) served: bool,
}

impl<'p> Of<'_, 'p> {
    /// Puts the routes of `class` into the table.
    pub(super) fn routes(&self, path: &'p str, class: &'p Class, before: &str, table: &mut Table) {
        let class_marks = marks::of(self.program, path, &class.decorators);
        let (bases, versions, unresolved) = self.bases(&class_marks);
        let bases: Vec<String> = bases.iter().map(|base| format!("{before}/{base}")).collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut of = Some((path, class));
        for _ in 0..DEEPEST {
            let Some((file, current)) = of else { break };
            for method in &current.methods {
                let name = method.name.as_deref().unwrap_or_default();
                // A method that is built over hides the one below.
                if seen.insert(name) {
                    self.method(file, class, method, &class_marks, (&bases, &versions, &unresolved), table);
                }
            }
            of = current.extends.as_ref().and_then(|extended| match self.program.meaning(file, extended) {
                Some(Def::Class(file, class)) => Some((file, class)),
                _ => None,
            });
        }
    }

    /// The paths that `@Controller` gives, its versions, and what could not be read of it.
    fn bases(&self, marks: &[Mark<'p>]) -> (Vec<String>, Vec<String>, Vec<String>) {
        let mut unresolved = Vec::new();
        let (mut bases, mut versions) = (Vec::new(), Vec::new());
        for mark in marks {
            let Mark::Known { package: COMMON, name: "Controller", arguments, path, .. } = mark else { continue };
            let Some(argument) = arguments.first() else { continue };
            let argument = match self.program.meaning(path, argument) {
                Some(Def::Value(_, value)) => value,
                _ => argument,
            };
            let given = argument.get("path").or_else(|| argument.properties().is_empty().then_some(argument));
            if let Some(given) = given {
                self.texts(path, given, &mut bases, &mut unresolved);
            }
            if let Some(version) = argument.get("version") {
                self.texts(path, version, &mut versions, &mut unresolved);
            }
        }
        if bases.is_empty() {
            bases.push(String::new());
        }
        (bases, versions, unresolved)
    }

    fn texts(&self, path: &'p str, expr: &'p Expr, texts: &mut Vec<String>, unresolved: &mut Vec<String>) {
        if let ExprKind::Array(all) = &expr.kind {
            return all.iter().for_each(|one| self.texts(path, one, texts, unresolved));
        }
        match self.program.text(path, expr) {
            Some(text) => texts.push(text),
            None if expr.last_name() == Some("VERSION_NEUTRAL") => {}
            None => {
                texts.push("?".to_owned());
                unresolved.push("its path is not written down".to_owned());
            }
        }
    }

    fn method(
        &self,
        file: &'p str,
        class: &'p Class,
        method: &'p Function,
        class_marks: &[Mark<'p>],
        (bases, versions, lost): (&[String], &[String], &[String]),
        table: &mut Table,
    ) {
        let marks = marks::of(self.program, file, &method.decorators);
        let mut unresolved: Vec<String> = lost.to_vec();
        let mut own_versions = versions.to_vec();
        let mut answers: Vec<(&str, Vec<String>)> = Vec::new();
        for mark in &marks {
            let Mark::Known { package: COMMON, name, arguments, path, .. } = mark else { continue };
            if *name == "Version"
                && let Some(argument) = arguments.first()
            {
                own_versions.clear();
                self.texts(path, argument, &mut own_versions, &mut unresolved);
            }
            let Some((_, verb)) = METHODS.iter().find(|(decorator, _)| decorator == name) else { continue };
            let mut paths = Vec::new();
            match arguments.first() {
                Some(argument) => self.texts(path, argument, &mut paths, &mut unresolved),
                None => paths.push(String::new()),
            }
            answers.push((verb, paths));
        }
        if answers.is_empty() {
            return;
        }
        let guards = self.guards(class_marks, &marks);
        let (access, role, limit) = self.stands_before(&guards, class_marks, &marks, &mut unresolved);
        if self.served {
            table.default_allow.extend(
                guards
                    .iter()
                    .filter(|guard| guard.allows_by_default(self.program))
                    .map(|guard| Proof { text: guard.name.clone(), place: guard.place.clone() }),
            );
        }
        let name = class.name.as_deref().unwrap_or("?");
        let mut versions: Vec<Option<&str>> = own_versions.iter().map(|version| Some(version.as_str())).collect();
        if versions.is_empty() || self.prefix.version.is_none() {
            versions = vec![None];
        }
        for (verb, paths) in answers {
            for (base, own) in bases.iter().flat_map(|base| paths.iter().map(move |own| (base, own))) {
                for version in &versions {
                    let path = self.prefix.before(*version, &[base, own]);
                    let object = if path.contains('{') {
                        self.object(file, class, method, &guards)
                    } else {
                        crate::routes::Object::None
                    };
                    table.routes.push(Route {
                        framework: NAME,
                        application: self.application,
                        served: self.served,
                        method: verb.to_owned(),
                        path,
                        handler: format!("{name}.{}", method.name.as_deref().unwrap_or("?")),
                        place: at(file, method.lines),
                        access: access.clone(),
                        role: role.clone(),
                        limit: limit.clone(),
                        body: self.body(file, method, class_marks, &marks),
                        object,
                        unresolved: unresolved.clone(),
                    });
                }
            }
        }
    }

    /// The guards before a route, in the order in which they are asked.
    fn guards(&self, class_marks: &[Mark<'p>], marks: &[Mark<'p>]) -> Vec<Guard<'p>> {
        let mut guards = self.global.to_vec();
        for mark in class_marks.iter().chain(marks) {
            if let Mark::Known { package: COMMON, name: "UseGuards", arguments, path, place } = mark {
                for (path, one) in arguments.iter().flat_map(|one| self.listed(path, one)) {
                    guards.push(guard::of(self.program, path, one, place.clone()));
                }
            }
        }
        guards
    }

    /// An argument, or the entries of the list that is spread there.
    fn listed(&self, path: &'p str, argument: &'p Expr) -> Vec<(&'p str, &'p Expr)> {
        let ExprKind::Spread(list) = &argument.kind else { return vec![(path, argument)] };
        match self.program.meaning(path, list) {
            Some(Def::Value(file, Expr { kind: ExprKind::Array(all), .. })) => {
                all.iter().map(|one| (file, one)).collect()
            }
            _ => vec![(path, argument)],
        }
    }

    fn stands_before(
        &self,
        guards: &[Guard<'p>],
        class_marks: &[Mark<'p>],
        marks: &[Mark<'p>],
        unresolved: &mut Vec<String>,
    ) -> (Access, Option<Proof>, Option<Proof>) {
        let (mut access, mut role, mut limit) = (Access::Open, None, None);
        for guard in guards {
            let effect = guard.effect(self.program, marks, class_marks);
            let proof = |text: String| Proof { text, place: guard.place.clone() };
            match guard.kind {
                Kind::Identity if !guard.is_understood() => {
                    if access == Access::Open {
                        access = Access::Unclear(format!("the guard {} could not be looked into", guard.name));
                        unresolved.push(format!("the guard {} could not be looked into", guard.name));
                    }
                }
                Kind::Identity if effect.outcome.only_allows() => {
                    if let (Access::Open, Some((shown, place))) = (&access, effect.went_by.first()) {
                        let text = format!("{shown} lets anybody through {}", guard.name);
                        access = Access::Public(Proof { text, place: place.clone() });
                    }
                }
                // Who logs in is nobody yet.
                Kind::Identity if guard.name == "AuthGuard('local')" && matches!(access, Access::Public(_)) => {}
                Kind::Identity => access = Access::Known(proof(guard.name.clone())),
                Kind::Permission => {
                    let goes_by_role = effect.went_by.iter().find(|_| !effect.outcome.only_allows());
                    if let Some((shown, place)) = goes_by_role {
                        let text = format!("{shown}, asked by {}", guard.name);
                        role = Some(Proof { text, place: place.clone() });
                    } else if !effect.looks_for_marks && !effect.outcome.only_allows() && guard.is_understood() {
                        role = Some(proof(guard.name.clone()));
                    }
                }
                Kind::Limit if !effect.outcome.only_allows() => limit = Some(proof(guard.name.clone())),
                Kind::Limit | Kind::Other => {}
            }
        }
        let everywhere = |what| self.settings.iter().find(|setting| setting.what == what && setting.idle.is_none());
        (access, role, limit.or_else(|| everywhere(What::Limiter).map(|setting| setting.proof.clone())))
    }

    fn body(&self, file: &'p str, method: &'p Function, class_marks: &[Mark<'p>], marks: &[Mark<'p>]) -> Body {
        let mut pipes: Vec<Setting> = Vec::new();
        for mark in marks.iter().chain(class_marks) {
            if let Mark::Known { package: COMMON, name: "UsePipes", arguments, path, .. } = mark {
                pipes.extend(arguments.iter().filter_map(|pipe| settings::whitelist(self.program, path, pipe)));
            }
        }
        let mut result = Body::None;
        for parameter in &method.parameters {
            for decorator in &parameter.decorators {
                let of = marks::of(self.program, file, std::slice::from_ref(decorator));
                let Some(Mark::Known { package: COMMON, name: "Body", arguments, .. }) = of.first() else { continue };
                let field = arguments.first().and_then(Expr::as_text);
                if field.is_some() {
                    // One property alone brings no other with it.
                    if result == Body::None {
                        result = Body::Checked(Proof {
                            text: "single properties are taken".to_owned(),
                            place: at(file, method.lines),
                        });
                    }
                    continue;
                }
                let own = arguments.iter().filter_map(|pipe| settings::whitelist(self.program, file, pipe));
                let global = self.settings.iter().filter(|setting| setting.what == What::Whitelist);
                let all: Vec<Setting> = own.chain(pipes.iter().cloned()).chain(global.cloned()).collect();
                let place = at(file, decorator.lines);
                let unchecked = |text: String| Body::Unchecked(Proof { text, place: place.clone() });
                let Some(pipe) = all.iter().find(|pipe| pipe.idle.is_none()) else {
                    let because = all.iter().find_map(|pipe| pipe.idle.clone());
                    return unchecked(because.unwrap_or_else(|| "no validation pipe reaches it".to_owned()));
                };
                match self.declared(file, parameter.of_type.as_ref()) {
                    Declared::Class(name) => {
                        let text = format!("{name}, through {}", pipe.proof.text);
                        result = Body::Checked(Proof { text, place: pipe.proof.place.clone() });
                    }
                    Declared::Not(because) => return unchecked(because),
                    Declared::Unclear(because) => return Body::Unclear(because),
                }
            }
        }
        result
    }

    /// Whether a type is a class whose properties say what is right, which alone a validation pipe can go by.
    fn declared(&self, file: &'p str, of_type: Option<&'p Type>) -> Declared {
        let Some(of_type) = of_type else { return Declared::Not("its body has no type".to_owned()) };
        let name = of_type.name.as_str();
        match name {
            "unknown" | "any" | "object" | "Object" | "{}" | "Record" | "|" | "&" | "Partial" | "Omit" | "Pick"
            | "Array" => {
                let shown = match name {
                    "|" => "a union of types",
                    "&" => "an intersection of types",
                    "{}" => "a type without a class",
                    name => name,
                };
                return Declared::Not(format!("its body is {shown}, which slips past the validation pipe"));
            }
            "string" | "number" | "boolean" => return Declared::Class(name.to_owned()),
            _ => {}
        }
        match self.program.lookup(file, name) {
            Some(Def::Class(place, class)) => self.declares(place, class, 0),
            Some(Def::External(package, _)) => Declared::Unclear(format!("{name} is a class of {package}")),
            _ if self.is_type(file, name) => {
                Declared::Not(format!("its body is {name}, which is no class and slips past the validation pipe"))
            }
            _ => Declared::Unclear(format!("what {name} is could not be told")),
        }
    }

    /// Whether `name` is an interface or an alias, here or where it comes from.
    fn is_type(&self, file: &'p str, name: &str) -> bool {
        let Some(here) = self.program.file(file) else { return false };
        if here.types.iter().any(|of| of == name) {
            return true;
        }
        let import = here.imports.iter().find(|import| import.local == name);
        let there = import.and_then(|import| self.program.module(file, &import.from));
        there.and_then(|there| self.program.file(there)).is_some_and(|there| there.types.iter().any(|of| of == name))
    }

    fn declares(&self, file: &'p str, class: &'p Class, depth: usize) -> Declared {
        let name = class.name.clone().unwrap_or_default();
        let validated = class.fields.iter().any(|field| {
            field.decorators.iter().any(|decorator| {
                let callee = decorator.as_call().map_or(decorator, |call| &call.callee);
                match self.program.meaning(file, callee) {
                    Some(Def::External(package, _)) => matches!(package, "class-validator" | "nestjs-zod"),
                    // One of the repository's own, built on those.
                    Some(Def::Function(..) | Def::Value(..)) => true,
                    _ => false,
                }
            })
        });
        if validated {
            return Declared::Class(name);
        }
        if let Some(extended) = class.extends.as_ref().filter(|_| depth < DEEPEST) {
            // `PartialType(X)`, `OmitType(X, …)`, `createZodDto(schema)`.
            let (callee, of) = match extended.as_call() {
                Some(call) => (&call.callee, call.arguments.first()),
                None => (extended, Some(extended)),
            };
            if callee.last_name() == Some("createZodDto") {
                return Declared::Class(name);
            }
            if let Some(Def::Class(file, class)) = of.and_then(|of| self.program.meaning(file, of)) {
                return match self.declares(file, class, depth + 1) {
                    Declared::Class(_) => Declared::Class(name),
                    other => other,
                };
            }
        }
        Declared::Not(format!("the class {name} of its body declares no property that is validated"))
    }

    /// How a route reaches the object that its path names.
    fn object(
        &self,
        file: &'p str,
        class: &'p Class,
        method: &'p Function,
        guards: &[Guard<'p>],
    ) -> crate::routes::Object {
        let mut ids = Vec::new();
        let mut principals = Vec::new();
        for parameter in &method.parameters {
            let names = || parameter.bindings.iter().map(|binding| binding.local.as_str());
            for decorator in &parameter.decorators {
                let callee = decorator.as_call().map_or(decorator, |call| &call.callee);
                match self.program.meaning(file, callee) {
                    Some(Def::External(COMMON, "Param")) => {
                        let given = decorator.as_call().and_then(|call| call.arguments.first()).and_then(Expr::as_text);
                        ids.extend(
                            names().filter(|name| given.is_none() || object::names_an_object(given.unwrap_or(name))),
                        );
                    }
                    Some(Def::External(COMMON, "Req" | "Request" | "Session")) => principals.extend(names()),
                    Some(Def::External(COMMON, _)) => {}
                    // A parameter decorator of one's own mostly hands out who asks.
                    Some(_) => principals.extend(names()),
                    None => {}
                }
            }
        }
        let tenant = guards.iter().find(|guard| guard.kind != Kind::Identity && guard.limits_to_a_tenant());
        let found = object::reached(
            file,
            method,
            &ids,
            &principals,
            &object::Beside { own: &|name| class.method(name), knows: &|_| false },
        );
        match (found, tenant) {
            (crate::routes::Object::Unscoped(_), Some(guard)) => crate::routes::Object::Scoped(Proof {
                text: format!("{} limits the request to a tenant", guard.name),
                place: guard.place.clone(),
            }),
            (found, _) => found,
        }
    }
}

enum Declared {
    Class(String),
    Not(String),
    Unclear(String),
}
