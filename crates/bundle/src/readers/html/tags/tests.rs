use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use html5gum::{DefaultEmitter, Token, Tokenizer};
use proptest::prelude::*;

use super::*;

/// The tags of `text` with all their attributes, one a line.
fn seen(text: &str) -> Vec<String> {
    let mut seen = Vec::new();
    tags(text, &["script", "link", "base", "title", "p"], |tag| {
        let attributes: Vec<_> = tag.attributes.iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
        seen.push(format!("{}{}", tag.name, attributes.concat()));
    });
    seen
}

#[test]
fn tags_are_found_as_browsers_find_them() {
    for (text, expected) in [
        ("<p>", vec!["p"]),
        ("<P>x</P><pre>", vec!["p"]),
        ("< p><3 p><p", vec![]),
        ("<p a", vec![]),
        ("<p a='>", vec![]),
        ("<p/><p /><p a/>", vec!["p", "p", "p a=\"\""]),
        ("<p/a>", vec!["p a=\"\""]),
        ("<p a=1 B='2' c=\"3\" d>", vec!["p a=\"1\" b=\"2\" c=\"3\" d=\"\""]),
        ("<p a = 1\n\tb\n=\n'2'\x0Cc>", vec!["p a=\"1\" b=\"2\" c=\"\""]),
        ("<p a=1 a=2 A=3>", vec!["p a=\"1\""]),
        ("<p a=x/>", vec!["p a=\"x/\""]),
        ("<p a='x'b=\"y\"c>", vec!["p a=\"x\" b=\"y\" c=\"\""]),
        ("<p a=>", vec!["p a=\"\""]),
        ("<p =a=b>", vec!["p =a=\"b\""]),
        ("<p a='>' b=\"</p>\">", vec!["p a=\">\" b=\"</p>\""]),
        ("</p a='>'><p>", vec!["p"]),
        // Comments and what is like one.
        ("<!-- <p> --><p>", vec!["p"]),
        ("<!--><p>", vec!["p"]),
        ("<!---><p>", vec!["p"]),
        ("<!----><p>", vec!["p"]),
        ("<!-- --!><p>", vec!["p"]),
        ("<!-- -- ><p> ---><p a>", vec!["p a=\"\""]),
        ("<!-- - -><p>", vec![]),
        ("<!-----!><p>", vec!["p"]),
        ("<!DOCTYPE html '<p'><p>", vec!["p"]),
        ("<!x <p><p>", vec!["p"]),
        ("<?xml <p><p>", vec!["p"]),
        ("</ <p><p>", vec!["p"]),
        ("</><p>", vec!["p"]),
        ("<!", vec![]),
        ("</", vec![]),
        ("<", vec![]),
        // Text that holds no tags.
        ("<script>'<p>'</script><p>", vec!["script", "p"]),
        ("<script>'</scripts><p>'</SCRIPT\n><p>", vec!["script", "p"]),
        ("<script/><p></script><p a>", vec!["script", "p a=\"\""]),
        ("<style><p></style><p>", vec!["p"]),
        ("<title><p></title><p>", vec!["title", "p"]),
        ("<textarea><p></textarea><noscript><p></noscript><iframe><p></iframe><p a>", vec!["p a=\"\""]),
        ("<script><!--</script><p>", vec!["script", "p"]),
        ("<script><!--<script></script><p></script><p a>", vec!["script", "p a=\"\""]),
        ("<script><!--<script>--></script><p>", vec!["script", "p"]),
        ("<script><!--><script></script><p>", vec!["script", "p"]),
        ("<script><!--<scripts></script><p>", vec!["script", "p"]),
        ("<script><!--<script></scripts></script></script><p>", vec!["script", "p"]),
        ("<style><!--<script></style><p>", vec!["p"]),
        ("<script></script", vec!["script"]),
        ("<plaintext><p>", vec![]),
        // Templates are not rendered, and may lie in one another.
        ("<template><p><template><p></template><p></template><p a>", vec!["p a=\"\""]),
        ("</template><p>", vec!["p"]),
        ("<template><script>'</template>'</script><p></template>", vec![]),
        // Drawings have titles and styles that are no text.
        ("<svg><title/></svg><p>", vec!["title", "p"]),
        ("<svg><style/><p></svg><title><p></title>", vec!["p", "title"]),
        ("<svg/><title><p></title>", vec!["title"]),
    ] {
        assert_eq!(seen(text), expected, "{text:?}");
    }
}

#[test]
fn references_in_values_are_replaced() {
    for (value, expected) in [
        ("a&amp;b", "a&b"),
        ("&lt;&gt;&quot;&apos;", "<>\"'"),
        ("&#97;&#x62;&#X63;&#100", "abcd"),
        ("&amp", "&"),
        ("a?b&amp=c&ampd&amp-", "a?b&amp=c&ampd&-"),
        ("&apos", "&apos"),
        ("&#;&#x;&#xg;&;&&", "&#;&#x;&#xg;&;&&"),
        ("&#0;&#xD800;&#99999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("&unknown;&amp;amp;", "&unknown;&amp;"),
    ] {
        assert_eq!(decoded(value), expected, "{value}");
    }
}

#[test]
fn attributes_are_bounded() {
    let text = format!("<p {}>", (0..MOST_ATTRIBUTES + 9).map(|n| format!("a{n} ")).collect::<String>());
    let mut count = 0;
    tags(&text, &["p"], |tag| count = tag.attributes.len());
    assert_eq!(count, MOST_ATTRIBUTES);
}

#[test]
fn time_is_linear() {
    let began = Instant::now();
    for part in [
        "<",
        "<!--",
        "<!-- --",
        "<p a='",
        "<script><!--",
        "<script>-",
        "</",
        "<p ",
        "&",
        "<p a=\"&#",
        "<svg>",
        "-- ",
        "--!",
    ] {
        let text = part.repeat(300_000 / part.len());
        seen(&text);
        seen(&format!("<!--{text}"));
        seen(&format!("<script>{text}"));
        seen(&format!("<p a='{text}'>"));
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

/// The same by another tokenizer, templates and all, in texts without drawings.
fn second(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut emitter = DefaultEmitter::<()>::default();
    emitter.naively_switch_states(true);
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut found = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        if let Token::StartTag(tag) = token {
            let attributes = tag.attributes.iter().map(|(name, value)| (string(name), string(value)));
            found.push((string(&tag.name), attributes.collect()));
        }
    }
    found
}

fn documents() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => "<(p|link|script|style|title|a1)( [a-c]{1,2}(=([a-z/]{1,3}|'[ a<>/\"-]{0,3}'|\"[ a<>/'-]{0,3}\"))?){0,3}[ /]{0,2}>",
        2 => "</(p|script|style|title|a1)[ /]?>",
        2 => "<!--[ a<>!-]{0,6}(-->|--!>|>)",
        1 => "<[!?/][ a<>'-]{0,5}>",
        2 => "[<>/!='\" a&;#x-]{1,6}",
        1 => "<p a=('|\"|)&(amp|lt|gt|quot|apos|#65|#x41|none);?[a=;]?('|\"| )>",
        1 => Just("<!--<script>".to_owned()),
        1 => Just("</script>".to_owned()),
    ];
    proptest::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn another_tokenizer_finds_the_same(text in documents()) {
        let mut first = Vec::new();
        tags(&text, &["p", "link", "script", "style", "title"], |tag| {
            first.push((tag.name, tag.attributes.into_iter().collect::<BTreeMap<_, _>>()));
        });
        let known = |name: &str| ["p", "link", "script", "style", "title"].contains(&name);
        let second: Vec<_> = second(&text).into_iter().filter(|(name, _)| known(name)).collect();
        prop_assert_eq!(first, second);
    }

    #[test]
    fn any_text_comes_to_an_end(text in "\\PC{0,60}", parts in documents()) {
        seen(&text);
        seen(&[parts.as_str(), &text, &parts].concat());
    }
}
