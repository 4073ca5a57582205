//! What holds for whole applications: limits, headers, other origins, errors, what is written down, what answers show.

use super::routes::is_health;
use super::{SOURCE, Share, Source, few};
use crate::evidence::{Draft, Evidence, State};
use crate::routes::{Application, Proof, Route, Setting, What};

/// What each slot needs of every application.
const SLOTS: &[(What, &str, &str)] = &[
    (What::BodyLimit, "body-limit", "limits the size of bodies"),
    (What::Headers, "security-headers", "sets security headers"),
    (What::Errors, "error-handling", "answers errors in one place"),
    (What::Audit, "audit-log", "writes requests down"),
    (What::Serializer, "output-shape", "shapes answers by their class"),
];

/// All of them.
pub(super) fn all(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let serving: Vec<&Application> = look
        .table
        .applications
        .iter()
        .enumerate()
        .filter(|(at, _)| look.served().any(|route| route.application == *at))
        .map(|(_, application)| application)
        .collect();
    if serving.is_empty() {
        return;
    }
    for (what, slot, does) in SLOTS {
        by_application(&serving, *what, slot, does, evidence);
    }
    limits(look, evidence);
    origins(look, &serving, evidence);
    docs(&serving, evidence);
}

/// What a framework does by itself.
fn by_itself(application: &Application, what: What) -> Option<Proof> {
    let text = match (application.framework, what) {
        ("NestJS", What::Errors) => "the framework's own filter answers errors without details",
        ("Next.js", What::Errors) => "the framework answers errors without details in production",
        _ => return None,
    };
    Some(Proof { text: text.to_owned(), place: application.place.clone() })
}

fn by_application(serving: &[&Application], what: What, slot: &'static str, does: &str, evidence: &mut Evidence) {
    let (mut shown, mut lacking, mut idle): (Vec<Proof>, Vec<&Application>, Option<&Setting>) =
        (Vec::new(), Vec::new(), None);
    for application in serving {
        let of = || application.settings.iter().filter(|setting| setting.what == what);
        match of()
            .find(|setting| setting.idle.is_none())
            .map(|s| s.proof.clone())
            .or_else(|| by_itself(application, what))
        {
            Some(proof) => shown.push(proof),
            None => {
                lacking.push(application);
                idle = idle.or(of().next());
            }
        }
    }
    let texts: Vec<String> = shown.iter().map(|proof| format!("{} ({})", proof.text, proof.place)).collect();
    let places = few(shown.iter().map(|proof| proof.place.clone()));
    let names: Vec<String> =
        lacking.iter().map(|of| format!("the {} application ({})", of.framework, of.place)).collect();
    match (shown.len(), lacking.len(), idle) {
        (_, 0, _) => evidence.answer(SOURCE, slot, State::Holds, texts.join(", "), places),
        (0, _, Some(setting)) => {
            let text = setting.idle.clone().unwrap_or_default();
            evidence.answer(SOURCE, slot, State::Idle, text, vec![setting.proof.place.clone()]);
        }
        (0, ..) => {
            let text = format!("nothing {does}, in {}", names.join(", "));
            evidence.answer(SOURCE, slot, State::Missing, text, few(lacking.iter().map(|of| of.place.clone())));
        }
        _ => {
            let text = format!("{}; nothing {does} in {}", texts.join(", "), names.join(", "));
            evidence.answer(SOURCE, slot, State::Partly, text, places);
        }
    }
}

/// Whether each route is limited.
fn limits(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let routes: Vec<&Route> = look.served().filter(|route| !is_health(route)).collect();
    let all = routes.len();
    let limited: Vec<&Proof> = routes.iter().filter_map(|route| route.limit.as_ref()).collect();
    let (held, shown) = (limited.len(), few(limited.iter().map(|proof| proof.place.clone())));
    let text = format!("{held} of {all} operations are limited; {}", look.coverage());
    let lacks = few(routes.iter().filter(|route| route.limit.is_none()).map(|route| route.place.clone()));
    if all > 0 {
        look.say(Share { slot: "rate-limit", held, all, text, shown, lacks }, Some(What::Limiter), evidence);
    }
}

/// Which other origins may ask: none, where nothing says so.
fn origins(look: &Source<'_, '_>, serving: &[&Application], evidence: &mut Evidence) {
    const HEADER: &[&str] = &["Access-Control-Allow-Origin", "access-control-allow-origin"];
    let by_hand: Vec<&str> = look.program.sources.holding(HEADER).collect();
    let (mut texts, mut places, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for application in serving {
        let mut of = application.settings.iter().filter(|setting| setting.what == What::Cors).peekable();
        if of.peek().is_none() {
            texts.push(format!("CORS is off in the {} application ({})", application.framework, application.place));
            places.push(application.place.clone());
        }
        for setting in of {
            places.push(setting.proof.place.clone());
            match &setting.idle {
                None => texts.push(format!("{} ({})", setting.proof.text, setting.proof.place)),
                Some(because) => {
                    wrong.push(format!("{because} ({})", setting.proof.place));
                    if because.starts_with("its options") {
                        continue;
                    }
                    let rule = if because.contains("reflected") { "cors-reflects-origin" } else { "cors-any-origin" };
                    let message = format!("{}: {because}.", setting.proof.text);
                    evidence.drafts.push(Draft::new(rule, message, setting.proof.place.clone(), because.clone()));
                }
            }
        }
    }
    let places = few(places.into_iter());
    if !wrong.is_empty() {
        let state = if texts.is_empty() { State::Idle } else { State::Partly };
        return evidence.answer(SOURCE, "cors", state, wrong.join(", "), places);
    }
    if let Some(path) = by_hand.first() {
        let text = format!("{path} sets Access-Control-Allow-Origin by hand, which is not followed");
        return evidence.answer(SOURCE, "cors", State::Partly, text, vec![tollgate_model::Location::file(*path)]);
    }
    evidence.answer(SOURCE, "cors", State::Holds, texts.join(", "), places);
}

/// Pages that document the API for everybody.
fn docs(serving: &[&Application], evidence: &mut Evidence) {
    for setting in
        serving.iter().flat_map(|application| &application.settings).filter(|setting| setting.what == What::Docs)
    {
        let message = "A page that documents the API is served, in production too unless something else keeps it away.";
        evidence.drafts.push(Draft::new("docs-open", message, setting.proof.place.clone(), setting.proof.text.clone()));
    }
}
