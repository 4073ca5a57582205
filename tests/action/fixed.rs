//! What the text of our action and workflows must hold, whatever they do.

use serde_json::Value;

use super::files::{self, ACTION, GATE, OUR_GATE, OURS};
use crate::support::Tests;

pub(super) fn tests() -> Tests {
    vec![
        ("action_no_expression_stands_in_a_script", no_expression_stands_in_a_script),
        ("action_every_action_is_pinned_and_ours_has_one_name", every_action_is_pinned),
        ("action_permissions_are_the_least", permissions_are_the_least),
        ("action_inputs_reach_their_scripts", inputs_reach_their_scripts),
        ("action_callers_are_short_and_know_every_event", callers_are_short),
        ("action_judges_run_nothing_of_the_change", judges_run_nothing_of_the_change),
        ("action_scripts_run_on_old_shells", scripts_run_on_old_shells),
        ("action_releases_are_listed_in_order", releases_are_listed_in_order),
    ]
}

/// Every value below `node` whose key is `name`, with its way there.
fn under<'a>(node: &'a Value, name: &str, way: &str, found: &mut Vec<(String, &'a Value)>) {
    let entries: Vec<(String, &Value)> = match node {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in entries {
        let way = format!("{way}/{key}");
        if key == name {
            found.push((way.clone(), value));
        }
        under(value, name, &way, found);
    }
}

/// Every value called `name` in a file. Inputs that are called so are no such thing.
fn all<'a>(file: &'a Value, path: &str, name: &str) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    under(file, name, path, &mut found);
    found.retain(|(_, value)| value.is_string());
    found
}

fn no_expression_stands_in_a_script() {
    let mut scripts = 0;
    for path in files::all() {
        for (way, script) in all(&files::read(&path), &path, "run") {
            let script = script.as_str().expect("a script");
            assert!(!script.contains("${{"), "{way}: hand it over by `env`");
            scripts += 1;
        }
    }
    assert!(scripts >= 12, "{scripts} scripts were found");
}

fn every_action_is_pinned() {
    let mut ours = 0;
    for path in files::all() {
        let text = files::text(&path);
        for (way, action) in all(&files::read(&path), &path, "uses") {
            let action = action.as_str().expect("an action");
            if [OURS, OUR_GATE].contains(&action) {
                ours += 1;
                continue;
            }
            let commit = action.rsplit_once('@').map(|(_, commit)| commit).unwrap_or_default();
            let pinned = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(pinned, "{way}: {action}: only {OURS} is named by a tag");
            let line = text.lines().find(|line| line.contains(action)).expect("its line");
            assert!(line.contains(" # v"), "{path}: {line}: say which version the commit is");
        }
    }
    assert!(ours >= 6, "{ours} uses of our own action were found");
    // One commit per action, and one way to write our own, in prose too.
    let mut pins = std::collections::BTreeMap::new();
    for path in [files::all(), files::templates()].concat() {
        for word in files::text(&path).split_whitespace().filter(|word| word.contains('@')) {
            let Some((action, commit)) = word.split_once('@') else { continue };
            if action.ends_with("/tollgate") || action.contains("tollgate/.github") {
                assert!([OURS, OUR_GATE].contains(&word), "{path}: {word}");
            } else if commit.len() == 40 && !files::text(&path).contains(&format!("{word} # v3-node20")) {
                let known = pins.entry(action.to_owned()).or_insert(commit.to_owned());
                assert_eq!(known, commit, "{path}: {action} is pinned to another commit elsewhere");
            }
        }
    }
    assert!(pins.len() >= 4, "{pins:?}");
}

fn permissions_are_the_least() {
    for path in files::all().into_iter().filter(|path| path != ACTION) {
        let workflow = files::read(&path);
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{path}: nothing is granted to all jobs");
        for (id, job) in workflow["jobs"].as_object().expect("jobs") {
            let granted = job["permissions"].as_object().unwrap_or_else(|| panic!("{path}: {id} says what it may"));
            let writes: Vec<&String> =
                granted.iter().filter(|(_, access)| *access != "read").map(|(scope, _)| scope).collect();
            let script = job["steps"].as_array().into_iter().flatten().any(|step| step["run"].is_string());
            let runs_the_change = script && id != "publish";
            assert!(!runs_the_change || writes.is_empty(), "{path}: {id} runs scripts and may write {writes:?}");
            let is_judge = job["name"] == "${{ matrix.gate }}";
            assert!(!is_judge || writes.is_empty(), "{path}: {id} is a required check and may write {writes:?}");
        }
    }
}

fn inputs_reach_their_scripts() {
    let action = files::read(ACTION);
    let scripts = files::text("action/run.sh") + &files::text("action/install.sh");
    let env = action["runs"]["steps"].to_string();
    for (name, input) in action["inputs"].as_object().expect("inputs") {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
        assert!(
            input["description"].as_str().is_some_and(|text| text.len() > 20) && input["default"].is_string(),
            "{name}"
        );
        assert!(env.contains(&format!("${{{{ inputs.{name} }}}}")), "{name} is used");
        let variable = format!("INPUT_{}", name.replace('-', "_").to_uppercase());
        let variable = if name == "token" { "GITHUB_TOKEN".to_owned() } else { variable };
        assert!(env.contains(&variable), "{variable} is set");
        assert!(scripts.contains(&variable) || name == "token", "{variable} is read");
    }
    // Every setting of the reusable workflow that the action knows reaches it.
    let gate = files::read(GATE);
    let given: Vec<&Value> = ["judge", "comment"]
        .iter()
        .map(|job| {
            let steps = gate["jobs"][job]["steps"].as_array().expect("steps");
            &steps.iter().find(|step| step["uses"] == OURS).expect("our action")["with"]
        })
        .collect();
    for name in ["config", "root", "category", "version", "build-from-source"] {
        assert!(given.iter().all(|with| with[name] == format!("${{{{ inputs.{name} }}}}")), "{name}");
    }
}

fn callers_are_short() {
    for path in files::examples() {
        let workflow = files::read(&path);
        let on: Vec<&String> = workflow["on"].as_object().expect("events").keys().collect();
        if path.ends_with("fork-comment.yml") {
            assert_eq!(on, ["workflow_run"]);
            let named = files::read("examples/workflows/gate.yml")["name"].clone();
            let by_init = files::text("crates/init/templates/reusable.yml");
            assert!(by_init.starts_with("name: tollgate\n"), "{by_init}");
            assert_eq!(workflow["on"]["workflow_run"]["workflows"], serde_json::json!([named, "tollgate"]));
        } else {
            assert_eq!(on, ["pull_request", "merge_group", "push"], "{path}");
            let filtered = workflow["on"].to_string();
            assert!(!filtered.contains("paths"), "{path}: a check that a path filter skips never arrives");
        }
        assert!(workflow["concurrency"]["group"].is_string(), "{path}");
    }
    assert!(files::text("examples/workflows/gate.yml").lines().count() <= 40);
}

fn judges_run_nothing_of_the_change() {
    for path in [vec![GATE.to_owned()], files::examples()].concat() {
        let workflow = files::read(&path);
        for (id, job) in workflow["jobs"].as_object().expect("jobs") {
            let Some(steps) = job["steps"].as_array() else { continue };
            let ours = steps.iter().any(|step| step["uses"] == OURS);
            assert_ne!(ours, id == "measure", "{path}: {id} measures, or judges");
            if !ours {
                continue;
            }
            assert!(steps.iter().all(|step| step["uses"].is_string()), "{path}: {id} runs a script beside the judge");
            assert!(path.ends_with("fork-comment.yml") || job["needs"] == "measure", "{path}: {id}");
            let whenever = job["if"].as_str().is_some_and(|text| text.starts_with("always()"));
            assert!(
                path.ends_with("fork-comment.yml") || whenever,
                "{path}: {id} would be skipped, which counts as passed"
            );
        }
    }
}

fn scripts_run_on_old_shells() {
    // What bash 3.2 does not know: case changes, associative arrays, mapfile, negative indices, `|&`, `&>>`, namerefs.
    let newer = [
        "mapfile",
        "readarray",
        "declare -A",
        "local -A",
        "local -n",
        "declare -n",
        "^^}",
        ",,}",
        "|&",
        "&>>",
        "[-1]",
        "coproc",
        "${EPOCH",
        "@Q}",
    ];
    for script in ["common", "install", "run"] {
        let path = format!("action/{script}.sh");
        let text = files::text(&path);
        let code = |line: &&str| !line.trim_start().starts_with('#');
        let text = text.lines().filter(code).collect::<Vec<_>>().join("\n");
        for word in newer {
            assert!(!text.contains(word), "{path}: {word}");
        }
        // An empty array counts as unset there: it may be named in full only behind a `+`.
        for (at, line) in text.lines().enumerate() {
            for name in ["list", "gates"] {
                let (plain, guarded) = (format!("\"${{{name}[@]}}\""), format!("${{{name}[@]+\"${{{name}[@]}}\"}}"));
                assert_eq!(line.matches(&plain).count(), line.matches(&guarded).count(), "{path}:{}: {line}", at + 1);
            }
        }
    }
}

fn releases_are_listed_in_order() {
    let text = files::text("action/releases.txt");
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(' ').collect())
        .collect();
    let mut before = Vec::new();
    for line in &lines {
        assert_eq!(line.len(), 4, "{line:?}");
        let numbers: Vec<u64> = line[0].split(['.', '-']).take(3).map(|part| part.parse().expect("a number")).collect();
        assert!(numbers >= before, "{line:?} is older than the line above it");
        before = numbers;
    }
    assert!(text.starts_with("# "), "it says what it holds");
}
