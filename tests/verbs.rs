//! Verbs of a checker: their help, their arguments, what they print and write, how they end.

use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::support::{FAULTY, Outcome, Sandbox, Tests, UMBRELLA, scrubbed};

pub(crate) fn tests() -> Tests {
    vec![
        ("help_lists_them_and_shows_their_arguments", help_lists_them_and_shows_their_arguments),
        ("they_print_and_write_what_they_return", they_print_and_write_what_they_return),
        ("options_come_from_every_layer", options_come_from_every_layer),
        ("the_exit_code_says_how_it_ended", the_exit_code_says_how_it_ended),
        ("nothing_is_written_outside_the_root", nothing_is_written_outside_the_root),
        ("instances_are_chosen_by_name", instances_are_chosen_by_name),
        ("the_change_and_the_base_are_at_hand", the_change_and_the_base_are_at_hand),
        ("the_binary_of_the_checker_has_them_too", the_binary_of_the_checker_has_them_too),
        (
            "a_command_that_is_no_checkers_speaks_and_ends_as_it_says",
            a_command_that_is_no_checkers_speaks_and_ends_as_it_says,
        ),
        ("a_reader_that_leaves_is_no_error", a_reader_that_leaves_is_no_error),
    ]
}

fn help_lists_them_and_shows_their_arguments() {
    let sandbox = Sandbox::new();
    let checker = sandbox.faulty(&["scribe", "--help"]).exits(0);
    let words = ["Verbs:", "copy Write the ink into files", "changed Print what differs", "scribe [OPTIONS]", "<VERB>"];
    let checker = checker.says(&words);
    assert!(!checker.stdout.contains("--to "), "a verb's own arguments are its own");
    for arguments in [["scribe", "copy", "--help"], ["scribe", "help", "copy"]] {
        let verb = sandbox.faulty(&arguments).exits(0);
        let verb = verb.says(&["--to <FILE>", "Options of the checker", "--ink <WORD>", "--root <DIR>", "--quiet"]);
        let verb = verb.says(&["Exit codes: 0 done"]);
        assert!(!verb.stdout.contains("--format") && !verb.stdout.contains("--sarif"), "{}", verb.stdout);
    }
    sandbox.faulty(&["completions", "bash"]).exits(0).says(&["scribe__subcmd__copy", "--to"]);
    assert!(!sandbox.tollgate(&["workflows", "--help"]).stdout.contains("Verbs:"), "a checker without any shows none");
}

fn they_print_and_write_what_they_return() {
    let sandbox = Sandbox::new();
    sandbox.write("old.txt", "a longer text than that");
    let copy =
        |more: &[&str]| sandbox.faulty(&[&["scribe", "copy", "--to", "old.txt", "--to", "a/b.txt"], more].concat());
    let outcome = copy(&["--jobs", "3"]).exits(0).complains(&["note: ", " by 3"]);
    assert_eq!(outcome.stdout, "blue\n");
    assert!(!outcome.stderr.contains("wrote"), "{}", outcome.stderr);
    assert_eq!((sandbox.read("old.txt"), sandbox.read("a/b.txt")), ("blue\n".to_owned(), "blue\n".to_owned()));
    copy(&["-v"]).exits(0).complains(&["note: wrote a/b.txt (5 B)"]);
    let quiet = copy(&["-q"]).exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("blue\n", ""));
    assert!(copy(&["--color", "always"]).exits(0).stderr.starts_with("\u{1b}[1mnote:"));
    let left: Vec<_> = std::fs::read_dir(sandbox.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

fn options_come_from_every_layer() {
    let sandbox = Sandbox::new();
    sandbox.write("sub/tollgate.toml", "[scribe]\nink = \"red\"\n[gates.G]\nconditions = [\"scribe.day >= 1\"]\n");
    sandbox.write("sub/other.toml", "[scribe]\nink = \"grey\"\n");
    let copy = |more: &[&str], variables: &[(&str, &str)]| {
        let variables = [&[(FAULTY, UMBRELLA)], variables].concat();
        sandbox.faulty_with(&[&["scribe", "copy"], more].concat(), &variables).exits(0).stdout
    };
    let green = [("TOLLGATE_SCRIBE_INK", "green")];
    assert_eq!(copy(&[], &[]), "blue\n");
    assert_eq!(copy(&["--root", "sub"], &[]), "red\n");
    assert_eq!(copy(&[], &[("TOLLGATE_ROOT", "sub")]), "red\n");
    assert_eq!(copy(&["--config", "sub/other.toml"], &[]), "grey\n");
    assert_eq!(copy(&["--root", "sub"], &green), "green\n");
    assert_eq!(copy(&["--root", "sub", "--ink", "black"], &green), "black\n");
    // A table has no flag, and is beaten by none.
    sandbox.write("sub/other.toml", "[scribe]\nnames = { blue = \"azure\" }\n");
    assert_eq!(copy(&["--config", "sub/other.toml"], &[]), "azure\n");
    assert_eq!(copy(&["--config", "sub/other.toml", "--ink", "red"], &[]), "red\n");
    // What a verb is to do is said on its command line alone.
    assert_eq!(copy(&[], &[("TOLLGATE_SCRIBE_TIMES", "2")]), "blue\n");
    sandbox.write("sub/tollgate.toml", "[scribe]\nnik = \"red\"\n");
    sandbox
        .faulty(&["scribe", "copy", "--root", "sub"])
        .exits(2)
        .complains(&["tollgate.toml:2:1", "did you mean `ink`"]);
}

fn the_exit_code_says_how_it_ended() {
    for (end, code, word) in [
        ("done", 0, "note: "),
        ("refuse", 2, "error: --end: makes no sense"),
        ("problem", 3, "letter.txt: not found"),
        ("give-up", 3, "letter.txt: not found"),
        ("panic", 3, "error: scribe copy did not finish: it panicked"),
    ] {
        let sandbox = Sandbox::new();
        let outcome = sandbox.faulty(&["scribe", "copy", "--end", end, "--to", "x.txt"]).exits(code).complains(&[word]);
        assert_eq!(sandbox.join("x.txt").exists(), code == 0, "{end}");
        assert!(!outcome.stderr.contains('\u{1b}'), "{end}");
        assert_eq!(outcome.stdout.is_empty(), !matches!(end, "done" | "problem"), "{end}: {}", outcome.stdout);
        assert!(!sandbox.faulty(&["scribe", "copy", "-q", "--end", end]).exits(code).stderr.is_empty() || code == 0);
    }
    let sandbox = Sandbox::new();
    for (arguments, word) in [
        (&["scribe", "copi"][..], "copi"),
        (&["scribe", "copy", "--tow", "x"], "--to"),
        (&["scribe", "copy", "--end", "well"], "--end"),
        (&["scribe", "copy", "--format", "json"], "--format"),
        (&["scribe", "--ink", "red", "copy"], "copy"),
        (&["scribe", "copy", "--root", "none"], "none"),
        (&["scribe", "copy", "--base", "main"], "git repository"),
        (&["scribe", "copy", "-q", "-v"], "--quiet"),
    ] {
        let outcome = sandbox.faulty(arguments).exits(2).complains(&[word]);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
    }
}

fn nothing_is_written_outside_the_root() {
    let sandbox = Sandbox::new();
    sandbox.write("sub/in.txt", "");
    let outside = sandbox.join("outside.txt").display().to_string();
    for path in ["../outside.txt", &outside, "x/../../outside.txt", "in.txt/x"] {
        let arguments = ["scribe", "copy", "--root", "sub", "--to", "good.txt", "--to", path];
        let outcome = sandbox.faulty(&arguments).exits(3).complains(&["error: ", path, "not written"]);
        assert_eq!(outcome.stdout, "", "what is printed would say that it is done");
        assert!(!sandbox.join("outside.txt").exists() && !sandbox.join("sub/good.txt").exists(), "{path}");
    }
}

fn instances_are_chosen_by_name() {
    let sandbox = Sandbox::new();
    let sections = "[[scribe]]\nname = \"one\"\nink = \"red\"\n[[scribe]]\nname = \"two\"\nink = \"grey\"\n";
    sandbox.write("tollgate.toml", sections);
    let copy = |more: &[&str]| sandbox.faulty(&[&["scribe", "copy"], more].concat());
    copy(&[]).exits(2).complains(&["several [[scribe]]", "--target"]);
    assert_eq!(copy(&["--target", "two"]).exits(0).stdout, "grey\n");
    copy(&["--target", "three"]).exits(2).complains(&["no [[scribe]] has the name `three`"]);
}

fn the_change_and_the_base_are_at_hand() {
    let sandbox = Sandbox::repository(&[("kept.txt", "1"), ("same.txt", "s"), ("sub/kept.txt", "in sub")]);
    sandbox.git(&["checkout", "-q", "-b", "feature"]);
    sandbox.write("kept.txt", "22");
    sandbox.write("new.txt", "n");
    let changed = |more: &[&str]| sandbox.faulty(&[&["scribe", "changed"], more].concat());
    let day = |outcome: Outcome| outcome.stdout.rsplit_once(' ').map(|(rest, _)| rest.to_owned());
    let all = Some(format!("kept.txt\nnew.txt\nSome({:?})", b"1"));
    assert_eq!(day(changed(&[]).exits(0)), all);
    assert_eq!(day(changed(&["--root", "sub"]).exits(0)), Some(format!("Some({:?})", b"in sub")));
    sandbox.remove("kept.txt");
    sandbox.commit("gone");
    assert_eq!(day(changed(&["--base", "HEAD"]).exits(0)).as_deref(), Some("None"));
    Sandbox::new().faulty(&["scribe", "changed"]).exits(3).complains(&["lies in no git repository"]);
}

fn the_binary_of_the_checker_has_them_too() {
    let sandbox = Sandbox::new();
    let binary = |arguments: &[&str]| sandbox.faulty_with(arguments, &[(FAULTY, "scribe")]);
    for (arguments, code) in [
        (&["copy", "--ink", "red"][..], 0),
        (&["copy", "--end", "problem"], 3),
        (&["copy", "--end", "refuse"], 2),
        (&["changed"], 3),
    ] {
        let umbrella = sandbox.faulty(&[&["scribe"], arguments].concat()).exits(code);
        let alone = binary(arguments).exits(code);
        assert_eq!((alone.stdout, alone.stderr), (umbrella.stdout, umbrella.stderr), "{arguments:?}");
    }
    binary(&["--help"]).exits(0).says(&["Verbs:", " [OPTIONS]", " <VERB>"]);
    binary(&["copy", "--help"]).exits(0).says(&[" copy [OPTIONS]", "--to <FILE>"]);
    sandbox.write("tollgate.toml", "[gates.G]\nconditions = [\"scribe.day >= 1\"]\n");
    binary(&[]).exits(0).says(&["1 gate (G)"]);
}

fn a_command_that_is_no_checkers_speaks_and_ends_as_it_says() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.faulty(&["echo", "a\u{1b}[31m"]).exits(1);
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("a\u{1b}[31m\n", "a\\u{1b}[31m\n"));
    sandbox.faulty(&["echo", "nonsense"]).exits(2).complains(&["error: words: expected sense"]);
    sandbox.faulty(&["echo"]).exits(2);
    sandbox.faulty(&["--help"]).exits(0).says(&["echo Say it again"]);
}

fn a_reader_that_leaves_is_no_error() {
    let sandbox = Sandbox::new();
    let program = std::env::current_exe().expect("this program");
    let mut child = scrubbed(Command::new(program))
        .current_dir(sandbox.path())
        .env(FAULTY, UMBRELLA)
        .args(["scribe", "copy", "-q", "--times", "1000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = [0; 4];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("four bytes");
    let output = child.wait_with_output().expect("an end");
    assert_eq!((&first, output.status.code()), (b"blue", Some(0)));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
