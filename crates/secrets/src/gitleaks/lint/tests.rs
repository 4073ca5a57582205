use std::time::{Duration, Instant};

use super::{Input, lint, loose};
use crate::gitleaks::config;
use crate::gitleaks::ignore::Ignore;
use crate::gitleaks::remark::{Kind, Remark};

fn judge(text: &str, ignored: &str, tracked: &[&str], defaults: &[&str]) -> Vec<Remark> {
    let config = config::read("a.toml", text, &mut |_| Err(String::new())).unwrap_or_else(|error| panic!("{error}"));
    let ignore = Ignore::read(".gitleaksignore", ignored);
    lint(&Input { config: Some(&config), ignore: Some(&ignore), tracked, defaults })
}

const TRACKED: [&str; 8] = [
    ".github/workflows/ci.yml",
    ".gitignore",
    "a/dist/x.js",
    "a/distribution/y.ts",
    "b/redistribute.ts",
    "public/next.svg",
    "dist.txt",
    "src/main.rs",
];

#[test]
fn a_path_that_hides_more_than_it_names() {
    let table: [(&str, Option<(u64, &str)>); 8] = [
        (
            "dist",
            Some((
                4,
                "path `dist` hides 4 files, only 2 by a whole name; also `…/distribution/`, `…/redistribute.ts`. Write `(^|/)dist(/|$)` instead.",
            )),
        ),
        (
            ".git",
            Some((
                2,
                r"path `.git` hides 2 files, none by a whole name; also `.github/`, `.gitignore`. Write `(^|/)\.git(/|$)` instead.",
            )),
        ),
        (
            ".next",
            Some((
                1,
                r"path `.next` hides 1 file, none by a whole name; also `…/next.svg`. Write `(^|/)\.next(/|$)` instead.",
            )),
        ),
        ("(^|/)dist(/|$)", None),
        (r"\.js$", None),
        ("a/.*", None),
        ("nowhere", None),
        (
            "main|redist",
            Some((
                2,
                "path `main|redist` hides 2 files, only 1 by a whole name; also `…/redistribute.ts`. Write it between `(^|/)` and `(/|$)` instead.",
            )),
        ),
    ];
    for (path, expected) in table {
        let remarks = judge(&format!("[allowlist]\npaths = ['{path}']"), "", &TRACKED, &[]);
        let found: Vec<_> = remarks.iter().map(|r| (r.hidden.unwrap_or(0), r.message.as_str())).collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{path}");
    }
    let with_text = "[allowlist]\ncondition = 'AND'\npaths = ['dist']\nregexes = ['^example-[a-z]+-value$']";
    assert_eq!(judge(with_text, "", &TRACKED, &[]), [], "a path that does not decide hides nothing");
}

#[test]
fn text_that_drops_real_secrets() {
    let table = [
        ("regexes = ['123+']", Some("expression `123+` drops every secret that contains it, by chance too")),
        ("regexes = ['abc+']", Some("expression `abc+` drops every secret that contains it")),
        ("regexes = ['xxx+']", Some("expression `xxx+` drops every secret that contains it")),
        (
            "regexTarget = 'line'\nregexes = ['xxx+']",
            Some("expression `xxx+` drops every secret whose line contains it"),
        ),
        ("regexes = ['a*']", Some("expression `a*` matches the empty string and so drops every secret.")),
        ("regexes = ['[a-f0-9]{20}']", Some("expression `[a-f0-9]{20}` drops ")),
        ("regexes = ['^[A-Z2-7]+$']", Some("expression `^[A-Z2-7]+$` drops ")),
        ("regexes = ['^xxx+$']", None),
        ("regexes = ['example[_-]?(key|token)', '^true|false$']", None),
        ("condition = 'AND'\npaths = ['^none$']\nregexes = ['123+']", None),
        ("stopwords = ['abc']", Some("stopword `abc` drops every secret that contains it")),
        ("stopwords = ['']", Some("an empty stopword allows nothing here. Remove it.")),
        ("stopwords = ['for-testing-only']", None),
    ];
    for (body, expected) in table {
        let remarks = judge(&format!("[allowlist]\n{body}"), "", &TRACKED, &[]);
        match (remarks.as_slice(), expected) {
            ([], None) => {}
            ([one], Some(expected)) => assert!(one.message.starts_with(expected), "{body}\n{}", one.message),
            _ => panic!("{body}: {remarks:?}"),
        }
    }
    assert_eq!(loose::tokens(), loose::tokens());
    assert!(loose::tokens().iter().all(|token| (20..=40).contains(&token.len())));
}

#[test]
fn rules_commits_and_entries_without_effect() {
    let rules =
        "[[rules]]\nid = 'own'\n[[allowlists]]\ntargetRules = ['own', 'built-in', 'none']\ncommits = ['abc1234']\n";
    let kinds = |text: &str, ignored, defaults: &[&str]| -> Vec<(Kind, u32)> {
        judge(text, ignored, &TRACKED, defaults).iter().map(|remark| (remark.kind, remark.line)).collect()
    };
    let alone = kinds(rules, "", &[]);
    assert_eq!(alone, [(Kind::InertRule, 2), (Kind::UnknownRule, 4), (Kind::UnknownRule, 4), (Kind::ShortCommit, 5)]);
    let extended = format!("extend = {{useDefault = true}}\n{rules}");
    assert_eq!(kinds(&extended, "", &[]), [(Kind::ShortCommit, 6)]);
    assert_eq!(kinds(&extended, "", &["built-in", "own"]), [(Kind::UnknownRule, 5), (Kind::ShortCommit, 6)]);
    assert_eq!(
        kinds(&extended, "", &["built-in"]),
        [(Kind::InertRule, 3), (Kind::UnknownRule, 5), (Kind::ShortCommit, 6)]
    );
    let ignored = "src/main.rs:r:1\ngone.env:r:1\nabc:gone.env:r:1\n0123456789abcdef0123456789abcdef01234567:gone.env:r:1\nwhat\n";
    assert_eq!(kinds("", ignored, &[]), [(Kind::StaleIgnore, 2), (Kind::ShortCommit, 3), (Kind::MalformedIgnore, 5)]);
}

#[test]
fn messages_are_short_and_their_number_is_bounded() {
    let long = "y".repeat(500);
    let text = format!(
        "{long} = 1\n[[rules]]\nid = '{long}'\n[allowlist]\npaths = ['i|{long}']\nregexes = ['1|{long}']\nstopwords = ['a']\ncommits = ['{long}']"
    );
    let remarks = judge(&text, &format!("{long}:{long}:1\n{long}\n"), &TRACKED, &[]);
    assert_eq!(remarks.len(), 8, "{remarks:?}");
    for remark in &remarks {
        assert!(remark.message.chars().count() <= 210, "{}", remark.message);
    }
    let many = judge("", &"gone:r:1\n".repeat(3000), &TRACKED, &[]);
    assert_eq!((many.len(), many[1000].kind), (1001, Kind::NotJudged));
    assert_eq!(many[1000].message, "2000 more remarks are left out. Mend those above first.");
}

#[test]
fn too_much_work_is_not_done() {
    let text = format!("[allowlist]\nregexes = [{}]", r"'(?:a\w{100}){9}x',".repeat(4000));
    let start = Instant::now();
    let remarks = judge(&text, "", &TRACKED, &[]);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    assert!(remarks.iter().any(|remark| remark.kind == Kind::NotJudged), "{}", remarks.len());
}
