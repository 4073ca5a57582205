//! Reports of npm 7 and later: an entry per package.

use serde_json::Value;
use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::format::things;
use tollgate_model::{Cause, Metric};

use super::{Metadata, Totals};
use crate::findings::audit::{Audit, Fix, Hit, ghsa, some_of, values};
use crate::findings::json::{is_true, text, texts, word};

/// A package that npm calls vulnerable.
#[derive(Debug, Default)]
pub(super) struct Package {
    name: String,
    severity: String,
    direct: bool,
    /// Packages that it is vulnerable through.
    through: Vec<String>,
    advisories: Vec<Via>,
    nodes: Vec<String>,
    fix: Fix,
}

/// An advisory about a package.
#[derive(Debug, Default)]
struct Via {
    source: String,
    package: String,
    title: String,
    address: String,
    severity: Option<String>,
    range: String,
}

/// Reads `vulnerabilities`.
pub(super) fn read(reader: &mut Reader, packages: &mut Vec<Package>) -> Result<(), InputError> {
    reader.object(|reader, name| {
        let mut package = Package { name: name.to_owned(), ..Package::default() };
        reader.object(|reader, key| {
            match key {
                "severity" => package.severity = word(reader)?.unwrap_or_default(),
                "isDirect" => package.direct = is_true(reader)?,
                "via" => reader.array(|reader| {
                    match reader.kind()? {
                        Kind::String => package.through.extend(text(reader)?),
                        _ => package.advisories.push(via(reader)?),
                    }
                    Ok(())
                })?,
                "nodes" => package.nodes = texts(reader)?,
                "fixAvailable" => package.fix = fix(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        packages.push(package);
        Ok(())
    })
}

fn via(reader: &mut Reader) -> Result<Via, InputError> {
    let mut via = Via::default();
    reader.object(|reader, key| {
        match key {
            "source" | "id" => via.source = word(reader)?.unwrap_or_default(),
            "name" => via.package = word(reader)?.unwrap_or_default(),
            "title" => via.title = text(reader)?.unwrap_or_default(),
            "url" => via.address = text(reader)?.unwrap_or_default(),
            "severity" => via.severity = word(reader)?,
            "range" | "vulnerable_versions" => via.range = text(reader)?.unwrap_or_default(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(via)
}

fn fix(reader: &mut Reader) -> Result<Fix, InputError> {
    match reader.kind()? {
        Kind::Bool => Ok(if reader.bool()? { Fix::By("`npm audit fix`".to_owned()) } else { Fix::Never }),
        Kind::Object => {
            let (mut name, mut version, mut major) = (String::new(), String::new(), false);
            reader.object(|reader, key| {
                match key {
                    "name" => name = word(reader)?.unwrap_or_default(),
                    "version" => version = word(reader)?.unwrap_or_default(),
                    "isSemVerMajor" => major = is_true(reader)?,
                    _ => {}
                }
                Ok(())
            })?;
            let major = if major { ", a new major version" } else { "" };
            Ok(Fix::By(format!("{name} {version}{major}")))
        }
        _ => Ok(Fix::Unsaid),
    }
}

/// Tells `audit` what was read.
pub(super) fn finish(packages: Vec<Package>, metadata: &Metadata, audit: &mut Audit) {
    let total = packages.len() as u64;
    let mut counted = Totals::new();
    for package in &packages {
        *counted.entry(package.severity.clone()).or_default() += 1;
    }
    metadata.tell(audit);
    for (word, declared) in &metadata.vulnerabilities {
        let listed = if word == "total" { total } else { counted.get(word).copied().unwrap_or_default() };
        audit.compare(&format!("metadata.vulnerabilities.{}", crate::text::name(word)), Some(*declared), listed);
    }
    tell_unexplained(&packages, audit);
    let parents = packages.iter().filter(|package| package.advisories.is_empty()).count() as u64;
    if parents > 0 {
        audit.note(format!("Affected only through others: {} of {total}.", things(parents, "package")));
    }
    audit.foreign.metrics.push(Metric::count("packages", total));
    audit.foreign.metrics.push(Metric::count("parents", parents));
    for package in packages {
        for via in package.advisories {
            let rule = ghsa(&via.address).unwrap_or_else(|| format!("npm-{}", via.source));
            let graded = audit.grade(via.severity.as_ref().unwrap_or(&package.severity));
            let mut properties = vec![("direct", Value::from(package.direct)), ("places", values(&package.nodes))];
            if !via.range.is_empty() {
                properties.push(("affected", Value::from(crate::text::name(&via.range))));
            }
            let hit = Hit {
                rule,
                title: via.title,
                package: if via.package.is_empty() { package.name.clone() } else { via.package },
                address: Some(via.address),
                fix: package.fix.clone(),
                properties,
                ..Hit::default()
            };
            audit.push(hit, graded);
        }
    }
}

/// Packages that are called vulnerable and lead to no advisory.
fn tell_unexplained(packages: &[Package], audit: &mut Audit) {
    use std::collections::{HashMap, HashSet};
    let mut parents: HashMap<&str, Vec<&str>> = HashMap::new();
    for package in packages {
        for name in &package.through {
            parents.entry(name).or_default().push(&package.name);
        }
    }
    let mut waiting: Vec<&str> =
        packages.iter().filter(|package| !package.advisories.is_empty()).map(|package| package.name.as_str()).collect();
    let mut explained: HashSet<&str> = waiting.iter().copied().collect();
    while let Some(name) = waiting.pop() {
        for parent in parents.get(name).into_iter().flatten() {
            if explained.insert(parent) {
                waiting.push(parent);
            }
        }
    }
    let known: HashSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let lost: Vec<String> = packages
        .iter()
        .filter(|package| {
            let dangling = package.through.iter().any(|name| !known.contains(name.as_str()));
            dangling || !explained.contains(package.name.as_str())
        })
        .map(|package| package.name.clone())
        .collect();
    if !lost.is_empty() {
        let message =
            format!("The report calls {} vulnerable and does not list why; have npm write it again.", some_of(&lost));
        audit.problem(Cause::Unreadable, message);
    }
}
