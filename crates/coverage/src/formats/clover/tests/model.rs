//! Reports written from a model, and read back.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::try_read;
use crate::file_coverage::Counts;
use crate::formats::testing;

/// What a line holds: statements with their counts, conditions, and whether a method begins in it and was called.
#[derive(Clone, Debug)]
struct Line {
    statements: Vec<u32>,
    conditions: Vec<(u32, u32)>,
    method: Option<u32>,
}

/// Who writes a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    Clover,
    Istanbul,
    ReportGenerator,
}

type File = BTreeMap<u32, Line>;

fn line() -> impl Strategy<Value = Line> {
    let statements = prop::collection::vec(0_u32..3, 0..3);
    let conditions = prop::collection::vec((0_u32..3, 0_u32..3), 0..3);
    (statements, conditions, prop::option::of(0_u32..3)).prop_map(|(statements, conditions, method)| Line {
        statements,
        conditions,
        method,
    })
}

fn file() -> impl Strategy<Value = File> {
    prop::collection::btree_map(1_u32..200, line(), 0..30)
}

/// A line has one condition where it stands for a line.
fn conditions(writer: Writer, line: &Line) -> &[(u32, u32)] {
    let most = if writer == Writer::Clover { usize::MAX } else { 1 };
    &line.conditions[..line.conditions.len().min(most)]
}

fn records(writer: Writer, file: &File) -> Vec<String> {
    let mut records = Vec::new();
    for (num, line) in file {
        for count in &line.statements {
            records.push(format!("<line num=\"{num}\" type=\"stmt\" count=\"{count}\"/>"));
        }
        let count = if writer == Writer::Istanbul { "count=\"1\"" } else { "" };
        for (yes, no) in conditions(writer, line) {
            let counts = format!("truecount=\"{yes}\" falsecount=\"{no}\"");
            records.push(format!("<line num=\"{num}\" {count} type=\"cond\" {counts}/>"));
        }
        if let Some(count) = line.method {
            records.push(format!("<line type=\"method\" signature=\"f{num}()\" num=\"{num}\" count=\"{count}\"/>"));
        }
    }
    records
}

/// Lines, branches, functions and statements, by a slow way.
fn expected(writer: Writer, file: &File) -> [Counts; 4] {
    let mut counts = [(0, 0); 4];
    let mut add = |at: usize, hit: u64, all: u64| {
        let (hits, sum) = counts[at];
        counts[at] = (hits + hit, sum + all);
    };
    for line in file.values() {
        let mut hit = line.method.is_some_and(|count| count > 0) || line.statements.iter().any(|count| *count > 0);
        for (yes, no) in conditions(writer, line) {
            let (ways, run) = match writer {
                Writer::Clover => ((u64::from(*yes > 0) + u64::from(*no > 0), 2), *yes + *no > 0),
                Writer::Istanbul => ((u64::from(*yes), u64::from(yes + no)), true),
                Writer::ReportGenerator => ((u64::from(*yes), u64::from(yes + no)), *yes > 0),
            };
            add(1, ways.0, ways.1);
            hit |= run;
            if writer != Writer::Clover {
                add(3, run.into(), 1);
            }
        }
        if let Some(count) = line.method {
            add(2, u64::from(count > 0), 1);
        }
        line.statements.iter().for_each(|count| add(3, u64::from(*count > 0), 1));
        let holds = line.method.is_some() || !line.statements.is_empty() || !line.conditions.is_empty();
        add(0, u64::from(hit && holds), holds.into());
    }
    counts
}

/// What a writer declares of a file.
fn metrics(writer: Writer, [lines, branches, functions, statements]: [Counts; 4]) -> String {
    let declared = if writer == Writer::ReportGenerator { lines } else { statements };
    let elements = match writer {
        Writer::ReportGenerator => declared.1,
        _ => statements.1 + branches.1 + functions.1,
    };
    format!(
        "<metrics statements=\"{}\" coveredstatements=\"{}\" conditionals=\"{}\" coveredconditionals=\"{}\" \
         methods=\"{}\" elements=\"{elements}\"/>",
        declared.1, declared.0, branches.1, branches.0, functions.1
    )
}

proptest! {
    #[test]
    fn a_model_comes_back(
        files in prop::collection::vec(file(), 1..5),
        writer in prop::sample::select(vec![Writer::Clover, Writer::Istanbul, Writer::ReportGenerator]),
        seed in any::<u64>(), last in any::<bool>(),
    ) {
        let mut body = String::new();
        let mut counted = Vec::new();
        for (at, file) in files.iter().enumerate() {
            let counts = expected(writer, file);
            // Without branches nobody could tell a condition of ReportGenerator, and without methods or branches none.
            prop_assume!(writer != Writer::ReportGenerator || counts[1].1 + counts[2].1 > 0);
            let mut records = records(writer, file);
            // The order of lines does not matter, the order of what stands in one does.
            let turn = if records.is_empty() { 0 } else { seed as usize % records.len() };
            let split = records.get(turn).map_or(0, |_| turn);
            let line = |record: &String| record.split("num=\"").nth(1).map(|rest| rest.split('"').next().unwrap().to_owned());
            let whole = split == 0 || line(&records[split - 1]) != line(&records[split]);
            if whole { records.rotate_left(split); }
            let (metrics, lines) = (metrics(writer, counts), records.concat());
            body += &format!("<file name=\"f{at}.x\" path=\"src/f{at}.x\">");
            body += &if last { lines + &metrics } else { metrics + &lines };
            body += "</file>";
            counted.push((format!("src/f{at}.x"), counts));
        }
        let text = format!("<coverage generated=\"1\"><project>{body}</project></coverage>");
        let mut reading = try_read(text.as_bytes()).unwrap();
        prop_assert_eq!(reading.malformed.count + reading.oddities.unknown + reading.disagreements.count, 0);
        prop_assert_eq!(testing::counts(&mut reading), counted);
    }

    #[test]
    fn any_elements_come_back(text in "(</?(project|package|class|file|metrics|line|x)( (name|num|count|type|truecount)=\"[-0-9acdmnost]{0,4}\"){0,3}/?>){0,20}") {
        crate::fuzz("Clover XML", format!("<coverage clover=\"1\">{text}").as_bytes());
        crate::fuzz("Clover XML", format!("<coverage clover=\"1\"><file name=\"a\">{text}</file></coverage>").as_bytes());
    }
}
