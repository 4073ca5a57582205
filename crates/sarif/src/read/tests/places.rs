//! Where findings are.

use tollgate_model::{Location, Region};

use super::*;

/// The path of a result at this artifact location, in a run with these keys; none for no place.
fn path(at: Value, more: Value) -> Option<String> {
    let mut keys = json!({"results": [{"locations": [{"physicalLocation": {"artifactLocation": at}}]}]});
    for (key, value) in more.as_object().unwrap() {
        keys[key] = value.clone();
    }
    run(keys).foreign.findings[0].location.as_ref().map(|location| location.path.clone())
}

#[test]
fn addresses_become_paths() {
    for (uri, expected) in [
        (json!("src/a.ts"), Some("src/a.ts")),
        (json!("./src//b/../a%20b.ts"), Some("src/a b.ts")),
        (json!(".github/workflows/ci.yml"), Some(".github/workflows/ci.yml")),
        (json!("src\\a.cs"), Some("src/a.cs")),
        (json!("src%5Ca.cs"), Some("src/a.cs")),
        (json!("file:///home/me/a.ts"), Some("/home/me/a.ts")),
        (json!("file:///C:/x/../a.cs"), Some("C:/a.cs")),
        (json!("C:\\x\\a.cs"), Some("C:/x/a.cs")),
        (json!("https://example.com/a%20b"), Some("https://example.com/a%20b")),
        (json!("../a.ts"), None),
        (json!("a/%2e%2e/%2E%2E/b"), None),
        (json!("."), None),
        (json!(""), None),
        (json!(7), None),
        (json!("x".repeat(5_000)), None),
    ] {
        assert_eq!(path(json!({"uri": uri}), json!({})).as_deref(), expected, "{uri}");
    }
    let log = run(json!({"results": [
        {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "../../etc/passwd"}}}]},
        {"locations": [{"physicalLocation": {"artifactLocation": {"uri": "x".repeat(5_000)}}}]},
    ]}));
    assert_eq!(
        log.foreign.notes,
        [
            "1 place outside the checked folder (`..`): the findings are kept without it",
            "1 place with an address too long for a path: the findings are kept without it",
        ]
    );
}

#[test]
fn bases_are_followed() {
    let bases = json!({"originalUriBaseIds": {
        "%SRCROOT%": {"uri": "file:///home/runner/work/r/r/"},
        "APP": {"uri": "apps/web", "uriBaseId": "%SRCROOT%"},
        "DEEP": {"uri": "../api/", "uriBaseId": "APP"},
        "LOOP": {"uri": "l/", "uriBaseId": "POOL"},
        "POOL": {"uri": "p/", "uriBaseId": "LOOP"},
        "BIN": {"uri": "file:///opt/bin"},
        "UNDER": {"uri": "x", "uriBaseId": "BIN"},
        "NONE": {},
        "BAD": 7,
    }});
    for (base, uri, expected) in [
        ("%SRCROOT%", "a.ts", Some("a.ts")),
        ("APP", "a.ts", Some("apps/web/a.ts")),
        ("DEEP", "a.ts", Some("apps/api/a.ts")),
        ("DEEP", "../../../a.ts", None),
        ("BIN", "tool", Some("/opt/bin/tool")),
        ("UNDER", "../tool", Some("/opt/bin/tool")),
        ("NONE", "a.ts", Some("a.ts")),
        ("BAD", "a.ts", Some("a.ts")),
        ("UNKNOWN", "a.ts", Some("a.ts")),
        ("BIN", "file:///home/runner/work/r/r/src/a.ts", Some("src/a.ts")),
        ("BIN", "/home/runner/work/r/rest/a.ts", Some("/home/runner/work/r/rest/a.ts")),
    ] {
        let at = json!({"uri": uri, "uriBaseId": base});
        assert_eq!(path(at, bases.clone()).as_deref(), expected, "{base} {uri}");
    }
    let looped = path(json!({"uri": "a", "uriBaseId": "LOOP"}), bases).unwrap();
    assert!(looped.ends_with("p/l/a") && looped.len() < 50, "{looped}");
    let only = json!({"originalUriBaseIds": {"HERE": {"uri": "file:///x/"}}});
    assert_eq!(path(json!({"uri": "a", "uriBaseId": "HERE"}), only).as_deref(), Some("a"), "the only folder there is");
    let mapped = json!({
        "originalUriBaseIds": {"A": {"uri": "file:///a/"}, "B": {"uri": "file:///b/"}},
        "versionControlProvenance": [{"mappedTo": {"uriBaseId": "B"}}],
    });
    assert_eq!(path(json!({"uri": "x", "uriBaseId": "A"}), mapped.clone()).as_deref(), Some("/a/x"));
    assert_eq!(path(json!({"uri": "x", "uriBaseId": "B"}), mapped).as_deref(), Some("x"));
}

#[test]
fn artifacts_are_found_by_index() {
    let artifacts = json!({
        "artifacts": [{}, {"location": {"uri": "a.ts", "uriBaseId": "B"}}, 7, {"location": {"index": 1}}],
        "originalUriBaseIds": {"B": {"uri": "src/"}},
    });
    for (at, expected) in [
        (json!({"index": 1}), Some("src/a.ts")),
        (json!({"index": 1, "uri": "b.ts"}), Some("b.ts")),
        (json!({"index": 0}), None),
        (json!({"index": 2}), None),
        (json!({"index": 3}), None),
        (json!({"index": 99}), None),
        (json!({"index": -1}), None),
    ] {
        assert_eq!(path(at.clone(), artifacts.clone()).as_deref(), expected, "{at}");
    }
    let few = Bounds { artifacts: 1, ..Bounds::default() };
    let text = json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": "T"}}, "artifacts": artifacts["artifacts"],
        "results": [{"locations": [{"physicalLocation": {"artifactLocation": {"index": 1}}}]}],
    }]});
    assert_eq!(read_within(text.to_string().as_bytes(), &few).unwrap().foreign.findings[0].location, None);
}

#[test]
fn regions_are_lines_and_columns() {
    let columns = |start_line, start_column, end_line, end_column| {
        Some(Region { start_line, end_line, start_column, end_column })
    };
    for (region, expected) in [
        (json!({"startLine": 3}), columns(3, None, 3, None)),
        (json!({"startLine": 3, "startColumn": 5}), columns(3, Some(5), 3, None)),
        (json!({"startLine": 3, "startColumn": 5, "endColumn": 9}), columns(3, Some(5), 3, Some(9))),
        (json!({"startLine": 3, "endLine": 4, "startColumn": 5, "endColumn": 2}), columns(3, Some(5), 4, Some(2))),
        (json!({"startLine": 3, "startColumn": 5, "endColumn": 2}), columns(3, Some(5), 3, None)),
        (json!({"startLine": 3, "endLine": 1}), columns(3, None, 3, None)),
        (json!({"startLine": 3, "endLine": 1e9, "startColumn": 0}), columns(3, None, 3, None)),
        (json!({"charOffset": 7, "charLength": 9}), None),
        (json!({"byteOffset": 7}), None),
        (json!({"startLine": 0}), None),
        (json!({"startLine": -4}), None),
        (json!({"startLine": 99_999_999_999_u64}), None),
        (json!({"startLine": "3"}), None),
        (json!({}), None),
        (json!(null), None),
    ] {
        let place = json!({"physicalLocation": {"artifactLocation": {"uri": "a"}, "region": region}});
        let found = finding(json!({"locations": [place]}));
        assert_eq!(found.location, Some(Location { path: "a".to_owned(), region: expected }), "{region}");
    }
}

#[test]
fn the_first_place_that_names_a_file_counts() {
    let at = |uri: &str| json!({"physicalLocation": {"artifactLocation": {"uri": uri}}});
    let related: Vec<Value> = (0..30).map(|i| at(&format!("r{i}"))).collect();
    let found = finding(json!({
        "relatedLocations": related,
        "locations": [{"logicalLocations": [{"name": "f"}]}, 7, {"physicalLocation": {}}, at("first"), at("second")],
    }));
    assert_eq!(found.location, Some(Location::file("first")));
    assert_eq!((found.related.len(), &found.related[0]), (20, &Location::file("r0")));
    let found = finding(json!({"locations": [at("a"), at("b")], "relatedLocations": [at("../c"), at("d"), {}]}));
    assert_eq!(found.related, [Location::file("b"), Location::file("d")]);
    let target = json!({"uri": "bin/x.dll"});
    assert_eq!(finding(json!({"analysisTarget": target})).location, Some(Location::file("bin/x.dll")));
    assert_eq!(finding(json!({"analysisTarget": target, "locations": [at("a")]})).location, Some(Location::file("a")));
    for locations in [json!(null), json!([]), json!({}), json!([[]]), json!([null])] {
        assert_eq!(finding(json!({"locations": locations})).location, None);
    }
}
