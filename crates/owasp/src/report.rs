//! Puts what was seen into a report.

use tollgate_check::{Checker as _, Context};
use tollgate_model::{
    Cell, Checklist, ChecklistItem, Column, Confidence, Exhibit, ExhibitData, Finding, Fingerprint, Fingerprinter,
    Headline, Level, Location, Metric, MetricSpec, Otherwise, Report, Standing, Unit, checklist, format,
};

use crate::evidence::{Draft, Evidence, State};
use crate::items::EDITIONS;
use crate::routes::{Access, Body, Object, Route, Table};
use crate::verdict::Row;
use crate::{Owasp, RULES};

/// How many rows a table has, and how many findings are told.
const MOST_ROWS: usize = 500;
const MOST_FINDINGS: usize = 2_000;

/// The metrics.
pub(crate) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("owasp.items", Unit::Count, "Items of an edition of the OWASP API Security Top 10, by their verdict")
        .labels(&["edition", "verdict"])
        .counting("item"),
    MetricSpec::new(
        "owasp.routes",
        Unit::Count,
        "Routes of the code: in all, and by whether all of one could be resolved and who may ask it (`known`, `public`, `open`, `unclear`)",
    )
    .labels(&["resolved", "guarded"])
    .counting("route"),
    MetricSpec::new("owasp.resolved", Unit::Percent, "Routes of which everything could be resolved, of all").counting("route"),
];

/// Whether a draft, as a finding, fails the items of its rule: it is more than worth knowing, and more than a hint.
pub(crate) fn fails(draft: &Draft, own: &[tollgate_model::Rule]) -> bool {
    let rule = rule_of(draft, own);
    let (level, confidence) = graded(draft, rule);
    level > Level::Note && confidence > Confidence::Low
}

fn rule_of<'r>(draft: &Draft, own: &'r [tollgate_model::Rule]) -> Option<&'r tollgate_model::Rule> {
    let is = |rule: &&tollgate_model::Rule| rule.id.strip_prefix("owasp/") == Some(draft.rule.as_str());
    RULES.iter().chain(own).find(is)
}

fn graded(draft: &Draft, rule: Option<&tollgate_model::Rule>) -> (Level, Confidence) {
    let level = if draft.mild { Level::Note } else { rule.map_or(Level::Warning, |rule| rule.level) };
    let confidence = rule.map_or(Confidence::Medium, |rule| rule.confidence);
    (level, if draft.unsure { confidence.min(Confidence::Medium) } else { confidence })
}

/// The findings, one for each draft; the name of each, in the order of the drafts.
pub(crate) fn findings(drafts: &[Draft], own: &[tollgate_model::Rule], report: &mut Report) -> Vec<Fingerprint> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    let key = |at: &usize| (&drafts[*at].place, &drafts[*at].rule, &drafts[*at].context);
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut names = Fingerprinter::default();
    let mut all = vec![Fingerprint(String::new()); drafts.len()];
    for at in order {
        let draft = &drafts[at];
        let id = format!("owasp/{}", draft.rule);
        let fingerprint = names.next(&id, &draft.place.path, &draft.context);
        let rule = rule_of(draft, own);
        let known: Vec<tollgate_model::Rule> = rule.cloned().into_iter().collect();
        all[at] = fingerprint.clone();
        let mut finding = Finding::of(&known, &id, draft.message.clone(), draft.place.clone(), fingerprint);
        (finding.level, finding.confidence) = graded(draft, rule);
        finding.related.clone_from(&draft.related);
        report.findings.push(finding);
    }
    let cut = report.findings.len().saturating_sub(MOST_FINDINGS);
    if cut > 0 {
        report.findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        report.findings.truncate(MOST_FINDINGS);
        report.notes.push(format!("{} left out", format::things(cut as u64, "more finding")));
    }
    all
}

/// Both editions, the newer first.
pub(crate) fn checklists(rows: &[Row<'_>], evidence: &Evidence, names: &[Fingerprint]) -> Vec<Checklist> {
    let item = |row: &&Row<'_>| ChecklistItem {
        id: row.item.id.clone(),
        title: row.item.title.clone(),
        verdict: row.verdict,
        because: row.because(row.verdict, evidence),
        places: row.places(evidence),
        reference: row.item.reference.clone(),
        cwe: row.item.cwe.clone(),
        also: row.item.also.clone(),
        failed_by: row.failing.iter().map(|at| names[*at].clone()).collect(),
        otherwise: (row.verdict == Standing::Fail)
            .then(|| Otherwise { verdict: row.otherwise, because: row.because(row.otherwise, evidence) }),
    };
    let of = |edition: &str| Checklist {
        name: "OWASP-API".to_owned(),
        edition: edition.to_owned(),
        metric: "owasp.items".to_owned(),
        items: rows.iter().filter(|row| row.item.edition() == edition).map(|row| item(&row)).collect(),
    };
    EDITIONS.into_iter().rev().map(of).collect()
}

/// Every number.
pub(crate) fn metrics(table: &Table, report: &mut Report) {
    report.metrics.extend(report.checklists.iter().flat_map(Checklist::metrics));
    let served: Vec<&Route> = table.routes.iter().filter(|route| route.served).collect();
    if served.is_empty() {
        return;
    }
    report.metrics.push(Metric::count("owasp.routes", served.len() as u64));
    for resolved in [true, false] {
        for guarded in ["known", "public", "open", "unclear"] {
            let fits = |route: &&&Route| route.unresolved.is_empty() == resolved && guarded_word(route) == guarded;
            let of: Vec<&&Route> = served.iter().filter(fits).collect();
            let places = of.iter().map(|route| format!("{} {}", route.place, route.name()));
            let metric = Metric::count("owasp.routes", of.len() as u64)
                .label("resolved", if resolved { "yes" } else { "no" })
                .label("guarded", guarded);
            report.metrics.push(metric.places(places));
        }
    }
    let resolved = served.iter().filter(|route| route.unresolved.is_empty()).count();
    report.metrics.extend(Metric::ratio("owasp.resolved", resolved as u64, served.len() as u64));
}

fn guarded_word(route: &Route) -> &'static str {
    match route.access {
        Access::Known(_) => "known",
        Access::Public(_) => "public",
        Access::Open => "open",
        Access::Unclear(_) => "unclear",
    }
}

/// The width that a line of the table may have on a terminal.
const WIDTH: usize = 76;

/// What a person reads first: how each item stands, of those that both editions have once.
pub(crate) fn headline(checklists: &[Checklist], seen: &str, routes: Option<&Table>) -> Headline {
    let mut details = vec![seen.to_owned()];
    let newest = checklists.first().map(|list| list.edition.clone());
    for list in checklists {
        for item in list.items.iter().filter(|item| Some(&list.edition) == newest.as_ref() || item.also.is_empty()) {
            details.push(cut(&format!("{:<9} {}: {}", item.id, item.verdict.word(), item.title), WIDTH));
            details.push(format!("  {}", cut(&item.because, 2 * WIDTH)));
        }
    }
    for route in routes.into_iter().flat_map(|table| &table.routes) {
        details.push(format!("{} {} {}", route.name(), route.handler, route.place));
        let words = route_words(route).into_iter().filter(|word| !word.is_empty()).collect::<Vec<String>>();
        details.push(format!("  {}", words.join("; ")));
    }
    Headline { text: checklist::summary(checklists), details, news: false }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width - 1).collect();
    if let Some(at) = short.rfind(' ').filter(|at| *at > width / 2) {
        short.truncate(at);
    }
    short.push('…');
    short
}

/// What is shown beside the checklists: the slots, the routes.
pub(crate) fn exhibits(rows: &[Row<'_>], evidence: &Evidence, table: &Table) -> Vec<Exhibit> {
    let mut all = vec![slots(rows, evidence)];
    if !table.routes.is_empty() {
        all.push(routes(table));
    }
    all
}

fn places(places: &[Location]) -> Cell {
    match places.is_empty() {
        true => Cell::Empty,
        false => {
            let named: Vec<String> = places.iter().take(3).map(ToString::to_string).collect();
            Cell::Text(format::few(&named, places.len()))
        }
    }
}

fn slots(rows: &[Row<'_>], evidence: &Evidence) -> Exhibit {
    let mut seen = std::collections::BTreeSet::new();
    let mut lines: Vec<(bool, Vec<Cell>)> = Vec::new();
    for (name, _, best) in rows.iter().rev().flat_map(|row| &row.slots) {
        if !seen.insert(*name) {
            continue;
        }
        let shown = best.is_some_and(|best| best.state == State::Holds);
        let mut line = |state: &str, text: String, place: Cell| {
            lines.push((
                shown,
                vec![Cell::Text((*name).to_owned()), Cell::Text(state.to_owned()), Cell::Text(text), place],
            ));
        };
        let Some(best) = best else {
            line("nothing looked", String::new(), Cell::Empty);
            continue;
        };
        let others = evidence.answers.iter().filter(|answer| answer.slot == *name && answer != best);
        for answer in std::iter::once(*best).chain(others) {
            line(answer.state.word(), format!("{} ({})", answer.text, answer.detector), places(&answer.places));
        }
    }
    lines.sort_by_key(|(shown, _)| *shown);
    let columns = ["What a pass needs", "State", "Seen", "Where"].map(Column::text).to_vec();
    let data = ExhibitData::Table { columns, rows: lines.into_iter().map(|(_, cells)| cells).collect(), omitted: 0 };
    Exhibit { id: "evidence".to_owned(), title: "Evidence".to_owned(), data }
}

/// One line for a route, for a table or a terminal: who may ask, what more it demands, what becomes of body and object.
pub(crate) fn route_words(route: &Route) -> [String; 5] {
    let proof = |proof: &crate::routes::Proof| format!("{} ({})", proof.text, proof.place);
    let access = match &route.access {
        _ if !route.served => "not registered".to_owned(),
        Access::Known(known) => proof(known),
        Access::Public(public) => format!("public: {}", proof(public)),
        Access::Open => "open".to_owned(),
        Access::Unclear(because) => format!("unclear: {because}"),
    };
    let role = route.role.as_ref().map(proof).unwrap_or_default();
    let limit = route.limit.as_ref().map(|limit| limit.text.clone()).unwrap_or_default();
    let body = match &route.body {
        Body::None => String::new(),
        Body::Checked(checked) => checked.text.clone(),
        Body::Unchecked(unchecked) => format!("unchecked: {}", unchecked.text),
        Body::Unclear(because) => format!("unclear: {because}"),
    };
    let object = match &route.object {
        Object::None => String::new(),
        Object::Scoped(scoped) => format!("with who asks: {}", scoped.text),
        Object::Unscoped(unscoped) => format!("by its name alone: {}", unscoped.text),
    };
    [access, role, limit, body, object]
}

fn routes(table: &Table) -> Exhibit {
    let mut all: Vec<&Route> = table.routes.iter().collect();
    let rank = |route: &Route| match route.access {
        Access::Open => 0,
        Access::Unclear(_) => 1,
        Access::Known(_) if route.role.is_none() => 2,
        Access::Known(_) => 3,
        Access::Public(_) => 4,
    };
    all.sort_by_key(|route| (!route.served, rank(route)));
    let cells = |route: &&Route| {
        let words: Vec<String> = route_words(route).into_iter().filter(|word| !word.is_empty()).collect();
        vec![
            Cell::Text(route.name()),
            Cell::Text(words.join("; ")),
            Cell::Text(format!("{} ({})", route.handler, route.place)),
        ]
    };
    let columns = ["Route", "Who may ask; role; limit; body; object", "Handler"].map(Column::text).to_vec();
    let rows: Vec<Vec<Cell>> = all.iter().take(MOST_ROWS).map(cells).collect();
    let omitted = all.len().saturating_sub(rows.len()) as u64;
    Exhibit { id: "routes".to_owned(), title: "Routes".to_owned(), data: ExhibitData::Table { columns, rows, omitted } }
}

/// An empty report.
pub(crate) fn begin(ctx: &Context<'_>) -> Report {
    ctx.report(Owasp::NAME, Owasp::VERSION, tollgate_model::Word::Tree)
}
