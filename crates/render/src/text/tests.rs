use super::*;
use crate::samples;

fn shown(run: &Run, verbosity: i8) -> String {
    text(run, &TextStyle { verbosity, ..TextStyle::default() })
}

#[test]
fn all_well_is_two_lines() {
    assert_eq!(
        shown(&samples::pass(), 0),
        "\
✓ pass: 2 gates (Performance, Tests), 3 conditions hold
  on commit 3f2a9c1d, base 9b1c2d3e, 2 inputs; own run: bundle, coverage
"
    );
}

#[test]
fn all_well_is_two_lines_whatever_the_names() {
    let mut run = samples::pass();
    run.decision.gates[0].name = "a gate with a name that fills a line alone, ".repeat(4);
    run.subject.uncommitted = Some(23);
    run.reports[0].instance = Some("an instance that has a name of its own".to_owned());
    assert_eq!(
        shown(&run, 0),
        "\
✓ pass: 2 gates (a gate wit… fills a line alone, and 1 more), 3 conditions hold
  on commit 3f2a9c1d + 23 uncommitted, base 9b1c2d3e, 2 inputs; own run: 2 of 2
"
    );
}

#[test]
fn what_does_not_apply_is_named() {
    let text = shown(&samples::does_not_apply(), 0);
    assert_eq!(
        text.lines().skip(2).collect::<Vec<_>>(),
        ["- Tests: coverage.patch >= 80% does not apply: no coverable line among 3 changed", "  files"]
    );
}

#[test]
fn a_failure_says_number_distance_place_and_next_step() {
    assert_eq!(
        shown(&samples::fail(), 0),
        "\
✗ fail: 1 of 2 gates fails (Tests); 1 passes

✗ fail Tests
  ✗ coverage.patch is 75 % (6 of 8): 1 line short of 80 %
      src/tank.ts:41-43
    next: cover 1 of these lines, then run `tollgate check Tests`
  ! coverage.lines is 79.97 % (7,997 of 10,000): 3 lines short of 80 %
  ✓ 1 other condition holds

✓ pass Performance: 2 conditions hold

  on commit 3f2a9c1d + 2 uncommitted, base 9b1c2d3e (5 changed files), 2 inputs;
     reported by the change's own run: bundle, coverage
"
    );
}

#[test]
fn unknown_says_who_can_tell() {
    assert_eq!(
        shown(&samples::unknown(), 0),
        "\
? unknown: 1 of 2 gates is unknown (Tests); 1 fails (Performance)

? unknown Tests
  ? coverage.lines is not known: coverage read no report
    next: run the tests with coverage (they write coverage/lcov.info), then
          check again
  ? coverage.patch is not known: coverage read no report
    next: mend that, then check again

✗ fail Performance
  ✗ bundle.total is 512.3 KB (512,345 B): 12.3 KB over 500 KB
      web/dist/assets/chunk-1.js
      web/dist/assets/chunk-2.js
      web/dist/assets/chunk-3.js
      web/dist/assets/chunk-4.js
      web/dist/assets/chunk-5.js
      … 2 more places
    next: run `tollgate bundle -v` to see what grew

- not judged Security: needs secrets, which this run left out

? coverage saw nothing
    missing: coverage/lcov.info is not there. Run the tests with coverage before
      the check, or name the file in [coverage] reports.

  on commit 3f2a9c1d, base 9b1c2d3e (5 changed files), 1 input; reported by the
     change's own run: bundle, coverage
not looked at: api/openapi.yaml: add [owasp] to tollgate.toml
"
    );
}

#[test]
fn adoption_and_warnings_are_told() {
    let text = shown(&samples::warn(), 0);
    assert!(text.contains("\n! warn Tests (adopting: a failure blocks from 2027-01-15)\n"), "{text}");
    assert!(text.ends_with("\nnote: coverage has settings in tollgate.toml and no gate names its metrics\n"), "{text}");
}

#[test]
fn an_unfinished_checker_that_no_gate_names_is_in_the_headline() {
    let mut run = samples::unknown();
    run.decision.gates.retain(|gate| gate.verdict == Verdict::Fail);
    assert!(
        shown(&run, -1).starts_with("? unknown: coverage did not see everything; 1 of 1 gate fails (Performance)\n")
    );
}

#[test]
fn a_step_told_once_is_not_repeated() {
    let mut run = samples::unknown();
    let told = run.decision.gates[0].reasons[0].next.clone();
    run.decision.gates[0].reasons[1].next = told;
    assert_eq!(shown(&run, 0).matches("next: run the tests").count(), 1);
}

#[test]
fn a_problem_that_a_reason_tells_is_not_repeated() {
    let mut run = samples::unknown();
    let message = run.reports[1].problems[0].message.clone();
    run.decision.gates[0].reasons[0].text = format!("coverage.lines is not known: {message}");
    assert!(!shown(&run, 0).contains("coverage saw nothing"));
}

#[test]
fn quiet_is_one_line() {
    for run in samples::all() {
        assert_eq!(shown(&run, -1).lines().count(), 1);
    }
}

#[test]
fn verbose_shows_all_there_is() {
    let text = shown(&samples::fail(), 1);
    for part in [
        "  ✓ coverage.lines is 79.97 % (7,997 of 10,000), the base has 79.9 %\n",
        "bundle 0.1.0: saw everything, reported by the change's own run\n",
        "    bundle.size{type=\"js\"}  480 KB (480,000 B)\n",
        "    coverage.patch  75 % (6 of 8)\n",
        "  warning coverage/uncovered-lines src/tank.ts:41-43\n      3 new lines are not covered.\n",
        "    └─ index.css   32.3 KB    6 %\n",
        "    file coverage/lcov.info, 12.3 KB, blake3 ab12cd34\n",
        "  base: merge base with origin/main; policy: tollgate.toml; root: .\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn colour_changes_nothing_else() {
    for run in samples::all() {
        let style = TextStyle { color: true, verbosity: 1, ..TextStyle::default() };
        let coloured = text(&run, &style);
        let mut plain = String::new();
        for (i, part) in coloured.split('\u{1b}').enumerate() {
            plain.push_str(if i == 0 { part } else { part.split_once('m').unwrap().1 });
        }
        assert_eq!(plain, shown(&run, 1));
        assert!(coloured.contains("\u{1b}[1;3"));
    }
}

/// Counts characters by their first bytes, apart from the code under test.
fn columns_of(line: &str) -> usize {
    line.bytes().filter(|byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

#[test]
fn no_line_is_too_long_and_none_is_obeyed() {
    for run in samples::all() {
        for width in [72, 80, 120] {
            for verbosity in [-1, 0, 1] {
                let text = text(&run, &TextStyle { width, verbosity, color: false });
                for line in text.lines() {
                    assert!(columns_of(line) <= width, "{width}: {line}");
                    assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
                    assert_eq!(line, line.trim_end());
                }
            }
        }
    }
}

#[test]
fn a_thousand_conditions_do_not_bury_the_screen() {
    let text = shown(samples::huge(), 0);
    assert_eq!(text.matches("… 990 more conditions (-v shows all)").count(), 100);
    assert!(text.lines().count() < 100 * (10 * 10 + 5));
}
