//! The traditional JSON report of ZAP (`traditional-json`, also `-plus`).
//!
//! `@version`, `created`, and a list `site` with `@name` and `alerts`, each with `pluginid`, `alertRef`, `alert`,
//! `riskcode` 0 to 3, `confidence` 0 to 4, `desc`, `solution` and `reference` in HTML, `cweid`, `count`, `systemic` and
//! `instances` (zap-extensions, the template of that report). Numbers are texts.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{
    Cause, Confidence, Fingerprinter, Foreign, Inputs, Level, Metric, MetricSpec, Problem, Rule, Severity, ToolInfo,
    Unit, format, moment,
};

use super::doubts::Doubts;
use super::page;
use super::{Format, Grade, json};

const GRADES: &[Grade] = &[
    Grade::new("3", Level::Error, Some(Severity::High)),
    Grade::new("2", Level::Warning, Some(Severity::Medium)),
    Grade::new("1", Level::Note, Some(Severity::Low)),
    Grade::new("0", Level::Note, None),
];

const METRICS: &[MetricSpec] = &[
    MetricSpec::new("sites", Unit::Count, "Sites that were scanned.").counting("site"),
    MetricSpec::new("instances", Unit::Count, "Places where alerts were raised, false positives left out.")
        .counting("instance"),
    MetricSpec::new("false_positives", Unit::Count, "Alerts that somebody marked as false positives.")
        .counting("alert"),
];

pub(super) const FORMAT: Format = Format {
    id: "zap",
    name: "ZAP",
    writers: "the `traditional-json` report of ZAP (`zap-baseline.py -J FILE`)",
    about: "A finding is an alert on a site, however many places it names. ZAP has no severity above high: a \
            condition on critical findings holds whatever it finds. Alerts marked as false positives are counted, not \
            found.",
    grades: GRADES,
    metrics: METRICS,
    detect: |sniff| sniff.is_object(&["@version"]) && (sniff.has_keys(&["site"]) || sniff.has_keys(&["@generated"])),
    read,
};

/// An alert on one site.
#[derive(Default)]
struct Alert {
    plugin: String,
    reference: String,
    name: String,
    risk: String,
    confidence: String,
    description: String,
    solution: String,
    links: String,
    cwe: String,
    /// Method and address of the first place.
    first: Option<(String, String)>,
    instances: u64,
    declared: Option<u64>,
    systemic: bool,
}

#[derive(Default)]
struct State {
    foreign: Foreign,
    names: Fingerprinter,
    doubts: Doubts,
    rules: BTreeMap<String, Rule>,
    sites: u64,
    instances: u64,
    false_positives: u64,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let (mut state, mut version) = (State::default(), String::new());
    let mut listed = false;
    reader.object(|reader, key| {
        match key {
            "@version" => version = state.doubts.word(reader, key)?,
            "created" => state.foreign.written = moment(&state.doubts.text(reader, key)?),
            "site" if reader.kind()? == Kind::Array => {
                listed = true;
                reader.array(|reader| state.site(reader))?;
            }
            // A report of one site in older versions.
            "site" if reader.kind()? == Kind::Object => {
                listed = true;
                state.site(reader)?;
            }
            "site" => state.doubts.wrong(|| "`site` is not a list".to_owned()),
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    if !listed {
        state.doubts.missing("site");
    }
    let State { mut foreign, doubts, rules, sites, instances, false_positives, .. } = state;
    if sites == 0 {
        let what = "the report has no site: nothing was scanned; see whether ZAP reached the target";
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    if false_positives > 0 {
        let count = format::things(false_positives, "alert");
        foreign.notes.push(format!("{count} marked as false positives in ZAP do not count"));
    }
    foreign.tools.push(ToolInfo { name: "ZAP".to_owned(), version });
    foreign.inputs = Some(Inputs::new(sites, "site"));
    foreign.rules = rules.into_values().collect();
    let numbers = [("sites", sites), ("instances", instances), ("false_positives", false_positives)];
    foreign.metrics = numbers.into_iter().map(|(name, value)| Metric::count(name, value)).collect();
    doubts.settle(&mut foreign);
    Ok((foreign, reader.digest()))
}

impl State {
    fn site(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let doubts = &self.doubts;
        let (mut name, mut alerts) = (String::new(), None::<Vec<Alert>>);
        doubts.object(reader, "site", |reader, key| {
            match key {
                "@name" => name = doubts.text(reader, key)?,
                "alerts" if doubts.is(reader, key, Kind::Array)? => {
                    let all = alerts.get_or_insert_default();
                    reader.array(|reader| {
                        all.push(alert(reader, doubts)?);
                        Ok(())
                    })?;
                }
                _ => {}
            }
            Ok(())
        })?;
        self.sites += 1;
        if alerts.is_none() {
            self.doubts.missing("alerts");
        }
        alerts.into_iter().flatten().for_each(|alert| self.alert(&name, alert));
        Ok(())
    }

    fn alert(&mut self, site: &str, alert: Alert) {
        let doubts = &self.doubts;
        if !alert.systemic {
            doubts.compare(&format!("instances of `{}`", alert.name), alert.declared, alert.instances);
        }
        let confidence = match alert.confidence.as_str() {
            "0" => {
                self.false_positives += 1;
                return;
            }
            "1" => Confidence::Low,
            "2" => Confidence::Medium,
            "3" | "4" => Confidence::High,
            _ => {
                doubts.wrong(|| format!("`confidence` of `{}` is not 0 to 4", alert.name));
                Confidence::High
            }
        };
        let places = alert.declared.unwrap_or_default().max(alert.instances);
        self.instances = self.instances.saturating_add(places);
        let rule = [&alert.reference, &alert.plugin].into_iter().find(|id| !id.is_empty());
        let rule = rule.map_or("unknown", String::as_str).to_owned();
        let grade = doubts.grade(GRADES, &alert.risk);
        let count = format::things(places, "instance");
        let (method, url) = alert.first.unwrap_or_else(|| (String::new(), site.to_owned()));
        let first = format!("{method} `{}`", page::page(&url));
        let message = format!("{}: {count}, the first being {}", alert.name, first.trim_start());
        let mut found = page::finding(&mut self.names, (&rule, "", &alert.name), grade, message);
        found.confidence = confidence;
        found.properties.insert("url".to_owned(), page::address(&url).into());
        found.properties.insert("instances".to_owned(), places.into());
        self.foreign.findings.push(found);
        if let Entry::Vacant(place) = self.rules.entry(rule) {
            let mut known = json::rule(place.key(), &alert.name, grade.0, grade.1, None);
            known.why = plain(&alert.description);
            known.mend = plain(&alert.solution);
            let links = plain(&alert.links);
            known.references =
                links.split_whitespace().filter(|link| link.starts_with("https://")).map(str::to_owned).collect();
            let cwe = alert.cwe.parse::<u32>().ok().filter(|cwe| *cwe > 0);
            known.tags = cwe.map(|cwe| format!("CWE-{cwe}")).into_iter().collect();
            place.insert(known);
        }
    }
}

fn alert(reader: &mut Reader, doubts: &Doubts) -> Result<Alert, InputError> {
    let mut alert = Alert::default();
    doubts.object(reader, "alerts", |reader, key| {
        match key {
            "pluginid" => alert.plugin = doubts.word(reader, key)?,
            "alertRef" => alert.reference = doubts.word(reader, key)?,
            "alert" => alert.name = crate::text::name(&plain(&doubts.text(reader, key)?)),
            "name" if alert.name.is_empty() => alert.name = crate::text::name(&plain(&doubts.text(reader, key)?)),
            "riskcode" => alert.risk = doubts.word(reader, key)?,
            "confidence" => alert.confidence = doubts.word(reader, key)?,
            "desc" => alert.description = json::text(reader)?.unwrap_or_default(),
            "solution" => alert.solution = json::text(reader)?.unwrap_or_default(),
            "reference" => alert.links = json::text(reader)?.unwrap_or_default(),
            "cweid" => alert.cwe = json::word(reader)?.unwrap_or_default(),
            "count" => {
                alert.declared = doubts.word(reader, key)?.parse().ok();
                if alert.declared.is_none() {
                    doubts.wrong(|| "`count` is no number".to_owned());
                }
            }
            "systemic" => alert.systemic = doubts.flag(reader, key)? == Some(true),
            "instances" => doubts.list(reader, key, |reader| {
                alert.instances += 1;
                let place = instance(reader, doubts)?;
                alert.first.get_or_insert(place);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(alert)
}

fn instance(reader: &mut Reader, doubts: &Doubts) -> Result<(String, String), InputError> {
    let (mut method, mut url) = (String::new(), String::new());
    doubts.object(reader, "instances", |reader, key| {
        match key {
            "method" => method = doubts.word(reader, key)?,
            "uri" => url = plain(&doubts.text(reader, key)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok((method, url))
}

/// The text of a piece of HTML: without tags, each paragraph a line, references replaced once.
fn plain(html: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(at) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        rest = if let Some((name, meant)) = NAMES.iter().find(|(name, _)| from.starts_with(name)) {
            text.push_str(meant);
            from.get(name.len()..).unwrap_or_default()
        } else if let Some(end) = from.find('>').filter(|_| tag(from)) {
            let ends = ["</p", "<br", "</li", "</div"].iter().any(|start| from.starts_with(start));
            text.push_str(if ends { "\n" } else { "" });
            from.get(end + 1..).unwrap_or_default()
        } else {
            text.push_str(from.get(..1).unwrap_or_default());
            from.get(1..).unwrap_or_default()
        };
    }
    text.push_str(rest);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a tag begins here, and no sign for less.
fn tag(from: &str) -> bool {
    from.strip_prefix('<')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')))
}
