//! What the numbers were at the base, and which findings are new.

use std::collections::BTreeMap;

use tollgate_model::{Finding, Fingerprint, Report, State, Status};

/// The reports of the base, for one checker.
#[derive(Clone, Debug)]
pub enum BaseReports<'a> {
    /// There are none yet, for this reason: conditions on the base warn.
    NotYet(String),
    /// There should be some and they cannot be had, for this reason: conditions on the base are unknown.
    Unknown(String),
    /// These.
    Known(&'a [Report]),
}

impl<'a> BaseReports<'a> {
    /// The reports of `checker` that measure the same way as `head` does.
    pub(crate) fn of(&self, checker: &str, head: &Report) -> Self {
        let all = match self {
            Self::Known(all) => *all,
            other => return other.clone(),
        };
        let Some(start) = all.iter().position(|r| r.checker == checker) else {
            return Self::NotYet(format!("the base has no report of {checker}"));
        };
        let end = start + all[start..].iter().take_while(|r| r.checker == checker).count();
        let ours = &all[start..end];
        if let Some(other) = ours.iter().find(|r| major(&r.tool.version) != major(&head.tool.version)) {
            let (old, new) = (&other.tool.version, &head.tool.version);
            return Self::NotYet(format!("the base was measured by {checker} {old}, this by {new}"));
        }
        let twin = ours.iter().find(|r| r.instance == head.instance);
        if let Some(other) = twin.filter(|r| r.definition != head.definition) {
            let (old, new) = (&other.definition, &head.definition);
            return Self::NotYet(format!("the base was measured with {old:?}, this with {new:?}"));
        }
        if ours.iter().all(|r| r.status == Status::Empty && r.problems.is_empty()) {
            return Self::NotYet(format!("at the base there was nothing for {checker} to look at"));
        }
        if let Some(other) = ours.iter().find(|r| r.status != Status::Complete || !r.problems.is_empty()) {
            let because = other.problems.first().map_or("it examined nothing", |p| &p.message);
            return Self::Unknown(format!("at the base, {checker} did not see everything: {because}"));
        }
        Self::Known(ours)
    }
}

/// The part of a version that tells whether numbers can be compared: the first, or the second while the first is 0.
fn major(version: &str) -> (&str, Option<&str>) {
    let mut parts = version.split('.');
    match parts.next() {
        Some("0") => ("0", parts.next()),
        first => (first.unwrap_or_default(), None),
    }
}

/// Says of each finding whether the base has it too and since when, and adds, as absent, those that only the base has.
///
/// One is known by its fingerprint; else where the base says the same by the same rule in the file that the change `renamed` to
/// its file (old names to new). A fingerprint that a foreign tool gave may change with the lines around; then the same said by the
/// same rule in the same file is enough. Each finding of the base is met by one at most.
///
/// Does nothing to reports whose base is not known. `base` must be sorted by checker.
pub fn mark_states<'a>(
    reports: &mut [Report],
    base: &dyn Fn(&str) -> BaseReports<'a>,
    renamed: &BTreeMap<String, String>,
) {
    for report in reports {
        let all = base(&report.checker);
        let BaseReports::Known(known) = all.of(&report.checker, report) else { continue };
        // An instance that the base does not have is new with all it found.
        let before = known.iter().find(|r| r.instance == report.instance);
        mark(&mut report.findings, before.map_or(&[], |r| &r.findings), renamed);
    }
}

fn mark(findings: &mut Vec<Finding>, before: &[Finding], renamed: &BTreeMap<String, String>) {
    let mut left: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in before.iter().filter(|f| f.state != Some(State::Absent)) {
        left.entry((&finding.rule, &finding.fingerprint)).or_default().push(finding);
    }
    let named = findings.iter().map(|finding| (&finding.rule, &finding.fingerprint));
    let known: Vec<Option<&Finding>> = named.map(|name| left.get_mut(&name).and_then(Vec::pop)).collect();
    let left: Vec<&Finding> = left.into_values().flatten().collect();
    findings.iter_mut().zip(known).for_each(|(finding, known)| meet(finding, known));
    let (mut alike, mut absent): (BTreeMap<Saying, Vec<&Finding>>, Vec<Finding>) = (BTreeMap::new(), Vec::new());
    for finding in left {
        let moved = finding.location.as_ref().is_some_and(|location| renamed.contains_key(&location.path));
        let foreign = finding.location.is_some() && !is_ours(&finding.fingerprint);
        match moved || foreign {
            true => alike.entry(saying(finding, renamed)).or_default().push(finding),
            false => absent.push(finding.clone()),
        }
    }
    if !alike.is_empty() {
        let unmoved = BTreeMap::new();
        for finding in findings.iter_mut().filter(|finding| finding.state == Some(State::New)) {
            let known = alike.get_mut(&saying(finding, &unmoved)).and_then(Vec::pop);
            meet(finding, known);
        }
    }
    absent.extend(alike.into_values().flatten().cloned());
    absent.sort_by(|a, b| (&a.location, &a.rule, &a.fingerprint).cmp(&(&b.location, &b.rule, &b.fingerprint)));
    findings.extend(absent.into_iter().map(|finding| Finding { state: Some(State::Absent), ..finding }));
}

/// Says of a finding whether the base has it, as `known` there, and since when.
fn meet(finding: &mut Finding, known: Option<&Finding>) {
    finding.state = Some(if known.is_some() { State::Unchanged } else { State::New });
    finding.first_seen = known.and_then(|known| known.first_seen);
}

/// Whether a fingerprint is made of what was found, so that another one is another finding.
fn is_ours(fingerprint: &Fingerprint) -> bool {
    ["v1:", "s1:"].iter().any(|form| fingerprint.as_str().starts_with(form))
}

/// A rule, a file, and what a finding of the one says of the other.
type Saying = (String, Option<String>, String);

/// What a finding says where, its file called by its new name.
fn saying(finding: &Finding, renamed: &BTreeMap<String, String>) -> Saying {
    let path = finding.location.as_ref().map(|location| location.path.as_str());
    let new = path.and_then(|path| renamed.get(path));
    let message = match (path, new) {
        (Some(path), Some(new)) => finding.message.replace(path, new),
        _ => finding.message.clone(),
    };
    (finding.rule.clone(), new.cloned().or_else(|| path.map(str::to_owned)), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_model::{Confidence, Fingerprinter, Level, Subject, Word};

    fn finding(text: &str) -> Finding {
        Finding {
            rule: "x/y".to_owned(),
            level: Level::Warning,
            severity: None,
            confidence: Confidence::High,
            message: text.to_owned(),
            location: None,
            kind: None,
            discreet: false,
            related: Vec::new(),
            fingerprint: Fingerprinter::default().next("x/y", "a", text),
            state: None,
            first_seen: None,
            suppressed: None,
            properties: BTreeMap::new(),
        }
    }

    fn report(version: &str, findings: Vec<Finding>) -> Report {
        let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
        Report { findings, status: Status::Complete, ..Report::new("x", version, subject) }
    }

    #[test]
    fn findings_are_new_known_or_gone() {
        let before = [report("1.0.0", vec![finding("old"), finding("gone")])];
        let mut now = [report("1.2.0", vec![finding("old"), finding("fresh")])];
        mark_states(&mut now, &|_| BaseReports::Known(&before), &BTreeMap::new());
        let mut states: Vec<_> = now[0].findings.iter().map(|f| (f.message.as_str(), f.state.unwrap())).collect();
        states.sort();
        assert_eq!(states, [("fresh", State::New), ("gone", State::Absent), ("old", State::Unchanged)]);
    }

    #[test]
    fn what_moved_is_known_and_met_once() {
        let at = |path: &str, line: u32, name: &str| Finding {
            message: format!("{path} is long"),
            location: Some(tollgate_model::Location::lines(path, line, line)),
            fingerprint: Fingerprinter::default().next("x/y", path, name),
            ..finding("")
        };
        let renamed = BTreeMap::from([("old/a.ts".to_owned(), "new/a.ts".to_owned())]);
        let foreign =
            |line: u32, name: &str| Finding { fingerprint: Fingerprint(name.to_owned()), ..at("b.ts", line, "") };
        let before = [report("1.0.0", vec![at("old/a.ts", 3, "a"), foreign(1, "b"), at("c.ts", 1, "c")])];
        // The first moved with its file, the second is told by another name, the third came twice.
        let found = vec![at("new/a.ts", 9, "z"), foreign(8, "y"), at("c.ts", 1, "c"), at("c.ts", 7, "x")];
        let mut now = [report("1.0.0", found)];
        mark_states(&mut now, &|_| BaseReports::Known(&before), &renamed);
        let states: Vec<State> = now[0].findings.iter().map(|f| f.state.unwrap()).collect();
        assert_eq!(states, [State::Unchanged, State::Unchanged, State::Unchanged, State::New]);
        let mut now = [report("1.0.0", vec![at("new/a.ts", 9, "z")])];
        mark_states(&mut now, &|_| BaseReports::Known(&before), &BTreeMap::new());
        let states: Vec<State> = now[0].findings.iter().map(|f| f.state.unwrap()).collect();
        assert_eq!(states, [State::New, State::Absent, State::Absent, State::Absent]);
    }

    #[test]
    fn without_a_base_nothing_is_new() {
        let mut now = [report("1.0.0", vec![finding("a")])];
        mark_states(&mut now, &|_| BaseReports::NotYet("first run".to_owned()), &BTreeMap::new());
        assert_eq!(now[0].findings[0].state, None);
    }

    #[test]
    fn another_way_of_measuring_is_no_base() {
        for (old, new, comparable) in
            [("1.0.0", "1.9.0", true), ("1.0.0", "2.0.0", false), ("0.1.0", "0.1.9", true), ("0.1.0", "0.2.0", false)]
        {
            let before = [report(old, vec![])];
            let base = BaseReports::Known(&before);
            let known = matches!(base.of("x", &report(new, vec![])), BaseReports::Known(_));
            assert_eq!(known, comparable, "{old} and {new}");
        }
    }

    #[test]
    fn a_new_instance_is_new_with_all_it_found() {
        let before = [Report { instance: Some("one".to_owned()), ..report("1.0.0", vec![finding("a")]) }];
        let mut now = [Report { instance: Some("two".to_owned()), ..report("1.0.0", vec![finding("a")]) }];
        mark_states(&mut now, &|_| BaseReports::Known(&before), &BTreeMap::new());
        assert_eq!(now[0].findings[0].state, Some(State::New));
    }

    #[test]
    fn a_base_that_saw_less_is_unknown_and_one_that_counted_otherwise_is_none() {
        let head = report("1.0.0", vec![]);
        let of = |before: Report| match BaseReports::Known(&[before]).of("x", &head) {
            BaseReports::Known(_) => "known",
            BaseReports::NotYet(_) => "not yet",
            BaseReports::Unknown(_) => "unknown",
        };
        let problem = tollgate_model::Problem::new(tollgate_model::Cause::Missing, "gone");
        assert_eq!(of(report("1.0.0", vec![])), "known");
        assert_eq!(of(Report { status: Status::Incomplete, ..report("1.0.0", vec![]) }), "unknown");
        let troubled = Report { status: Status::Empty, problems: vec![problem], ..report("1.0.0", vec![]) };
        assert_eq!(of(troubled), "unknown");
        assert_eq!(of(Report { status: Status::Empty, ..report("1.0.0", vec![]) }), "not yet");
        assert_eq!(of(Report { definition: "gzip".to_owned(), ..report("1.0.0", vec![]) }), "not yet");
    }
}
