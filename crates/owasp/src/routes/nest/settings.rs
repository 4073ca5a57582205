//! What holds for a whole application: what `main` sets on it, what its modules provide for all.

use std::collections::BTreeSet;

use tollgate_model::Location;

use super::guard::{self, Guard, Kind};
use super::modules::Modules;
use super::{Start, class_of};
use crate::program::{Def, Program};
use crate::routes::{Proof, SECURE_HEADERS, Setting, What, at, joined, returned};
use crate::syntax::{Class, Expr, ExprKind, Function, walk};

/// The path that all routes begin with.
pub(super) struct Prefix {
    path: String,
    /// Where it is set, and not written down.
    pub(super) unknown: Option<Location>,
    /// Paths that it is not put before.
    except: Vec<String>,
    /// What versions are written with in the path: `v`; none where they are not part of it.
    pub(super) version: Option<String>,
    /// The version of what says none.
    pub(super) usual: Option<String>,
}

impl Prefix {
    /// A route's whole path.
    pub(super) fn before(&self, version: Option<&str>, path: &[&str]) -> String {
        let own = joined(path);
        if self.except.contains(&own) {
            return own;
        }
        let version = self.version.as_ref().zip(version.or(self.usual.as_deref()));
        let version = version.map(|(v, version)| format!("{v}{version}")).unwrap_or_default();
        joined(&[&self.path, &version, &own])
    }
}

/// Every call on the application: the method and its arguments.
fn calls<'p>(start: &Start<'p>) -> Vec<(&'p str, &'p Expr, &'p [Expr])> {
    let mut all = Vec::new();
    walk(start.body, &mut |expr| {
        if let ExprKind::Call(call) = &expr.kind
            && let ExprKind::Member(_, name) = &call.callee.kind
        {
            all.push((name.as_str(), expr, call.arguments.as_slice()));
        }
    });
    all
}

/// The prefix of all paths.
pub(super) fn prefix<'p>(program: &Program<'p>, start: &Start<'p>) -> Prefix {
    let mut prefix = Prefix { path: String::new(), unknown: None, except: Vec::new(), version: None, usual: None };
    for (name, _, arguments) in calls(start) {
        match (name, arguments) {
            ("setGlobalPrefix", [path, rest @ ..]) => {
                match program.text(start.path, path) {
                    Some(text) => prefix.path = text,
                    None => prefix.unknown = Some(at(start.path, path.lines)),
                }
                let except = rest.first().and_then(|options| options.get("exclude"));
                if let Some(ExprKind::Array(all)) = except.map(|list| &list.kind) {
                    let path = |one: &'p Expr| program.text(start.path, one.get("path").unwrap_or(one));
                    prefix.except = all.iter().filter_map(path).map(|path| joined(&[&path])).collect();
                }
            }
            ("enableVersioning", rest) => {
                let options = rest.first();
                let kind = options.and_then(|options| options.get("type")).and_then(Expr::last_name);
                if kind.is_none_or(|kind| kind == "URI") {
                    let given = options.and_then(|options| options.get("prefix"));
                    let given = given.map(|given| program.text(start.path, given).unwrap_or_default());
                    prefix.version = Some(given.unwrap_or_else(|| "v".to_owned()));
                    prefix.usual = options
                        .and_then(|options| options.get("defaultVersion"))
                        .and_then(|v| program.text(start.path, v));
                }
            }
            _ => {}
        }
    }
    prefix
}

/// The guards that stand before every route, in the order in which they are asked.
pub(super) fn guards<'p>(program: &Program<'p>, start: &Start<'p>, modules: &Modules<'p>) -> Vec<Guard<'p>> {
    let mut all = Vec::new();
    for (name, _, arguments) in calls(start) {
        if name == "useGlobalGuards" {
            all.extend(arguments.iter().map(|one| guard::of(program, start.path, one, at(start.path, one.lines))));
        }
    }
    let provided = modules.global.iter().filter(|(token, ..)| *token == "APP_GUARD");
    all.extend(provided.map(|(_, path, expr)| guard::of(program, path, expr, at(path, expr.lines))));
    all
}

/// Limiters that are configured, or provided, while no guard asks them.
pub(super) fn idle<'p>(program: &Program<'p>, modules: &Modules<'p>, global: &[Guard<'p>]) -> Vec<Setting> {
    let mut all = Vec::new();
    let limits = global.iter().any(|guard| guard.kind == Kind::Limit);
    for (path, expr, name) in &modules.packages {
        if name.starts_with("@nestjs/throttler:") && !limits {
            all.push(Setting {
                what: What::Limiter,
                idle: Some(
                    "ThrottlerModule is imported, and no ThrottlerGuard is registered for all routes".to_owned(),
                ),
                proof: Proof { text: "ThrottlerModule".to_owned(), place: at(path, expr.lines) },
            });
        }
    }
    let used: BTreeSet<String> = global.iter().map(|guard| guard.name.clone()).collect();
    for guard in guard::idle(program, &modules.provided, &used) {
        let what = match guard.kind {
            Kind::Limit => What::Limiter,
            Kind::Identity => What::Identity,
            Kind::Permission => What::Permission,
            Kind::Other => continue,
        };
        let idle = Some(format!("{} is provided, and not registered as APP_GUARD", guard.name));
        all.push(Setting { what, idle, proof: Proof { text: guard.name.clone(), place: guard.place } });
    }
    all
}

/// Everything else that holds for all of it.
pub(super) fn of<'p>(program: &Program<'p>, start: &Start<'p>, modules: &Modules<'p>) -> Vec<Setting> {
    let mut all = Vec::new();
    for (name, expr, arguments) in calls(start) {
        let place = at(start.path, expr.lines);
        match name {
            "useGlobalPipes" => all.extend(arguments.iter().filter_map(|pipe| whitelist(program, start.path, pipe))),
            "useGlobalFilters" => all.push(in_force(What::Errors, "errors are answered in one place", place)),
            "useGlobalInterceptors" => {
                all.extend(arguments.iter().filter_map(|one| interceptor(program, start.path, one)));
            }
            "enableCors" => all.push(cors(program, start.path, expr, arguments)),
            // On Fastify it is `register(helmet, options)`.
            "use" | "register" => all.extend(arguments.iter().filter_map(|one| middleware(program, start.path, one))),
            "useBodyParser" => all.push(in_force(What::BodyLimit, "the body parser's limit is set", place)),
            "setup" if arguments.len() >= 3 => all.push(docs(expr, start)),
            _ => {}
        }
    }
    if let Some(options) = start.made.as_call().and_then(|call| call.arguments.get(1))
        && let Some(cors_options) = options.get("cors")
    {
        all.push(cors(program, start.path, cors_options, std::slice::from_ref(cors_options)));
    }
    for (token, path, expr) in &modules.global {
        match *token {
            "APP_PIPE" => all.extend(whitelist(program, path, expr)),
            "APP_INTERCEPTOR" => all.extend(interceptor(program, path, expr)),
            "APP_FILTER" => all.push(in_force(What::Errors, "errors are answered in one place", at(path, expr.lines))),
            _ => {}
        }
    }
    all.extend(modules.middleware.iter().filter_map(|(path, expr)| middleware(program, path, expr)));
    // Nest reads bodies with Express's parser, which takes 100 KB unless told otherwise.
    if !all.iter().any(|setting| setting.what == What::BodyLimit) {
        let place = at(start.path, start.made.lines);
        all.push(in_force(What::BodyLimit, "bodies are read by the framework's parser, 100 KB at most", place));
    }
    all
}

fn in_force(what: What, text: &str, place: Location) -> Setting {
    Setting { what, idle: None, proof: Proof { text: text.to_owned(), place } }
}

fn docs(expr: &Expr, start: &Start<'_>) -> Setting {
    in_force(What::Docs, "a page documents the API", at(start.path, expr.lines))
}

/// Whether what an option is given is `true`.
fn is_true(options: Option<&Expr>, name: &str) -> bool {
    matches!(options.and_then(|options| options.get(name)).map(|value| &value.kind), Some(ExprKind::Bool(true)))
}

/// A pipe that keeps undeclared properties out, or a validation pipe that does not.
pub(super) fn whitelist<'p>(program: &Program<'p>, path: &'p str, pipe: &'p Expr) -> Option<Setting> {
    let (options, class) = match pipe.as_new() {
        Some(call) => (call.arguments.first(), program.meaning(path, &call.callee)),
        None => (None, class_of(program, path, pipe)),
    };
    let options = options.and_then(|options| match program.meaning(path, options) {
        Some(Def::Value(_, value)) => Some(value),
        _ => None,
    });
    let place = at(path, pipe.lines);
    let made = |idle: Option<&str>, text: &str| Setting {
        what: What::Whitelist,
        idle: idle.map(str::to_owned),
        proof: Proof { text: text.to_owned(), place: place.clone() },
    };
    match class? {
        Def::External("@nestjs/common", "ValidationPipe") => {
            Some(match (is_true(options, "whitelist"), is_true(options, "forbidNonWhitelisted")) {
                (true, true) => made(None, "ValidationPipe refuses properties that the class does not declare"),
                (true, false) => made(None, "ValidationPipe drops properties that the class does not declare"),
                (false, _) => made(
                    Some("a ValidationPipe without `whitelist: true` lets undeclared properties through"),
                    "ValidationPipe",
                ),
            })
        }
        Def::External("nestjs-zod", "ZodValidationPipe") => {
            Some(made(None, "ZodValidationPipe drops undeclared properties"))
        }
        // One of the repository's own that is built on it.
        Def::Class(file, class) => {
            let extended = class.extends.as_ref().and_then(|extended| program.meaning(file, extended));
            let built_on = extended.is_some_and(|def| def.of_package("@nestjs/common") == Some("ValidationPipe"));
            built_on.then(|| {
                let mut given = false;
                class.walk(&mut |expr| {
                    if let Some(call) = expr.as_call()
                        && matches!(call.callee.kind, ExprKind::Super)
                    {
                        given |= is_true(call.arguments.first(), "whitelist");
                    }
                });
                match given {
                    true => made(None, "a validation pipe drops properties that the class does not declare"),
                    false => made(Some("the pipe is not told `whitelist: true`"), "a validation pipe"),
                }
            })
        }
        _ => None,
    }
}

/// What an interceptor for all routes does, as far as that matters here.
fn interceptor<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> Option<Setting> {
    let place = at(path, expr.lines);
    match class_of(program, path, expr)? {
        Def::External("@nestjs/common", "ClassSerializerInterceptor") => {
            Some(in_force(What::Serializer, "answers are shaped by ClassSerializerInterceptor", place))
        }
        Def::Class(_, class) if writes_down(class, "intercept") => {
            let text = format!("{} writes requests down", class.name.as_deref().unwrap_or("an interceptor"));
            Some(Setting { what: What::Audit, idle: None, proof: Proof { text, place } })
        }
        _ => None,
    }
}

/// Whether a class writes down what it sees: it calls something that logs or keeps an audit, in `method` or what that calls.
fn writes_down(class: &Class, method: &str) -> bool {
    let mut found = false;
    if class.method(method).is_none() {
        return false;
    }
    class.walk(&mut |expr| {
        if let Some(chain) = expr.as_call().and_then(|call| call.callee.chain()) {
            let chain = chain.to_ascii_lowercase();
            let logs =
                ["log", "warn", "error", "info", "audit", "record", "create", "save", "write", "success", "failure"];
            let (object, name) = chain.rsplit_once('.').unwrap_or(("", &chain));
            found |=
                (object.contains("audit") || object.contains("logger")) && logs.iter().any(|word| name.contains(word));
        }
    });
    found
}

/// What is put before all routes: `helmet()`, a class of the repository that sets headers or writes requests down.
fn middleware<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> Option<Setting> {
    let place = at(path, expr.lines);
    let callee = expr.as_call().map_or(expr, |call| &call.callee);
    match program.meaning(path, callee)? {
        Def::External("helmet" | "@fastify/helmet", _) => {
            Some(in_force(What::Headers, "helmet sets security headers", place))
        }
        Def::External("@fastify/rate-limit", _) => {
            Some(in_force(What::Limiter, "@fastify/rate-limit counts every request", place))
        }
        Def::External("cors", _) => {
            let arguments = expr.as_call().map(|call| call.arguments.as_slice()).unwrap_or_default();
            Some(cors(program, path, expr, arguments))
        }
        Def::External("express-rate-limit", _) => {
            Some(in_force(What::Limiter, "express-rate-limit counts every request", place))
        }
        Def::Class(_, class) => class.method("use").and_then(|method| by_body(method, class, place)),
        _ => None,
    }
}

fn by_body(method: &Function, class: &Class, place: Location) -> Option<Setting> {
    let mut set: Vec<String> = Vec::new();
    let _ = method;
    class.walk(&mut |expr| {
        if let Some(text) = expr.as_text() {
            let text = text.to_ascii_lowercase();
            if SECURE_HEADERS.contains(&text.as_str()) && !set.contains(&text) {
                set.push(text);
            }
        }
    });
    let name = class.name.as_deref().unwrap_or("a middleware");
    if set.len() >= 3 {
        let text = format!("{name} sets {} security headers", set.len());
        return Some(Setting { what: What::Headers, idle: None, proof: Proof { text, place } });
    }
    writes_down(class, "use").then(|| Setting {
        what: What::Audit,
        idle: None,
        proof: Proof { text: format!("{name} writes requests down"), place },
    })
}

/// Which origins may ask.
pub(in crate::routes) fn cors<'p>(
    program: &Program<'p>,
    path: &'p str,
    expr: &'p Expr,
    arguments: &'p [Expr],
) -> Setting {
    let proof = |text: &str| Proof { text: text.to_owned(), place: at(path, expr.lines) };
    let setting = |idle: Option<&str>, text: &str| Setting {
        what: What::Cors,
        idle: idle.map(str::to_owned),
        proof: proof(text),
    };
    let any = "every origin may ask";
    let Some(options) = arguments.first() else { return setting(Some(any), "CORS without options") };
    let options = match program.meaning(path, options) {
        Some(Def::Value(_, value)) => value,
        Some(Def::Function(_, function)) => match returned(function).first() {
            Some(value) => value,
            None => return setting(Some("its options are not understood"), "CORS"),
        },
        _ => return setting(Some("its options are not understood"), "CORS"),
    };
    match &options.kind {
        ExprKind::Bool(true) => return setting(Some(any), "CORS without options"),
        ExprKind::Bool(false) => return setting(None, "CORS is off"),
        ExprKind::Object(_) => {}
        _ => return setting(Some("its options are not understood"), "CORS"),
    }
    let Some(origin) = options.get("origin") else { return setting(Some(any), "CORS without an origin") };
    match &origin.kind {
        ExprKind::Bool(true) => setting(Some("every origin is reflected"), "CORS"),
        ExprKind::String(text) if text == "*" => setting(Some(any), "CORS"),
        ExprKind::Array(all) if all.iter().any(|one| one.as_text() == Some("*")) => setting(Some(any), "CORS"),
        ExprKind::Bool(false) => setting(None, "CORS is off"),
        ExprKind::Choice { yes, no, .. } if [yes, no].iter().any(|one| one.as_text() == Some("*")) => {
            setting(Some("its options let every origin ask where the configuration says so"), "CORS")
        }
        _ => setting(None, "CORS names the origins that may ask"),
    }
}
