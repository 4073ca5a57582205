//! The parts of the reader.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::chunks::decoded;
use super::super::entries::{Route, address, intercepts};
use super::super::mentions::Mentions;
use super::super::references::{is_style, json_start};

fn set(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn modules_are_told_from_the_ways_they_are_imported() {
    for (script, at_once, later) in [
        ("Promise.resolve().then(n.bind(n,8376))", &["8376"][..], &[][..]),
        ("Promise.resolve().then(n.t.bind(n,1188,23))", &["1188"], &[]),
        ("Promise.resolve(/*! import() */).then(r.t.bind(r, /*! ./a.css */ 12, 23))", &["12"], &[]),
        ("n.e(602).then(n.bind(n,9602))", &[], &["9602"]),
        ("Promise.all([n.e(1),n.e(2)]).then(n.bind(n,\"./parts/x.js\"))", &[], &["./parts/x.js"]),
        ("Promise.resolve().then($_.bind($_,1)),n.e(2).then(n.bind(n,2))", &["1"], &["2"]),
        ("f.bind(null,\"next/dynamic\")", &[], &["next/dynamic"]),
        ("f.bind(this,x) f.bind(this) bind( bind(n, bind(n,12 bind(n,\"a bind(n,12x)", &[], &[]),
    ] {
        let mentions = Mentions::of_webpack(script);
        assert_eq!((mentions.at_once, mentions.later), (set(at_once), set(later)), "{script}");
    }
}

#[test]
fn scripts_that_never_close_a_comment_are_read_in_one_pass() {
    let script =
        format!("{}é n.e(1).then(n.bind(n,7)){}", "bind(/*".repeat(20_000), "*/).then(bind(n,/*".repeat(20_000));
    assert_eq!(Mentions::of_webpack(&script).later, set(&["7"]));
    for (before, after, expected) in [(100, 100, &["12"][..]), (2000, 100, &[]), (100, 2000, &[])] {
        let (before, after) = ("é".repeat(before), "é".repeat(after));
        let script = format!("Promise.resolve(/*{before}*/).then(r.bind(r, /*{after}*/ 12))");
        assert_eq!(Mentions::of_webpack(&script).at_once, set(expected));
    }
}

#[test]
fn chunks_of_turbopack_stand_in_quotes() {
    let script =
        r#"["static/chunks/a.js",'static/chunks/b.css',`static/chunks/c.js`] static/chunks/d.js "static/chunks/e"#;
    let later = set(&["static/chunks/a.js", "static/chunks/b.css", "static/chunks/c.js"]);
    assert_eq!(Mentions::of_turbopack(script).later, later);
}

#[test]
fn names_are_decoded_byte_by_byte() {
    for (name, expected) in [
        ("a/%5Bid%5D/%40p", Some("a/[id]/@p")),
        ("a/%5bid%5d", Some("a/[id]")),
        ("caf%C3%A9", Some("café")),
        ("100%", Some("100%")),
        ("%4", Some("%4")),
        ("%zz%+1", Some("%zz%+1")),
        ("%FF", None),
    ] {
        assert_eq!(decoded(name).as_deref(), expected, "{name}");
    }
}

#[test]
fn addresses_have_neither_groups_nor_slots() {
    for (page, expected) in [
        ("/page", "/"),
        ("/(shop)/page", "/"),
        ("/(shop)/tanks/[id]/page", "/tanks/[id]"),
        ("/board/@panel/page", "/board"),
        ("/docs/[[...path]]/page", "/docs/[[...path]]"),
        ("/_not-found", "/"),
    ] {
        assert_eq!(address(page), expected, "{page}");
    }
    assert!(intercepts("/feed/@modal/(.)photo/[id]/page"));
    assert!(intercepts("/feed/(..)(..)photo/page") && intercepts("/(...)photo/page"));
    assert!(!intercepts("/(shop)/[...path]/page"));
}

#[test]
fn a_page_is_rendered_with_what_stands_around_it() {
    let board = ["/board/page", "/board/@panel/page"];
    for (pages, entry, expected) in [
        (&["/(shop)/tanks/page"][..], "/layout", true),
        (&["/(shop)/tanks/page"], "/(shop)/layout", true),
        (&["/(shop)/tanks/page"], "/(side)/layout", false),
        (&["/(shop)/tanks/page"], "/(shop)/tanks/[id]/not-found", false),
        (&["/(shop)/tanks/page"], "/(shop)/tank/loading", false),
        (&["/(shop)/tanks/page"], "/page", false),
        (&["/(shop)/tanks/page"], "/(shop)/tanks/page", true),
        (&board, "/board/@panel/page", true),
        (&board, "/board/@panel/error", true),
        (&board, "/board/@panel/default", false),
        (&board, "/board/@other/default", true),
        (&board, "/board/default", false),
        (&board, "/feed/default", false),
        (&board, "/@modal/default", true),
        (&board, "/feed/@modal/default", false),
        (&["/board/@panel/x/page"], "/board/default", true),
        (&["/board/@panel/x/page"], "/default", false),
        (&["/_not-found"], "/not-found", true),
        (&["/_not-found"], "/page", false),
    ] {
        let pages = pages.iter().map(|page| (*page).to_owned()).collect();
        let route = Route { name: String::new(), pages, is_old: false };
        assert_eq!(route.renders(entry), expected, "{:?} {entry}", route.pages);
    }
}

#[test]
fn the_json_of_a_page_begins_behind_its_name() {
    for (script, expected) in [
        (
            r#"globalThis.__RSC_MANIFEST=(globalThis.__RSC_MANIFEST||{});globalThis.__RSC_MANIFEST["/a"]={"b":1};"#,
            Some("{\"b\":1};"),
        ),
        ("self.__RSC_MANIFEST[\n\"/[id]\\\"]={\" ] =\n {}", Some("{}")),
        ("__RSC_MANIFEST[\"a\"]=\"{}\"", None),
        ("__RSC_MANIFEST[a]={}", None),
        ("__RSC_MANIFEST[\"a", None),
        ("__RSC_MANIFEST[\"a\"]", None),
        ("", None),
    ] {
        assert_eq!(json_start(script).map(|at| &script[at..]), expected, "{script}");
    }
}

#[test]
fn style_sheets_are_known_by_their_name() {
    for (module, expected) in [
        ("/b/app/global.css", true),
        ("/b/app/shop.module.scss", true),
        ("/b/node_modules/next/font/local/target.css?{\"path\":\"app/layout.js\"}", true),
        ("/b/parts/a.css#", true),
        ("/b/parts/css.js", false),
        ("/b/parts/styles.js?a.css", false),
    ] {
        assert_eq!(is_style(module), expected, "{module}");
    }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![any::<u32>().prop_map(serde_json::Value::from), ".*".prop_map(serde_json::Value::from)];
    let inner = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map(".*", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(".*", inner, 0..4).prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
}

proptest! {
    #[test]
    fn the_json_that_is_found_is_what_was_assigned(page in ".*", value in value(), space in "[ \n]{0,3}") {
        let name = serde_json::Value::from(page);
        let script = format!("globalThis.__RSC_MANIFEST[{name}]{space}={space}{value};{space}");
        let found = &script[json_start(&script).unwrap()..];
        let read = serde_json::Deserializer::from_str(found).into_iter::<serde_json::Value>().next().unwrap().unwrap();
        prop_assert_eq!(read, value);
    }

    #[test]
    fn no_script_makes_the_readers_of_scripts_fail(parts in prop::collection::vec(
        prop_oneof![
            Just("__RSC_MANIFEST["), Just("\""), Just("]"), Just("={"), Just("\\"), Just("bind("), Just("n,"), Just("7"),
            Just("/*"), Just("*/"), Just(")"), Just("Promise.resolve("), Just(".then("), Just("static/chunks/"), Just("é"),
            Just("%"), Just("5B"),
        ], 0..24)) {
        let script = parts.concat();
        if let Some(at) = json_start(&script) {
            prop_assert_eq!(script.as_bytes()[at], b'{');
        }
        let _ = (Mentions::of_webpack(&script), Mentions::of_turbopack(&script), decoded(&script));
    }
}
