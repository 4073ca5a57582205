//! From what was seen to a verdict for each item.

use tollgate_model::{Location, Standing as Verdict};

use crate::attest::{Claim, Standing as ClaimStanding};
use crate::evidence::{Answer, Evidence, State};
use crate::items::{self, Item};

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Row<'e> {
    pub(crate) item: &'static Item,
    pub(crate) verdict: Verdict,
    /// What it would be if nothing had been found.
    pub(crate) otherwise: Verdict,
    /// Each slot with the best that was said about it.
    pub(crate) slots: Vec<(&'static str, bool, Option<&'e Answer>)>,
    /// How many findings fail it, and where the first ones are.
    pub(crate) failing: Vec<usize>,
    /// Who answers for it, where that counts.
    pub(crate) claim: Option<&'e Claim>,
}

impl Row<'_> {
    /// Why a verdict is what it is, in one sentence.
    pub(crate) fn because(&self, verdict: Verdict, evidence: &Evidence) -> String {
        let needed = || self.slots.iter().filter(|(_, required, _)| *required);
        match (verdict, self.claim) {
            (Verdict::Fail, _) => {
                let first = &evidence.drafts[self.failing[0]];
                let more = match self.failing.len() - 1 {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                format!("{}: {}{more}", first.place, first.message.trim_end_matches('.'))
            }
            (Verdict::Attested, Some(claim)) => format!("{} until {}: {}", claim.owner, claim.expires, claim.statement),
            (Verdict::NotApplicable, Some(claim)) => {
                format!("{} until {}: {}", claim.owner, claim.expires, claim.statement)
            }
            (Verdict::Pass, _) => {
                let shown: Vec<&str> = needed().filter_map(|(_, _, answer)| answer.map(|a| a.text.as_str())).collect();
                shown.join("; ")
            }
            _ => {
                let open = needed().filter(|(_, _, answer)| !answer.is_some_and(|a| a.state == State::Holds));
                let told: Vec<String> = open
                    .map(|(name, _, answer)| match answer {
                        Some(answer) => format!("{name} {}: {}", answer.state.word(), answer.text),
                        None => format!("{name}: nothing looked"),
                    })
                    .collect();
                told.join("; ")
            }
        }
    }

    /// The places that the verdict rests on.
    pub(crate) fn places(&self, evidence: &Evidence) -> Vec<Location> {
        let mut all: Vec<Location> = Vec::new();
        if self.verdict == Verdict::Fail {
            all.extend(self.failing.iter().map(|at| evidence.drafts[*at].place.clone()));
        }
        // What is lacking first, where that is what the verdict is about.
        let mut answers: Vec<&Answer> = self.slots.iter().filter_map(|(_, _, answer)| *answer).collect();
        answers.sort_by_key(|answer| self.verdict != Verdict::Pass && answer.state == State::Holds);
        all.extend(answers.into_iter().flat_map(|answer| answer.places.iter().cloned()));
        let mut seen = std::collections::HashSet::new();
        all.retain(|place| seen.insert(place.clone()));
        all
    }
}

/// Judges every item. `fails` says whether a draft counts.
pub(crate) fn rows<'e>(
    evidence: &'e Evidence,
    claims: &'e [ClaimStanding],
    fails: &dyn Fn(usize) -> bool,
) -> Vec<Row<'e>> {
    items::all().iter().map(|item| row(item, evidence, claims, fails)).collect()
}

fn row<'e>(
    item: &'static Item,
    evidence: &'e Evidence,
    claims: &'e [ClaimStanding],
    fails: &dyn Fn(usize) -> bool,
) -> Row<'e> {
    let slots: Vec<(&'static str, bool, Option<&Answer>)> =
        item.slots().map(|(name, required)| (name, required, evidence.best(name))).collect();
    let of_rule = |at: &usize| {
        let draft = &evidence.drafts[*at];
        item.rules.contains(&draft.rule) || draft.items.contains(&item.id)
    };
    let mut failing: Vec<usize> = (0..evidence.drafts.len()).filter(of_rule).filter(|at| fails(*at)).collect();
    failing.sort_by(|a, b| evidence.drafts[*a].place.cmp(&evidence.drafts[*b].place));
    let required = || slots.iter().filter(|(_, required, _)| *required);
    let shown = required().filter(|(_, _, answer)| answer.is_some_and(|a| a.state == State::Holds)).count();
    let begun = required().any(|(_, _, answer)| answer.is_some_and(|a| a.state >= State::Partly));
    let by_evidence = match shown {
        all if all == required().count() => Verdict::Pass,
        0 if !begun => Verdict::NotEvidenced,
        _ => Verdict::Partial,
    };
    let claim = claims.iter().find(|claim| claim.counts() && claim.claim.item == item.id).map(|claim| &claim.claim);
    let otherwise = match (by_evidence, claim) {
        (Verdict::Pass, _) | (_, None) => by_evidence,
        (_, Some(claim)) if claim.not_applicable => Verdict::NotApplicable,
        (_, Some(_)) => Verdict::Attested,
    };
    let verdict = if failing.is_empty() { otherwise } else { Verdict::Fail };
    Row { item, verdict, otherwise, slots, failing, claim }
}
