//! Next.js: route handlers (`app/**/route.ts`), API routes (`pages/api/**`) and what `middleware.ts` puts before them.

use std::collections::HashSet;

use tollgate_check::paths::{name, parent};

use super::express::{body as express_body, middleware, middleware::Role};
use super::run::{Known, Outcome, Runner, World};
use super::{
    Access, Application, Body, Framework, Object, Proof, Route, SECURE_HEADERS, Setting, Table, What, at, joined,
    object,
};
use crate::program::{Def, Program};
use crate::syntax::{Call, Expr, ExprKind, Function, Name, walk};

/// The framework.
pub(crate) struct Next;

const NAME: &str = "Next.js";

/// What is said of the routes of a package that makes people known.
const NEXT_AUTH: &str = "NextAuth answers here";

/// How many functions are looked through to see whether one asks who it is.
const MOST_FUNCTIONS: usize = 50;

/// How many wrappers may lie around one another.
const DEEPEST: usize = 8;

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Names of packages that say who asks; `*` is all of a package.
const SESSIONS: &[(&str, &str)] = &[
    ("next-auth", "getServerSession"),
    ("next-auth/next", "getServerSession"),
    ("next-auth", "unstable_getServerSession"),
    ("next-auth/jwt", "getToken"),
    ("next-auth/react", "getSession"),
    ("@clerk/nextjs/server", "auth"),
    ("@clerk/nextjs/server", "currentUser"),
    ("@clerk/nextjs/server", "getAuth"),
    ("@clerk/nextjs", "auth"),
    ("@auth0/nextjs-auth0", "getSession"),
    ("@auth0/nextjs-auth0", "withApiAuthRequired"),
    ("iron-session", "getIronSession"),
    ("jose", "jwtVerify"),
    ("jsonwebtoken", "verify"),
    ("@kinde-oss/kinde-auth-nextjs/server", "getKindeServerSession"),
];

impl Framework for Next {
    fn find(&self, program: &Program<'_>, table: &mut Table) {
        let all: Vec<(&str, String, &str)> = program.sources.paths().filter_map(served).collect();
        let mut roots: Vec<&str> = all.iter().map(|(_, _, root)| *root).collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            let application = table.applications.len();
            let front = Front::of(program, root);
            for (path, url, _) in all.iter().filter(|(_, _, of)| *of == root) {
                let of = Of { program, front: front.as_ref(), application };
                of.file(path, url, table);
            }
            let place = tollgate_model::Location::file(if root.is_empty() { "." } else { root });
            table.applications.push(Application {
                framework: NAME,
                place,
                settings: headers(program, root).into_iter().collect(),
            });
        }
    }
}

/// The security headers that the configuration gives to all answers.
fn headers(program: &Program<'_>, root: &str) -> Option<Setting> {
    let places = ["next.config.js", "next.config.mjs", "next.config.ts"].into_iter();
    let path = places.filter_map(|place| program.sources.key(&tollgate_check::paths::join(root, place))).next()?;
    let mut set = std::collections::BTreeSet::new();
    let mut first = None;
    walk(&program.file(path)?.body, &mut |expr| {
        let text = expr.as_text().unwrap_or_default().to_ascii_lowercase();
        if SECURE_HEADERS.contains(&text.as_str()) {
            first.get_or_insert_with(|| at(path, expr.lines));
            set.insert(text);
        }
    });
    let place = first.filter(|_| set.len() >= 3)?;
    let text = format!("the configuration sets {} security headers", set.len());
    Some(Setting { what: What::Headers, idle: None, proof: Proof { text, place } })
}

/// The path that a file serves, and the folder of its application.
fn served(path: &str) -> Option<(&str, String, &str)> {
    let stem = name(path).split('.').next()?;
    let (root, rest) = split(path, "app").or_else(|| split(path, "pages"))?;
    let in_pages = rest.starts_with("pages/");
    let inner = rest.split_once('/')?.1;
    let url = if in_pages {
        let inner = inner.strip_prefix("api/")?;
        let inner = inner.rsplit_once('.')?.0;
        format!("/api/{}", inner.strip_suffix("index").unwrap_or(inner))
    } else {
        if stem != "route" {
            return None;
        }
        parent(inner).to_owned()
    };
    let mut parts = Vec::new();
    for part in url.split('/') {
        // `(group)` and `@slot` are no part of the path.
        if part.starts_with('(') && part.ends_with(')') || part.starts_with('@') {
            continue;
        }
        match part.trim_start_matches('[').strip_suffix(']').filter(|_| part.starts_with('[')) {
            Some(name) => parts.push(format!(":{}", name.trim_end_matches(']').trim_start_matches("..."))),
            None => parts.push(part.to_owned()),
        }
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Some((path, joined(&parts), root))
}

/// The folder before `folder`, with `src` taken away, and what follows.
fn split<'p>(path: &'p str, folder: &str) -> Option<(&'p str, &'p str)> {
    let at = if path.starts_with(&format!("{folder}/")) { 0 } else { path.find(&format!("/{folder}/"))? + 1 };
    let root = path[..at].trim_end_matches('/');
    let root = root.strip_suffix("/src").unwrap_or(if root == "src" { "" } else { root });
    Some((root, &path[at..]))
}

/// What `middleware.ts` puts before routes.
struct Front {
    proof: Proof,
    /// What `config.matcher` names; none where it stands before all.
    matchers: Option<Vec<String>>,
    /// Whether it refuses, or sends elsewhere, who is not known.
    identity: bool,
}

impl Front {
    fn of(program: &Program<'_>, root: &str) -> Option<Self> {
        let mut places =
            ["middleware.ts", "src/middleware.ts", "middleware.js", "src/middleware.js", "proxy.ts", "src/proxy.ts"]
                .into_iter();
        let path = places.find_map(|place| program.sources.key(&tollgate_check::paths::join(root, place)))?;
        let file = program.file(path)?;
        let exported = program
            .exported(path, &Name::Named("middleware".to_owned()), 0)
            .or_else(|| program.exported(path, &Name::Named("proxy".to_owned()), 0))
            .or_else(|| program.exported(path, &Name::Default, 0));
        let (identity, line) = match exported {
            Some(Def::Function(file, function)) => {
                (session(program, file, function).is_some() && turns_away(function), function.lines.first)
            }
            Some(Def::External(package, _)) => (package.starts_with("next-auth"), 1),
            // `withAuth(…)`, `clerkMiddleware(…)`, `auth((req) => …)`.
            Some(Def::Value(file, value)) => {
                let made = value.as_call().and_then(|call| program.meaning(file, &call.callee));
                let known = matches!(made, Some(Def::External(package, name)) if package.starts_with("next-auth") && name == "withAuth" || package == "next-auth/middleware");
                (known, value.lines.first)
            }
            _ => (false, 1),
        };
        let config = file.declaration("config").and_then(|(stmt, _)| match stmt {
            crate::syntax::Stmt::Var { value: Some(value), .. } => value.get("matcher"),
            _ => None,
        });
        let matchers = config.map(|matcher| match &matcher.kind {
            ExprKind::Array(all) => all
                .iter()
                .filter_map(|one| one.as_text().or_else(|| one.get("source")?.as_text()))
                .map(str::to_owned)
                .collect(),
            _ => matcher.as_text().map(str::to_owned).into_iter().collect(),
        });
        let proof = Proof { text: name(path).to_owned(), place: tollgate_model::Location::lines(path, line, line) };
        Some(Self { proof, matchers, identity })
    }

    /// Whether it stands before `path` for certain: patterns with conditions are not read.
    fn covers(&self, path: &str) -> bool {
        let Some(matchers) = &self.matchers else { return true };
        matchers.iter().any(|matcher| {
            let plain = matcher.split("/:").next().unwrap_or(matcher);
            let rest = &matcher[plain.len()..];
            let below = rest.is_empty() && path == plain
                || rest.ends_with('*')
                    && (path == plain || path.strip_prefix(plain).is_some_and(|r| r.starts_with('/')));
            !plain.contains('(') && below
        })
    }
}

/// Reads the files of one application.
struct Of<'a, 'p> {
    program: &'a Program<'p>,
    front: Option<&'a Front>,
    application: usize,
}

impl<'p> Of<'_, 'p> {
    fn file(&self, path: &'p str, url: &str, table: &mut Table) {
        if url.starts_with("/api") && !name(path).starts_with("route.") {
            if let Some(exported) = self.program.exported(path, &Name::Default, 0) {
                table.routes.push(self.route(path, "ANY", url, exported));
            }
            return;
        }
        for method in METHODS {
            if let Some(exported) = self.program.exported(path, &Name::Named((*method).to_owned()), 0) {
                table.routes.push(self.route(path, method, url, exported));
            }
        }
    }

    fn route(&self, path: &'p str, method: &str, url: &str, exported: Def<'p>) -> Route {
        let mut unresolved = Vec::new();
        let mut wrapper = None;
        let function = match exported {
            Def::Function(file, function) => Some((file, function)),
            Def::Value(file, value) => self.unwrapped(file, value, &mut wrapper, 0),
            _ => None,
        };
        let place = function.map_or_else(|| tollgate_model::Location::file(path), |(file, f)| at(file, f.lines));
        let own = function.and_then(|(file, function)| {
            let proof = session(self.program, file, function)?;
            (proof.text.ends_with(".constructEvent") || turns_away(function)).then_some(proof)
        });
        let access = match (wrapper, own, self.front.filter(|front| front.identity && front.covers(url))) {
            (Some(Ok(proof)), ..) | (_, Some(proof), _) => Access::Known(proof),
            (_, _, Some(front)) => Access::Known(front.proof.clone()),
            (Some(Err(name)), ..) => {
                unresolved.push(format!("what {name} does could not be told"));
                Access::Unclear(format!("what {name} does could not be told"))
            }
            _ => Access::Open,
        };
        let answered = matches!(&access, Access::Known(proof) if proof.text == NEXT_AUTH);
        if function.is_none() && !answered {
            unresolved.push("its handler could not be followed".to_owned());
        }
        let (mut body, mut reached) = (Body::Unclear("its handler could not be followed".to_owned()), Object::None);
        if let Some((file, function)) = function {
            body = taken(file, function);
            if url.contains('{') {
                let ids = function
                    .parameters
                    .get(1)
                    .map(|parameter| parameter.bindings.iter().map(|b| b.local.as_str()).collect::<Vec<_>>());
                let knows = |call: &'p Call| known(self.program, file, call, &mut HashSet::new());
                let beside = object::Beside { own: &|_| None, knows: &knows };
                reached = object::reached(file, function, &ids.unwrap_or_default(), &[], &beside);
            }
        }
        Route {
            framework: NAME,
            application: self.application,
            served: true,
            method: method.to_owned(),
            path: url.to_owned(),
            handler: function.and_then(|(_, f)| f.name.clone()).unwrap_or_else(|| method.to_owned()),
            place,
            access,
            role: None,
            limit: None,
            body,
            object: reached,
            unresolved,
        }
    }

    /// The function within wrappers (`withAuth(handler)`), and what the outermost wrapper is: who it lets through, or its name.
    fn unwrapped(
        &self,
        path: &'p str,
        value: &'p Expr,
        wrapper: &mut Option<Result<Proof, String>>,
        depth: usize,
    ) -> Option<(&'p str, &'p Function)> {
        let call = value.as_call().filter(|_| depth < DEEPEST)?;
        let name = call.callee.chain().unwrap_or_else(|| "a wrapper".to_owned());
        let proof = Proof { text: name.clone(), place: at(path, value.lines) };
        let known = match self.program.meaning(path, &call.callee) {
            // How one gets known.
            Some(Def::External("next-auth", "default")) => {
                wrapper.get_or_insert(Ok(Proof { text: NEXT_AUTH.to_owned(), ..proof }));
                return None;
            }
            Some(Def::External(package, name)) => SESSIONS.contains(&(package, name)),
            // What it returns is asked in its place.
            Some(Def::Function(file, function)) => super::returned(function).into_iter().any(|made| {
                made.as_function()
                    .is_some_and(|inner| session(self.program, file, inner).is_some() && turns_away(inner))
            }),
            _ => false,
        };
        wrapper.get_or_insert(if known { Ok(proof) } else { Err(name) });
        call.arguments.iter().find_map(|argument| match self.program.meaning(path, argument)? {
            Def::Function(file, function) => Some((file, function)),
            Def::Value(file, value) if !std::ptr::eq(value, argument) || value.as_call().is_some() => {
                self.unwrapped(file, value, &mut None, depth + 1)
            }
            _ => None,
        })
    }
}

/// Where a function asks who it is that asks: by a call of a package that knows, or of a function of the repository that calls one.
fn session<'p>(program: &Program<'p>, path: &'p str, function: &'p Function) -> Option<Proof> {
    asks(program, path, function, &mut HashSet::new())
}

fn asks<'p>(
    program: &Program<'p>,
    path: &'p str,
    function: &'p Function,
    seen: &mut HashSet<*const Function>,
) -> Option<Proof> {
    if seen.len() == MOST_FUNCTIONS || !seen.insert(std::ptr::from_ref(function)) {
        return None;
    }
    let mut found = None;
    walk(&function.body, &mut |expr| {
        let ExprKind::Call(call) = &expr.kind else { return };
        if found.is_some() {
            return;
        }
        if known(program, path, call, seen) {
            let text = call.callee.chain().unwrap_or_default();
            found = Some(Proof { text, place: at(path, expr.lines) });
        }
    });
    found
}

/// Whether a call finds out who asks.
fn known<'p>(program: &Program<'p>, path: &'p str, call: &'p Call, seen: &mut HashSet<*const Function>) -> bool {
    let told = [".auth.getUser", ".auth.getSession", ".webhooks.constructEvent"];
    match program.meaning(path, &call.callee) {
        Some(Def::External(package, name)) => {
            SESSIONS.contains(&(package, name)) || middleware::of_package(package, name) == Some(Role::Identity)
        }
        Some(Def::Function(file, inner)) => asks(program, file, inner, seen).is_some(),
        // `const { auth } = NextAuth(…)`.
        Some(Def::Value(file, value)) if value.as_call().is_some() => value
            .as_call()
            .is_some_and(|made| matches!(program.meaning(file, &made.callee), Some(Def::External("next-auth", _)))),
        _ => call.callee.chain().is_some_and(|chain| told.iter().any(|end| chain.ends_with(end))),
    }
}

/// Whether some path through a function refuses: an answer of 401 or 403, a redirect, an exception.
fn turns_away(function: &Function) -> bool {
    let mut refuses = Runner::new(&mut Handler).function(function).deny;
    walk(&function.body, &mut |expr| match &expr.kind {
        ExprKind::Number(text) => refuses |= matches!(text.as_str(), "401" | "403"),
        ExprKind::Call(call) => {
            refuses |= matches!(call.callee.last_name(), Some("redirect" | "unauthorized" | "forbidden"));
        }
        _ => {}
    });
    refuses
}

/// What a handler decides by: only exceptions refuse, answers are looked at one by one.
struct Handler;

impl<'p> World<'p> for Handler {
    fn call(&mut self, _: &'p Expr) -> Option<Known> {
        None
    }

    fn decides(&mut self, expr: &'p Expr) -> Option<Outcome> {
        expr.as_call().map(|_| Outcome::ALLOW)
    }

    fn method(&self, _: &str) -> Option<&'p Function> {
        None
    }

    fn end(&self) -> Outcome {
        Outcome::ALLOW
    }
}

/// What becomes of the body: `await request.json()`, or `req.body` of an API route.
fn taken<'p>(path: &'p str, function: &'p Function) -> Body {
    let (mut read, mut checked) = (None, None);
    walk(&function.body, &mut |expr| {
        let ExprKind::Call(call) = &expr.kind else { return };
        let ExprKind::Member(object, name) = &call.callee.kind else { return };
        let of_request = object.last_name().is_some_and(|of| matches!(of, "request" | "req" | "_request"));
        if of_request && matches!(name.as_str(), "json" | "formData" | "text") {
            read.get_or_insert_with(|| at(path, expr.lines));
        }
        if matches!(name.as_str(), "parse" | "safeParse" | "parseAsync" | "safeParseAsync")
            && object.last_name() != Some("JSON")
        {
            checked.get_or_insert_with(|| at(path, expr.lines));
        }
    });
    match (read, checked) {
        (Some(_), Some(place)) => {
            Body::Checked(Proof { text: "the handler checks its body against a schema".to_owned(), place })
        }
        (Some(place), None) => {
            Body::Unchecked(Proof { text: "the body is read and not checked against a schema".to_owned(), place })
        }
        (None, _) => express_body(path, function, None),
    }
}
