use super::{Node, Value};
use crate::{Limits, json, yaml};

/// A node and all in it, in the order of the file.
pub(crate) fn all(node: &Node) -> Vec<&Node> {
    let pairs = node.entries().iter().flat_map(|pair| [&pair.key, &pair.value]);
    [node].into_iter().chain(node.items().iter().chain(pairs).flat_map(all)).collect()
}

/// A node as serde_json has it, without its places.
pub(crate) fn plain(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => serde_json::from_str(number.text()).unwrap(),
        Value::String(text) => text.as_str().into(),
        Value::Seq(items) => items.iter().map(plain).collect(),
        Value::Map(pairs) => {
            let members = pairs.iter().map(|pair| (pair.key.as_str().unwrap().to_owned(), plain(&pair.value)));
            serde_json::Value::Object(members.collect())
        }
    }
}

/// The document of RFC 6901, section 5.
const RFC: &str = r#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#;

#[test]
fn pointers_follow_the_rfc() {
    let root = json::parse("x", RFC, Limits::default()).unwrap();
    let number = |pointer: &str| root.pointer(pointer).and_then(|n| n.as_number()).and_then(|n| n.as_u64());
    assert_eq!(root.pointer(""), Some(&root));
    assert_eq!(root.pointer("/foo/0").and_then(|n| n.as_str()), Some("bar"));
    let cases = [("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6)];
    for (pointer, expected) in cases.into_iter().chain([("/ ", 7), ("/m~0n", 8)]) {
        assert_eq!(number(pointer), Some(expected), "{pointer}");
    }
    for wrong in ["foo", "/foo/2", "/foo/00", "/foo/-", "/foo/+1", "/foo/0/x", "/nothing"] {
        assert_eq!(root.pointer(wrong), None, "{wrong}");
    }
}

#[test]
fn a_key_given_twice_is_reported_and_the_last_one_counts() {
    let text = r#"{"a": 1, "b": {"c": 1, "c": 2}, "a": 3, "a": 4}"#;
    let root = json::parse("x", text, Limits::default()).unwrap();
    assert_eq!(root.get("a").and_then(|n| n.as_number()).and_then(|n| n.as_u64()), Some(4));
    let said: Vec<_> =
        root.duplicate_keys().iter().map(|d| (d.name.to_owned(), d.first.start, d.again.start)).collect();
    assert_eq!(said, [("c".to_owned(), 15, 23), ("a".to_owned(), 1, 32), ("a".to_owned(), 1, 40)]);
}

#[test]
fn a_repeated_mapping_reports_its_duplicates_once() {
    let root = yaml::parse("x", "one: &m {a: 1, a: 2}\ntwo: *m\n", Limits::default()).unwrap();
    assert_eq!(root.duplicate_keys().len(), 1);
}

#[test]
fn keys_that_are_no_strings_are_found_as_written() {
    let root = yaml::parse("x", "200: ok\ntrue: yes\n~: nothing\n[a]: list\n", Limits::default()).unwrap();
    let get = |name| root.get(name).and_then(|n| n.as_str());
    assert_eq!([get("200"), get("true"), get("null"), get("a")], [Some("ok"), Some("yes"), Some("nothing"), None]);
    assert_eq!(root.entries()[3].key.kind(), "list");
}
