//! Each application gone through in order, with what stands before each route.

use super::NAME;
use super::build::{Built, Event, Handler, Id};
use super::handler;
use super::middleware::{self, Role};
use crate::program::Program;
use crate::routes::{Access, Application, Body, Lost, Object, Proof, Route, Setting, Table, What, at, joined};

/// How many routers may be put into one another.
const DEEPEST: usize = 16;

/// Most routes of one application: a router that is put into many others has its routes in each.
const MOST_ROUTES: usize = 20_000;

/// What stands before a route: where it holds, what it is.
#[derive(Clone)]
struct Before {
    /// Only below this path; empty for everywhere.
    path: String,
    role: Role,
    proof: Proof,
}

/// Puts the routes of all applications into the table.
pub(super) fn routes<'p>(program: &Program<'p>, built: &Built<'p>, table: &mut Table) {
    let mut reached = vec![false; built.objects.len()];
    for (id, object) in built.objects.iter().enumerate() {
        if !object.is_application || object.events.is_empty() || is_mounted(built, id) {
            continue;
        }
        let application = table.applications.len();
        let mut flat = Flat { program, built, application, table, settings: Vec::new(), reached: &mut reached };
        flat.object(id, "", &[], 0);
        let settings = std::mem::take(&mut flat.settings);
        table.applications.push(Application { framework: NAME, place: at(object.path, object.made.lines), settings });
    }
    for (object, reached) in built.objects.iter().zip(reached) {
        let routes = object.events.iter().filter(|event| event.method.is_some()).count();
        if !reached && routes > 0 {
            let what = "a router is put into no application that was found".to_owned();
            table.lost.push(Lost { framework: NAME, place: at(object.path, object.made.lines), what, hides: true });
        }
    }
}

fn is_mounted(built: &Built<'_>, id: Id) -> bool {
    let handlers = built.objects.iter().flat_map(|object| &object.events).flat_map(|event| &event.handlers);
    handlers.into_iter().any(|handler| matches!(handler, Handler::Router(other) if *other == id))
}

struct Flat<'a, 'p> {
    program: &'a Program<'p>,
    built: &'a Built<'p>,
    application: usize,
    table: &'a mut Table,
    settings: Vec<Setting>,
    reached: &'a mut [bool],
}

impl<'p> Flat<'_, 'p> {
    fn object(&mut self, id: Id, prefix: &str, before: &[Before], depth: usize) {
        let built = self.built;
        if depth > DEEPEST {
            return;
        }
        self.reached[id] = true;
        let mut before = before.to_vec();
        for event in &built.objects[id].events {
            for path in &event.paths {
                let path = joined(&[prefix, path.as_deref().unwrap_or_default()]);
                match event.method {
                    None => self.used(event, &path, &mut before, depth),
                    // `app.all("/admin/*", requireAuth)` stands before what follows.
                    Some("ANY") if self.is_guard(event) => {
                        let below = path.trim_end_matches("*splat").trim_end_matches('*').trim_end_matches('/');
                        self.used(event, if below.is_empty() { "/" } else { below }, &mut before, depth);
                    }
                    Some(method) => self.route(event, method, &path, &before),
                }
            }
        }
    }

    /// Whether all that is called refuses or hands on, so that it is no route.
    fn is_guard(&self, event: &Event<'p>) -> bool {
        let stands = |role: &Role| matches!(role, Role::Identity | Role::Permission | Role::Limit);
        event.handlers.iter().all(|handler| match handler {
            Handler::Function(file, expr) => middleware::of(self.program, file, expr).0.iter().any(stands),
            Handler::Router(_) => false,
        })
    }

    /// `use`: what is called stands before everything below, routers are gone into.
    fn used(&mut self, event: &Event<'p>, path: &str, before: &mut Vec<Before>, depth: usize) {
        let mut own = before.clone();
        for handler in &event.handlers {
            match handler {
                Handler::Router(id) => self.object(*id, path, &own, depth + 1),
                Handler::Function(file, expr) => {
                    let (roles, name) = middleware::of(self.program, file, expr);
                    let proof = Proof { text: name, place: at(event.path, event.expr.lines) };
                    for role in roles {
                        if path == "/" {
                            self.setting(role, &proof, file, expr);
                        }
                        if role == Role::Docs {
                            self.settings.push(Setting { what: What::Docs, idle: None, proof: proof.clone() });
                        }
                        own.push(Before { path: path.to_owned(), role, proof: proof.clone() });
                    }
                }
            }
        }
        *before = own;
    }

    /// What holds for the whole application.
    fn setting(&mut self, role: Role, proof: &Proof, file: &'p str, expr: &'p crate::syntax::Expr) {
        let (what, text) = match role {
            Role::Headers => (What::Headers, format!("{} sets security headers", proof.text)),
            Role::Limit => (What::Limiter, format!("{} counts every request", proof.text)),
            Role::Audit => (What::Audit, format!("{} writes requests down", proof.text)),
            Role::BodyLimit => {
                (What::BodyLimit, format!("{} reads bodies, 100 KB at most unless it says otherwise", proof.text))
            }
            Role::Errors => (What::Errors, format!("{} answers errors", proof.text)),
            Role::Cors => {
                let call = match self.program.meaning(file, expr) {
                    Some(crate::program::Def::Value(_, value)) => value.as_call(),
                    _ => None,
                };
                let arguments = call.map(|call| call.arguments.as_slice()).unwrap_or_default();
                return self.settings.push(super::super::nest::cors(self.program, file, expr, arguments));
            }
            _ => return,
        };
        self.settings.push(Setting { what, idle: None, proof: Proof { text, place: proof.place.clone() } });
    }

    fn route(&mut self, event: &Event<'p>, method: &str, path: &str, before: &[Before]) {
        if self.table.routes.len() > MOST_ROUTES {
            return;
        }
        let Some((last, own)) = event.handlers.split_last() else { return };
        let mut stands: Vec<Before> = before.iter().filter(|one| below(path, &one.path)).cloned().collect();
        // What answers may refuse as well: `app.delete("/x", isAuthorized())`.
        for (handler, answers) in own.iter().map(|one| (one, false)).chain([(last, true)]) {
            if let Handler::Function(file, expr) = handler {
                let (mut roles, name) = middleware::of(self.program, file, expr);
                roles.retain(|role| !answers || matches!(role, Role::Identity | Role::Limit));
                let proof = Proof { text: name, place: at(event.path, expr.lines) };
                let one = |role| Before { path: String::new(), role, proof: proof.clone() };
                stands.extend(roles.into_iter().map(one));
            }
        }
        let of = |role: Role| stands.iter().find(|one| one.role == role).map(|one| one.proof.clone());
        let mut unresolved = Vec::new();
        let unknown = of(Role::Unknown);
        let access = match (of(Role::Identity), &unknown) {
            (Some(proof), _) => Access::Known(proof),
            (None, Some(proof)) => {
                unresolved.push(format!("what {} does could not be told", proof.text));
                Access::Unclear(format!("what {} does could not be told", proof.text))
            }
            (None, None) => Access::Open,
        };
        if path.contains('?') {
            unresolved.push("its path is not written down".to_owned());
        }
        let (function, name) = match last {
            Handler::Function(file, expr) => handler::function(self.program, file, expr),
            Handler::Router(_) => (None, "a router".to_owned()),
        };
        let (mut body, mut object) = (Body::Unclear("its handler could not be followed".to_owned()), Object::None);
        if let Some((file, function)) = function {
            body = handler::body(file, function, of(Role::Validation).as_ref());
            object = if path.contains('{') { handler::object(file, function) } else { Object::None };
        } else {
            unresolved.push("its handler could not be followed".to_owned());
        }
        self.table.routes.push(Route {
            framework: NAME,
            application: self.application,
            served: true,
            method: method.to_owned(),
            path: path.to_owned(),
            handler: name,
            place: at(event.path, event.expr.lines),
            access,
            role: of(Role::Permission),
            limit: of(Role::Limit),
            body,
            object,
            unresolved,
        });
    }
}

/// Whether `path` is `above`, or lies below it.
fn below(path: &str, above: &str) -> bool {
    let above = above.trim_end_matches('/');
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
