//! What silences, and what is measured no more.

use serde_json::json;

use super::*;

fn option(value: Option<Value>) -> Owned {
    option_that(Milder::More, value)
}

fn option_that(is: Milder, value: Option<Value>) -> Owned {
    let key = ("x".to_owned(), "web".to_owned(), "exclude".to_owned());
    Owned { options: value.into_iter().map(|value| (key.clone(), (is, value))).collect(), ..Owned::default() }
}

#[test]
fn options_that_ask_are_listed_where_they_ask_less() {
    let (on, off) = (Some(json!(true)), Some(json!(false)));
    for (base, head, text) in [
        (Some(json!(["a", "b"])), Some(json!(["b", "c"])), Some("would no longer have `a`")),
        (Some(json!(["a"])), None, Some("would no longer have `a`")),
        (None, Some(json!(["a"])), None),
        (Some(json!(["a"])), Some(json!(["b", "a"])), None),
        (on.clone(), off.clone(), Some("would be `false`; it is `true`; whether")),
        (on.clone(), None, Some("would be unset; it is `true`; whether")),
        (off.clone(), on.clone(), None),
        (None, on.clone(), None),
        (off.clone(), None, None),
        (on.clone(), on, None),
    ] {
        let found = listed(&option_that(Milder::Fewer, base), &option_that(Milder::Fewer, head));
        let expected = text.map(|text| format!("`exclude` of x (web) {text}"));
        assert!(found.len() == expected.iter().count(), "{found:?} {expected:?}");
        assert!(expected.is_none_or(|text| found[0].starts_with(&text)), "{found:?}");
    }
    for (base, head) in [(Some(json!(["a"])), Some(json!([]))), (None, Some(json!(["a"]))), (None, off)] {
        let found = listed(&option_that(Milder::Any, base), &option_that(Milder::Any, head));
        assert!(found.len() == 1 && found[0].ends_with("whether that is milder cannot be told"), "{found:?}");
    }
}

#[test]
fn options_that_silence_are_listed() {
    for (base, head, text) in [
        (Some(json!(["a"])), Some(json!(["b", "a"])), "would also have `b`"),
        (None, Some(json!(["b"])), "would also have `b`"),
        (Some(json!([])), Some(json!([1, "b", 2, 3, 4])), "would also have `1`, `b`, `2` and 2 more"),
    ] {
        one_way(&option(base), &option(head), &format!("`exclude` of x (web) {text}"));
    }
    for (one, other) in [
        (json!(3), json!(4)),
        (json!(true), json!(false)),
        (json!("a"), json!("b")),
        (json!("a"), json!(["a"])),
        (json!({"a": 1}), json!({"a": 2})),
    ] {
        for (base, head) in [(Some(&one), Some(&other)), (Some(&other), Some(&one)), (Some(&json!(1)), None)] {
            let found = listed(&option(base.cloned()), &option(head.cloned()));
            assert!(found.len() == 1 && found[0].ends_with("whether that is milder cannot be told"), "{found:?}");
        }
    }
    assert_eq!(
        listed(&option(None), &option(Some(json!(3)))),
        ["`exclude` of x (web) would be `3`; it is unset; whether that is milder cannot be told"]
    );
    for (base, head) in
        [(json!(["a", "b"]), json!(["b", "a", "a"])), (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}))]
    {
        assert_eq!(listed(&option(Some(base)), &option(Some(head))), [""; 0]);
    }
    assert_eq!(listed(&option(Some(json!([]))), &option(None)), [""; 0]);
    // An entry that takes another back: less of it, or another order, silences more.
    for (base, head) in [(json!(["a", "!a/b"]), json!(["a"])), (json!(["a", "!a/b"]), json!(["!a/b", "a"]))] {
        let text =
            "`exclude` of x (web) would change where entries begin with `!`; whether that is milder cannot be told";
        assert_eq!(listed(&option(Some(base)), &option(Some(head))), [text]);
    }
}

fn file(path: &str, text: &str) -> Owned {
    Owned { allow_files: BTreeMap::from([(path.to_owned(), text.to_owned())]), ..Owned::default() }
}

#[test]
fn lines_of_exceptions_are_listed() {
    let ignore = |text: &str| file(".gitleaksignore", text);
    one_way(&ignore("a\n"), &ignore("b\na\n"), ".gitleaksignore would also have `b`");
    one_way(&Owned::default(), &ignore("a\r\n# why\n\nb"), ".gitleaksignore would be there, with `a`, `b`");
    let many = (0..9).map(|n| format!("l{n}\nl{n}\n")).collect::<String>();
    one_way(&ignore("l0"), &ignore(&many), ".gitleaksignore would also have `l1`, `l2`, `l3` and 5 more");
    for (base, head) in [("a\nb", "b\n\n# c\n  a"), ("a\n", "# nothing\n"), ("", "\n")] {
        assert_eq!(listed(&ignore(base), &ignore(head)), [""; 0], "{base:?} {head:?}");
    }
    assert_eq!(listed(&Owned::default(), &ignore("# nothing yet\n")), [""; 0]);
    let text = ".gitleaksignore would change where lines begin with `!`; whether that is milder cannot be told";
    for (base, head) in [("a\n!b", "a"), ("a\n!b", "!b\na"), ("a", "a\n!b")] {
        assert_eq!(listed(&ignore(base), &ignore(head)), [text], "{base:?} {head:?}");
    }
    let long = format!("{}\u{1b}[2J", "x".repeat(79));
    let shown = format!(".gitleaksignore would also have `{}\\u{{1b}}…`", "x".repeat(79));
    assert_eq!(listed(&ignore(""), &ignore(&long)), [shown]);
}

#[test]
fn of_a_file_whose_lines_hang_together_any_change_is_listed() {
    let (one, other) = ("[a]\npaths = [\"x\"]\n[b]\n", "[a]\n[b]\npaths = [\"x\"]\n");
    let text = ".gitleaks.TOML would change; whether that is milder cannot be told";
    assert_eq!(listed(&file(".gitleaks.TOML", one), &file(".gitleaks.TOML", other)), [text]);
    assert_eq!(listed(&file(".gitleaks.TOML", one), &Owned::default()), [text]);
    let commented = format!("# why\n\n{one}");
    assert_eq!(listed(&file(".gitleaks.TOML", one), &file(".gitleaks.TOML", &commented)), [""; 0]);
}

#[test]
fn instances_that_are_configured_no_more_are_listed() {
    let side = |all: &[(&str, Option<&str>)]| {
        let configured = all.iter().map(|(checker, name)| ((*checker).to_owned(), name.map(str::to_owned))).collect();
        Owned { configured, ..Owned::default() }
    };
    let both = side(&[("x", None), ("y", Some("web"))]);
    one_way(&both, &side(&[("x", None)]), "y (web) would no longer be configured");
    one_way(&both, &side(&[("y", Some("web"))]), "x would no longer be configured");
    let renamed = side(&[("x", None), ("y", Some("site"))]);
    assert_eq!(listed(&both, &renamed), ["y (web) would no longer be configured"]);
}

#[test]
fn sources_that_demand_less_are_listed() {
    let side = |value: Option<Value>| Owned {
        sources: value.into_iter().map(|value| ("audit".to_owned(), value)).collect(),
        ..Owned::default()
    };
    let audit = || Some(json!({"files": ["a.json", "b.json"], "upload": true, "required": ["a", "b"]}));
    one_way(&side(audit()), &side(None), "the source audit would be gone");
    for (value, text) in [
        (
            json!({"files": ["b.json"], "upload": true, "required": ["a", "b"]}),
            "the source audit would no longer read `a.json`",
        ),
        (
            json!({"files": ["b.json", "c.json"], "upload": true, "required": ["b", "a"]}),
            "the source audit would no longer read `a.json`",
        ),
        (
            json!({"files": ["a.json", "b.json", "c.json"], "upload": true, "required": ["b", "a"]}),
            "the source audit would also read `c.json`; whether that is milder cannot be told",
        ),
        (
            json!({"files": ["a.json", "b.json"], "upload": true, "required": ["b"]}),
            "`required` of the source audit would no longer have `a`",
        ),
        (
            json!({"files": ["a.json", "b.json"], "upload": true}),
            "`required` of the source audit would no longer have `a`, `b`",
        ),
        (
            json!({"files": ["a.json", "b.json"], "upload": "later", "required": ["a", "b"]}),
            "`upload` of the source audit would be `later`; it is `true`; whether that is milder cannot be told",
        ),
        (
            json!({"files": ["a.json", "b.json"], "upload": true, "required": ["a", "b"], "as": "sarif"}),
            "`as` of the source audit would be `sarif`; it is `null`; whether that is milder cannot be told",
        ),
    ] {
        assert_eq!(listed(&side(audit()), &side(Some(value))), [text]);
    }
    let same = json!({"required": ["b", "c", "a"], "upload": true, "files": ["b.json", "a.json"]});
    assert_eq!(listed(&side(audit()), &side(Some(same))), [""; 0]);
    let files = |value: Value| side(Some(json!({"files": value})));
    assert_eq!(listed(&files(json!("a.json")), &files(json!(["a.json"]))), [""; 0]);
    let text = "`settings` of the source audit would be `{}`; it is `a.json`; whether that is milder cannot be told";
    assert_eq!(listed(&side(Some(json!("a.json"))), &side(Some(json!({})))), [text]);
    let required = |value: Value| side(Some(json!({"require": value})));
    for (base, head, kept) in [
        (json!(true), json!(false), false),
        (json!(false), json!(true), true),
        (json!({"a": ["x"], "b": true}), json!({"b": true, "a": ["y", "x"]}), true),
        (json!({"a": ["x"], "b": true}), json!({"a": ["x"]}), false),
        (json!({"a": ["x"]}), json!({"a": []}), false),
        (json!(3), json!(4), false),
    ] {
        let found = listed(&required(base.clone()), &required(head.clone()));
        assert_eq!(found.is_empty(), kept, "{base} {head}: {found:?}");
    }
}
