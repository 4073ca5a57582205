//! Folders that reports must name, so that a partial set of reports is not judged as a whole one.

use tollgate_check::{CheckError, Context, Globs};
use tollgate_model::{Cause, Date, Problem, Report, format};

use crate::measure::Measured;
use crate::options::Expected;
use crate::tally::below;

const KEY: &str = "coverage.expected";

/// Adds a problem for every folder that no report names and that should be; gives the folders that need not be.
///
/// # Errors
/// An entry that makes no sense.
pub(crate) fn check(
    ctx: &Context<'_>,
    expected: &[Expected],
    measured: &Measured,
    report: &mut Report,
) -> Result<Globs, CheckError> {
    let mut untested = Vec::new();
    for entry in expected {
        let path = &entry.path;
        let files = below(&measured.files, |(file, _)| file, path);
        // A file without a coverable line shows no run of tests.
        let named = files.iter().filter(|(_, coverage)| coverage.line_counts().1 > 0).count() as u64;
        let what = if files.is_empty() { "a file there" } else { "a coverable line of the files there" };
        let excuse = match (&entry.none, &entry.until) {
            (None, Some(_)) => {
                return Err(option(format!("{path}: `until` says how long `none` holds; add `none = \"why\"`")));
            }
            (Some(reason), _) if reason.trim().is_empty() => {
                return Err(option(format!("{path}: `none` needs a reason")));
            }
            (Some(_), None) => {
                let message = "`none` needs the last day on which it holds; add `until`, like `until = \"2027-01-31\"`";
                return Err(option(format!("{path}: {message}")));
            }
            (Some(reason), Some(day)) => Some((reason, date(path, day)?)),
            (None, None) => None,
        };
        let Some((reason, until)) = excuse else {
            if named == 0 {
                let message = format!(
                    "{path}: no report names {what}, and one is expected; run its tests with coverage, or say in {KEY} why it has none"
                );
                report.problems.push(Problem::new(Cause::Missing, message).at(path));
            }
            continue;
        };
        match named {
            0 if until < ctx.today() => {
                let message = format!(
                    "{path}: was to have tests by {until} ({reason}), and no report names {what}; write them, or set another day in {KEY}"
                );
                report.problems.push(Problem::new(Cause::Missing, message).at(path));
            }
            0 => untested.push(path.clone()),
            _ => {
                report.notes.push(format!(
                    "{path}: {} in reports, though {KEY} says it has no tests; remove `none`",
                    format::things(named, "file")
                ));
            }
        }
    }
    if !untested.is_empty() {
        report.notes.push(format!("without tests, as {KEY} says: {}", untested.join(", ")));
    }
    // They are paths, not patterns: a folder may be called `[id]`.
    let literal: Vec<String> = untested.iter().map(|path| globset::escape(path)).collect();
    Globs::new(KEY, &literal)
}

fn date(path: &str, day: &str) -> Result<Date, CheckError> {
    Date::parse(day).ok_or_else(|| option(format!("{path}: `until = \"{day}\"` is no day; write it like 2027-01-31")))
}

fn option(message: String) -> CheckError {
    CheckError::option(KEY, message)
}

#[cfg(test)]
mod tests {
    use tollgate_check::Facts;
    use tollgate_check::fixture::FolderTree;
    use tollgate_input::Root;
    use tollgate_model::Word;

    use super::*;
    use crate::file_coverage::FileCoverage;
    use crate::lines::LineGatherer;
    use crate::marks::Marks;

    /// What one entry gives where reports name these files with so many lines.
    fn outcome(entry: Expected, files: &[(&str, u32)]) -> Result<(Globs, Report), CheckError> {
        let dir = tempfile::tempdir().unwrap();
        let root = Root::new(dir.path()).unwrap();
        let tree = FolderTree::new(root.clone());
        let ctx = Context::new(&root, &tree, Facts::plain());
        let mut report = ctx.report("coverage", "1", Word::OwnRun);
        let file = |(path, count): &(&str, u32)| {
            let mut lines = LineGatherer::default();
            (1..=*count).for_each(|line| lines.add(line, false));
            ((*path).to_owned(), FileCoverage::new(lines.take(), Marks::default(), Marks::default()))
        };
        let measured = Measured { files: files.iter().map(file).collect(), ..Measured::default() };
        check(&ctx, &[entry], &measured, &mut report).map(|untested| (untested, report))
    }

    fn entry(path: &str, none: Option<&str>, until: Option<&str>) -> Expected {
        Expected { path: path.to_owned(), none: none.map(str::to_owned), until: until.map(str::to_owned) }
    }

    #[test]
    fn a_path_is_no_pattern() {
        let (untested, _) = outcome(entry("app/[id]/", Some("new"), Some("9999-01-01")), &[]).unwrap();
        assert!(untested.matches("app/[id]/a.ts"));
        assert!(!untested.matches("app/i/a.ts"));
    }

    #[test]
    fn files_without_lines_name_no_folder() {
        let problems = |lines| outcome(entry("a", None, None), &[("a/b.ts", lines)]).unwrap().1.problems;
        assert!(problems(1).is_empty());
        let message = &problems(0)[0].message;
        assert!(message.starts_with("a: no report names a coverable line of the files there, and"), "{message}");
    }

    #[test]
    fn excuses_have_a_reason_and_a_day() {
        for (none, until, words) in [
            (Some("new"), None, "coverage.expected: a: `none` needs the last day"),
            (Some(" "), Some("9999-01-01"), "coverage.expected: a: `none` needs a reason"),
            (None, Some("9999-01-01"), "coverage.expected: a: `until` says"),
            (Some("new"), Some("soon"), "coverage.expected: a: `until = \"soon\"` is no day"),
        ] {
            let message = outcome(entry("a", none, until), &[]).map(|_| ()).unwrap_err().to_string();
            assert!(message.starts_with(words), "{message}");
        }
    }
}
