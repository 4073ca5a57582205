//! The lines of `yarn npm audit --json` of Yarn 4: an object with `value` (the package) and `children` per advisory.
//!
//! Where nothing was found there is a line like those of Yarn's other commands: `type` is `info` and `data` says "No audit
//! suggestions". `error` tells that Yarn could not look. A line that is missing at the end cannot be told.

use serde_json::Value;
use tollgate_input::{Digest, InputError, Node, Window};
use tollgate_model::{Cause, Foreign};

use super::audit::{Audit, Hit, ghsa, values};
use super::npm::{GRADES, HOW_ADVISORIES_COUNT};
use super::yarn1::word;
use super::{Format, sniff::Sniff};
use crate::results::lines::{Line, Lines, text};

pub(super) const FORMAT: Format = Format {
    id: "yarn-npm-audit",
    name: "yarn npm audit",
    writers: "`yarn npm audit --all --recursive --json` of Yarn 4",
    about: "A finding is an advisory of a package. Without `--all --recursive` Yarn looks at the direct dependencies of one \
            workspace only, and the report does not say so. A package that is deprecated counts too: its rule is `deprecated`.",
    grades: GRADES,
    metrics: &[],
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.is_object(&["value", "children"]) || sniff.is_object(&["type", "displayName", "data"])
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut lines = Lines::new(window);
    let mut audit = Audit::new("yarn", HOW_ADVISORIES_COUNT, GRADES);
    let mut healthy = false;
    while let Some(line) = lines.next()? {
        let wrong = match line {
            Line::Object(node) => match one(&node, &mut audit) {
                Ok(clean) => {
                    healthy |= clean;
                    continue;
                }
                Err(wrong) => wrong,
            },
            Line::Broken(true) => "the file is cut short within this line; write it again",
            Line::Broken(false) | Line::Other(_) => "expected an object of JSON on a line of its own",
        };
        return Err(lines.malformed(wrong));
    }
    if audit.foreign.findings.is_empty() && !healthy && audit.foreign.problems.is_empty() {
        audit.problem(
            Cause::NoEvidence,
            "Yarn lists no advisory and does not say that there is none; have it write the report again.",
        );
    }
    if healthy && !audit.foreign.findings.is_empty() {
        audit
            .problem(Cause::Unreadable, "Yarn says that there is nothing and lists advisories; the report was edited.");
    }
    Ok((audit.finish(), lines.digest()))
}

/// Takes a line; true where it says that nothing was found.
fn one(line: &Node, audit: &mut Audit) -> Result<bool, &'static str> {
    if let Some(children) = line.get("children") {
        if children.entries().is_empty() {
            return Err("expected the advisory in `children`");
        }
        add(text(line, "value"), children, audit);
        return Ok(false);
    }
    let said = crate::text::line(text(line, "data"));
    match text(line, "type") {
        "info" => Ok(said.contains("No audit suggestions")),
        "error" => {
            audit.problem(Cause::Unfinished, format!("Yarn could not audit: {said}; run it again."));
            Ok(false)
        }
        "warning" => {
            audit.note(format!("Yarn warned: {said}"));
            Ok(false)
        }
        _ => Err("expected an advisory (`value`, `children`) or what Yarn says (`type`, `data`)"),
    }
}

fn add(package: &str, advisory: &Node, audit: &mut Audit) {
    let strings = |key: &str| -> Vec<String> {
        let items = advisory.get(key).map(Node::items).unwrap_or_default().iter();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let (id, address) = (word(advisory, "ID"), text(advisory, "URL"));
    let rule = match ghsa(address) {
        Some(id) => id,
        None if id.ends_with("(deprecation)") => "deprecated".to_owned(),
        None => format!("npm-{id}"),
    };
    let graded = audit.grade(text(advisory, "Severity"));
    let mut properties = vec![("dependents", values(&strings("Dependents")))];
    let affected = text(advisory, "Vulnerable Versions");
    if !affected.is_empty() {
        properties.push(("affected", Value::from(crate::text::name(affected))));
    }
    let hit = Hit {
        rule,
        title: text(advisory, "Issue").to_owned(),
        package: package.to_owned(),
        version: strings("Tree Versions").join(", "),
        address: Some(address.to_owned()),
        properties,
        ..Hit::default()
    };
    audit.push(hit, graded);
}
