//! The JSON of axe-core: one result, as `axe.run` gives it (jest-axe, Playwright), or a list of them (`@axe-core/cli`).
//!
//! A result has `url`, `timestamp`, `testEngine` and four lists of rules, `violations`, `incomplete`, `passes` and
//! `inapplicable`, each rule with `id`, `impact`, `help`, `helpUrl`, `tags` and `nodes` (axe-core, doc/API.md, "Results
//! Object"). `incomplete` holds what axe could not decide: it is a number of its own, neither found nor passed.

use std::collections::BTreeMap;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{
    Cause, Fingerprinter, Foreign, Inputs, Level, Metric, MetricSpec, Problem, Rule, Severity, ToolInfo, Unit, moment,
};

use super::doubts::Doubts;
use super::page;
use super::{Format, Grade, json};

const GRADES: &[Grade] = &[
    Grade::new("critical", Level::Error, Some(Severity::Critical)),
    Grade::new("serious", Level::Error, Some(Severity::High)),
    Grade::new("moderate", Level::Warning, Some(Severity::Medium)),
    Grade::new("minor", Level::Note, Some(Severity::Low)),
];

const METRICS: &[MetricSpec] = &[
    MetricSpec::new("violations", Unit::Count, "Rules that a page violates, added up over the pages.").counting("rule"),
    MetricSpec::new("incomplete", Unit::Count, "Rules of which axe could not tell, added up over the pages.")
        .counting("rule"),
    MetricSpec::new("passes", Unit::Count, "Rules that a page keeps, added up over the pages.").counting("rule"),
    MetricSpec::new("pages", Unit::Count, "Pages that were examined.").counting("page"),
];

pub(super) const FORMAT: Format = Format {
    id: "axe",
    name: "axe-core",
    writers: "`axe --save FILE`, `axe.run`, jest-axe, `@axe-core/playwright`, with all four lists",
    about: "A finding is an element that violates a rule. What axe could not decide is `incomplete`: ask for it to be \
            0 where that matters. Findings have an address and no file.",
    grades: GRADES,
    metrics: METRICS,
    detect: |sniff| {
        let lists = ["violations", "incomplete", "passes", "inapplicable"];
        sniff.has_keys(&["testEngine"]) || lists.iter().filter(|list| sniff.has_keys(&[list])).count() > 1
    },
    read,
};

/// What addresses begin with that a browser shows where a page did not load.
const NOWHERE: [&str; 2] = ["chrome-error:", "about:"];

/// How many versions of axe are named.
const MOST_TOOLS: usize = 10;

/// Everything that is read.
#[derive(Default)]
struct State {
    foreign: Foreign,
    names: Fingerprinter,
    doubts: Doubts,
    rules: BTreeMap<String, Rule>,
    pages: u64,
    /// None once a page lacks one of them.
    passes: Option<u64>,
    incomplete: Option<u64>,
    violations: u64,
}

/// A rule that is violated.
#[derive(Default)]
struct Violated {
    id: String,
    impact: String,
    help: String,
    address: Option<String>,
    tags: Vec<String>,
    nodes: Vec<Node>,
}

/// An element that violates a rule.
#[derive(Default)]
struct Node {
    impact: Option<String>,
    target: String,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut state = State { passes: Some(0), incomplete: Some(0), ..State::default() };
    if reader.kind()? == Kind::Array {
        reader.array(|reader| state.result(reader))?;
    } else {
        state.result(&mut reader)?;
    }
    reader.end()?;
    if state.pages == 0 && state.foreign.problems.is_empty() {
        let what = "no page was examined; see which addresses axe was given";
        state.foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    let State { mut foreign, doubts, .. } = state;
    foreign.rules = state.rules.into_values().collect();
    foreign.inputs = Some(Inputs::new(state.pages, "page"));
    let counted = [("violations", Some(state.violations)), ("pages", Some(state.pages))];
    let known = [("incomplete", state.incomplete), ("passes", state.passes)];
    for (name, value) in counted.into_iter().chain(known) {
        foreign.metrics.extend(value.map(|value| Metric::count(name, value)));
    }
    if foreign.tools.is_empty() {
        foreign.tools.push(ToolInfo { name: "axe-core".to_owned(), version: String::new() });
    }
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

impl State {
    /// The result of one page.
    fn result(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let Self { doubts, foreign, .. } = self;
        let (mut url, mut violated) = (String::new(), None::<Vec<Violated>>);
        let (mut passes, mut incomplete, mut inapplicable) = (None, None, None);
        doubts.object(reader, "a result", |reader, key| match key {
            "url" => {
                url = doubts.text(reader, key)?;
                Ok(())
            }
            "timestamp" => {
                let written = moment(&doubts.text(reader, key)?);
                foreign.written =
                    foreign.written.map_or(written, |first| Some(written.map_or(first, |w| w.min(first))));
                Ok(())
            }
            "testEngine" => {
                let tool = engine(reader, doubts)?;
                if foreign.tools.len() < MOST_TOOLS && !foreign.tools.contains(&tool) {
                    foreign.tools.push(tool);
                }
                Ok(())
            }
            "violations" => {
                if doubts.is(reader, key, Kind::Array)? {
                    let rules = violated.get_or_insert_default();
                    reader.array(|reader| {
                        rules.push(rule(reader, doubts)?);
                        Ok(())
                    })?;
                }
                Ok(())
            }
            "passes" => counted(reader, doubts, key, &mut passes),
            "incomplete" => counted(reader, doubts, key, &mut incomplete),
            "inapplicable" => counted(reader, doubts, key, &mut inapplicable),
            _ => Ok(()),
        })?;
        if violated.is_none() {
            self.doubts.missing("violations");
        }
        let violated = violated.unwrap_or_default();
        let examined = violated.len() as u64 + [passes, incomplete, inapplicable].into_iter().flatten().sum::<u64>();
        if is_nowhere(&url) {
            // What was found there is about the browser's own page.
            let what = format!("`{}` is no page: the one that was meant did not load", page::address(&url));
            self.foreign.problems.push(Problem::new(Cause::NoEvidence, what));
            return Ok(());
        }
        if examined == 0 {
            let what = format!("no rule was examined on {}; see why axe did not run there", shown(&url));
            self.foreign.problems.push(Problem::new(Cause::NoEvidence, what));
            return Ok(());
        }
        self.pages += 1;
        self.violations += violated.len() as u64;
        self.passes = self.passes.zip(passes).map(|(sum, more)| sum + more);
        self.incomplete = self.incomplete.zip(incomplete).map(|(sum, more)| sum + more);
        violated.into_iter().for_each(|rule| self.violated(&url, rule));
        Ok(())
    }

    /// A finding for each element of a rule that is violated; one of the page where it names none.
    fn violated(&mut self, url: &str, mut rule: Violated) {
        if rule.nodes.is_empty() {
            rule.nodes.push(Node::default());
        }
        for node in &rule.nodes {
            let grade = self.doubts.grade(GRADES, node.impact.as_ref().unwrap_or(&rule.impact));
            let place = if node.target.is_empty() { String::new() } else { format!("`{}` on ", node.target) };
            let message = format!("{}: {place}{}", rule.help, shown(url));
            let mut found = page::finding(&mut self.names, (&rule.id, url, &node.target), grade, message);
            found.properties.insert("target".to_owned(), node.target.clone().into());
            self.foreign.findings.push(found);
        }
        if !self.rules.contains_key(&rule.id) {
            let (level, severity) = self.doubts.grade(GRADES, &rule.impact);
            let mut known = json::rule(&rule.id, &rule.help, level, severity, rule.address);
            known.tags = rule.tags;
            self.rules.insert(rule.id, known);
        }
    }
}

/// Whether a browser shows `url` where a page did not load. Case does not matter in what an address begins with.
fn is_nowhere(url: &str) -> bool {
    let url = url.trim_start().to_ascii_lowercase();
    NOWHERE.iter().any(|nowhere| url.starts_with(nowhere))
}

/// A page, as messages name it.
fn shown(url: &str) -> String {
    if url.is_empty() { "a page without address".to_owned() } else { format!("`{}`", page::page(url)) }
}

fn engine(reader: &mut Reader, doubts: &Doubts) -> Result<ToolInfo, InputError> {
    let mut tool = ToolInfo { name: "axe-core".to_owned(), version: String::new() };
    doubts.object(reader, "testEngine", |reader, key| {
        match key {
            "name" => tool.name = doubts.word(reader, key)?,
            "version" => tool.version = doubts.word(reader, key)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(tool)
}

/// Counts the rules of the list that comes next.
fn counted(reader: &mut Reader, doubts: &Doubts, what: &str, count: &mut Option<u64>) -> Result<(), InputError> {
    if !doubts.is(reader, what, Kind::Array)? {
        return Ok(());
    }
    let sum = count.get_or_insert(0);
    reader.array(|reader| {
        *sum += u64::from(doubts.is(reader, what, Kind::Object)?);
        Ok(())
    })
}

fn rule(reader: &mut Reader, doubts: &Doubts) -> Result<Violated, InputError> {
    let mut rule = Violated::default();
    doubts.object(reader, "violations", |reader, key| {
        match key {
            "id" => rule.id = doubts.word(reader, key)?,
            "impact" => rule.impact = doubts.word_or_none(reader, key)?.unwrap_or_default(),
            "help" => rule.help = doubts.text(reader, key)?,
            "helpUrl" => rule.address = doubts.text_or_none(reader, key)?,
            "tags" => rule.tags = json::texts(reader)?,
            "nodes" => doubts.list(reader, key, |reader| {
                rule.nodes.push(node(reader, doubts)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    if rule.id.is_empty() {
        doubts.missing("id");
        rule.id = "unknown".to_owned();
    }
    Ok(rule)
}

fn node(reader: &mut Reader, doubts: &Doubts) -> Result<Node, InputError> {
    let mut node = Node::default();
    doubts.object(reader, "nodes", |reader, key| {
        match key {
            "impact" => node.impact = doubts.word_or_none(reader, key)?,
            "target" => {
                let mut parts = Vec::new();
                if doubts.is(reader, key, Kind::Array)? {
                    targets(reader, &mut parts)?;
                }
                node.target = crate::text::name(&parts.join(" > "));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(node)
}

/// The selectors of an element: one per frame on the way to it, and for what lies in a shadow tree a list of them.
fn targets(reader: &mut Reader, parts: &mut Vec<String>) -> Result<(), InputError> {
    json::list(reader, |reader| match reader.kind()? {
        Kind::Array => {
            parts.extend(json::texts(reader)?);
            Ok(())
        }
        _ => {
            parts.extend(json::text(reader)?);
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level, Severity};

    use crate::findings::probe::{notices_a_cut, notices_wrong_kinds};
    use crate::findings::tests::{said, said_by};

    const SAMPLE: &str = r##"{"testEngine": {"name": "axe-core", "version": "4.11.0"}, "testRunner": {"name": "axe"},
        "timestamp": "2026-11-21T10:00:00.000Z", "url": "http://localhost:4173/shop?page=2",
        "toolOptions": {"reporter": "v1"},
        "inapplicable": [{"id": "audio-caption", "impact": null, "nodes": []}],
        "passes": [{"id": "document-title", "impact": null, "nodes": [{"target": ["html"]}]}],
        "incomplete": [{"id": "color-contrast", "impact": "serious", "nodes": [{"target": [".card"]}]},
                       {"id": "frame-tested", "impact": "critical", "nodes": []}],
        "violations": [
          {"id": "image-alt", "impact": "critical", "tags": ["wcag2a"], "help": "Images must have alternative text",
           "helpUrl": "https://dequeuniversity.com/rules/axe/4.11/image-alt",
           "nodes": [{"html": "<img>", "impact": "critical", "target": ["img:nth-child(1)"],
             "failureSummary": "Fix any"},
                     {"html": "<img>", "impact": "serious", "target": ["iframe", ["#host", "img"]]}]},
          {"id": "region", "impact": "moderate", "tags": ["best-practice"], "help": "Content should be in landmarks",
           "helpUrl": "https://dequeuniversity.com/rules/axe/4.11/region", "nodes": [{"impact": "minor",
             "target": ["p"]}]}]}"##;

    fn number(foreign: &tollgate_model::Foreign, name: &str) -> Option<f64> {
        foreign.metrics.iter().find(|metric| metric.name == name).map(|metric| metric.value)
    }

    #[test]
    fn elements_are_found_and_what_axe_could_not_tell_is_counted_apart() {
        let (foreign, format) = said(SAMPLE).unwrap();
        assert_eq!((format, foreign.inputs.clone().unwrap().count, foreign.problems.len()), ("axe-core", 1, 0));
        let found: Vec<_> = foreign.findings.iter().map(|f| (f.rule.as_str(), f.level, f.severity.unwrap())).collect();
        let expected = [
            ("image-alt", Level::Error, Severity::Critical),
            ("image-alt", Level::Error, Severity::High),
            ("region", Level::Note, Severity::Low),
        ];
        assert_eq!(found, expected);
        assert_eq!(foreign.findings[1].message, "Images must have alternative text: `iframe > #host > img` on `/shop`");
        assert_eq!(foreign.findings[1].properties["url"], "http://localhost:4173/shop?page=2");
        let numbers = ["violations", "incomplete", "passes", "pages"].map(|name| number(&foreign, name).unwrap());
        assert_eq!(numbers, [2.0, 2.0, 1.0, 1.0]);
        assert_eq!((foreign.tools[0].version.as_str(), foreign.written), ("4.11.0", Some(20_778 * 86_400 + 36_000)));
        assert_eq!(foreign.rules.len(), 2);

        let elsewhere = SAMPLE.replace("localhost:4173", "preview.example");
        assert_eq!(said(&elsewhere).unwrap().0.findings[0].fingerprint, foreign.findings[0].fingerprint);
    }

    #[test]
    fn a_list_adds_its_pages_up() {
        let (foreign, _) = said(&format!("[{SAMPLE}, {SAMPLE}]")).unwrap();
        assert_eq!((foreign.findings.len(), number(&foreign, "incomplete")), (6, Some(4.0)));
        assert_eq!((foreign.tools.len(), foreign.rules.len()), (1, 2));
    }

    #[test]
    fn a_page_without_violations_is_clean_and_one_without_anything_is_not() {
        let clean = r#"{"testEngine": {"name": "axe-core", "version": "4"}, "url": "/", "passes": [{"id": "a"}],
            "incomplete": [], "inapplicable": [], "violations": []}"#;
        let (foreign, _) = said(clean).unwrap();
        assert_eq!((foreign.findings.len(), foreign.problems.len()), (0, 0));
        assert_eq!(number(&foreign, "incomplete"), Some(0.0));

        let (foreign, _) = said(&clean.replace(r#"{"id": "a"}"#, "")).unwrap();
        assert_eq!(foreign.problems[0].cause, Cause::NoEvidence);
        assert_eq!(foreign.inputs.unwrap().count, 0);

        let (foreign, _) = said(&clean.replace("\"incomplete\": [],", "")).unwrap();
        assert_eq!(number(&foreign, "incomplete"), None, "it is not known");
    }

    #[test]
    fn no_page_is_not_a_clean_page() {
        let foreign = said_by("axe", "[]").unwrap();
        assert_eq!((foreign.problems.len(), foreign.problems[0].cause), (1, Cause::NoEvidence));
        assert!(foreign.problems[0].message.contains("no page was examined"), "{:?}", foreign.problems);
        assert_eq!(foreign.inputs.unwrap().count, 0);
        for (url, loaded) in [
            ("chrome-error://chromewebdata/", false),
            ("Chrome-Error://chromewebdata/", false),
            ("about:blank", false),
            (" about:blank#a", false),
            ("http://localhost/about:blank", true),
            ("/about", true),
        ] {
            let gone = SAMPLE.replace("http://localhost:4173/shop?page=2", url);
            for (text, pages) in [(gone.clone(), 0), (format!("[{SAMPLE}, {gone}]"), 1)] {
                let (foreign, _) = said(&text).unwrap();
                let said: Vec<_> = foreign.problems.iter().map(|problem| problem.message.as_str()).collect();
                assert!(said.iter().all(|said| said.contains("did not load")), "{url}: {said:?}");
                assert_eq!(said.len(), usize::from(!loaded), "{url}: {said:?}");
                assert_eq!(foreign.inputs.unwrap().count, pages + u64::from(loaded), "{url}");
                assert_eq!(foreign.findings.len() as u64, 3 * (pages + u64::from(loaded)), "{url}");
            }
        }
    }

    #[test]
    fn damage_is_noticed() {
        notices_wrong_kinds(SAMPLE, &[]);
        notices_wrong_kinds(&format!("[{SAMPLE}]"), &[]);
        notices_a_cut(SAMPLE);
        let (foreign, _) = said(&SAMPLE.replace("\"moderate\"", "\"dire\"")).unwrap();
        assert!(foreign.notes[0].contains("`dire`"), "{:?}", foreign.notes);
    }
}
