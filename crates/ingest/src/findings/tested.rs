//! Results of tests as a source like any other.

use tollgate_model::format::{count, things};
use tollgate_model::{
    Cause, Fingerprinter, Foreign, Inputs, Level, Location, Metric, MetricSpec, Problem, Region, ToolInfo, Unit,
};

use super::json::{finding, path, rule};
use crate::results::Results;

/// The numbers of [`of_results`].
pub const TESTED: &[MetricSpec] = &[
    MetricSpec::new("run", Unit::Count, "Tests that ran.").counting("test"),
    MetricSpec::new("failed", Unit::Count, "Tests that failed in the end.").counting("test"),
    MetricSpec::new("skipped", Unit::Count, "Tests that did not run.").counting("test"),
    MetricSpec::new("flaky", Unit::Count, "Tests that passed only after they had failed.").counting("test"),
];

/// The rule of a test that failed.
const FAILED: &str = "test-failed";

/// `results`, read from a report in the format of this name, as findings and numbers: a finding of `test-failed` for
/// each failure that is named. A run of no test is no evidence.
pub fn of_results(results: &Results, format: &str) -> Foreign {
    let mut foreign = Foreign {
        tools: vec![ToolInfo { name: format.to_owned(), version: String::new() }],
        inputs: Some(Inputs::new(results.run, "test")),
        notes: results.notes.clone(),
        ..Foreign::default()
    };
    let numbers =
        [("run", results.run), ("failed", results.failed), ("skipped", results.skipped), ("flaky", results.flaky)];
    foreign.metrics = numbers.into_iter().map(|(name, value)| Metric::count(name, value)).collect();
    if results.run == 0 {
        let skipped =
            if results.skipped > 0 { format!(" ({} skipped)", count(results.skipped)) } else { String::new() };
        let what = format!("no test ran{skipped}; see which tests were asked for");
        foreign.problems.push(Problem::new(Cause::NoEvidence, what));
    }
    foreign.problems.extend(results.doubts.iter().map(|doubt| Problem::new(Cause::Unreadable, doubt.clone())));
    let mut names = Fingerprinter::default();
    for failure in &results.failures {
        let message = match failure.message.as_str() {
            "" => failure.name.clone(),
            message => format!("{}: {message}", failure.name),
        };
        let location = failure.file.as_ref().map(|file| Location {
            path: path(file),
            region: failure.line.filter(|line| *line > 0).map(|line| Region::lines(line, line)),
        });
        let place = location.as_ref().map_or("", |location| &location.path);
        // What a test says when it fails differs from run to run; its name does not.
        let fingerprint = names.next(FAILED, place, &failure.name);
        let mut found = finding(&mut Fingerprinter::default(), FAILED, (Level::Error, None), message, location);
        found.fingerprint = fingerprint;
        foreign.findings.push(found);
    }
    if results.unnamed() > 0 {
        foreign.notes.push(format!("{} more that the report does not name", things(results.unnamed(), "failure")));
    }
    foreign.rules.push(rule(FAILED, "A test failed", Level::Error, None, None));
    foreign
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Cause, Level};

    use super::{TESTED, of_results};
    use crate::results::{Failure, Results};

    fn results() -> Results {
        let failure = |name: &str, file: Option<&str>, line, message: &str| Failure {
            name: name.to_owned(),
            file: file.map(str::to_owned),
            line,
            message: message.to_owned(),
        };
        let failures = vec![
            failure("tank > fills", Some("C:\\w\\tank.test.ts"), Some(7), "expected 1 to be 2"),
            failure("tank > empties", Some("tank.test.ts"), None, ""),
            failure("pump", None, Some(3), "timed out"),
        ];
        Results {
            run: 40,
            failed: 5,
            skipped: 2,
            flaky: 1,
            failures,
            notes: vec!["a note".to_owned()],
            ..Results::default()
        }
    }

    #[test]
    fn failures_are_findings_and_counts_are_metrics() {
        let foreign = of_results(&results(), "JUnit XML");
        let found: Vec<_> = foreign
            .findings
            .iter()
            .map(|f| (f.message.as_str(), f.location.as_ref().map(ToString::to_string).unwrap_or_default()))
            .collect();
        let expected = [
            ("tank > fills: expected 1 to be 2", "C:/w/tank.test.ts:7".to_owned()),
            ("tank > empties", "tank.test.ts".to_owned()),
            ("pump: timed out", String::new()),
        ];
        assert_eq!(found, expected);
        assert!(foreign.findings.iter().all(|f| f.rule == "test-failed" && f.level == Level::Error));
        let numbers: Vec<_> = foreign.metrics.iter().map(|metric| (metric.name.as_str(), metric.value)).collect();
        assert_eq!(numbers, [("run", 40.0), ("failed", 5.0), ("skipped", 2.0), ("flaky", 1.0)]);
        assert!(numbers.iter().map(|(name, _)| *name).eq(TESTED.iter().map(|spec| spec.name)));
        assert_eq!((foreign.inputs.clone().unwrap().count, foreign.problems.len()), (40, 0));
        assert_eq!(foreign.notes, ["a note", "2 failures more that the report does not name"]);
        assert_eq!(foreign.tools[0].name, "JUnit XML");

        let mut other = results();
        other.failures[0].message = "expected 3 to be 2".to_owned();
        assert_eq!(of_results(&other, "JUnit XML").findings[0].fingerprint, foreign.findings[0].fingerprint);
    }

    #[test]
    fn a_run_of_no_test_is_no_evidence() {
        let all_passed = Results { run: 1, ..Results::default() };
        assert_eq!(of_results(&all_passed, "Jest").problems, []);
        let foreign = of_results(&Results { skipped: 3, ..Results::default() }, "Jest");
        assert_eq!(foreign.problems[0].cause, Cause::NoEvidence);
        assert!(foreign.problems[0].message.contains("(3 skipped)"), "{:?}", foreign.problems);
    }
}
