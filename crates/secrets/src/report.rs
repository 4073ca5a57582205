//! From what was seen to a report.

use std::collections::HashSet;

use serde_json::Value;
use tollgate_check::Context;
use tollgate_digest::{Key, canonical, is_guessable};
use tollgate_model::{
    Confidence, Finding, Fingerprint, Fingerprinter, Headline, Level, Location, Metric, MetricSpec, Report, Rule,
    Severity, State, Status, Unit,
};

use crate::catalogue::{self, RULES};
use crate::compat;
use crate::engine::detector::Look;
use crate::engine::set::Set;
use crate::gather::{Gathered, Secret, Seen, Values};
use crate::suppress::Entry;

/// What is reported beside findings.
pub(crate) const METRICS: &[MetricSpec] = &[
    MetricSpec::new("secrets.scanned", Unit::Count, "Texts that were searched: files, or versions of files"),
    MetricSpec::new("secrets.hidden", Unit::Count, "Files that exceptions keep from being searched"),
];

/// Most slow digests of one run; values beyond have none.
const MOST_DIGESTS: usize = 1_000;

/// What is needed to put what was seen into words.
pub(crate) struct Telling<'a, 'c> {
    pub(crate) ctx: &'a Context<'c>,
    pub(crate) set: &'a Set,
    pub(crate) key: &'a Key,
    pub(crate) entries: &'a [Entry],
    /// Rules that are not ours.
    pub(crate) own: &'a [Rule],
    /// What is known from elsewhere, in words.
    pub(crate) excused: &'a dyn Fn(&Secret) -> Option<String>,
    /// Values that the base has; none where there is no base.
    pub(crate) known: Option<&'a Values>,
    /// Values that were in no pushed commit; none where nobody looked.
    pub(crate) unpushed: &'a dyn Fn(&Secret) -> bool,
    /// Whether commits were looked at.
    pub(crate) of_commits: bool,
}

impl Telling<'_, '_> {
    /// Adds what was seen to `report`.
    pub(crate) fn tell(&self, report: &mut Report, gathered: &Gathered) {
        let secrets: Vec<&Secret> = gathered.secrets().collect();
        let digests = self.digests(&secrets);
        let mut used = vec![false; self.entries.len()];
        let unnamed =
            |(secret, digest): &(&&Secret, &Option<String>)| digest.is_none() && secret.confidence > Confidence::Low;
        let without = secrets.iter().zip(&digests).filter(unnamed).count();
        // Those without a digest are told apart by where they stand.
        let mut names = Fingerprinter::default();
        for (secret, digest) in secrets.iter().zip(&digests) {
            let rule = &self.set.detectors[secret.detector].rule;
            let by_place = || names.next(rule, &secret.places[0].path, "").0;
            let name = digest.clone().unwrap_or_else(by_place);
            let mut finding = self.finding(secret, &name);
            for (entry, used) in self.entries.iter().zip(&mut used).filter(|(entry, _)| entry.fingerprint == name) {
                *used = true;
                if entry.holds(self.ctx.today()) {
                    finding.suppressed = Some(entry.suppression());
                } else {
                    let last = entry.expires.as_ref().map(ToString::to_string).unwrap_or_default();
                    finding.message.push_str(&format!(" It was accepted until {last}, and counts again."));
                }
            }
            if finding.suppressed.is_none()
                && let Some(reason) = (self.excused)(secret)
            {
                finding.suppressed = Some(tollgate_model::Suppression { reason, owner: None, expires: None });
            }
            report.findings.push(finding);
        }
        for ((detector, path), commit) in &gathered.names {
            let rule = &self.set.detectors[*detector].rule;
            let message = format!("{path} is under version control.");
            let name = Fingerprinter::default().next(rule, path, "");
            let mut finding = Finding::of(&RULES, rule, message, Location::file(path), name);
            kind(&mut finding);
            if let Some(commit) = commit {
                finding.properties.insert("commit".to_owned(), Value::from(commit.id.clone()));
            }
            report.findings.push(finding);
        }
        if without > 0 {
            report.notes.push(format!(
                "{without} values have no digest, since more than {MOST_DIGESTS} were found that could be guessed"
            ));
        }
        if !secrets.is_empty() {
            report.notes.extend(self.key.remark.map(str::to_owned));
        }
        let unused =
            self.entries.iter().zip(&used).filter(|(entry, used)| !**used && entry.fingerprint.starts_with("s1:"));
        // What a part of the history holds says nothing about the rest.
        if !self.of_commits {
            report.notes.extend(unused.map(|(entry, _)| {
                format!(
                    "{}:{}: nothing has the digest {} any more; take the entry out",
                    crate::suppress::FILE,
                    entry.line,
                    entry.fingerprint
                )
            }));
        }
        if gathered.left_out > 0 {
            report.problems.push(tollgate_model::Problem::new(
                tollgate_model::Cause::Unfinished,
                format!(
                    "{} further values were left out, since there are too many; exclude generated files with `exclude`",
                    gathered.left_out
                ),
            ));
        }
        report.headline = Some(headline(report, gathered.texts));
        report.metrics.push(Metric::count("secrets.scanned", gathered.texts));
        report.metrics.push(Metric::count("secrets.hidden", gathered.hidden));
        report.problems.extend(gathered.problems.iter().cloned());
        report.notes.extend(gathered.notes.iter().cloned());
        report.status = if report.problems.is_empty() { Status::Complete } else { Status::Incomplete };
    }

    /// The digest of each value, by several threads; none for those beyond the bound.
    fn digests(&self, secrets: &[&Secret]) -> Vec<Option<String>> {
        let slow = (0..secrets.len()).filter(|at| is_guessable(&secrets[*at].value));
        // A slow digest of every made-up password in a test would cost more than the search.
        let low = self.wants_low();
        let unwanted = |at: &usize| secrets[*at].confidence == Confidence::Low && !low;
        let (unwanted, wanted): (Vec<usize>, Vec<usize>) = slow.partition(unwanted);
        let left_out: HashSet<usize> = wanted.iter().skip(MOST_DIGESTS).copied().chain(unwanted).collect();
        let jobs = self.ctx.jobs().min(secrets.len().max(1));
        let mut all: Vec<Option<String>> = vec![None; secrets.len()];
        std::thread::scope(|scope| {
            let share = |job: usize| {
                let ours = (job..secrets.len()).step_by(jobs).filter(|at| !left_out.contains(at));
                ours.map(|at| (at, self.key.digest(&secrets[at].value))).collect::<Vec<_>>()
            };
            let handles: Vec<_> = (1..jobs).map(|job| scope.spawn(move || share(job))).collect();
            let mut done = share(0);
            done.extend(handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()));
            for (at, digest) in done {
                all[at] = Some(digest);
            }
        });
        all
    }

    /// Whether findings of low confidence matter to anybody: a condition counts them, or somebody accepted one by its digest.
    fn wants_low(&self) -> bool {
        let counted = |target: &tollgate_model::Target| {
            target.metric == "secrets.findings" && target.labels.get("confidence").is_none_or(|wanted| wanted == "low")
        };
        self.ctx.targets().iter().any(counted) || self.entries.iter().any(|entry| entry.fingerprint.starts_with("s1:"))
    }

    fn finding(&self, secret: &Secret, name: &str) -> Finding {
        let detector = &self.set.detectors[secret.detector];
        let rule = catalogue::rule(&detector.rule);
        let first = &secret.places[0];
        let mut finding = Finding::of(
            &RULES,
            &detector.rule,
            self.message(secret, first),
            location(first),
            Fingerprint(name.to_owned()),
        );
        finding.confidence = secret.confidence;
        if rule.is_none() {
            finding.level = Level::Error;
            finding.severity = Some(Severity::High);
        }
        if secret.confidence == Confidence::Low {
            finding.level = finding.level.min(Level::Note);
        }
        finding.related = secret.places[1..].iter().map(location).collect();
        kind(&mut finding);
        let properties = &mut finding.properties;
        let mut property = |name: &str, value: Value| drop(properties.insert(name.to_owned(), value));
        if name.starts_with("s1:") {
            property("digest", Value::from(name));
            finding.message.push_str(&format!(" Digest {name}."));
        }
        property("places", Value::from(secret.count));
        if secret.verified {
            property("verified", Value::from("structure"));
        }
        if secret.encoded {
            property("encoded", Value::from(true));
        }
        if let Some(commit) = &first.commit {
            property("commit", Value::from(commit.id.clone()));
            property("date", Value::from(commit.author_date.clone()));
            property("author", Value::from(commit.author_name.clone()));
        }
        let key = canonical(&secret.value);
        finding.state =
            self.known.map(|known| if known.contains(key.as_ref()) { State::Unchanged } else { State::New });
        finding.discreet = finding.state != Some(State::New);
        finding
    }

    /// What it is, how much of it may be shown, where else it stands, what to do.
    fn message(&self, secret: &Secret, first: &Seen) -> String {
        let detector = &self.set.detectors[secret.detector];
        let own = || self.own.iter().find(|rule| rule.id == detector.rule);
        let title =
            catalogue::rule(&detector.rule).or_else(own).map_or(detector.rule.as_str(), |rule| rule.title.as_str());
        let mut text = format!(
            "{title}: {}",
            excerpt(&secret.value, matches!(detector.look, Look::Expression(..)) && !detector.generic)
        );
        if secret.encoded {
            text.push_str(", encoded");
        }
        match secret.count {
            0 | 1 => text.push('.'),
            2 => text.push_str(", and at one more place."),
            more => text.push_str(&format!(", and at {} more places.", more - 1)),
        }
        if secret.verified {
            text.push_str(" Its inner structure fits.");
        }
        if (self.unpushed)(secret) {
            text.push_str(" It has not left this machine: take it out of the commit and nothing needs to be revoked.");
        } else if let Some(commit) = first.commit.as_ref().filter(|_| !first.current) {
            let id = commit.id.get(..10).unwrap_or(&commit.id);
            text.push_str(&format!(" It is no longer in the tree, and stays in history since commit {id}: revoke it."));
        }
        text
    }
}

/// Most findings that the headline names.
const NAMED: usize = 5;

/// How many there are, and what the surest of them are.
fn headline(report: &Report, texts: u64) -> Headline {
    let all = || report.findings.iter().filter(|finding| finding.counts());
    let counted: Vec<&Finding> = all().filter(|finding| finding.rule != compat::RULE).collect();
    let settings = all().count() - counted.len();
    let many = |wanted: Confidence| counted.iter().filter(|finding| finding.confidence == wanted).count();
    let (high, medium, low) = (many(Confidence::High), many(Confidence::Medium), many(Confidence::Low));
    let searched = if texts == 1 { "1 text".to_owned() } else { format!("{texts} texts") };
    let text = match (high, medium, low) {
        (0, 0, 0) => format!("no secret in {searched}"),
        (0, 0, low) => format!("no secret in {searched}; {low} of low confidence"),
        (high, medium, low) => {
            let parts = [(high, "high"), (medium, "medium"), (low, "low")];
            let parts: Vec<String> =
                parts.iter().filter(|(many, _)| *many > 0).map(|(many, word)| format!("{many} of {word}")).collect();
            format!("{} confidence, in {searched}", parts.join(", "))
        }
    };
    let text = match settings {
        0 => text,
        1 => format!("{text}; 1 setting of gitleaks hides more than it says, or does nothing"),
        many => format!("{text}; {many} settings of gitleaks hide more than they say, or do nothing"),
    };
    let mut named: Vec<&&Finding> = counted.iter().filter(|finding| finding.confidence > Confidence::Low).collect();
    named.sort_by_key(|finding| {
        (std::cmp::Reverse(finding.confidence), std::cmp::Reverse(finding.severity), finding.location.clone())
    });
    let line = |finding: &&&Finding| {
        let place = finding.location.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{place}  {}", finding.message)
    };
    let mut details: Vec<String> = named.iter().take(NAMED).map(line).collect();
    if named.len() > NAMED {
        details.push(format!("and {} more: tollgate secrets -v", named.len() - NAMED));
    }
    let ours = named.iter().find(|finding| catalogue::rule(&finding.rule).is_some());
    details.extend(ours.map(|finding| format!("how to revoke it: tollgate explain {}", finding.rule)));
    Headline { text, details, news: named.iter().any(|finding| finding.state == Some(State::New)) }
}

/// Whose it is, for whoever filters.
fn kind(finding: &mut Finding) {
    let Some(detect) = catalogue::detect(&finding.rule) else { return };
    finding.kind = Some(detect.kind.clone());
    finding.properties.insert("service".to_owned(), Value::from(detect.service.clone()));
}

fn location(seen: &Seen) -> Location {
    Location { path: seen.path.clone(), region: Some(seen.region) }
}

/// What may be shown of a value: of a form of its own its first four characters, which are the form's; of others nothing.
fn excerpt(value: &[u8], formed: bool) -> String {
    let count = String::from_utf8_lossy(value).chars().count();
    let start: String = match value.get(..4) {
        Some(start) if formed && value.len() >= 16 && start.iter().all(u8::is_ascii_graphic) => {
            String::from_utf8_lossy(start).into_owned()
        }
        _ => String::new(),
    };
    format!("{start}… ({count} characters)")
}
