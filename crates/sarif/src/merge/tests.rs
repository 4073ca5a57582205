//! Merging by hand-made files and by random ones, with `serde_json` as the second opinion.

mod archive;
mod digests;
mod random;
mod upload;

use std::io::{Cursor, Read as _};

use flate2::Compression;
use flate2::read::GzEncoder;
use serde_json::Value;
use tollgate_input::{InputError, Source, Window};
use tollgate_model::Report;

use super::fuzz::Shared;
use super::{ForeignLog, Limits, Mark, MergeError};
use crate::oracle;

/// A file: what it is called, and its text.
type File = (String, Vec<u8>);

fn file(source: &str, text: impl Into<Vec<u8>>) -> File {
    (source.to_owned(), text.into())
}

/// Calls `merge` with the files as logs, all of them for upload.
fn with<'m, T>(files: &[File], mark: &dyn Fn(u64) -> Mark<'m>, merge: impl FnOnce(&[ForeignLog<'_>]) -> T) -> T {
    let opens: Vec<_> = files
        .iter()
        .map(|(source, text)| {
            move || -> Result<Window, InputError> {
                let path = format!("{source}.sarif");
                Window::new(Source::new(&path, Box::new(Cursor::new(text.clone())), u64::MAX), 1 << 20)
            }
        })
        .collect();
    merge(&logs(files, &opens, &|place| mark(place)))
}

fn logs<'s>(
    files: &'s [File],
    opens: &'s [impl Fn() -> Result<Window, InputError>],
    mark: &'s dyn Fn(u64) -> Mark<'s>,
) -> Vec<ForeignLog<'s>> {
    files
        .iter()
        .zip(opens)
        .map(|((source, _), open)| ForeignLog { source, open, mark, upload: true, digester: None })
        .collect()
}

fn none<'a>(_: u64) -> Mark<'a> {
    Mark::default()
}

/// The text of the archive, and what is said.
fn archived<'m>(
    reports: &[&Report],
    files: &[File],
    mark: &dyn Fn(u64) -> Mark<'m>,
) -> Result<(Vec<u8>, Vec<String>), MergeError> {
    let mut out = Vec::new();
    let said = with(files, mark, |logs| super::archive(reports, logs, &mut out))?;
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 1, "compact, one newline at the end");
    Ok((out, said))
}

/// The files for upload, each of which the host takes, and what is said.
fn uploaded<'m>(
    reports: &[&Report],
    files: &[File],
    mark: &dyn Fn(u64) -> Mark<'m>,
    limits: &Limits,
) -> Result<(Vec<Value>, Vec<String>), MergeError> {
    let mut made: Vec<Shared> = Vec::new();
    let said = with(files, mark, |logs| {
        super::upload(reports, logs, limits, &mut |number| {
            assert_eq!(number, made.len() + 1);
            made.push(Shared::default());
            Ok(Box::new(made[number - 1].clone()))
        })
    })?;
    let mut categories = std::collections::BTreeSet::new();
    let values = made.iter().map(|file| {
        let bytes = file.0.borrow();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(oracle::check(&value), Vec::<String>::new());
        assert_eq!(value.to_string() + "\n", String::from_utf8_lossy(&bytes), "minified");
        let runs = value["runs"].as_array().unwrap();
        assert!((1..=limits.runs).contains(&runs.len()));
        for run in runs {
            let pair = (run["tool"]["driver"]["name"].to_string(), run["automationDetails"]["id"].to_string());
            assert!(categories.insert(pair), "a category twice");
            assert!(run["results"].as_array().unwrap().len() <= limits.results);
            assert!(run["tool"]["driver"]["rules"].as_array().unwrap().len() <= limits.rules);
        }
        let mut packed = Vec::new();
        GzEncoder::new(bytes.as_slice(), Compression::new(6)).read_to_end(&mut packed).unwrap();
        assert!(packed.len() as u64 <= limits.bytes, "{} bytes", packed.len());
        value
    });
    Ok((values.collect(), said))
}
