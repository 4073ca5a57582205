//! The checker of secrets as people meet it: on a tree, on what is staged or pushed, on history, on standard input.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Sandbox, Tests};

pub(crate) fn tests() -> Tests {
    vec![
        ("a_token_in_the_tree_fails_and_is_never_printed", a_token_in_the_tree_fails),
        ("placeholders_are_no_findings_and_each_real_value_is_one", placeholders_are_no_findings),
        ("what_is_staged_is_seen_and_what_was_there_is_known", what_is_staged_is_seen),
        ("what_a_push_brings_in_is_seen_though_taken_out_again", what_a_push_brings_in_is_seen),
        ("what_only_a_merge_has_is_seen_in_history", what_only_a_merge_has_is_seen),
        ("standard_input_is_read", standard_input_is_read),
        ("a_digest_is_accepted_wherever_it_moves_until_its_last_day", a_digest_is_accepted),
        ("the_salt_changes_digests_and_is_not_overwritten", the_salt_changes_digests),
        ("history_that_is_cut_off_is_unknown", history_that_is_cut_off_is_unknown),
        ("a_folder_given_is_the_root", a_folder_given_is_the_root),
        ("rules_of_ones_own_are_verified_and_used", rules_of_ones_own),
        ("what_makes_no_sense_is_wrong_usage", what_makes_no_sense_is_wrong_usage),
        ("a_new_one_is_told_from_one_that_was_there", a_new_one_is_told),
        ("whichever_way_it_is_looked_at_what_is_new_is_new", whichever_way_what_is_new_is_new),
        ("a_comment_of_the_change_excuses_nothing_yet", a_comment_of_the_change_excuses_nothing_yet),
        ("large_and_binary_files_are_read", large_and_binary_files_are_read),
        ("files_of_gitleaks_that_were_deleted_are_not_missed", files_of_gitleaks_that_were_deleted_are_not_missed),
    ]
}

/// A token with a checksum that fits.
pub(crate) fn token() -> String {
    ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat()
}

fn key() -> String {
    ["SG", ".ngeVfQFYQlKU0ufo8x5d1A", ".TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr"].concat()
}

fn password() -> String {
    ["rT7#kP", "z2!mQx"].concat()
}

fn findings(json: &Value) -> Vec<&Value> {
    json["findings"].as_array().expect("findings").iter().collect()
}

fn a_token_in_the_tree_fails() {
    let sandbox = Sandbox::repository(&[("src/a.js", "let a = 1;\n")]);
    sandbox.tollgate(&["secrets"]).exits(0).says(&["pass"]);
    sandbox.write("src/b.js", format!("const t = '{}';\n// {}\n", token(), key()));
    sandbox.write("config.yml", format!("db_password: \"{}\"\nadmin_password: \"{}\"\n", password(), password()));
    sandbox.tollgate(&["secrets"]).exits(1).says(&["src/b.js:1", "2: not 0"]);
    let secrets = [token(), key(), password()];
    for format in ["text", "json", "sarif", "markdown", "github"] {
        for more in [&["-v"][..], &[]] {
            let arguments = [&["secrets", "--format", format][..], more].concat();
            let outcome = sandbox.tollgate(&arguments).exits(1);
            for secret in &secrets {
                assert!(!outcome.stdout.contains(secret) && !outcome.stderr.contains(secret), "{format}");
                assert!(!outcome.stdout.contains(&secret[..secret.len() / 2]), "{format}: not even half of it");
            }
        }
    }
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).json();
    let passwords: Vec<_> = findings(&report).into_iter().filter(|f| f["location"]["path"] == "config.yml").collect();
    assert_eq!(passwords.len(), 1, "one value in two places is one finding: {passwords:#?}");
    assert_eq!(passwords[0]["properties"]["places"], 2);
    assert!(passwords[0]["fingerprint"].as_str().is_some_and(|name| name.starts_with("s1:")));
}

fn placeholders_are_no_findings() {
    let text = "export API_KEY=<your-api-key>\nexport STRIPE=sk_live_...\nDATABASE_URL=postgres://user:password@host/db\n\
                SENTRY_AUTH_TOKEN=${SENTRY_AUTH_TOKEN}\nTWILIO_AUTH_TOKEN=your_auth_token\ncurl -H \"Authorization: Bearer $TOKEN\"\n";
    let sandbox = Sandbox::repository(&[("docs/run.md", text)]);
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).exits(0).json();
    assert_eq!(findings(&report).len(), 0, "{report:#}");
    sandbox
        .write("docs/run.md", format!("{text}export GH={}\nand again {}\nexport MAIL={}\n", token(), token(), key()));
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).exits(1).json();
    assert_eq!(findings(&report).len(), 2, "{report:#}");
}

fn what_is_staged_is_seen() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("one {}\n", key()))]);
    sandbox.tollgate(&["secrets", "--staged"]).exits(0);
    sandbox.write("b.txt", format!("t = {}\n", token()));
    sandbox.tollgate(&["secrets", "--staged"]).exits(0);
    sandbox.git(&["add", "-A"]);
    sandbox.tollgate(&["secrets", "--staged"]).exits(1).says(&["b.txt:1"]);
    // What a file held before is known, though its line is another now.
    sandbox.git(&["rm", "-q", "--cached", "b.txt"]);
    sandbox.write("a.txt", format!("one more line\none {}\n", key()));
    sandbox.git(&["add", "a.txt"]);
    let report = sandbox.tollgate(&["secrets", "--staged", "--format", "json"]).json();
    assert_eq!(findings(&report)[0]["state"], "unchanged", "{report:#}");
}

fn files_of_gitleaks_that_were_deleted_are_not_missed() {
    let rule = "[[rules]]\nid = \"ours\"\nregex = \"well-([a-z]{4})\"\n";
    let sandbox = Sandbox::repository(&[(".gitleaks.toml", rule), (".gitleaksignore", "\n"), ("a.txt", "well-abcd\n")]);
    sandbox.tollgate(&["secrets", "-v"]).says(&["gitleaks-ours"]);
    sandbox.remove(".gitleaks.toml");
    sandbox.remove(".gitleaksignore");
    sandbox.tollgate(&["secrets"]).exits(0).says(&["no secret in"]);
}

fn what_a_push_brings_in_is_seen() {
    let sandbox = Sandbox::repository(&[("a.txt", "x\n")]);
    sandbox.write("config/prod.yml", format!("key: {}\n", key()));
    sandbox.commit("oops");
    sandbox.remove("config/prod.yml");
    sandbox.commit("taken out");
    let outcome = sandbox.tollgate(&["secrets", "--range", "origin/main..HEAD"]).exits(1);
    outcome.says(&["config/prod.yml:1"]);
    let report = sandbox.tollgate(&["secrets", "--range", "origin/main..HEAD", "--format", "json"]).json();
    let message = findings(&report)[0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("has not left this machine"), "{message}");
    // Without a flag the tree and the pushed commits are looked at.
    sandbox.tollgate(&["secrets"]).exits(1).says(&["config/prod.yml:1"]);
    sandbox.git(&["update-ref", "refs/remotes/origin/other", "HEAD"]);
    let report = sandbox.tollgate(&["secrets", "--range", "origin/main..HEAD", "--format", "json"]).json();
    let message = findings(&report)[0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.contains("stays in history") && !message.contains("has not left"), "{message}");
    sandbox.tollgate(&["secrets", "--range", "HEAD..HEAD"]).exits(0);
}

fn what_only_a_merge_has_is_seen() {
    let sandbox = Sandbox::repository(&[("a.txt", "x\n")]);
    sandbox.git(&["checkout", "-q", "-b", "side"]);
    sandbox.write("b.txt", "y\n");
    sandbox.commit("side");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.write("c.txt", "z\n");
    sandbox.commit("main");
    sandbox.git(&["merge", "-q", "--no-commit", "side"]);
    sandbox.write("a.txt", format!("x {}\n", token()));
    sandbox.commit("merge");
    sandbox.write("a.txt", "x\n");
    sandbox.commit("and out again");
    sandbox.tollgate(&["secrets", "--history"]).exits(1).says(&["a.txt:1"]);
    sandbox.tollgate(&["secrets", "--since", "2020-01-01"]).exits(1).says(&["a.txt:1"]);
    sandbox.git(&["gc", "-q"]);
    let report = sandbox.tollgate(&["secrets", "--history", "--format", "json"]).exits(1).json();
    let commit = findings(&report)[0]["properties"]["commit"].as_str().unwrap_or_default().to_owned();
    assert_eq!(commit, sandbox.git(&["rev-parse", "HEAD~1"]).trim());
}

fn standard_input_is_read() {
    let sandbox = Sandbox::new();
    let run = |text: String| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tollgate"))
            .args(["secrets", "--stdin"])
            .current_dir(sandbox.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("tollgate");
        child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
        child.wait_with_output().expect("ended")
    };
    let output = run(format!("a\nb {}\n", token()));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("(standard input):2") && !text.contains(&token()), "{text}");
    assert_eq!(run("nothing\n".to_owned()).status.code(), Some(0));
}

fn a_digest_is_accepted() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("t = {}\n", token()))]);
    let digest = |sandbox: &Sandbox| {
        let report = sandbox.tollgate(&["secrets", "--format", "json"]).json();
        findings(&report)[0]["fingerprint"].as_str().unwrap_or_default().to_owned()
    };
    let accept = |until: &str| {
        let name = digest(&sandbox);
        let entry =
            format!("[[suppress]]\nfingerprint = \"{name}\"\nreason = \"of a test server\"\nexpires = {until}\n");
        sandbox.write(".tollgate/suppressions.toml", entry);
    };
    accept(&crate::support::day(300));
    // What a change silences itself has to be approved; what its base silences has not.
    let relaxed = sandbox.tollgate(&["secrets"]).exits(1);
    relaxed
        .says(&["this change adds 1 suppression of secrets, in force at once: s1:", "This change relaxes the policy"]);
    sandbox.commit("accepted");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["secrets"]).exits(0);
    sandbox.write("a.txt", format!("moved\n  t = {}\n", token()));
    sandbox.tollgate(&["secrets"]).exits(0);
    sandbox.write("a.txt", format!("moved\n  t = {}; u = {}\n", token(), key()));
    sandbox.tollgate(&["secrets"]).exits(1).says(&["is 1: not 0"]);
    sandbox.write("a.txt", format!("t = {}\n", token()));
    accept("2020-01-01");
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).exits(1).json();
    assert!(findings(&report)[0]["message"].as_str().is_some_and(|m| m.contains("counts again")), "{report:#}");
    sandbox.write(".tollgate/suppressions.toml", "[[suppress]]\nfingerprint = \"s1:00\"\nreason = \" \"\n");
    sandbox.tollgate(&["secrets"]).exits(2).complains(&[".tollgate/suppressions.toml:3", "`reason` is empty"]);
}

fn the_salt_changes_digests() {
    let sandbox = Sandbox::repository(&[("a.txt", &format!("t = {}\n", token()))]);
    let report = |sandbox: &Sandbox| sandbox.tollgate(&["secrets", "--format", "json"]).exits(1).json();
    let before = report(&sandbox);
    assert!(before["notes"].to_string().contains("tollgate secrets salt"), "{before:#}");
    sandbox.tollgate(&["secrets", "salt"]).exits(0);
    assert_eq!(sandbox.read(".tollgate/salt").trim().len(), 64);
    let after = report(&sandbox);
    assert_ne!(findings(&before)[0]["fingerprint"], findings(&after)[0]["fingerprint"]);
    assert!(!after["notes"].to_string().contains("secrets salt"));
    sandbox.tollgate(&["secrets", "salt"]).exits(2).complains(&["--anew"]);
    sandbox.write(".tollgate/salt", "short\n");
    sandbox.tollgate(&["secrets"]).exits(3).says(&["at least 16 characters"]);
}

fn history_that_is_cut_off_is_unknown() {
    let sandbox = Sandbox::repository(&[("a.txt", "x\n")]);
    sandbox.write("a.txt", "y\n");
    sandbox.commit("second");
    let clone = Sandbox::new();
    let from = format!("file://{}", sandbox.path().display());
    clone.git(&["clone", "-q", "--depth", "1", &from, "c"]);
    let root = clone.join("c");
    let root = root.to_str().expect("UTF-8");
    clone.tollgate(&["secrets", "--history", "--root", root]).exits(3).says(&["shallow clone"]);
    clone.tollgate(&["secrets", "--root", root]).exits(0);
}

fn a_folder_given_is_the_root() {
    let sandbox = Sandbox::repository(&[("a/x.txt", "fine\n"), ("b/y.txt", &format!("{}\n", token()))]);
    sandbox.tollgate(&["secrets", "a"]).exits(0);
    sandbox.tollgate(&["secrets", "b"]).exits(1).says(&["y.txt:1"]);
    sandbox.tollgate(&["secrets", "a/x.txt"]).exits(0);
    sandbox.tollgate(&["secrets", "b/y.txt"]).exits(1).says(&["b/y.txt:1"]);
    sandbox.tollgate(&["secrets", "none.txt"]).exits(2).complains(&["none.txt"]);
    sandbox.tollgate(&["secrets", "--exclude", "b/**"]).exits(0);
    sandbox.write(".gitignore", "/c\n");
    sandbox.write("c/z.txt", format!("{}\n", key()));
    sandbox.tollgate(&["secrets", "--exclude", "b"]).exits(0);
    sandbox.tollgate(&["secrets", "--exclude", "b", "--no-ignore"]).exits(1).says(&["c/z.txt:1"]);
}

const OWN: &str = "title = \"Key of our own API\"\nwhy = \"It lets anybody place orders in our name.\"\n\
                   mend = \"Roll it in the back office, under Access.\"\nlevel = \"error\"\nseverity = \"high\"\n\n[detect]\nkind = \"commerce\"\n\
                   service = \"Ours\"\nexpression = '''ourapi_[A-Za-z0-9]{20}'''\n\n[[examples]]\nabout = \"one\"\ntext = \"ourapi_·q8W2nT5xLk9ZbV3mRc7P\"\n\n\
                   [[counter_examples]]\nabout = \"short\"\ntext = \"ourapi_abc\"\n";

fn rules_of_ones_own() {
    let sandbox =
        Sandbox::repository(&[("rules/our-key.toml", OWN), ("a.txt", &["ourapi_", "q8W2nT5xLk9ZbV3mRc7P\n"].concat())]);
    sandbox.tollgate(&["rules", "check", "rules/our-key.toml"]).exits(0).says(&["right"]);
    sandbox.tollgate(&["secrets"]).exits(0);
    sandbox.write("tollgate.toml", "[secrets]\nrules = [\"rules/our-key.toml\"]\n[gates.Security]\nconditions = ['secrets.findings{confidence=\"high\"} == 0']\n");
    sandbox.tollgate(&["check"]).exits(1).says(&["a.txt:1"]);
    sandbox.write("rules/our-key.toml", OWN.replace("{20}", "{30}"));
    sandbox.tollgate(&["rules", "check", "rules/our-key.toml"]).exits(2).says(&["its example is not found"]);
    sandbox.write("rules/our-key.toml", OWN.replace("expression", "expresion"));
    sandbox.tollgate(&["secrets"]).exits(2).complains(&["expresion"]);
    sandbox.tollgate(&["rules", "list", "secrets"]).exits(0).says(&["secrets/pkcs8-private-key"]);
    sandbox.tollgate(&["rules", "show", "secrets/pkcs8-private-key"]).exits(0).says(&["PKCS #8"]);
}

fn what_makes_no_sense_is_wrong_usage() {
    let sandbox = Sandbox::repository(&[("a.txt", "x\n")]);
    for (arguments, words) in [
        (&["--range", "main"][..], "two ends are expected"),
        (&["--range", "main..none"], "names no commit"),
        (&["--since", "yesterday"], "a day is expected"),
        (&["--staged", "--history"], "one thing at a time"),
        (&["--disable", "no-such-rule"], "no rule is called"),
    ] {
        let outcome = sandbox.tollgate(&[&["secrets"], arguments].concat());
        assert!([2, 3].contains(&outcome.code), "{}", outcome.code);
        assert!(
            outcome.flat().contains(words) || outcome.stderr.contains(words),
            "{words}: {} {}",
            outcome.stdout,
            outcome.stderr
        );
    }
    let outside = Sandbox::new();
    outside.write("a.txt", "x\n");
    outside.tollgate(&["secrets"]).exits(0);
    outside.tollgate(&["secrets", "--history"]).exits(2).complains(&["no git repository"]);
}

fn a_new_one_is_told() {
    let policy = "[gates.Security]\nconditions = ['secrets.findings{confidence=\"high\", state=\"new\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("old.txt", &format!("{}\n", key()))]);
    sandbox.write("a.txt", "x\n");
    sandbox.commit("harmless");
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.git(&["mv", "old.txt", "moved.txt"]);
    sandbox.commit("moved");
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.write("a.txt", format!("{}\n", token()));
    sandbox.commit("a new one");
    sandbox.tollgate(&["check"]).exits(1).says(&["a.txt:1"]);
}

fn large_and_binary_files_are_read() {
    let sandbox = Sandbox::repository(&[("a.txt", "x\n")]);
    // On the border of two windows, behind a line of megabytes.
    let border = (4 << 20) - 20;
    let mut text = vec![b'x'; border];
    text.extend_from_slice(format!(" {} ", token()).as_bytes());
    text.resize(40 << 20, b' ');
    text.extend_from_slice(format!("\n{}\n", key()).as_bytes());
    sandbox.write("large.txt", &text);
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).exits(1).json();
    assert_eq!(findings(&report).len(), 2, "{:#}", report["findings"]);
    sandbox.remove("large.txt");
    let binary =
        [&[0u8, 1, 2, 0xFF][..], token().as_bytes(), &[0, 0xFE], format!("password='{}'", password()).as_bytes()]
            .concat();
    sandbox.write("a.bin", binary);
    let report = sandbox.tollgate(&["secrets", "--format", "json"]).exits(1).json();
    assert_eq!(findings(&report).len(), 1, "{:#}", report["findings"]);
}

fn a_comment_of_the_change_excuses_nothing_yet() {
    let policy = "[secrets]\n[gates.Security]\nconditions = [\"secrets.findings == 0\"]\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("a.js", "let a = 1;\n")]);
    let line = format!("const t = \"{}\"; // gitleaks:allow\n", token());
    sandbox.write("a.js", &line);
    sandbox.tollgate(&["check"]).exits(1);
    sandbox
        .tollgate(&["check", "-v"])
        .exits(1)
        .says(&["`gitleaks:allow` on the line counts once the base has that line"]);
    // A hook looks at what is no change yet.
    sandbox.git(&["add", "a.js"]);
    sandbox.tollgate(&["secrets", "--staged"]).exits(0);
    sandbox.commit("allowed");
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.tollgate(&["check"]).exits(0);
    // A line that only moved is the base's still.
    sandbox.write("a.js", format!("let b = 2;\n{line}"));
    sandbox.tollgate(&["check"]).exits(0);
}

/// A policy that asks only about new ones, as `init` writes it, stops a new one in every way to look, and an old one in none.
fn whichever_way_what_is_new_is_new() {
    let policy = "[gates.Security]\nconditions = ['secrets.findings{confidence=\"high\", state=\"new\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", policy), ("old.env", &format!("SENDGRID={}\n", key()))]);
    let since = crate::support::day(-20_000);
    let ways: [&[&str]; 5] =
        [&[], &["--history"], &["--since", &since], &["--staged"], &["--range", "origin/main..HEAD"]];
    for way in ways {
        sandbox.tollgate(&[&["secrets"], way].concat()).exits(0);
    }
    // Moved, it is no new one.
    sandbox.write("b/copy.env", format!("SENDGRID={}\n", key()));
    sandbox.git(&["add", "-A"]);
    sandbox.tollgate(&["secrets", "--staged"]).exits(0);
    sandbox.write("new.env", format!("GITHUB_TOKEN={}\n", token()));
    sandbox.git(&["add", "-A"]);
    for way in [&[][..], &["--staged"]] {
        sandbox.tollgate(&[&["secrets"], way].concat()).exits(1).says(&["state=\"new\"} is 1: not 0", "new.env:1"]);
    }
    sandbox.commit("a token");
    for way in [ways[0], ways[1], ways[2], ways[4]] {
        let outcome = sandbox.tollgate(&[&["secrets"], way].concat()).exits(1);
        outcome.says(&["state=\"new\"} is 1: not 0", "new.env:1"]);
    }
    sandbox.tollgate(&["secrets", "--staged"]).exits(0);
}
