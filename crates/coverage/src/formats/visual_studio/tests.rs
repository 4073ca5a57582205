//! What Visual Studio's reports say, checked by hand and against a second, slow way of counting.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

const NAME: &str = "Visual Studio XML";

fn try_read(text: &str) -> Result<Reading, String> {
    testing::read("coverage.xml", NAME, text.as_bytes())
}

fn report(modules: &str) -> String {
    format!("<?xml version=\"1.0\"?>\n<results>\n<modules>\n{modules}</modules>\n</results>\n")
}

const SOURCES: &str = "<source_files><source_file id=\"0\" path=\"C:\\w\\a.cs\" checksum=\"0\"/>\
                       <source_file id=\"1\" path=\"C:\\w\\b.cs\"></source_file></source_files>";

fn module(totals: &str, functions: &str) -> String {
    format!("<module id=\"1\" name=\"m.dll\" {totals}>\n<functions>{functions}</functions>\n{SOURCES}\n</module>\n")
}

fn function(name: &str, ranges: &str) -> String {
    format!("<function id=\"1\" name=\"{name}\" namespace=\"N\" type_name=\"T\"><ranges>\n{ranges}</ranges></function>")
}

fn range(source: u32, line: u32, end: u32, covered: &str) -> String {
    format!(
        "<range source_id=\"{source}\" start_line=\"{line}\" end_line=\"{end}\" start_column=\"1\" end_column=\"2\" \
         covered=\"{covered}\" />\n"
    )
}

#[test]
fn ranges_lines_and_functions() {
    let first = format!("{}{}{}", range(0, 1, 3, "yes"), range(0, 3, 3, "no"), range(0, 5, 5, "partial"));
    let second = format!("{}{}", range(1, 7, 7, "no"), range(0, 9, 9, "no"));
    let functions = format!("{}{}{}", function("F", &first), function("G", &second), function("External", ""));
    let mut reading = try_read(&report(&module("", &functions))).unwrap();
    let expected = [
        ("C:\\w\\a.cs".to_owned(), [(4, 5), (0, 0), (1, 1), (2, 4)]),
        ("C:\\w\\b.cs".to_owned(), [(0, 1), (0, 0), (0, 1), (0, 1)]),
    ];
    assert_eq!(testing::counts(&mut reading), expected);
}

#[test]
fn modules_number_their_sources_themselves() {
    let one = module("", &function("F", &range(0, 1, 1, "yes")));
    let two = module("", &function("F", &format!("{}{}", range(0, 1, 1, "no"), range(1, 1, 1, "no"))));
    let two = two.replace("a.cs", "x.cs").replace("b.cs", "a.cs");
    let mut reading = try_read(&report(&format!("{one}{two}"))).unwrap();
    let lines: Vec<_> = testing::counts(&mut reading).into_iter().map(|(path, counts)| (path, counts[0])).collect();
    assert_eq!(lines, [("C:\\w\\a.cs".to_owned(), (1, 1)), ("C:\\w\\x.cs".to_owned(), (0, 1))]);
}

#[test]
fn overloads_are_told_apart_and_repetition_is_not() {
    let functions = format!(
        "{}{}{}",
        function("set", &range(0, 1, 1, "no")),
        function("set", &range(0, 5, 5, "no")),
        function("set", &range(0, 5, 5, "yes"))
    );
    let mut reading = try_read(&report(&module("", &functions))).unwrap();
    assert_eq!(testing::counts(&mut reading)[0].1, [(1, 2), (0, 0), (1, 2), (1, 2)]);
}

#[test]
fn lines_that_a_module_declares_are_compared_function_by_function() {
    // Line 3 belongs to two functions, and counts for each of them here; in the file it is one.
    let functions = format!(
        "{}{}",
        function("F", &format!("{}{}", range(0, 1, 3, "yes"), range(0, 3, 3, "no"))),
        function("G", &format!("{}{}", range(0, 3, 3, "no"), range(1, 3, 3, "partial")))
    );
    let of = |covered, partial, missed| {
        let totals = format!(
            "lines_covered=\"{covered}\" lines_partially_covered=\"{partial}\" lines_not_covered=\"{missed}\" \
             blocks_covered=\"7\" blocks_not_covered=\"7\""
        );
        try_read(&report(&module(&totals, &functions))).unwrap().disagreements
    };
    assert_eq!(of(2, 2, 1).count, 0);
    let worst = of(2, 2, 30).worst;
    assert_eq!(
        (worst[0].path.as_str(), worst[0].total, worst[0].declared, worst[0].counted),
        ("m.dll", "lines", 34, 5)
    );
    assert_eq!(of(5, 0, 0).worst[0].total, "lines covered");
}

#[test]
fn what_was_skipped_is_said() {
    let skipped = "<skipped_modules><skipped_module name=\"x.dll\" reason=\"no_symbols\"/><skipped_module name=\"y.dll\" \
                   reason=\"path_is_excluded\"/></skipped_modules>";
    let with = |modules: &str| report(modules).replace("</results>", &format!("{skipped}</results>"));
    let text = "2 modules were not examined (no_symbols 1, path_is_excluded 1)";
    let reading = try_read(&with(&module("", &function("F", &range(0, 1, 1, "yes"))))).unwrap();
    assert_eq!(reading.notes, [text]);
    let message = try_read(&with("")).unwrap_err();
    assert!(message.contains(text) && message.contains("symbol files"), "{message}");
    let message = try_read(&report("<module name=\"m.dll\" lines_covered=\"0\"/>")).unwrap_err();
    assert!(message.contains("names no file"), "{message}");
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    let good = range(0, 5, 6, "yes");
    for (text, word, at) in [
        (good.replace(" covered=\"yes\"", ""), "a range needs", 7),
        (good.replace("\"yes\"", "\"perhaps\""), "a range needs", 7),
        (good.replace(" source_id=\"0\"", ""), "a range needs", 7),
        (good.replace("source_id=\"0\"", "source_id=\"-1\""), "a range needs", 7),
        (good.replace("source_id=\"0\"", "source_id=\"9\""), "source_files do not list", 10),
        (good.replace(" start_line=\"5\"", ""), "a range needs", 7),
        (good.replace(" start_line=\"5\"", " start_line=\"1e3\""), "a range needs", 7),
        (good.replace(" start_line=\"5\"", " start_line=\"7\""), "ends before it begins", 7),
        (good.replace("end_line=\"6\"", "end_line=\"4000000\""), "more than 100,000 lines", 7),
    ] {
        let functions = function("F", &format!("{}{text}", range(0, 1, 1, "yes")));
        let mut reading = try_read(&report(&module("", &functions))).unwrap();
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(message.contains(word) && line == at, "{text}: {message} in line {line}");
        assert_eq!(testing::counts(&mut reading)[0].1[3], (1, 1), "{text}");
    }
    for (line, [undefined, zero]) in [("0", [0, 1]), ("16707566", [1, 0]), ("-3", [0, 1]), ("NaN", [1, 0])] {
        let hidden = good.replace("\"5\"", &format!("\"{line}\""));
        let reading = try_read(&report(&module("", &function("F", &format!("{good}{hidden}"))))).unwrap();
        let odd = reading.oddities;
        assert_eq!((odd.undefined, odd.line_zero, reading.malformed.count), (undefined, zero, 0), "{line}");
    }
    let control = report(&module("", &function("F", &good))).replace("a.cs", "a&#9;.cs");
    assert_eq!(try_read(&control).unwrap().malformed.count, 1);
}

#[test]
fn other_results_are_not_claimed() {
    for text in ["<results version=\"2\"><errors/></results>", "<results/>", "<results><module/></results>"] {
        assert!(try_read(text).unwrap_err().contains("XML of no known kind"), "{text}");
    }
}

#[test]
fn damage_is_refused() {
    testing::damaged_xml(NAME, "results", &report(&module("", &function("F", &range(0, 5, 6, "partial")))));
}

type Functions = Vec<Vec<(u32, u32, u32, u8)>>;

fn functions() -> impl Strategy<Value = Functions> {
    let range = (0_u32..2, 1_u32..60, 0_u32..5, 0_u8..3);
    prop::collection::vec(prop::collection::vec(range, 1..12), 1..8)
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(functions in functions()) {
        let mut text = String::new();
        let mut lines: BTreeMap<u32, [BTreeSet<u32>; 2]> = BTreeMap::new();
        let mut sums: BTreeMap<u32, [Counts; 2]> = BTreeMap::new();
        for (i, ranges) in functions.iter().enumerate() {
            let mut inner = String::new();
            for (source, line, more, covered) in ranges {
                inner += &range(*source, *line, line + more, ["no", "partial", "yes"][usize::from(*covered)]);
                let set = lines.entry(*source).or_default();
                set[1].extend(*line..=line + more);
                if *covered > 0 {
                    set[0].extend(*line..=line + more);
                }
                let statements = &mut sums.entry(*source).or_default()[1];
                statements.0 += u64::from(*covered > 0);
                statements.1 += 1;
            }
            text += &function(&format!("F{i}"), &inner);
            let own = &mut sums.entry(ranges[0].0).or_default()[0];
            own.0 += u64::from(ranges.iter().any(|range| range.3 > 0));
            own.1 += 1;
        }
        let expected: Vec<_> = sums
            .iter()
            .map(|(source, [functions, statements])| {
                let [hit, all] = &lines[source];
                let name = if *source == 0 { "C:\\w\\a.cs" } else { "C:\\w\\b.cs" };
                (name.to_owned(), [(hit.len() as u64, all.len() as u64), (0, 0), *functions, *statements])
            })
            .collect();
        let one = module("", &text);
        prop_assert_eq!(testing::counts(&mut try_read(&report(&one)).unwrap()), expected.clone());
        prop_assert_eq!(testing::counts(&mut try_read(&report(&format!("{one}{one}"))).unwrap()), expected);
    }

    #[test]
    fn any_attributes_come_back(line in "[-0-9a-z.]{0,12}", end in "[-0-9]{0,12}", source in "[-0-9]{0,3}") {
        let text = format!("<range source_id=\"{source}\" start_line=\"{line}\" end_line=\"{end}\" covered=\"no\"/>");
        let _comes_back = try_read(&report(&module("", &function("F", &text)))).map(|mut reading| reading.take_files());
    }
}
