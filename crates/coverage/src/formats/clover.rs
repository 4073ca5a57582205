//! Clover XML (`clover.xsd` of Clover 3 and 4), and what other tools write in its name.
//!
//! `coverage/project/package?/file/line` is a statement (`stmt`), a condition (`cond`) or a method (`method`). Of
//! statements and methods `count` says how often they were run. Conditions are told in three ways, see `file`. Test code,
//! in `testproject`, counts like other code. The totals in `metrics` are only compared.

mod file;
mod metrics;
#[cfg(test)]
mod tests;

use tollgate_input::xml::Element;
use tollgate_input::{Digest, InputError, Window};

use self::file::{File, Gatherers};
use self::metrics::{Counted, Metrics};
use super::events::{self, Events, Odd};
use super::{Figures, Format, Sniff};
use crate::numbers::{hits, line_number};
use crate::reading::Reading;

/// Clover.
pub(super) const FORMAT: Format = Format {
    name: "Clover XML",
    writers: "OpenClover, Istanbul (Jest, Vitest, c8), PHPUnit, gcovr, ReportGenerator",
    figures: Figures::ALL,
    about: "A line counts once, whatever it holds, the first line of a method too, which PHPUnit's own summary leaves out; what Istanbul calls statements here are lines. Functions are lines of methods, which Istanbul does not write. Branches \
            are those of conditions: Istanbul writes how many were taken, OpenClover how often each way was. Test code \
            that OpenClover lists apart counts too: leave it out with `coverage.exclude`.",
    detect,
    read,
};

fn detect(sniff: &Sniff<'_>) -> bool {
    let Some(root) = sniff.root_named("coverage") else { return false };
    let below = sniff.elements_seen().get(1).map(|first| first.name.as_str());
    match below {
        Some("project" | "testproject") => true,
        Some("package" | "file") | None => root.has("clover"),
        Some(_) => false,
    }
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::default();
    let digest = events::read(window, &mut reader)?;
    Ok((reader.reading, digest))
}

/// What is open of a report and what was read. The innermost that is open is the last of these that is there.
#[derive(Default)]
struct Reader {
    reading: Reading,
    /// The root element was seen.
    begun: bool,
    project: Option<Project>,
    package: bool,
    file: Option<File>,
    class: bool,
    gatherers: Gatherers,
}

/// A project that is being read.
#[derive(Default)]
struct Project {
    /// It is that of test code.
    tests: bool,
    declared: Metrics,
    counted: Counted,
}

impl Events for Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Odd> {
        match element.name() {
            b"line" => self.line(element)?,
            b"metrics" => self.metrics(element)?,
            b"file" => self.begin_file(element)?,
            b"class" if self.class => return Err(Odd::Malformed("a class stands within a class")),
            b"class" => self.class = true,
            b"package" if self.package => return Err(Odd::Malformed("a package stands within a package")),
            b"package" if self.file.is_some() => return Err(Odd::Malformed("a package stands within a file")),
            b"package" => self.package = true,
            name @ (b"project" | b"testproject") => {
                if self.project.is_some() || self.package || self.file.is_some() {
                    return Err(Odd::Malformed("a project stands within a project, package or file"));
                }
                self.project = Some(Project { tests: name == b"testproject", ..Project::default() });
            }
            _ if !self.begun => self.begun = true,
            _ => return Err(Odd::Unknown),
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), &'static str> {
        match name {
            b"file" => return self.end_file(),
            b"class" => self.class = false,
            b"package" => self.package = false,
            b"project" | b"testproject" => {
                if let Some(Project { declared, counted, .. }) = self.project.take() {
                    declared.compare("the whole report", counted, &mut self.reading.disagreements);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }
}

impl Reader {
    fn begin_file(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.file.is_some() || self.class {
            return Err("a file stands within a file or class");
        }
        let path =
            file::path(element).ok_or("a file needs a path without control characters, as in path=\"src/a.js\"")?;
        self.file = Some(File::new(path));
        Ok(())
    }

    fn metrics(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let metrics = match self {
            // What a class or package declares is part of what its file or project does.
            Self { class: true, .. } => return Ok(()),
            Self { file: Some(file), .. } => &mut file.declared,
            Self { package: true, .. } => return Ok(()),
            Self { project: Some(project), .. } => &mut project.declared,
            _ => return Ok(()),
        };
        *metrics = Metrics::read(element)?;
        Ok(())
    }

    fn line(&mut self, element: &Element<'_>) -> Result<(), Odd> {
        const EXPECTED: &str = "a line needs a number, a type and a count, as in num=\"12\" type=\"stmt\" count=\"1\"";
        let file = self.file.as_mut().ok_or("a line stands outside a file")?;
        let kind = element.attribute("type").ok_or(EXPECTED)?;
        let line = element.attribute("num").and_then(|value| line_number(value.raw())).ok_or(EXPECTED)?;
        let count = match element.attribute("count") {
            Some(count) => Some(hits(count.raw()).ok_or(EXPECTED)?),
            None => None,
        };
        let kind = kind.raw();
        if kind != b"cond" && count.is_none() {
            return Err(EXPECTED.into());
        }
        if !matches!(kind, b"stmt" | b"cond" | b"method") {
            return Err(Odd::Unknown);
        }
        file.listed = true;
        let oddities = &mut self.reading.oddities;
        let Some(line) = oddities.line(line) else { return Ok(()) };
        // Only a condition may have no count.
        let hit = count.map(|count| oddities.hit(count));
        match kind {
            b"cond" => file.condition(line, hit, element, oddities, &mut self.gatherers)?,
            b"stmt" => file.statement(line, hit == Some(true), &mut self.gatherers),
            _ => file.method(line, hit == Some(true), element, &mut self.gatherers),
        }
        Ok(())
    }

    fn end_file(&mut self) -> Result<(), &'static str> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let tests = self.project.as_ref().is_some_and(|project| project.tests);
        let unlisted = !file.listed && file.declared.statements.is_some_and(|all| all > 0);
        if tests && !file.listed && !unlisted {
            // gcovr writes such a file, which is none, for readers that expect one.
            return Ok(());
        }
        let (declared, path) = (file.declared, file.path.clone());
        let (coverage, counted, read) = file.finish(&mut self.gatherers);
        declared.compare(&path, counted, &mut self.reading.disagreements);
        if let Some(project) = &mut self.project {
            project.counted.add(counted);
        }
        self.reading.add(&path, if unlisted { coverage.unlisted() } else { coverage });
        read
    }
}
