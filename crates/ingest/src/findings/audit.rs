//! What readers of audits share: a report that grows finding by finding.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tollgate_model::format::things;
use tollgate_model::{
    Cause, Date, Fingerprinter, Foreign, Inputs, Level, Location, Problem, Severity, Suppression, ToolInfo,
};

use super::Grade;
use super::json::{finding, rule};

/// How many words, ids or names a note lists.
const SHOWN: usize = 5;

/// How many problems, and notes, a report may have: one beyond them says how many there are.
const MOST: usize = 200;

/// How loud and how bad.
pub(super) type Graded = (Level, Option<Severity>);

/// Of something whose severity nobody said: as loud as can be, for it may be anything.
pub(super) const UNGRADED: Graded = (Level::Error, None);

/// What mends it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Fix {
    /// The report does not say.
    #[default]
    Unsaid,
    /// Nothing yet.
    Never,
    /// Any of these versions.
    In(String),
    /// Something to do, in words.
    By(String),
}

/// Something that an audit found. Texts are as the report writes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Hit {
    /// The advisory's or rule's id.
    pub(super) rule: String,
    /// What it is about.
    pub(super) title: String,
    /// The package; empty where it is about none.
    pub(super) package: String,
    /// Its version; empty where the report does not say.
    pub(super) version: String,
    /// Where to read more.
    pub(super) address: Option<String>,
    pub(super) fix: Fix,
    pub(super) location: Option<Location>,
    /// What tells it apart from others of its rule in the same place, beside the package.
    pub(super) context: String,
    pub(super) suppressed: Option<String>,
    /// What else is kept.
    pub(super) properties: Vec<(&'static str, Value)>,
}

/// A report that grows.
#[derive(Debug)]
pub(super) struct Audit {
    pub(super) foreign: Foreign,
    grades: &'static [Grade],
    names: Fingerprinter,
    rules: BTreeSet<String>,
    /// Words for severities that the table lacks, with how many findings have them.
    strange: BTreeMap<String, u64>,
    database: Option<Date>,
    /// Problems and notes beyond the bound.
    beyond: (u64, u64),
}

impl Audit {
    /// A report by `tool`, whose numbers count what `definition` says and whose words for bad are those of `grades`.
    pub(super) fn new(tool: &str, definition: &str, grades: &'static [Grade]) -> Self {
        let tools = vec![ToolInfo { name: tool.to_owned(), version: String::new() }];
        let foreign = Foreign { tools, definition: definition.to_owned(), ..Foreign::default() };
        Self {
            foreign,
            grades,
            names: Fingerprinter::default(),
            rules: BTreeSet::new(),
            strange: BTreeMap::new(),
            database: None,
            beyond: (0, 0),
        }
    }

    /// What the word stands for; one that the table lacks is as loud as can be, and noted.
    pub(super) fn grade(&mut self, word: &str) -> Graded {
        match Grade::of(self.grades, word) {
            Some(grade) => (grade.level, grade.severity),
            None => {
                *self.strange.entry(crate::text::name(word)).or_default() += 1;
                UNGRADED
            }
        }
    }

    /// Adds a finding, and its rule where it is the first of it.
    pub(super) fn push(&mut self, hit: Hit, graded: Graded) {
        let id = non_empty(&hit.rule, "unnamed");
        let title = non_empty(&hit.title, &id);
        let (package, version) = (crate::text::name(&hit.package), crate::text::name(&hit.version));
        let address = hit.address.as_deref().map(crate::text::name).filter(|address| address.starts_with("https://"));
        if self.rules.insert(id.clone()) {
            self.foreign.rules.push(rule(&id, &title, graded.0, graded.1, address.clone()));
        }
        let subject = if version.is_empty() { package.clone() } else { format!("{package} {version}") };
        let mut message = if package.is_empty() { title } else { format!("{}: {title}", subject.trim()) };
        let fixed = match &hit.fix {
            Fix::Unsaid => None,
            Fix::Never => {
                message += " (no fixed version)";
                None
            }
            Fix::In(versions) => {
                let versions = crate::text::name(versions);
                message += &format!(" (fixed in {versions})");
                Some(versions)
            }
            Fix::By(deed) => {
                let deed = crate::text::name(deed);
                message += &format!(" (fixed by {deed})");
                Some(deed)
            }
        };
        let place = hit.location.as_ref().map_or("", |location| location.path.as_str());
        let fingerprint = self.names.next(&id, place, &format!("{package} {}", hit.context));
        let mut found = finding(&mut Fingerprinter::default(), &id, graded, message, hit.location);
        found.fingerprint = fingerprint;
        found.suppressed = hit.suppressed.map(|reason| Suppression {
            reason: non_empty(&reason, "no reason is given"),
            owner: None,
            expires: None,
        });
        let said = [("package", Some(package)), ("version", Some(version)), ("fixed", fixed), ("advisory", address)];
        let said =
            said.into_iter().filter_map(|(name, text)| Some((name, Value::from(text.filter(|t| !t.is_empty())?))));
        found.properties = said.chain(hit.properties).map(|(name, value)| (name.to_owned(), value)).collect();
        self.foreign.findings.push(found);
    }

    /// Something kept the tool from seeing all.
    pub(super) fn problem(&mut self, cause: Cause, message: impl Into<String>) {
        if self.foreign.problems.len() < MOST {
            self.foreign.problems.push(Problem::new(cause, message));
        } else {
            self.beyond.0 += 1;
        }
    }

    /// Something that a reader of the numbers must know.
    pub(super) fn note(&mut self, message: impl Into<String>) {
        if self.foreign.notes.len() < MOST {
            self.foreign.notes.push(message.into());
        } else {
            self.beyond.1 += 1;
        }
    }

    /// How many of these the tool looked at. None looked at is no evidence.
    pub(super) fn inputs(&mut self, count: u64, noun: &str) {
        if count == 0 {
            let message = format!("The audit looked at no {noun}; run it where the lock file lies.");
            self.problem(Cause::NoEvidence, message);
        }
        self.foreign.inputs = Some(Inputs::new(count, noun));
    }

    /// Sees that the report lists as many as it declares in `place`.
    pub(super) fn compare(&mut self, place: &str, declared: Option<u64>, listed: u64) {
        if let Some(declared) = declared.filter(|declared| *declared != listed) {
            self.disagree(place, declared, &listed.to_string());
        }
    }

    /// The problem that the report declares another number in `place` than it lists.
    pub(super) fn disagree(&mut self, place: &str, declared: u64, listed: &str) {
        let message = format!(
            "The report declares {declared} in `{place}` and lists {listed}: it was edited, filtered or cut; have the tool \
             write it again."
        );
        self.problem(Cause::Unreadable, message);
    }

    /// The day the database of advisories was made, out of a time as the report writes it.
    pub(super) fn database(&mut self, time: &str) {
        self.database = super::json::day(time);
        match self.database {
            Some(day) => self.note(format!("The database of advisories is of {day}.")),
            None => {
                self.note("The report does not say in a form that is understood how old the database of advisories is.")
            }
        }
    }

    /// What has grown.
    pub(super) fn finish(mut self) -> Foreign {
        for (word, count) in std::mem::take(&mut self.strange) {
            let findings = things(count, "finding");
            self.note(match word.as_str() {
                "" => format!("{findings}: the report gives no severity; shown as error, without a severity."),
                word => format!("{findings}: the severity `{word}` is not known; shown as error, without a severity."),
            });
        }
        let (problems, notes) = self.beyond;
        if problems > 0 {
            let message = format!("There are {} beyond these.", things(problems, "problem"));
            self.foreign.problems.push(Problem::new(Cause::Unreadable, message));
        }
        if notes > 0 {
            self.foreign.notes.push(format!("There are {} beyond these.", things(notes, "note")));
        }
        if let Some(day) = self.database {
            for finding in &mut self.foreign.findings {
                finding.properties.insert("database".to_owned(), Value::from(day.to_string()));
            }
        }
        self.foreign
    }
}

/// `text` as one line, or `other` where nothing is left of it.
pub(super) fn non_empty(text: &str, other: &str) -> String {
    let text = crate::text::name(text);
    if text.is_empty() { crate::text::name(other) } else { text }
}

/// The id of GitHub's advisory that `address` leads to.
pub(super) fn ghsa(address: &str) -> Option<String> {
    let id = address.rsplit('/').next()?.split(['?', '#']).next()?;
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (id.len() == 19 && plain && id.get(..5)?.eq_ignore_ascii_case("ghsa-"))
        .then(|| format!("GHSA-{}", id.get(5..).unwrap_or_default().to_ascii_lowercase()))
}

/// The first of `all`, and how many there are beside them.
pub(super) fn some_of(all: &[String]) -> String {
    let mut text = all.iter().take(SHOWN).map(|one| crate::text::name(one)).collect::<Vec<_>>().join(", ");
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &format!(" and {more} more");
    }
    text
}

/// Texts as a list of JSON, at most the first 20.
pub(super) fn values(all: &[String]) -> Value {
    all.iter().take(20).map(|text| Value::from(crate::text::name(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_advisories_are_found_in_addresses() {
        for (address, expected) in [
            ("https://github.com/advisories/GHSA-xvch-5gv4-984h", Some("GHSA-xvch-5gv4-984h")),
            ("https://github.com/advisories/ghsa-XVCH-5gv4-984h?x#y", Some("GHSA-xvch-5gv4-984h")),
            ("https://github.com/advisories/GHSA-xvch-5gv4", None),
            ("https://npmjs.com/advisories/755", None),
            ("https://github.com/advisories/GHSA-xvch-5gv4-98\u{1b}h", None),
            ("GHSA-éééé-5gv4-9", None),
            ("", None),
        ] {
            assert_eq!(ghsa(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn long_lists_are_cut_and_the_rest_is_counted() {
        let all: Vec<String> = (0..7).map(|number| number.to_string()).collect();
        assert_eq!(some_of(&all), "0, 1, 2, 3, 4 and 2 more");
        assert_eq!(some_of(&all[..5]), "0, 1, 2, 3, 4");
        assert_eq!(some_of(&[]), "");
    }

    #[test]
    fn fingerprints_outlive_versions_and_fixes() {
        let print = |version: &str, fix: Fix, place: &str| {
            let mut audit = Audit::new("t", "d", &[]);
            let location = Some(Location::file(place));
            let hit = Hit {
                rule: "r".to_owned(),
                package: "p".to_owned(),
                version: version.to_owned(),
                fix,
                location,
                ..Hit::default()
            };
            audit.push(hit, UNGRADED);
            audit.finish().findings.remove(0).fingerprint
        };
        let first = print("1", Fix::Never, "a.lock");
        assert_eq!(first, print("2", Fix::In("3".to_owned()), "a.lock"));
        assert_ne!(first, print("1", Fix::Never, "b.lock"));
    }
}
