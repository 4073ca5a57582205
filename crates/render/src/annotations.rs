//! GitHub workflow commands: lines on stdout that the host shows beside the code.

use tollgate_model::{Finding, Level, Report, Run, State, Verdict, format};

use crate::layout::clip;
use crate::{escape, words};

/// The host keeps 10 errors and 10 warnings a step and drops the rest without a word.
const KEPT: usize = 10;
/// Longest message.
const MESSAGE: usize = 2_000;

/// One annotation before it is written.
struct Note {
    error: bool,
    /// Properties, escaped.
    place: String,
    title: String,
    message: String,
}

/// Workflow commands for the run: one per gate that fails, is unknown or warns, then problems that none of those tells,
/// then findings of level error and warning, new ones first. At most 10 errors and 10 warnings; how many more there are is said in one notice.
pub fn annotations(run: &Run) -> String {
    annotations_within(run, KEPT, KEPT)
}

/// The same in at most so many errors and warnings, where a step has others of its own.
pub fn annotations_within(run: &Run, most_errors: usize, most_warnings: usize) -> String {
    let mut lines = String::new();
    let (mut errors, mut warnings, mut more) = (0, 0, 0u64);
    for note in gates(run).chain(problems(run)).chain(findings(run)) {
        let (kept, most) = if note.error { (&mut errors, most_errors) } else { (&mut warnings, most_warnings) };
        if *kept >= most.min(KEPT) {
            more += 1;
            continue;
        }
        *kept += 1;
        let command = if note.error { "error" } else { "warning" };
        let title = escape::command_property(&clip(&note.title, 200));
        let message = escape::command_message(&clip(&note.message, MESSAGE));
        lines.push_str(&format!("::{command} {}title={title}::{message}\n", note.place));
    }
    if more > 0 {
        let text = format!("{} not shown here; the summary and run.json have all.", format::things(more, "more item"));
        lines.push_str(&format!("::notice title=tollgate::{}\n", escape::command_message(&text)));
    }
    lines
}

fn gates(run: &Run) -> impl Iterator<Item = Note> {
    let open = run.decision.gates.iter().filter(|gate| gate.judged && gate.verdict != Verdict::Pass);
    open.map(|gate| {
        let reasons: Vec<_> = words::open(gate).collect();
        let mut message: Vec<String> = reasons.iter().take(5).map(|reason| reason.text.clone()).collect();
        if reasons.len() > 5 {
            message.push(format!("… {}", format::things(reasons.len() as u64 - 5, "more condition")));
        }
        if let Some(next) = reasons.first().and_then(|reason| words::next(run, reason)) {
            message.push(format!("next: {next}"));
        }
        let place = reasons.first().and_then(|reason| reason.places.first());
        Note {
            error: gate.verdict != Verdict::Warn,
            place: place.and_then(|place| parse_place(&run.subject.root, place)).unwrap_or_default(),
            title: format!("{}: {}", gate.verdict, gate.name),
            message: message.join("\n"),
        }
    })
}

fn problems(run: &Run) -> impl Iterator<Item = Note> {
    let all = run.reports.iter().flat_map(|report| words::untold(run, report).map(move |problem| (report, problem)));
    all.map(|(report, problem)| Note {
        error: true,
        place: problem.path.as_deref().map_or(String::new(), |path| properties(&report.subject.root, path, None)),
        title: format!("unknown: {}", words::name(report)),
        message: words::problem(problem),
    })
}

fn findings(run: &Run) -> impl Iterator<Item = Note> {
    let all = run.reports.iter().flat_map(|report| report.findings.iter().map(move |finding| (report, finding)));
    let mut loud: Vec<(&Report, &Finding)> =
        all.filter(|(_, finding)| finding.counts() && finding.level > Level::Note).collect();
    let rank = |finding: &Finding| (finding.state != Some(State::Unchanged), finding.level, finding.severity);
    loud.sort_by_key(|(_, finding)| std::cmp::Reverse(rank(finding)));
    loud.into_iter().map(|(report, finding)| Note {
        error: finding.level == Level::Error,
        place: finding.location.as_ref().map_or(String::new(), |place| {
            let region = place.region.map(|region| (region.start_line, region.end_line));
            properties(&report.subject.root, &place.path, region)
        }),
        title: finding.rule.clone(),
        message: finding.message.clone(),
    })
}

/// `src/tank.ts`, `src/tank.ts:41` or `src/tank.ts:41-43`; other texts are no place.
fn parse_place(root: &str, place: &str) -> Option<String> {
    let Some((path, lines)) = place.rsplit_once(':') else {
        return (!place.contains(char::is_whitespace)).then(|| properties(root, place, None));
    };
    let (start, end) = lines.split_once('-').unwrap_or((lines, lines));
    Some(properties(root, path, Some((start.parse().ok()?, end.parse().ok()?))))
}

/// The properties of a place, with a comma at the end. The host knows files by their path from the repository's top.
fn properties(root: &str, path: &str, lines: Option<(u32, u32)>) -> String {
    let path = match root.trim_matches('/') {
        "" | "." => path.to_owned(),
        root => format!("{root}/{path}"),
    };
    let file = escape::command_property(&path);
    match lines {
        Some((start, end)) => format!("file={file},line={start},endLine={end},"),
        None => format!("file={file},"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_gate_that_holds_is_not_annotated() {
        let mut run = samples::pass();
        let finding = "::warning file=src/tank.ts,line=41,endLine=43,title=coverage/uncovered-lines::3 new lines are \
                       not covered.\n";
        assert_eq!(annotations(&run), finding);
        run.reports.clear();
        assert_eq!(annotations(&run), "");
    }

    #[test]
    fn gates_come_before_findings() {
        let mut run = samples::fail();
        run.subject.root = "apps/api".to_owned();
        assert_eq!(
            annotations(&run).lines().collect::<Vec<_>>(),
            [
                "::error file=apps/api/src/tank.ts,line=41,endLine=43,title=fail%3A Tests::coverage.patch is 75 %25 (6 of \
                 8): 1 line short of 80 %25%0Acoverage.lines is 79.97 %25 (7,997 of 10,000): 3 lines short of 80 \
                 %25%0Anext: cover 1 of these lines, then run `tollgate check Tests`",
                "::warning file=src/tank.ts,line=41,endLine=43,title=coverage/uncovered-lines::3 new lines are not covered.",
            ]
        );
    }

    #[test]
    fn places_are_read_where_they_are_places() {
        for (place, properties) in [
            ("a.ts:4-6", Some("file=a.ts,line=4,endLine=6,")),
            ("a,b.ts:4", Some("file=a%2Cb.ts,line=4,endLine=4,")),
            ("a.ts", Some("file=a.ts,")),
            ("the whole build", None),
            ("a.ts:x", None),
        ] {
            assert_eq!(parse_place(".", place).as_deref(), properties, "{place}");
        }
    }

    #[test]
    fn no_more_than_the_host_keeps() {
        let lines = annotations(samples::huge());
        let count = |start: &str| lines.lines().filter(|line| line.starts_with(start)).count();
        assert!(count("::error ") <= 10 && count("::warning ") <= 10);
        assert_eq!(count("::notice "), 1);
        assert_eq!(count("::error ") + count("::warning ") + 1, lines.lines().count());
        let fewer = annotations_within(samples::huge(), 9, 0);
        let count_of = |start: &str| fewer.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!((count_of("::error "), count_of("::warning "), count_of("::notice ")), (9, 0, 1));
        assert!(lines.ends_with(
            "::notice title=tollgate::50,080 more items not shown here; the summary and run.json have all.\n"
        ));
    }

    #[test]
    fn hostile_text_makes_no_command() {
        let run = samples::hostile();
        let lines = annotations(&run);
        assert!(!lines.contains('\u{1b}') && !lines.contains('\r'));
        for line in lines.lines() {
            assert!(line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice "));
            let properties = &line[2..line[2..].find("::").unwrap() + 2];
            assert!(properties.split_once(' ').unwrap().1.split(',').all(|property| property.contains('=')));
        }
        assert!(lines.lines().count() <= 21);
    }
}
