//! A door for fuzzing.

use std::io::Cursor;

use tollgate_input::{Digest, Source, Window};

use crate::{findings, results};

/// Reads `bytes` as results of a test run and sees that the numbers agree with each other.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
    let Ok((results, _, digest)) = Window::new(source, 1 << 20).and_then(results::read) else { return };
    let not_passed = results.failed.saturating_add(results.flaky);
    assert!(not_passed <= results.run, "more failed or were flaky than ran: {results:?}");
    assert!(results.failures.len() as u64 <= results.failed, "more failures than failed tests: {results:?}");
    assert_eq!(digest, Digest::of(bytes), "the digest is that of the whole");
    for failure in &results.failures {
        let plain = |text: &str| !text.chars().any(char::is_control);
        assert!(plain(&failure.name) && plain(&failure.message), "a control character is passed on: {failure:?}");
    }
}

/// Reads `bytes` as what a linter, an audit or a scanner found and sees that what is passed on is fit to be shown.
#[doc(hidden)]
pub fn findings(bytes: &[u8]) {
    let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
    let Ok((foreign, _, digest)) = Window::new(source, 1 << 20).and_then(|window| findings::read(window, None)) else {
        return;
    };
    assert_eq!(digest, Digest::of(bytes), "the digest is that of the whole");
    let plain = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    for finding in &foreign.findings {
        assert!(plain(&finding.message) && plain(&finding.rule), "a control character is passed on: {finding:?}");
    }
    for text in foreign.notes.iter().chain(foreign.problems.iter().map(|problem| &problem.message)) {
        assert!(plain(text), "a control character is passed on: {text:?}");
    }
    for metric in &foreign.metrics {
        assert!(metric.value.is_finite(), "a metric has no value: {metric:?}");
    }
}
