//! How tokens are verified and passwords kept.

use tollgate_model::Location;

use super::{SOURCE, Source, few};
use crate::evidence::{Evidence, State};
use crate::program::Def;
use crate::routes::at;
use crate::syntax::{Call, Expr, ExprKind, returned, walk};

/// Words of files in which tokens may be verified, or passwords hashed.
const WORDS: &[&str] = &["jsonwebtoken", "passport-jwt", "@nestjs/jwt", "jose", "express-jwt"];

const HASHES: &[&str] = &["bcrypt", "bcryptjs", "argon2", "@node-rs/argon2", "@node-rs/bcrypt", "scrypt"];

/// What was seen of one place that verifies.
struct Verified {
    place: Location,
    /// What is wrong with it.
    lacks: Vec<&'static str>,
}

/// Whether tokens are verified as they should be, and passwords hashed slowly.
pub(super) fn tokens(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let mut all: Vec<Verified> = Vec::new();
    let verifies =
        look.program.sources.holding(&[".verifyAsync", "jwt.verify(", "jwtService.verify("]).next().is_some();
    for path in look.program.sources.holding(WORDS) {
        let Some(file) = look.program.file(path) else { continue };
        let verify = &mut |expr: &Expr, options: Option<&Expr>, key: Option<&Expr>| {
            let mut lacks = Vec::new();
            if options.is_none_or(|options| options.get("algorithms").is_none()) {
                lacks.push("no algorithms are named");
            }
            if key.is_some_and(|key| key.as_text().is_some()) {
                lacks.push("the key is written in the code");
            }
            if matches!(options.and_then(|o| o.get("ignoreExpiration")).map(|v| &v.kind), Some(ExprKind::Bool(true))) {
                lacks.push("expired tokens count");
            }
            all.push(Verified { place: at(path, expr.lines), lacks });
        };
        walk(&file.body, &mut |expr| {
            let ExprKind::Call(call) = &expr.kind else { return };
            let arguments = &call.arguments;
            match look.program.meaning(path, &call.callee) {
                Some(Def::External("jsonwebtoken", "verify")) => verify(expr, arguments.get(2), arguments.get(1)),
                Some(Def::External("jose", "jwtVerify")) => verify(expr, arguments.get(2), arguments.get(1)),
                Some(Def::External("express-jwt", _)) => {
                    let options = arguments.first();
                    verify(expr, options, options.and_then(|options| options.get("secret")));
                }
                _ => {}
            }
            // `JwtModule.register({ secret, verifyOptions })`, where something verifies with it.
            if let Some(options) = module_options(look, path, call).filter(|_| verifies) {
                verify(expr, options.get("verifyOptions"), options.get("secret"));
            }
            // `super({ secretOrKey, algorithms, … })` of a passport-jwt strategy.
            if matches!(call.callee.kind, ExprKind::Super)
                && let Some(options) = arguments.first()
                && options.get("jwtFromRequest").is_some()
            {
                verify(expr, Some(options), options.get("secretOrKey"));
            }
        });
    }
    let lacking: Vec<&Verified> = all.iter().filter(|one| !one.lacks.is_empty()).collect();
    let text = |lacking: &[&Verified]| match lacking.first() {
        None => format!(
            "{} of {} places that verify tokens name algorithms and keep the key out of the code",
            all.len(),
            all.len()
        ),
        Some(first) => format!(
            "{} of {} places that verify tokens: {} ({})",
            lacking.len(),
            all.len(),
            first.lacks.join(", "),
            first.place
        ),
    };
    match (all.len(), lacking.len()) {
        (0, _) => evidence.answer(
            SOURCE,
            "token-verification",
            State::Missing,
            "no place was seen that verifies tokens",
            Vec::new(),
        ),
        (_, 0) => {
            let places = few(all.iter().map(|one| one.place.clone()));
            evidence.answer(SOURCE, "token-verification", State::Holds, text(&[]), places);
        }
        (all, lack) => {
            let state = if all == lack { State::Idle } else { State::Partly };
            let places = few(lacking.iter().map(|one| one.place.clone()));
            evidence.answer(SOURCE, "token-verification", state, text(&lacking), places);
        }
    }
    passwords(look, evidence);
}

/// The options that Nest's module for tokens is given, or made by a factory.
fn module_options<'p>(look: &Source<'_, 'p>, path: &'p str, call: &'p Call) -> Option<&'p Expr> {
    let of = look.program.meaning(path, &call.callee)?;
    let Some("register" | "registerAsync") = of.of_package("@nestjs/jwt") else { return None };
    let given = call.arguments.first()?;
    let Some(factory) = given.get("useFactory") else { return Some(given) };
    match look.program.meaning(path, factory)? {
        Def::Function(_, factory) => returned(factory).into_iter().find(|value| !value.properties().is_empty()),
        _ => None,
    }
}

fn passwords(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let mut places = Vec::new();
    for path in look.program.sources.holding(HASHES) {
        let Some(file) = look.program.file(path) else { continue };
        walk(&file.body, &mut |expr| {
            let ExprKind::Call(call) = &expr.kind else { return };
            let slow = |def: Def<'_>| {
                HASHES.iter().any(|package| matches!(def.of_package(package), Some("hash" | "hashSync")))
            };
            if look.program.meaning(path, &call.callee).is_some_and(slow) {
                places.push(at(path, expr.lines));
            }
        });
    }
    let text = match places.first() {
        Some(place) => format!("passwords are hashed slowly ({place})"),
        None => "no place was seen that hashes passwords".to_owned(),
    };
    let state = if places.is_empty() { State::Missing } else { State::Holds };
    evidence.answer(SOURCE, "password-hashing", state, text, few(places.into_iter()));
}
