//! Reports that are damaged, or made to harm.

use proptest::prelude::*;

use super::{class, only, read, report, try_read};

fn refused(bytes: &[u8]) -> String {
    try_read(bytes).map(|_| ()).unwrap_err()
}

#[test]
fn records_that_make_no_sense_are_named_by_line() {
    for (record, words) in [
        ("<line hits='1'/>", "a line needs a number and a count"),
        ("<line number='1'/>", "a line needs a number and a count"),
        ("<line number='' hits='1'/>", "a line needs a number and a count"),
        ("<line number='x' hits='1'/>", "a line needs a number and a count"),
        ("<line number='1.5' hits='1'/>", "a line needs a number and a count"),
        ("<line number='4294967297' hits='1'/>", "a line needs a number and a count"),
        ("<line number='1' hits=''/>", "a line needs a number and a count"),
        ("<line number='1' hits='many'/>", "a line needs a number and a count"),
        ("<line number='1' hits='1' condition-coverage='half'/>", "has to be like \"50% (1/2)\""),
        ("<line number='1' hits='1' condition-coverage='50% (1'/>", "has to be like \"50% (1/2)\""),
        ("<line number='1' hits='1' condition-coverage='50% (1)'/>", "has to be like \"50% (1/2)\""),
        ("<line number='1' hits='1' condition-coverage='50% (a/b)'/>", "has to be like \"50% (1/2)\""),
        ("<line number='1' hits='1' condition-coverage='150% (3/2)'/>", "more branches are taken than there are"),
        (
            "<line number='1' hits='1' condition-coverage='0% (0/99999999999999999999)'/>",
            "no more than 100,000 branches",
        ),
        ("<class name='B' filename='b.c'/>", "a class stands within a class"),
        ("<method name='m'><method name='n'/></method>", "a method stands outside a class or within a method"),
    ] {
        let text =
            class(&format!("<lines>\n<line number='7' hits='1'/>\n{record}\n<line number='8' hits='0'/></lines>"));
        let reading = read(&text);
        let (line, message) = reading.malformed.first.clone().unwrap();
        assert!(reading.malformed.count == 1 && line == 3 && message.contains(words), "{record}: {line}: {message}");
        if record.starts_with("<line") {
            assert_eq!(only(&text)[0], (1, 2), "{record}");
        }
    }
    for (classes, words) in [
        ("<line number='1' hits='1'/>", "a line stands outside a class"),
        ("<method name='m'/>", "a method stands outside a class"),
        ("<class name='B'><lines><line number='1' hits='1'/></lines></class>", "a class needs the path of its file"),
        ("<class name='B' filename=''/>", "a class needs the path of its file"),
        ("<class name='B' filename='a&#10;b'/>", "a class needs the path of its file"),
        ("<class name='B' filename='a\nb'/>", "a class needs the path of its file"),
    ] {
        let mut reading = read(&report(classes));
        let (_, message) = reading.malformed.first.clone().unwrap();
        assert!(reading.malformed.count == 1 && message.contains(words), "{classes}: {message}");
        assert!(reading.take_files().is_empty());
    }
}

#[test]
fn damage_is_refused() {
    let whole = class("<lines><line number='1' hits='1'/></lines>");
    for end in (1..whole.len()).rev().take_while(|end| whole[..*end].contains("filename")) {
        let message = refused(&whole.as_bytes()[..end]);
        assert!(message.starts_with("coverage.xml") && message.contains("cut short"), "{message}");
    }
    for (text, words) in [
        (String::new(), "is empty"),
        ("<coverage line-rate='1'/>".to_owned(), "names no file"),
        (report(""), "names no file"),
        (whole.replace("</lines>", "</line>"), "`line`"),
        (whole.replace("'1'/>", "1/>"), "quotes"),
        (whole.replace("hits", "number"), "stands twice"),
        (format!("{whole}{whole}"), "second root element"),
        (whole.replace("<lines>", "<lines>\0"), "binary"),
        (
            format!("<!DOCTYPE coverage [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>{}", whole.replace("a.c", "&b;")),
            "not expanded",
        ),
        (
            format!("<!DOCTYPE coverage [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{}", whole.replace("a.c", "&x;")),
            "not expanded",
        ),
        (class(&"<a>".repeat(300)), "nested deeper"),
    ] {
        let message = refused(text.as_bytes());
        assert!(message.starts_with("coverage.xml") && message.contains(words), "{message}");
    }
    let long = whole.replace("a.c", &"x".repeat(10_000_000));
    assert!(refused(long.as_bytes()).contains("longer than 1,048,576 bytes"));
}

#[test]
fn one_long_line_is_fine() {
    let lines: String = (1..250_000).map(|line| format!("<line number='{line}' hits='{}'/>", line % 2)).collect();
    let text = class(&format!("<lines>{lines}</lines>"));
    assert!(text.len() > 6_000_000 && !text.contains('\n'));
    assert_eq!(only(&text)[0], (125_000, 249_999));
    let space = class(&format!("<lines>{}<line number='1' hits='1'/></lines>", " ".repeat(10_000_000)));
    assert_eq!(only(&space)[0], (1, 1));
}

#[test]
fn few_bytes_do_not_claim_many_branches() {
    let lines: String =
        (1..5_000).map(|line| format!("<line number='{line}' hits='1' condition-coverage='0% (0/100000)'/>")).collect();
    let text = class(&format!("<lines>{lines}</lines>"));
    let reading = read(&text);
    assert!(reading.malformed.count > 4_900, "{:?}", reading.malformed);
    assert!(reading.sums().branches.1 < 2_000_000);
}

#[test]
fn encodings_and_line_ends() {
    let text = format!(
        "<?xml version='1.0' encoding='utf-8'?>\n{}",
        class("\n<lines>\n<line number='1' hits='1'/>\n</lines>\n")
    );
    let expected = [(1, 1), (0, 0), (0, 0)];
    for text in [
        text.clone(),
        text.replace('\n', "\r\n"),
        format!("\u{FEFF}{text}"),
        format!("\n {text}"),
        text.replace(
            "<coverage",
            "<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\n<coverage",
        ),
        text.replace("<coverage ", "<coverage xmlns='urn:x' xmlns:c='urn:y' "),
    ] {
        assert_eq!(only(&text), expected, "{text}");
    }
    let path = |bytes: &[u8]| try_read(bytes).unwrap().take_files().remove(0).0;
    assert_eq!(path(text.replace("a.c", "ü&amp;b.c").as_bytes()), "ü&b.c");
    let invalid =
        text.replace("a.c", "#.c").bytes().map(|byte| if byte == b'#' { 0xFF } else { byte }).collect::<Vec<_>>();
    assert_eq!(path(&invalid), "\u{FFFD}.c");
    let latin = String::from_utf8_lossy(&invalid).replace("utf-8", "iso-8859-1").replace('\u{FFFD}', "#");
    assert_eq!(path(&latin.bytes().map(|byte| if byte == b'#' { 0xFC } else { byte }).collect::<Vec<_>>()), "ü.c");
}

proptest! {
    #[test]
    fn any_change_comes_back(at in 0_usize..400, byte in any::<u8>(), cut in 0_usize..400) {
        let text = class(
            "<methods><method name='m' hits='1'><lines><line number='1' hits='1'/></lines></method></methods>\
             <lines><line number='1' hits='1' branch='true' condition-coverage='50% (1/2)'/></lines>",
        );
        let mut bytes = text.into_bytes();
        let length = bytes.len();
        bytes[at % length] = byte;
        crate::fuzz("Cobertura XML", &bytes);
        crate::fuzz("Cobertura XML", &bytes[..cut % length]);
    }

    #[test]
    fn any_elements_come_back(inner in "(<(/?(class|lines?|methods?|source)|line number='[0-9u-]{0,3}' hits='[0-9.e-]{0,3}'/|class filename='[ab]?')>){0,30}") {
        crate::fuzz("Cobertura XML", class(&inner).as_bytes());
        crate::fuzz("Cobertura XML", report(&inner).as_bytes());
    }
}
