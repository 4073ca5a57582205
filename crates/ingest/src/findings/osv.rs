//! The JSON of osv-scanner (`osv-scanner scan --format json`).
//!
//! `results` has an entry per source (a lock file) with `packages`, each with `vulnerabilities` (documents of OSV) and `groups`
//! of those that are one and the same under several ids. Sources and packages without vulnerabilities are left out unless
//! `--all-packages` is given, so that an empty report cannot be told from one of a scan that looked at nothing.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;
use tollgate_model::{Cause, Foreign, Inputs, Level, Location, Severity};

use super::audit::{Audit, Fix, Hit, values};
use super::cvss;
use super::json::{list, object, path, text, texts, word};
use super::{Format, Grade};

/// How many fixed versions of an advisory, and of a finding, are kept.
const MOST_FIXED: usize = 50;

const GRADES: &[Grade] = &[
    Grade::new("critical", Level::Error, Some(Severity::Critical)),
    Grade::new("high", Level::Error, Some(Severity::High)),
    Grade::new("moderate", Level::Warning, Some(Severity::Medium)),
    Grade::new("medium", Level::Warning, Some(Severity::Medium)),
    Grade::new("low", Level::Note, Some(Severity::Low)),
    Grade::new("none", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "osv-scanner",
    name: "osv-scanner",
    writers: "`osv-scanner scan --format json --all-packages`",
    about: "A finding is a group of ids for one vulnerability of a package. Its severity is the group's highest score, else \
            the word of the advisory; with neither it is an error without a severity. A report without any source makes the \
            source incomplete: only `--all-packages` proves that something was scanned.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_only(&["results", "experimental_config", "image_metadata"]),
    read,
};

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("osv-scanner", "groups of advisories", GRADES);
    let mut state = State::default();
    reader.object(|reader, key| match key {
        "results" => reader
            .null_or(|reader| {
                reader.array(|reader| {
                    state.sources += 1;
                    source(reader, &mut state, &mut audit)
                })
            })
            .map(|_| ()),
        _ => Ok(()),
    })?;
    reader.end()?;
    if state.sources == 0 {
        audit.problem(
            Cause::NoEvidence,
            "osv-scanner names no source that it scanned: an empty database and an empty folder look the same; run it with \
             `--all-packages`.",
        );
    } else if state.packages == 0 {
        audit.problem(
            Cause::NoEvidence,
            "osv-scanner lists no package; run it with `--all-packages` and look at what it says.",
        );
    }
    if state.nameless > 0 {
        let message =
            format!("{} without a name; have osv-scanner write the report again.", things(state.nameless, "package"));
        audit.problem(Cause::Unreadable, message);
    }
    // Those with vulnerabilities alone are not all that were looked at.
    if state.clean > 0 {
        audit.foreign.inputs = Some(Inputs::new(state.packages, "package"));
    }
    if state.licences > 0 {
        audit.note(format!("Not shown, for licences that are not allowed: {}.", things(state.licences, "package")));
    }
    Ok((audit.finish(), reader.digest()))
}

#[derive(Default)]
struct State {
    sources: u64,
    packages: u64,
    /// Packages without a vulnerability.
    clean: u64,
    licences: u64,
    nameless: u64,
}

fn source(reader: &mut Reader, state: &mut State, audit: &mut Audit) -> Result<(), InputError> {
    let (mut place, mut packages) = (None, Vec::new());
    reader.object(|reader, key| match key {
        "source" => object(reader, |reader, key| {
            if key == "path" {
                place = text(reader)?.filter(|text| !text.is_empty()).map(|text| Location::file(path(&text)));
            }
            Ok(())
        }),
        "packages" => reader.array(|reader| {
            packages.push(package(reader)?);
            Ok(())
        }),
        _ => Ok(()),
    })?;
    for package in packages {
        state.packages += 1;
        state.nameless += u64::from(package.name.is_empty());
        state.licences += package.licences;
        state.clean += u64::from(package.groups.is_empty() && package.vulnerabilities.is_empty());
        package.tell(place.as_ref(), audit);
    }
    Ok(())
}

#[derive(Default)]
struct Package {
    name: String,
    version: String,
    ecosystem: String,
    groups: Vec<Group>,
    vulnerabilities: Vec<Vulnerability>,
    licences: u64,
}

#[derive(Default)]
struct Group {
    ids: Vec<String>,
    aliases: Vec<String>,
    score: Option<f64>,
}

#[derive(Default)]
struct Vulnerability {
    id: String,
    title: String,
    word: Option<String>,
    vectors: Vec<String>,
    /// Versions that are fixed, each with the name of the package where it is said: an advisory may be about several.
    fixed: Vec<(String, String)>,
}

fn package(reader: &mut Reader) -> Result<Package, InputError> {
    let mut package = Package::default();
    reader.object(|reader, key| match key {
        "package" => object(reader, |reader, key| {
            match key {
                "name" => package.name = word(reader)?.unwrap_or_default(),
                "version" => package.version = word(reader)?.unwrap_or_default(),
                "ecosystem" => package.ecosystem = word(reader)?.unwrap_or_default(),
                _ => {}
            }
            Ok(())
        }),
        "groups" => reader.array(|reader| {
            package.groups.push(group(reader)?);
            Ok(())
        }),
        "vulnerabilities" => reader.array(|reader| {
            package.vulnerabilities.push(vulnerability(reader)?);
            Ok(())
        }),
        "license_violations" => list(reader, |_| {
            package.licences = 1;
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(package)
}

fn group(reader: &mut Reader) -> Result<Group, InputError> {
    let mut group = Group::default();
    reader.object(|reader, key| {
        match key {
            "ids" => group.ids = texts(reader)?,
            "aliases" => group.aliases = texts(reader)?,
            // A number in a string, empty where there is none.
            "max_severity" => {
                group.score = word(reader)?.and_then(|word| word.parse().ok()).filter(|s| (0.0..=10.0).contains(s));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(group)
}

fn vulnerability(reader: &mut Reader) -> Result<Vulnerability, InputError> {
    let mut found = Vulnerability::default();
    reader.object(|reader, key| match key {
        "id" => {
            found.id = word(reader)?.unwrap_or_default();
            Ok(())
        }
        "summary" => {
            found.title = text(reader)?.unwrap_or_default();
            Ok(())
        }
        "details" if found.title.is_empty() && reader.kind()? == Kind::String => {
            found.title = crate::text::line(&text(reader)?.unwrap_or_default());
            Ok(())
        }
        "database_specific" => object(reader, |reader, key| {
            if key == "severity" {
                found.word = word(reader)?.filter(|word| !word.is_empty());
            }
            Ok(())
        }),
        "severity" => list(reader, |reader| {
            object(reader, |reader, key| {
                if key == "score" {
                    found.vectors.extend(text(reader)?);
                }
                Ok(())
            })
        }),
        "affected" => list(reader, |reader| affected(reader, &mut found.fixed)),
        _ => Ok(()),
    })?;
    Ok(found)
}

fn affected(reader: &mut Reader, fixed: &mut Vec<(String, String)>) -> Result<(), InputError> {
    let (mut name, mut versions) = (String::new(), Vec::new());
    object(reader, |reader, key| match key {
        "package" => object(reader, |reader, key| {
            if key == "name" {
                name = word(reader)?.unwrap_or_default();
            }
            Ok(())
        }),
        "ranges" => list(reader, |reader| range(reader, &mut versions)),
        _ => Ok(()),
    })?;
    let room = MOST_FIXED.saturating_sub(fixed.len());
    fixed.extend(versions.into_iter().take(room).map(|version| (name.clone(), version)));
    Ok(())
}

fn range(reader: &mut Reader, fixed: &mut Vec<String>) -> Result<(), InputError> {
    let (mut kind, mut versions) = (String::new(), Vec::new());
    object(reader, |reader, key| match key {
        "type" => {
            kind = word(reader)?.unwrap_or_default();
            Ok(())
        }
        "events" => list(reader, |reader| {
            object(reader, |reader, key| {
                if key == "fixed" {
                    versions.extend(word(reader)?);
                }
                Ok(())
            })
        }),
        _ => Ok(()),
    })?;
    // Of a range of commits these are no versions.
    if kind != "GIT" {
        fixed.append(&mut versions);
    }
    Ok(())
}

impl Package {
    fn tell(mut self, place: Option<&Location>, audit: &mut Audit) {
        let known: HashMap<&str, &Vulnerability> =
            self.vulnerabilities.iter().map(|vulnerability| (vulnerability.id.as_str(), vulnerability)).collect();
        let grouped: HashSet<&String> = self.groups.iter().flat_map(|group| &group.ids).collect();
        let alone = self.vulnerabilities.iter().filter(|vulnerability| !grouped.contains(&vulnerability.id));
        let alone: Vec<Group> = alone.map(|v| Group { ids: vec![v.id.clone()], ..Group::default() }).collect();
        self.groups.extend(alone);
        for group in &self.groups {
            let all: Vec<&Vulnerability> = group.ids.iter().filter_map(|id| known.get(id.as_str()).copied()).collect();
            let score = group.score.or_else(|| {
                let scores = all.iter().flat_map(|v| &v.vectors).filter_map(|vector| cvss::base_score(vector));
                scores.max_by(f64::total_cmp)
            });
            let word = all.iter().find_map(|v| v.word.as_deref());
            let graded = match (score, word) {
                (Some(score), _) => audit.grade(cvss::word(score)),
                (None, Some(word)) => audit.grade(word),
                (None, None) => audit.grade(""),
            };
            let first = group.ids.first().cloned().unwrap_or_default();
            let mut fixed: Vec<&str> = Vec::new();
            for (name, version) in all.iter().flat_map(|v| &v.fixed) {
                let other = !name.is_empty() && *name != self.name;
                if !other && fixed.len() < MOST_FIXED && !fixed.contains(&version.as_str()) {
                    fixed.push(version);
                }
            }
            let aliases: Vec<String> = group.ids.iter().skip(1).chain(&group.aliases).cloned().collect();
            let mut properties = vec![("ecosystem", Value::from(self.ecosystem.clone()))];
            properties.extend(score.map(|score| ("score", Value::from(score))));
            if !aliases.is_empty() {
                properties.push(("aliases", values(&aliases)));
            }
            let title = all.iter().map(|v| v.title.as_str()).find(|title| !title.is_empty());
            let hit = Hit {
                title: title.unwrap_or("a known vulnerability").to_owned(),
                package: self.name.clone(),
                version: self.version.clone(),
                address: (!first.is_empty()).then(|| format!("https://osv.dev/{first}")),
                rule: first,
                fix: if fixed.is_empty() { Fix::Unsaid } else { Fix::In(fixed.join(", ")) },
                location: place.cloned(),
                properties,
                ..Hit::default()
            };
            audit.push(hit, graded);
        }
    }
}
