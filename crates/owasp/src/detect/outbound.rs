//! Requests to other services: where they go, over what, and for how long.

use tollgate_model::Location;

use super::{SOURCE, Source, few, is_near};
use crate::evidence::{Draft, Evidence, State};
use crate::program::{Def, Program};
use crate::routes::at;
use crate::syntax::{Call, Expr, ExprKind, walk};

/// Words of files that may send requests.
const WORDS: &[&str] =
    &["fetch(", "axios", "httpService", "HttpService", "got", "needle", "superagent", "undici", "node-fetch"];

/// Packages whose names send requests.
const CLIENTS: &[&str] =
    &["axios", "got", "needle", "superagent", "undici", "node-fetch", "cross-fetch", "ky", "request"];

const METHODS: &[&str] =
    &["get", "post", "put", "patch", "delete", "head", "request", "default", "*", "fetch", "stream"];

/// Where a request goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Target {
    /// An address that begins with what is written down.
    Written,
    /// One that begins with what the operator sets.
    Configured,
    /// One that a request brings.
    Given,
    Unknown,
}

struct Sent {
    place: Location,
    target: Target,
    plain: bool,
    timeout: bool,
}

/// Whether the targets are fixed, and the ways secure.
pub(super) fn outbound(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let mut all: Vec<Sent> = Vec::new();
    for path in look.program.sources.holding(WORDS) {
        let Some(file) = look.program.file(path) else { continue };
        if path.ends_with(".tsx") || path.ends_with(".jsx") || !is_served(look, path) {
            continue;
        }
        // A client that is made with a timeout has one for all that it sends.
        let text = look.program.sources.text(path).unwrap_or_default();
        let timeout = text.contains("timeout") || text.contains("AbortSignal");
        walk(&file.body, &mut |expr| {
            let ExprKind::Call(call) = &expr.kind else { return };
            if !sends(look.program, path, call) {
                return;
            }
            let Some(address) = address(call) else { return };
            let place = at(path, expr.lines);
            let target = target(look.program, path, address, 0);
            if target == Target::Given {
                let message = "A request is sent to an address that comes with a request.";
                let context = call.callee.chain().unwrap_or_default();
                evidence.drafts.push(Draft::new("request-to-given-address", message, place.clone(), context));
            }
            let plain = written(look.program, path, address)
                .is_some_and(|text| text.starts_with("http://") && !is_near(text.trim_start_matches("http://")));
            if plain {
                let message = "A request goes over plain HTTP: anybody on the way can read and change the answer.";
                evidence.drafts.push(Draft::new("plain-http-request", message, place.clone(), "http"));
            }
            all.push(Sent { place, target, plain, timeout });
        });
    }
    answer(&all, evidence);
}

/// Whether a file is part of something that serves: in a folder of an application, not of a page that runs in a browser.
fn is_served(look: &Source<'_, '_>, path: &str) -> bool {
    let package = |path: &str| path.split("/src/").next().unwrap_or_default().to_owned();
    let of = package(path);
    let applications = look.table.applications.iter().filter(|application| application.framework != "Next.js");
    let mut servers = applications.map(|application| package(&application.place.path)).peekable();
    let is_handler = look.table.routes.iter().any(|route| route.place.path == path);
    is_handler || servers.any(|server| server == of) || of.contains("packages/") || of.contains("libs/")
}

fn answer(all: &[Sent], evidence: &mut Evidence) {
    if all.is_empty() {
        let text = "no call was seen that sends a request to another service";
        evidence.answer(SOURCE, "outbound-targets", State::Missing, text, Vec::new());
        return evidence.answer(SOURCE, "outbound-transport", State::Missing, text, Vec::new());
    }
    // Those that do not hold are shown, where there are any.
    let mut tell = |slot: &'static str, what: &str, holds: &dyn Fn(&Sent) -> bool| {
        let held = all.iter().filter(|sent| holds(sent)).count();
        let state = State::of(held, all.len());
        let shown = all.iter().filter(|sent| holds(sent) == (state == State::Holds));
        let text = format!("{held} of {} requests to other services {what}", all.len());
        evidence.answer(SOURCE, slot, state, text, few(shown.map(|sent| sent.place.clone())));
    };
    tell("outbound-targets", "go to an address that is written down or configured", &|sent| {
        matches!(sent.target, Target::Written | Target::Configured)
    });
    tell("outbound-transport", "go over no plain HTTP and end after a time", &|sent| !sent.plain && sent.timeout);
}

fn sends<'p>(program: &Program<'p>, path: &'p str, call: &'p Call) -> bool {
    let chain = call.callee.chain().unwrap_or_default();
    let (object, name) = chain.rsplit_once('.').unwrap_or(("", &chain));
    let lower = object.to_ascii_lowercase();
    if lower.ends_with("httpservice") || lower.ends_with("axiosref") || lower.ends_with("axiosinstance") {
        return METHODS.contains(&name);
    }
    match program.meaning(path, &call.callee) {
        Some(Def::External(package, name)) => CLIENTS.contains(&package) && METHODS.contains(&name),
        Some(_) => false,
        None => chain == "fetch" || chain == "globalThis.fetch",
    }
}

/// The argument that says where to.
fn address(call: &Call) -> Option<&Expr> {
    let first = call.arguments.first()?;
    first.get("url").or_else(|| first.properties().is_empty().then_some(first))
}

/// The text that an address begins with.
fn written<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Template(parts) => written(program, path, parts.first()?),
        ExprKind::Binary { operator, left, .. } if operator == "+" => written(program, path, left),
        _ => program.text(path, expr),
    }
}

fn target<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr, depth: usize) -> Target {
    if depth > 8 {
        return Target::Unknown;
    }
    if let Some(text) = written(program, path, expr) {
        // `https://${host}` is written down up to where it matters.
        let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
        return if host.is_empty() { Target::Unknown } else { Target::Written };
    }
    match &expr.kind {
        ExprKind::Template(parts) => {
            parts.first().map_or(Target::Unknown, |first| target(program, path, first, depth + 1))
        }
        ExprKind::Binary { left, .. } => target(program, path, left, depth + 1),
        ExprKind::Choice { yes, no, .. } => {
            let (yes, no) = (target(program, path, yes, depth + 1), target(program, path, no, depth + 1));
            if yes == Target::Given || no == Target::Unknown { no.max_of(yes) } else { yes }
        }
        ExprKind::Call(call) => {
            let chain = call.callee.chain().unwrap_or_default().to_ascii_lowercase();
            if chain.contains("config") { Target::Configured } else { Target::Unknown }
        }
        ExprKind::New(call) if call.callee.last_name() == Some("URL") => match call.arguments.as_slice() {
            [_, base, ..] => target(program, path, base, depth + 1),
            [only] => target(program, path, only, depth + 1),
            [] => Target::Unknown,
        },
        ExprKind::Member(..) | ExprKind::Name(_) => {
            let chain = expr.chain().unwrap_or_default();
            let parts: Vec<&str> = chain.split('.').collect();
            if chain.starts_with("process.env.") || chain.to_ascii_lowercase().contains("config") {
                return Target::Configured;
            }
            if let [of, "body" | "query" | "params" | "headers", ..] = parts.as_slice()
                && matches!(*of, "req" | "request" | "ctx")
            {
                return Target::Given;
            }
            match program.meaning(path, expr) {
                Some(Def::Value(file, value)) if !std::ptr::eq(value, expr) => target(program, file, value, depth + 1),
                _ => Target::Unknown,
            }
        }
        _ => Target::Unknown,
    }
}

impl Target {
    /// The less certain of two.
    fn max_of(self, other: Self) -> Self {
        if self == Self::Given || other == Self::Given { Self::Given } else { Self::Unknown }
    }
}
