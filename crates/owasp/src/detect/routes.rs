//! What the route table shows: who may ask, what is demanded beyond that, whose objects are reached, what becomes of bodies.

use tollgate_model::{Location, format};

use super::{SOURCE, Share, Source, few};
use crate::entries;
use crate::evidence::{Draft, Evidence, State};
use crate::routes::{Access, Body, Object, Route, What};

/// Parts of paths of what concerns oneself alone, for which being known is enough.
const OWN: &[&str] = &["me", "profile", "logout", "signout", "sign-out", "change-password", "self", "current"];

/// Parts of paths of what is for those who run the service.
const ADMINISTRATIVE: &[&str] = &["admin", "administration", "backoffice", "internal", "management"];

fn has_part(route: &Route, words: &[&str]) -> bool {
    route.path.split('/').any(|part| words.contains(&part.to_ascii_lowercase().as_str()))
}

/// Whether a route only says whether the service runs, which may be asked as often as one likes.
pub(super) fn is_health(route: &Route) -> bool {
    !route.writes() && entries::is_health(&route.path)
}

impl Source<'_, '_> {
    /// Whether anybody may ask, and that is meant: said in the configuration, or in the nature of the thing.
    fn is_meant_for_all(&self, route: &Route) -> bool {
        self.public.matches(route.path.trim_start_matches('/'))
            || self.public.matches(&route.path)
            || entries::is_entry(&route.path)
            || route.path == "/" && route.method == "GET"
    }
}

fn draft(rule: &str, route: &Route, message: String) -> Draft {
    Draft::new(rule, message, route.place.clone(), route.name())
}

fn of(part: usize, all: usize) -> String {
    format!("{part} of {all}")
}

/// Routes that were made for trying things out.
pub(super) fn debugging(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let made_for_trying = |part: &str| {
        let part = part.to_ascii_lowercase();
        matches!(part.as_str(), "debug" | "_debug" | "test" | "_test")
            || part.starts_with("test-")
            || part.starts_with("debug-")
    };
    for route in look.served().filter(|route| route.path.split('/').any(made_for_trying)) {
        let message = format!("{} ({}) looks as if it were made for trying things out.", route.name(), route.handler);
        evidence.drafts.push(draft("debug-route", route, message));
    }
}

/// Whether everybody who asks is known, and whether those who want to become known are slowed down.
pub(super) fn access(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let routes: Vec<&Route> = look.served().collect();
    let known = routes.iter().filter(|route| matches!(route.access, Access::Known(_))).count();
    let public = routes.iter().filter(|route| matches!(route.access, Access::Public(_))).count();
    let mut open: Vec<&Route> = Vec::new();
    let mut unclear: Vec<&Route> = Vec::new();
    for route in &routes {
        match &route.access {
            Access::Open if !look.is_meant_for_all(route) => open.push(route),
            Access::Unclear(_) if !look.is_meant_for_all(route) => unclear.push(route),
            _ => {}
        }
    }
    for route in &open {
        let neighbours = routes.iter().filter(|other| other.application == route.application);
        let guarded = neighbours.filter(|other| matches!(other.access, Access::Known(_))).count();
        let mut draft = draft(
            "unguarded-route",
            route,
            format!("{} ({}) can be asked by anybody: nothing before it asks who it is.", route.name(), route.handler),
        );
        draft.unsure = guarded == 0;
        draft.mild = !route.writes() && guarded == 0;
        evidence.drafts.push(draft);
    }
    let idle = look
        .table
        .applications
        .iter()
        .flat_map(|application| &application.settings)
        .find(|setting| setting.what == What::Identity && setting.idle.is_some());
    let guards = look.served().filter_map(|route| match &route.access {
        Access::Known(proof) => Some(proof),
        _ => None,
    });
    let shown = few(guards.map(|proof| proof.place.clone()));
    let text = format!(
        "{} operations know who asks, {public} are declared public; {}",
        of(known, routes.len()),
        look.coverage()
    );
    match (known, open.len() + unclear.len(), idle) {
        (0, _, Some(idle)) => {
            evidence.answer(
                SOURCE,
                "authentication",
                State::Idle,
                idle.idle.clone().unwrap_or_default(),
                vec![idle.proof.place.clone()],
            );
        }
        (0, ..) if routes.is_empty() => {}
        (0, ..) => {
            let all = format::things(routes.len() as u64, "operation");
            let text = format!("nothing asks who it is, before any of {all}");
            evidence.answer(SOURCE, "authentication", State::Missing, text, few(open.iter().map(|r| r.place.clone())));
        }
        (_, 0, _) if look.gaps == 0 => evidence.answer(SOURCE, "authentication", State::Holds, text, shown),
        (_, lacking, _) => {
            let lacks = few(open.iter().chain(&unclear).map(|route| route.place.clone()));
            let text = if lacking > 0 { format!("{text}; {lacking} open or unclear") } else { text };
            evidence.answer(
                SOURCE,
                "authentication",
                State::Partly,
                text,
                if lacks.is_empty() { shown } else { lacks },
            );
        }
    }
    logins(look, &routes, evidence);
}

fn logins(look: &Source<'_, '_>, routes: &[&Route], evidence: &mut Evidence) {
    let takes = |route: &&&Route| {
        route.writes() && entries::takes_credentials(&route.path) && !matches!(route.access, Access::Known(_))
    };
    let all: Vec<&&Route> = routes.iter().filter(takes).collect();
    let (limited, free): (Vec<&&Route>, Vec<&&Route>) = all.iter().partition(|route| route.limit.is_some());
    for route in &free {
        let message =
            format!("{} ({}) takes or resets credentials, and nothing limits how often.", route.name(), route.handler);
        evidence.drafts.push(draft("unlimited-login", route, message));
    }
    let text = format!("{} operations that take or reset credentials are limited", of(limited.len(), all.len()));
    let places =
        |routes: &[&&Route]| few(routes.iter().map(|r| r.limit.as_ref().map_or(&r.place, |l| &l.place).clone()));
    match (all.len(), free.len()) {
        (0, _) => {
            // Whoever is not known can send nothing, and so no credentials.
            let closed = routes.iter().filter(|route| route.writes()).all(|r| matches!(r.access, Access::Known(_)));
            let state = if closed && look.gaps == 0 && !routes.is_empty() { State::Holds } else { State::Missing };
            let text = match state {
                State::Holds => format!("nobody who is not known can send anything; {}", look.coverage()),
                _ => "no operation that takes credentials was seen".to_owned(),
            };
            evidence.answer(SOURCE, "login-limit", state, text, Vec::new());
        }
        (_, 0) => evidence.answer(SOURCE, "login-limit", State::Holds, text, places(&limited)),
        (all, free_ones) if all == free_ones => {
            evidence.answer(SOURCE, "login-limit", State::Missing, text, places(&free));
        }
        _ => evidence.answer(SOURCE, "login-limit", State::Partly, text, places(&free)),
    }
}

/// Whether what changes something demands more than being known.
pub(super) fn roles(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let known = |route: &&Route| {
        matches!(route.access, Access::Known(_)) && !has_part(route, OWN) && !entries::is_entry(&route.path)
    };
    let all: Vec<&Route> = look.served().filter(known).collect();
    let writes: Vec<&&Route> = all.iter().filter(|route| route.writes()).collect();
    let with: Vec<&&&Route> = writes.iter().filter(|route| route.role.is_some()).collect();
    let uses_roles: Vec<usize> =
        all.iter().filter(|route| route.role.is_some()).map(|route| route.application).collect();
    // Where an application knows no roles at all, everybody who is known is meant to do everything.
    for route in all.iter().filter(|route| route.role.is_none() && uses_roles.contains(&route.application)) {
        let does = if route.writes() { "changes something" } else { "is read" };
        let message = format!(
            "{} ({}) {does} by everybody who is known: it demands no role and no ability.",
            route.name(),
            route.handler
        )
        .replace("changes something by everybody", "can be done by everybody");
        let mut draft = draft("write-without-role", route, message);
        draft.mild = !route.writes();
        evidence.drafts.push(draft);
    }
    let mut guards: std::collections::BTreeMap<&str, Vec<&Location>> = std::collections::BTreeMap::new();
    for guard in &look.table.default_allow {
        guards.entry(&guard.text).or_default().push(&guard.place);
    }
    for (name, places) in guards {
        let message = format!(
            "{name} lets everybody pass where an operation declares nothing; a forgotten declaration is an open door."
        );
        let mut draft = Draft::new("default-allow-guard", message, places[0].clone(), name);
        draft.related = places.into_iter().skip(1).cloned().collect();
        evidence.drafts.push(draft);
    }
    if writes.is_empty() {
        if !all.is_empty() {
            let text = format!("none of {} operations changes something; what is only read was not judged", all.len());
            evidence.answer(SOURCE, "function-authorization", State::Missing, text, Vec::new());
        }
        return;
    }
    let (held, of_all) = (with.len(), writes.len());
    let text = format!(
        "{} operations that change something demand a role, an ability or an owner; {}",
        of(held, of_all),
        look.coverage()
    );
    let shown = few(with.iter().filter_map(|route| route.role.as_ref()).map(|proof| proof.place.clone()));
    let lacks = few(writes.iter().filter(|route| route.role.is_none()).map(|route| route.place.clone()));
    let share = Share { slot: "function-authorization", held, all: of_all, text, shown, lacks };
    look.say(share, Some(What::Permission), evidence);
}

/// Whether objects are reached together with who asks.
pub(super) fn objects(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let (mut scoped, mut unscoped): (Vec<Location>, Vec<Location>) = (Vec::new(), Vec::new());
    for route in look.served() {
        match &route.object {
            Object::None => {}
            Object::Scoped(proof) => scoped.push(proof.place.clone()),
            // Whoever runs the service reaches everybody's.
            Object::Unscoped(_) if route.role.is_some() && has_part(route, ADMINISTRATIVE) => {}
            // What everybody may read belongs to nobody.
            Object::Unscoped(_) if matches!(route.access, Access::Public(_) | Access::Open) && !route.writes() => {}
            Object::Unscoped(proof) => {
                unscoped.push(proof.place.clone());
                let message = format!(
                    "{} reaches an object by its name alone: {} is not told who asks.",
                    route.name(),
                    proof.text
                );
                let mut draft = Draft::new("object-without-principal", message, proof.place.clone(), route.name());
                draft.related.push(route.place.clone());
                evidence.drafts.push(draft);
            }
        }
    }
    let (held, all) = (scoped.len(), scoped.len() + unscoped.len());
    let text =
        format!("{} operations that name an object tell what they call who asks; {}", of(held, all), look.coverage());
    let (shown, lacks) = (few(scoped.into_iter()), few(unscoped.into_iter()));
    if all > 0 {
        look.say(Share { slot: "object-ownership", held, all, text, shown, lacks }, None, evidence);
    }
}

/// Whether bodies are kept to what is declared.
pub(super) fn bodies(look: &Source<'_, '_>, evidence: &mut Evidence) {
    let (mut checked, mut unchecked, mut unclear) = (Vec::new(), Vec::new(), 0);
    for route in look.served() {
        match &route.body {
            Body::None => {}
            Body::Checked(proof) => checked.push(proof.place.clone()),
            Body::Unclear(_) => unclear += usize::from(route.writes()),
            Body::Unchecked(proof) => {
                unchecked.push(proof.place.clone());
                let message = format!("The body of {} comes through as it is sent: {}.", route.name(), proof.text);
                evidence.drafts.push(Draft::new("body-unchecked", message, proof.place.clone(), route.name()));
            }
        }
    }
    let (held, all) = (checked.len(), checked.len() + unchecked.len() + unclear);
    let text = format!("{} bodies are kept to what a class or schema declares; {}", of(held, all), look.coverage());
    let (shown, lacks) = (few(checked.into_iter()), few(unchecked.into_iter()));
    if all > 0 {
        let share = Share { slot: "input-whitelist", held, all, text, shown, lacks };
        look.say(share, Some(What::Whitelist), evidence);
    }
}
