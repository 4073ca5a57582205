//! Scripts of one step: what becomes of the check in them.

use super::checks;

/// The classes of the checks of a workflow with this script, with these keys for the step and the job.
fn classes(script: &str, step: &str, job: &str) -> String {
    let indented: String = script.lines().map(|line| format!("          {line}\n")).collect();
    let text = format!(
        "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n{job}    steps:\n      - name: Checks\n{step}        run: |\n{indented}"
    );
    let found: Vec<String> =
        checks(&text).iter().map(|row| row.split(' ').next().unwrap_or_default().to_owned()).collect();
    found.join(" ")
}

#[test]
fn what_the_shell_makes_of_a_failure() {
    const GOOD: &str = "effective";
    const LOST: &str = "result-ignored";
    const OPEN: &str = "passes-without-input";
    let mut failed = Vec::new();
    for (script, expected) in [
        // The plain ways.
        ("eslint .", GOOD),
        ("echo a\neslint .\necho b", GOOD),
        ("eslint . || true", LOST),
        ("eslint . || echo failed", LOST),
        ("eslint . || :", LOST),
        ("eslint . || exit 1", GOOD),
        ("eslint . || { echo no; exit 1; }", GOOD),
        ("eslint . || { echo no; exit 0; }", LOST),
        ("eslint . || false", GOOD),
        // Lists, and where `set -e` does not hold.
        ("eslint . && echo fine", GOOD),
        ("eslint . && echo fine\necho next", LOST),
        ("set +e\neslint .\necho next", LOST),
        ("set +e\neslint .", GOOD),
        ("set +e\neslint .\nRC=$?\necho next\nexit $RC", GOOD),
        ("set +e\neslint .\nif [ $? -ne 0 ]; then exit 1; fi", GOOD),
        ("set +e\neslint .\necho $?\nexit 0", LOST),
        ("eslint .; true", GOOD),
        ("set +e; eslint .; true", LOST),
        ("! eslint .\necho next", LOST),
        // Conditions.
        ("if eslint .; then echo ok; else echo bad; fi", LOST),
        ("if eslint .; then echo ok; else echo bad; exit 1; fi", GOOD),
        ("if ! eslint .; then exit 1; fi", GOOD),
        ("if ! eslint .; then echo bad; fi", LOST),
        ("eslint . && OK=1 || OK=0\n[ \"$OK\" = 1 ] || exit 1", GOOD),
        ("FAILED=0\neslint . || FAILED=1\nexit $FAILED", GOOD),
        ("FAILED=0\neslint . || FAILED=1\nif [ $FAILED -ne 0 ]; then echo no; fi", LOST),
        ("FAILED=0\neslint . || FAILED=1\nif [[ $FAILED == 1 ]]; then exit 1; fi", GOOD),
        ("ERRORS=0\neslint . || ERRORS=$((ERRORS+1))\n(( ERRORS == 0 ))", GOOD),
        ("eslint . || STATUS=bad\ncase \"${STATUS:-}\" in bad) exit 1;; esac", GOOD),
        // Pipes and subshells.
        ("eslint . | tee log", LOST),
        ("set -o pipefail\neslint . | tee log", GOOD),
        ("eslint . | tee log\nexit ${PIPESTATUS[0]}", GOOD),
        // What it prints is judged, and where it prints nothing, nothing is found.
        ("eslint . 2>&1 | grep -q problem && exit 1 || true", OPEN),
        ("(eslint .)", GOOD),
        ("(eslint . || true)", LOST),
        ("X=$(eslint .)", GOOD),
        ("echo \"$(eslint .)\"", LOST),
        ("export X=$(eslint .)\necho $X", LOST),
        ("eslint . &\nwait", LOST),
        ("eslint . &\nPID=$!\nwait $PID", GOOD),
        ("FAILED=0\nls | while read f; do eslint \"$f\" || FAILED=1; done\nexit $FAILED", LOST),
        ("FAILED=0\nwhile read f; do eslint \"$f\" || FAILED=1; done < <(ls)\nexit $FAILED", GOOD),
        // Functions, loops, attempts.
        ("check() { eslint .; }\ncheck", GOOD),
        ("check() { eslint .; }\ncheck || true", LOST),
        ("check() { eslint . || return 1; }\nif ! check; then exit 1; fi", GOOD),
        ("for d in a b; do (cd $d && eslint .); done", GOOD),
        ("for d in a b; do eslint $d || true; done", LOST),
        ("eslint . || eslint .", GOOD),
        ("for i in 1 2 3; do eslint . && break; done", GOOD),
        ("for i in 1 2 3; do eslint . && break; done\necho done", LOST),
        ("for i in 1 2 3; do eslint . && break || sleep 5; done", LOST),
        ("for i in 1 2 3; do if eslint .; then exit 0; fi; done\nexit 1", GOOD),
        ("n=0\nuntil eslint .; do n=$((n+1)); [ $n -ge 3 ] && exit 1; done", GOOD),
        ("trap 'exit 0' EXIT\neslint .", LOST),
        ("trap 'rm -f x' EXIT\neslint .", GOOD),
        ("if eslint .; then rc=0; else rc=$?; fi\nexit $rc", GOOD),
        ("eslint . || RC=$?\necho $RC", LOST),
        ("if ! eslint .; then exit 0; fi", LOST),
        ("! eslint . && echo fine\necho next", LOST),
        ("eslint . &\nwait -n", GOOD),
        // Wrappers.
        ("timeout 60 npx eslint . || true", LOST),
        ("git ls-files '*.js' | xargs eslint", GOOD),
        ("find . -name '*.js' -exec eslint {} \\;", LOST),
        ("find . -name '*.js' -exec eslint {} +", GOOD),
        ("bash -c 'eslint . || true'", LOST),
        ("sudo -E env A=1 eslint .", GOOD),
        // Reports.
        ("eslint -f json -o r.json . || true\nN=$(jq 'length' r.json)\n[ \"$N\" -eq 0 ]", GOOD),
        (
            "npm audit --json > a.json || true\nN=$(jq '.metadata.vulnerabilities.critical // 0' a.json)\nif [ \"$N\" -gt 0 ]; then exit 1; fi",
            OPEN,
        ),
        (
            "npm audit --json > a.json || true\nN=$(jq -e '.metadata.vulnerabilities.critical' a.json)\nif [ \"$N\" -gt 0 ]; then exit 1; fi",
            GOOD,
        ),
        ("npm audit --json > a.json || true\njudge a.json", "effective effective"),
        ("npm audit > a.txt || true\nif grep -q critical a.txt; then exit 1; fi", OPEN),
        ("npm audit > a.txt || true\ncat a.txt", LOST),
        ("npm audit > a.txt || true\ngrep -q 'found 0 vulnerabilities' a.txt", GOOD),
        // Where errors go into the report, a tool that does not work leaves something in it.
        ("eslint . > lint.txt 2>&1 || true\nif [ -s lint.txt ]; then exit 1; fi", GOOD),
        ("eslint . > lint.txt || true\nif [ -s lint.txt ]; then exit 1; fi", OPEN),
        ("jest --passWithNoTests", OPEN),
        ("pylint --exit-zero src", OPEN),
        ("if command -v gitleaks; then gitleaks detect; else echo skipped; fi", OPEN),
        ("if command -v gitleaks; then gitleaks detect; else exit 1; fi", GOOD),
        ("command -v gitleaks || { curl -sSfL https://example.org/gitleaks | sh; }\ngitleaks detect", GOOD),
    ] {
        let found = classes(script, "", "");
        if found != expected {
            failed.push(format!("{script}\n  expected {expected}, found {found}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn what_the_step_and_the_job_make_of_it() {
    for (step, job, expected) in [
        ("        continue-on-error: true\n", "", "result-ignored"),
        ("        continue-on-error: false\n", "", "effective"),
        ("        continue-on-error: ${{ matrix.flaky }}\n", "", "effective"),
        ("", "    continue-on-error: true\n", "result-ignored (medium)"),
        ("        shell: bash\n", "", "effective"),
        ("        if: failure()\n", "", ""),
        ("        if: always()\n", "", "effective"),
        ("        if: github.event_name == 'push'\n", "", "never-runs"),
        ("        if: ${{ false }}\n", "", "never-runs"),
        ("        if: github.event_name == 'pull_request'\n", "", "effective"),
        ("", "    if: github.ref == 'refs/heads/main'\n", "never-runs"),
    ] {
        let found = classes("eslint .", step, job);
        let expected = expected.split(' ').next().unwrap_or_default();
        assert_eq!(found, expected, "{step}{job}");
    }
    assert_eq!(classes("eslint . | tee log", "        shell: bash\n", ""), "effective");
    assert_eq!(classes("eslint .\necho", "        shell: bash {0}\n", ""), "result-ignored");
    assert_eq!(classes("eslint . | tee log", "", "    defaults:\n      run:\n        shell: bash\n"), "effective");
}
