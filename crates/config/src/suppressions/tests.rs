//! What is read, and what is refused where.

use super::*;

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}

fn mistakes(text: &str) -> Vec<String> {
    let wrong = read("s.toml", text, today()).map(|entries| panic!("{entries:?}"));
    wrong.unwrap_or_else(|mistakes| mistakes.0.iter().map(ToString::to_string).collect())
}

#[test]
fn lines_and_blocks_say_the_same() {
    let line = "# why\nsuppress = [\n  { fingerprint = \"v1:00\", reason = \"r\", accept = true, owner = \"o\", \
        expires = 2026-12-31, rule = \"a/b\", path = \"c.ts\" },\n  { fingerprint = \"x 1\", reason = \"s\" },\n]\n";
    let block = "\n[[suppress]]\nfingerprint = \"v1:00\"\nreason = \"r\"\naccept = true\nowner = \"o\"\n\
        expires = 2026-12-31\nrule = \"a/b\"\npath = \"c.ts\"\n[[suppress]]\nfingerprint = \"x 1\"\nreason = \"s\"\n";
    let mut lists = Vec::new();
    for (text, at) in [(line, [3, 4]), (block, [2, 10])] {
        let mut entries = read(FILE, text, today()).unwrap();
        assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), at);
        entries.iter_mut().for_each(|entry| entry.line = 0);
        lists.push(entries);
    }
    assert_eq!(lists[0], lists[1]);
    let [first, second] = lists[0].as_slice() else { panic!("{lists:?}") };
    assert!(first.accepted && !second.accepted);
    assert_eq!((first.rule.as_deref(), first.path.as_deref()), (Some("a/b"), Some("c.ts")));
    assert_eq!(first.expires.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
    let silenced = Entry { line: 3, ..first.clone() }.silenced(FILE);
    assert_eq!(silenced.place, ".tollgate/suppressions.toml:3");
    for empty in ["", "# nothing yet\n", "suppress = []\n"] {
        assert_eq!(read(FILE, empty, today()), Ok(Vec::new()), "{empty:?}");
    }
}

#[test]
fn one_that_has_expired_is_no_mistake() {
    let text = "suppress = [{ fingerprint = \"a\", reason = \"r\", expires = 2020-01-01 }]";
    assert_eq!(read(FILE, text, today()).unwrap().len(), 1);
    let text = "suppress = [{ fingerprint = \"a\", reason = \"r\", expires = 2027-11-22 }]";
    assert_eq!(read(FILE, text, today()).unwrap().len(), 1);
}

#[test]
fn every_mistake_is_pointed_at() {
    let entry = |fields: &str| format!("suppress = [\n  {{ {fields} }},\n]\n");
    let cases = [
        (entry("fingerprint = \"a\""), "s.toml:2:3: an entry needs `reason`"),
        (entry("reason = \"r\""), "s.toml:2:3: an entry needs `fingerprint`"),
        (entry("fingerprint = \"a\", reason = \" \""), "s.toml:2:33: `reason` is empty; say why it does not count"),
        (entry("fingerprint = \"\", reason = \"r\""), "s.toml:2:19: `fingerprint` is empty"),
        (entry("fingerprint = 1, reason = \"r\""), "s.toml:2:19: `fingerprint` must be a string, as reports show it"),
        (entry("fingerprint = \"a\", reason = [\"r\"]"), "s.toml:2:33: `reason` must be a string"),
        (
            entry("fingerprint = \"a\", reason = \"r\", expiry = 2026-12-01"),
            "s.toml:2:38: unknown key in `suppress`: `expiry`; did you mean `expires`?",
        ),
        (
            entry("fingerprint = \"a\", reason = \"r\", expires = \"2026-12-31\""),
            "s.toml:2:48: `expires` must be a day such as 2026-12-31, without quotes",
        ),
        (
            entry("fingerprint = \"a\", reason = \"r\", expires = 2026-12-31T00:00:00Z"),
            "s.toml:2:48: `expires` must be a day such as 2026-12-31, without quotes",
        ),
        (
            entry("fingerprint = \"a\", reason = \"r\", expires = 2027-11-23"),
            "s.toml:2:48: `expires` is at most 366 days ahead; today is 2026-11-21",
        ),
        (
            entry("fingerprint = \"a\", reason = \"r\", accept = true, owner = \"o\""),
            "s.toml:2:3: what is accepted needs `owner` and `expires`: who answers for it, and its last day",
        ),
        (entry("fingerprint = \"a\", reason = \"r\", accept = \"yes\""), "s.toml:2:47: `accept` must be true or false"),
        (
            entry("fingerprint = \"a\", reason = \"r\", owner = \"\""),
            "s.toml:2:46: `owner` is empty; name who answers for it",
        ),
        (entry("fingerprint = \"a\", reason = \"r\", rule = 3"), "s.toml:2:45: `rule` must be a string"),
        (entry("fingerprint = \"a\", reason = \"r\", path = true"), "s.toml:2:45: `path` must be a string"),
        (
            "[[suppress]]\nfingerprint = \"a\"\nreason = \"r\"\n[[suppress]]\nfingerprint = \"a\"\nreason = \"s\"\n"
                .to_owned(),
            "s.toml:5:15: this fingerprint stands on line 1 already; keep one of the two",
        ),
        ("suppres = []\n".to_owned(), "s.toml:1:1: unknown key `suppres`; did you mean `suppress`?"),
        ("suppress = [\"v1:00\"]\n".to_owned(), "s.toml:1:13: an entry is { fingerprint = \"…\", reason = \"…\" }"),
    ];
    for (text, wanted) in cases {
        assert_eq!(mistakes(&text), [wanted], "{text}");
    }
    assert!(mistakes("[suppress]\nfingerprint = \"a\"\n")[0].contains("`suppress` is a list"));
    assert!(mistakes("suppress = [\n")[0].starts_with("s.toml:"));
    let all = mistakes("suppress = [\n{ fingerprint = \"a\" },\n{ reason = \"\" },\n]\n");
    assert_eq!(all.len(), 3, "all of them at once: {all:#?}");
}

#[test]
fn hostile_text_ends_in_words() {
    let deep = format!("suppress = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("suppress = [{}]", "1,".repeat(20_000));
    for text in [deep.as_str(), wide.as_str(), "\u{0}", "suppress", "suppress.a.b = 1", "[[suppress.x]]\ny = 1\n"] {
        assert!(!mistakes(text).is_empty());
    }
}
