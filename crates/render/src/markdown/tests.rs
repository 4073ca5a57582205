use tollgate_model::Report;

use super::*;
use crate::samples;

#[test]
fn a_failure_reads_from_the_top() {
    let text = markdown(&samples::fail());
    let top = text.split_once("<details>").unwrap().0;
    assert_eq!(
        top,
        "\
## ✗ fail: 1 of 2 gates fails (Tests); 1 passes

| Verdict | Gate | Why |
|---|---|---|
| ✗ fail | Tests | coverage.patch is 75 % (6 of 8): 1 line short of 80 % (and 1 more condition) |
| ✓ pass | Performance | 2 conditions hold |

### To get there

- Tests: cover 1 of these lines, then run <code>tollgate check Tests</code> (<code>src/tank.ts:41-43</code>)

"
    );
    assert!(text.ends_with(
        "Rests on commit 3f2a9c1d + 2 uncommitted, base 9b1c2d3e (5 changed files), 2 inputs; reported by the change's \
         own run: bundle, coverage. Base: merge base with origin/main. Policy: <code>tollgate.toml</code>. tollgate 0.1.0\n"
    ));
}

#[test]
fn a_folded_part_holds_reasons_findings_exhibits_and_evidence() {
    let text = markdown(&samples::does_not_apply());
    let part = text.split("<details>").nth(2).unwrap().split("</details>").next().unwrap();
    assert_eq!(
        part,
        "\
<summary>coverage: saw everything, reported by the change's own run</summary>

- ✓ pass: <code>coverage.lines &gt;= 79%</code>: coverage.lines is 79.97 % (7,997 of 10,000): 97 lines above 79 %
- does not apply: <code>coverage.patch &gt;= 80%</code>: no coverable line among 3 changed files
- warning <code>coverage/uncovered-lines</code> at <code>src/tank.ts:41-43</code>: 3 new lines are not covered.

**Files with uncovered new lines**

| File | Covered | New lines |
|---|---:|---:|
| src/tank.ts | 50 % | 6 |
| src/gauge.ts | 100 % | 2 |

- evidence: file <code>coverage/lcov.info</code>, 12.3 KB, blake3 <code>ab12cd34</code>

"
    );
}

#[test]
fn problems_and_notes_are_told() {
    let text = markdown(&samples::unknown());
    for part in [
        "| not judged | Security | needs secrets, which this run left out |\n",
        "\n- coverage: missing: coverage/lcov.info is not there. Run the tests with coverage before the check",
        "<summary>coverage: saw nothing, reported by the change's own run</summary>",
        "### Notes\n\n- not looked at: api/openapi.yaml: add &#91;owasp&#93; to tollgate.toml\n",
        "(<code>web/dist/assets/chunk-1.js</code>, ",
        " and 2 more places)\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

/// What Markdown must be whatever it is made from.
fn check(text: &str) {
    assert!(text.chars().count() < 60_000 && text.len() <= MARKDOWN_LIMIT, "{}", text.len());
    let mut depth = 0;
    let mut cells = None;
    let mut pre = false;
    for line in text.lines() {
        assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
        if line.starts_with("<details>") {
            assert!(line.ends_with("</summary>"), "{line}");
            depth += 1;
        }
        depth -= i32::from(line.ends_with("</details>"));
        assert!((0..=1).contains(&depth), "{line}");
        if line == "<pre>" || line == "</pre>" {
            assert_ne!(pre, line == "<pre>");
            pre = !pre;
        }
        if line.starts_with('|') && !pre {
            let bars = line.matches('|').count();
            assert!(line.ends_with('|') && *cells.get_or_insert(bars) == bars, "{line}");
        } else {
            cells = None;
        }
    }
    assert_eq!((depth, pre), (0, false));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn every_sample_is_whole() {
    for run in samples::all() {
        check(&markdown(&run));
    }
}

#[test]
fn hostile_text_stays_text() {
    let text = markdown(&samples::hostile());
    for line in text.lines() {
        let mut ours = line.to_owned();
        for tag in ["details", "summary", "code", "pre"] {
            ours = ours.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "");
        }
        assert!(!ours.contains(['<', '>']), "{line}");
        assert!(!line.contains("@admin") || line.starts_with("x|y"), "{line}");
        assert!(!ours.contains("](") && !ours.contains(" #1"), "{line}");
    }
}

/// Texts that escaping makes as long as it can.
#[test]
fn texts_that_grow_keep_the_bound() {
    for grows in ["@", "|", "\u{e0001}", "`", "GH-1", "://", "\u{1b}`"] {
        let text = grows.repeat(2_000);
        let mut run = samples::hostile();
        run.decision.gates.iter_mut().for_each(|gate| gate.name.clone_from(&text));
        run.decision.gates = vec![run.decision.gates; 40].concat();
        for reason in run.decision.gates.iter_mut().flat_map(|gate| &mut gate.reasons) {
            reason.text.clone_from(&text);
            reason.next = Some(text.clone());
            reason.places = vec![text.clone(); 9];
        }
        run.subject.base_origin.clone_from(&text);
        run.subject.policy.clone_from(&text);
        run.decision.warnings = vec![text.clone(); 99];
        let report = Report { instance: Some(text.clone()), notes: vec![text.clone(); 20], ..run.reports[0].clone() };
        run.reports = vec![report; 60];
        check(&markdown(&run));
    }
}

#[test]
fn a_huge_run_is_cut_between_items_and_says_so() {
    let text = markdown(samples::huge());
    check(&text);
    for part in
        ["more gates, left out here; `run.json` has all.", "more steps, left out here", "more checkers left out here"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains("<details>") && text.contains("\nRests on commit 3f2a9c1d"));
}
