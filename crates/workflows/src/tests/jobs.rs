//! Workflows of several steps and jobs: where a result goes, and who judges it.

use super::{checks, report};

/// What is found in a workflow with these jobs; lines count from the one after `jobs:`.
fn found(jobs: &str) -> Vec<String> {
    let rows = checks(&format!("on: [pull_request, push]\njobs:\n{jobs}"));
    rows.iter()
        .map(|row| {
            let mut words = row.split(' ').filter(|word| !word.starts_with('('));
            let class = words.next().unwrap_or_default();
            let line = words.next().and_then(|line| line.parse::<u32>().ok()).unwrap_or_default();
            format!("{} {class}", line.saturating_sub(2))
        })
        .collect()
}

#[test]
fn results_travel_through_steps_and_jobs() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "a later step reads the outcome",
            "  a:\n    runs-on: x\n    steps:\n      - id: lint\n        run: npx eslint .\n        continue-on-error: true\n      - if: steps.lint.outcome == 'failure'\n        run: exit 1\n",
            &["5 effective"],
        ),
        (
            "all outcomes at once",
            "  a:\n    runs-on: x\n    steps:\n      - id: lint\n        run: npx eslint .\n        continue-on-error: true\n      - if: contains(steps.*.outcome, 'failure')\n        run: exit 1\n",
            &["5 effective"],
        ),
        (
            "a later step only prints the outcome",
            "  a:\n    runs-on: x\n    steps:\n      - id: lint\n        run: npx eslint .\n        continue-on-error: true\n      - run: echo ${{ steps.lint.outcome }}\n",
            &["5 result-ignored"],
        ),
        (
            "a count travels through the environment",
            "  a:\n    runs-on: x\n    steps:\n      - run: |\n          npx eslint -f json -o r.json . || true\n          echo \"N=$(jq length r.json)\" >> \"$GITHUB_ENV\"\n      - run: |\n          [ \"$N\" = 0 ] || exit 1\n",
            &["5 effective"],
        ),
        (
            "an output decides in another job",
            "  a:\n    runs-on: x\n    outputs:\n      ok: ${{ steps.t.outputs.ok }}\n    steps:\n      - id: t\n        run: |\n          if npx jest; then echo ok=true >> \"$GITHUB_OUTPUT\"; else echo ok=false >> \"$GITHUB_OUTPUT\"; fi\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - if: needs.a.outputs.ok != 'true'\n        run: exit 1\n",
            &["8 effective", "14 effective"],
        ),
        (
            "an output that nobody reads",
            "  a:\n    runs-on: x\n    outputs:\n      ok: ${{ steps.t.outputs.ok }}\n    steps:\n      - id: t\n        run: |\n          if npx jest; then echo ok=true >> \"$GITHUB_OUTPUT\"; else echo ok=false >> \"$GITHUB_OUTPUT\"; fi\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - run: echo done\n",
            &["8 result-ignored"],
        ),
        (
            "a report that another job downloads and judges",
            "  a:\n    runs-on: x\n    steps:\n      - run: npx jest --json --outputFile=r.json || true\n      - uses: actions/upload-artifact@v4\n        with: {name: r, path: r.json}\n  b:\n    needs: a\n    runs-on: x\n    steps:\n      - uses: actions/download-artifact@v4\n      - run: test \"$(jq .numFailedTests r/r.json)\" -eq 0\n",
            &["4 effective", "12 effective"],
        ),
        (
            "a job that goes on counts as successful for those that need it",
            "  a:\n    runs-on: x\n    continue-on-error: true\n    steps:\n      - run: npx jest\n  all-green:\n    needs: a\n    if: always()\n    runs-on: x\n    steps:\n      - if: needs.a.result != 'success'\n        run: exit 1\n",
            &["5 result-ignored", "12 effective"],
        ),
        (
            "a summary that reads nothing",
            "  a:\n    runs-on: x\n    steps:\n      - run: npx jest\n  ci-success:\n    needs: [a]\n    if: always()\n    runs-on: x\n    steps:\n      - run: echo all good\n",
            &["4 effective", "5 result-ignored"],
        ),
        (
            "a summary by toJSON and jq",
            "  a:\n    runs-on: x\n    steps:\n      - run: npx jest\n  ci-success:\n    needs: [a]\n    if: always()\n    runs-on: x\n    steps:\n      - run: jq -e 'all(.result == \"success\")' <<< '${{ toJSON(needs) }}'\n",
            &["4 effective", "10 effective"],
        ),
        (
            "results that an action judges",
            "  a:\n    runs-on: x\n    steps:\n      - run: npx jest\n        continue-on-error: true\n      - uses: dorny/test-reporter@v2\n        with: {name: tests, path: junit.xml, reporter: jest-junit}\n",
            &["4 effective"],
        ),
        (
            "results that code scanning judges",
            "  a:\n    runs-on: x\n    steps:\n      - run: semgrep scan --sarif --output r.sarif || true\n      - uses: github/codeql-action/upload-sarif@v3\n        with: {sarif_file: r.sarif}\n",
            &["4 effective"],
        ),
        (
            "a number that never changes",
            "  a:\n    runs-on: x\n    steps:\n      - name: Score gate\n        run: |\n          SCORE=95\n          if [ \"$SCORE\" -lt 80 ]; then exit 1; fi\n      - name: Budget check\n        run: |\n          SIZE=900\n          test \"$SIZE\" -le 500\n",
            &["4 prints-only", "8 cannot-pass"],
        ),
        (
            "a report written by hand, with a date",
            "  a:\n    runs-on: x\n    steps:\n      - name: Security gate\n        run: |\n          cat > r.json <<EOF\n          {\"at\": \"$(date)\", \"critical\": 0}\n          EOF\n          [ \"$(jq .critical r.json)\" -eq 0 ] || exit 1\n",
            &["4 prints-only"],
        ),
        (
            "a step that expects a failure",
            "  a:\n    runs-on: x\n    steps:\n      - run: |\n          if gitleaks detect --source fixtures/leak; then\n            echo not found\n            exit 1\n          fi\n",
            &["5 effective"],
        ),
    ];
    let mut failed = Vec::new();
    for (about, jobs, expected) in cases {
        let found = found(jobs);
        if found != *expected {
            failed.push(format!("{about}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn make_and_package_scripts_are_followed() {
    let text = "==> .github/workflows/ci.yml <==\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make lint\n      - run: make test\n      - run: npm run check\n      - run: ./gradlew check || true\n==> Makefile <==\nlint:\n\t-golangci-lint run\ntest:\n\tgo test ./...\n==> package.json <==\n{ \"scripts\": { \"check\": \"tsc --noEmit; echo done\" } }\n==> gradlew <==\n#!/bin/sh\nexec java -jar gradle/wrapper.jar \"$@\"\n";
    let found: Vec<String> =
        checks(text).iter().map(|row| row.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(found, ["result-ignored 6", "effective 7", "result-ignored 8", "result-ignored 9"]);
}

#[test]
fn scripts_named_like_checks_are_judged_by_what_they_can_do() {
    let text = "==> .github/workflows/ci.yml <==\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: ./scripts/check-notes.sh\n      - run: ./scripts/check-same.sh\n      - run: node scripts/check-size.js\n      - run: node scripts/check-all.mjs\n      - run: node scripts/check-words.js\n==> scripts/check-notes.sh <==\n#!/bin/bash\nif [ -z \"$(grep -v x notes.md)\" ]; then exit 1; fi\n==> scripts/check-same.sh <==\n#!/bin/sh\nset -e\ndiff a.txt b.txt\n==> scripts/check-size.js <==\nif (size() > 5) process.exit(1)\n==> scripts/check-all.mjs <==\nimport { run } from './lib/run.mjs'\nrun()\n==> scripts/check-words.js <==\nconsole.log('all words are fine')\n";
    let found: Vec<String> =
        checks(text).iter().map(|row| row.split(" (").next().unwrap_or_default().to_owned()).collect();
    let found: Vec<&str> = found.iter().map(|row| row.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(found, ["effective", "effective", "effective", "effective", "result-ignored"]);
}

#[test]
fn what_include_adds_to_a_combination_counts() {
    let job = |condition: &str, matrix: &str| {
        let text = format!(
            "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n{matrix}    runs-on: x\n    steps:\n      - if: ${{{{ {condition} }}}}\n        run: cargo test\n"
        );
        checks(&text).first().map(|row| row.split(' ').next().unwrap_or_default().to_owned())
    };
    let extended = "        os: [a, b]\n        include:\n          - os: a\n            COVER: true\n";
    let listed = "        os: [a, b]\n        include:\n          - os: a\n            list: [1, 2]\n";
    let own = "        include:\n          - os: a\n          - os: b\n            cover: yes\n";
    for (condition, matrix, expected) in [
        ("matrix.COVER", extended, "effective"),
        ("!matrix.COVER", extended, "effective"),
        ("matrix.os == 'c'", extended, "never-runs"),
        ("matrix.list", listed, "effective"),
        ("matrix.other", listed, "effective"),
        ("matrix.cover == 'yes'", own, "effective"),
        ("matrix.cover == 'no'", own, "never-runs"),
    ] {
        assert_eq!(job(condition, matrix).as_deref(), Some(expected), "{condition} of {matrix}");
    }
}

#[test]
fn paths_that_are_many_are_joined_and_none_is_lost() {
    let scripts: Vec<String> = (0..9)
        .map(|n| format!("==> p{n}/package.json <==\n{{ \"name\": \"p{n}\", \"scripts\": {{ \"test\": \"A{n}=$(cat f{n}); jest\" }} }}\n"))
        .collect();
    let text = format!(
        "==> .github/workflows/ci.yml <==\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          V=$(< VERSION)\n          pnpm -r test\n==> package.json <==\n{{ \"name\": \"root\" }}\n==> pnpm-workspace.yaml <==\npackages: ['p*']\n{}",
        scripts.concat()
    );
    let found: Vec<String> =
        checks(&text).iter().map(|row| row.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(found, ["effective"]);
}

#[test]
fn what_is_not_there_never_runs() {
    let text = "on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - uses: ./.github/actions/lint\n      - run: ./scripts/check.sh\n  b:\n    uses: ./.github/workflows/nope.yml\n";
    let lines: Vec<(String, u32)> = report(text)
        .findings
        .iter()
        .filter(|finding| finding.properties.get("class").is_some_and(|class| class == "never-runs"))
        .filter_map(|finding| Some((finding.rule.clone(), finding.location.as_ref()?.region?.start_line)))
        .collect();
    let expected =
        [("workflows/missing-script", 8), ("workflows/unresolvable-action", 7), ("workflows/unresolvable-action", 10)];
    let mut lines: Vec<(&str, u32)> = lines.iter().map(|(rule, line)| (rule.as_str(), *line)).collect();
    lines.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn too_much_to_follow_is_no_pass() {
    let many = "          if [ -f x$RANDOM ]; then A=1; fi\n".repeat(6_000);
    let text = format!(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          eslint . || true\n{many}"
    );
    let report = report(&text);
    assert_ne!(report.status, tollgate_model::Status::Complete, "{:?}", report.problems);
}
