//! Dependabot's alerts as GitHub's REST interface lists them (`GET /repos/{owner}/{repo}/dependabot/alerts`).
//!
//! Alerts that are open count. Those that somebody dismissed are kept as suppressed, with the reason; those that were fixed
//! are left out. Who dismissed an alert is not kept. The list comes in pages of 30 or up to 100: one that is exactly as long
//! may be the first of several. Where the interface refuses, it answers with `message` and `documentation_url`.

use serde_json::Value;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;
use tollgate_model::{Cause, Foreign, Level, Location, Severity};

use super::audit::{Audit, Fix, Hit, non_empty};
use super::json::{decimal, object, path, text, word};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("critical", Level::Error, Some(Severity::Critical)),
    Grade::new("high", Level::Error, Some(Severity::High)),
    Grade::new("medium", Level::Warning, Some(Severity::Medium)),
    Grade::new("low", Level::Note, Some(Severity::Low)),
];

/// How long a page is where nobody asked, and at most.
const PAGES: [u64; 2] = [30, 100];

pub(super) const FORMAT: Format = Format {
    id: "dependabot",
    name: "Dependabot alerts",
    writers: "`gh api --paginate --slurp \"repos/{owner}/{repo}/dependabot/alerts?per_page=100\" | jq add`",
    about: "A finding is an alert: open ones count, dismissed ones are kept as suppressed, fixed ones are left out. A list of \
            exactly 30 or 100 alerts may be one page of several and makes the source incomplete.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        let alerts = sniff.is_list(&["security_advisory"]) || sniff.is_list(&["number", "state", "dependency"]);
        alerts || sniff.is_object(&["message", "documentation_url"])
    },
    read,
};

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("Dependabot", "alerts", GRADES);
    if reader.kind()? == Kind::Object {
        refusal(&mut reader, &mut audit)?;
        reader.end()?;
        return Ok((audit.finish(), reader.digest()));
    }
    let (mut alerts, mut fixed) = (0, 0);
    reader.array(|reader| {
        alerts += 1;
        let alert = alert(reader)?;
        match alert.state.as_str() {
            "fixed" => fixed += 1,
            _ => alert.tell(&mut audit),
        }
        Ok(())
    })?;
    reader.end()?;
    if PAGES.contains(&alerts) {
        let message = format!(
            "The list has exactly {alerts} alerts, as many as a page of the interface: there may be more; fetch all pages."
        );
        audit.problem(Cause::Unfinished, message);
    }
    if fixed > 0 {
        audit.note(format!("{} left out.", things(fixed, "fixed alert")));
    }
    Ok((audit.finish(), reader.digest()))
}

/// Takes the document with which the interface refuses.
fn refusal(reader: &mut Reader, audit: &mut Audit) -> Result<(), InputError> {
    let (mut message, mut status) = (String::new(), String::new());
    reader.object(|reader, key| {
        match key {
            "message" => message = text(reader)?.unwrap_or_default(),
            "status" => status = word(reader)?.unwrap_or_default(),
            _ => {}
        }
        Ok(())
    })?;
    let said = non_empty(&message, "no reason is given").trim_end_matches('.').to_owned();
    let cause = if matches!(status.as_str(), "401" | "403" | "404") { Cause::NoPermission } else { Cause::Unfinished };
    let status = if status.is_empty() { String::new() } else { format!(" (HTTP {status})") };
    audit
        .problem(cause, format!("GitHub gave no alerts: {said}{status}; check the token and that alerts are enabled."));
    Ok(())
}

#[derive(Default)]
struct Alert {
    state: String,
    reason: String,
    comment: String,
    package: String,
    ecosystem: String,
    manifest: String,
    scope: String,
    ghsa: String,
    cve: String,
    title: String,
    severity: String,
    /// The severity that the advisory has as a whole.
    general: String,
    score: Option<f64>,
    affected: String,
    patched: Option<Fix>,
}

fn alert(reader: &mut Reader) -> Result<Alert, InputError> {
    let mut alert = Alert::default();
    reader.object(|reader, key| {
        match key {
            "state" => alert.state = word(reader)?.unwrap_or_default(),
            "dismissed_reason" => alert.reason = text(reader)?.unwrap_or_default(),
            "dismissed_comment" => alert.comment = text(reader)?.unwrap_or_default(),
            "dependency" => dependency(reader, &mut alert)?,
            "security_advisory" => advisory(reader, &mut alert)?,
            "security_vulnerability" => vulnerability(reader, &mut alert)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(alert)
}

fn dependency(reader: &mut Reader, alert: &mut Alert) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "manifest_path" => alert.manifest = text(reader)?.unwrap_or_default(),
            "scope" => alert.scope = word(reader)?.unwrap_or_default(),
            "package" => object(reader, |reader, key| {
                match key {
                    "name" => alert.package = word(reader)?.unwrap_or_default(),
                    "ecosystem" => alert.ecosystem = word(reader)?.unwrap_or_default(),
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })
}

fn advisory(reader: &mut Reader, alert: &mut Alert) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "ghsa_id" => alert.ghsa = word(reader)?.unwrap_or_default(),
            "cve_id" => alert.cve = word(reader)?.unwrap_or_default(),
            "summary" => alert.title = text(reader)?.unwrap_or_default(),
            "severity" => alert.general = word(reader)?.unwrap_or_default(),
            "cvss" => object(reader, |reader, key| {
                if key == "score" {
                    alert.score = decimal(reader)?.filter(|score| *score > 0.0);
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })
}

fn vulnerability(reader: &mut Reader, alert: &mut Alert) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "severity" => alert.severity = word(reader)?.unwrap_or_default(),
            "vulnerable_version_range" => alert.affected = word(reader)?.unwrap_or_default(),
            "first_patched_version" if reader.kind()? == Kind::Null => alert.patched = Some(Fix::Never),
            "first_patched_version" => object(reader, |reader, key| {
                if key == "identifier" {
                    alert.patched = word(reader)?.map(Fix::In);
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })
}

impl Alert {
    fn tell(self, audit: &mut Audit) {
        let graded = audit.grade(if self.severity.is_empty() { &self.general } else { &self.severity });
        let suppressed = match self.state.as_str() {
            "dismissed" | "auto_dismissed" => {
                let said = [&self.reason, &self.comment].map(|text| crate::text::line(text));
                let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
                Some(if said.is_empty() { self.state.replace('_', "-") } else { said.join("; ") })
            }
            _ => None,
        };
        let texts = [
            ("aliases", &self.cve),
            ("ecosystem", &self.ecosystem),
            ("scope", &self.scope),
            ("affected", &self.affected),
        ];
        let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let mut properties: Vec<(&str, Value)> = texts.map(|(name, text)| (name, Value::from(text.clone()))).collect();
        properties.extend(self.score.map(|score| ("score", Value::from(score))));
        let hit = Hit {
            title: self.title,
            package: self.package,
            address: (!self.ghsa.is_empty()).then(|| format!("https://github.com/advisories/{}", self.ghsa)),
            rule: self.ghsa,
            fix: self.patched.unwrap_or_default(),
            location: (!self.manifest.is_empty()).then(|| Location::file(path(&self.manifest))),
            suppressed,
            properties,
            ..Hit::default()
        };
        audit.push(hit, graded);
    }
}
