//! Documents that are long, deep, or made to take long.

use std::fmt::Write as _;

use super::*;

fn scanner(text: String, most: usize) -> Scanner {
    let source = Source::new("r.xml", Box::new(Cursor::new(text)), u64::MAX);
    Scanner::new(Window::new(source, most).unwrap())
}

fn message(text: String) -> String {
    events(scanner(text, 1 << 20)).unwrap_err().to_string()
}

#[test]
fn long_pieces_do_not_fill_the_window() {
    let long = "é&amp; \u{1F600}\r\n- ] ? ".repeat(200_000);
    let text = format!("<!-- {long}--><?p {long}?><a>{long}<![CDATA[{long}]]><b/></a>");
    let mut scanner = scanner(text, 1 << 17);
    let (mut bytes, mut characters, mut pieces) = (0, String::new(), 0);
    while let Some(event) = scanner.next().unwrap() {
        if let Event::Text(piece) = event {
            assert!(piece.raw().len() <= 1 << 17);
            bytes += piece.raw().len();
            characters.push_str(&piece.text());
            pieces += 1;
        }
    }
    assert_eq!(bytes, 2 * long.len());
    assert!(pieces > 40);
    let plain = long.replace("\r\n", "\n");
    assert!(characters == plain.replace("&amp;", "&") + &plain, "a piece was cut where it may not be");
}

#[test]
fn depth_is_bounded() {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert_eq!(events(scanner(deep(256), 1 << 20)).unwrap().len(), 512);
    assert_eq!(message(deep(257)), "r.xml:1: elements are nested deeper than 256");
    assert_eq!(message("<a>\n".repeat(1_000_000)), "r.xml:257: elements are nested deeper than 256");
}

#[test]
fn attributes_are_bounded() {
    let many = |count: usize, last: &str| {
        let mut text = "<a".to_owned();
        for number in 0..count {
            write!(text, " a{number}='1'").unwrap();
        }
        text + last
    };
    assert_eq!(events(scanner(many(1_000, "/>"), 1 << 20)).unwrap().len(), 2);
    assert_eq!(message(many(1_001, "/>")), "r.xml:1: an element has more than 1000 attributes");
    for number in [0, 15, 16, 499] {
        let wanted = format!("r.xml:1: the attribute `a{number}` stands twice in one element");
        assert_eq!(message(many(500, &format!(" a{number}=''/>"))), wanted);
    }
}

#[test]
fn one_tag_and_one_doctype_are_bounded() {
    let wanted = "r.xml:2: a line or value here is longer than 1,048,576 bytes";
    let long = "x".repeat(1 << 20);
    for begin in
        ["<a>\n<a b='", "<a>\n<", "<a>\n</", "<a>\n<a b='&", "<a>\n<a ", "<a>\n&", "<a>\n&#", "\n<?", "\n<?xml a='"]
    {
        let text = format!("{begin}{}", if begin.ends_with('#') { "1".repeat(1 << 20) } else { long.clone() });
        assert!(message(text).starts_with(wanted), "{begin}");
    }
    let doctype = format!("\n<!DOCTYPE a [{}]><a/>", " ".repeat(1 << 16));
    assert_eq!(message(doctype), "r.xml:2: a DOCTYPE is longer than 65,536 bytes");
    let doctype = format!("\n<!DOCTYPE a [{}]><a/>", " ".repeat(65_000));
    assert_eq!(events(scanner(doctype, 1 << 20)).unwrap().len(), 2);
}

#[test]
fn lines_of_open_elements_outlive_the_window() {
    let text = format!("<a>\n\n<b>{}<c>\n</x>", "\n<i/>".repeat(100_000));
    assert_eq!(message(text.clone()), "r.xml:100004: the end of `x` where `c` of line 100003 is to be ended");
    let message = message(text.replace("</x>", "</c>\n</x>"));
    assert_eq!(message, "r.xml:100005: the end of `x` where `b` of line 3 is to be ended");
}
