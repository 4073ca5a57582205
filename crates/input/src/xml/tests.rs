//! Each rule of the scanner; the window moves within most documents.

use std::io::Cursor;

use super::*;
use crate::Source;

mod bounds;
mod properties;

/// A scanner of `text` whose window is small at first.
fn small(text: impl AsRef<[u8]>, room: usize) -> Scanner {
    let source = Source::new("r.xml", Box::new(Cursor::new(text.as_ref().to_vec())), u64::MAX);
    Scanner::new(Window::with_room(source, 1 << 20, room).unwrap())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The events, one text each, or the error; pieces of text are joined.
fn events(mut scanner: Scanner) -> Result<Vec<String>, InputError> {
    let mut found: Vec<String> = Vec::new();
    let mut text = false;
    while let Some(event) = scanner.next()? {
        match event {
            Event::Text(piece) if text => found.last_mut().unwrap().push_str(&piece.text()),
            Event::Text(piece) => found.push(piece.text().into_owned()),
            Event::End(name) => found.push(format!("</{}>", lossy(name))),
            Event::Start(element) => {
                let attributes = element.attributes().map(|(name, value)| format!(" {}={}", lossy(name), value.text()));
                found.push(format!("<{}{}>", lossy(element.name()), attributes.collect::<String>()));
            }
        }
        text = matches!(event, Event::Text(_));
    }
    assert_eq!(scanner.depth(), 0);
    Ok(found)
}

/// The events in `text`, which are the same however the window moves.
fn read(text: impl AsRef<[u8]>) -> Result<Vec<String>, String> {
    let text = text.as_ref();
    let shown = |room| {
        events(small(text, room)).map_err(|e| {
            let message = e.to_string();
            message.strip_prefix("r.xml:").unwrap_or(&message).to_owned()
        })
    };
    let first = shown(1 << 12);
    for room in [3, 5, 8, 33, 64] {
        assert_eq!(shown(room), first, "room {room}: {}", text.escape_ascii());
    }
    first
}

fn joined(text: impl AsRef<[u8]>) -> String {
    read(text).unwrap().join("|")
}

#[test]
fn every_kind_of_event_is_handed_over() {
    let text = "\u{FEFF}  <?xml version='1.0' encoding=\"utf-8\" standalone='yes'?>\n<!DOCTYPE r SYSTEM 'no>where'>\n\
        <!-- before - --><r a='1' x:b = \"2>'\"\n>one <!-- - > --><?pi ?? > ?>two<e/><p:f\t></p:f ><![CDATA[<&]]]>\
        <![CDATA[]]></r >\n<?pi?><!---->\n";
    let wanted = "<r a=1 b=2>'>|one two|<e>|</e>|<f>|</f>|<&]|</r>";
    assert_eq!(joined(text), wanted);
}

#[test]
fn values_and_texts_are_decoded() {
    let cases: [(&[u8], &str); 11] = [
        (b"<a b='&lt;&gt;&amp;&quot;&apos;'>&lt;&gt;&amp;&quot;&apos;</a>", "<a b=<>&\"'>|<>&\"'|</a>"),
        (b"<a b='&#65;&#x42;&#x1F600;'>&#000065;&#x1b;</a>", "<a b=AB\u{1F600}>|A\u{1b}|</a>"),
        (b"<a b='&amp;lt;'>&amp;amp;</a>", "<a b=&lt;>|&amp;|</a>"),
        (b"<a b='1\r\n2\t3\n4\r5&#10;6'>1\r\n2\r3\t&#13;4</a>", "<a b=1 2 3 4 5\n6>|1\n2\n3\t\r4|</a>"),
        (b"<a><![CDATA[1\r\n2\r3&amp;]]></a>", "<a>|1\n2\n3&amp;|</a>"),
        ("<a b='é€'>é\u{1F600}</a>".as_bytes(), "<a b=é€>|é\u{1F600}|</a>"),
        (b"<a b='\xFF'>\xC3</a>", "<a b=\u{FFFD}>|\u{FFFD}|</a>"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xE9'>\x80&lt;</a>", "<a b=é>|\u{80}<|</a>"),
        (b"<?xml version='1.0' encoding='Windows-1252'?><a b='\xE9'>\x80&lt;</a>", "<a b=é>|€<|</a>"),
        (b"<?xml version='1.0' encoding='utf-16'?><a b='\xC3\xA9'/>", "<a b=é>|</a>"),
        (b"\xEF\xBB\xBF<?xml version='1.0' encoding='latin1'?><a b='\xC3\xA9'/>", "<a b=é>|</a>"),
    ];
    for (text, wanted) in cases {
        assert_eq!(joined(text), wanted, "{}", text.escape_ascii());
    }
}

#[test]
fn what_is_not_well_formed_is_named_with_its_line() {
    let cases: [(&str, &str); 43] = [
        ("", "1: the document has no element; have it written again"),
        (" \n<!-- a -->\n", "3: the document has no element; have it written again"),
        ("SF:a\n", "1: expected nothing but tags before the root element, found `S`"),
        ("<a/>\nx", "2: expected nothing but tags behind the root element, found `x`"),
        ("<a/>&amp;", "1: expected nothing but tags behind the root element, found `&`"),
        ("<a/>\n<b/>", "2: a second root element, `b`; give each document a file of its own"),
        ("<a/>\n<?xml version='1.0'?>", "2: a second XML declaration; give each document a file of its own"),
        ("<a><![CDATA[x]]></a><![CDATA[x]]>", "1: `<!` that begins no comment, nor a DOCTYPE or CDATA section where"),
        ("<a><!DOCTYPE a></a>", "1: `<!` that begins no comment, nor a DOCTYPE or CDATA section where it may stand"),
        ("<!DOCTYPE a><!DOCTYPE a><a/>", "1: `<!` that begins no comment, nor a DOCTYPE or CDATA section where"),
        ("<!DOCTYPE a <a/>", "1: `<` within a DOCTYPE, where nothing may begin"),
        ("<!DOCTYPE a [\n<a/>]>", "2: expected a declaration, found `<` and `a`"),
        ("<a>\n<b>\n</a>", "3: the end of `a` where `b` of line 2 is to be ended"),
        ("<p:a></q:a>", "1: the end of `q:a` where `p:a` of line 1 is to be ended"),
        ("</a>", "1: the end of `a`, which was not begun"),
        ("<a></a x>", "1: expected `>` at the end of a tag, found `x`"),
        ("<a></ a>", "1: expected a name, found ` `"),
        ("<a>1 < 2</a>", "1: expected a name, found ` `"),
        ("<1/>", "1: expected a name, found `1`"),
        ("<a$/>", "1: expected white space, `>` or `/>`, found `$`"),
        ("<a/ >", "1: expected white space, `>` or `/>`, found `/`"),
        ("<a / >", "1: expected a name, found `/`"),
        ("<a <b/></a>", "1: a tag that is not ended; expected `>` before the next `<`"),
        ("<a b/>", "1: expected `=` behind the name of an attribute, found `/`"),
        ("<a\nb=1/>", "2: expected the value of an attribute in quotes, found `1`"),
        ("<a b='1'c='2'/>", "1: expected white space, `>` or `/>`, found `c`"),
        ("<a b='1' c='2' b='3'/>", "1: the attribute `b` stands twice in one element"),
        ("<a b='<'/>", "1: `<` in the value of an attribute; expected `&lt;`, or the quote that ends it"),
        ("<a b='&'/>", "1: `&` that begins no reference; expected `&amp;`"),
        ("<a>x\n & y</a>", "2: `&` that begins no reference; expected `&amp;`"),
        (
            "<a>&nbsp;</a>",
            "1: a reference to the entity `nbsp`; entities other than `amp`, `lt`, `gt`, `quot` and `apos`",
        ),
        ("<a>&#;</a>", "1: expected digits and `;` behind `&#`, found `;`"),
        ("<a>&#xg;</a>", "1: expected digits and `;` behind `&#`, found `g`"),
        ("<a>&#0;</a>", "1: a reference to U+0000, which is no character"),
        ("<a>&#xD800;</a>", "1: a reference to U+D800, which is no character"),
        ("<a>&#99999999999999999999;</a>", "1: a reference to U+FFFFFFFF, which is no character"),
        ("<!-- a -- b --><a/>", "1: `--` within a comment; expected `-->`"),
        ("<? a?><a/>", "1: expected a name, found ` `"),
        ("<?a,?><a/>", "1: expected white space or `?>` behind the name of a processing instruction"),
        ("<?xml version='1.0' ><a/>", "1: expected a name, found `>`"),
        (
            "<?xml version='1.0' encoding='EUC-JP'?><a/>",
            "1: the encoding `EUC-JP` is not read; have the file written as",
        ),
        ("<a>\0</a>", "1: a NUL byte, which XML does not have; have the file written again, as UTF-8"),
        ("<\0a\0/\0>\0", "1: a NUL byte, which XML does not have; have the file written again, as UTF-8"),
    ];
    for (text, wanted) in cases {
        let message = read(text).expect_err(text);
        assert!(message.starts_with(wanted), "{text}: {message}");
    }
}

#[test]
fn a_document_cut_short_names_what_is_open() {
    let whole = "<a>\n<b c='1'>\n<!-- x --><![CDATA[y]]>text &lt;\n</b>\n</a>";
    for length in 1..whole.len() {
        let cut = &whole[..length];
        let message = read(cut).expect_err(cut);
        assert!(message.contains(": cut short: the document ends "), "{cut}: {message}");
    }
    let cases = [
        ("<a>\n<b>\n", "3: cut short: the document ends and `b` of line 2 is open; have it written again, whole"),
        ("<a>\n<b", "2: cut short: the document ends within markup that begins in line 2, and `a` of line 1 is open;"),
        ("<a>\n<!-- \n\n", "4: cut short: the document ends within a comment of line 2, and `a` of line 1 is open;"),
        ("<a>\n<![CDATA[ \n", "3: cut short: the document ends within a CDATA section of line 2, and `a` of line 1"),
        ("<a/>\n<?b\n", "3: cut short: the document ends within a processing instruction of line 2;"),
        ("<!DOCTYPE a [", "1: cut short: the document ends within markup that begins in line 1;"),
    ];
    for (text, wanted) in cases {
        let message = read(text).expect_err(text);
        assert!(message.starts_with(wanted), "{text}: {message}");
    }
}

#[test]
fn nothing_of_a_doctype_is_kept() {
    let text = "<!DOCTYPE r PUBLIC \"-//x > [\" 'y' [\n<!ENTITY a '>]\"'>\n<!-- don't ] > --><?pi ] ' ?>\n%p;\
        <!ATTLIST r x CDATA \"]>\" >\n] ><r/>";
    assert_eq!(joined(text), "<r>|</r>");
    let bomb = "<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>\n<r>&b;</r>";
    let wanted =
        "2: a reference to the entity `b`; entities other than `amp`, `lt`, `gt`, `quot` and `apos` are not expanded";
    assert_eq!(read(bomb).unwrap_err(), wanted);
}

#[test]
fn attributes_are_found_by_their_local_name() {
    let mut scanner = small("<a x='1' n:y='2' z='18446744073709551616' w='' v='-1' u='007'/>", 64);
    let Some(Event::Start(element)) = scanner.next().unwrap() else { panic!("no start") };
    assert_eq!(element.attributes().len(), 6);
    let number = |name| element.attribute(name).and_then(|value| value.number());
    assert_eq!([number("x"), number("y"), number("u")], [Some(1), Some(2), Some(7)]);
    assert_eq!([number("z"), number("w"), number("v"), number("n:y")], [None; 4]);
    assert_eq!(element.attribute("v").unwrap().raw(), b"-1");
}

#[test]
fn an_element_is_skipped_with_its_end() {
    let text = "<a><b><c>x</c><b/></b>\n<d/><e/></a>";
    for room in [3, 8, 64] {
        let mut scanner = small(text, room);
        scanner.next().unwrap();
        scanner.next().unwrap();
        assert_eq!(scanner.depth(), 2);
        scanner.skip().unwrap();
        assert_eq!(scanner.depth(), 1);
        assert!(matches!(scanner.next().unwrap(), Some(Event::Text(_))));
        assert!(matches!(scanner.next().unwrap(), Some(Event::Start(d)) if d.name() == b"d"));
        scanner.skip().unwrap();
        assert!(matches!(scanner.next().unwrap(), Some(Event::Start(e)) if e.name() == b"e"));
        assert_eq!((scanner.line(), scanner.depth()), (2, 2));
        assert_eq!(scanner.malformed("no").to_string(), "r.xml:2: no");
        scanner.skip().unwrap();
        scanner.skip().unwrap();
        assert!(scanner.next().unwrap().is_none());
        assert!(scanner.next().unwrap().is_none());
        assert_eq!((scanner.digest(), scanner.path()), (Digest::of(text.as_bytes()), "r.xml"));
    }
    let mut wrong = small("<a><b></c></a>", 8);
    wrong.next().unwrap();
    assert!(wrong.skip().is_err());
}

#[test]
fn what_is_known_is_taken_without_events() {
    const KNOWN: &[u8] = b"<x/>";
    let known = |bytes: &[u8]| bytes.starts_with(KNOWN).then_some(((), KNOWN.len()));
    // Each as an event or taken, whatever of it is in the window.
    let within = "<a><x/><x/>text<x/><b/><x/><x/><!-- <x/> --><x/><![CDATA[<x/>]]><x/></a>";
    for room in [3, 5, 8, 33, 64, 4096] {
        let mut scanner = small(within, room);
        let (mut taken, mut seen) = (0, 0);
        loop {
            while scanner.take(known).is_some() {
                taken += 1;
            }
            match scanner.next().unwrap() {
                Some(Event::Start(element)) => seen += usize::from(element.name() == b"x"),
                Some(_) => {}
                None => break,
            }
        }
        assert_eq!(taken + seen, 7, "room {room}");
        // A comment has no event, so what stands behind it has.
        assert!(taken == 6 || room < 4096, "room {room}: {taken}");
        assert_eq!(scanner.digest(), Digest::of(within.as_bytes()));
    }
    // Not before the root, not in place of it, not behind it.
    let mut scanner = small("<x/>", 64);
    assert!(scanner.take(known).is_none());
    assert!(matches!(scanner.next().unwrap(), Some(Event::Start(_))));
    assert!(scanner.take(known).is_none());
    assert!(matches!(scanner.next().unwrap(), Some(Event::End(_))));
    assert!(scanner.take(known).is_none() && scanner.next().unwrap().is_none());
    // Where no element may be nested, none is.
    let mut deep = small("<a>".repeat(256) + "<x/>", 4096);
    for _ in 0..256 {
        deep.next().unwrap();
    }
    assert!(deep.take(known).is_none() && deep.next().is_err());
}
