use super::{Allowlist, Subject};
use crate::gitleaks::config;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn list(body: &str) -> Allowlist {
    let text = format!("[[allowlists]]\n{body}");
    let config = config::read("t", &text, &mut |_| Err(String::new())).unwrap_or_else(|error| panic!("{error}"));
    config.allowlists.into_iter().next().expect("one list")
}

fn subject() -> Subject<'static> {
    Subject {
        path: "src/test/a.rs",
        commit: Some(COMMIT),
        secret: b"Example-Value",
        matched: b"key = Example-Value",
        line: b"  key = Example-Value # note",
        rule: "generic",
    }
}

#[test]
fn one_criterion_or_all_of_them() {
    let table = [
        ("paths = ['test/']", true),
        ("paths = ['^test/']", false),
        ("commits = [' 0123456789ABCDEF0123456789abcdef01234567']", true),
        ("commits = ['0123456']", false),
        ("regexes = ['Value$']", true),
        ("regexes = ['key']", false),
        ("regexTarget = 'match'\nregexes = ['^key']", true),
        ("regexTarget = 'line'\nregexes = ['note$']", true),
        ("regexTarget = 'secret'\nregexes = ['note$']", false),
        ("stopwords = ['EXAMPLE']", true),
        ("stopwords = ['key']", false),
        ("stopwords = ['']", false),
        ("paths = ['nowhere']\nstopwords = ['example']", true),
        ("condition = 'and'\npaths = ['nowhere']\nstopwords = ['example']", false),
        ("condition = '&&'\npaths = ['test', 'nowhere']\nstopwords = ['example']\nregexes = ['V']", true),
        ("condition = 'AND'\npaths = ['test']\nstopwords = ['example']\nregexes = ['W']", false),
        ("condition = '||'\npaths = ['test']\nregexes = ['W']", true),
        ("paths = ['test']\ntargetRules = ['other']", false),
        ("paths = ['test']\ntargetRules = ['other', 'generic']", true),
    ];
    for (body, expected) in table {
        assert_eq!(list(body).allows(&subject()), expected, "{body}");
    }
    assert!(!list("regexes = ['']").allows(&Subject { secret: b"", ..subject() }), "no text matches nothing");
    assert!(
        !list("condition = 'AND'\ncommits = ['a']\npaths = ['test']").allows(&Subject { commit: None, ..subject() })
    );
}

#[test]
fn a_path_alone_hides_a_file() {
    let table = [
        ("paths = ['dist']", true),
        ("paths = ['dist']\nregexes = ['a']", true),
        ("condition = 'AND'\npaths = ['dist']", true),
        ("condition = 'AND'\npaths = ['dist']\nregexes = ['a']", false),
        ("paths = ['dist']\ntargetRules = ['a']", false),
        ("regexes = ['dist']", false),
    ];
    for (body, expected) in table {
        assert_eq!(list(body).hides_path("a/dist/b.js"), expected, "{body}");
    }
}
