//! One target of a report, with what was found in it.

use serde_json::Value;
use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Location, Region};

use crate::findings::audit::{Fix, Hit, non_empty};
use crate::findings::json::{count, list, object, ordinal, path, text, word};

/// Targets of packages that stand for no file.
const NO_FILES: [&str; 6] = ["Node.js", "Python", "Java", "Ruby", "Conda", "Kubernetes"];

/// A target.
#[derive(Default)]
pub(super) struct Target {
    pub(super) name: String,
    class: String,
    /// How many packages it lists.
    pub(super) packages: u64,
    pub(super) found: Vec<Found>,
    /// How many misconfigurations failed, as it declares and as it lists.
    pub(super) failures: Option<u64>,
    pub(super) failed: u64,
    /// How many findings were left out.
    pub(super) hidden: u64,
}

/// A finding with Trivy's word for how bad it is.
pub(super) struct Found {
    pub(super) hit: Hit,
    pub(super) word: String,
    pub(super) secret: bool,
}

/// Takes a target.
pub(super) fn read(reader: &mut Reader) -> Result<Target, InputError> {
    let mut target = Target::default();
    reader.object(|reader, key| match key {
        "Target" => {
            target.name = text(reader)?.unwrap_or_default();
            Ok(())
        }
        "Class" => {
            target.class = word(reader)?.unwrap_or_default();
            Ok(())
        }
        "Packages" => list(reader, |_| {
            target.packages += 1;
            Ok(())
        }),
        "MisconfSummary" => object(reader, |reader, key| {
            if key == "Failures" {
                target.failures = count(reader)?;
            }
            Ok(())
        }),
        "Vulnerabilities" => each(reader, |item| target.found.push(item.vulnerability())),
        "Misconfigurations" => each(reader, |item| {
            // What passed is listed too. A status that is not known counts.
            if !matches!(item.status.as_str(), "PASS" | "EXCEPTION") {
                target.failed += 1;
                target.found.push(item.misconfiguration());
            }
        }),
        "Secrets" => each(reader, |item| target.found.push(item.secret())),
        "Licenses" => each(reader, |item| target.found.push(item.licence())),
        "ExperimentalModifiedFindings" => list(reader, |_| {
            target.hidden += 1;
            Ok(())
        }),
        _ => Ok(()),
    })?;
    target.place();
    Ok(target)
}

fn each(reader: &mut Reader, mut take: impl FnMut(Item)) -> Result<(), InputError> {
    reader
        .null_or(|reader| {
            reader.array(|reader| {
                take(item(reader)?);
                Ok(())
            })
        })
        .map(|_| ())
}

impl Target {
    /// Gives those findings the target's path that have none of their own, where it is a file.
    fn place(&mut self) {
        let file = !self.name.is_empty() && self.class != "os-pkgs" && !NO_FILES.contains(&self.name.as_str());
        for Found { hit, .. } in &mut self.found {
            match &mut hit.location {
                Some(location) if location.path.is_empty() && file => location.path = path(&self.name),
                Some(location) if location.path.is_empty() => hit.location = None,
                None if file => hit.location = Some(Location::file(path(&self.name))),
                _ => {}
            }
        }
    }
}

/// What an entry of any of the lists may say.
#[derive(Default)]
struct Item {
    id: String,
    title: String,
    message: String,
    resolution: String,
    package: String,
    version: String,
    fixed: String,
    status: String,
    address: String,
    severity: String,
    category: String,
    name: String,
    path: String,
    lines: (Option<u32>, Option<u32>),
    score: Option<f64>,
}

fn item(reader: &mut Reader) -> Result<Item, InputError> {
    let mut item = Item::default();
    reader.object(|reader, key| {
        match key {
            "VulnerabilityID" | "ID" | "RuleID" => item.id = word(reader)?.unwrap_or_default(),
            "Title" => item.title = text(reader)?.unwrap_or_default(),
            "Message" => item.message = text(reader)?.unwrap_or_default(),
            "Resolution" => item.resolution = text(reader)?.unwrap_or_default(),
            "PkgName" => item.package = word(reader)?.unwrap_or_default(),
            "PkgPath" | "FilePath" => item.path = text(reader)?.unwrap_or_default(),
            "InstalledVersion" => item.version = word(reader)?.unwrap_or_default(),
            "FixedVersion" => item.fixed = word(reader)?.unwrap_or_default(),
            "Status" => item.status = word(reader)?.unwrap_or_default(),
            "PrimaryURL" | "Link" => item.address = text(reader)?.unwrap_or_default(),
            "Severity" => item.severity = word(reader)?.unwrap_or_default(),
            "Category" => item.category = word(reader)?.unwrap_or_default(),
            "Name" => item.name = word(reader)?.unwrap_or_default(),
            "StartLine" => item.lines.0 = ordinal(count(reader)?),
            "EndLine" => item.lines.1 = ordinal(count(reader)?),
            "CauseMetadata" => object(reader, |reader, key| {
                match key {
                    "StartLine" => item.lines.0 = ordinal(count(reader)?),
                    "EndLine" => item.lines.1 = ordinal(count(reader)?),
                    _ => {}
                }
                Ok(())
            })?,
            "CVSS" => object(reader, |reader, _| {
                object(reader, |reader, key| {
                    if key == "V3Score" && reader.kind()? == Kind::Number {
                        let score = crate::findings::json::decimal(reader)?;
                        item.score = [item.score, score].into_iter().flatten().max_by(f64::total_cmp);
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(item)
}

impl Item {
    fn location(&self) -> Option<Location> {
        let region = self.lines.0.map(|start| Region::lines(start, self.lines.1.unwrap_or(start)));
        (region.is_some() || !self.path.is_empty()).then(|| Location { path: path(&self.path), region })
    }

    fn vulnerability(self) -> Found {
        let mut properties = Vec::new();
        if !self.status.is_empty() {
            properties.push(("status", Value::from(self.status.clone())));
        }
        properties.extend(self.score.map(|score| ("score", Value::from(score))));
        let hit = Hit {
            title: non_empty(&self.title, "a known vulnerability"),
            location: self.location(),
            fix: match (self.fixed.as_str(), self.status.as_str()) {
                ("", "" | "fixed" | "unknown") => Fix::Unsaid,
                ("", _) => Fix::Never,
                _ => Fix::In(self.fixed),
            },
            rule: self.id,
            package: self.package,
            version: self.version,
            address: Some(self.address),
            properties,
            ..Hit::default()
        };
        Found { hit, word: self.severity, secret: false }
    }

    fn misconfiguration(self) -> Found {
        let mut properties = Vec::new();
        if !self.resolution.is_empty() {
            properties.push(("resolution", Value::from(crate::text::name(&self.resolution))));
        }
        let message = crate::text::line(&self.message);
        let title = if message.is_empty() { self.title.clone() } else { format!("{}: {message}", self.title) };
        let hit = Hit {
            location: self.location(),
            rule: self.id,
            title,
            address: Some(self.address),
            context: message,
            properties,
            ..Hit::default()
        };
        Found { hit, word: self.severity, secret: false }
    }

    fn secret(self) -> Found {
        let mut properties = Vec::new();
        if !self.category.is_empty() {
            properties.push(("category", Value::from(self.category.clone())));
        }
        let hit = Hit {
            location: self.location(),
            title: format!("a secret: {}", non_empty(&self.title, &self.id)),
            rule: self.id,
            properties,
            ..Hit::default()
        };
        Found { hit, word: self.severity, secret: true }
    }

    fn licence(self) -> Found {
        let name = non_empty(&self.name, "without a name");
        let hit = Hit {
            location: self.location(),
            title: format!("the licence {name} ({})", non_empty(&self.category, "no category")),
            rule: format!("licence-{name}"),
            package: self.package,
            address: Some(self.address),
            ..Hit::default()
        };
        Found { hit, word: self.severity, secret: false }
    }
}
