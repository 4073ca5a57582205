//! The JSON of cargo-audit (`cargo audit --json`).
//!
//! `vulnerabilities.list` and each list of `warnings` (`unmaintained`, `unsound`, `notice`, `yanked`) hold entries with
//! `advisory`, `package` and `versions`. An advisory gives its severity as a vector of CVSS or not at all. The document says
//! how large the database was and how many packages the lock file has: a database without advisories finds nothing.

use serde_json::Value;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Foreign, Level, Severity};

use super::audit::{Audit, Fix, Hit, UNGRADED, some_of, values};
use super::cvss;
use super::json::{count, is_true, object, text, texts, word};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("critical", Level::Error, Some(Severity::Critical)),
    Grade::new("high", Level::Error, Some(Severity::High)),
    Grade::new("medium", Level::Warning, Some(Severity::Medium)),
    Grade::new("unsound", Level::Warning, None),
    Grade::new("unmaintained", Level::Warning, None),
    Grade::new("yanked", Level::Warning, None),
    Grade::new("low", Level::Note, Some(Severity::Low)),
    Grade::new("none", Level::Note, None),
    Grade::new("notice", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "cargo-audit",
    name: "cargo audit",
    writers: "`cargo audit --json`",
    about: "A finding is an advisory of a package; warnings count too, without a severity. The severity is computed from the \
            vector of CVSS 3; where there is none, or one of another version, a vulnerability is an error without a severity. \
            A database or lock file that is empty makes the source incomplete.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| sniff.is_object(&["database", "lockfile"]),
    read,
};

/// What the document says beside its entries.
#[derive(Default)]
struct Facts {
    advisories: Option<u64>,
    updated: Option<String>,
    packages: Option<u64>,
    found: Option<bool>,
    count: Option<u64>,
    listed: Option<u64>,
    ignored: Vec<String>,
    /// Vulnerabilities without a vector that gives a score.
    unscored: u64,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("cargo-audit", "advisories", GRADES);
    let mut facts = Facts::default();
    reader.object(|reader, key| match key {
        "settings" => object(reader, |reader, key| {
            if key == "ignore" {
                facts.ignored = texts(reader)?;
            }
            Ok(())
        }),
        "database" => object(reader, |reader, key| {
            match key {
                "advisory-count" => facts.advisories = count(reader)?,
                "last-updated" => facts.updated = text(reader)?,
                _ => {}
            }
            Ok(())
        }),
        "lockfile" => object(reader, |reader, key| {
            if key == "dependency-count" {
                facts.packages = count(reader)?;
            }
            Ok(())
        }),
        "vulnerabilities" => vulnerabilities(reader, &mut facts, &mut audit),
        "warnings" => reader.object(|reader, kind| {
            reader.array(|reader| {
                let entry = entry(reader)?;
                let graded = audit.grade(kind);
                audit.push(entry.hit(kind), graded);
                Ok(())
            })
        }),
        _ => Ok(()),
    })?;
    reader.end()?;
    facts.tell(&mut audit);
    Ok((audit.finish(), reader.digest()))
}

fn vulnerabilities(reader: &mut Reader, facts: &mut Facts, audit: &mut Audit) -> Result<(), InputError> {
    reader.object(|reader, key| {
        match key {
            "found" if reader.kind()? == Kind::Bool => facts.found = Some(is_true(reader)?),
            "count" => facts.count = count(reader)?,
            "list" => {
                facts.listed.get_or_insert(0);
                reader.array(|reader| {
                    facts.vulnerability(entry(reader)?, audit);
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })
}

impl Facts {
    fn vulnerability(&mut self, entry: Entry, audit: &mut Audit) {
        *self.listed.get_or_insert(0) += 1;
        let score = cvss::base_score(&entry.vector);
        self.unscored += u64::from(score.is_none());
        let graded = score.map_or(UNGRADED, |score| audit.grade(cvss::word(score)));
        let mut hit = entry.hit("");
        hit.properties.extend(score.map(|score| ("score", Value::from(score))));
        audit.push(hit, graded);
    }

    fn tell(&self, audit: &mut Audit) {
        match self.advisories {
            Some(0) => audit.problem(
                Cause::NoEvidence,
                "The database of advisories is empty, so that nothing could be found; fetch it and run cargo audit again.",
            ),
            Some(_) => {}
            None => audit.problem(
                Cause::NoEvidence,
                "The report does not say how many advisories the database has; run cargo audit again.",
            ),
        }
        match self.packages {
            Some(packages) => audit.inputs(packages, "package"),
            None => audit.problem(
                Cause::NoEvidence,
                "The report does not say how many packages the lock file has; run cargo audit again.",
            ),
        }
        match self.listed {
            None => audit.problem(Cause::NoEvidence, "The report has no `vulnerabilities`; run cargo audit again."),
            Some(listed) => {
                audit.compare("vulnerabilities.count", self.count, listed);
                if self.found.is_some_and(|found| found != (listed > 0)) {
                    let message =
                        format!("`vulnerabilities.found` does not agree with a list of {listed}; run it again.");
                    audit.problem(Cause::Unreadable, message);
                }
            }
        }
        match &self.updated {
            Some(time) => audit.database(time),
            None => audit.note("The report does not say how old the database of advisories is."),
        }
        if !self.ignored.is_empty() {
            audit.note(format!("cargo audit was told to ignore {}.", some_of(&self.ignored)));
        }
        if self.unscored > 0 {
            audit.note(format!(
                "{} of the vulnerabilities have no vector of CVSS 3: shown as error, without a severity.",
                self.unscored
            ));
        }
    }
}

#[derive(Default)]
struct Entry {
    id: String,
    title: String,
    address: String,
    aliases: Vec<String>,
    vector: String,
    package: String,
    version: String,
    patched: Option<Vec<String>>,
}

fn entry(reader: &mut Reader) -> Result<Entry, InputError> {
    let mut entry = Entry::default();
    reader.object(|reader, key| match key {
        "advisory" => object(reader, |reader, key| {
            match key {
                "id" => entry.id = word(reader)?.unwrap_or_default(),
                "title" => entry.title = text(reader)?.unwrap_or_default(),
                "url" => entry.address = text(reader)?.unwrap_or_default(),
                "aliases" => entry.aliases = texts(reader)?,
                "cvss" => entry.vector = text(reader)?.unwrap_or_default(),
                _ => {}
            }
            Ok(())
        }),
        "package" => object(reader, |reader, key| {
            match key {
                "name" => entry.package = word(reader)?.unwrap_or_default(),
                "version" => entry.version = word(reader)?.unwrap_or_default(),
                _ => {}
            }
            Ok(())
        }),
        "versions" => object(reader, |reader, key| {
            if key == "patched" {
                entry.patched = Some(texts(reader)?);
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(entry)
}

impl Entry {
    /// The finding it is: a vulnerability, or a warning of this kind.
    fn hit(self, kind: &str) -> Hit {
        let rustsec = format!("https://rustsec.org/advisories/{}", self.id);
        let yanked = kind == "yanked" && self.id.is_empty();
        let address = if self.id.starts_with("RUSTSEC-") { rustsec } else { self.address };
        let mut properties = Vec::new();
        if !kind.is_empty() {
            properties.push(("kind", Value::from(crate::text::name(kind))));
        }
        if !self.aliases.is_empty() {
            properties.push(("aliases", values(&self.aliases)));
        }
        Hit {
            rule: if self.id.is_empty() { kind.to_owned() } else { self.id },
            title: if yanked { "the version was taken back by its author".to_owned() } else { self.title },
            package: self.package,
            version: self.version,
            address: Some(address),
            fix: match self.patched {
                Some(versions) if versions.is_empty() => Fix::Never,
                Some(versions) => Fix::In(versions.join(", ")),
                None => Fix::Unsaid,
            },
            properties,
            ..Hit::default()
        }
    }
}
