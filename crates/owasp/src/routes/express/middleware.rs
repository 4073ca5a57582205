//! What a middleware does: refuses who is not known, counts, checks bodies, sets headers.

use std::collections::HashSet;

use crate::program::{Def, Program};
use crate::routes::returned;
use crate::routes::run::{Known, Outcome, Runner, World};
use crate::syntax::{Expr, ExprKind, Function, walk};

/// What one is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::routes) enum Role {
    Identity,
    Permission,
    Limit,
    Headers,
    Cors,
    /// It checks bodies against a schema.
    Validation,
    BodyLimit,
    Audit,
    /// It answers errors.
    Errors,
    Docs,
    /// It refuses nothing.
    Passes,
    /// What it does could not be told.
    Unknown,
}

/// Names of packages' middleware, and what each is there for; `*` is all of a package.
const KNOWN: &[(&str, &str, Role)] = &[
    ("express-rate-limit", "*", Role::Limit),
    ("rate-limiter-flexible", "*", Role::Limit),
    ("express-slow-down", "*", Role::Limit),
    ("@nestjs/throttler", "*", Role::Limit),
    ("helmet", "*", Role::Headers),
    ("cors", "*", Role::Cors),
    ("express-jwt", "*", Role::Identity),
    ("express-oauth2-jwt-bearer", "auth", Role::Identity),
    ("express-oauth2-jwt-bearer", "requiredScopes", Role::Permission),
    ("express-openid-connect", "requiresAuth", Role::Identity),
    ("express-basic-auth", "*", Role::Identity),
    ("express-jwt-permissions", "*", Role::Permission),
    ("passport", "authenticate", Role::Identity),
    ("passport", "initialize", Role::Passes),
    ("passport", "session", Role::Passes),
    ("connect-ensure-login", "*", Role::Identity),
    ("@clerk/express", "requireAuth", Role::Identity),
    ("@clerk/clerk-sdk-node", "*", Role::Identity),
    ("supertokens-node/recipe/session/framework/express", "verifySession", Role::Identity),
    ("celebrate", "celebrate", Role::Validation),
    ("celebrate", "errors", Role::Errors),
    ("express-validator", "*", Role::Validation),
    ("express-openapi-validator", "*", Role::Validation),
    ("express-zod-api", "*", Role::Validation),
    ("zod-express-middleware", "*", Role::Validation),
    ("morgan", "*", Role::Audit),
    ("pino-http", "*", Role::Audit),
    ("express-winston", "*", Role::Audit),
    ("swagger-ui-express", "*", Role::Docs),
    ("express", "json", Role::BodyLimit),
    ("express", "urlencoded", Role::BodyLimit),
    ("express", "static", Role::Passes),
    ("body-parser", "*", Role::BodyLimit),
    ("compression", "*", Role::Passes),
    ("cookie-parser", "*", Role::Passes),
    ("express-session", "*", Role::Passes),
];

/// What a package's name is there for.
pub(in crate::routes) fn of_package(package: &str, name: &str) -> Option<Role> {
    let fits = |of: &&(&str, &str, Role)| of.0 == package && (of.1 == "*" || of.1 == name);
    KNOWN.iter().find(fits).map(|(_, _, role)| *role)
}

/// How many functions are looked through for one middleware.
const MOST_FUNCTIONS: usize = 50;

/// How many functions may make one another.
const DEEPEST: usize = 6;

/// Words in the name of a package, or of what it hands out, because of which it may know who asks.
const TELLING: &[&str] = &[
    "auth",
    "jwt",
    "session",
    "token",
    "passport",
    "login",
    "acl",
    "permission",
    "guard",
    "protect",
    "casbin",
    "role",
    "oauth",
    "saml",
    "oidc",
    "clerk",
    "keycloak",
    "shield",
];

/// What a name of a package is taken for: one that is not known and does not sound like it refuses nobody.
fn external(package: &str, name: &str) -> Role {
    let sounds = |text: &str| TELLING.iter().any(|word| text.to_ascii_lowercase().contains(word));
    of_package(package, name).unwrap_or(if sounds(package) || sounds(name) { Role::Unknown } else { Role::Passes })
}

/// What `expr` of the file `path` is there for, and what it is called. Nothing is credited to a name.
pub(in crate::routes) fn of<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> (Vec<Role>, String) {
    let callee = expr.as_call().map_or(expr, |call| &call.callee);
    let name =
        callee.chain().or_else(|| callee.last_name().map(str::to_owned)).unwrap_or_else(|| "a function".to_owned());
    let argument = expr.as_call().and_then(|call| call.arguments.first());
    let shown = match argument.and_then(Expr::as_text) {
        Some(argument) => format!("{name}('{argument}')"),
        None => name.clone(),
    };
    let mut roles = within(program, path, expr, 0);
    // One that refuses with both is about more than being known where it is told what for, or says so.
    let told = argument.is_some()
        || ["role", "admin", "permission", "scope", "owner"].iter().any(|w| name.to_ascii_lowercase().contains(w));
    if roles.contains(&Role::Identity) && !told {
        roles.retain(|role| *role != Role::Permission);
    }
    (roles, shown)
}

fn within<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr, depth: usize) -> Vec<Role> {
    let unknown = vec![Role::Unknown];
    if depth > DEEPEST {
        return unknown;
    }
    match program.meaning(path, expr) {
        Some(Def::Function(file, function)) => of_function(program, file, function),
        Some(Def::External(package, name)) => vec![external(package, name)],
        Some(Def::Value(file, value)) => match value.as_call() {
            Some(call) => match program.meaning(file, &call.callee) {
                Some(Def::External(package, name)) => {
                    let options = call.arguments.first().and_then(|options| options.get("credentialsRequired"));
                    match options.map(|option| &option.kind) {
                        Some(ExprKind::Bool(false)) => vec![Role::Passes],
                        _ => vec![external(package, name)],
                    }
                }
                // What makes a middleware: what it returns is one.
                Some(Def::Function(inner, maker)) => {
                    let made = returned(maker).into_iter().find_map(|made| match program.meaning(inner, made) {
                        Some(Def::Function(file, function)) => Some(of_function(program, file, function)),
                        Some(Def::Value(file, value)) if value.as_call().is_some() => {
                            Some(within(program, file, value, depth + 1))
                        }
                        _ => None,
                    });
                    made.unwrap_or(unknown)
                }
                _ => unknown,
            },
            None if std::ptr::eq(value, expr) => unknown,
            None => within(program, file, value, depth + 1),
        },
        _ => unknown,
    }
}

/// What a function `(req, res, next)` is there for.
fn of_function<'p>(program: &Program<'p>, path: &'p str, function: &'p Function) -> Vec<Role> {
    if function.parameters.len() == 4 {
        return vec![Role::Errors];
    }
    let mut seen = Seen::default();
    seen.look_through(program, path, function, &mut HashSet::new());
    let next = function.parameters.get(2).and_then(|parameter| parameter.bindings.first()).map(|b| b.local.as_str());
    let outcome = Runner::new(&mut Middleware { next }).function(function);
    if !outcome.deny {
        return vec![match (seen.headers >= 3, seen.logs) {
            (true, _) => Role::Headers,
            (_, true) => Role::Audit,
            _ => Role::Passes,
        }];
    }
    let all = [
        (seen.limit, Role::Limit),
        (seen.identity, Role::Identity),
        (seen.permission, Role::Permission),
        (seen.schema && !seen.identity && !seen.permission, Role::Validation),
    ];
    let roles: Vec<Role> = all.into_iter().filter(|(is, _)| *is).map(|(_, role)| role).collect();
    if roles.is_empty() { vec![Role::Passes] } else { roles }
}

/// What is spoken of in a middleware.
#[derive(Default)]
struct Seen {
    limit: bool,
    identity: bool,
    permission: bool,
    schema: bool,
    logs: bool,
    headers: usize,
}

impl Seen {
    /// Looks through a function, and those of the repository that it calls.
    fn look_through<'p>(
        &mut self,
        program: &Program<'p>,
        path: &'p str,
        function: &'p Function,
        known: &mut HashSet<*const Function>,
    ) {
        if known.len() == MOST_FUNCTIONS || !known.insert(std::ptr::from_ref(function)) {
            return;
        }
        walk(&function.body, &mut |expr| {
            self.look(program, path, expr);
            if let ExprKind::Call(call) = &expr.kind
                && let Some(Def::Function(file, inner)) = program.meaning(path, &call.callee)
            {
                self.look_through(program, file, inner, known);
            }
        });
    }

    fn look<'p>(&mut self, program: &Program<'p>, path: &'p str, expr: &'p Expr) {
        match &expr.kind {
            ExprKind::Number(text) => match text.as_str() {
                "401" => self.identity = true,
                "403" => self.permission = true,
                "429" => self.limit = true,
                _ => {}
            },
            ExprKind::Name(name) | ExprKind::Member(_, name) => match name.as_str() {
                "UnauthorizedError" | "UNAUTHORIZED" | "Unauthorized" | "UnauthorizedException" => self.identity = true,
                "ForbiddenError" | "FORBIDDEN" | "Forbidden" | "ForbiddenException" => self.permission = true,
                "TOO_MANY_REQUESTS" => self.limit = true,
                _ => {}
            },
            ExprKind::Call(call) => {
                let chain = call.callee.chain().unwrap_or_default();
                let name = chain.rsplit('.').next().unwrap_or_default();
                self.schema |= matches!(
                    name,
                    "safeParse" | "parse" | "parseAsync" | "validate" | "validateAsync" | "safeParseAsync"
                );
                self.logs |= chain.contains("logger") || chain.contains("audit");
                if let Some(Def::External(package, name)) = program.meaning(path, &call.callee) {
                    match of_package(package, name) {
                        Some(Role::Identity) => self.identity = true,
                        Some(Role::Limit) => self.limit = true,
                        _ => {}
                    }
                }
                let set = call.arguments.first().and_then(Expr::as_text).unwrap_or_default().to_ascii_lowercase();
                self.headers += usize::from(crate::routes::SECURE_HEADERS.contains(&set.as_str()));
            }
            _ => {}
        }
    }
}

/// What a middleware decides by: `next()` lets pass, `next(error)` and an answer refuse.
struct Middleware<'p> {
    next: Option<&'p str>,
}

impl<'p> World<'p> for Middleware<'p> {
    fn call(&mut self, _: &'p Expr) -> Option<Known> {
        None
    }

    fn decides(&mut self, expr: &'p Expr) -> Option<Outcome> {
        let call = expr.as_call()?;
        if let ExprKind::Name(name) = &call.callee.kind {
            return (Some(name.as_str()) == self.next).then_some(if call.arguments.is_empty() {
                Outcome::ALLOW
            } else {
                Outcome::DENY
            });
        }
        let chain = call.callee.last_name()?;
        matches!(chain, "json" | "send" | "sendStatus" | "end" | "redirect" | "render").then_some(Outcome::DENY)
    }

    fn method(&self, _: &str) -> Option<&'p Function> {
        None
    }

    /// What does neither lets the request hang: it does not pass.
    fn end(&self) -> Outcome {
        Outcome::default()
    }
}
