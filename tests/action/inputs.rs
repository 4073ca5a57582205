//! Values that would like to be more than values.

use std::fs;

use super::events::{Event, Project, act, project};
use super::files;
use super::host::{Host, commands};
use crate::support::{Sandbox, Tests};

pub(super) fn tests() -> Tests {
    vec![
        ("action_no_input_is_executed", no_input_is_executed),
        ("action_choices_are_named", choices_are_named),
        ("action_the_environment_is_cleaned", the_environment_is_cleaned),
        ("action_texts_of_the_change_command_nothing", texts_of_the_change_command_nothing),
    ]
}

/// Would make a file named `PWNED` if a shell saw it as a script, or an output and a command.
const HOSTILE: [&str; 2] =
    ["$(touch PWNED)`touch PWNED`; touch PWNED", "x\nverdict=pass\n::error::forged\ntouch PWNED"];

/// The same within quotes, as an option, and as markup.
const MORE: [&str; 4] = [
    "'; touch PWNED; '",
    "\"; touch PWNED; \"",
    "--version; touch PWNED",
    "</pre><img src=x onerror=PWNED>\u{1b}[2J\u{202e}%0A::error::x",
];

fn no_input_is_executed() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    let action = files::read(files::ACTION);
    let inputs: Vec<&String> = action["inputs"].as_object().expect("inputs").keys().collect();
    assert_eq!(inputs.len(), 15);
    for name in &inputs {
        HOSTILE.iter().for_each(|value| is_a_value(&sandbox, &event, "post", name, value));
    }
    for name in ["gate", "category", "version"] {
        MORE.iter().for_each(|value| is_a_value(&sandbox, &event, "post", name, value));
    }
    for (command, name) in [("check", "gate"), ("check", "reports"), ("decide", "gate"), ("decide", "reports")] {
        is_a_value(&sandbox, &event, command, name, HOSTILE[0]);
    }
}

fn is_a_value(sandbox: &Project, event: &Event, command: &str, name: &str, value: &str) {
    let mut host = Host::new();
    let mut with = vec![("command", command), (name, value)];
    if name == "command" {
        with.remove(0);
    }
    let left = act(&mut host, sandbox, event, &event.sha, &with);
    let what = format!("{name} = {value:?}: {}", left.log);
    assert!(name != "token" || !left.log.contains(value), "{what}");
    assert!(matches!(left.code, 0..=3), "{what}");
    assert!(left.outputs["verdict"] != "pass", "{what}");
    assert!(left.outputs.iter().all(|(_, value)| name == "out" || !value.contains("PWNED")), "{what}");
    let shown = left.summary.replace("<pre>", "").replace("\n</pre>\n", "");
    assert!(!shown.contains("<img") && !shown.contains("</pre>") && !shown.contains('\u{1b}'), "{what}");
    let obeyed = commands(&left.log);
    assert!(obeyed.iter().all(|line| !line.starts_with("::error::")), "{what}: {obeyed:?}");
    for place in [host.join("workspace"), host.join("temp"), host.join("action")] {
        let made = files::walk(&place).into_iter().find(|path| path.ends_with("PWNED"));
        assert_eq!(made, None, "{what}: executed in {}", place.display());
    }
}

fn choices_are_named() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    for (name, value, said) in [
        ("command", "chekc", "input command is \"chekc\"; expected one of: check decide post"),
        ("report-as", "Statuses", "input report-as is \"Statuses\"; expected one of: jobs statuses"),
        ("report-as", "statuses", "input report-as is \"statuses\", which only command: post sets"),
        ("build-from-source", "yes", "input build-from-source is \"yes\"; expected one of: true false"),
        ("issues", "", "input issues is \"\"; expected one of: true false"),
        ("version", "v1", "input version is \"v1\"; expected three numbers such as 1.2.3"),
        ("version", "1.2.3\n4", "expected three numbers such as 1.2.3"),
        ("reports", "a\nb", "input reports names 2 folders; expected one with command: check"),
    ] {
        let mut host = Host::new();
        let left = act(&mut host, &sandbox, &event, &event.sha, &[(name, value)]);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{}", left.log);
        assert!(left.summary.contains(said) && left.log.contains(said), "{said}: {}", left.log);
        assert!(host.calls_of("tollgate").iter().all(|call| call[0] == "--version"), "{said}");
    }
}

fn the_environment_is_cleaned() {
    let sandbox = project();
    let event = Event::pull_request(&sandbox, "o/r");
    let mut host = Host::new();
    let pwned = host.join("pwned");
    let sourced = host.join("sourced");
    fs::write(&sourced, format!("touch '{}'\n", pwned.display())).expect("a file");
    let sourced = sourced.to_str().expect("UTF-8").to_owned();
    host.env.extend([("BASH_ENV".to_owned(), sourced.clone()), ("ENV".to_owned(), sourced)]);
    let left = act(&mut host, &sandbox, &event, &event.sha, &[("gate", "Security")]);
    assert_eq!(left.code, 0, "{}", left.log);
    assert!(!pwned.exists(), "what the environment names was read");
    let function = format!("() {{ touch '{}'; }}", pwned.display());
    for name in ["tar", "bash", "mktemp", "printf", "awk"] {
        let mut host = Host::new();
        host.env.insert(format!("BASH_FUNC_{name}%%"), function.clone());
        let left = act(&mut host, &sandbox, &event, &event.sha, &[("gate", "Security")]);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (2, "unknown"), "{name}: {}", left.log);
        assert!(left.summary.contains("shell functions"), "{}", left.summary);
        assert!(!pwned.exists(), "{name} was run in place of the program");
    }
}

fn texts_of_the_change_command_nothing() {
    let name = "::error::forged ##[error]forged";
    let policy = format!("[gates.\"{name}\"]\nconditions = [\"workflows.ineffective == 0\"]\n[workflows]\n");
    let step = "      - name: \"::error::forged ##[error]forged\"\n        run: eslint . || true\n";
    let workflow = format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n{step}");
    let files = [("tollgate.toml", policy.as_str()), (".github/workflows/a.yml", &workflow)];
    let sandbox = Project::of(Sandbox::repository(&files));
    let event = Event::of_default_branch(&sandbox, "workflow_dispatch");
    for command in ["check", "post"] {
        let left = act(&mut Host::new(), &sandbox, &event, &event.sha, &[("command", command)]);
        assert_eq!(
            (left.code, left.outputs["verdict"].as_str()),
            (i32::from(command == "check"), "fail"),
            "{}",
            left.log
        );
        assert!(left.log.contains("::error::forged"), "it is shown: {}", left.log);
        let forged = |line: &String| line.starts_with("::error::forged") || !line.starts_with("::");
        assert_eq!(commands(&left.log).iter().find(|line| forged(line)), None, "and not obeyed");
    }
}
