//! One commit status per gate.

use std::collections::BTreeMap;

use tollgate_forge::comment::Category;
use tollgate_forge::status::{self, Status};
use tollgate_forge::{Client, ForgeError};
use tollgate_model::Verdict;

use crate::gates::Gate;

/// A status to set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) context: String,
    pub(crate) verdict: Verdict,
    pub(crate) description: String,
}

/// What to set. The forge does not tell cases apart, so gates whose names differ in nothing else share a status: the worst.
pub(crate) fn planned(gates: &[Gate<'_>], category: Option<&Category>) -> Vec<Planned> {
    let mut planned: BTreeMap<String, Planned> = BTreeMap::new();
    for gate in gates {
        let name = category.map_or_else(|| gate.name().to_owned(), |category| format!("{category}/{}", gate.name()));
        let context = status::context(&name);
        let one = Planned { context, verdict: gate.verdict, description: gate.sentence() };
        match planned.entry(one.context.to_lowercase()) {
            std::collections::btree_map::Entry::Vacant(free) => drop(free.insert(one)),
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                if one.verdict > taken.get().verdict {
                    taken.insert(one);
                }
            }
        }
    }
    planned.into_values().collect()
}

/// Sets them all, each whatever became of the others; answers those that are not there.
pub(crate) fn set(client: &Client, commit: &str, planned: &[Planned], url: Option<&str>) -> Vec<(String, ForgeError)> {
    let set = |one: &Planned| {
        let (context, verdict, description) = (one.context.as_str(), one.verdict, one.description.as_str());
        let set = status::set(client, &Status { commit, context, verdict, description, url });
        set.err().map(|error| (one.context.clone(), error))
    };
    // The worst first: where time runs out, what is missing is a tick.
    let mut order: Vec<&Planned> = planned.iter().collect();
    order.sort_by_key(|one| std::cmp::Reverse(one.verdict));
    order.into_iter().filter_map(set).collect()
}
