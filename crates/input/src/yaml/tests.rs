use std::time::{Duration, Instant};

use super::*;
use crate::document::tests::all;
use crate::{BlockInfo, LineIndex, utf8};

mod properties;

fn read(text: &str) -> Result<Node, InputError> {
    parse("a.yml", text, Limits::default())
}

fn complaint(text: &str) -> String {
    let error = read(text).expect_err(text).to_string();
    error.strip_prefix("a.yml:").unwrap_or(&error).to_owned()
}

/// What the spans of all nodes without children cut from the text.
fn cut(text: &str) -> Vec<&str> {
    let root = read(text).expect(text);
    let leaves = all(&root).into_iter().filter(|n| n.items().is_empty() && n.entries().is_empty());
    leaves.map(|node| &text[node.span.start..node.span.end]).collect()
}

#[test]
fn a_workflow_is_read_with_its_places() {
    let text = concat!(
        "# ci\r\n",
        "on: [push, pull_request]   # both\r\n",
        "jobs:\r\n",
        "  büild:\r\n",
        "    steps:\r\n",
        "    - uses: \"actions/checkout@v4\"  # pinned?\r\n",
        "    - name: 'it''s'\r\n",
        "      run: |\r\n",
        "        echo \u{1F600} one\r\n",
        "\r\n",
        "          two\r\n",
        "    - &last\r\n",
        "      with: {deep: [1, 2] , empty: , on: yes}\r\n",
        "    - *last\r\n",
    );
    let root = read(text).unwrap();
    let at = |pointer: &str| {
        let node = root.pointer(pointer).expect(pointer);
        (LineIndex::new(text).position(node.span.start), &text[node.span.start..node.span.end])
    };
    assert_eq!(root.entries()[0].key.as_str(), Some("on"));
    assert_eq!(at("/on"), ((2, 5), "[push, pull_request]"));
    assert_eq!(at("/jobs/büild/steps").0, (6, 5));
    assert!(at("/jobs/büild/steps").1.starts_with("- uses"));
    assert!(at("/jobs/büild/steps").1.ends_with("*last"));
    assert_eq!(at("/jobs/büild/steps/0"), ((6, 7), "uses: \"actions/checkout@v4\""));
    assert_eq!(at("/jobs/büild/steps/0/uses"), ((6, 13), "\"actions/checkout@v4\""));
    assert_eq!(at("/jobs/büild/steps/1/name"), ((7, 13), "'it''s'"));
    let run = "|\r\n        echo \u{1F600} one\r\n\r\n          two";
    assert_eq!(at("/jobs/büild/steps/1/run"), ((8, 12), run));
    assert_eq!(at("/jobs/büild/steps/2"), ((13, 7), "with: {deep: [1, 2] , empty: , on: yes}"));
    assert_eq!(at("/jobs/büild/steps/2/with/deep"), ((13, 20), "[1, 2]"));
    assert_eq!(at("/jobs/büild/steps/2/with/empty"), ((13, 35), ""));
    assert_eq!(at("/jobs/büild/steps/3"), at("/jobs/büild/steps/2"));
    let run = root.pointer("/jobs/büild/steps/1/run").unwrap();
    assert_eq!(run.as_str(), Some("echo \u{1F600} one\n\n  two\n"));
    assert_eq!(run.block, Some(BlockInfo { first_line: 9, indent: 8 }));
    assert_eq!(root.pointer("/jobs/büild/steps/2/with/on").and_then(Node::as_str), Some("yes"));
}

#[test]
fn scalars_stand_where_they_are_written() {
    let table: [(&str, &[&str]); 22] = [
        ("a: b", &["a", "b"]),
        ("a : b c  # d\n", &["a", "b c"]),
        ("é: \u{1F600} ü\nz: 1", &["é", "\u{1F600} ü", "z", "1"]),
        ("\"a\\\"\": 'b''c'   # d", &["\"a\\\"\"", "'b''c'"]),
        ("{\"a\":1,'b' : \"x\" , c}", &["\"a\"", "1", "'b'", "\"x\"", "c", ""]),
        ("- - a\n  - b\n-\n- c", &["a", "b", "", "c"]),
        ("a:\n- b\n- - c\nd: e", &["a", "b", "c", "d", "e"]),
        ("a: one\n  two\n\n  three\nb: 1", &["a", "one\n  two\n\n  three", "b", "1"]),
        ("&x a: &y !t b\nc: !!str\nd: *y", &["a", "b", "c", "", "d", "b"]),
        ("a: !<tag:x,y> [1]\nb: !t  # why\n  'q'", &["a", "1", "b", "'q'"]),
        ("? a\n? b\n: c\n", &["a", "", "b", "c"]),
        ("? [a, b]\n: - c\n  - d", &["a", "b", "c", "d"]),
        ("[a: b, {c: d}: e, ? f : g]", &["a", "b", "c", "d", "e", "f", "g"]),
        ("a: |\n  x\n\n\nb: >- # c | d\n  y\n  z\n", &["a", "|\n  x", "b", ">- # c | d\n  y\n  z"]),
        ("a: # | no\n  |2\n   x\nb: |", &["a", "|2\n   x", "b", "|"]),
        ("a: &b|c !t\n  |\n  x\n", &["a", "|\n  x"]),
        ("--- | # > no\n x\n...\n", &["| # > no\n x"]),
        ("- |\n x\n- # | no\n  >\n  y\n", &["|\n x", ">\n  y"]),
        ("? |\n  a\n: |\n  b\n", &["|\n  a", "|\n  b"]),
        ("a:\n  b:\nc:", &["a", "b", "", "c", ""]),
        ("", &[""]),
        ("# only\n", &[""]),
    ];
    for (text, expected) in table {
        assert_eq!(cut(text), expected, "{text:?}");
        let windows = text.replace('\n', "\r\n");
        let expected: Vec<String> = expected.iter().map(|part| part.replace('\n', "\r\n")).collect();
        assert_eq!(cut(&windows), expected, "{windows:?}");
    }
}

#[test]
fn collections_stand_where_they_are_written() {
    let table: [(&str, &str, &str); 12] = [
        ("a:\n  b: 1 # x\nc: 2\n", "/a", "b: 1"),
        ("a: # -\n- b\n- c # x\nd: 2\n", "/a", "- b\n- c"),
        ("a: &x # -\n- -1\n", "/a", "- -1"),
        ("a: !t\n  - b: 1\n    c: 2\n\n  - d\ne: 1", "/a", "- b: 1\n    c: 2\n\n  - d"),
        ("a: !t\n  - b: 1\n    c: 2\n\n  - d\ne: 1", "/a/0", "b: 1\n    c: 2"),
        ("- &x\n  - a\n- b\n", "/0", "- a"),
        ("- - -a\n  - - b\n- c\n", "/0/1", "- b"),
        ("a: [ 1, [2] ] # x\nb: 1", "/a", "[ 1, [2] ]"),
        ("a: &x { b: {c: 1} }  \nd: 1", "/a", "{ b: {c: 1} }"),
        ("[x: [y] , z]", "/0", "x: [y]"),
        ("{a: 1}: {b: 2}\nc: 3\n\n", "", "{a: 1}: {b: 2}\nc: 3"),
        ("a: []\nb: {}", "/b", "{}"),
    ];
    for (text, pointer, expected) in table {
        let root = read(text).expect(text);
        let node = root.pointer(pointer).expect(pointer);
        assert_eq!(&text[node.span.start..node.span.end], expected, "{pointer} of {text:?}");
    }
}

#[test]
fn brackets_may_close_below_their_key() {
    let text = concat!(
        "a:\n",
        "  é: [ # [ what\n",
        "  'x]', \"é\u{1F600}\", # ü ] \n",
        "    {b: 1,\r\n",
        "  }\r\n",
        "  ] # end\n",
        "  c: 2\n",
        "d: {\n",
        "  e: [\n",
        "] # no\n",
        "}\n",
        "f: |\n",
        "  g [\n",
        "  ]\n",
    );
    assert_eq!(
        cut(text),
        ["a", "é", "'x]'", "\"é\u{1F600}\"", "b", "1", "c", "2", "d", "e", "[\n]", "f", "|\n  g [\n  ]"]
    );
    let root = read(text).unwrap();
    let list = root.pointer("/a/é").unwrap();
    assert!(text[list.span.start..list.span.end].ends_with("}\r\n  ]"));
    assert_eq!(root.get("f").unwrap().block, Some(BlockInfo { first_line: 13, indent: 2 }));
    assert_eq!(
        complaint("a:\n  b: [\n  1\n  c: 2\n"),
        "3:3: a line in brackets that stands no deeper than their key; is a bracket not closed?"
    );
}

#[test]
fn lines_of_literal_blocks_are_found() {
    let some = |first_line, indent| Some(BlockInfo { first_line, indent });
    let table = [
        ("a: |\n  x\n  y\n", some(2, 2)),
        ("a: |\n\n\n    x\n", some(2, 4)),
        ("a: |1-\n   x\n", some(2, 1)),
        ("a: # c\n\n  # d\n  |+\n  \tx\n\n", some(5, 2)),
        ("a: &x !!str |\n  x\n", some(2, 2)),
        ("a: |\r\n  é\r\n   y\r\n", some(2, 2)),
        ("a: |\n  x\r  y\n", None),
        ("a: >\n  x\n", None),
        ("a: |\nb: 1\n", None),
        ("a: |+\n\n\n", None),
        ("a: x", None),
    ];
    for (text, expected) in table {
        assert_eq!(read(text).unwrap().get("a").unwrap().block, expected, "{text:?}");
    }
}

#[test]
fn merge_keys_and_duplicates_are_kept() {
    let root = read("base: &b {x: 1}\nit:\n  <<: *b\n  y: 2\n  y: 3\n").unwrap();
    let it = root.get("it").unwrap();
    assert_eq!(it.entries().iter().filter_map(|p| p.key.as_str()).collect::<Vec<_>>(), ["<<", "y", "y"]);
    assert_eq!((it.get("x"), it.get("y").and_then(Node::name)), (None, Some("3")));
    assert_eq!(root.duplicate_keys().len(), 1);
}

#[test]
fn an_anchor_given_twice_counts_from_there_on() {
    let root = read("- &a 1\n- *a\n- &a 2\n- *a\n").unwrap();
    assert_eq!(root.items().iter().filter_map(Node::name).collect::<Vec<_>>(), ["1", "1", "2", "2"]);
}

#[test]
fn several_documents_are_read_on_request() {
    let text = "---\na: 1\n...\n--- |\n  x\n---\n";
    let all = parse_all("x", text, Limits::default()).unwrap();
    assert_eq!(all.iter().map(Node::kind).collect::<Vec<_>>(), ["mapping", "string", "null"]);
    assert_eq!(complaint(text), "4:1: a second document begins; expected only one");
    assert!(parse_all("x", "", Limits::default()).unwrap().is_empty());
    let alias = parse_all("x", "--- &a 1\n--- *a\n", Limits::default()).unwrap_err();
    assert_eq!(alias.to_string(), "x:2:5: the alias names an anchor of another document");
}

#[test]
fn what_is_no_yaml_is_named_with_its_place() {
    let cases = [
        ("a: 1\n\tb: 2\n", "2:1: a tab in the indentation; YAML takes blanks only"),
        ("a:\n  b:\n  \tc: 2\n", "3:3: a tab in the indentation; YAML takes blanks only"),
        ("é: \"x\n", "1:4: the text in quotes does not end"),
        ("a: 'x", "1:4: the text in quotes does not end"),
        ("a: [1, 2", "1:9: while parsing a flow sequence, expected ',' or ']'"),
        ("a: [1, 2\nb: 3", "2:2: `:` on another line than its key; is a bracket before it not closed?"),
        ("a: }", "1:4: a closing bracket that nothing opened"),
        ("é: b: c", "1:5: `:` where no key can be; a text with `: ` needs quotes"),
        ("a: 1\nb\nc: 2\n", "3:1: expected `:` after the key on the line before"),
        ("é\u{1F600}: *no", "1:6: the alias names no anchor that stands before it"),
        ("a: &x [*x]", "1:8: the alias repeats what it stands in, without end"),
        ("a: &x {b: [1, {c: *x}]}", "1:19: the alias repeats what it stands in, without end"),
        ("a: !!int one", "1:10: the tag asks for a number; this is none"),
        ("a: x\0y", "1:5: found the character U+0000; this is not a text file"),
        ("a: @x", "1:4: unexpected character: `@'"),
        ("a: \"\\q\"", "1:4: while parsing a quoted scalar, found unknown escape character"),
        ("a: |\n  x\n y\n", "3:2: while parsing a block mapping, did not find expected key"),
        ("a: !x!y z", "1:4: the handle wasn't declared"),
    ];
    for (text, expected) in cases {
        let found = complaint(text);
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn marks_and_broken_bytes_are_read_through_utf8() {
    let utf16: Vec<u8> = "\u{FEFF}a: é".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [b"\xEF\xBB\xBFa: \xC3\xA9".to_vec(), utf16] {
        let text = utf8(&bytes);
        assert_eq!(cut(&text), ["a", "é"]);
    }
    assert_eq!(cut(&utf8(b"a: \xFF\xFEb")), ["a", "\u{FFFD}\u{FFFD}b"]);
}

#[test]
fn limits_hold() {
    let limits = Limits { depth: 3, nodes: 9, bytes: 60 };
    let read = |text: &str| parse("x", text, limits).map_err(|e| e.to_string());
    assert!(read("- - - 1").is_ok());
    assert_eq!(read("- - - - 1"), Err("x:1:7: nested more than 3 levels deep".to_owned()));
    assert_eq!(read("- &a [[1]]\n- [*a]"), Err("x:2:4: nested more than 3 levels deep".to_owned()));
    assert_eq!(read("[1,2,3,4,5,6,7,8,9]"), Err("x:1:18: holds more than 9 nodes".to_owned()));
    assert_eq!(read("- &a [1,2,3]\n- *a\n- *a"), Err("x:3:3: expands to more than 9 nodes".to_owned()));
    let text = format!("- &a {}\n- *a\n- *a\n- *a", "x".repeat(25));
    assert_eq!(read(&text), Err("x:4:3: expands to more than 60 bytes of text".to_owned()));
    assert_eq!(read("&a [&b [&c [1,2,3]]]"), Err("x:1:4: expands to more than 9 nodes".to_owned()));
    assert!(matches!(parse("x", &" ".repeat(61), limits), Err(InputError::TooLarge { limit: 60, .. })));
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let began = Instant::now();
    let many = 1_000_000;
    for deep in ["[", "{a: ", "- ", "? ", "[{"] {
        assert!(complaint(&deep.repeat(many)).contains("nested more than 128 levels deep"), "{deep}");
    }
    let mut stairs = String::new();
    for level in 0..2_000 {
        stairs += &format!("{}a:\n", " ".repeat(level));
    }
    assert_eq!(complaint(&stairs), "129:129: nested more than 128 levels deep");

    let mut laughs = "- &l0 [lol]\n".to_owned();
    for level in 1..30 {
        laughs += &format!("- &l{level} [{}]\n", vec![format!("*l{}", level - 1); 10].join(","));
    }
    assert!(complaint(&laughs).contains("expands to more than 1000000 nodes"));
    let long = "x".repeat(1 << 19);
    let texts = format!("- &a {long}\n{}", "- *a\n".repeat(1_000));
    assert!(complaint(&texts).contains("expands to more than 67108864 bytes of text"));

    let long = "x".repeat(10 << 20);
    let bound = "a scalar or a collection in brackets longer than 1048576 characters";
    for text in [long.clone(), format!("\"{long}\""), format!("\n [{}", "a,".repeat(5 << 20)), "[&a ".repeat(1 << 20)] {
        let found = complaint(&text);
        assert!(found.ends_with(bound) || found.ends_with("levels deep"), "{found}");
    }
    assert_eq!(complaint(&format!("\n [{}", "? ".repeat(5 << 20))), format!("2:2: {bound}"));
    let few = Limits { nodes: 10_000, ..Limits::default() };
    let error = parse("x", &"- a\n".repeat(2 * many), few).unwrap_err().to_string();
    assert_eq!(error, "x:10000:3: holds more than 10000 nodes");
    assert!(complaint(&"---\n".repeat(2 * many)).contains("a second document"));
    assert!(read(&format!("a: 1{}\nb: 2", "\n# comment".repeat(50_000))).is_ok());
    assert_eq!(read(&"a: {\n}\n".repeat(500)).unwrap().entries().len(), 500);
    let often = complaint(&"a: {\n}\n".repeat(100_000));
    assert!(often.contains("a line in brackets that stands no deeper than their key"), "{often}");
    // Generous: an unoptimised build on a busy machine.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}
