//! A second opinion: quick-xml.

use proptest::prelude::*;
use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesStart, Event as Other};
use quick_xml::{Error, Reader, XmlVersion};

use super::{events, joined, small};
use crate::fuzz_xml;

/// What quick-xml finds in `text`, in the words of [`events`].
fn second(text: &str) -> Result<Vec<String>, Error> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut found: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut text_before = false;
    let start = |tag: &BytesStart<'_>| {
        let mut shown = format!("<{}", tag.local_name().as_ref());
        for attribute in tag.attributes() {
            let attribute = attribute?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
            shown.push_str(&format!(" {}={value}", attribute.key.local_name().as_ref()));
        }
        Ok::<_, Error>(shown + ">")
    };
    loop {
        let mut piece = None;
        match reader.read_event()? {
            Other::Start(tag) => {
                depth += 1;
                found.push(start(&tag)?);
            }
            Other::Empty(tag) => {
                found.push(start(&tag)?);
                found.push(format!("</{}>", tag.local_name().as_ref()));
            }
            Other::End(tag) => {
                depth -= 1;
                found.push(format!("</{}>", tag.local_name().as_ref()));
            }
            Other::Text(text) => piece = Some(text.xml10_content().into_owned()),
            Other::CData(text) => piece = Some(text.xml10_content().into_owned()),
            Other::GeneralRef(reference) => {
                piece = Some(match reference.resolve_char_ref()? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_xml_entity(&reference)
                        .ok_or_else(|| EscapeError::UnrecognizedEntity(0..0, reference.to_string()))?
                        .to_owned(),
                });
            }
            Other::Eof => return Ok(found),
            Other::Comment(_) | Other::PI(_) => continue,
            Other::Decl(_) | Other::DocType(_) => {}
        }
        let Some(piece) = piece.filter(|_| depth > 0) else {
            text_before = false;
            continue;
        };
        match found.last_mut() {
            _ if piece.is_empty() => continue,
            Some(last) if text_before => last.push_str(&piece),
            _ => found.push(piece),
        }
        text_before = true;
    }
}

fn written(from: Vec<&'static str>) -> impl Strategy<Value = String> + Clone {
    prop::collection::vec(prop::sample::select(from), 0..5).prop_map(|pieces| pieces.concat())
}

/// Well-formed elements as text.
fn elements() -> impl Strategy<Value = String> {
    let names = || prop::sample::select(vec!["a", "line", "x:b", "_é.-1", "class"]);
    let value = written(vec!["1", "é", " ", "\n", "\t", "&amp;", "&#65;", "&#x1F600;", ">", "'", "a b", "&lt;"]);
    let attributes = prop::collection::btree_map(names(), value, 0..4);
    let tag =
        (names(), attributes, prop::sample::select(vec!["", " ", "\n\t"])).prop_map(|(name, attributes, space)| {
            let attributes: String =
                attributes.iter().map(|(name, value)| format!(" {name}{space}={space}\"{value}\"")).collect();
            (name, format!("{name}{attributes}{space}"))
        });
    let text = written(vec![
        "text",
        "\n",
        "  ",
        "é\u{1F600}",
        "&gt;&quot;",
        "&#10;",
        "<!-- - ' < -->",
        "<?p <a> ?>",
        "<![CDATA[]]]]>",
        "<![CDATA[<a>&b;]]>",
        "\r\n",
    ]);
    let leaf = tag.clone().prop_map(|(_, tag)| format!("<{tag}/>"));
    leaf.prop_recursive(4, 40, 4, move |inner| {
        (tag.clone(), prop::collection::vec((text.clone(), inner), 0..4), text.clone()).prop_map(
            |((name, tag), children, last)| {
                let children: String = children.into_iter().map(|(text, child)| text + &child).collect();
                format!("<{tag}>{children}{last}</{name}>")
            },
        )
    })
}

/// Bytes that mean something.
fn marks() -> impl Strategy<Value = u8> {
    prop::sample::select(b"<<<>>//&;#x'\"=!--[]?? \nab1\xC3\0".to_vec())
}

/// Whether quick-xml checks the same: what it does not, we refuse for a reason of our own.
fn ours_alone(message: &str) -> bool {
    [
        "expected a name, found",
        "expected `=` behind the name",
        "expected white space",
        "expected nothing but tags",
        "a second root element",
        "the document has no element",
        "`<` in the value",
        "a tag that is not ended",
        "expected `>` at the end of a tag",
        "cut short: the document ends and",
        "a second XML declaration",
        "XML declaration",
        "the encoding",
        "a NUL byte",
        "`<!` that begins",
        "within a DOCTYPE",
        "expected a declaration",
        "name of a processing instruction",
    ]
    .iter()
    .any(|reason| message.contains(reason))
}

proptest! {
    #[test]
    fn events_are_those_of_quick_xml(text in elements(), room in 3_usize..80) {
        let found = events(small(&text, room)).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        prop_assert_eq!(&found, &second(&text).unwrap(), "{}", text);
        prop_assert_eq!(found.join("|"), joined(&text));
    }

    #[test]
    fn what_was_changed_at_random_is_judged_alike(
        text in elements(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, marks()), 1..4),
    ) {
        let mut bytes = text.into_bytes();
        for (place, how, byte) in edits {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {}
            }
        }
        fuzz_xml(&bytes);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            match (events(small(&bytes, 16)), second(text)) {
                (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{}", text),
                (Ok(_), Err(theirs)) => prop_assert!(false, "only quick-xml refuses {}: {}", text, theirs),
                (Err(ours), Ok(_)) => prop_assert!(ours_alone(&ours.to_string()), "only we refuse {}: {}", text, ours),
                (Err(_), Err(_)) => {}
            }
        }
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(marks(), 0..40)) {
        fuzz_xml(&bytes);
    }
}
