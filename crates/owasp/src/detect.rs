//! The detectors: each looks at one thing and says what it shows about slots, and what it found.

mod compare;
mod document;
mod outbound;
mod queries;
mod routes;
mod settings;
mod tokens;

use tollgate_check::Globs;
use tollgate_model::{Location, format};

use crate::evidence::{Evidence, State};
use crate::program::Program;
use crate::routes::{Route, Table, What};

pub(crate) use compare::compare;
pub(crate) use document::{Document, document};

/// What the source detector goes by.
pub(crate) struct Source<'a, 's> {
    pub(crate) program: &'a Program<'s>,
    pub(crate) table: &'a Table,
    /// Paths that are meant for everybody.
    pub(crate) public: &'a Globs,
    /// How much there is that could hide something: parts that could not be followed, files that could not be read.
    pub(crate) gaps: usize,
}

const SOURCE: &str = "source";

/// Whether what begins with a host is on the same machine.
fn is_near(host: &str) -> bool {
    ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|near| host.starts_with(near))
}

impl Source<'_, '_> {
    /// The routes that are served.
    fn served(&self) -> impl Iterator<Item = &Route> {
        self.table.routes.iter().filter(|route| route.served)
    }

    /// How much was seen, behind what is said.
    fn coverage(&self) -> String {
        let (all, resolved) = self
            .served()
            .fold((0, 0), |(all, resolved), route| (all + 1, resolved + u64::from(route.unresolved.is_empty())));
        let gaps = match self.gaps {
            0 => String::new(),
            gaps => format!(", {} not followed", format::things(gaps as u64, "thing")),
        };
        format!("{} seen, {resolved} resolved{gaps}", format::things(all, "route"))
    }
}

/// Everything that the sources show.
pub(crate) fn source(look: &Source<'_, '_>, evidence: &mut Evidence) {
    routes::access(look, evidence);
    routes::roles(look, evidence);
    routes::objects(look, evidence);
    routes::bodies(look, evidence);
    routes::debugging(look, evidence);
    settings::all(look, evidence);
    tokens::tokens(look, evidence);
    outbound::outbound(look, evidence);
    queries::queries(look, evidence);
}

/// What holds for some of what it must hold for.
struct Share {
    slot: &'static str,
    held: usize,
    all: usize,
    text: String,
    /// What shows it, and what lacks it.
    shown: Vec<Location>,
    lacks: Vec<Location>,
}

impl Source<'_, '_> {
    /// Says how much of it holds: all of it is shown only where nothing was lost. Where none of it does, `of` may be there and not in force.
    fn say(&self, share: Share, of: Option<What>, evidence: &mut Evidence) {
        let settings = || self.table.applications.iter().flat_map(|application| &application.settings);
        let idle = of.and_then(|what| settings().find(|setting| setting.what == what && setting.idle.is_some()));
        let Share { slot, held, all, text, shown, lacks } = share;
        match (held, idle) {
            (held, _) if held == all && self.gaps == 0 => evidence.answer(SOURCE, slot, State::Holds, text, shown),
            (0, Some(idle)) => {
                let place = vec![idle.proof.place.clone()];
                evidence.answer(SOURCE, slot, State::Idle, idle.idle.clone().unwrap_or_default(), place);
            }
            (0, None) => evidence.answer(SOURCE, slot, State::Missing, text, lacks),
            _ => evidence.answer(SOURCE, slot, State::Partly, text, if lacks.is_empty() { shown } else { lacks }),
        }
    }
}

/// How many places an answer names.
const MOST_PLACES: usize = 20;

fn few(places: impl Iterator<Item = Location>) -> Vec<Location> {
    let mut seen = std::collections::HashSet::new();
    places.filter(|place| seen.insert(place.clone())).take(MOST_PLACES).collect()
}
