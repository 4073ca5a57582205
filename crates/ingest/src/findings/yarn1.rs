//! The lines of `yarn audit --json` of Yarn 1: an object with `type` and `data` each.
//!
//! `auditAdvisory` comes once for every way that leads to a package: an advisory and version of a package are one finding,
//! however many ways there are. The last line is an `auditSummary`, whose numbers count ways; without it Yarn did not come
//! to its end. `error` tells that it could not look.

use std::collections::HashMap;

use tollgate_input::{Digest, InputError, Node, Window};
use tollgate_model::{Cause, Foreign};

use super::audit::Audit;
use super::npm::{Advisory, GRADES, HOW_ADVISORIES_COUNT, Metadata, compare};
use super::{Format, sniff::Sniff};
use crate::results::lines::{Line, Lines, count, text};

pub(super) const FORMAT: Format = Format {
    id: "yarn-audit",
    name: "yarn audit",
    writers: "`yarn audit --json` of Yarn 1",
    about: "A finding is an advisory, however many ways lead to the package. Lines that end before the summary, and lines \
            that tell of an error, make the source incomplete; so does `--level`, which leaves out what the summary counts.",
    grades: GRADES,
    metrics: &[],
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    sniff.is_only(&["type", "data"]) && sniff.has_keys(&["type", "data"])
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut lines = Lines::new(window);
    let mut audit = Audit::new("yarn", HOW_ADVISORIES_COUNT, GRADES);
    let mut state = State::default();
    while let Some(line) = lines.next()? {
        let wrong = match line {
            Line::Object(node) => match state.line(&node, &mut audit) {
                Ok(()) => continue,
                Err(wrong) => wrong,
            },
            Line::Broken(true) => "the file is cut short within this line; write it again",
            Line::Broken(false) | Line::Other(_) => "expected an object of JSON on a line of its own",
        };
        return Err(lines.malformed(wrong));
    }
    state.finish(&mut audit);
    Ok((audit.finish(), lines.digest()))
}

#[derive(Default)]
struct State {
    advisories: Vec<Advisory>,
    /// Where among them an advisory and package stands.
    places: HashMap<(String, String), usize>,
    summary: Option<Metadata>,
}

impl State {
    fn line(&mut self, line: &Node, audit: &mut Audit) -> Result<(), &'static str> {
        let data = line.get("data");
        match text(line, "type") {
            "auditAdvisory" => {
                let advisory = data.and_then(|data| data.get("advisory")).filter(|node| !node.entries().is_empty());
                self.add(advisory.ok_or("expected an advisory in `data`")?);
            }
            "auditSummary" => {
                let data = data.filter(|node| !node.entries().is_empty()).ok_or("expected numbers in `data`")?;
                let mut summary = Metadata { packages: count(data, "totalDependencies"), ..Metadata::default() };
                for pair in data.get("vulnerabilities").map(Node::entries).unwrap_or_default() {
                    let word = pair.key.as_str().unwrap_or_default();
                    if let Some(number) = pair.value.as_number().and_then(|number| number.as_u64()) {
                        summary.vulnerabilities.insert(word.to_owned(), number);
                    }
                }
                self.summary = Some(summary);
            }
            "error" => {
                let said = crate::text::line(data.and_then(Node::as_str).unwrap_or("no reason is given"));
                audit.problem(Cause::Unfinished, format!("Yarn could not audit: {said}; run it again."));
            }
            "" => return Err("expected a `type` with a name"),
            // What Yarn tells of its work.
            "info" | "step" | "activityStart" | "activityTick" | "activityEnd" | "progressStart" | "progressTick"
            | "progressFinish" | "activitySetStart" | "activitySetTick" | "activitySetEnd" | "success" | "verbose" => {}
            "warning" => {
                let said = crate::text::line(data.and_then(Node::as_str).unwrap_or_default());
                audit.note(format!("Yarn warned: {said}"));
            }
            other => {
                let other = crate::text::name(other);
                audit.problem(Cause::Unreadable, format!("A line of the type `{other}` is not understood."));
            }
        }
        Ok(())
    }

    fn add(&mut self, node: &Node) {
        let id = word(node, "id");
        let package = text(node, "module_name").to_owned();
        if let Some(known) = self.places.get(&(id.clone(), package.clone())) {
            if let Some(advisory) = self.advisories.get_mut(*known) {
                advisory.paths += 1;
            }
            return;
        }
        self.places.insert((id.clone(), package.clone()), self.advisories.len());
        let own = |key: &str| text(node, key).to_owned();
        let strings = |list: Option<&Node>, key: Option<&str>| -> Vec<String> {
            let items = list.map(Node::items).unwrap_or_default().iter();
            items.filter_map(|item| key.map_or(Some(item), |key| item.get(key))?.as_str().map(str::to_owned)).collect()
        };
        self.advisories.push(Advisory {
            id,
            github: own("github_advisory_id"),
            title: own("title"),
            package,
            severity: own("severity"),
            address: own("url"),
            patched: own("patched_versions"),
            affected: own("vulnerable_versions"),
            cves: strings(node.get("cves"), None),
            versions: strings(node.get("findings"), Some("version")),
            paths: 1,
        });
    }

    fn finish(self, audit: &mut Audit) {
        match &self.summary {
            Some(summary) => {
                summary.tell(audit);
                compare(&self.advisories, summary, "auditSummary", audit);
            }
            None => audit.problem(
                Cause::Unfinished,
                "The lines end before Yarn's summary: the audit did not come to its end; run it again.",
            ),
        }
        for advisory in self.advisories {
            let graded = audit.grade(&advisory.severity);
            audit.push(advisory.hit(), graded);
        }
    }
}

/// The string or number that `node` has at `key`, as text.
pub(super) fn word(node: &Node, key: &str) -> String {
    let Some(value) = node.get(key) else { return String::new() };
    let number = value.as_number().map(|number| number.text().to_owned());
    crate::text::name(&number.or_else(|| value.as_str().map(str::to_owned)).unwrap_or_default())
}
