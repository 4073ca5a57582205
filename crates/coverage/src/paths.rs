//! What became of the paths of one report.

use tollgate_model::{Cause, format};

use crate::formats::{FORMATS, FormatAt};
use crate::reading::shown;

/// How many paths a message names.
const NAMED: usize = 3;

/// How many paths a table lists.
pub(crate) const LISTED: usize = 50;

/// What became of the paths of one report.
#[derive(Default)]
pub(crate) struct Paths {
    pub(crate) counted: u64,
    pub(crate) excluded: u64,
    /// The options that leave files out.
    pub(crate) keys: &'static str,
    /// The format of the report.
    pub(crate) format: FormatAt,
    pub(crate) outside: Names,
    /// Files of the repository beside the checked folder.
    pub(crate) beside: Names,
    pub(crate) nowhere: Names,
    pub(crate) several: Names,
    pub(crate) unlisted: Names,
    /// Names that the change took away, with the new ones, which the report does not know.
    pub(crate) renamed: Vec<(String, String)>,
    /// Lines that can be covered of files that count, and of those that are nowhere.
    pub(crate) lines: u64,
    pub(crate) lost: u64,
    /// Whether any file that counts has a statement.
    pub(crate) statements: bool,
}

impl Paths {
    /// What is wrong with them, without the report's path.
    pub(crate) fn problems(&self) -> Vec<(Cause, String)> {
        let mut problems = Vec::new();
        if self.outside.count > 0 {
            let text = format!(
                ": {} outside the checked folder, and no file in it is theirs for certain: {}; say with coverage.map what they \
                 mean, or add them to coverage.exclude",
                format::things(self.outside.count, "path"),
                self.outside.names()
            );
            problems.push((Cause::Unreadable, text));
        }
        if self.counted == 0 && self.excluded > 0 {
            problems.push((Cause::NoEvidence, format!(": every file it names is left out by {}", self.keys)));
        } else if self.counted == 0 && self.nowhere.count > 0 {
            let text = format!(
                ": none of its {} is a file here: {}; was it written for another folder or commit?",
                format::things(self.nowhere.count, "path"),
                self.nowhere.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        if self.counted == 0 && self.excluded == 0 && self.nowhere.count == 0 && self.beside.count > 0 {
            let text = format!(
                ": is about files beside the checked folder alone: {}; name the report of this folder, or check the folder it is about",
                self.beside.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        let paths = (self.nowhere.count, self.nowhere.count + self.counted, "path");
        let lines = (self.lost, self.lost + self.lines, "line");
        let most = [paths, lines].into_iter().find(|(lost, all, _)| self.counted > 0 && lost * 2 > *all);
        if let Some((lost, all, thing)) = most {
            let text = format!(
                ": {} of its {} match no file here: {}; say with coverage.map what they mean, leave them out with \
                 coverage.exclude, or write it for this commit",
                format::count(lost),
                format::things(all, thing),
                self.nowhere.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        if let Some((old, new)) = self.renamed.first() {
            let others = match self.renamed.len() {
                1 => String::new(),
                count => format!(" (and {} more were renamed)", format::count(count as u64 - 1)),
            };
            let text = format!(
                ": was written before {old} became {new}{others}, so what it says of it counts for nothing; run the tests with \
                 coverage again"
            );
            problems.push((Cause::NoEvidence, text));
        }
        if self.several.count > 0 {
            let text = format!(
                ": {} may be any of several files, so not counted: {}; say which with coverage.map",
                format::things(self.several.count, "path"),
                self.several.names()
            );
            problems.push((Cause::Unreadable, text));
        }
        if self.counted > 0 && self.lines == 0 && !self.statements && self.unlisted.count == 0 {
            let text = ": names no line that can be covered; run the tests with coverage again".to_owned();
            problems.push((Cause::NoEvidence, text));
        }
        if self.unlisted.count > 0 {
            let text = format!(
                ": declares totals for {} without listing lines, as {} does: {}; such totals are not believed, so write \
                 the report with its lines",
                format::things(self.unlisted.count, "file"),
                FORMATS[self.format].name,
                self.unlisted.names()
            );
            problems.push((Cause::NoEvidence, text));
        }
        problems
    }
}

/// How many paths there are, and some of them.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) count: u64,
    pub(crate) some: Vec<String>,
}

impl Names {
    pub(crate) fn add(&mut self, path: &str) {
        self.count += 1;
        if self.some.len() < LISTED {
            self.some.push(shown(path));
        }
    }

    fn names(&self) -> String {
        some_names(&self.some, self.count)
    }
}

/// A few of `count` names for a message, and how many more there are.
pub(crate) fn some_names(names: &[impl AsRef<str>], count: u64) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    format::few(&shown, usize::try_from(count).unwrap_or(usize::MAX))
}
