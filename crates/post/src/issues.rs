//! GitHub issues of gates that do not pass, on the default branch.

use tollgate_forge::tracking::{self, Change, Origin};
use tollgate_forge::{Client, ForgeError};
use tollgate_model::Verdict;
use tollgate_render::escape;

use crate::gates::{Gate, is_open};

/// Most reasons that are listed.
const REASONS: usize = 50;
/// Most places per reason.
const PLACES: usize = 10;

/// Opens, updates and closes them.
pub(crate) fn sync(client: &Client, origin: &Origin<'_>, gates: &[Gate<'_>]) -> Result<Vec<Change>, ForgeError> {
    let texts: Vec<String> = gates.iter().map(text).collect();
    let gates: Vec<tracking::Gate<'_>> = gates
        .iter()
        .zip(&texts)
        .map(|(gate, body)| tracking::Gate { name: gate.name(), verdict: gate.verdict, body })
        .collect();
    tracking::sync(client, origin, &gates)
}

/// What is wrong, as Markdown. The same for the same reasons, so that a run that finds nothing else changes nothing.
fn text(gate: &Gate<'_>) -> String {
    let does = match gate.verdict {
        Verdict::Unknown => "is unknown",
        _ => "fails",
    };
    let mut text = format!("Gate **{}** {does} on the default branch.\n\n", escape::markdown(gate.name()));
    if gate.verdict > gate.decision.verdict {
        text.push_str(&format!("- {}\n", escape::sentence(&gate.sentence())));
    }
    for reason in gate.decision.reasons.iter().filter(|reason| is_open(reason)).take(REASONS) {
        text.push_str(&format!("- {}: {}\n", reason.verdict, escape::sentence(&reason.text)));
        for place in reason.places.iter().take(PLACES) {
            text.push_str(&format!("  - {}\n", escape::code(place)));
        }
    }
    text.push_str("\nIt is closed when the gate passes.\n");
    text
}
