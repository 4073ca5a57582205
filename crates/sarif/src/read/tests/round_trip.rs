//! What we write is read as what it was.

use proptest::prelude::*;
use tollgate_model::{Location, Report};

use super::*;
use crate::tests::samples::any_report;

fn again(report: &Report) -> Log {
    let mut bytes = Vec::new();
    crate::write(std::slice::from_ref(report), &mut bytes).unwrap();
    read_bytes(&bytes).unwrap()
}

/// The place as it is written: none for what is outside the repository.
fn written(root: &str, place: &Location) -> Option<Location> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in root.split('/').chain(place.path.split('/')) {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop()?,
            segment => segments.push(segment),
        }
    }
    // Columns of one line that stand the wrong way round are no columns.
    let path = segments.join("/");
    (!place.path.starts_with('/') && !path.is_empty()).then_some(Location { path, region: place.region })
}

fn plain(text: &str) -> bool {
    !text.contains('\\') && !text.chars().any(tollgate_input::is_hidden)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_report_comes_back(report in any_report()) {
        let log = again(&report);
        prop_assert_eq!(log.foreign.findings.len(), report.findings.len());
        prop_assert_eq!(log.runs[0].results, report.findings.len() as u64);
        let (root, mut prints) = (&report.subject.root, Vec::new());
        for (found, was) in log.foreign.findings.iter().zip(&report.findings) {
            prop_assert_eq!(&found.rule, &was.rule);
            prop_assert_eq!((found.level, found.confidence, found.severity, found.state), (was.level, was.confidence, was.severity, was.state));
            if !prints.contains(&&was.fingerprint) {
                prop_assert_eq!(&found.fingerprint, &was.fingerprint);
            }
            prints.push(&was.fingerprint);
            prop_assert_eq!(found.suppressed.is_some(), was.suppressed.is_some());
            if let (Some(found), Some(was)) = (&found.suppressed, &was.suppressed) {
                prop_assert_eq!(&found.expires, &was.expires);
            }
            let place = was.location.as_ref().and_then(|place| written(root, place));
            if place.as_ref().is_none_or(|place| plain(&place.path) && place.path == place.path.trim()) {
                prop_assert_eq!(&found.location, &place);
            } else {
                prop_assert_eq!(found.location.as_ref().and_then(|l| l.region), place.and_then(|l| l.region));
            }
        }
        let ids = |rules: &[tollgate_model::Rule]| {
            let mut ids: Vec<String> = rules.iter().map(|rule| rule.id.clone()).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        prop_assert_eq!(ids(&log.foreign.rules), ids(&report.rules));
        prop_assert_eq!(log.runs[0].successful, log.foreign.problems.iter().all(|p| !p.message.contains("end well")));
        prop_assert!(report.problems.is_empty() || !log.foreign.problems.is_empty());
    }
}
