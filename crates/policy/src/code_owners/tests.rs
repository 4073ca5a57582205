use proptest::prelude::*;

use super::*;

/// Owners of `path` by a text of which each pattern is owned by nobody else than its line.
fn owner(text: &str, path: &str) -> String {
    CodeOwners::parse(text).of(path).join(" ")
}

fn matches(pattern: &str, path: &str) -> bool {
    owner(&format!("{pattern} @a"), path) == "@a"
}

#[test]
fn patterns_match_as_github_says() {
    for (pattern, yes, no) in [
        ("*", &["a", "a/b/c.js"][..], &[][..]),
        ("**", &["a", "a/b"], &[]),
        ("*.js", &["a.js", "x/y/a.js", "x.js/b"], &["a.ts", "a.js.map"]),
        ("/build/logs/", &["build/logs/a", "build/logs/a/b"], &["build/logs", "x/build/logs/a"]),
        ("docs/*", &["docs/a.md"], &["docs/build-app/a.md", "x/docs/a.md", "docs"]),
        ("apps/", &["apps/a", "x/apps/y/a"], &["apps", "myapps/a"]),
        ("/docs/", &["docs/a", "docs/x/a"], &["x/docs/a"]),
        ("**/logs", &["build/logs/a", "deeply/nested/logs/a", "logs"], &["mylogs/a"]),
        ("/apps/github", &["apps/github", "apps/github/a"], &["apps/github2", "x/apps/github"]),
        ("/apps/**/test", &["apps/test", "apps/a/b/test/c"], &["test"]),
        ("a/**", &["a/b", "a/b/c"], &["a", "b/a/c"]),
        ("a/**/*", &["a/b", "a/b/c"], &["a"]),
        ("?.md", &["a.md", "x/b.md"], &["ab.md", ".md"]),
        ("my\\ folder/", &["my folder/a"], &["my/a", "folder/a"]),
        ("a\\*b", &["a*b"], &["axb"]),
        ("/.github/", &[".github/workflows/ci.yml"], &["github/a"]),
        ("A", &["A"], &["a"]),
        ("é*", &["été"], &["ete"]),
        ("/*", &["a"], &["a/b"]),
    ] {
        for path in yes {
            assert!(matches(pattern, path), "{pattern:?} is about {path}");
        }
        for path in no {
            assert!(!matches(pattern, path), "{pattern:?} is not about {path}");
        }
    }
}

#[test]
fn lines_that_make_no_sense_are_left_out() {
    for line in [
        "!a @x",
        "[ab] @x",
        "a[0-9] @x",
        "\\#a @x",
        "#a @x",
        "/ @x",
        "a//b @x",
        "a\\ @x",
        "a x",
        "a @",
        "a @x/",
        "a @/x",
        "a @x/y/z",
        "a @x y",
        "a x@",
        "a @x@y",
        "a x@y",
        "a @x \u{1}@y.z",
    ] {
        let text = format!("* @first\n{line}\n");
        for path in ["a", "b", "#a", "a0", "a/b"] {
            assert_eq!(owner(&text, path), "@first", "{line:?} {path}");
        }
    }
}

#[test]
fn the_last_line_that_matches_counts_even_if_it_names_nobody() {
    let text = "* @a @org/team-1 x@y.org # all\n\n  # a comment\n/apps/ @b #c\t@d\r\n/apps/github\n/apps/web # nobody\n\t*.md\t@c\n";
    for (path, wanted) in [
        ("x", "@a @org/team-1 x@y.org"),
        ("apps/x", "@b"),
        ("apps/github/x", ""),
        ("apps/web/x", ""),
        ("apps/web/x.md", "@c"),
    ] {
        assert_eq!(owner(text, path), wanted, "{path}");
    }
    assert_eq!(owner("", "x"), "");
}

#[test]
fn a_folder_is_owned_where_nothing_in_it_can_be_without_an_owner() {
    for (text, wanted) in [
        ("* @a", true),
        ("/.github/ @a", true),
        (".github/** @a", true),
        (".github @a", true),
        ("/.github/**/* @a", true),
        ("/.github/* @a", false),
        ("/.github/workflows/ @a", false),
        ("*.yml @a", false),
        ("", false),
        ("* @a\n/.github/", false),
        ("* @a\n/.github/workflows/x.yml", false),
        ("* @a\n*.md", false),
        ("* @a\n**/deep/x", false),
        ("* @a\n/.github/*", false),
        ("* @a\n/apps/", true),
        ("* @a\n/.github", false),
        ("*.md\n* @a", true),
        ("* @a\n*.md @a", true),
        ("* @a\n/.github/x @me", false),
        ("* @a\n/.github/x @me @a", true),
        ("/.github/x @me\n/.github/ @a", true),
    ] {
        assert_eq!(CodeOwners::parse(text).own_all_below(".github", |owner| owner != "@me"), wanted, "{text:?}");
    }
}

/// Whether `pattern` is about `path`, tried out way by way.
fn slowly(pattern: &str, path: &str) -> bool {
    let (anchored, rest) = pattern.strip_prefix('/').map_or((false, pattern), |rest| (true, rest));
    let anywhere = !anchored && !rest.trim_end_matches('/').contains('/');
    let full = if anywhere { format!("**/{rest}") } else { rest.to_owned() };
    let full = if full.ends_with('/') { format!("{full}**") } else { full };
    let parts: Vec<&str> = full.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    fn name(glob: &[u8], text: &[u8]) -> bool {
        match glob {
            [] => text.is_empty(),
            [b'*', rest @ ..] => (0..=text.len()).any(|at| name(rest, &text[at..])),
            [b'?', rest @ ..] => !text.is_empty() && name(rest, &text[1..]),
            [c, rest @ ..] => text.first() == Some(c) && name(rest, &text[1..]),
        }
    }
    fn go(parts: &[&str], path: &[&str]) -> bool {
        match parts {
            [] => true,
            ["**"] => !path.is_empty(),
            ["*"] => path.len() == 1,
            ["**", rest @ ..] => {
                (0..=path.len()).any(|at| go(rest, &path[at..])) || (rest == ["*"] && !path.is_empty())
            }
            [one, rest @ ..] => {
                path.first().is_some_and(|part| name(one.as_bytes(), part.as_bytes())) && go(rest, &path[1..])
            }
        }
    }
    go(&parts, &path)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read(text in "(?s).{0,200}", path in "(?s).{0,40}") {
        fuzz_code_owners(format!("{path}\n{text}").as_bytes());
        let _ = CodeOwners::parse(&text).of(&path);
    }

    #[test]
    fn the_last_match_wins_as_tried_out_line_by_line(
        lines in prop::collection::vec(("/?(a|b|ab|[*]|[*][*]|a[*]|[?])(/(a|b|[*]|[*][*]|[*]b)){0,3}/?", prop::option::of(0..9_u8)), 1..8),
        path in "(a|b|ab)(/(a|b|bb)){0,4}",
    ) {
        let line = |(pattern, owner): &(String, Option<u8>)| match owner {
            Some(owner) => format!("{pattern} @o{owner}\n"),
            None => format!("{pattern}\n"),
        };
        let text: String = lines.iter().map(line).collect();
        let last = lines.iter().rev().find(|(pattern, _)| slowly(pattern, &path));
        let wanted = last.and_then(|(_, owner)| *owner).map(|owner| format!("@o{owner}")).unwrap_or_default();
        let owners = CodeOwners::parse(&text);
        prop_assert_eq!(owners.of(&path).join(" "), wanted, "{:?} {:?}", text, path);
        // What is owned as a whole is owned in each part.
        if let Some((folder, _)) = path.rsplit_once('/') && owners.own_all_below(folder, |_| true) {
            prop_assert!(!owners.of(&path).is_empty(), "{:?} {:?}", text, path);
        }
    }
}
