//! Every format: what its dialects say, damage, and results made up and read back.

mod damage;
mod go;
mod javascript;
mod junit;
mod others;
mod property;

use std::io::Cursor;

use tollgate_input::{InputError, Source, Window};

use super::{Results, read};

/// Run, failed, skipped, flaky.
type Numbers = (u64, u64, u64, u64);

fn window(text: impl AsRef<[u8]>) -> Window {
    let bytes = text.as_ref().to_vec();
    Window::new(Source::new("r", Box::new(Cursor::new(bytes)), u64::MAX), 1 << 20).unwrap()
}

fn outcome(text: impl AsRef<[u8]>) -> Result<(Results, &'static str), InputError> {
    read(window(text)).map(|(results, format, _)| (results, format.name))
}

fn results(text: impl AsRef<[u8]>) -> Results {
    outcome(text).unwrap().0
}

fn numbers(results: &Results) -> Numbers {
    (results.run, results.failed, results.skipped, results.flaky)
}

/// Each case: what it shows, the report, its numbers, and words of its failures (name, file, message) and notes, in order.
fn check(format: &str, cases: &[(&str, &str, Numbers, &[&str])]) {
    for (about, text, expected, words) in cases {
        let (results, name) = outcome(text).unwrap_or_else(|error| panic!("{about}: {error}"));
        assert_eq!(name, format, "{about}");
        assert_eq!(numbers(&results), *expected, "{about}: {results:?}");
        let failure = |f: &super::Failure| {
            let place = f.file.as_ref().map(|file| format!(" ({file}:{})", f.line.unwrap_or_default()));
            format!("{}{}: {}", f.name, place.unwrap_or_default(), f.message)
        };
        let mut said: Vec<String> = results.failures.iter().map(failure).collect();
        said.extend(results.doubts.iter().chain(&results.notes).cloned());
        assert_eq!(said.len(), words.len(), "{about}: {said:#?}");
        for (said, word) in said.iter().zip(*words) {
            assert!(said.contains(word), "{about}: `{said}` lacks `{word}`");
        }
    }
}

#[test]
fn declared_failures_that_are_no_count_are_no_proof() {
    for (declared, failed) in
        [("0", 0), ("0.0", 0), ("", 0), ("5.0", 5), ("1e3", 1000), ("-3", 1), ("many", 1), ("NaN", 1)]
    {
        let text = format!("<testsuite name=\"a\" failures=\"{declared}\"><testcase name=\"x\"/></testsuite>");
        let source = tollgate_input::Source::new("r", Box::new(std::io::Cursor::new(text)), u64::MAX);
        let (results, ..) = super::read(tollgate_input::Window::new(source, 1 << 20).unwrap()).unwrap();
        assert_eq!(results.failed, failed, "{declared}");
    }
    let text = "<testsuite failures=\"99999999999999999999\"><testcase name=\"x\"/></testsuite>";
    let source = tollgate_input::Source::new("r", Box::new(std::io::Cursor::new(text)), u64::MAX);
    let (results, ..) = super::read(tollgate_input::Window::new(source, 1 << 20).unwrap()).unwrap();
    assert!(results.failed > 1_000_000);
}
