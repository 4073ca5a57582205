//! A door for fuzzing.

use std::io::Cursor;

use tollgate_input::{Digest, Source, Window};

use crate::results;

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
