//! What one package holds, put together by source file.

use std::collections::HashMap;

use super::SCHEME;
use super::counters::Counters;
use crate::file_coverage::{Counts, FileCoverage};
use crate::lines::LineSet;
use crate::marks::{MarkGatherer, Marks};
use crate::reading::Reading;

/// A package that is being read. Classes stand apart from the files they lie in, so both are kept up to its end.
pub(super) struct Package {
    /// Its groups.
    module: String,
    name: String,
    sources: Vec<Source>,
    /// Methods by the source file that their class names.
    methods: HashMap<String, MarkGatherer>,
    /// Methods of classes that name none, by the outermost class.
    others: HashMap<String, MarkGatherer>,
    /// What it declares.
    pub(super) counters: Counters,
    /// It has classes.
    classes: bool,
    /// The lines of its files stand in their classes, as some versions of gcovr write them.
    pub(super) sources_in_classes: bool,
    /// A class is called like it.
    named_after_class: bool,
}

/// A source file.
pub(super) struct Source {
    name: String,
    pub(super) counters: Counters,
    pub(super) coverage: FileCoverage,
    /// A line tells whether it was hit.
    pub(super) told: bool,
    /// How many lines do not.
    pub(super) untold: u64,
}

/// What was counted in the whole report.
#[derive(Default)]
pub(super) struct Counted {
    /// Lines, branches and methods.
    pub(super) sums: [Counts; 3],
    /// Files of which only totals are known.
    pub(super) untold: u64,
    /// Methods of which the file is not known.
    pub(super) homeless: u64,
    /// Counters above the source file add up classes, as Kover does.
    pub(super) by_class: bool,
}

impl Source {
    pub(super) fn new(name: String) -> Self {
        Self { name, counters: Counters::default(), coverage: FileCoverage::default(), told: false, untold: 0 }
    }

    /// Whether its record lists what it should, where `missing` says that the package has lines that no file lists.
    fn is_unlisted(&self, missing: bool) -> bool {
        let none = self.coverage.lines.last().is_none() && self.untold == 0;
        none && self.counters.lines.map_or(missing, |(_, all)| all > 0)
    }
}

impl Package {
    /// The package of this name in these groups.
    pub(super) fn new(groups: &[String], name: String) -> Self {
        // A colon ends the module in a path, and parts the names of projects of Gradle.
        let parts = groups.iter().flat_map(|group| group.split([':', '/'])).filter(|part| !part.is_empty());
        Self {
            module: parts.collect::<Vec<_>>().join("/"),
            name,
            sources: Vec::new(),
            methods: HashMap::new(),
            others: HashMap::new(),
            counters: Counters::default(),
            classes: false,
            sources_in_classes: false,
            named_after_class: false,
        }
    }

    /// Notes the class `name`, whose package is part of its name.
    pub(super) fn class(&mut self, name: &str) {
        self.classes = true;
        self.named_after_class |= name == self.name && !name.contains('/');
    }

    /// Where the methods of `class` go, which lies in `file` as it says.
    pub(super) fn methods(&mut self, class: &str, file: Option<&str>) -> &mut MarkGatherer {
        let (map, key) = match file {
            Some(file) => (&mut self.methods, file),
            None => (&mut self.others, outermost(class)),
        };
        map.entry(key.to_owned()).or_insert_with(|| MarkGatherer::new(SCHEME))
    }

    /// Adds a source file that was read.
    pub(super) fn source(&mut self, source: Source) {
        self.sources.push(source);
    }

    /// Adds all of it to `reading`, and to what was counted.
    pub(super) fn finish(mut self, counted: &mut Counted, reading: &mut Reading) {
        let mut methods: HashMap<String, Marks> = HashMap::new();
        for (file, mut gatherer) in self.methods.drain() {
            methods.insert(file, gatherer.take());
        }
        for (at, marks) in self.placed() {
            match at.and_then(|at| self.sources.get(at)) {
                Some(source) => methods.entry(source.name.clone()).or_default().merge(&marks),
                None => {
                    counted.homeless += marks.counts().1;
                    counted.add([(0, 0), (0, 0), marks.counts()]);
                }
            }
        }
        let listed: u64 = self.sources.iter().map(|source| source.coverage.line_counts().1).sum();
        let missing = self.counters.lines.is_some_and(|(_, all)| all > listed);
        let folder = self.folder();
        for mut source in std::mem::take(&mut self.sources) {
            if let Some(marks) = methods.remove(&source.name) {
                source.coverage.functions = marks;
            }
            let path = self.path(&folder, &source.name);
            let counts = counts(&source.coverage);
            counted.add(counts);
            counted.untold += u64::from(source.untold > 0 && !source.told);
            counted.by_class |= source.told && source.counters.lines.is_some() && source.counters.methods.is_none();
            source.counters.compare(&path, counts, &mut reading.disagreements);
            let unlisted = source.is_unlisted(missing);
            reading.add(&path, if unlisted { source.coverage.unlisted() } else { source.coverage });
        }
        for (file, marks) in methods {
            let coverage = FileCoverage::new(LineSet::default(), Marks::default(), marks);
            counted.add(counts(&coverage));
            reading.add(&self.path(&folder, &file), coverage);
        }
    }

    /// The methods of classes that name no source file, each with the place of the one they are likely to lie in: the one
    /// that is called like the outermost class, or the only one.
    fn placed(&mut self) -> Vec<(Option<usize>, Marks)> {
        if self.others.is_empty() {
            return Vec::new();
        }
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for (at, source) in self.sources.iter().enumerate() {
            by_name.entry(stem(&source.name)).or_insert(at);
        }
        let only = (self.sources.len() == 1).then_some(0);
        let place = |class: &str| {
            // What Kotlin has outside classes is in a class called like the file.
            let of_file = || by_name.get(class.strip_suffix("Kt")?);
            by_name.get(class).or_else(of_file).copied().or(only)
        };
        self.others.iter_mut().map(|(class, gatherer)| (place(class), gatherer.take())).collect()
    }

    /// The folder of its files.
    fn folder(&self) -> String {
        // Kover names the default package after a class of it.
        if self.named_after_class {
            return String::new();
        }
        let name = self.name.trim_matches('/');
        // gcovr, which lists no classes or lines in them, and not what was hit, writes folders with dots.
        let dots = (!self.classes || self.sources_in_classes) && !name.contains('/') && !name.starts_with('.');
        if dots && self.sources.iter().all(|source| !source.told) { name.replace('.', "/") } else { name.to_owned() }
    }

    fn path(&self, folder: &str, file: &str) -> String {
        // Pester repeats the end of the package before the name of the file.
        let file = match file.rsplit_once('/') {
            Some((folders, name)) if repeats(folder, folders) => name,
            _ => file,
        };
        let path = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        if self.module.is_empty() { path } else { format!("{}:{path}", self.module) }
    }
}

impl Counted {
    fn add(&mut self, counts: [Counts; 3]) {
        for (sum, (hit, all)) in self.sums.iter_mut().zip(counts) {
            *sum = (sum.0 + hit, sum.1 + all);
        }
    }
}

fn counts(coverage: &FileCoverage) -> [Counts; 3] {
    [coverage.line_counts(), coverage.branch_counts(), coverage.function_counts()]
}

/// Whether `folder` ends with the folders `end`.
fn repeats(folder: &str, end: &str) -> bool {
    folder.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// `Outer` of `package/Outer$Inner`.
fn outermost(class: &str) -> &str {
    let name = class.rsplit('/').next().unwrap_or(class);
    match name.find('$') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// `File` of `File.java`.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
