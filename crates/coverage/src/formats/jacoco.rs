//! JaCoCo XML (`report.dtd` of JaCoCo, 1.0 and 1.1), and what other tools write in its name.
//!
//! `report/group*/package` holds classes with their methods, and `sourcefile/line`, which tells how many instructions and
//! branches of a line were missed (`mi`, `mb`) and covered (`ci`, `cb`). A line counts as hit if any instruction of it
//! was run. Counters of methods tell which were called; counters of source files and of the report are only compared.
//! Groups are modules: what has the same package and name in two of them is two files.

mod counters;
mod package;
#[cfg(test)]
mod tests;

use tollgate_input::xml::Element;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format;

use self::counters::Counters;
use self::package::{Counted, Package, Source};
use super::elements::{self, Allowance};
use super::events::{self, Events, Odd};
use super::{Figures, Format, Sniff};
use crate::file_coverage::{FileCoverage, Totals};
use crate::lines::LineGatherer;
use crate::marks::{COUNTED, MarkGatherer, Marks, Scheme};
use crate::numbers::{Hits, hits, line_number, number};
use crate::reading::{PathStyle, Reading};

/// JaCoCo.
pub(super) const FORMAT: Format = Format {
    name: "JaCoCo XML",
    writers: "JaCoCo, Kover, IntelliJ IDEA, Pester, gcovr",
    figures: Figures::LINES_BRANCHES_FUNCTIONS,
    about: "A line was hit if any instruction of it was run; branches are counted per line; functions are the methods of \
            classes. Files are named by group, package and name, and found through the tree. gcovr does not tell which \
            lines were hit, so that from its reports totals are known and no patch figure.",
    detect,
    read,
};

/// How methods are named.
const SCHEME: Scheme = 3;

fn detect(sniff: &Sniff<'_>) -> bool {
    let Some(root) = sniff.root_named("report") else { return false };
    match sniff.elements_seen().get(1) {
        Some(first) => ["sessioninfo", "group", "package", "counter"].contains(&first.name.as_str()),
        None => root.has("name") || memchr::memmem::find(sniff.head, b"//JACOCO//DTD").is_some(),
    }
}

fn read(window: Window) -> Result<(Reading, Digest), InputError> {
    let mut reader = Reader::default();
    let digest = events::read(window, &mut reader)?;
    Ok((reader.finish(), digest))
}

/// What is open of a report and what was read. The innermost that is open is the last of these that is there.
struct Reader {
    reading: Reading,
    /// The root element was seen.
    begun: bool,
    groups: Vec<String>,
    package: Option<Package>,
    class: Option<Class>,
    method: Option<Method>,
    source: Option<Source>,
    lines: LineGatherer,
    branches: MarkGatherer,
    allowance: Allowance,
    /// Counters of the whole report.
    declared: Counters,
    counted: Counted,
}

/// A class that is being read.
struct Class {
    name: String,
    /// The source file that it names.
    file: Option<String>,
}

/// A method that is being read.
struct Method {
    name: String,
    desc: String,
    counters: Counters,
}

impl Default for Reader {
    fn default() -> Self {
        let mut reading = Reading::default();
        reading.style = PathStyle::Package;
        Self {
            reading,
            begun: false,
            groups: Vec::new(),
            package: None,
            class: None,
            method: None,
            source: None,
            lines: LineGatherer::default(),
            branches: MarkGatherer::new(COUNTED),
            allowance: Allowance::default(),
            declared: Counters::default(),
            counted: Counted::default(),
        }
    }
}

impl Events for Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Odd> {
        match element.name() {
            b"line" => self.line(element)?,
            b"counter" => self.counter(element)?,
            b"method" => self.begin_method(element)?,
            b"class" => self.begin_class(element)?,
            b"sourcefile" => self.begin_source(element)?,
            b"package" => self.begin_package(element)?,
            b"group" => self.begin_group(element)?,
            b"lines" if self.class.is_some() => self.begin_source_in_class(),
            b"sessioninfo" => {}
            _ if !self.begun => self.begun = true,
            _ => return Err(Odd::Unknown),
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), &'static str> {
        match name {
            b"method" => self.end_method(),
            b"class" => {
                let read = self.end_source();
                self.class = None;
                return read;
            }
            b"sourcefile" => return self.end_source(),
            b"package" => {
                if let Some(package) = self.package.take() {
                    package.finish(&mut self.counted, &mut self.reading);
                }
            }
            b"group" => {
                self.groups.pop();
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
    fn begin_group(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.package.is_some() {
            return Err("a group stands within a package; expected packages in groups");
        }
        self.groups.push(named(element).ok_or("a group needs a name without control characters")?);
        Ok(())
    }

    fn begin_package(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.package.is_some() {
            return Err("a package stands within a package");
        }
        let name =
            named(element).ok_or("a package needs a name without control characters, empty for the default one")?;
        self.package = Some(Package::new(&self.groups, name));
        Ok(())
    }

    fn begin_class(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let package = self.package.as_mut().filter(|_| self.class.is_none() && self.source.is_none());
        let package = package.ok_or("a class stands outside a package, or within a class or source file")?;
        let name = named(element).ok_or("a class needs a name without control characters")?;
        let file = elements::path(element.attribute("sourcefilename"));
        let file = file.map(|file| file.strip_prefix("./").map(str::to_owned).unwrap_or(file));
        package.class(&name);
        self.class = Some(Class { name, file });
        Ok(())
    }

    fn begin_method(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.class.is_none() || self.method.is_some() {
            return Err("a method stands outside a class, or within a method");
        }
        let text = |name| element.attribute(name).map_or_else(String::new, |value| value.text().into_owned());
        self.method = Some(Method { name: text("name"), desc: text("desc"), counters: Counters::default() });
        Ok(())
    }

    fn begin_source(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        if self.package.is_none() || self.class.is_some() || self.source.is_some() {
            return Err("a sourcefile stands outside a package, or within a class or source file");
        }
        let name = elements::path(element.attribute("name"));
        self.source = Some(Source::new(name.ok_or("a sourcefile needs a name without control characters")?));
        Ok(())
    }

    /// gcovr before 8.4 puts the lines of a file into its only class.
    fn begin_source_in_class(&mut self) {
        let file = self.class.as_ref().and_then(|class| class.file.clone()).filter(|_| self.source.is_none());
        if let (Some(package), Some(file)) = (&mut self.package, file) {
            package.sources_in_classes = true;
            self.source = Some(Source::new(file));
        }
    }

    fn line(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        const NUMBERS: &str = "a line needs whole numbers, as in nr=\"12\" mi=\"0\" ci=\"3\" mb=\"1\" cb=\"1\"";
        let source = self.source.as_mut().ok_or("a line stands outside a sourcefile")?;
        let nr = element.attribute("nr").and_then(|value| line_number(value.raw())).ok_or(NUMBERS)?;
        let run = |name| match element.attribute(name) {
            Some(value) => hits(value.raw()).map(Some).ok_or(NUMBERS),
            None => Ok(None),
        };
        let branches = |name| element.attribute(name).map_or(Ok(0), |value| number(value.raw()).ok_or(NUMBERS));
        let (missed, covered) = (run("mi")?, run("ci")?);
        let (branches_missed, taken) = (branches("mb")?, branches("cb")?);
        let (taken, all) = self.allowance.record(taken, taken.saturating_add(branches_missed))?;
        let oddities = &mut self.reading.oddities;
        let Some(line) = oddities.line(nr) else { return Ok(()) };
        match (missed, covered) {
            (None, None) => source.untold += 1,
            (Some(_), None) => return Err("a line tells mi without ci, so that it is not known whether it was hit"),
            (missed, Some(covered)) => {
                source.told = true;
                let mut hit = oddities.hit(covered);
                if missed == Some(Hits::Miss) && covered == Hits::Miss {
                    // Without instructions there is nothing to cover but branches (Kover has such lines).
                    if all == 0 {
                        return Ok(());
                    }
                    hit = taken > 0;
                }
                self.lines.add(line, hit);
            }
        }
        self.branches.count(line, taken, all);
        Ok(())
    }

    fn counter(&mut self, element: &Element<'_>) -> Result<(), &'static str> {
        let Some((kind, counts)) = counters::read(element)? else { return Ok(()) };
        let counters = match self {
            Self { method: Some(method), .. } => &mut method.counters,
            Self { source: Some(source), .. } => &mut source.counters,
            // What a class counts is what its methods count.
            Self { class: Some(_), .. } => return Ok(()),
            Self { package: Some(package), .. } => &mut package.counters,
            // What a group counts is what its packages count.
            _ if !self.groups.is_empty() => return Ok(()),
            _ => &mut self.declared,
        };
        counters.set(kind, counts);
        Ok(())
    }

    fn end_method(&mut self) {
        let (Some(package), Some(class), Some(method)) = (&mut self.package, &self.class, self.method.take()) else {
            return;
        };
        let Method { name, desc, counters } = method;
        // Kover counts no methods in a method.
        let counts = counters.methods.or(counters.lines).or(counters.instructions);
        self.reading.oddities.undefined += u64::from(counts.is_none());
        let hit = counts.is_some_and(|(covered, _)| covered > 0);
        package.methods(&class.name, class.file.as_deref()).add(0, (&class.name, name, desc), hit);
    }

    fn end_source(&mut self) -> Result<(), &'static str> {
        let (Some(package), Some(mut source)) = (&mut self.package, self.source.take()) else { return Ok(()) };
        let (lines, branches) = (self.lines.take(), self.branches.take());
        let mut read = Ok(());
        if source.told || source.untold == 0 {
            source.coverage = FileCoverage::new(lines, branches, Marks::default());
            if source.untold > 0 {
                read = Err("some lines of this sourcefile tell mi and ci and some do not");
            }
        } else if let Some(lines) = source.counters.lines {
            let functions = source.counters.methods.unwrap_or_default();
            source.coverage = FileCoverage::totals(Totals { lines, functions, ..Totals::default() });
            source.coverage.branches = branches;
        } else {
            read = Err("the lines of this sourcefile tell neither mi nor ci, and it has no counter of lines");
        }
        package.source(source);
        read
    }

    fn finish(self) -> Reading {
        let Self { mut reading, mut declared, counted, .. } = self;
        if counted.by_class {
            // These add up classes, several of which may share a line.
            declared = Counters { methods: declared.methods, ..Counters::default() };
        }
        declared.compare("the whole report", counted.sums, &mut reading.disagreements);
        if counted.untold > 0 {
            reading.notes.push(format!(
                "{} whose lines do not tell whether they were hit, as gcovr writes JaCoCo XML: totals are taken from \
                 counters, and no line can be judged; have it write Cobertura XML or LCOV",
                format::things(counted.untold, "file")
            ));
        }
        if counted.homeless > 0 {
            let methods = format::things(counted.homeless, "method");
            reading.notes.push(format!("{methods} of classes whose source file is not told, not counted"));
        }
        reading
    }
}

/// The name of an element, which may be empty.
fn named(element: &Element<'_>) -> Option<String> {
    let value = element.attribute("name")?;
    if value.raw().is_empty() { Some(String::new()) } else { elements::path(Some(value)) }
}
