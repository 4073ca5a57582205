//! Cobertura XML (the project's `coverage-04.dtd`): one package per folder, one class per file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::listed;
use crate::file_coverage::{Counts, FileCoverage};
use crate::tally::File;

/// The files as a report. It is dated 1970, so that the same files give the same bytes.
pub(super) fn write(files: &[File]) -> String {
    let mut packages: BTreeMap<&str, Vec<(&str, &FileCoverage)>> = BTreeMap::new();
    for (path, coverage) in listed(files) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        packages.entry(folder).or_default().push((path, coverage));
    }
    let all: Vec<_> = packages.values().flatten().copied().collect();
    let (lines, branches) = sums(&all);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "<coverage {} lines-covered=\"{}\" lines-valid=\"{}\" branches-covered=\"{}\" branches-valid=\"{}\" \
         complexity=\"0\" version=\"tollgate\" timestamp=\"0\">",
        rates(lines, branches),
        lines.0,
        lines.1,
        branches.0,
        branches.1
    );
    text.push_str("  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n");
    for (folder, files) in &packages {
        let (lines, branches) = sums(files);
        let name = escaped(&folder.replace('/', "."));
        let _ = writeln!(text, "    <package name=\"{name}\" {} complexity=\"0\">", rates(lines, branches));
        text.push_str("      <classes>\n");
        for (path, coverage) in files {
            class(&mut text, path, coverage);
        }
        text.push_str("      </classes>\n    </package>\n");
    }
    text.push_str("  </packages>\n</coverage>\n");
    text
}

fn class(text: &mut String, path: &str, coverage: &FileCoverage) {
    let name = escaped(path.rsplit('/').next().unwrap_or(path));
    let rates = rates(coverage.lines.counts(), branch_counts(coverage));
    let filename = escaped(path);
    let _ = writeln!(text, "        <class name=\"{name}\" filename=\"{filename}\" {rates} complexity=\"0\">");
    text.push_str("          <methods/>\n          <lines>\n");
    for (line, hit, branches) in rows(coverage) {
        let hits = u8::from(hit);
        let _ = match branches {
            Some((taken, all)) => writeln!(
                text,
                "            <line number=\"{line}\" hits=\"{hits}\" branch=\"true\" condition-coverage=\"{}% \
                 ({taken}/{all})\"/>",
                u64::from(taken) * 100 / u64::from(all.max(1))
            ),
            None => writeln!(text, "            <line number=\"{line}\" hits=\"{hits}\" branch=\"false\"/>"),
        };
    }
    text.push_str("          </lines>\n        </class>\n");
}

/// What is written: each coverable line, whether it was hit, and how many of its branches were taken, of how many.
/// Branches of other lines have no place in this format, so they are in no total either.
fn rows(coverage: &FileCoverage) -> impl Iterator<Item = (u32, bool, Option<(u32, u32)>)> + '_ {
    let mut branches = coverage.branches.lines().peekable();
    coverage.lines.iter_within(0, u32::MAX).map(move |(line, hit)| {
        while branches.next_if(|(at, ..)| *at < line).is_some() {}
        (line, hit, branches.next_if(|(at, ..)| *at == line).map(|(_, taken, all)| (taken, all)))
    })
}

/// Branches that are written: taken ones, and all.
fn branch_counts(coverage: &FileCoverage) -> Counts {
    let written = rows(coverage).filter_map(|(.., branches)| branches);
    written.fold((0, 0), |(hit, all), (taken, more)| (hit + u64::from(taken), all + u64::from(more)))
}

fn sums(files: &[(&str, &FileCoverage)]) -> (Counts, Counts) {
    files.iter().fold(((0, 0), (0, 0)), |(lines, branches), (_, file)| {
        let add = |a: Counts, b: Counts| (a.0 + b.0, a.1 + b.1);
        (add(lines, file.lines.counts()), add(branches, branch_counts(file)))
    })
}

fn rates(lines: Counts, branches: Counts) -> String {
    // Rounded down: who reads 1 takes everything for covered. Of nothing nothing is.
    let rate = |(hit, all): Counts| {
        let parts = u128::from(hit) * 10_000 / u128::from(all.max(1));
        format!("{}.{:04}", parts / 10_000, parts % 10_000)
    };
    format!("line-rate=\"{}\" branch-rate=\"{}\"", rate(lines), rate(branches))
}

/// Text as the value of an attribute. What XML cannot hold at all becomes U+FFFD.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(c))),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}
