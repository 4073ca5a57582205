//! Random reports, written as different tools do and read back.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::read;
use crate::file_coverage::Counts;
use crate::formats::testing;

/// A line: its number, its hits, and its branches, taken of all.
type Line = (u32, u32, Option<(u32, u32)>);

/// A class: the file it is in, its name, its own lines, and its methods with theirs.
#[derive(Clone, Debug)]
struct Class {
    file: usize,
    name: usize,
    own: Vec<Line>,
    methods: Vec<(String, Vec<Line>)>,
}

const FILES: [&str; 4] = ["a.c", "src/b & c.c", "src\\d.cs", "/_/ü.cs"];

fn line() -> impl Strategy<Value = Line> {
    let branches = (0_u32..4, 0_u32..4).prop_map(|(a, b)| (a.min(b), a.max(b)));
    (1_u32..150, 0_u32..3, prop::option::weighted(0.3, branches))
}

fn classes() -> impl Strategy<Value = Vec<Class>> {
    let name = prop::sample::select(vec!["f", "<get>", "operator\"", "a&b"]).prop_map(str::to_owned);
    let method = (name, prop::collection::vec(line(), 0..5));
    let own = prop_oneof![Just(Vec::new()), prop::collection::vec(line(), 1..40)];
    let class = (0..FILES.len(), 0_usize..3, own, prop::collection::vec(method, 0..4));
    let class = class.prop_map(|(file, name, own, methods)| Class { file, name, own, methods });
    prop::collection::vec(class, 1..12)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// How a tool writes: the order of attributes, capital letters, where white space goes.
#[derive(Clone, Copy, Debug)]
struct Manner {
    capitals: bool,
    turned: bool,
    space: &'static str,
}

impl Manner {
    fn lines(self, lines: &[Line]) -> String {
        let line = |(number, hits, branches): &Line| {
            let (yes, no) = if self.capitals { ("True", "False") } else { ("true", "false") };
            let (number, hits) = (format!("number=\"{number}\""), format!("hits=\"{hits}\""));
            let both = if self.turned { format!("{hits} {number}") } else { format!("{number} {hits}") };
            match branches {
                Some((hit, all)) => format!(
                    "<line {both} branch=\"{yes}\" condition-coverage=\"{}% ({hit}/{all})\"><conditions>\
                     <condition number=\"0\" type=\"jump\" coverage=\"0%\"/></conditions></line>",
                    (100 * hit).checked_div(*all).unwrap_or(100)
                ),
                None => format!("<line {both} branch=\"{no}\"/>"),
            }
        };
        let lines: Vec<String> = lines.iter().map(line).collect();
        format!("<lines>{0}{1}</lines>", self.space, lines.join(self.space))
    }

    fn write(self, classes: &[Class]) -> String {
        let space = self.space;
        let class = |class: &Class| {
            let method = |(name, lines): &(String, Vec<Line>)| {
                format!("<method name=\"{}\" signature=\"()\">{}</method>", escaped(name), self.lines(lines))
            };
            let methods: Vec<String> = class.methods.iter().map(method).collect();
            format!(
                "<class name=\"C{}\" filename=\"{}\">{space}<methods>{}</methods>{space}{}</class>",
                class.name,
                escaped(FILES[class.file]),
                methods.join(space),
                self.lines(&class.own)
            )
        };
        let classes: Vec<String> = classes.iter().map(class).collect();
        format!(
            "<coverage line-rate=\"0.5\">{space}<packages><package name=\"\"><classes>{space}{}</classes></package></packages>\
             </coverage>",
            classes.join(space)
        )
    }
}

/// The counts of each file, from maps of everything.
fn expected(classes: &[Class]) -> Vec<(String, [Counts; 4])> {
    #[derive(Default)]
    struct File {
        lines: BTreeMap<u32, bool>,
        branches: BTreeMap<u32, (u32, u32)>,
        functions: BTreeSet<(usize, String, u32)>,
        called: BTreeSet<(usize, String, u32)>,
    }
    let mut files: BTreeMap<&str, File> = BTreeMap::new();
    for class in classes {
        let file = files.entry(FILES[class.file]).or_default();
        let listed: Vec<Line> = match class.own.as_slice() {
            [] => class.methods.iter().flat_map(|(_, lines)| lines.clone()).collect(),
            own => own.to_vec(),
        };
        for (number, hits, branches) in listed {
            *file.lines.entry(number).or_default() |= hits > 0;
            let (hit, all) = branches.unwrap_or_default();
            let most = file.branches.entry(number).or_default();
            *most = (most.0.max(hit), most.1.max(all));
        }
        for (name, lines) in class.methods.iter().filter(|(_, lines)| !lines.is_empty()) {
            let first = lines.iter().map(|(number, ..)| *number).min().unwrap();
            let key = (class.name, name.clone(), first);
            file.functions.insert(key.clone());
            if lines.iter().any(|(_, hits, _)| *hits > 0) {
                file.called.insert(key);
            }
        }
    }
    let count = |(path, file): (&str, File)| {
        let lines = (file.lines.values().filter(|hit| **hit).count() as u64, file.lines.len() as u64);
        let branches =
            file.branches.values().fold((0, 0), |(hit, all), (h, a)| (hit + u64::from(*h), all + u64::from(*a)));
        (path.to_owned(), [lines, branches, (file.called.len() as u64, file.functions.len() as u64), (0, 0)])
    };
    files.into_iter().map(count).collect()
}

fn manner() -> impl Strategy<Value = Manner> {
    let space = prop::sample::select(vec!["", "\n", "\r\n\t", " <!-- note --> "]);
    (any::<bool>(), any::<bool>(), space).prop_map(|(capitals, turned, space)| Manner { capitals, turned, space })
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(classes in classes(), manner in manner()) {
        let mut reading = read(&manner.write(&classes));
        prop_assert_eq!(reading.malformed.count, 0);
        prop_assert_eq!(testing::counts(&mut reading), expected(&classes));
    }

    #[test]
    fn order_and_repetition_of_classes_change_nothing(classes in classes(), manner in manner()) {
        let mut twice = classes.clone();
        twice.reverse();
        twice.extend(classes.clone());
        prop_assert_eq!(testing::counts(&mut read(&manner.write(&twice))), expected(&classes));
    }
}
