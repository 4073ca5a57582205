//! A policy, or the folder it is for, that moved: the base's holds all the same.

use serde_json::Value;

use crate::support::{Outcome, Sandbox, gate, lcov};

const POLICY: &str =
    "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.lines >= 80%\"]\n";

pub(crate) fn tests() -> Vec<(&'static str, fn())> {
    vec![
        ("a_folder_that_is_gone_is_asked_for_no_longer", a_folder_that_is_gone_is_asked_for_no_longer),
        ("what_is_said_of_a_folder_follows_it", what_is_said_of_a_folder_follows_it),
        ("a_folder_that_moves_keeps_its_policy", a_folder_that_moves_keeps_its_policy),
        ("a_folder_that_moves_brings_nothing_new", a_folder_that_moves_brings_nothing_new),
        ("a_folder_that_moves_must_keep_a_policy", a_folder_that_moves_must_keep_a_policy),
        ("a_policy_that_moves_alone_needs_somebody", a_policy_that_moves_alone_needs_somebody),
        ("a_folder_that_became_a_link_is_refused", a_folder_that_became_a_link_is_refused),
        ("a_second_policy_is_judged_by_itself", a_second_policy_is_judged_by_itself),
        ("of_several_that_are_gone_none_is_guessed", of_several_that_are_gone_none_is_guessed),
        ("what_the_base_added_since_is_not_gone", what_the_base_added_since_is_not_gone),
        ("a_named_policy_is_the_bases_too", a_named_policy_is_the_bases_too),
        ("a_folder_that_moves_is_known_without_a_policy_in_it", a_folder_that_moves_is_known_without_a_policy_in_it),
        ("a_named_policy_outside_is_taken_as_it_is", a_named_policy_outside_is_taken_as_it_is),
    ]
}

/// A repository with two folders to check, in each of which nine of ten lines are covered.
fn shop() -> Sandbox {
    let text: String = (0..10).map(|n| format!("let line{n} = {n};\n")).collect();
    let files = ["tollgate.toml", "src/a.ts", "src/b.ts"];
    let of = |app: &str| files.map(|file| (format!("apps/{app}/{file}"), format!("// {app} {file}\n{text}")));
    let mut all = [of("api"), of("web")].concat();
    for app in ["api", "web"] {
        let policy = POLICY.replace("Tests", &format!("Tests-{app}"));
        all.iter_mut()
            .filter(|(path, _)| *path == format!("apps/{app}/tollgate.toml"))
            .for_each(|one| one.1 = policy.clone());
    }
    let all: Vec<(&str, &str)> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let sandbox = Sandbox::repository(&all);
    sandbox.write(".gitignore", "out/\n");
    sandbox.commit("ignore what is built");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox
}

fn covered(sandbox: &Sandbox, root: &str) {
    sandbox.write(&format!("{root}/out/lcov.info"), lcov("src/a.ts", &[1, 1, 1, 1, 1, 1, 1, 1, 1, 0]));
}

fn check(sandbox: &Sandbox, root: &str, more: &[&str]) -> Outcome {
    sandbox.tollgate(&[&["check", "--root", root], more].concat())
}

fn move_to(sandbox: &Sandbox, from: &str, to: &str) {
    std::fs::create_dir_all(sandbox.join(to).parent().expect("a parent")).expect("folders");
    sandbox.git(&["mv", from, to]);
}

fn a_folder_that_moves_keeps_its_policy() {
    let sandbox = shop();
    let policy = sandbox.read("apps/api/tollgate.toml");
    move_to(&sandbox, "apps/api", "services/api");
    covered(&sandbox, "services/api");
    let run = check(&sandbox, "services/api", &["--format", "json"]).exits(0).json();
    assert_eq!(run["decision"]["relaxations"], Value::Null, "{run:#}");
    assert_eq!(run["subject"]["changed_files"], 0, "{run:#}");
    assert!(run["subject"]["uncommitted"].as_u64() > Some(0));
    check(&sandbox, "services/api", &[]).exits(0).says(&["tollgate.toml was at apps/api/tollgate.toml at the base"]);
    sandbox.commit("moved");
    // Lowered on the way, and another folder's beside it: git takes either for the old one, the folder's files do not.
    sandbox.write("services/api/tollgate.toml", policy.replace("80%", "70%"));
    let lowered = check(&sandbox, "services/api", &[]).exits(1);
    lowered.says(&["relaxes the policy", "70", "80", "tollgate.toml was at apps/api/tollgate.toml"]);
    sandbox.write("services/api/tollgate.toml", "[gates.Other]\nconditions = [\"coverage.lines >= 1%\"]\n");
    sandbox.git(&["rm", "-qr", "apps/web"]);
    check(&sandbox, "services/api", &[]).exits(1).says(&["Tests-api", "the gate would be gone"]);
    // A copy left behind changes nothing.
    sandbox.write("apps/api/tollgate.toml", policy);
    check(&sandbox, "services/api", &[]).exits(1).says(&["the gate would be gone"]);
}

fn a_folder_that_moves_brings_nothing_new() {
    let token = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
    let key = ["SG", ".ngeVfQFYQlKU0ufo8x5d1A", ".TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr"].concat();
    let policy = "[secrets]\n[gates.Security]\nconditions = ['secrets.findings{state=\"new\"} == 0']\n";
    let known = format!("const t = '{token}';\n");
    let accepted = format!("const t = '{key}';\n");
    let sandbox = Sandbox::repository(&[
        ("apps/api/tollgate.toml", policy),
        ("apps/api/src/known.js", &known),
        ("apps/api/src/accepted.js", &accepted),
        ("apps/api/.tollgate/salt", "0123456789abcdef0123\n"),
    ]);
    let run = check(&sandbox, "apps/api", &["--format", "json"]).json();
    let findings = run["reports"][0]["findings"].as_array().expect("findings").clone();
    let of = |name: &str| findings.iter().find(|f| f["location"]["path"] == name).expect("a finding").clone();
    let print = of("src/accepted.js")["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let arguments = ["suppress", &print, "--reason", "revoked", "--accept", "--owner", "ops", "--root", "apps/api"];
    sandbox.tollgate(&arguments).exits(0);
    sandbox.commit("accepted");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    check(&sandbox, "apps/api", &[]).exits(0);

    move_to(&sandbox, "apps/api", "services/api");
    let run = check(&sandbox, "services/api", &["--format", "json"]).exits(0).json();
    assert_eq!(run["decision"]["relaxations"], Value::Null, "{run:#}");
    assert_eq!(gate(&run, "Security")["verdict"], "pass");
    let states = run["reports"][0]["findings"].as_array().expect("findings").iter().map(|f| f["state"].clone());
    assert!(states.into_iter().all(|state| state == "unchanged"), "{run:#}");
    // What is added there is new.
    sandbox.write("services/api/src/new.js", ["const t = '", "gl", "pat-zQWBuTSOoRi4A9spHcVY", "';\n"].concat());
    check(&sandbox, "services/api", &[]).exits(1).says(&["src/new.js"]);
}

fn a_folder_that_moves_must_keep_a_policy() {
    let sandbox = shop();
    move_to(&sandbox, "apps/api", "services/api");
    sandbox.git(&["rm", "-qf", "services/api/tollgate.toml"]);
    covered(&sandbox, "services/api");
    check(&sandbox, "services/api", &[]).exits(2).complains(&["tollgate.toml: not found", "apps/api/tollgate.toml"]);
    // A folder of its own has none to keep.
    sandbox.write("libs/new/src/c.ts", "let c = 1;\n");
    check(&sandbox, "libs/new", &[]).exits(0).says(&["no tollgate.toml was found"]);
}

fn a_policy_that_moves_alone_needs_somebody() {
    let sandbox = shop();
    sandbox.git(&["mv", "apps/api/tollgate.toml", "tollgate.toml"]);
    covered(&sandbox, ".");
    sandbox.write("out/lcov.info", lcov("apps/api/src/a.ts", &[1; 10]));
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["would hold for the whole repository", "it holds for `apps/api`", "was at apps/api/tollgate.toml"]);
    sandbox.commit("moved");
    let text =
        format!("{{\"author\": \"kim\", \"approvals\": [{{\"by\": \"jo\", \"commit\": \"{}\"}}]}}", sandbox.head());
    sandbox.write("out/approvals.json", text);
    sandbox.tollgate(&["check", "--approvals", "out/approvals.json"]).exits(0).says(&["approved by jo"]);
}

#[cfg(unix)]
fn a_folder_that_became_a_link_is_refused() {
    use std::os::unix::fs::symlink;
    let sandbox = shop();
    sandbox.git(&["mv", "apps/api", "apps/old"]);
    sandbox.write("evil/tollgate.toml", POLICY.replace("80%", "10%"));
    symlink("../evil", sandbox.join("apps/api")).expect("a link");
    check(&sandbox, "apps/api", &[]).exits(2).complains(&["apps/api is a link within the repository"]);
    // The way may be spelt by the shell too.
    let there = sandbox.join("apps/api");
    let outcome = sandbox.tollgate_with(&["check", "--root", there.to_str().expect("a path")], &[]);
    outcome.exits(2).complains(&["is a link"]);
    sandbox.git(&["mv", "apps", "apps2"]);
    symlink("evil", sandbox.join("apps")).expect("a link");
    sandbox.write("evil/web/tollgate.toml", POLICY);
    check(&sandbox, "apps/web", &[]).exits(2).complains(&["apps is a link"]);
}

#[cfg(not(unix))]
fn a_folder_that_became_a_link_is_refused() {
    // Links need a right there that tests do not have; what they lead to is not asked for.
    check(&shop(), "apps/none", &[]).exits(2);
}

fn a_second_policy_is_judged_by_itself() {
    let sandbox = shop();
    sandbox.write("libs/new/tollgate.toml", POLICY.replace("80%", "10%"));
    sandbox.write("libs/new/src/a.ts", "let a = 1;\n".repeat(10));
    covered(&sandbox, "libs/new");
    let says = ["this change adds tollgate.toml, and is judged by it"];
    check(&sandbox, "libs/new", &[]).exits(0).says(&says);
    // Nor does it matter that another folder moves.
    move_to(&sandbox, "apps/api", "services/api");
    check(&sandbox, "libs/new", &[]).exits(0).says(&says);
    // That the only other one went away may well be a move.
    sandbox.git(&["rm", "-qr", "apps/web"]);
    check(&sandbox, "libs/new", &[]).exits(1).says(&["tollgate.toml was at apps/web/tollgate.toml at the base"]);
}

fn of_several_that_are_gone_none_is_guessed() {
    let sandbox = shop();
    sandbox.git(&["rm", "-qr", "apps"]);
    sandbox.write("tollgate.toml", "[secrets]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n");
    let outcome = sandbox.tollgate(&["check"]).exits(1);
    outcome.says(&["`apps/api/tollgate.toml`, `apps/web/tollgate.toml` of the base would be gone", "cannot be told"]);
}

fn what_the_base_added_since_is_not_gone() {
    let sandbox = Sandbox::repository(&[("src/a.ts", "let a = 1;\n")]);
    sandbox.git(&["checkout", "-q", "-b", "topic"]);
    sandbox.write("libs/new/tollgate.toml", POLICY.replace("80%", "10%"));
    sandbox.commit("a policy");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.write("apps/api/tollgate.toml", "[secrets]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n");
    sandbox.commit("another");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(&["checkout", "-q", "topic"]);
    covered(&sandbox, "libs/new");
    check(&sandbox, "libs/new", &[]).says(&["this change adds tollgate.toml, and is judged by it"]);
}

fn a_named_policy_is_the_bases_too() {
    let sandbox = Sandbox::repository(&[("ci/gate.toml", POLICY), ("src/a.ts", &"x\n".repeat(10))]);
    covered(&sandbox, ".");
    let named = |file: &str| sandbox.tollgate(&["check", "--config", file]);
    named("ci/gate.toml").exits(0);
    let absolute = sandbox.join("ci/gate.toml").display().to_string();
    let lowered = POLICY.replace("80%", "70%");
    sandbox.write("ci/gate.toml", &lowered);
    for file in ["ci/gate.toml", "./ci/../ci/gate.toml", &absolute] {
        named(file).exits(1).says(&["relaxes the policy", "70", "80"]);
    }
    // Nor does a link lead away from it, wherever it leads.
    let outside = Sandbox::new();
    outside.write("gate.toml", &lowered);
    sandbox.write("out/gate.toml", &lowered);
    for target in [outside.join("gate.toml"), sandbox.join("out/gate.toml")] {
        sandbox.remove("ci/gate.toml");
        std::os::unix::fs::symlink(&target, sandbox.join("ci/gate.toml")).expect("a link");
        named("ci/gate.toml").exits(1).says(&["relaxes the policy"]);
    }
    sandbox.remove("ci/gate.toml");
    // It moved, and was lowered on the way.
    sandbox.write("build/policy.toml", &lowered);
    named("build/policy.toml")
        .exits(1)
        .says(&["relaxes the policy", "build/policy.toml was at ci/gate.toml at the base"]);
    // One that is new while the other stays is judged by itself.
    sandbox.write("ci/gate.toml", POLICY);
    named("build/policy.toml").exits(0).says(&["this change adds build/policy.toml"]);
    // A link that the base has is followed there.
    std::os::unix::fs::symlink("ci/gate.toml", sandbox.join("linked.toml")).expect("a link");
    sandbox.commit("linked");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("ci/gate.toml", &lowered);
    named("linked.toml").exits(1).says(&["relaxes the policy", "70", "80"]);
}

fn a_folder_that_moves_is_known_without_a_policy_in_it() {
    let sandbox = shop();
    sandbox.git(&["mv", "apps/api/tollgate.toml", "gate.toml"]);
    sandbox.commit("elsewhere");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    move_to(&sandbox, "apps/api", "services/api");
    covered(&sandbox, "services/api");
    let more = ["--config", "gate.toml", "--format", "json"];
    let run = check(&sandbox, "services/api", &more).exits(0).json();
    assert_eq!(run["subject"]["changed_files"], 0, "{run:#}");
    // What is copied is new.
    move_to(&sandbox, "services/api", "apps/api");
    crate::support::copy(&sandbox.join("apps/api"), &sandbox.join("services/api"));
    let run = check(&sandbox, "services/api", &more).exits(0).json();
    assert_eq!(run["subject"]["changed_files"], 2, "{run:#}");
}

fn a_named_policy_outside_is_taken_as_it_is() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", POLICY), ("src/a.ts", &"x\n".repeat(10))]);
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1, 1, 1, 1, 1, 1, 0, 0, 0]));
    let outside = Sandbox::new();
    outside.write("gate.toml", POLICY.replace("80%", "70%"));
    let lower = POLICY.replace("80%", "70%");
    for place in ["out/gate.toml", ".git/gate.toml"] {
        sandbox.write(place, &lower);
        let outcome = sandbox.tollgate(&["check", "--config", place]).exits(0);
        assert!(!outcome.stdout.contains("adds"), "{}", outcome.stdout);
    }
    let file = outside.join("gate.toml").display().to_string();
    sandbox.tollgate(&["check", "--config", &file]).exits(0);
    sandbox.tollgate(&["check"]).exits(1);
}

/// A folder below the checked one moves, and the policy speaks of it.
fn what_is_said_of_a_folder_follows_it() {
    let policy = "[coverage]\nreports = [\"out/lcov.info\"]\npaths = [\"apps/api\"]\nexclude = [\"apps/api/gen/**\"]\n\
        [gates.Tests]\nconditions = ['coverage.lines{path=\"apps/api\"} >= 80%']\nwhen = [\"apps/api/**\"]\n";
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", policy),
        ("apps/api/src/a.ts", &"x;\n".repeat(10)),
        ("apps/api/gen/b.ts", &"y;\n".repeat(10)),
    ]);
    let report = |covered: usize| {
        let hits = [vec![1; covered], vec![0; 10 - covered]].concat();
        sandbox.write("out/lcov.info", lcov("apps/server/src/a.ts", &hits));
    };
    sandbox.git(&["mv", "apps/api", "apps/server"]);
    report(9);
    // The policy still uses the old name.
    sandbox.tollgate(&["check"]).exits(0).says(&["apps/api is apps/server now", "still uses an old name"]);
    report(7);
    sandbox.tollgate(&["check"]).exits(1).says(&["coverage.lines{path=\"apps/server\"} is 70 %"]);
    // It uses the new one: nothing is relaxed, unless something is.
    let adapted = policy.replace("apps/api", "apps/server");
    sandbox.write("tollgate.toml", &adapted);
    sandbox.tollgate(&["check"]).exits(1).says(&["1 line short of 80 %"]);
    report(9);
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    assert!(!outcome.stdout.contains("relaxes") && !outcome.stdout.contains("old name"), "{}", outcome.stdout);
    sandbox.write("tollgate.toml", adapted.replace("80%", "60%"));
    sandbox.tollgate(&["check"]).exits(1).says(&["would become", "which is milder"]);
    // Nor is a comparison with the base lost.
    let compared = policy.replace(">= 80%", ">= base");
    sandbox.git(&["reset", "-q", "--hard"]);
    sandbox.write("tollgate.toml", &compared);
    sandbox.write("out/lcov.info", lcov("apps/api/src/a.ts", &[vec![1; 9], vec![0; 1]].concat()));
    sandbox.commit("compare");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check", "--json", "out/base.json"]).exits(0);
    sandbox.git(&["mv", "apps/api", "apps/server"]);
    for (covered, code) in [(9, 0), (8, 1)] {
        report(covered);
        let outcome = sandbox.tollgate(&["check", "--base-run", "out/base.json"]).exits(code);
        assert!(!outcome.stdout.contains("no base yet"), "{}", outcome.stdout);
    }
    // A folder that was there before is another one.
    sandbox.write("tollgate.toml", &adapted);
    sandbox.git(&["reset", "-q", "--hard"]);
    sandbox.write("apps/server/src/c.ts", "z;\n");
    sandbox.commit("server");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(&["mv", "apps/api/src/a.ts", "apps/server/src/a.ts"]);
    sandbox.git(&["mv", "apps/api/gen", "apps/server/gen"]);
    sandbox.write("tollgate.toml", &adapted);
    sandbox.tollgate(&["check"]).says(&["This change relaxes the policy", "apps/server"]);
}

fn a_folder_that_is_gone_is_asked_for_no_longer() {
    let policy = "[coverage]\nreports = [\"out/lcov.info\"]\npaths = [\"src/p\", \"src/q\"]\nexpected = [{ path = \"src/q\" }]\n\
        [gates.Tests]\nconditions = ['coverage.lines{path=\"src\"} >= 80%']\n";
    let text = "x;\n".repeat(10);
    let sandbox = Sandbox::repository(&[
        ("tollgate.toml", policy),
        ("src/p/a.ts", &text),
        ("src/q/b.ts", &format!("y;\n{text}")),
    ]);
    sandbox.write("out/lcov.info", lcov("src/p/a.ts", &[1; 10]));
    sandbox.tollgate(&["check"]).exits(3);
    // As long as a file of it is there it is asked for.
    sandbox.write("tollgate.toml", policy.replace(", \"src/q\"", "").replace("{ path = \"src/q\" }", ""));
    sandbox.tollgate(&["check"]).exits(3).says(&["would no longer have `src/q`"]);
    sandbox.git(&["rm", "-q", "-r", "src/q"]);
    let outcome = sandbox.tollgate(&["check"]).exits(0);
    assert!(!outcome.stdout.contains("relaxes"), "{}", outcome.stdout);
    // So it is where the policy was left as it is.
    sandbox.git(&["checkout", "-q", "HEAD", "--", "tollgate.toml"]);
    sandbox.tollgate(&["check"]).exits(0);
}
