use proptest::prelude::*;

use super::Ignore;
use crate::gitleaks::remark::Kind;

const TEXT: &str =
    "# a comment\n\n  a\\b.env:rule-a:3  \r\nabc123:c.ts:rule-b:7\nnonsense\na:b:c\n:b:c:1\na:b:c:1:2\nc.ts:rule-b:9\n";

#[test]
fn entries_and_what_is_none() {
    let ignore = Ignore::read(".gitleaksignore", TEXT);
    let lines: Vec<u32> = ignore.entries.iter().map(|entry| entry.line).collect();
    assert_eq!(lines, [3, 4, 9]);
    assert_eq!(ignore.entries[0].file, "a/b.env");
    let bad: Vec<(Kind, u32)> = ignore.remarks.iter().map(|remark| (remark.kind, remark.line)).collect();
    assert_eq!(bad, [5, 6, 7, 8].map(|line| (Kind::MalformedIgnore, line)));
    assert_eq!(
        ignore.remarks[1].message,
        "`a:b:c` is no entry and ignores nothing: its last part is no line number. Write `file:rule:line` or `commit:file:rule:line`."
    );
}

#[test]
fn a_finding_is_matched_by_its_place() {
    let ignore = Ignore::read("", TEXT);
    let table = [
        (None, "a/b.env", &["rule-a"][..], 3, Some(0)),
        (Some("def"), "a/b.env", &["other", "rule-a"], 3, Some(0)),
        (None, "a/b.env", &["rule-a"], 4, None),
        (None, "a/b.env", &["rule-b"], 3, None),
        (None, "c.ts", &["rule-b"], 7, None),
        (Some("ABC123"), "c.ts", &["rule-b"], 7, Some(1)),
        (Some("abc1"), "c.ts", &["rule-b"], 7, None),
        (None, "c.ts", &["rule-b"], 9, Some(2)),
    ];
    for (commit, file, rules, line, expected) in table {
        assert_eq!(ignore.matches(commit, file, rules, line), expected, "{commit:?} {file} {line}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_every_entry_found(text in "([ab#:\\\\ 019\n]|.){0,200}") {
        let ignore = Ignore::read("f", &text);
        for entry in &ignore.entries {
            prop_assert!(ignore.matches(entry.commit.as_deref(), &entry.file, &[&entry.rule], entry.at_line).is_some());
        }
        prop_assert!(ignore.entries.len() + ignore.remarks.len() <= text.lines().count());
    }
}
