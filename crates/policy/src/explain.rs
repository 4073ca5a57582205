//! What a condition demands, in words.

use tollgate_model::{Op, Unit};

use crate::catalog::{CHECKER, Catalog};
use crate::condition::{Condition, Limit, Selector, Subject};

/// What `condition` demands, as one sentence: `Share of lines that a test ran (coverage.lines): at least 80 %.`
pub fn demand(condition: &Condition, catalog: &Catalog) -> String {
    match &condition.subject {
        Subject::Step(id) => format!("The step `{id}` of the workflow must end in success."),
        Subject::Need(job) => format!("The job `{job}` of the workflow must end in success."),
        Subject::Relaxations => {
            "What this change relaxes in the policy, in any gate (policy.relaxations): nothing.".to_owned()
        }
        Subject::Overdue(selector) => format!(
            "Findings of {}{} that the base has had for longer than their class allows: {}.",
            selector.labels.get(CHECKER).map_or("all checkers and sources", String::as_str),
            with(selector.labels.iter().filter(|(label, _)| *label != CHECKER)),
            limit(condition.op, &condition.limit, Unit::Count)
        ),
        Subject::Metric(selector) => {
            let unit = catalog.unit(selector);
            format!("{}: {}.", subject(selector, catalog), limit(condition.op, &condition.limit, unit))
        }
    }
}

/// What is compared: what the metric is about, or which findings are counted.
fn subject(selector: &Selector, catalog: &Catalog) -> String {
    let labels = with(selector.labels.iter());
    match catalog.metric(&selector.metric) {
        Some(spec) => format!("{} ({}){labels}", spec.about.trim_end_matches('.'), selector.metric),
        None => format!("Findings of {}{labels} that nobody silenced", catalog.owner_of(selector)),
    }
}

/// Labels in words: ` with severity high and path src`.
fn with<'a>(labels: impl Iterator<Item = (&'a String, &'a String)>) -> String {
    let labels: Vec<String> = labels.map(|(name, value)| format!("{name} {value}")).collect();
    if labels.is_empty() { String::new() } else { format!(" with {}", labels.join(" and ")) }
}

fn limit(op: Op, limit: &Limit, unit: Unit) -> String {
    let bound = match limit {
        Limit::Success => "success".to_owned(),
        Limit::Quantity(quantity) => quantity.words(),
        Limit::Base { offset: None } => "what the base has".to_owned(),
        Limit::Base { offset: Some((added, by)) } => {
            let by_points = unit == Unit::Percent && by.unit == unit;
            let amount = match by_points {
                true => format!("{} points", by.words().trim_end_matches(" %")),
                false => by.words(),
            };
            let side = if *added { "more" } else { "less" };
            format!("{amount} {side} than what the base has")
        }
    };
    let words = match op {
        Op::Ge => "at least",
        Op::Le => "at most",
        Op::Eq if bound == "0" => return "none".to_owned(),
        Op::Eq => "exactly",
        Op::Ne => "anything but",
        Op::Gt => "more than",
        Op::Lt => "less than",
    };
    format!("{words} {bound}")
}

#[cfg(test)]
mod tests {
    use tollgate_model::MetricSpec;

    use super::*;

    #[test]
    fn conditions_are_said_in_words() {
        let mut catalog = Catalog::default();
        let lines =
            MetricSpec::new("coverage.lines", Unit::Percent, "Share of lines that a test ran").labels(&["path"]);
        let total = MetricSpec::new("bundle.total", Unit::Bytes, "Size of the build");
        catalog.add("coverage", &[lines, total], &[], &[]);
        for (condition, expected) in [
            ("coverage.lines >= 80%", "Share of lines that a test ran (coverage.lines): at least 80 %."),
            (
                "coverage.lines{path=\"apps/api\"} >= base - 0.5%",
                "Share of lines that a test ran (coverage.lines) with path apps/api: at least 0.5 points less than what the \
                 base has.",
            ),
            (
                "bundle.total <= base + 2 KB",
                "Size of the build (bundle.total): at most 2 KB more than what the base has.",
            ),
            (
                "coverage.findings{level=\"error\",state=\"new\"} == 0",
                "Findings of coverage with level error and state new that nobody silenced: none.",
            ),
            ("steps.test == success", "The step `test` of the workflow must end in success."),
            (
                "findings.overdue{class=\"P0\",checker=\"coverage\"} == 0",
                "Findings of coverage with class P0 that the base has had for longer than their class allows: none.",
            ),
            (
                "policy.relaxations == 0",
                "What this change relaxes in the policy, in any gate (policy.relaxations): nothing.",
            ),
            ("needs.build == success", "The job `build` of the workflow must end in success."),
        ] {
            assert_eq!(demand(&Condition::parse(condition).unwrap(), &catalog), expected, "{condition}");
        }
    }
}
