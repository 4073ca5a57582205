//! Damaged and hostile reports.

use super::{HEAD, LINE, of_file, read, try_read};
use crate::formats::testing;

fn refused(bytes: &[u8]) -> String {
    try_read(bytes).map(|_| ()).unwrap_err()
}

#[test]
fn odd_numbers_are_counted_or_skipped_and_told() {
    let mut reading = of_file(
        "<line nr=\"1\" mi=\"1\" ci=\"-5\"/><line nr=\"0\" ci=\"1\"/><line nr=\"-3\" ci=\"1\"/>\
         <line nr=\"undefined\" ci=\"1\"/><line nr=\"2\" mi=\"0\" ci=\"NaN\"/><line nr=\"3\" mi=\"0\" ci=\"1.5\"/>\
         <line nr=\" 4 \" mi=\"0\" ci=\"99999999999999999999999\"/><news a=\"b\"><line nr=\"9\" ci=\"1\"/></news>",
    );
    let odd = reading.oddities;
    assert_eq!((odd.negative, odd.undefined, odd.line_zero, odd.unknown), (1, 2, 2, 1));
    assert_eq!(reading.malformed.count, 0);
    assert_eq!(testing::lines(&mut reading, "p/F.java"), [(1, false), (2, false), (3, true), (4, true)]);
}

#[test]
fn senseless_records_are_named_by_line_and_not_counted() {
    let file = format!("<sourcefile name=\"F.java\">{LINE}</sourcefile>");
    for body in [
        "\n<line nr=\"1\" ci=\"1\"/>",
        "\n<package name=\"p\"><line nr=\"1\" ci=\"1\"/></package>",
        "\n<package><sourcefile name=\"F.java\"/></package>",
        "\n<package name=\"a&#10;b\"/>",
        "\n<package name=\"p\"><sourcefile><line nr=\"1\"/></sourcefile></package>",
        "\n<package name=\"p\"><sourcefile name=\"\"/></package>",
        "\n<package name=\"p\"><sourcefile name=\"a&#7;b\"/></package>",
        "\n<package name=\"p\"><package name=\"q\"><sourcefile name=\"F.java\"/></package></package>",
        "\n<package name=\"p\"><group name=\"q\"/></package>",
        "\n<package name=\"p\"><method name=\"f\"/></package>",
        "\n<package name=\"p\"><class sourcefilename=\"F.java\"/></package>",
        "\n<group/>",
        "\n<class name=\"A\"/>",
        "\n<sourcefile name=\"F.java\"/>",
        "\n<counter type=\"LINE\" missed=\"x\" covered=\"1\"/>",
        "\n<counter type=\"LINE\" missed=\"1\"/>",
        "\n<counter type=\"LINE\" missed=\"1\" covered=\"4294967296\"/>",
        "\n<counter missed=\"1\" covered=\"1\"/>",
    ] {
        let reading = read(&format!("{body}<package name=\"p\">{file}</package>"));
        assert_eq!(reading.malformed.count, 1, "{body}");
        assert_eq!(reading.malformed.first.as_ref().map(|(line, _)| *line), Some(2), "{body}");
        assert_eq!((reading.len(), reading.sums().lines), (1, (1, 1)), "{body}");
    }
    for line in [
        "<line/>",
        "<line nr=\"x\" ci=\"1\"/>",
        "<line nr=\"1.5\" ci=\"1\"/>",
        "<line nr=\"2147483648\" ci=\"1\"/>",
        "<line nr=\"1\" ci=\"x\"/>",
        "<line nr=\"1\" ci=\"1\" mb=\"-1\"/>",
        "<line nr=\"1\" ci=\"1\" mb=\"1.5\"/>",
        "<line nr=\"1\" ci=\"1\" cb=\"100001\"/>",
        "<line nr=\"1\" ci=\"1\" cb=\"18446744073709551615\" mb=\"18446744073709551615\"/>",
    ] {
        let reading = of_file(line);
        assert_eq!((reading.malformed.count, reading.sums().lines), (1, (0, 0)), "{line}");
    }
}

#[test]
fn what_is_no_whole_report_is_refused() {
    let whole = format!(
        "{HEAD}<report name=\"r\">\n<package name=\"p\"><sourcefile name=\"F\">{LINE}</sourcefile></package></report>"
    );
    for length in (HEAD.len() + 40..whole.len()).step_by(7) {
        let message = refused(&whole.as_bytes()[..length]);
        assert!(message.starts_with("jacoco.xml:2: cut short"), "{message}");
    }
    for (text, word) in [
        (format!("{HEAD}<report name=\"r\"><package name=\"p\"></report>"), "the end of `report`"),
        (format!("{whole}<report/>"), "a second root element"),
        (format!("{HEAD}<report name=\"r\"></report>"), "JaCoCo XML that names no file"),
        (
            format!(
                "{HEAD}<report name=\"r\"><group name=\"g\"><counter type=\"LINE\" missed=\"1\" covered=\"1\"/></group></report>"
            ),
            "names no file",
        ),
        ("<report><violation/></report>".to_owned(), "is XML of no known kind"),
    ] {
        let message = refused(text.as_bytes());
        assert!(message.contains(word), "{message}");
    }
    let long = format!("{HEAD}<report name=\"r\"><package name=\"{}\"/></report>", "x".repeat(10_000_000));
    assert!(refused(long.as_bytes()).contains("longer than"));
}

#[test]
fn entities_are_neither_fetched_nor_expanded() {
    let entities = "<!DOCTYPE report [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                    <!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    for entity in ["&b;", "&e;"] {
        let text = format!("{entities}<report name=\"r\"><package name=\"{entity}\"/></report>");
        let message = refused(text.as_bytes());
        assert!(message.contains("jacoco.xml:1: a reference to the entity"), "{message}");
    }
}

#[test]
fn branches_cannot_take_memory_without_bound() {
    let lines: String = (1..300).map(|nr| format!("<line nr=\"{nr}\" ci=\"1\" mb=\"0\" cb=\"100000\"/>")).collect();
    let reading = of_file(&lines);
    assert!(reading.malformed.count > 250 && reading.sums().branches.1 < 1_100_000);
}

#[test]
fn encodings_and_line_ends() {
    let text = format!(
        "<report name=\"r\">\n<package name=\"p\">\n<sourcefile name=\"\u{e9}&amp;.java\">\n{LINE}\n</sourcefile></package></report>"
    );
    let crlf = text.replace('\n', "\r\n");
    for bytes in [text.clone().into_bytes(), crlf.clone().into_bytes(), format!("\u{FEFF}{crlf}").into_bytes()] {
        let counts = testing::counts(&mut try_read(&bytes).unwrap());
        assert_eq!(counts, [("p/\u{e9}&.java".to_owned(), [(1, 1), (0, 0), (0, 0), (0, 0)])]);
    }
    let mut latin = text.into_bytes();
    let at = latin.iter().position(|byte| *byte == 0xC3).unwrap();
    latin.splice(at..at + 2, [0xE9]);
    assert_eq!(try_read(&latin).unwrap().take_files()[0].0, "p/\u{FFFD}&.java");
}
