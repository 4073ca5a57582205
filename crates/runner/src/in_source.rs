//! `tollgate:ignore RULE until=YYYY-MM-DD owner=NAME: reason`, a comment where a finding is.
//!
//! It stands on the line on which the finding begins, or alone on the line above. What language it is in does not matter. Like
//! the list, a comment counts only where the base's version of the file has it too.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_check::Tree;
use tollgate_config::suppressions::LONGEST_DAYS;
use tollgate_input::lossy;
use tollgate_model::{Date, Report};
use tollgate_policy::{Named, Silenced};

/// What such a comment begins with.
const MARK: &str = "tollgate:ignore";

/// Form of a comment, for messages.
const FORM: &str = "tollgate:ignore RULE until=YYYY-MM-DD owner=NAME: reason";

/// Largest file that is searched, in bytes.
const LARGEST: u64 = 4 << 20;

/// What closes a comment in one language or another.
const CLOSERS: [&str; 4] = ["*/", "-->", "%>", "#}"];

/// The checker that heeds no comment: a secret is silenced by its digest.
const SECRETS: &str = "secrets";

/// The base's version of a file, as text; none where it has no such file.
pub(crate) type Before<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The comments of files that have findings.
#[derive(Debug, Default)]
pub(crate) struct InSource {
    /// Those that count.
    pub(crate) counting: Vec<Silenced>,
    /// Those that the base does not have.
    pub(crate) added: Vec<Silenced>,
    /// What is wrong with the others, each with its place.
    pub(crate) wrong: Vec<String>,
}

impl InSource {
    /// Those in `tree` of the files that `reports` have findings in. `before` gives the base's version of a file; where it
    /// gives none, the base has no such comment.
    pub(crate) fn find(reports: &[Report], tree: &dyn Tree, before: Option<&Before<'_>>, today: Date) -> Self {
        let mut found = Self::default();
        for path in files(reports) {
            let Some(comments) = text(tree, path).map(|text| comments(path, &text, today)) else { continue };
            if comments.is_empty() {
                continue;
            }
            // By text: how often the base has it. One that is there once does not stand for two.
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            let base = before.and_then(|before| before(path)).unwrap_or_default();
            for comment in self::comments(path, &base, today) {
                *known.entry(comment.text).or_default() += 1;
            }
            for Comment { text, line, meaning } in comments {
                match meaning {
                    Err(because) => found.wrong.push(format!("{path}:{line}: {because}")),
                    Ok(silenced) if before.is_none() => found.counting.push(silenced),
                    Ok(silenced) => match known.get_mut(&text).filter(|left| **left > 0) {
                        Some(left) => {
                            *left -= 1;
                            found.counting.push(silenced);
                        }
                        None => found.added.push(silenced),
                    },
                }
            }
        }
        found
    }
}

/// The file at `path` as text; none where it cannot be read or is too large. Then no comment of it counts.
pub(crate) fn text(tree: &dyn Tree, path: &str) -> Option<String> {
    let bytes = tree.read(path, LARGEST).ok()?;
    Some(lossy(&bytes).into_owned())
}

/// Files with findings that a comment may be about.
fn files(reports: &[Report]) -> BTreeSet<&str> {
    let findings = reports.iter().filter(|report| report.checker != SECRETS).flat_map(|report| &report.findings);
    findings.filter(|f| f.counts()).filter_map(|f| f.location.as_ref()).map(|place| place.path.as_str()).collect()
}

/// One comment: its text behind the mark, its line, and what it means or what is wrong with it.
struct Comment {
    text: String,
    line: u32,
    meaning: Result<Silenced, String>,
}

/// Every comment of `text`, the file at `path`.
fn comments(path: &str, text: &str, today: Date) -> Vec<Comment> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let comment = |(at, line): (usize, &str)| {
        let (before, rest) = line.split_once(MARK)?;
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let number = u32::try_from(at).ok()?.checked_add(1)?;
        // Behind code it is about that code alone.
        let alone = !before.contains(char::is_alphanumeric);
        let lines = (number, number.saturating_add(u32::from(alone)));
        let text = closed(rest).to_owned();
        let meaning = meaning(&text, path, lines, today).map_err(|because| format!("{because}; the form is `{FORM}`"));
        Some(Comment { text, line: number, meaning })
    };
    text.split('\n').enumerate().filter_map(comment).collect()
}

/// `text` without what closes the comment.
fn closed(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(shorter) = CLOSERS.iter().find_map(|closer| text.strip_suffix(closer)) {
        text = shorter.trim_end();
    }
    text
}

/// What `RULE until=… owner=…: reason` means on `lines`.
fn meaning(text: &str, path: &str, (first, last): (u32, u32), today: Date) -> Result<Silenced, String> {
    let (mut rule, mut until, mut owner, mut rest) = (None, None, None, text);
    loop {
        let (word, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        rest = more.trim_start();
        let (part, ended) = word.strip_suffix(':').map_or((word, false), |part| (part, true));
        match part.split_once('=') {
            Some(("until", day)) => until = Some(day),
            Some(("owner", name)) => owner = Some(name).filter(|name| !name.is_empty()),
            _ if rule.is_none() && !part.is_empty() => rule = Some(part),
            _ if part.is_empty() => {}
            _ => return Err(format!("`{MARK}` does not know `{part}`")),
        }
        if ended {
            break;
        }
        if rest.is_empty() {
            return Err(format!("`{MARK}` needs a colon and a reason"));
        }
    }
    let lacks = |what: &str| format!("`{MARK}` lacks {what}");
    let rule = rule.ok_or_else(|| lacks("the id of a rule"))?.to_owned();
    let until = until.ok_or_else(|| lacks("`until`, its last day"))?;
    let expires = Date::parse(until).ok_or_else(|| format!("`until={until}` is no day"))?;
    if expires.days() - today.days() > LONGEST_DAYS {
        return Err(format!("`until={until}` is more than {LONGEST_DAYS} days ahead"));
    }
    let owner = owner.ok_or_else(|| lacks("`owner`, who answers for it"))?.to_owned();
    if rest.is_empty() {
        return Err(lacks("a reason"));
    }
    Ok(Silenced {
        named: Named::Lines { rule: rule.clone(), path: path.to_owned(), first, last },
        reason: rest.to_owned(),
        accepted: true,
        owner: Some(owner),
        expires: Some(expires),
        rule: Some(rule),
        place: format!("{path}:{first}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::parse("2026-11-21").unwrap()
    }

    fn one(line: &str) -> Result<Silenced, String> {
        let mut all = comments("a.ts", line, today());
        assert_eq!(all.len(), 1, "{line}");
        all.remove(0).meaning
    }

    #[test]
    fn a_comment_is_read_in_any_language() {
        let said = "tollgate:ignore a/b until=2026-12-31 owner=ops@example.com: made by: a generator";
        for (line, last) in [
            (format!("// {said}"), 2),
            (format!("  # {said}\r"), 2),
            (format!("<!-- {said} -->"), 2),
            (format!("{{/* {said} */}}").replace("*/}", "*/"), 2),
            (format!("<%# {said} %>"), 2),
            (format!("call(); /* {said} */"), 1),
        ] {
            let silenced = one(&line).unwrap();
            let named = Named::Lines { rule: "a/b".to_owned(), path: "a.ts".to_owned(), first: 1, last };
            assert_eq!(silenced.named, named, "{line}");
            assert_eq!(silenced.reason, "made by: a generator", "{line}");
            assert_eq!(silenced.owner.as_deref(), Some("ops@example.com"));
            assert_eq!(silenced.expires.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
        }
        let turned = one("# tollgate:ignore a/b owner=o until=2020-01-01 : r").unwrap();
        assert_eq!((turned.reason.as_str(), turned.holds(today())), ("r", false), "expired, not malformed");
    }

    #[test]
    fn what_lacks_something_says_what() {
        let cases = [
            ("tollgate:ignore", "a colon and a reason"),
            ("tollgate:ignore a/b", "a colon and a reason"),
            ("tollgate:ignore a/b: r", "lacks `until`"),
            ("tollgate:ignore a/b until=2026-12-31: r", "lacks `owner`"),
            ("tollgate:ignore a/b until=2026-12-31 owner=: r", "lacks `owner`"),
            ("tollgate:ignore a/b until=2026-12-31 owner=o:", "lacks a reason"),
            ("tollgate:ignore a/b until=2026-12-31 owner=o: */", "lacks a reason"),
            ("tollgate:ignore a/b until=2026-02-30 owner=o: r", "`until=2026-02-30` is no day"),
            ("tollgate:ignore a/b until=2027-11-23 owner=o: r", "more than 366 days ahead"),
            ("tollgate:ignore until=2026-12-31 owner=o: r", "the id of a rule"),
            ("tollgate:ignore a/b c/d until=2026-12-31 owner=o: r", "does not know `c/d`"),
        ];
        for (line, wanted) in cases {
            let because = one(line).unwrap_err();
            assert!(because.contains(wanted) && because.contains(FORM), "{line}: {because}");
        }
        for other in ["", "tollgate: ignore", "tollgate:ignored x", "tollgate:ignore-file x"] {
            assert!(comments("a.ts", other, today()).is_empty(), "{other}");
        }
    }

    mod against_the_base {
        use tollgate_check::{Tree, TreeError, TreeFile};
        use tollgate_model::{Cause, Finding, Fingerprint, Location, Subject, Word};

        use super::*;

        /// One file.
        struct One(String);

        impl Tree for One {
            fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
                Ok(Vec::new())
            }

            fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, TreeError> {
                let fits = path == "a.ts" && self.0.len() as u64 <= limit;
                if fits { Ok(self.0.clone().into_bytes()) } else { Err(TreeError::new(Cause::Missing, "none")) }
            }

            fn contains(&self, path: &str) -> Result<bool, TreeError> {
                Ok(path == "a.ts")
            }

            fn commit(&self) -> Option<&str> {
                None
            }
        }

        fn reports(checker: &str, path: &str) -> Vec<Report> {
            let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::Tree };
            let (name, place) = (Fingerprint("v1:1".to_owned()), Location::lines(path, 1, 1));
            let finding = Finding::of(&[], "a/b", "m", place, name);
            vec![Report { findings: vec![finding], ..Report::new(checker, "0.1.0", subject) }]
        }

        #[test]
        fn a_comment_counts_as_often_as_the_base_has_it() {
            let said = |reason: &str| format!("// tollgate:ignore a/b until=2026-12-31 owner=o: {reason}\n");
            let head = One([said("r"), said("s"), said("r"), "// tollgate:ignore a/b\n".to_owned()].concat());
            let lists = |base: Option<&str>| {
                let before = |_: &str| base.map(str::to_owned);
                let found = InSource::find(&reports("a", "a.ts"), &head, Some(&before), today());
                let lines = |all: &[Silenced]| all.iter().map(|s| s.place.clone()).collect::<Vec<_>>().join(" ");
                assert_eq!(found.wrong.len(), 1);
                (lines(&found.counting), lines(&found.added))
            };
            let moved = format!("\n\n{}", said("r"));
            assert_eq!(lists(Some(&moved)), ("a.ts:1".to_owned(), "a.ts:2 a.ts:3".to_owned()));
            assert_eq!(lists(Some(&head.0)), ("a.ts:1 a.ts:2 a.ts:3".to_owned(), String::new()));
            assert_eq!(lists(None), (String::new(), "a.ts:1 a.ts:2 a.ts:3".to_owned()));
            let free = InSource::find(&reports("a", "a.ts"), &head, None, today());
            assert_eq!((free.counting.len(), free.added.len()), (3, 0), "no base yet");
        }

        #[test]
        fn only_files_with_findings_are_read_and_none_for_secrets() {
            let head = One("// tollgate:ignore a/b\n".to_owned());
            for (checker, path, wanted) in [("a", "a.ts", 1), ("secrets", "a.ts", 0), ("a", "b.ts", 0)] {
                let found = InSource::find(&reports(checker, path), &head, None, today());
                assert_eq!(found.wrong.len(), wanted, "{checker} {path}");
            }
            let large = One(format!("{}// tollgate:ignore a/b\n", " ".repeat(LARGEST as usize)));
            assert!(InSource::find(&reports("a", "a.ts"), &large, None, today()).wrong.is_empty());
        }
    }
}
