//! Checklists: a result per row whose kind says how it stands, and the lists themselves as taxonomies.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::{Checklist, ChecklistItem, Confidence, Finding, Level, Report, Standing};

use crate::convert::{message, physical, primary};
use crate::model::{
    Component, Configuration, Fingerprints, Message, Relationship, ResultObject, ResultProperties, Results,
    RuleDescriptor, RuleProperties, Taxa, Taxon, Taxonomy,
};

/// The taxonomy of weaknesses.
const CWE: &str = "CWE";

/// How many places a result has beside its first.
const RELATED: usize = 20;

static NO_DETAILS: BTreeMap<String, serde_json::Value> = BTreeMap::new();

/// `OWASP-API-2023`.
fn taxonomy(name: &str, edition: &str) -> String {
    format!("{name}-{edition}").replace(' ', "-")
}

/// The rule that the result of a row is of: `owasp-api/api5-2023`.
pub(crate) fn rule_id(list: &Checklist, item: &ChecklistItem) -> String {
    format!("{}/{}", list.name, item.id).to_ascii_lowercase().replace([' ', ':'], "-")
}

pub(crate) fn descriptor<'a>(list: &'a Checklist, item: &'a ChecklistItem) -> RuleDescriptor<'a> {
    let name = format!("{}{}", list.name, item.id).replace(|c: char| !c.is_ascii_alphanumeric(), "");
    let about = format!("{} {} {}", list.name, item.id, item.title);
    RuleDescriptor {
        id: Cow::Owned(rule_id(list, item)),
        name: Cow::Owned(name),
        short_description: Message::plain(Cow::Borrowed(&item.title)),
        full_description: Message::plain(Cow::Owned(about)),
        default_configuration: Configuration { level: Level::Error },
        help_uri: Some(&item.reference),
        help: Message::plain(Cow::Owned(format!("What the row is about: {}", item.reference))),
        properties: RuleProperties { precision: Confidence::High, security_severity: None, tags: Vec::new() },
    }
}

/// The result of one row (§3.27.9).
pub(crate) fn result<'a>(results: &Results<'a>, list: &'a Checklist, item: &'a ChecklistItem) -> ResultObject<'a> {
    let report = results.report;
    let id = rule_id(list, item);
    let kind = match item.verdict {
        Standing::Fail => "fail",
        Standing::NotEvidenced | Standing::Partial => "open",
        Standing::Attested => "review",
        Standing::NotApplicable => "notApplicable",
        Standing::Pass => "pass",
    };
    ResultObject {
        rule_index: results.rules.get(&id).copied(),
        kind: Some(kind),
        level: if kind == "fail" { "error" } else { "none" },
        message: Message::plain(Cow::Owned(format!(
            "{}: {}: {}",
            item.id,
            item.verdict.word(),
            message(&item.because).text
        ))),
        locations: [primary(report, item.places.first())],
        related_locations: item
            .places
            .iter()
            .skip(1)
            .take(RELATED)
            .filter_map(|place| physical(report, place))
            .collect(),
        partial_fingerprints: Fingerprints { primary_location_line_hash: Cow::Owned(format!("v1:{id}")) },
        baseline_state: None,
        suppressions: Vec::new(),
        taxa: taxa(list, item),
        properties: ResultProperties { confidence: Confidence::High, severity: None, details: &NO_DETAILS },
        rule_id: Cow::Owned(id),
    }
}

fn named<'a>(id: impl Into<Cow<'a, str>>, taxonomy: impl Into<Cow<'a, str>>) -> Taxa<'a> {
    Taxa { id: id.into(), tool_component: Component { name: taxonomy.into() } }
}

fn taxa<'a>(list: &'a Checklist, item: &'a ChecklistItem) -> Vec<Taxa<'a>> {
    let own = named(item.id.as_str(), taxonomy(&list.name, &list.edition));
    std::iter::once(own).chain(item.cwe.iter().map(|cwe| named(cwe.to_string(), CWE))).collect()
}

/// The rows that a finding fails.
pub(crate) fn of_finding<'a>(report: &'a Report, finding: &Finding) -> Vec<Taxa<'a>> {
    let lists = report.checklists.iter();
    let items = lists.flat_map(|list| list.items.iter().map(move |item| (list, item)));
    let fails = items.filter(|(_, item)| item.failed_by.contains(&finding.fingerprint));
    fails.map(|(list, item)| named(item.id.as_str(), taxonomy(&list.name, &list.edition))).collect()
}

/// Each list as a taxonomy, related to the other editions; the weaknesses that they are about as one more (§3.19.3).
pub(crate) fn taxonomies(lists: &[Checklist]) -> Vec<Taxonomy<'_>> {
    let edition = |id: &str| id.rsplit(':').next().unwrap_or_default().to_owned();
    let mut all: Vec<Taxonomy<'_>> = lists
        .iter()
        .map(|list| Taxonomy {
            name: Cow::Owned(taxonomy(&list.name, &list.edition)),
            version: Some(&list.edition),
            taxa: list
                .items
                .iter()
                .map(|item| Taxon {
                    id: Cow::Borrowed(item.id.as_str()),
                    short_description: Some(Message::plain(Cow::Borrowed(&item.title))),
                    help_uri: Some(Cow::Borrowed(&item.reference)),
                    relationships: item
                        .also
                        .iter()
                        .map(|other| Relationship {
                            target: named(other.as_str(), taxonomy(&list.name, &edition(other))),
                            kinds: ["relevant"],
                        })
                        .collect(),
                })
                .collect(),
        })
        .collect();
    let weaknesses: BTreeSet<u32> =
        lists.iter().flat_map(|list| &list.items).flat_map(|item| item.cwe.iter().copied()).collect();
    if !weaknesses.is_empty() {
        let taxon = |cwe: u32| Taxon {
            id: Cow::Owned(cwe.to_string()),
            short_description: None,
            help_uri: Some(Cow::Owned(format!("https://cwe.mitre.org/data/definitions/{cwe}.html"))),
            relationships: Vec::new(),
        };
        all.push(Taxonomy {
            name: Cow::Borrowed(CWE),
            version: None,
            taxa: weaknesses.into_iter().map(taxon).collect(),
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_model::{Fingerprint, Location, Subject, Word};

    fn report() -> Report {
        let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
        let mut report = Report::new("x", "1.0.0", subject);
        let fingerprint = Fingerprint("v1:1".to_owned());
        report.findings.push(Finding::of(&[], "x/y", "m", Location::file("a"), fingerprint.clone()));
        let item = |id: &str, verdict| ChecklistItem {
            id: format!("{id}:2"),
            title: "Things".to_owned(),
            verdict,
            because: "so".to_owned(),
            places: vec![Location::lines("a", 3, 3), Location::lines("b", 4, 4)],
            reference: "https://x.example/a".to_owned(),
            cwe: vec![639],
            also: vec![format!("{id}:1")],
            failed_by: if verdict == Standing::Fail { vec![fingerprint.clone()] } else { Vec::new() },
            otherwise: None,
        };
        let items = Standing::ALL.into_iter().enumerate().map(|(i, verdict)| item(&format!("A{i}"), verdict)).collect();
        let list = |edition: &str, items| Checklist {
            name: "List".to_owned(),
            edition: edition.to_owned(),
            metric: "x.items".to_owned(),
            items,
        };
        report.checklists = vec![list("1", Vec::new()), list("2", items)];
        report
    }

    #[test]
    fn each_row_is_a_result_of_its_kind() {
        let mut bytes = Vec::new();
        crate::write(&[report()], &mut bytes).unwrap();
        let log: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 7);
        let kinds: Vec<&str> = results[1..].iter().map(|result| result["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["fail", "open", "open", "review", "notApplicable", "pass"]);
        for result in &results[1..] {
            assert_eq!(result["level"] == "none", result["kind"] != "fail", "{result}");
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
            assert_eq!(result["taxa"][0]["toolComponent"]["name"], "List-2");
            assert_eq!(result["taxa"][1]["id"], "639");
            assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1);
        }
        assert_eq!(results[0]["taxa"][0]["id"], "A0:2", "the finding names the row that it fails");
        let names: Vec<&str> =
            run["taxonomies"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["List-1", "List-2", "CWE"]);
        assert_eq!(run["taxonomies"][1]["taxa"][0]["relationships"][0]["target"]["toolComponent"]["name"], "List-1");
    }
}
