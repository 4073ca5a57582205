//! The JSON of pip-audit (`pip-audit --format json`).
//!
//! `dependencies` lists every package: with `version` and `vulns`, or with `skip_reason` where it was not audited, of which
//! pip-audit tells nothing else (a service that does not answer looks like a clean bill). Before version 2.0 the list stood
//! alone. There are no severities.

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Foreign};

use super::Format;
use super::audit::{Audit, Fix, Hit, UNGRADED, non_empty, values};
use super::json::{text, texts, word};

pub(super) const FORMAT: Format = Format {
    id: "pip-audit",
    name: "pip-audit",
    writers: "`pip-audit --format json`",
    about: "A finding is an advisory of a package. pip-audit knows no severity: every finding is an error without one. A \
            package that was skipped makes the source incomplete.",
    grades: &[],
    metrics: &[],
    detect: |sniff| {
        let list = sniff.is_list(&["name", "vulns"]) || sniff.is_list(&["name", "skip_reason"]);
        list || sniff.is_only(&["dependencies", "fixes"])
    },
    read,
};

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("pip-audit", "advisories", &[]);
    let mut packages = None;
    match reader.kind()? {
        Kind::Array => packages = Some(dependencies(&mut reader, &mut audit)?),
        _ => reader.object(|reader, key| {
            if key == "dependencies" {
                let known = packages.unwrap_or_default();
                packages = Some(dependencies(reader, &mut audit)? + known);
            }
            Ok(())
        })?,
    }
    reader.end()?;
    match packages {
        Some(packages) => audit.inputs(packages, "package"),
        None => audit.problem(Cause::NoEvidence, "The report has no `dependencies`; run pip-audit again."),
    }
    Ok((audit.finish(), reader.digest()))
}

/// Takes the list of packages, and gives how many were audited.
fn dependencies(reader: &mut Reader, audit: &mut Audit) -> Result<u64, InputError> {
    let mut packages = 0;
    reader.array(|reader| {
        packages += u64::from(dependency(reader, audit)?);
        Ok(())
    })?;
    Ok(packages)
}

fn dependency(reader: &mut Reader, audit: &mut Audit) -> Result<bool, InputError> {
    let (mut name, mut version, mut skipped, mut vulns) = (String::new(), String::new(), None, None);
    reader.object(|reader, key| {
        match key {
            "name" => name = word(reader)?.unwrap_or_default(),
            "version" => version = word(reader)?.unwrap_or_default(),
            "skip_reason" if reader.kind()? != Kind::Null => {
                skipped = Some(text(reader)?.unwrap_or_else(|| "no reason is given".to_owned()));
            }
            "vulns" => {
                let list = vulns.get_or_insert_with(Vec::new);
                reader.array(|reader| {
                    list.push(vulnerability(reader)?);
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    let audited = skipped.is_none() && vulns.is_some();
    if !audited {
        let reason = non_empty(&skipped.unwrap_or_default(), "the report lists no result for it");
        let name = non_empty(&name, "a package without a name");
        audit.problem(Cause::NoEvidence, format!("pip-audit did not audit {name}: {reason}."));
    }
    for vulnerability in vulns.unwrap_or_default() {
        let hit = Hit { package: name.clone(), version: version.clone(), ..vulnerability };
        audit.push(hit, UNGRADED);
    }
    Ok(audited)
}

/// A vulnerability, whose package is not known yet.
fn vulnerability(reader: &mut Reader) -> Result<Hit, InputError> {
    let (mut hit, mut aliases) = (Hit { title: "a known vulnerability".to_owned(), ..Hit::default() }, Vec::new());
    reader.object(|reader, key| {
        match key {
            "id" => hit.rule = word(reader)?.unwrap_or_default(),
            "fix_versions" if reader.kind()? == Kind::Array => {
                let versions = texts(reader)?;
                hit.fix = if versions.is_empty() { Fix::Never } else { Fix::In(versions.join(", ")) };
            }
            "aliases" => aliases = texts(reader)?,
            "description" => {
                // A long text in Markdown; its first line says what it is about.
                let line = crate::text::line(&text(reader)?.unwrap_or_default());
                let line = line.trim_start_matches(['#', ' ']);
                if !line.is_empty() {
                    hit.title = line.to_owned();
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    if !hit.rule.is_empty() && hit.rule.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        hit.address = Some(format!("https://osv.dev/vulnerability/{}", hit.rule));
    }
    if !aliases.is_empty() {
        hit.properties.push(("aliases", values(&aliases)));
    }
    Ok(hit)
}
