//! Bytes before and after.

use super::*;

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}

fn new(fingerprint: &str) -> Entry {
    Entry {
        fingerprint: fingerprint.to_owned(),
        reason: "r".to_owned(),
        accepted: false,
        owner: None,
        expires: None,
        rule: None,
        path: None,
        line: 0,
    }
}

/// An entry as the tables below write it.
fn line(name: &str) -> String {
    format!("{{ fingerprint = \"{name}\", reason = \"r\" }}")
}

/// `@b` stands for the entry `b`.
fn spelled(text: &str) -> String {
    ["a", "b", "c", "d"].iter().fold(text.to_owned(), |text, name| text.replace(&format!("@{name}"), &line(name)))
}

#[test]
fn a_line_is_put_where_sorting_puts_it_and_nothing_else_moves() {
    let cases = [
        ("b", "suppress = [\n  @a,\n  @c,\n]\n", "suppress = [\n  @a,\n  @b,\n  @c,\n]\n", 3),
        ("a", "# top\nsuppress = [\n  @b,\n]\n# end\n", "# top\nsuppress = [\n  @a,\n  @b,\n]\n# end\n", 3),
        ("d", "suppress = [\n  @a,\n  @c,\n]\n", "suppress = [\n  @a,\n  @c,\n  @d,\n]\n", 4),
        // No comma behind the last, a remark, another indent.
        ("d", "suppress = [\n\t@a,\n\t@c # why, c\n]\n", "suppress = [\n\t@a,\n\t@c, # why, c\n\t@d,\n]\n", 4),
        // What is said above an entry stays above it.
        (
            "b",
            "suppress = [\n  # of a\n  @a, # a\n\n  # of c\n  # too\n  @c,\n]\n",
            "suppress = [\n  # of a\n  @a, # a\n\n  @b,\n  # of c\n  # too\n  @c,\n]\n",
            5,
        ),
        ("b", "suppress = [\n  # of c\n  @c,\n]\n", "suppress = [\n  @b,\n  # of c\n  @c,\n]\n", 2),
        ("b", "suppress = [\n  @a,\n  # the end\n]\n", "suppress = [\n  @a,\n  # the end\n  @b,\n]\n", 4),
        // All on one line.
        ("b", "suppress = [@a, @c]\n", "suppress = [@a, @b, @c]\n", 1),
        ("d", "suppress = [@a, @c]\n", "suppress = [@a, @c, @d]\n", 1),
        ("d", "suppress = [@a, @c,]\n", "suppress = [@a, @c, @d]\n", 1),
        ("a", "suppress = [@c]", "suppress = [@a, @c]", 1),
        ("d", "suppress = [\n  @a,\n  @c]\n", "suppress = [\n  @a,\n  @c, @d]\n", 3),
        ("b", "suppress = []\n", "suppress = [\n  @b,\n]\n", 2),
        ("b", "suppress = [\n]\n", "suppress = [\n  @b,\n]\n", 2),
        ("b", "suppress = [\n  # none yet\n]\n", "suppress = [\n  # none yet\n  @b,\n]\n", 3),
        ("b", "suppress = [\r\n  @a,\r\n]\r\n", "suppress = [\r\n  @a,\r\n  @b,\r\n]\r\n", 3),
        // An unsorted list stays as it is.
        ("b", "suppress = [\n  @d,\n  @a,\n]\n", "suppress = [\n  @b,\n  @d,\n  @a,\n]\n", 2),
        ("b", "", "suppress = [\n  @b,\n]\n", 2),
        ("b", "# nothing yet", "# nothing yet\nsuppress = [\n  @b,\n]\n", 3),
        // Blocks.
        (
            "a",
            "[[suppress]]\nfingerprint = \"b\"\nreason = \"r\" # b\n",
            "[[suppress]]\nfingerprint = \"b\"\nreason = \"r\" # b\n\n[[suppress]]\nfingerprint = \"a\"\nreason = \"r\"\n",
            5,
        ),
        (
            "a",
            "[[suppress]]\nfingerprint = \"b\"\nreason = \"r\"",
            "[[suppress]]\nfingerprint = \"b\"\nreason = \"r\"\n\n[[suppress]]\nfingerprint = \"a\"\nreason = \"r\"\n",
            5,
        ),
    ];
    for (name, before, after, at) in cases {
        let found = add("s.toml", Some(&spelled(before)), &new(name), today());
        assert_eq!(found, Ok((spelled(after), at)), "{before}");
    }
}

#[test]
fn a_new_list_says_what_it_is() {
    let entry = Entry {
        reason: "a \"test\" \\ of\u{7f} ours".to_owned(),
        accepted: true,
        owner: Some("ops@example.com".to_owned()),
        expires: Date::parse("2027-02-19"),
        rule: Some("a/b".to_owned()),
        path: Some("c d.ts".to_owned()),
        ..new("v1:00")
    };
    let (text, line) = add("s.toml", None, &entry, today()).unwrap();
    assert!(text.starts_with("# Findings that do not count"), "{text}");
    assert_eq!(line, 3);
    let wanted = r#"  { fingerprint = "v1:00", reason = "a \"test\" \\ of\u007F ours", accept = true, owner = "ops@example.com", expires = 2027-02-19, rule = "a/b", path = "c d.ts" },"#;
    assert_eq!(text.lines().nth(2), Some(wanted));
    assert_eq!(read("s.toml", &text, today()).unwrap(), [Entry { line: 3, ..entry }]);
}

#[test]
fn what_cannot_be_added_is_said() {
    let known = add("s.toml", Some(&spelled("suppress = [\n  @a,\n]\n")), &new("a"), today());
    assert_eq!(known, Err(NotAdded::Known(2)));
    let wrong = add("s.toml", Some("suppress = [{}]"), &new("a"), today()).unwrap_err();
    assert!(wrong.to_string().contains("s.toml:1:13: an entry needs `fingerprint`"), "{wrong}");
    let unfit = Entry { accepted: true, ..new("a") };
    assert!(matches!(add("s.toml", None, &unfit, today()), Err(NotAdded::Mistakes(_))));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the list looked like, an entry and the comma it needs are all that differs.
        #[test]
        fn nothing_is_lost(
            names in prop::collection::btree_set("[a-e]{1,2}", 0..5),
            gaps in prop::collection::vec(prop::sample::select(vec![" ", "\n", "\n  ", "\n  # c, ]\n  ", " # d,\n"]), 12),
            last in any::<bool>(),
            added in "[a-e]{1,3}",
        ) {
            let mut text = format!("suppress = [{}", gaps[0]);
            for (at, name) in names.iter().enumerate() {
                let comma = if last || at + 1 < names.len() { "," } else { "" };
                text.push_str(&format!("{}{}{comma}{}", line(name), gaps[at * 2 + 1], gaps[at * 2 + 2]));
            }
            text.push_str("]\n");
            match add("s.toml", Some(&text), &new(&added), today()) {
                Ok((edited, _)) => {
                    let squeezed = |text: &str| text.replace([',', ' ', '\n'], "");
                    let rest = edited.replacen(&line(&added), "", 1);
                    prop_assert_eq!(squeezed(&rest), squeezed(&text), "{}", edited);
                    prop_assert_eq!(read("s.toml", &edited, today()).unwrap().len(), names.len() + 1);
                }
                Err(NotAdded::Known(_)) => prop_assert!(names.contains(&added)),
                Err(other) => prop_assert!(false, "{other}: {text}"),
            }
        }
    }
}
