//! What Clover reports say, checked by hand and against the model they were written from.

mod damage;
mod model;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("clover.xml", "Clover XML", bytes)
}

/// Reads what stands in the project of a report.
fn read(body: &str) -> Reading {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<coverage generated=\"1\"><project timestamp=\"1\">{body}</project></coverage>"
    );
    try_read(text.as_bytes()).unwrap()
}

/// Reads what stands in the file `a.js`.
fn of_file(lines: &str) -> Reading {
    read(&format!("<file name=\"a.js\">{lines}</file>"))
}

/// Lines, branches, functions and statements of the file `a.js`.
fn counts(lines: &str) -> [Counts; 4] {
    let counts = testing::counts(&mut of_file(lines));
    assert_eq!(counts.len(), 1);
    counts[0].1
}

/// What is off, and by which total.
fn disagreements(reading: &Reading) -> Vec<(&str, &str, u64, u64)> {
    reading.disagreements.worst.iter().map(|d| (d.path.as_str(), d.total, d.declared, d.counted)).collect()
}

fn metrics(statements: (u32, u32), conditionals: (u32, u32), methods: u32, elements: u32) -> String {
    format!(
        "<metrics complexity=\"0\" elements=\"{elements}\" statements=\"{}\" coveredstatements=\"{}\" \
         conditionals=\"{}\" coveredconditionals=\"{}\" methods=\"{methods}\" coveredmethods=\"77\"/>",
        statements.1, statements.0, conditionals.1, conditionals.0
    )
}

const LINE: &str = "<line num=\"1\" type=\"stmt\" count=\"1\"/>";

#[test]
fn istanbul_tells_how_many_branches_were_taken() {
    let lines = "<line num=\"1\" count=\"3\" type=\"stmt\"/>\
        <line num=\"2\" count=\"3\" type=\"cond\" truecount=\"1\" falsecount=\"2\"/>\
        <line num=\"3\" count=\"0\" type=\"cond\" truecount=\"0\" falsecount=\"1\"/>";
    assert_eq!(counts(lines), [(2, 3), (1, 4), (0, 0), (2, 3)]);
    // By Clover's rule lines 2 and 3 would have been hit. Methods and branches are not listed as they are declared.
    let declared = metrics((2, 3), (5, 9), 4, 16);
    assert_eq!(of_file(&format!("{declared}{lines}")).disagreements.count, 0);
    let wrong = of_file(&format!("{}{lines}", metrics((1, 9), (0, 0), 0, 9)));
    assert_eq!(disagreements(&wrong), [("a.js", "statements", 9, 3)]);
}

#[test]
fn clover_tells_how_often_each_way_was_gone() {
    let lines = "<line num=\"1\" type=\"method\" count=\"7\" signature=\"f() : void\" visibility=\"public\"/>\
        <line num=\"2\" type=\"stmt\" count=\"7\"/><line num=\"2\" type=\"cond\" truecount=\"5\" falsecount=\"2\"/>\
        <line num=\"2\" type=\"cond\" truecount=\"4\" falsecount=\"0\"/>\
        <line num=\"3\" type=\"cond\" truecount=\"0\" falsecount=\"0\"/>\
        <line num=\"4\" type=\"cond\" truecount=\"0\" falsecount=\"184467440737095516150\"/>";
    let expected = [(3, 4), (4, 8), (1, 1), (1, 1)];
    assert_eq!(counts(lines), expected);
    let (declared, wrong) = (metrics((1, 1), (4, 8), 1, 10), metrics((1, 1), (4, 9), 2, 10));
    assert_eq!(of_file(&format!("{declared}{lines}")).disagreements.count, 0);
    assert_eq!(disagreements(&of_file(&format!("{wrong}{lines}"))), [("a.js", "conditionals", 9, 8)]);
    assert_eq!(counts(&format!("{lines}{declared}")), expected, "metrics may come last");
}

#[test]
fn report_generator_is_known_by_its_metrics() {
    let lines = "<line signature=\"F()\" num=\"1\" count=\"1\" type=\"method\" /><line num=\"2\" count=\"1\" type=\"stmt\" />\
        <line falsecount=\"2\" truecount=\"3\" num=\"3\" type=\"cond\" />\
        <line falsecount=\"2\" truecount=\"0\" num=\"4\" type=\"cond\" />";
    let declared = metrics((9, 9), (3, 9), 3, 9);
    for lines in [format!("{declared}{lines}"), format!("{lines}{declared}")] {
        assert_eq!(counts(&lines), [(3, 4), (3, 7), (1, 1), (2, 3)]);
        // It adds up classes, which may share lines.
        assert_eq!(of_file(&lines).disagreements.count, 0);
    }
}

#[test]
fn the_files_of_one_report_may_be_told_in_different_ways() {
    let cond = "<line num=\"3\" type=\"cond\" truecount=\"1\" falsecount=\"1\"/>";
    let file = |name: &str, metrics: &str, lines: &str| format!("<file name=\"{name}\">{metrics}{lines}</file>");
    let body = [
        file("clover", &metrics((0, 0), (2, 2), 0, 2), cond),
        file("generated", &metrics((2, 2), (1, 2), 0, 2), cond),
        file("untold", "", cond),
        file("istanbul", "", "<line num=\"3\" count=\"1\" type=\"cond\" truecount=\"1\" falsecount=\"1\"/>"),
    ];
    let branches: Vec<_> =
        testing::counts(&mut read(&body.concat())).into_iter().map(|(_, counts)| counts[1]).collect();
    assert_eq!(branches, [(2, 2), (1, 2), (1, 2), (2, 2)], "in order of name: clover, generated, istanbul, untold");
}

#[test]
fn lines_of_methods_are_lines() {
    let lines = "<line num=\"48\" type=\"method\" name=\"__construct\" visibility=\"public\" complexity=\"1\" crap=\"1\" \
        count=\"95\"/><line num=\"50\" type=\"stmt\" count=\"95\"/><line num=\"63\" type=\"method\" name=\"get\" count=\"0\"/>\
        <class name=\"X\" namespace=\"A\"><metrics statements=\"99\"/></class>";
    assert_eq!(counts(lines), [(2, 3), (0, 0), (1, 2), (1, 1)]);
    // To PHPUnit a method is covered if all of it is, which is another number.
    assert_eq!(of_file(&format!("{lines}{}", metrics((1, 1), (0, 0), 2, 3))).disagreements.count, 0);
    let wrong = of_file(&format!("{lines}{}", metrics((1, 1), (0, 0), 5, 6)));
    assert_eq!(disagreements(&wrong), [("a.js", "methods", 5, 2)]);
}

#[test]
fn a_line_may_hold_several_statements_and_is_one_line() {
    let lines = "<line num=\"8\" type=\"stmt\" count=\"0\"/><line num=\"9\" type=\"stmt\" count=\"0\"/>\
                 <line num=\"8\" type=\"stmt\" count=\"2\"/>";
    assert_eq!(counts(lines), [(1, 2), (0, 0), (0, 0), (1, 3)]);
    // The same file again, as in a report that was put together, is one file.
    let other = lines.replace("num=\"9\" type=\"stmt\" count=\"0\"", "num=\"9\" type=\"stmt\" count=\"1\"");
    let both = testing::counts(&mut read(&format!("<file name=\"a\">{lines}</file><file name=\"a\">{other}</file>")));
    assert_eq!(both, [("a".to_owned(), [(2, 2), (0, 0), (0, 0), (2, 3)])]);
}

#[test]
fn what_is_listed_twice_is_united() {
    let file = |count: u32, yes: u32, no: u32| {
        format!(
            "<file path=\"a\"><line num=\"1\" type=\"method\" name=\"f\" count=\"{count}\"/>\
             <line num=\"2\" type=\"cond\" truecount=\"{yes}\" falsecount=\"{no}\"/></file>"
        )
    };
    let united = testing::counts(&mut read(&[file(0, 5, 0), file(1, 0, 0)].concat()));
    assert_eq!(united, [("a".to_owned(), [(2, 2), (1, 2), (1, 1), (0, 0)])]);
    let united = testing::counts(&mut read(&[file(0, 5, 0), file(0, 0, 3)].concat()));
    assert_eq!(united[0].1[1], (2, 2), "each way was gone by one of them");
}

#[test]
fn the_path_is_what_looks_like_one() {
    for (attributes, expected) in [
        ("name=\"a.js\" path=\"/x/src/a.js\"", "/x/src/a.js"),
        ("path=\"C:\\src\\a.cs\" name=\"a.cs\"", "C:\\src\\a.cs"),
        ("name=\"/var/www/a.php\"", "/var/www/a.php"),
        ("path=\"src/a.js\"", "src/a.js"),
        ("name=\"src/a.js\" path=\"a.js\"", "src/a.js"),
        ("name=\"other.js\" path=\"src/a.js\"", "src/a.js"),
        ("name=\"x/other.js\" path=\"src/a.js\"", "src/a.js"),
        ("name=\"a.js\" path=\"src/\"", "src/a.js"),
        ("name=\"a.js\" path=\"\"", "a.js"),
        ("name=\"main.cpp\" path=\"main.cpp\"", "main.cpp"),
        ("name=\"a &amp; &#xE9;.js\"", "a & é.js"),
    ] {
        let files = read(&format!("<package name=\"x.y\"><file {attributes}>{LINE}</file></package>")).take_files();
        assert_eq!(files[0].0, expected, "{attributes}");
    }
}

#[test]
fn test_code_counts_and_the_file_that_is_none_does_not() {
    let text = format!(
        "<coverage clover=\"3\"><project>{one}<package name=\"p\"><file name=\"a\">{LINE}</file></package></project>\
         <testproject>{one}<package name=\"p\"><file name=\"t\">{LINE}</file>\
         <file name=\"dummy\" path=\"dummy\"><metrics statements=\"0\"/></file></package></testproject></coverage>",
        one = metrics((1, 1), (0, 0), 0, 1)
    );
    let mut reading = try_read(text.as_bytes()).unwrap();
    assert_eq!(reading.disagreements.count, 0, "each project declares its own");
    let names: Vec<_> = reading.take_files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["a", "t"]);
}

#[test]
fn declared_totals_are_compared_and_never_used() {
    let body = format!(
        "{}<package name=\"p\"><metrics statements=\"500\"/><file name=\"a\">{LINE}</file>\
         <file name=\"b\"><metrics statements=\"4\" coveredstatements=\"4\"/></file></package>\
         <file name=\"types\"><metrics statements=\"0\" methods=\"0\"/></file>",
        metrics((9, 9), (0, 0), 0, 9)
    );
    let mut reading = read(&body);
    assert_eq!(disagreements(&reading), [("the whole report", "statements", 9, 1), ("b", "statements", 4, 0)]);
    assert_eq!(reading.sums().statements, (1, 1));
    let unlisted: Vec<_> = reading.take_files().iter().map(|(_, file)| file.is_unlisted()).collect();
    assert_eq!(unlisted, [false, true, false]);
}

#[test]
fn it_is_known_by_what_it_holds() {
    let project = format!("<project><file name=\"a\">{LINE}</file></project>");
    let project = project.as_str();
    for (root, body) in [
        ("clover=\"3.2.0\"", project),
        ("generated=\"1\"", project),
        ("", project),
        ("clover=\"3\"", &project[9..project.len() - 10]),
    ] {
        let text = format!("<coverage {root}>{body}</coverage>");
        assert_eq!(try_read(text.as_bytes()).unwrap().sums().lines, (1, 1), "{text}");
    }
    let clover = crate::formats::FORMATS.iter().find(|format| format.name == "Clover XML").unwrap();
    for other in [
        "<coverage line-rate=\"1\"><packages><package name=\"p\"/></packages></coverage>",
        "<coverage version=\"1\"><file path=\"a\"><lineToCover lineNumber=\"1\" covered=\"true\"/></file></coverage>",
        "<report name=\"r\"><package name=\"p\"/></report>",
        "<CoverageSession><Modules/></CoverageSession>",
    ] {
        assert!(!(clover.detect)(&crate::formats::Sniff::new(other.as_bytes())), "{other}");
    }
}
