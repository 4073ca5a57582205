//! Reports of npm 6 and pnpm: an entry per advisory.

use serde_json::Value;
use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;

use super::{Metadata, Totals};
use crate::findings::audit::{Audit, Fix, Hit, ghsa, values};
use crate::findings::json::{list, object, text, texts, word};

/// What the numbers of reports with advisories count.
pub(in crate::findings) const HOW_ADVISORIES_COUNT: &str = "advisories";

/// An advisory of npm's registry, as its older service gives it.
#[derive(Debug, Default)]
pub(in crate::findings) struct Advisory {
    pub(in crate::findings) id: String,
    pub(in crate::findings) github: String,
    pub(in crate::findings) title: String,
    pub(in crate::findings) package: String,
    pub(in crate::findings) severity: String,
    pub(in crate::findings) address: String,
    pub(in crate::findings) patched: String,
    pub(in crate::findings) affected: String,
    pub(in crate::findings) cves: Vec<String>,
    /// Versions of the package that are there.
    pub(in crate::findings) versions: Vec<String>,
    /// By how many ways they are reached.
    pub(in crate::findings) paths: u64,
}

/// Reads `advisories`.
pub(super) fn read(reader: &mut Reader, advisories: &mut Vec<Advisory>) -> Result<(), InputError> {
    reader.object(|reader, key| {
        let mut advisory = Advisory { id: key.to_owned(), ..Advisory::default() };
        reader.object(|reader, key| advisory.member(reader, key))?;
        advisories.push(advisory);
        Ok(())
    })
}

impl Advisory {
    fn member(&mut self, reader: &mut Reader, key: &str) -> Result<(), InputError> {
        match key {
            "id" => self.id = word(reader)?.unwrap_or_default(),
            "github_advisory_id" => self.github = word(reader)?.unwrap_or_default(),
            "title" => self.title = text(reader)?.unwrap_or_default(),
            "module_name" => self.package = word(reader)?.unwrap_or_default(),
            "severity" => self.severity = word(reader)?.unwrap_or_default(),
            "url" => self.address = text(reader)?.unwrap_or_default(),
            "patched_versions" => self.patched = text(reader)?.unwrap_or_default(),
            "vulnerable_versions" => self.affected = text(reader)?.unwrap_or_default(),
            "cves" => self.cves = texts(reader)?,
            "findings" => list(reader, |reader| {
                object(reader, |reader, key| {
                    match key {
                        "version" => self.versions.extend(word(reader)?),
                        "paths" => list(reader, |_| {
                            self.paths += 1;
                            Ok(())
                        })?,
                        _ => {}
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    }

    /// The most that may be declared of it: npm counts the ways that lead to it.
    fn most(&self) -> u64 {
        self.paths.max(self.versions.len() as u64).max(1)
    }

    /// The finding it is.
    pub(in crate::findings) fn hit(mut self) -> Hit {
        let github = Some(&self.github).filter(|id| id.len() == 19).cloned();
        let rule = github.or_else(|| ghsa(&self.address)).unwrap_or_else(|| format!("npm-{}", self.id));
        self.versions.dedup();
        let mut properties = Vec::new();
        if !self.cves.is_empty() {
            properties.push(("aliases", values(&self.cves)));
        }
        if self.paths > 0 {
            properties.push(("paths", Value::from(self.paths)));
        }
        if !self.affected.is_empty() {
            properties.push(("affected", Value::from(crate::text::name(&self.affected))));
        }
        Hit {
            rule,
            title: self.title,
            package: self.package,
            version: self.versions.join(", "),
            address: Some(self.address),
            fix: match self.patched.as_str() {
                "" => Fix::Unsaid,
                // What the registry writes where there is no fix.
                "<0.0.0" => Fix::Never,
                _ => Fix::In(self.patched),
            },
            properties,
            ..Hit::default()
        }
    }
}

/// Tells `audit` what was read.
pub(super) fn finish(advisories: Vec<Advisory>, metadata: &Metadata, audit: &mut Audit) {
    metadata.tell(audit);
    compare(&advisories, metadata, "metadata", audit);
    for advisory in advisories {
        let graded = audit.grade(&advisory.severity);
        audit.push(advisory.hit(), graded);
    }
}

/// Sees that what is declared in `place` lies between the number of advisories and that of the ways that lead to them: npm
/// counts ways, and its followers not always.
pub(in crate::findings) fn compare(advisories: &[Advisory], declared: &Metadata, place: &str, audit: &mut Audit) {
    let (mut least, mut most) = (Totals::new(), Totals::new());
    for advisory in advisories {
        *least.entry(advisory.severity.clone()).or_default() += 1;
        *most.entry(advisory.severity.clone()).or_default() += advisory.most();
    }
    for (word, declared) in &declared.vulnerabilities {
        let of = |totals: &Totals| match word.as_str() {
            "total" => totals.values().sum(),
            _ => totals.get(word).copied().unwrap_or_default(),
        };
        let (least, most): (u64, u64) = (of(&least), of(&most));
        if word == "info" && most == 0 && *declared > 0 {
            // pnpm counts them, and lists none unless `--audit-level info` is given.
            audit.note(format!("Declared and not listed: {declared} of the severity info."));
        } else if !(least..=most).contains(declared) {
            let listed = if least == most { least.to_string() } else { format!("{least} (by {most} ways)") };
            let place = format!("{place}.vulnerabilities.{}", crate::text::name(word));
            audit.disagree(&place, *declared, &listed);
        }
    }
}
