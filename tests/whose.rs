//! Whose policy holds: what a change relaxes is listed, and fails until somebody approves.

use serde_json::Value;

use crate::support::Sandbox;

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n\
    [gates.Size]\nconditions = [\"coverage.lines >= 10%\"]\n";

pub(crate) fn tests() -> Vec<(&'static str, fn())> {
    vec![
        ("a_lower_limit_is_listed_and_fails", a_lower_limit_is_listed_and_fails),
        ("an_approval_of_this_commit_lets_it_pass", an_approval_of_this_commit_lets_it_pass),
        ("what_is_stricter_warns_until_it_is_merged", what_is_stricter_warns_until_it_is_merged),
        ("the_first_policy_is_judged_by_itself", the_first_policy_is_judged_by_itself),
        ("a_push_to_the_default_branch_is_its_own_base", a_push_to_the_default_branch_is_its_own_base),
        ("a_pull_request_whose_base_is_missing_is_unknown", a_pull_request_whose_base_is_missing_is_unknown),
        ("a_push_to_another_branch_is_judged_by_the_default_one", a_push_to_another_branch),
        ("a_branch_without_a_past_is_judged_by_the_default_one", a_branch_without_a_past),
        ("what_asks_and_what_is_named_is_policy_too", what_asks_and_what_is_named_is_policy_too),
        ("a_broken_policy_of_the_base_can_be_mended", a_broken_policy_of_the_base_can_be_mended),
        ("an_ignore_file_is_a_policy_too", an_ignore_file_is_a_policy_too),
        ("a_docs_only_change_is_not_held_up", a_docs_only_change_is_not_held_up),
        ("explain_says_what_a_gate_demands", explain_says_what_a_gate_demands),
    ]
}

/// A report in which nine of ten lines of `src/a.ts` are covered, or as many as `hit`.
fn lcov(hit: usize) -> String {
    let lines: String = (1..=10).map(|line| format!("DA:{line},{}\n", usize::from(line <= hit))).collect();
    format!("TN:\nSF:src/a.ts\n{lines}end_of_record\n")
}

fn sandbox(hit: usize) -> Sandbox {
    let sandbox = Sandbox::repository(&[("tollgate.toml", POLICY), ("src/a.ts", &"x\n".repeat(10))]);
    sandbox.write("out/lcov.info", lcov(hit));
    sandbox
}

fn verdict(run: &Value, name: &str) -> String {
    let gates = run["decision"]["gates"].as_array().expect("gates");
    let gate = gates.iter().find(|gate| gate["name"] == name).expect("the gate");
    gate["verdict"].as_str().expect("a verdict").to_owned()
}

fn a_lower_limit_is_listed_and_fails() {
    let sandbox = sandbox(9);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["This change relaxes the policy", "70", "80", "somebody other than the author"]);
    let run = sandbox.tollgate(&["check", "--format", "json"]).exits(1).json();
    assert_eq!((verdict(&run, "Tests"), verdict(&run, "Size")), ("fail".to_owned(), "pass".to_owned()));
    assert_eq!(run["decision"]["relaxations"][0]["gate"], "Tests");
    // What would pass by the change's own policy fails by its base's.
    sandbox.write("out/lcov.info", lcov(7));
    sandbox.tollgate(&["check"]).exits(1).says(&["1 line short of 80 %"]);
    for relaxed in [
        POLICY.replace("[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n", ""),
        POLICY.replace("[gates.Tests]\nconditions", "[gates.Tests]\nwarn"),
        POLICY.replace("80%\"]", "80%\"]\nwhen = [\"apps\"]"),
        POLICY.replace("[coverage]\n", "[coverage]\nexclude = [\"src/**\"]\n"),
        POLICY.replace("coverage.lines >= 80%", "coverage.lines >= base"),
    ] {
        sandbox.write("tollgate.toml", &relaxed);
        let run = sandbox.tollgate(&["check", "--format", "json"]).json();
        assert_eq!(run["decision"]["verdict"], "fail", "{relaxed}");
        assert!(run["decision"]["relaxations"].as_array().is_some_and(|all| !all.is_empty()), "{relaxed}");
    }
    // How to measure is the change's own matter.
    sandbox.write("out/moved.info", lcov(9));
    sandbox.write("tollgate.toml", POLICY.replace("out/lcov.info", "out/moved.info"));
    sandbox.tollgate(&["check"]).exits(0);
}

fn an_approval_of_this_commit_lets_it_pass() {
    let sandbox = sandbox(7);
    let base = sandbox.head();
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    sandbox.commit("lower");
    let head = sandbox.head();
    let approvals = |author: &str, by: &str, commit: &str| {
        let text =
            format!("{{\"author\": \"{author}\", \"approvals\": [{{\"by\": \"{by}\", \"commit\": \"{commit}\"}}]}}");
        sandbox.write("out/approvals.json", text);
        sandbox.tollgate(&["check", "--base", &base, "--approvals", "out/approvals.json"])
    };
    approvals("kim", "jo", &head).exits(0).says(&["warn", "approved by jo"]);
    approvals("kim", "Kim", &head).exits(1);
    approvals("kim", "jo", &base).exits(1);
    sandbox.write("out/approvals.json", "{}");
    sandbox.tollgate(&["check", "--approvals", "out/approvals.json"]).exits(2).complains(&["--approvals"]);
}

fn what_is_stricter_warns_until_it_is_merged() {
    let sandbox = sandbox(9);
    sandbox.write(
        "tollgate.toml",
        POLICY.replace("\"coverage.lines >= 80%\"", "\"coverage.lines >= 80%\", \"coverage.lines >= 95%\""),
    );
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    outcome.says(&["warn", "short of 95 %", "counts once it is merged"]);
    sandbox.commit("stricter");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check"]).exits(1);
}

fn the_first_policy_is_judged_by_itself() {
    let sandbox = Sandbox::repository(&[("src/a.ts", &"x\n".repeat(10))]);
    sandbox.write("out/lcov.info", lcov(9));
    sandbox.write("tollgate.toml", POLICY);
    sandbox.tollgate(&["check"]).exits(0).says(&["this change adds tollgate.toml, and is judged by it"]);
}

fn event(sandbox: &Sandbox, payload: &str) {
    sandbox.write("out/event.json", payload);
}

fn a_push_to_the_default_branch_is_its_own_base() {
    let sandbox = sandbox(9);
    let before = sandbox.head();
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    sandbox.commit("lower");
    let payload = |branch: &str| {
        format!(
            "{{\"before\": \"{before}\", \"ref\": \"refs/heads/{branch}\", \"repository\": {{\"default_branch\": \"main\"}}}}"
        )
    };
    let path = sandbox.join("out/event.json").display().to_string();
    let push = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", path.as_str())];
    event(&sandbox, &payload("main"));
    sandbox.tollgate_with(&["check"], &push).exits(0);
    event(&sandbox, &payload("topic"));
    sandbox.tollgate_with(&["check"], &push).exits(1).says(&["relaxes the policy"]);
}

fn a_pull_request_whose_base_is_missing_is_unknown() {
    let sandbox = sandbox(9);
    event(&sandbox, &format!("{{\"pull_request\": {{\"base\": {{\"sha\": \"{}\"}}}}}}", "1".repeat(40)));
    let path = sandbox.join("out/event.json").display().to_string();
    let pull =
        [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", path.as_str())];
    sandbox.tollgate_with(&["check"], &pull).exits(3).says(&["the policy of the base could not be read"]);
}

fn a_broken_policy_of_the_base_can_be_mended() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", "[gates.Tests]\ncondition = 3\n"), ("src/a.ts", "x\n")]);
    sandbox.write("out/lcov.info", lcov(9));
    sandbox.write("tollgate.toml", POLICY);
    sandbox.tollgate(&["check"]).exits(1).says(&["makes no sense", "judged by its own"]);
}

fn an_ignore_file_is_a_policy_too() {
    let policy = "[secrets]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("a.txt", "a\n")]);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write(".gitleaksignore", "0123456789abcdef:a.txt:generic:1\n");
    sandbox.tollgate(&["check"]).exits(1).says(&["relaxes the policy", ".gitleaksignore"]);
}

fn a_docs_only_change_is_not_held_up() {
    let policy = "[coverage]\nreports = [\"out/lcov.info\"]\nwhen = [\"src/**\"]\n[gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("src/a.ts", "x\n"), ("README.md", "a\n")]);
    sandbox.write("README.md", "b\n");
    sandbox.tollgate(&["check"]).exits(0).says(&["does not apply", "none of 1 changed file matches src/**"]);
    // A change of one package is asked about that package.
    sandbox.write("src/a.ts", "y\n");
    sandbox.tollgate(&["check"]).exits(3);
}

fn explain_says_what_a_gate_demands() {
    let sandbox = sandbox(9);
    let outcome = sandbox.tollgate(&["explain", "Tests"]).exits(0);
    outcome.says(&[
        "Tests (tollgate.toml:3:8): it fails where its condition does not hold.",
        "coverage.lines >= 80%",
        "at least 80 %",
        "To pass:",
    ]);
    sandbox.tollgate(&["explain", "coverage/uncovered-lines"]).exits(0).says(&["How to mend it"]);
    sandbox.tollgate(&["explain", "Test"]).exits(2).complains(&["did you mean `Tests`"]);
}

/// The first push of a branch, a push over another history, and a second push: none brings its own policy.
fn a_push_to_another_branch() {
    let sandbox = sandbox(7);
    let first = sandbox.head();
    sandbox.git(&["checkout", "-q", "-b", "topic"]);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    sandbox.commit("lower");
    let lower = sandbox.head();
    sandbox.write("other.txt", "x");
    sandbox.commit("other");
    let push = |before: &str, code: i32| {
        let payload = format!(
            "{{\"before\": \"{before}\", \"ref\": \"refs/heads/topic\", \"repository\": {{\"default_branch\": \"main\"}}}}"
        );
        event(&sandbox, &payload);
        let path = sandbox.join("out/event.json").display().to_string();
        let variables = [("GITHUB_EVENT_NAME", "push"), ("GITHUB_EVENT_PATH", path.as_str())];
        sandbox.tollgate_with(&["check"], &variables).exits(code)
    };
    for before in ["0".repeat(40), "1".repeat(40), first, lower.clone()] {
        push(&before, 1).says(&["This change relaxes the policy", "1 line short of 80 %"]);
    }
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    push(&lower, 3).says(&["origin/main, whose policy holds, was not fetched"]);
}

fn a_branch_without_a_past() {
    let sandbox = sandbox(7);
    sandbox.git(&["checkout", "-q", "--orphan", "fresh"]);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    sandbox.commit("all anew");
    sandbox.tollgate(&["check"]).exits(1).says(&["This change relaxes the policy", "short of 80 %"]);
}

fn what_asks_and_what_is_named_is_policy_too() {
    let policy = "[secrets]\ngitleaks_config = \"ci/gitleaks.toml\"\nhistory = true\n\
        [workflows]\nmerge_queue = true\nrequired = [\"lint\", \"test\"]\n\
        [gates.Security]\nconditions = ['secrets.findings{confidence=\"high\"} == 0', \"workflows.ineffective <= 9\"]\n";
    let files = [
        ("tollgate.toml", policy),
        ("src/a.ts", "a\n"),
        ("ci/gitleaks.toml", "title = \"x\"\n[extend]\npath = \"ci/more.toml\"\n"),
        ("ci/more.toml", "title = \"y\"\n"),
    ];
    let sandbox = Sandbox::repository(&files);
    let listed = |file: &str, text: String, word: &str| {
        sandbox.write(file, text);
        let run = sandbox.tollgate(&["check", "--format", "json"]).json();
        let listed = run["decision"]["relaxations"].to_string();
        assert!(listed.contains(word), "{file}: {listed}");
        assert_ne!(run["decision"]["verdict"], "pass", "{file}");
        sandbox.git(&["checkout", "-q", "--", "."]);
    };
    let allow = "[allowlist]\npaths = [\"src\"]\n";
    listed("ci/gitleaks.toml", allow.to_owned(), "ci/gitleaks.toml would change");
    listed("ci/more.toml", allow.to_owned(), "ci/more.toml would change");
    for (from, to, word) in [
        ("history = true\n", "", "`history` of secrets would be unset"),
        ("history = true\n", "history = true\nstaged = true\n", "`staged` of secrets would be"),
        ("history = true\n", "history = true\nsince = \"2099-01-01\"\n", "`since` of secrets would"),
        ("merge_queue = true\n", "", "`merge_queue` of workflows would be unset"),
        ("\"lint\", ", "", "`required` of workflows would no longer have `lint`"),
    ] {
        listed("tollgate.toml", policy.replace(from, to), word);
    }
    // Asking for more is no relaxation.
    sandbox.write("tollgate.toml", policy.replace("\"lint\", ", "\"lint\", \"more\", "));
    let run = sandbox.tollgate(&["check", "--format", "json"]).json();
    assert_eq!(run["decision"].get("relaxations"), None, "{}", run["decision"]["relaxations"]);
}
