//! Doors for fuzzing.

use std::io::Cursor;

use crate::json_stream::Kind;
use crate::{Digest, InputError, Limits, LineIndex, Node, Source, Window, json, json_stream, utf8, xml, yaml};

/// Reads `bytes` as YAML and visits all that came of it.
#[doc(hidden)]
pub fn fuzz_yaml(bytes: &[u8]) {
    let text = utf8(bytes);
    for node in yaml::parse_all("fuzz", &text, Limits::default()).iter().flatten() {
        visit(node, &text);
    }
}

/// Reads `bytes` as JSON and visits all that came of it.
#[doc(hidden)]
pub fn fuzz_json(bytes: &[u8]) {
    let text = utf8(bytes);
    if let Ok(node) = json::parse("fuzz", &text, Limits::default()) {
        visit(&node, &text);
    }
}

/// Reads `bytes` as a stream of JSON, once taking and once passing over every value: both must say the same.
#[doc(hidden)]
pub fn fuzz_json_stream(bytes: &[u8]) {
    let read = |room: usize, take: fn(&mut json_stream::Reader) -> Result<(), InputError>| {
        let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        let mut reader = json_stream::Reader::new(Window::with_room(source, 1 << 16, room)?);
        take(&mut reader)?;
        reader.end()?;
        assert!(reader.line() <= bytes.len() as u64 + 1);
        Ok::<_, InputError>(reader.digest())
    };
    let taken = read(1 << 10, take_json);
    for room in [3, 7, 64] {
        assert_eq!(read(room, take_json), taken, "the room of the window shows");
    }
    // Longer keys, strings and numbers are not taken.
    if bytes.len() <= 1 << 16 {
        let copied = read(3, |reader| reader.copy(&mut std::io::sink()));
        assert_eq!(copied, taken, "taken and handed on");
        assert_eq!(read(3, json_stream::Reader::skip), taken, "taken and passed over");
    }
}

fn take_json(reader: &mut json_stream::Reader) -> Result<(), InputError> {
    match reader.kind()? {
        Kind::Object => reader.object(|reader, key| if key.is_empty() { Ok(()) } else { take_json(reader) }),
        Kind::Array => reader.array(take_json),
        Kind::String => reader.string().map(drop),
        Kind::Number => reader.number().map(drop),
        Kind::Bool => reader.bool().map(drop),
        Kind::Null => reader.null_or(|reader| reader.skip()).map(drop),
    }
}

/// Scans `bytes` as XML through windows of several sizes: each must find the same, and what is begun must end.
#[doc(hidden)]
pub fn fuzz_xml(bytes: &[u8]) {
    let scanner = |room: usize| {
        let source = Source::new("fuzz", Box::new(Cursor::new(bytes.to_vec())), u64::MAX);
        Window::with_room(source, 1 << 22, room).map(xml::Scanner::new)
    };
    let first = scanner(1 << 10).and_then(take_xml).ok();
    for room in [3, 7, 64] {
        assert_eq!(scanner(room).and_then(take_xml).ok(), first, "the room of the window shows");
    }
    let skipped = scanner(7).and_then(|mut scanner| {
        while scanner.next()?.is_some() {
            scanner.skip()?;
        }
        Ok(scanner.digest())
    });
    assert_eq!(skipped.ok(), first.map(|(_, _, digest)| digest), "taken and passed over");
}

/// How many elements there are, and all texts and values.
fn take_xml(mut scanner: xml::Scanner) -> Result<(usize, String, Digest), InputError> {
    let (mut open, mut count, mut text) = (0, 0, String::new());
    while let Some(event) = scanner.next()? {
        match event {
            xml::Event::Start(element) => {
                open += 1;
                count += 1;
                for (name, value) in element.attributes() {
                    text.push_str(&format!(" {}={}", name.escape_ascii(), value.text()));
                    value.number();
                }
            }
            xml::Event::End(_) => open -= 1,
            xml::Event::Text(piece) => text.push_str(&piece.text()),
        }
        assert_eq!(scanner.depth(), open);
    }
    assert_eq!(open, 0, "elements are open at the end");
    Ok((count, text, scanner.digest()))
}

fn visit(root: &Node, text: &str) {
    let index = LineIndex::new(text);
    root.duplicate_keys();
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        assert!(text.get(node.span.start..node.span.end).is_some(), "{:?} is no part of the text", node.span);
        let region = node.region(&index);
        if let (Some(block), Some(value)) = (node.block, node.as_str()) {
            for (number, line) in (block.first_line..).zip(value.lines()) {
                let written = index.line(number).and_then(|l| l.get(block.indent as usize..)).unwrap_or_default();
                // A lone carriage return ends a line in YAML and none here.
                assert_eq!(written.strip_suffix('\r').unwrap_or(written), line, "line {number} of {region:?}");
            }
        }
        nodes.extend(node.items());
        nodes.extend(node.entries().iter().flat_map(|pair| [&pair.key, &pair.value]));
    }
}
