//! Rules as reporting descriptors (§3.49).

use std::borrow::Cow;
use std::collections::BTreeMap;

use tollgate_model::{Checklist, Rule, Severity};

use crate::checklist;
use crate::model::{Configuration, Message, RuleDescriptor, RuleProperties};
use crate::text::bounded;

/// GitHub's bound on the name of a rule.
const NAME: usize = 255;
/// GitHub's bound on short and full descriptions.
const DESCRIPTION: usize = 1024;
/// Our bound on help texts.
const HELP: usize = 32_768;
/// How many tags GitHub keeps.
const TAGS: usize = 10;

/// The descriptors of `rules` and of the rows of checklists in order of id, and the place of each id. Of twins the first counts.
pub(crate) fn descriptors<'a>(
    rules: &'a [Rule],
    checklists: &'a [Checklist],
) -> (Vec<RuleDescriptor<'a>>, BTreeMap<String, usize>) {
    let mut by_id = BTreeMap::new();
    for rule in rules {
        by_id.entry(rule.id.clone()).or_insert_with(|| descriptor(rule));
    }
    for list in checklists {
        for item in &list.items {
            by_id.entry(checklist::rule_id(list, item)).or_insert_with(|| checklist::descriptor(list, item));
        }
    }
    let places = by_id.keys().enumerate().map(|(place, id)| (id.clone(), place)).collect();
    (by_id.into_values().collect(), places)
}

fn descriptor(rule: &Rule) -> RuleDescriptor<'_> {
    let security = rule.tags.iter().any(|tag| tag == "security");
    RuleDescriptor {
        id: Cow::Borrowed(&rule.id),
        name: Cow::Owned(bounded(&pascal_case(&rule.id), NAME).into_owned()),
        short_description: Message::plain(bounded(said(&rule.title, &rule.id), DESCRIPTION)),
        full_description: Message::plain(bounded(said(&rule.why, said(&rule.title, &rule.id)), DESCRIPTION)),
        default_configuration: Configuration { level: rule.level },
        help_uri: rule.references.first().map(String::as_str),
        help: help(rule),
        properties: RuleProperties {
            precision: rule.confidence,
            security_severity: rule.severity.filter(|_| security).map(security_severity),
            tags: tags(rule),
        },
    }
}

fn help(rule: &Rule) -> Message<'_> {
    let (why, mend) = (rule.why.trim(), rule.mend.trim());
    let text = format!("{why}\n\nHow to mend it: {mend}");
    let markdown = format!("{why}\n\n### How to mend it\n\n{mend}");
    Message {
        text: Cow::Owned(bounded(&text, HELP).into_owned()),
        markdown: Some(Cow::Owned(bounded(&markdown, HELP).into_owned())),
    }
}

/// `security` first, so that it is never among the tags that the host drops.
fn tags(rule: &Rule) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    let security = rule.tags.iter().filter(|tag| *tag == "security");
    for tag in security.chain(&rule.tags) {
        if !tags.contains(&tag.as_str()) {
            tags.push(tag);
        }
    }
    tags.truncate(TAGS);
    tags
}

/// A number in each of GitHub's bands: 0.1-3.9 low, 4.0-6.9 medium, 7.0-8.9 high, over 9.0 critical. A string, because
/// GitHub ignores a number.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "3.0",
        Severity::Medium => "6.0",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

/// `UncoveredLines` of `coverage/uncovered-lines`.
fn pascal_case(id: &str) -> String {
    let kebab = id.rsplit_once('/').map_or(id, |(_, name)| name);
    let mut name = String::with_capacity(kebab.len());
    for word in kebab.split('-') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

/// `text` without the white space around it, or `else_` where nothing is left.
fn said<'a>(text: &'a str, else_: &'a str) -> &'a str {
    match text.trim() {
        "" => else_,
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pascal_case() {
        for (id, name) in
            [("coverage/uncovered-lines", "UncoveredLines"), ("x/a", "A"), ("a-b", "AB"), ("x/a--1b", "A1b")]
        {
            assert_eq!(pascal_case(id), name);
        }
    }
}
