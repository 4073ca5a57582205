use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Config, inside, read};
use crate::gitleaks::allow::{Condition, Target};
use crate::gitleaks::remark::Kind;

fn config(text: &str) -> Config {
    read("a.toml", text, &mut |path| Err(format!("no {path}"))).unwrap_or_else(|error| panic!("{error}"))
}

fn files(files: &[(&str, &str)]) -> Result<Config, String> {
    let mut open = |path: &str| {
        files.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned()).ok_or("not there".to_owned())
    };
    let text = open("main.toml")?;
    read("main.toml", &text, &mut open).map_err(|error| error.to_string())
}

#[test]
fn everything_is_read_whatever_its_case() {
    let config = config(
        r#"
Title = "t"
minversion = "v8.25.0"
[Extend]
usedefault = true
disabledRules = ["x"]
[[RULES]]
ID = "one"
Regex = '''(a)({\d})'''
PATH = '\.env$'
secretgroup = 2
Entropy = 3
keywords = ["Key", "TOKEN"]
tags = "a,b"
skipReport = true
[[RULES.allowlists]]
condition = "&&"
regextarget = "line"
regexes = ["x", "y"]
stopwords = ["Word"]
[[RULES.required]]
id = "two"
withinLines = 3
[[RULES]]
id = "two"
path = "b"
[RULES.allowlist]
commits = ["ABC"]
[allowlist]
paths = [
  "c",
  "d",
]
"#,
    );
    assert!(config.use_default && config.remarks.is_empty(), "{:?}", config.remarks);
    assert_eq!(config.disabled_rules, ["x"]);
    let (one, two) = (&config.rules[0], &config.rules[1]);
    assert_eq!((one.id.as_str(), one.line, one.expression.as_deref()), ("one", 8, Some(r"(a)(\{\d})")));
    assert_eq!(
        (one.path.as_deref(), one.group, one.entropy, one.skip_report),
        (Some(r"\.env$"), Some(2), Some(3.0), true)
    );
    assert_eq!((one.keywords.join(" "), one.tags.join(" ")), ("key token".to_owned(), "a b".to_owned()));
    let list = &one.allowlists[0];
    assert_eq!((list.condition, list.target, list.regexes[1].line), (Condition::All, Target::Line, 19));
    assert_eq!(list.stopwords[0].value, "word");
    assert_eq!((one.required[0].id.as_str(), one.required[0].within_lines, one.required[0].line), ("two", Some(3), 22));
    assert_eq!((two.expression.as_deref(), two.allowlists[0].commits[0].value.as_str()), (None, "abc"));
    let global = &config.allowlists[0];
    assert_eq!((global.line, global.paths[0].line, global.paths[1].line), (29, 31, 32));
}

#[test]
fn what_gitleaks_refuses_is_refused() {
    let rule = "[[rules]]\nid = 'r'\nregex = '(a)'\n";
    let table = [
        ("a = ", "a.toml:1: expected TOML"),
        ("[[rules]]\nregex = 'a'", "a.toml:1: expected a rule to have an id"),
        (
            "[[rules]]\nid = 'r'\nregex = 'a(?=b)'",
            "a.toml:3: expected an expression in regex of rule `r`: found `(?=`, look-ahead, which Go has not; write it without",
        ),
        (
            "[allowlist]\npaths = ['a', '[b']",
            "a.toml:2: expected an expression in paths of the allowlist: found `[`, which is never closed",
        ),
        (
            "[allowlist]\npaths = ['a']\n[[allowlists]]\npaths = ['b']",
            "a.toml:1: expected [allowlist] or [[allowlists]], found both",
        ),
        (
            "[allowlist]\ndescription = 'a'",
            "a.toml:1: expected an allowlist to list commits, paths, regexes or stopwords, found none",
        ),
        (
            "[allowlist]\npaths = ['a']\ncondition = 'xor'",
            "a.toml:3: expected condition to be \"OR\" or \"AND\", found `xor`",
        ),
        ("[allowlist]\npaths = ['a']\nregexTarget = 'file'", "a.toml:3: expected regexTarget"),
        ("[allowlist]\npaths = 3", "a.toml:2: expected paths to be a list of strings, found integer"),
        ("rules = 'a'", "a.toml:1: expected rules to be a list of tables, found string"),
        (
            "[extend]\nuseDefault = true\npath = 'b.toml'",
            "a.toml:3: expected extend.path or extend.useDefault, found both",
        ),
        (
            "[extend]\npath = '../b.toml'",
            "a.toml:2: expected extend.path to stay inside the checked folder, found `../b.toml`",
        ),
        (
            "[extend]\npath = 'b.toml'",
            "a.toml:2: expected a readable file at extend.path, relative to the checked folder, found `b.toml`: no b.toml",
        ),
        ("minVersion = 'new'", "a.toml:1: expected minVersion like \"8.25.0\", found `new`"),
        (&format!("{rule}secretGroup = 2"), "a.toml:2: expected secretGroup of rule `r` to be at most 1, found 2"),
        (&format!("{rule}secretGroup = -1"), "a.toml:4: expected secretGroup to be a number from 0"),
        (
            &format!("{rule}[[rules.required]]\nid = 's'"),
            "a.toml:5: expected a rule of this file in [[rules.required]] of rule `r`, found `s`",
        ),
        (
            &format!("{rule}[rules.allowlist]\npaths=['a']\n[[rules.allowlists]]\npaths=['a']"),
            "a.toml:4: expected [rules.allowlist] or [[rules.allowlists]]",
        ),
    ];
    for (text, expected) in table {
        let error =
            read("a.toml", text, &mut |path| Err(format!("no {path}"))).map(|_| ()).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}\n{error}");
    }
}

#[test]
fn what_is_ignored_is_remarked_on() {
    let text = "minVersion = '9'\n[extend]\nurl = 'u'\n[[rules]]\nid = 'r'\nregx = 'a'\n[[rules]]\nid = 'r'\nregex = 'a'\nRegex = 'a'\n[allowlst]\n[env]\n[allowlist]\nfiles = []\npaths = ['a']\n";
    let remarks = config(text).remarks;
    let found: Vec<(Kind, u32)> = remarks.iter().map(|remark| (remark.kind, remark.line)).collect();
    let unknown = |line| (Kind::UnknownKey, line);
    assert_eq!(found[..4], [(Kind::NewerVersion, 1), (Kind::ExtendUrl, 3), unknown(6), (Kind::DuplicateRule, 8)]);
    assert_eq!(found[5..], [unknown(11), unknown(12), unknown(14)]);
    assert_eq!(
        remarks[2].message,
        "gitleaks does not read `regx` in [[rules]]: nothing in it has an effect. Did you mean `regex`?"
    );
    assert!(remarks[5].message.ends_with("Did you mean `allowlist`?"), "{}", remarks[5].message);
    assert_eq!(remarks[6].message, "gitleaks does not read the table [env]: nothing in it has an effect. Remove it.");
    assert_eq!(
        remarks[7].message,
        "`files` in the allowlist is not read: it hides no file. Expressions in `paths` are what hides files."
    );
}

#[test]
fn a_file_extends_another_in_part() {
    let base = "[extend]\nuseDefault = true\ndisabledRules = ['z']\n[[rules]]\nid = 'r'\nregex = 'base'\ndescription = 'd'\nentropy = 2.0\nkeywords = ['k']\nskipReport = true\n[rules.allowlist]\npaths = ['p']\n[[rules]]\nid = 's'\nregex = 's'\n[[rules]]\nid = 't'\nregex = 't'\n[[allowlists]]\npaths = ['a']\n[[allowlists]]\ntargetRules = ['t']\npaths = ['b']\n";
    let main = "[extend]\npath = './sub/base.toml'\ndisabledRules = ['s', 'q']\n[[rules]]\nid = 'r'\nentropy = 4.0\nregex = 'own'\nkeywords = ['l']\n[[rules.allowlists]]\nstopwords = ['w']\n[[rules.required]]\nid = 'r'\n[[allowlists]]\npaths = ['c']\n";
    let config = files(&[("main.toml", main), ("sub/base.toml", base)]).expect("both are right");
    let ids: Vec<&str> = config.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["r", "t"]);
    let rule = &config.rules[0];
    assert_eq!((rule.expression.as_deref(), rule.description.as_str(), rule.entropy), (Some("own"), "d", Some(4.0)));
    assert_eq!(
        (rule.keywords.join(" "), rule.allowlists.len(), rule.required.len(), rule.skip_report),
        ("k l".to_owned(), 2, 0, true)
    );
    assert_eq!((&*rule.file, &*config.rules[1].file, config.allowlists.len()), ("main.toml", "sub/base.toml", 2));
    assert!(config.use_default);
    assert_eq!(config.disabled_rules, ["z", "s", "q"]);
    let kinds: Vec<(&str, Kind)> = config.remarks.iter().map(|remark| (remark.file.as_str(), remark.kind)).collect();
    assert_eq!(kinds, [("main.toml", Kind::Lost), ("sub/base.toml", Kind::Lost)]);
}

#[test]
fn only_two_files_are_followed() {
    let next = |name: &str, id: &str| format!("[extend]\npath = '{name}'\n[[rules]]\nid = '{id}'\nregex = 'a'\n");
    let (main, b, c) = (next("b", "1"), next("c", "2"), next("main.toml", "3"));
    let config = files(&[("main.toml", &main), ("b", &b), ("c", &c)]).expect("a circle ends");
    assert_eq!(config.rules.len(), 3);
    assert_eq!((config.remarks.len(), config.remarks[0].kind, config.remarks[0].file.as_str()), (1, Kind::Lost, "c"));
    let error = files(&[("main.toml", &main), ("b", "[extend]\npath = 'c'\nuseDefault = true")]).expect_err("both");
    assert!(error.starts_with("b:2: expected extend.path or"), "{error}");
}

#[test]
fn paths_stay_inside() {
    let table = [
        ("a.toml", Some("a.toml")),
        ("./a\\b//c", Some("a/b/c")),
        ("a/../b", Some("b")),
        ("..", None),
        ("a/../../b", None),
        ("/a", None),
        ("C:/a", None),
        (".", None),
    ];
    for (path, expected) in table {
        assert_eq!(inside(path).as_deref(), expected, "{path}");
    }
}

#[test]
fn hostile_files_end_soon() {
    let many = |piece: &str, times: usize| format!("[allowlist]\npaths = [{}]", piece.repeat(times));
    let rules: String = (0..40_000).map(|n| format!("[[rules]]\nid='{n}'\n")).collect();
    let texts = [
        many("'',", 200_000),
        many(r"'\w{1000}{100}',", 1000),
        format!("{}1", "a.".repeat(10_000)),
        rules,
        "x".repeat(2 << 20),
    ];
    for text in texts {
        let start = Instant::now();
        drop(read("a", &text, &mut |_| Err(String::new())));
        assert!(start.elapsed() < Duration::from_secs(10), "{} bytes took {:?}", text.len(), start.elapsed());
    }
}

fn lines() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "[extend]",
        "path = 'b'",
        "useDefault = true",
        "disabledRules = ['r']",
        "[[rules]]",
        "id = 'r'",
        "id = 's'",
        "regex = '(a{)'",
        "path = '.x'",
        "secretGroup = 1",
        "entropy = 3.5",
        "keywords = 'a,b'",
        "[[rules.required]]",
        "withinLines = 2",
        "[rules.allowlist]",
        "[[rules.allowlists]]",
        "[allowlist]",
        "[[allowlists]]",
        "paths = ['.git']",
        "regexes = ['1+', '']",
        "stopwords = ['a', '']",
        "condition = 'AND'",
        "commits = ['abc']",
        "targetRules = ['q']",
        "[env]",
        "rules = 1",
        "minVersion = '8.1.0'",
    ]);
    prop::collection::vec(line, 0..14).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn no_text_panics(text in prop_oneof![lines(), any::<String>()]) {
        crate::gitleaks::fuzz("config", text.as_bytes());
        crate::gitleaks::fuzz("ignore", text.as_bytes());
        crate::gitleaks::fuzz("baseline", text.as_bytes());
    }
}
