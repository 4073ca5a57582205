//! Random SARIF logs: odd orders, unknown members, wrong kinds, many scripts.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// The log as a text.
pub(super) fn shown(log: &Value, pretty: bool) -> String {
    if pretty { format!("\u{FEFF}{log:#}\n") } else { log.to_string() }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(|number| Value::from(number.trunc() / 4.0)),
        "\\PC{0,12}".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-zß:.-]{0,6}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Sometimes there, seldom something else.
fn maybe(value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Option<Value>> {
    prop_oneof![3 => value.prop_map(Some), 3 => Just(None), 1 => any_value().prop_map(Some)].boxed()
}

/// An object of these members in any order, with one that nobody knows.
fn object(members: Vec<(&'static str, BoxedStrategy<Option<Value>>)>) -> BoxedStrategy<Value> {
    let (keys, values): (Vec<_>, Vec<_>) = members.into_iter().unzip();
    (values, any_value(), "[x-z]{1,3}", any::<u64>())
        .prop_map(move |(values, own, name, seed)| {
            let known = keys.iter().map(|key| (*key).to_owned()).zip(values);
            let mut members: Vec<(String, Value)> =
                known.filter_map(|(key, value)| value.map(|value| (key, value))).collect();
            members.push((name, own));
            shuffle(&mut members, seed);
            Value::Object(members.into_iter().collect::<Map<_, _>>())
        })
        .boxed()
}

/// Puts the items into another order.
fn shuffle<T>(items: &mut [T], mut seed: u64) {
    for last in (1..items.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(last, (seed >> 33) as usize % (last + 1));
    }
}

fn list(item: impl Strategy<Value = Value> + 'static, most: usize) -> BoxedStrategy<Value> {
    prop::collection::vec(item, 0..most).prop_map(Value::from).boxed()
}

fn word(words: &'static [&'static str]) -> BoxedStrategy<Option<Value>> {
    maybe(select(words).prop_map(Value::from))
}

fn number() -> BoxedStrategy<Option<Value>> {
    maybe((0_u64..4).prop_map(Value::from))
}

fn message() -> BoxedStrategy<Value> {
    object(vec![
        ("text", maybe("\\PC{0,20}[{]0[}]".prop_map(Value::from))),
        ("markdown", maybe(Just(json!("**x**")))),
        ("id", word(&["default", "other"])),
        ("arguments", maybe(list(select(vec![json!("a"), json!(1)]), 3))),
    ])
}

const URIS: &[&str] =
    &["src/a.ts", "/abs/b.ts", "file:///w/c.ts", "../d", "https://example.org/e", "f%20g", "%", "", "C:\\h"];

fn address() -> BoxedStrategy<Value> {
    object(vec![("uri", word(URIS)), ("uriBaseId", word(&["ROOT", "SUB"])), ("index", number())])
}

fn location() -> BoxedStrategy<Value> {
    let region = object(vec![
        ("startLine", number()),
        ("endLine", number()),
        ("startColumn", number()),
        ("endColumn", number()),
        ("snippet", maybe(message())),
    ]);
    let physical = object(vec![("artifactLocation", maybe(address())), ("region", maybe(region))]);
    object(vec![("id", number()), ("message", maybe(message())), ("physicalLocation", maybe(physical))])
}

fn rule() -> BoxedStrategy<Value> {
    let properties = object(vec![
        ("security-severity", word(&["9.8", "0.0", "x", "5"])),
        ("precision", word(&["high", "sure"])),
        ("tags", maybe(list(select(vec![json!("security"), json!("t"), json!(""), json!(1)]), 5))),
    ]);
    object(vec![
        ("id", word(&["r1", "r2", "r2/sub", ""])),
        ("name", maybe("\\PC{0,9}".prop_map(Value::from))),
        ("shortDescription", maybe(message())),
        ("fullDescription", maybe(Just(json!({"text": "long ä\u{0}".repeat(400)})))),
        ("help", maybe(message())),
        ("helpUri", word(&["https://example.org", "docs/x.md"])),
        ("defaultConfiguration", maybe(object(vec![("level", word(&["error", "note", "loud"]))]))),
        ("messageStrings", maybe(Just(json!({"default": {"text": "Default {0} {{x}}"}})))),
        ("properties", maybe(properties)),
    ])
}

fn result() -> BoxedStrategy<Value> {
    let component = object(vec![("index", number()), ("name", word(&["ext"]))]);
    let reference = object(vec![("id", word(&["r1", "e"])), ("index", number()), ("toolComponent", maybe(component))]);
    let suppression = object(vec![("kind", word(&["inSource"])), ("status", word(&["accepted", "rejected"]))]);
    let step = object(vec![("location", maybe(location()))]);
    let thread = object(vec![("locations", maybe(list(step, 4)))]);
    let flow = object(vec![("threadFlows", maybe(list(thread, 3)))]);
    object(vec![
        ("ruleId", word(&["r1", "r2/x", "r9", ""])),
        ("ruleIndex", number()),
        ("rule", maybe(reference)),
        ("level", word(&["error", "warning", "note", "none", "loud"])),
        ("kind", word(&["fail", "pass", "open"])),
        ("message", maybe(message())),
        ("locations", maybe(list(location(), 4))),
        ("relatedLocations", maybe(list(location(), 4))),
        ("codeFlows", maybe(list(flow, 3))),
        ("suppressions", maybe(list(suppression, 2))),
        ("baselineState", word(&["new", "absent", "odd"])),
        ("partialFingerprints", maybe(Just(json!({"primaryLocationLineHash": "abc:1", "other": "x"})))),
        ("fingerprints", maybe(Just(json!({"v1": "f"})))),
        ("provenance", maybe(Just(json!({"invocationIndex": 1})))),
        ("properties", maybe(any_value())),
    ])
}

fn run() -> BoxedStrategy<Value> {
    let component = |names: &'static [&'static str]| {
        object(vec![("name", word(names)), ("version", word(&["1", "2"])), ("rules", maybe(list(rule(), 4)))])
    };
    let tool =
        object(vec![("driver", maybe(component(&["A", "B"]))), ("extensions", maybe(list(component(&["ext"]), 3)))]);
    let overridden = json!([{"descriptor": {"id": "r1"}, "configuration": {"level": "error"}}]);
    let invocation = object(vec![
        ("executionSuccessful", maybe(any::<bool>().prop_map(Value::from))),
        ("workingDirectory", maybe(Just(json!({"uri": "file:///w"})))),
        ("ruleConfigurationOverrides", maybe(Just(overridden))),
    ]);
    let details = object(vec![("id", word(&["x/", "x/1", "y/x/", "lone", "/", ""]))]);
    let bases = json!({"ROOT": {"uri": "file:///w/"}, "SUB": {"uri": "sub", "uriBaseId": "ROOT"}});
    object(vec![
        ("tool", maybe(tool)),
        ("results", maybe(list(prop_oneof![9 => result(), 1 => any_value()], 6))),
        ("automationDetails", maybe(details)),
        ("artifacts", maybe(list(object(vec![("location", maybe(address()))]), 4))),
        ("originalUriBaseIds", maybe(Just(bases))),
        ("invocations", maybe(list(invocation, 3))),
        ("columnKind", word(&["utf16CodeUnits", "bytes"])),
        ("properties", maybe(any_value())),
    ])
}

/// A log whose runs are objects; almost everything within them may be missing or of a wrong kind.
pub(super) fn any_log() -> impl Strategy<Value = Value> {
    (prop::collection::vec(run(), 0..4), any::<u64>()).prop_map(|(runs, seed)| {
        let mut members = vec![
            ("$schema".to_owned(), json!("x")),
            ("version".to_owned(), json!("2.1.0")),
            ("runs".to_owned(), Value::from(runs)),
        ];
        shuffle(&mut members, seed);
        Value::Object(members.into_iter().collect())
    })
}
