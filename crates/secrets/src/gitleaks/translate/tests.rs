use proptest::prelude::*;

use super::translate;
use crate::engine::pattern::Pattern;

fn text(source: &str) -> String {
    translate(source).map_or_else(|fault| panic!("{source}: {fault}"), |translated| translated.text)
}

#[test]
fn what_both_understand_stays() {
    for source in [
        "abc",
        "a{2}b{2,}c{2,3}",
        "(a|b)*?",
        r"\bx\b\z",
        "(?i)a(?-i:b)",
        "(?s:.)",
        r"\d+\w\D\W",
        r"\.\*\\",
        "^a$",
        "ä+",
    ] {
        assert_eq!(text(source), source);
    }
}

#[test]
fn what_differs_is_rewritten() {
    let table = [
        ("{", r"\{"),
        ("a{b}", r"a\{b}"),
        ("a{,3}", r"a\{,3}"),
        ("a{01}", r"a\{01}"),
        (r"\$(?:\d+|{\d+})", r"\$(?:\d+|\{\d+})"),
        (r"\b{start}", r"\b\{start}"),
        (r"\<a\>", "<a>"),
        (r"\Qa.b\E+", r"a\.b+"),
        (r"\Q[", r"\["),
        (r"\C", "(?s:.)"),
        (r"\pN+", "[0-9]+"),
        (r"\p{^Lu}", "[^A-Z]"),
        (r"\PN", "[^0-9]"),
        (r"\s", r"[\t\n\x0C\r\x20]"),
        (r"\S", r"[^\t\n\x0C\r\x20]"),
        (r"[\S]", r"[[^\t\n\x0C\r\x20]]"),
        (r"\x41\x{42}\103", "ABC"),
        (r"\0\a", r"\x{0}\x{7}"),
        ("(?P<n>a)(?<m>b)", "(a)(b)"),
        ("(?ii)a(?)", "(?i)a(?:)"),
    ];
    for (source, expected) in table {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn classes_mean_the_same() {
    // The class, what it matches, what it does not.
    let table: [(&str, &str, &str); 14] = [
        ("[abc]", "abc", "d^-"),
        ("[^abc]", "d^", "abc"),
        ("[]a]", "]a", "b["),
        ("[^]a]", "b", "]a"),
        ("[[a]", "[a", "]"),
        ("[a&&b]", "a&b", "c"),
        ("[a--c]", "", ""),
        ("[+--]", "+,-", "."),
        (r"[\w-.]", "x_9-.", "+"),
        ("[a-]", "a-", "b"),
        ("[[:alpha:]_]", "aZ_", "0:"),
        ("[[:^digit:]]", "a", "0"),
        (r"[\pN\s]", "0 ", "a\u{b}"),
        ("[äö]", "äö", "a"),
    ];
    for (class, yes, no) in table {
        let Ok(translated) = translate(&format!("^{class}$")) else {
            assert_eq!(class, "[a--c]", "a range that is none is the only one refused");
            continue;
        };
        let regex = Pattern::compile(&translated.text).unwrap_or_else(|error| panic!("{class}: {error}"));
        for (texts, expected) in [(yes, true), (no, false)] {
            for c in texts.chars() {
                assert_eq!(regex.is_match(c.to_string().as_bytes()), expected, "{class} on {c:?}");
            }
        }
    }
}

#[test]
fn what_has_no_counterpart_is_named() {
    let table = [
        ("(?=a)", "(?="),
        ("(?!a)", "(?!"),
        ("(?<=a)", "(?<="),
        ("(?<!a)", "(?<!"),
        ("(?P=n)", "(?P="),
        ("(?>a)", "(?>"),
        ("(?x)", "(?x"),
        ("(?-)", "(?-)"),
        ("(?P<a-b>c)", "(?P<a-b"),
        (r"(a)\1", r"\1"),
        (r"\Z", r"\Z"),
        (r"\E", r"\E"),
        (r"\", r"\"),
        (r"\p{Greek}", r"\p{Greek}"),
        (r"\x{110000}", r"\x110000"),
        (r"\xg1", r"\xg1"),
        ("a{1001}", "{1001}"),
        ("[a", "["),
        ("[b-a]", "b-a"),
        (r"[a-\d]", r"\d"),
        ("[[:word1:]]", "[:word1:]"),
        ("*a", "*a"),
        ("(a", "(a"),
        ("((a{1000}){1000}){1000}", "((a{1000}){1000}){1000}"),
    ];
    for (source, construct) in table {
        let fault = translate(source).map(|translated| translated.text).expect_err(source);
        assert_eq!(fault.construct, construct, "{source}: {fault}");
    }
    let fault = translate("a(?=b)").expect_err("look-ahead");
    assert_eq!(fault.to_string(), "found `(?=`, look-ahead, which Go has not");
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "{",
        "}",
        "{2}",
        "{2,3}",
        "[",
        "]",
        "[^",
        "[:alpha:]",
        "-",
        "&&",
        "(",
        "(?i)",
        "(?:",
        "(?P<n>",
        ")",
        "|",
        "*",
        "+",
        "?",
        "^",
        "$",
        ".",
        r"\",
        r"\Q",
        r"\E",
        r"\d",
        r"\S",
        r"\pL",
        r"\P{N}",
        r"\x41",
        r"\x{e4}",
        r"\07",
        r"\b",
        r"\<",
        "ä",
        ",",
        "~~",
        "--",
        " ",
        "#",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_translates_compiles(source in prop_oneof![pieces(), any::<String>()]) {
        if let Ok(translated) = translate(&source) {
            prop_assert!(Pattern::compile(&translated.text).is_ok(), "{} from {source}", translated.text);
        }
    }

    #[test]
    fn quoted_text_matches_itself(literal in "[ -~äß\n]{1,30}") {
        prop_assume!(!literal.contains('\\'));
        let regex = Pattern::compile(&text(&format!(r"^\Q{literal}\E$"))).map_err(TestCaseError::fail)?;
        prop_assert!(regex.is_match(literal.as_bytes()));
    }

    #[test]
    fn every_character_may_be_escaped_or_listed(c in "[!-/:-@\\[-`{-~]") {
        for source in [format!(r"^\{c}$"), format!(r"^[\{c}]$"), format!(r"^\x{:02x}$", c.as_bytes()[0])] {
            let regex = Pattern::compile(&text(&source)).map_err(TestCaseError::fail)?;
            prop_assert!(regex.is_match(c.as_bytes()), "{source}");
        }
    }
}
