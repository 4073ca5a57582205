//! Which gates are posted, and as what.

use tollgate_model::{GateDecision, Reason, Run, Verdict, format};

use crate::PostError;

/// A gate as it is posted.
#[derive(Clone, Debug)]
pub(crate) struct Gate<'r> {
    pub(crate) decision: &'r GateDecision,
    /// Its verdict; unknown where it would pass, but a checker that no gate speaks for did not see everything: the run is
    /// unknown then, and no gate may look better than its run.
    pub(crate) verdict: Verdict,
    /// Checkers that did not see everything and that no gate speaks for.
    pub(crate) unfinished: Vec<&'r str>,
}

/// The gates named, else all that were judged.
pub(crate) fn chosen<'r>(run: &'r Run, names: &[String]) -> Result<Vec<Gate<'r>>, PostError> {
    let unfinished = unspoken(run);
    let all = &run.decision.gates;
    for name in names {
        match all.iter().find(|gate| gate.name == *name) {
            Some(gate) if gate.judged => {}
            Some(_) => return Err(PostError::refused(format!("gate `{name}` was not judged in this run"))),
            None => {
                let known: Vec<&str> = all.iter().map(|gate| gate.name.as_str()).collect();
                return Err(PostError::usage(format!("--gate {name}: no such gate; there are {}", known.join(", "))));
            }
        }
    }
    let wanted = |gate: &&GateDecision| gate.judged && (names.is_empty() || names.contains(&gate.name));
    let lifted = |decision: &'r GateDecision| {
        let passes = decision.verdict < Verdict::Fail;
        let verdict = if passes && !unfinished.is_empty() { Verdict::Unknown } else { decision.verdict };
        Gate { decision, verdict, unfinished: unfinished.clone() }
    };
    Ok(all.iter().filter(wanted).map(lifted).collect())
}

/// Checkers that did not see everything, and that no gate is unknown for.
fn unspoken(run: &Run) -> Vec<&str> {
    let gates = || run.decision.gates.iter().filter(|gate| gate.judged);
    let speaks_for = |reason: &Reason, checker: &str| {
        reason.verdict == Verdict::Unknown && reason.applies && reason.checker.as_deref() == Some(checker)
    };
    let unspoken = |checker: &&str| !gates().flat_map(|gate| &gate.reasons).any(|reason| speaks_for(reason, checker));
    run.decision.unfinished.iter().map(String::as_str).filter(unspoken).collect()
}

impl Gate<'_> {
    pub(crate) fn name(&self) -> &str {
        &self.decision.name
    }

    /// Why, in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let decision = self.decision;
        if self.verdict > decision.verdict {
            return format!("{} did not see everything; see the run", self.unfinished.join(", "));
        }
        let open: Vec<&Reason> = decision.reasons.iter().filter(|reason| is_open(reason)).collect();
        let holding = decision.reasons.iter().filter(|reason| reason.applies).count() as u64;
        let sentence = match (open.as_slice(), decision.reasons.first()) {
            ([one], _) => one.text.clone(),
            ([first, rest @ ..], _) => {
                format!("{} (and {})", first.text, format::things(rest.len() as u64, "more condition"))
            }
            ([], Some(first)) if holding == 0 => format!("does not apply: {}", first.text),
            ([], _) if holding == 1 => "1 condition holds".to_owned(),
            ([], _) => format!("{} hold", format::things(holding, "condition")),
        };
        match self.verdict {
            Verdict::Warn => format!("warn: {sentence}"),
            _ => sentence,
        }
    }
}

pub(crate) fn is_open(reason: &Reason) -> bool {
    reason.applies && reason.verdict != Verdict::Pass
}

/// The worst verdict; unknown where there is none.
pub(crate) fn worst(gates: &[Gate<'_>]) -> Verdict {
    gates.iter().map(|gate| gate.verdict).max().unwrap_or(Verdict::Unknown)
}
