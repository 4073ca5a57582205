//! Damaged and hostile reports.

use super::{LINE, of_file, read, try_read};
use crate::formats::testing;

fn refused(bytes: &[u8]) -> String {
    try_read(bytes).map(|_| ()).unwrap_err()
}

#[test]
fn odd_numbers_are_counted_or_skipped_and_told() {
    let mut reading = of_file(
        "<line num=\"1\" type=\"stmt\" count=\"-5\"/><line num=\"0\" type=\"stmt\" count=\"1\"/>\
         <line num=\"-3\" type=\"stmt\" count=\"1\"/><line num=\"undefined\" type=\"stmt\" count=\"1\"/>\
         <line num=\"2\" type=\"stmt\" count=\"NaN\"/><line num=\"3\" type=\"stmt\" count=\"1.5\"/>\
         <line num=\" 4 \" type=\"stmt\" count=\"99999999999999999999999\"/><line num=\"5\" type=\"switch\" count=\"1\"/>\
         <news><line num=\"9\" type=\"stmt\" count=\"1\"/></news>\
         <line num=\"6\" type=\"cond\" truecount=\"-1\" falsecount=\"1e3\"/>",
    );
    let odd = reading.oddities;
    assert_eq!((odd.negative, odd.undefined, odd.line_zero, odd.unknown), (2, 2, 2, 2));
    assert_eq!((reading.malformed.count, reading.sums().branches), (0, (1, 2)));
    assert_eq!(testing::lines(&mut reading, "a.js"), [(1, false), (2, false), (3, true), (4, true), (6, true)]);
}

#[test]
fn senseless_records_are_named_by_line_and_not_counted() {
    for body in [
        LINE.to_owned(),
        "<package name=\"p\"><package name=\"q\"/></package>".to_owned(),
        format!("<project><file name=\"x\">{LINE}</file></project>"),
        format!("<file><line/>{LINE}</file>"),
        format!("<file name=\" \">{LINE}</file>"),
        format!("<file name=\"a&#10;b\">{LINE}</file>"),
        format!("<file name=\"a\" path=\"/b\nc/a\">{LINE}</file>"),
        format!("<class name=\"A\"><file name=\"x\">{LINE}</file></class>"),
        "<class name=\"A\"><class name=\"B\"/></class>".to_owned(),
        "<metrics statements=\"-1\"/>".to_owned(),
    ] {
        let reading = read(&format!("\n{body}<file name=\"a\">{LINE}</file>"));
        assert_eq!(reading.malformed.count, 1, "{body}");
        assert_eq!(reading.malformed.first.as_ref().map(|(line, _)| *line), Some(3), "{body}");
        assert_eq!((reading.len(), reading.sums().lines), (1, (1, 1)), "{body}");
    }
    for line in [
        "<line/>",
        "<line num=\"1\" count=\"1\"/>",
        "<line type=\"stmt\" count=\"1\"/>",
        "<line num=\"1\" type=\"stmt\"/>",
        "<line num=\"1\" type=\"method\"/>",
        "<line num=\"x\" type=\"stmt\" count=\"1\"/>",
        "<line num=\"2147483648\" type=\"stmt\" count=\"1\"/>",
        "<line num=\"1\" type=\"stmt\" count=\"many\"/>",
        "<line num=\"1\" type=\"cond\"/>",
        "<line num=\"1\" type=\"cond\" truecount=\"1\"/>",
        "<line num=\"1\" type=\"cond\" count=\"1\"/>",
        "<line num=\"1\" type=\"cond\" count=\"1\" truecount=\"100001\" falsecount=\"0\"/>",
        "<line num=\"1\" type=\"cond\" count=\"1\" truecount=\"1\" falsecount=\"18446744073709551615\"/>",
        "<file name=\"b\"/>",
        "<package name=\"b\"/>",
    ] {
        let reading = of_file(line);
        assert_eq!((reading.malformed.count, reading.sums().lines), (1, (0, 0)), "{line}");
    }
}

#[test]
fn what_is_no_whole_report_is_refused() {
    let whole = format!("<coverage clover=\"3\">\n<project><file name=\"a\">{LINE}</file></project></coverage>");
    for length in (40..whole.len()).step_by(5) {
        let message = refused(&whole.as_bytes()[..length]);
        assert!(message.starts_with("clover.xml:2: cut short"), "{message}");
    }
    for (text, word) in [
        ("<coverage clover=\"3\"><project></coverage>".to_owned(), "the end of `coverage`"),
        (format!("{whole}junk"), "expected nothing but tags behind the root element"),
        ("<coverage clover=\"3\"></coverage>".to_owned(), "Clover XML that names no file"),
        ("<coverage><project><metrics files=\"0\"/></project></coverage>".to_owned(), "Clover XML that names no file"),
        (
            format!("<coverage clover=\"3\"><project><file name=\"{}\"/></project></coverage>", "x".repeat(10_000_000)),
            "longer than",
        ),
    ] {
        let message = refused(text.as_bytes());
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn entities_are_neither_fetched_nor_expanded() {
    let entities = "<!DOCTYPE coverage [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                    <!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    for entity in ["&b;", "&e;"] {
        let text = format!("{entities}<coverage clover=\"3\"><project><file name=\"{entity}\"/></project></coverage>");
        let message = refused(text.as_bytes());
        assert!(message.contains("clover.xml:1: a reference to the entity"), "{message}");
    }
}

#[test]
fn branches_cannot_take_memory_without_bound() {
    let line =
        |num: u32| format!("<line num=\"{num}\" count=\"1\" type=\"cond\" truecount=\"100000\" falsecount=\"0\"/>");
    let reading = of_file(&(1..300).map(line).collect::<String>());
    assert!(reading.malformed.count > 250 && reading.sums().branches.1 < 1_100_000);
    // By ReportGenerator's rule it is known at the end of the file alone that a line has too many.
    let line = |num: u32| format!("<line num=\"{num}\" type=\"cond\" truecount=\"100001\" falsecount=\"0\"/>");
    let reading = of_file(&format!("<metrics elements=\"1\" statements=\"1\" conditionals=\"1\"/>{}{LINE}", line(7)));
    assert_eq!((reading.malformed.count, reading.sums().lines), (1, (1, 1)));
}

#[test]
fn encodings_and_line_ends() {
    let text = format!("<coverage>\n<project>\n<file name=\"\u{e9}.php\">\n{LINE}\n</file></project></coverage>");
    let crlf = text.replace('\n', "\r\n");
    for bytes in [text.clone().into_bytes(), crlf.clone().into_bytes(), format!("\u{FEFF}{crlf}").into_bytes()] {
        let counts = testing::counts(&mut try_read(&bytes).unwrap());
        assert_eq!(counts, [("\u{e9}.php".to_owned(), [(1, 1), (0, 0), (0, 0), (1, 1)])]);
    }
    let mut latin = text.into_bytes();
    let at = latin.iter().position(|byte| *byte == 0xC3).unwrap();
    latin.splice(at..at + 2, [0xE9]);
    assert_eq!(try_read(&latin).unwrap().take_files()[0].0, "\u{FFFD}.php");
}
