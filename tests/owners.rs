//! Code owners: where the forge asks them about what holds the policy, relaxing it warns.

use crate::support::{Outcome, Sandbox, gate, lcov};

const POLICY: &str = "[coverage]\nreports = [\"out/lcov.info\"]\n[secrets]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n\
    [gates.Security]\nconditions = ['secrets.findings{level=\"error\"} == 0']\n";

/// They own all that holds policy.
const OWNERS: &str = "/tollgate.toml @org/quality @kim\n/.tollgate/ @org/quality\n/.github/ @org/quality\n";

pub(crate) fn tests() -> Vec<(&'static str, fn())> {
    vec![
        ("owners_who_are_asked_make_it_a_warning", owners_who_are_asked_make_it_a_warning),
        ("what_is_not_owned_stays_a_failure", what_is_not_owned_stays_a_failure),
        ("other_files_need_owners_of_their_own", other_files_need_owners_of_their_own),
        ("the_owners_of_a_folder_that_moved_are_asked", the_owners_of_a_folder_that_moved_are_asked),
    ]
}

fn sandbox(owners: &str) -> Sandbox {
    let source = "let a = 1;\n".repeat(10);
    let files = [("tollgate.toml", POLICY), (".github/CODEOWNERS", owners), ("src/a.ts", &source)];
    let sandbox = Sandbox::repository(&files);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 1, 1, 1, 1, 1, 1, 0]));
    sandbox
}

/// Checks a change by kim that nobody approved.
fn check(sandbox: &Sandbox, fact: &str, more: &[&str]) -> Outcome {
    sandbox.write("out/approvals.json", format!("{{\"author\": \"kim\", \"approvals\": []{fact}}}"));
    sandbox.tollgate(&[&["check", "--approvals", "out/approvals.json"], more].concat())
}

const ASKED: &str = ", \"code_owner_review\": true";

fn owners_who_are_asked_make_it_a_warning() {
    let sandbox = sandbox(OWNERS);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    check(&sandbox, "", &[]).exits(1).says(&["relaxes the policy"]);
    check(&sandbox, ", \"code_owner_review\": false", &[]).exits(1);
    sandbox.tollgate(&["check"]).exits(1);
    let outcome = check(&sandbox, ASKED, &[]).exits(0);
    outcome.says(&["warn", "its code owners (@org/quality) must approve it"]);
    check(&sandbox, ", \"code_owner_review\": 1", &[]).exits(2).complains(&["code_owner_review"]);
    // It is judged by the base's all the same: nobody has agreed yet.
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 1, 1, 1, 1, 0, 0, 0]));
    check(&sandbox, ASKED, &[]).exits(1).says(&["1 line short of 80 %", "must approve it"]);
}

fn what_is_not_owned_stays_a_failure() {
    for owners in [
        "",
        "/tollgate.toml @org/quality\n",
        "/tollgate.toml @org/quality\n/.github/ @org/quality\n",
        "/tollgate.toml @org/quality\n/.tollgate/ @org/quality\n/.github/workflows/ @org/quality\n",
        "* @org/quality\n/tollgate.toml\n",
        "* @org/quality\n/.github/CODEOWNERS\n",
        "* @org/quality\n/.tollgate/suppressions.toml\n",
        "* @kim\n",
        "* @Kim\n",
        "* kim@example.org\n",
        "* @org/quality\n/.github/ @kim\n",
        "* quality\n",
    ] {
        let sandbox = sandbox(owners);
        sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
        // What the change writes there does not count yet.
        sandbox.write(".github/CODEOWNERS", "* @org/quality\n");
        let outcome = check(&sandbox, ASKED, &[]);
        assert_eq!(outcome.code, 1, "{owners:?}: {}", outcome.stdout);
    }
    // Only the first file counts, in one place of three.
    let sandbox = sandbox("* @org/quality\n");
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    check(&sandbox, ASKED, &[]).exits(0);
    sandbox.git(&["checkout", "-q", "HEAD", "tollgate.toml"]);
    sandbox.git(&["mv", ".github/CODEOWNERS", "CODEOWNERS"]);
    sandbox.write("docs/CODEOWNERS", "# nobody\n");
    sandbox.commit("elsewhere");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    check(&sandbox, ASKED, &[]).exits(0);
    sandbox.git(&["checkout", "-q", "HEAD", "tollgate.toml"]);
    sandbox.write(".github/CODEOWNERS", "# nobody\n");
    sandbox.commit("first");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    check(&sandbox, ASKED, &[]).exits(1);
}

fn other_files_need_owners_of_their_own() {
    let ignored = "0123456789abcdef:a.txt:generic:1\n";
    let sandbox = sandbox(OWNERS);
    sandbox.write(".gitleaksignore", ignored);
    check(&sandbox, ASKED, &[]).exits(1).says(&["relaxes the policy", ".gitleaksignore"]);
    // One of each: the gate that nobody is asked about fails.
    sandbox.write("tollgate.toml", POLICY.replace("80%", "70%"));
    let run = check(&sandbox, ASKED, &["--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Security")["verdict"], "fail");
    sandbox.remove(".gitleaksignore");
    let run = check(&sandbox, ASKED, &["--format", "json"]).exits(0).json();
    assert_eq!((&gate(&run, "Security")["verdict"], &gate(&run, "Tests")["verdict"]), (&"pass".into(), &"warn".into()));

    let owned = self::sandbox(&format!("{OWNERS}.gitleaksignore @jo\n"));
    owned.write(".gitleaksignore", ignored);
    check(&owned, ASKED, &[]).exits(0).says(&["its code owners (@jo) must approve it"]);
    // The list of suppressions lies in a folder that is owned.
    owned.remove(".gitleaksignore");
    owned.write(".tollgate/suppressions.toml", "suppress = [{ fingerprint = \"x\", reason = \"r\" }]\n");
    check(&owned, ASKED, &[]).exits(0).says(&["its code owners (@org/quality) must approve it"]);
}

fn the_owners_of_a_folder_that_moved_are_asked() {
    let source = "let a = 1;\n".repeat(10);
    for (owners, code) in [("/.github/ @jo\n/apps/ @jo\n/services/ @jo\n", 0), ("/.github/ @jo\n/services/ @jo\n", 1)] {
        let files = [("apps/a/tollgate.toml", POLICY), (".github/CODEOWNERS", owners), ("apps/a/src/a.ts", &source)];
        let sandbox = Sandbox::repository(&files);
        std::fs::create_dir(sandbox.join("services")).expect("a folder");
        sandbox.git(&["mv", "apps/a", "services/a"]);
        sandbox.write("services/a/tollgate.toml", POLICY.replace("80%", "70%"));
        sandbox.write(".gitignore", "out/\n");
        sandbox.write("services/a/out/lcov.info", lcov("src/a.ts", &[1; 10]));
        let outcome = check(&sandbox, ASKED, &["--root", "services/a"]);
        assert_eq!(outcome.code, code, "{owners:?}: {}\n{}", outcome.stdout, outcome.stderr);
        assert!(outcome.flat().contains("tollgate.toml was at apps/a/tollgate.toml"), "{}", outcome.stdout);
    }
}
