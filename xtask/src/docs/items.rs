//! The OWASP checklist: what each item needs, what shows it, what fails it.

use tollgate_owasp::items::{self, Item};

/// Both editions, then everything that can be needed.
pub(super) fn page() -> String {
    let mut text =
        "# The items of the OWASP checklist\n\nWhat a pass of each item needs, and the rules whose findings fail it. \
                    [How verdicts come about](owasp.md). Written from `rules/owasp/items`.\n"
            .to_owned();
    for edition in items::EDITIONS.into_iter().rev() {
        text.push_str(&format!(
            "\n## {edition}\n\n| item | a pass needs | told beside it | fails by |\n|---|---|---|---|\n"
        ));
        items::all().iter().filter(|item| item.edition() == edition).for_each(|item| text.push_str(&row(item)));
    }
    text.push_str("\n## What can be needed\n");
    for (name, slot) in items::slots() {
        let by = match slot.by.is_empty() {
            true => "an attestation alone".to_owned(),
            false => format!("{}; an attestation can stand in for it", slot.by.join(", ")),
        };
        text.push_str(&format!("\n### {name}\n\n{}.\n\nShown by: {by}.\n\n{}\n", slot.asks, slot.how.trim()));
    }
    text
}

fn row(item: &Item) -> String {
    let needs = |names: &[String]| names.iter().map(|name| format!("[{name}](#{name})")).collect::<Vec<_>>().join(", ");
    let rules: Vec<String> = item.rules.iter().map(|rule| format!("[{rule}](rules/owasp/{rule}.md)")).collect();
    let other = match item.also.is_empty() {
        true => "no row of the other edition".to_owned(),
        false => item.also.join(", "),
    };
    format!(
        "| [{}]({}) {} ({other}) | {} | {} | {} |\n",
        item.id,
        item.reference,
        item.title,
        needs(&item.required),
        needs(&item.optional),
        rules.join(", ")
    )
}
