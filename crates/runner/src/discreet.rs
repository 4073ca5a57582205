//! What everybody can read must not say where a secret lies that this change has nothing to do with: on a public repository such
//! findings are counted, and located only at the terminal of whoever runs tollgate and in what code scanning is sent.

use std::borrow::Cow;
use std::collections::BTreeSet;

use tollgate_model::Run;

use crate::event::Event;

/// What a message says instead.
const WITHHELD: &str = "(where it stands is told at a terminal of yours, and in code scanning)";

/// The run as everybody may read it.
pub(crate) fn shown<'r>(run: &'r Run, event: &Event) -> Cow<'r, Run> {
    let any = || run.reports.iter().flat_map(|report| &report.findings).any(|finding| finding.discreet);
    if !event.is_public() || !any() {
        return Cow::Borrowed(run);
    }
    let mut run = run.clone();
    let mut places = BTreeSet::new();
    for report in &mut run.reports {
        for finding in report.findings.iter_mut().filter(|finding| finding.discreet) {
            places.extend(finding.location.take().map(|location| location.to_string()));
            finding.related.clear();
            finding.properties.clear();
            finding.message = format!("{} {WITHHELD}", finding.rule);
        }
        if let Some(headline) = report.headline.as_mut().filter(|_| report.findings.iter().any(|f| f.discreet)) {
            headline.details.clear();
        }
    }
    for reason in run.decision.gates.iter_mut().flat_map(|gate| &mut gate.reasons) {
        let before = reason.places.len();
        reason.places.retain(|place| !places.contains(place));
        if reason.places.len() < before {
            reason.text = format!("{} {WITHHELD}", reason.text);
        }
    }
    Cow::Owned(run)
}
