//! What dotCover reports say, checked by hand and against a second, slow way of counting.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

const NAME: &str = "dotCover XML";

fn try_read(text: &str) -> Result<Reading, String> {
    testing::read("dotcover.xml", NAME, text.as_bytes())
}

fn report(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Root CoveredStatements=\"1\" TotalStatements=\"2\" ReportType=\"DetailedXml\" \
         DotCoverVersion=\"2024.1\">\n<FileIndices><File Index=\"1\" Name=\"C:\\w\\a.cs\"/><File Index=\"2\" \
         Name=\"C:\\w\\b.cs\"/></FileIndices>\n{body}\n</Root>\n"
    )
}

fn statement(file: u32, line: u32, end: u32, covered: bool) -> String {
    let covered = if covered { "True" } else { "False" };
    format!(
        "<Statement FileIndex=\"{file}\" Line=\"{line}\" Column=\"1\" EndLine=\"{end}\" EndColumn=\"9\" Covered=\"{covered}\" />\n"
    )
}

fn method(name: &str, statements: &str) -> String {
    format!(
        "<Assembly Name=\"A\"><Namespace Name=\"N\"><Type Name=\"T\"><Method Name=\"{name}\">\n{statements}</Method></Type>\
         </Namespace></Assembly>\n"
    )
}

#[test]
fn statements_lines_and_methods() {
    let inner = format!(
        "<Type Name=\"T\"><Type Name=\"Inner\"><Method Name=\"M\">{}</Method></Type><Method Name=\"M\">{}{}\
         <AnonymousMethod Name=\"L\">{}</AnonymousMethod></Method><Method Name=\"Empty\"/></Type>",
        statement(1, 5, 5, false),
        statement(1, 5, 5, true),
        statement(1, 5, 5, true),
        statement(2, 1, 3, false)
    );
    let mut reading = try_read(&report(&format!("<Assembly Name=\"A\">{inner}</Assembly>"))).unwrap();
    let expected = [
        ("C:\\w\\a.cs".to_owned(), [(1, 1), (0, 0), (1, 2), (2, 3)]),
        ("C:\\w\\b.cs".to_owned(), [(0, 3), (0, 0), (0, 1), (0, 1)]),
    ];
    assert_eq!(testing::counts(&mut reading), expected);
}

#[test]
fn a_file_in_two_assemblies_is_one() {
    let of = |covered| method("M", &format!("{}{}", statement(1, 5, 5, covered), statement(1, 7, 7, false)));
    let mut reading = try_read(&report(&format!("{}{}", of(false), of(true).replace("\"A\"", "\"B\"")))).unwrap();
    assert_eq!(testing::counts(&mut reading), [("C:\\w\\a.cs".to_owned(), [(1, 2), (0, 0), (1, 1), (1, 2)])]);
}

#[test]
fn totals_are_compared_and_never_used() {
    let of = |covered, all| {
        let one = method("M", &format!("{}{}", statement(1, 5, 5, true), statement(1, 6, 6, false)));
        let declared = format!("<Assembly CoveredStatements=\"{covered}\" TotalStatements=\"{all}\" ");
        try_read(&report(&one.replace("<Assembly ", &declared))).unwrap().disagreements
    };
    assert_eq!(of(1, 2).count, 0);
    let worst = of(9, 9).worst;
    assert_eq!(worst.len(), 1);
    assert_eq!(
        (worst[0].path.as_str(), worst[0].total, worst[0].declared, worst[0].counted),
        ("A", "CoveredStatements", 9, 1)
    );
    let more = report(&method("M", &statement(1, 5, 5, true)));
    assert_eq!(try_read(&more).unwrap().disagreements.worst[0].path, "the whole report");
}

#[test]
fn reports_without_statements_are_refused() {
    let plain = "<Root CoveredStatements=\"3\" TotalStatements=\"4\" CoveragePercent=\"75\" ReportType=\"Xml\" \
                 DotCoverVersion=\"2024.1\"><Assembly Name=\"A\" CoveredStatements=\"3\" TotalStatements=\"4\"><Type Name=\"T\">\
                 <Method Name=\"M\" CoveredStatements=\"3\" TotalStatements=\"4\"/></Type></Assembly></Root>";
    for text in [plain.to_owned(), report(&method("M", ""))] {
        let message = try_read(&text).unwrap_err();
        assert!(
            message.starts_with("dotcover.xml: lists no statement") && message.contains("--reportType=DetailedXML")
        );
    }
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    let good = statement(1, 5, 6, true);
    for (text, word) in [
        (good.replace(" Covered=\"True\"", ""), "a Statement needs"),
        (good.replace("\"True\"", "\"Maybe\""), "a Statement needs"),
        (good.replace(" FileIndex=\"1\"", ""), "a Statement needs"),
        (good.replace("FileIndex=\"1\"", "FileIndex=\"9\""), "FileIndices does not list"),
        (good.replace(" Line=\"5\"", ""), "a Statement needs"),
        (good.replace(" Line=\"5\"", " Line=\"5.5\""), "a Statement needs"),
        (good.replace(" Line=\"5\"", " Line=\"7\""), "ends before it begins"),
        (good.replace("EndLine=\"6\"", "EndLine=\"200000\""), "more than 100,000 lines"),
        (good.replace("EndLine=\"6\"", "EndLine=\"99999999999999999999\""), "a Statement needs"),
    ] {
        let mut reading = try_read(&report(&method("M", &format!("{}{text}", statement(1, 1, 1, true))))).unwrap();
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(message.contains(word) && line == 6, "{text}: {message} in line {line}");
        assert_eq!(testing::counts(&mut reading)[0].1[3], (1, 1), "{text}");
    }
    let zero = good.replace(" Line=\"5\"", " Line=\"0\"");
    let reading = try_read(&report(&method("M", &format!("{good}{zero}")))).unwrap();
    assert_eq!((reading.malformed.count, reading.oddities.line_zero), (0, 1));
    let control = report(&method("M", &good)).replace("a.cs", "a&#27;.cs").replace("Index=\"2\"", "Index=\"x\"");
    assert_eq!(try_read(&control).unwrap().malformed.count, 2);
}

#[test]
fn damage_is_refused() {
    testing::damaged_xml(NAME, "Root", &report(&method("M", &statement(1, 5, 6, true))));
}

type Methods = Vec<Vec<(u32, u32, u32, bool)>>;

fn methods() -> impl Strategy<Value = Methods> {
    let statement = (1_u32..3, 1_u32..60, 0_u32..5, any::<bool>());
    prop::collection::vec(prop::collection::vec(statement, 1..12), 1..8)
}

proptest! {
    #[test]
    fn a_slow_recount_agrees(methods in methods()) {
        let mut text = String::new();
        let mut lines: BTreeMap<u32, [BTreeSet<u32>; 2]> = BTreeMap::new();
        let mut sums: BTreeMap<u32, [Counts; 2]> = BTreeMap::new();
        for (i, statements) in methods.iter().enumerate() {
            let _ = write!(text, "<Type Name=\"T{i}\"><Method Name=\"M\">");
            for (file, line, more, covered) in statements {
                text += &statement(*file, *line, line + more, *covered);
                let set = lines.entry(*file).or_default();
                set[1].extend(*line..=line + more);
                if *covered {
                    set[0].extend(*line..=line + more);
                }
                let statements = &mut sums.entry(*file).or_default()[1];
                statements.0 += u64::from(*covered);
                statements.1 += 1;
            }
            text += "</Method></Type>";
            let functions = &mut sums.entry(statements[0].0).or_default()[0];
            functions.0 += u64::from(statements.iter().any(|statement| statement.3));
            functions.1 += 1;
        }
        let expected: Vec<_> = sums
            .iter()
            .map(|(file, [functions, statements])| {
                let [hit, all] = &lines[file];
                let name = if *file == 1 { "C:\\w\\a.cs" } else { "C:\\w\\b.cs" };
                (name.to_owned(), [(hit.len() as u64, all.len() as u64), (0, 0), *functions, *statements])
            })
            .collect();
        prop_assert_eq!(testing::counts(&mut try_read(&report(&text)).unwrap()), expected.clone());
        prop_assert_eq!(testing::counts(&mut try_read(&report(&format!("{text}{text}"))).unwrap()), expected);
    }

    #[test]
    fn any_attributes_come_back(line in "[-0-9a-z.]{0,12}", end in "[-0-9]{0,12}", file in "[-0-9]{0,3}") {
        let text = format!("<Statement FileIndex=\"{file}\" Line=\"{line}\" EndLine=\"{end}\" Covered=\"True\"/>");
        let _comes_back = try_read(&report(&method("M", &text))).map(|mut reading| reading.take_files());
    }
}
