//! Reports written from a model, and read back.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{HEAD, try_read};
use crate::file_coverage::Counts;
use crate::formats::testing;

/// A file: its group, package and name, its lines with instructions and branches (missed, covered), its methods.
#[derive(Clone, Debug)]
struct File {
    place: (u8, u8, u8),
    lines: BTreeMap<u32, [u32; 4]>,
    methods: BTreeMap<u8, bool>,
}

const GROUPS: [&str; 3] = ["", "app", "lib:core"];
const MODULES: [&str; 3] = ["", "app:", "lib/core:"];
const PACKAGES: [&str; 3] = ["", "org/example", "org/example/a.b"];
const NAMES: [&str; 3] = ["A.java", "B.kt", "C & D.scala"];

fn file() -> impl Strategy<Value = File> {
    let place = (0_u8..3, 0_u8..3, 0_u8..3);
    // A line without instructions is none.
    let line =
        (0_u32..3, 0_u32..3, 0_u32..3, 0_u32..3).prop_map(|(mi, ci, mb, cb)| [mi + u32::from(ci == 0), ci, mb, cb]);
    let lines = prop::collection::btree_map(1_u32..300, line, 0..40);
    (place, lines, prop::collection::btree_map(0_u8..9, any::<bool>(), 0..6)).prop_map(|(place, lines, methods)| File {
        place,
        lines,
        methods,
    })
}

fn write(file: &File) -> String {
    let (group, package, name) = file.place;
    let (group, package) = (GROUPS[usize::from(group)], PACKAGES[usize::from(package)]);
    let name = NAMES[usize::from(name)].replace('&', "&amp;");
    let methods: String = file
        .methods
        .iter()
        .map(|(method, hit)| {
            let (missed, covered) = (u8::from(!hit), u8::from(*hit));
            format!(
                "<method name=\"m\" desc=\"({method})V\"><counter type=\"METHOD\" missed=\"{missed}\" \
                 covered=\"{covered}\"/></method>"
            )
        })
        .collect();
    let lines: String = file
        .lines
        .iter()
        .map(|(nr, [mi, ci, mb, cb])| format!("<line cb=\"{cb}\" nr=\"{nr}\" mi=\"{mi}\" ci=\"{ci}\" mb=\"{mb}\"/>"))
        .collect();
    let class = format!("<class name=\"{package}/X{name}\" sourcefilename=\"{name}\">{methods}</class>");
    let source = format!("<sourcefile name=\"{name}\">{lines}</sourcefile>");
    let package = format!("<package name=\"{package}\">{class}{source}</package>");
    if group.is_empty() { package } else { format!("<group name=\"{group}\">{package}</group>") }
}

/// Lines, branches and methods of each file, by a slow way.
fn expected(files: &[File]) -> BTreeMap<String, [Counts; 3]> {
    type United = (BTreeMap<u32, [u32; 3]>, BTreeMap<u8, bool>);
    let mut united: BTreeMap<String, United> = BTreeMap::new();
    for File { place: (group, package, name), lines, methods } in files {
        let folder = PACKAGES[usize::from(*package)];
        let slash = if folder.is_empty() { "" } else { "/" };
        let path = format!("{}{folder}{slash}{}", MODULES[usize::from(*group)], NAMES[usize::from(*name)]);
        let all = united.entry(path).or_default();
        for (nr, [_, ci, mb, cb]) in lines {
            let line = all.0.entry(*nr).or_default();
            *line = [line[0].max(*ci), line[1].max(*cb), line[2].max(mb + cb)];
        }
        for (method, hit) in methods {
            *all.1.entry(*method).or_default() |= hit;
        }
    }
    let counts = |(lines, methods): United| {
        let hit = lines.values().filter(|line| line[0] > 0).count() as u64;
        let sum = |at: usize| lines.values().map(|line| u64::from(line[at])).sum();
        let called = methods.values().filter(|hit| **hit).count() as u64;
        [(hit, lines.len() as u64), (sum(1), sum(2)), (called, methods.len() as u64)]
    };
    united.into_iter().map(|(path, all)| (path, counts(all))).collect()
}

proptest! {
    #[test]
    fn a_model_comes_back(files in prop::collection::vec(file(), 1..8)) {
        let body: String = files.iter().map(write).collect();
        let text = format!("{HEAD}<report name=\"r\">{body}</report>");
        let mut reading = try_read(text.as_bytes()).unwrap();
        prop_assert_eq!(reading.malformed.count + reading.oddities.unknown + reading.disagreements.count, 0);
        let counts = testing::counts(&mut reading);
        let counts: BTreeMap<_, _> = counts.into_iter().map(|(path, [l, b, f, _])| (path, [l, b, f])).collect();
        prop_assert_eq!(counts, expected(&files));
    }

    #[test]
    fn any_elements_come_back(text in "(</?(group|package|class|method|sourcefile|line|counter|x)( (name|nr|ci|mi|type)=\"[-0-9aLINE]{0,4}\"){0,2}/?>){0,20}") {
        crate::fuzz("JaCoCo XML", format!("<report name=\"r\">{text}").as_bytes());
        crate::fuzz("JaCoCo XML", format!("<report name=\"r\"><package name=\"p\">{text}</package></report>").as_bytes());
    }
}
