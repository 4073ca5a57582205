//! The JSON of Grype (`grype dir:. -o json`).
//!
//! `matches` has an entry per vulnerability of a package, `ignoredMatches` those that a rule of the configuration leaves out,
//! `source` says what was looked at and `descriptor` with which database, and when that was built. Grype does not say how many
//! packages there were.

use serde_json::Value;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;
use tollgate_model::{Cause, Foreign, Level, Location, Severity, moment};

use super::audit::{Audit, Fix, Hit, non_empty};
use super::json::{list, object, path, text, texts, word};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("Critical", Level::Error, Some(Severity::Critical)),
    Grade::new("High", Level::Error, Some(Severity::High)),
    Grade::new("Medium", Level::Warning, Some(Severity::Medium)),
    Grade::new("Low", Level::Note, Some(Severity::Low)),
    Grade::new("Negligible", Level::Note, None),
    Grade::new("Unknown", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "grype",
    name: "Grype",
    writers: "`grype dir:. -o json`",
    about: "A finding is a vulnerability of a package; what a rule of Grype's ignores is kept as suppressed. A report that does \
            not say of when its database is, or that the database is not valid, makes the source incomplete.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        let matches = sniff.holds("\"vulnerability\"") && sniff.holds("\"artifact\"");
        sniff.is_object(&["matches"]) && (sniff.has_keys(&["descriptor"]) || matches)
    },
    read,
};

#[derive(Default)]
struct Document {
    matches: Vec<Match>,
    listed: bool,
    source: Option<String>,
    target: String,
    built: Option<String>,
    wrong: Option<String>,
    /// Packages that Grype has alerts about, and the first alert.
    alerts: u64,
    alert: String,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("Grype", "matches", GRADES);
    let mut document = Document::default();
    reader.object(|reader, key| match key {
        "matches" => {
            document.listed = true;
            matches(reader, false, &mut document.matches)
        }
        "ignoredMatches" => reader.null_or(|reader| matches(reader, true, &mut document.matches)).map(|_| ()),
        "alertsByPackage" => list(reader, |reader| {
            document.alerts += 1;
            alert(reader, &mut document.alert)
        }),
        "source" => object(reader, |reader, key| {
            match key {
                "type" => document.source = word(reader)?,
                "target" => document.target = text(reader)?.unwrap_or_default(),
                _ => {}
            }
            Ok(())
        }),
        "descriptor" => object(reader, |reader, key| {
            match key {
                "version" => {
                    let version = word(reader)?.unwrap_or_default();
                    audit.foreign.tools.iter_mut().for_each(|tool| tool.version.clone_from(&version));
                }
                "timestamp" => audit.foreign.written = text(reader)?.and_then(|text| moment(&text)),
                "db" => database(reader, &mut document)?,
                _ => {}
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    reader.end()?;
    document.finish(&mut audit);
    Ok((audit.finish(), reader.digest()))
}

/// Takes what Grype says of a package that it cannot judge: the release of its distribution is no longer maintained, so that
/// nobody writes advisories for it.
fn alert(reader: &mut Reader, first: &mut String) -> Result<(), InputError> {
    object(reader, |reader, key| match key {
        "alerts" => list(reader, |reader| {
            object(reader, |reader, key| {
                if key == "message" && first.is_empty() {
                    *first = crate::text::line(&text(reader)?.unwrap_or_default());
                }
                Ok(())
            })
        }),
        _ => Ok(()),
    })
}

/// Since version 0.88 what is said of the database stands in `status`.
fn database(reader: &mut Reader, document: &mut Document) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "status" => database(reader, document)?,
            "built" => document.built = text(reader)?.filter(|text| !text.is_empty()),
            "valid" if reader.kind()? == Kind::Bool => {
                let valid = reader.bool()?;
                let wrong = (!valid).then(|| "it is not valid".to_owned());
                document.wrong = document.wrong.take().or(wrong);
            }
            "error" => {
                let said = text(reader)?.map(|text| crate::text::line(&text)).filter(|text| !text.is_empty());
                document.wrong = said.or(document.wrong.take());
            }
            _ => {}
        }
        Ok(())
    })
}

#[derive(Default)]
struct Match {
    ignored: Option<String>,
    id: String,
    address: String,
    severity: String,
    title: String,
    state: String,
    fixed: Vec<String>,
    package: String,
    version: String,
    purl: String,
    place: Option<String>,
}

fn matches(reader: &mut Reader, ignored: bool, matches: &mut Vec<Match>) -> Result<(), InputError> {
    reader.array(|reader| {
        let mut found = Match::default();
        if ignored {
            found.ignored = Some("a rule of Grype's configuration".to_owned());
        }
        reader.object(|reader, key| match key {
            "vulnerability" => vulnerability(reader, &mut found),
            "artifact" => artifact(reader, &mut found),
            "appliedIgnoreRules" if ignored => list(reader, |reader| {
                object(reader, |reader, key| {
                    let reason = match key {
                        "reason" => text(reader)?.filter(|reason| !reason.is_empty()),
                        "vex-status" => {
                            word(reader)?.filter(|word| !word.is_empty()).map(|word| format!("VEX: {word}"))
                        }
                        _ => None,
                    };
                    found.ignored = reason.or(found.ignored.take());
                    Ok(())
                })
            }),
            _ => Ok(()),
        })?;
        matches.push(found);
        Ok(())
    })
}

fn vulnerability(reader: &mut Reader, found: &mut Match) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "id" => found.id = word(reader)?.unwrap_or_default(),
            "dataSource" => found.address = text(reader)?.unwrap_or_default(),
            "severity" => found.severity = word(reader)?.unwrap_or_default(),
            "description" => found.title = crate::text::line(&text(reader)?.unwrap_or_default()),
            "fix" => object(reader, |reader, key| {
                match key {
                    "state" => found.state = word(reader)?.unwrap_or_default(),
                    "versions" => found.fixed = texts(reader)?,
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })
}

fn artifact(reader: &mut Reader, found: &mut Match) -> Result<(), InputError> {
    object(reader, |reader, key| {
        match key {
            "name" => found.package = word(reader)?.unwrap_or_default(),
            "version" => found.version = word(reader)?.unwrap_or_default(),
            "purl" => found.purl = word(reader)?.unwrap_or_default(),
            "locations" => list(reader, |reader| {
                object(reader, |reader, key| {
                    if key == "path" && found.place.is_none() {
                        found.place = text(reader)?.filter(|text| !text.is_empty());
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })
}

impl Document {
    fn finish(self, audit: &mut Audit) {
        match (&self.wrong, &self.built) {
            (Some(wrong), _) => {
                let message = format!("Grype says of its database: {wrong}; run `grype db update` and run it again.");
                audit.problem(Cause::NoEvidence, message);
            }
            (None, None) => audit.problem(
                Cause::NoEvidence,
                "Grype does not say when its database was built; run `grype db update` and run it again.",
            ),
            (None, Some(_)) => {}
        }
        if let Some(built) = &self.built {
            audit.database(built);
        }
        if !self.listed {
            audit.problem(Cause::NoEvidence, "The report has no `matches`; run Grype again.");
        }
        if self.source.is_none() {
            audit.problem(Cause::NoEvidence, "Grype does not say what it looked at (`source.type`); run it again.");
        }
        if self.alerts > 0 {
            let message = format!(
                "Grype cannot judge {}: {}; update the release.",
                things(self.alerts, "package"),
                non_empty(&self.alert, "no reason is given")
            );
            audit.problem(Cause::NoEvidence, message);
        }
        let folder = matches!(self.source.as_deref(), Some("directory" | "file"));
        let target = self.target.trim_start_matches("./").trim_end_matches('/');
        let target = if target == "." { "" } else { target };
        for found in self.matches {
            let graded = audit.grade(&found.severity);
            // Grype takes the folder it looks at for the root.
            let place = found.place.as_deref().map(|place| match folder {
                true if self.source.as_deref() == Some("file") => path(target),
                true if target.is_empty() => path(place).trim_start_matches('/').to_owned(),
                true => format!("{}/{}", path(target), path(place).trim_start_matches('/')),
                false => path(place),
            });
            let mut properties = Vec::new();
            if !found.purl.is_empty() {
                properties.push(("purl", Value::from(found.purl.clone())));
            }
            if let Some(place) = place.as_ref().filter(|_| !folder) {
                properties.push(("target", Value::from(crate::text::name(place))));
            }
            let hit = Hit {
                rule: found.id,
                title: if found.title.is_empty() { "a known vulnerability".to_owned() } else { found.title },
                package: found.package,
                version: found.version,
                address: Some(found.address),
                fix: match (found.fixed.is_empty(), found.state.as_str()) {
                    (false, _) => Fix::In(found.fixed.join(", ")),
                    (true, "not-fixed" | "wont-fix") => Fix::Never,
                    (true, _) => Fix::Unsaid,
                },
                context: place.clone().filter(|_| !folder).unwrap_or_default(),
                location: place.filter(|place| folder && !place.is_empty()).map(Location::file),
                suppressed: found.ignored,
                properties,
            };
            audit.push(hit, graded);
        }
    }
}
