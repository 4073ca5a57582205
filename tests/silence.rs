//! Findings that somebody silenced: what the base has counts, what the change adds is shown, what has expired counts again.

use serde_json::Value;

use crate::support::{Sandbox, Tests, day};

pub(crate) fn tests() -> Tests {
    vec![
        ("what_the_base_has_does_not_count", what_the_base_has_does_not_count),
        ("what_has_expired_counts_again", what_has_expired_counts_again),
        ("without_a_base_it_counts_at_once", without_a_base_it_counts_at_once),
        ("what_is_silenced_makes_no_room_below_the_base", no_room_below_the_base),
        ("a_change_cannot_stretch_what_the_base_has", a_change_cannot_stretch),
        ("a_comment_counts_where_the_base_has_it", a_comment_counts_where_the_base_has_it),
        ("strength_is_asked_for", strength_is_asked_for),
        ("a_list_with_mistakes_is_refused", a_list_with_mistakes_is_refused),
        ("the_command_writes_one_line", the_command_writes_one_line),
        ("the_command_refuses_what_is_wrong", the_command_refuses_what_is_wrong),
    ]
}

const CI: &str = ".github/workflows/ci.yml";
const LIST: &str = ".tollgate/suppressions.toml";
const RULE: &str = "workflows/result-ignored";
const POLICY: &str = "[workflows]\n[gates.Quality]\n\
    conditions = ['workflows.findings{rule=\"workflows/result-ignored\"} == 0']\n";

fn workflow(steps: &str) -> String {
    format!("on: pull_request\npermissions: {{}}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n{steps}")
}

const LOST: &str = "      - run: npx eslint . || true\n";

/// A repository whose base has a step that loses its result.
fn shop(policy: &str) -> Sandbox {
    Sandbox::repository(&[(CI, &workflow(LOST)), ("tollgate.toml", policy)])
}

fn finding(sandbox: &Sandbox) -> Value {
    let report = sandbox.tollgate(&["workflows", "--format", "json"]).json();
    let all = report["findings"].as_array().expect("findings");
    all.iter().find(|one| one["rule"] == RULE).unwrap_or_else(|| panic!("{report:#}")).clone()
}

fn fingerprint(sandbox: &Sandbox) -> String {
    finding(sandbox)["fingerprint"].as_str().expect("a fingerprint").to_owned()
}

/// Makes everything the base's.
fn land(sandbox: &Sandbox) {
    sandbox.commit("landed");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
}

fn accept(sandbox: &Sandbox) -> String {
    let name = fingerprint(sandbox);
    let arguments = ["suppress", &name, "--reason", "only advice", "--accept", "--owner", "ops", "--rule", RULE];
    sandbox.tollgate(&arguments).exits(0).says(&[".tollgate/suppressions.toml:3: { fingerprint", "Commit the file"]);
    name
}

fn what_the_base_has_does_not_count() {
    let sandbox = shop(POLICY);
    sandbox.tollgate(&["check"]).exits(1);
    let shown = sandbox.tollgate(&["check", "-v"]).exits(1);
    let name = accept(&sandbox);
    assert!(shown.stdout.contains(&format!("fingerprint {name}")), "{}", shown.stdout);
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    let added = format!("this change adds 1 suppression: {name} at {RULE} {CI}:7 ({LIST}:3, until {}", day(90));
    outcome.says(&[&added, "only advice", "it counts once the base has it"]);
    land(&sandbox);
    let outcome = sandbox.tollgate(&["check", "-v"]).exits(0);
    assert!(!outcome.stdout.contains("this change adds"), "{}", outcome.stdout);
    let outcome = outcome.says(&["not counted:", "only advice, ops, until"]);
    assert!(!outcome.stdout.contains("take it out"), "{}", outcome.stdout);
    let sarif = sandbox.tollgate(&["check", "--format", "sarif"]).exits(0).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|one| one["ruleId"] == RULE).expect("the finding stays in the archive");
    assert_eq!(result["suppressions"][0]["justification"], "only advice");
    // It moves with its text, and names nothing once the step is mended.
    sandbox.write(CI, workflow(&format!("      - run: npm ci\n{LOST}")));
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write(CI, workflow("      - run: npx eslint .\n"));
    let gone = format!("1 suppression names what is not there any more; take it out: {LIST}:3 ({name})");
    sandbox.tollgate(&["check"]).exits(0).says(&[&gone]);
    let alone = sandbox.tollgate(&["workflows"]).exits(0);
    assert!(!alone.stdout.contains("not there any more"), "one checker alone does not see all: {}", alone.stdout);
}

fn what_has_expired_counts_again() {
    let sandbox = shop(POLICY);
    let (name, last) = (fingerprint(&sandbox), day(-1));
    let entry = format!("accept = true\nowner = \"ops\"\nexpires = {last}\n");
    sandbox.write(LIST, format!("[[suppress]]\nfingerprint = \"{name}\"\nreason = \"r\"\n{entry}"));
    land(&sandbox);
    let said = format!("1 suppression has expired, and its finding counts: {LIST}:1 ({RULE} at {CI}:7), until {last}");
    sandbox.tollgate(&["check"]).exits(1).says(&[&said]);
}

fn without_a_base_it_counts_at_once() {
    let sandbox = Sandbox::new();
    sandbox.write(CI, workflow(LOST));
    sandbox.write("tollgate.toml", POLICY);
    accept(&sandbox);
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    assert!(!outcome.stdout.contains("this change adds"), "{}", outcome.stdout);
    // Where there is a base that nobody knows, nothing counts.
    let sandbox = shop(POLICY);
    accept(&sandbox);
    land(&sandbox);
    sandbox.git(&["checkout", "-q", "--detach"]);
    sandbox.git(&["branch", "-q", "-D", "main"]);
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let outcome = sandbox.tollgate(&["check", "--format", "json"]).json();
    assert_eq!(outcome["decision"]["verdict"], "fail");
    assert!(outcome["decision"]["warnings"].to_string().contains("no suppression counts, for the base is not known"));
}

fn no_room_below_the_base() {
    let policy = "[workflows]\n[gates.Quality]\nconditions = [\"workflows.findings <= base\"]\n";
    let sandbox = shop(policy);
    accept(&sandbox);
    land(&sandbox);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write(CI, workflow(&format!("{LOST}      - run: npx tsc || true\n")));
    sandbox.tollgate(&["check"]).exits(1);
}

fn a_change_cannot_stretch() {
    let sandbox = shop(POLICY);
    let name = fingerprint(&sandbox);
    let entry = |until: &str| {
        let rest = format!("accept = true, owner = \"ops\", expires = {until}");
        sandbox.write(LIST, format!("suppress = [\n  {{ fingerprint = \"{name}\", reason = \"r\", {rest} }},\n]\n"));
    };
    entry(&day(-1));
    land(&sandbox);
    entry(&day(30));
    sandbox.tollgate(&["check"]).exits(1).says(&["has expired", "this change adds 1 suppression"]);
    entry(&day(30));
    land(&sandbox);
    sandbox.tollgate(&["check"]).exits(0);
    // What is taken out counts at once.
    sandbox.write(LIST, "suppress = []\n");
    sandbox.tollgate(&["check"]).exits(1);
}

fn a_comment_counts_where_the_base_has_it() {
    let comment = |until: &str| format!("      # tollgate:ignore {RULE} until={until} owner=ops: only advice\n");
    let sandbox = shop(POLICY);
    sandbox.write(CI, workflow(&format!("{}{LOST}", comment(&day(30)))));
    let added = format!("this change adds 1 suppression: {RULE} at {CI}:7");
    sandbox.tollgate(&["check"]).exits(1).says(&[&added, "only advice"]);
    land(&sandbox);
    sandbox.tollgate(&["check"]).exits(0);
    // It is the same comment where the file has another name.
    let text = sandbox.read(CI);
    sandbox.remove(CI);
    sandbox.write(".github/workflows/build.yml", &text);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.remove(".github/workflows/build.yml");
    // A second one is not the one that the base has.
    let twice = format!("{}{LOST}", comment(&day(30))).repeat(2);
    sandbox.write(CI, workflow(&twice));
    sandbox.tollgate(&["check"]).exits(1).says(&["this change adds 1 suppression"]);
    sandbox.write(CI, workflow(&format!("{}{LOST}", comment(&day(-1)))));
    land(&sandbox);
    sandbox.tollgate(&["check"]).exits(1).says(&["has expired"]);
    sandbox.write(CI, workflow(&format!("      # tollgate:ignore {RULE}\n{LOST}")));
    sandbox.tollgate(&["check"]).exits(1).says(&[&format!("{CI}:7: `tollgate:ignore` needs a colon and a reason")]);
    sandbox.write(CI, workflow(&format!("{}{LOST}", comment(&day(30)).replace("result-ignored", "prints-only"))));
    land(&sandbox);
    sandbox.tollgate(&["check"]).exits(1);
}

fn strength_is_asked_for() {
    let sandbox = shop(POLICY);
    let found = finding(&sandbox);
    assert_eq!((found["level"].as_str(), found["confidence"].as_str()), (Some("error"), Some("high")), "{found:#}");
    let name = fingerprint(&sandbox);
    let outcome = sandbox.tollgate(&["suppress", &name, "--reason", "no finding"]).exits(0);
    outcome.says(&["unless it is accepted: --accept"]);
    land(&sandbox);
    let said =
        format!("1 suppression silences nothing: {LIST}:3 ({RULE} at {CI}:7): an error of high confidence must be");
    sandbox.tollgate(&["check"]).exits(1).says(&[&said]);
}

fn a_list_with_mistakes_is_refused() {
    let sandbox = shop(POLICY);
    let text = "suppress = [\n  { fingerprint = \"a\", reason = \"\" },\n  { fingerprint = \"b\", why = \"c\" },\n]\n";
    sandbox.write(LIST, text);
    let places = [".tollgate/suppressions.toml:2:33: `reason` is empty", ":3:24: unknown key in `suppress`: `why`"];
    sandbox.tollgate(&["check"]).exits(2).complains(&places);
    sandbox.tollgate(&["suppress", "c", "--reason", "r"]).exits(2).complains(&places);
    assert_eq!(sandbox.read(LIST), text);
    sandbox.write(LIST, b"suppress = [\n# \xFF\n]\n");
    sandbox.tollgate(&["check"]).exits(2).complains(&[".tollgate/suppressions.toml:2: not UTF-8"]);
    // The base's mistakes are no reason to stop whoever mends them; nothing of it counts.
    sandbox.write(LIST, text);
    land(&sandbox);
    sandbox.write(LIST, "suppress = []\n");
    sandbox.tollgate(&["check"]).exits(1).says(&["no suppression counts, for the base's list cannot be read"]);
}

fn the_command_writes_one_line() {
    let sandbox = Sandbox::repository(&[("a.txt", "")]);
    sandbox.tollgate(&["suppress", "GHSA-2", "--reason", "not \"reachable\"", "--days", "10"]).exits(0);
    assert_eq!(sandbox.read(".tollgate/.gitignore"), "cache/\nout/\n");
    let until = day(10);
    let line = format!("  {{ fingerprint = \"GHSA-2\", reason = 'not \"reachable\"', expires = {until} }},\n");
    assert!(sandbox.read(LIST).ends_with(&format!("suppress = [\n{line}]\n")), "{}", sandbox.read(LIST));
    sandbox.write(LIST, format!("\u{feff}# ours\nsuppress = [\n  # why\n{line}]\n"));
    let root = sandbox.path().to_str().expect("a path").to_owned();
    sandbox.tollgate(&["suppress", "GHSA-1", "--reason", "r", "--root", &root]).exits(0).says(&[":3: {"]);
    let first = "  { fingerprint = \"GHSA-1\", reason = \"r\" },\n";
    assert_eq!(sandbox.read(LIST), format!("\u{feff}# ours\nsuppress = [\n{first}  # why\n{line}]\n"));
    let block = "[[suppress]]\r\nfingerprint = \"b\"\r\nreason = \"r\"\r\n";
    sandbox.write(LIST, block);
    sandbox.tollgate(&["suppress", "a", "--reason", "s"]).exits(0).says(&[":5: a"]);
    let more = "\r\n[[suppress]]\r\nfingerprint = \"a\"\r\nreason = \"s\"\r\n";
    assert_eq!(sandbox.read(LIST), format!("{block}{more}"));
}

fn the_command_refuses_what_is_wrong() {
    let sandbox = Sandbox::repository(&[("a.txt", "")]);
    let cases: [(&[&str], &str); 6] = [
        (&["v1:12", "--reason", "r"], "is no fingerprint"),
        (&["a", "--reason", " "], "--reason is empty"),
        (&["a"], "--reason"),
        (&["a", "--reason", "r", "--accept"], "--accept needs --owner"),
        (&["a", "--reason", "r", "--expires", "2020-01-01"], "that day has passed"),
        (&["a", "--reason", "r", "--root", "none"], "--root"),
    ];
    for (arguments, wanted) in cases {
        sandbox.tollgate(&[&["suppress"], arguments].concat()).exits(2).complains(&[wanted]);
        assert!(!sandbox.join(".tollgate").exists(), "{arguments:?}: nothing was written");
    }
    sandbox.tollgate(&["suppress", "a", "--reason", "r"]).exits(0);
    let before = sandbox.read(LIST);
    sandbox.tollgate(&["suppress", "a", "--reason", "other"]).exits(2).complains(&[":3: a stands there already"]);
    assert_eq!(sandbox.read(LIST), before);
}
