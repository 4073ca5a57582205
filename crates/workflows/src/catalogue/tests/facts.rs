//! The data hold together.

use std::collections::{BTreeMap, BTreeSet};

use super::super::data::{self, ACTION_FILES, ActionFile, PROGRAM_FILE, ProgramFile, TOOL_FILES, ToolFile};
use super::super::{Kind, Role, Tool, action, tool};

fn files() -> Vec<(&'static str, ToolFile)> {
    TOOL_FILES.iter().map(|(path, text)| (*path, data::read(text).unwrap())).collect()
}

#[test]
fn every_file_can_be_read_and_is_of_the_kind_its_name_says() {
    for (path, file) in files() {
        let kind = format!("{:?}", file.kind).to_lowercase();
        let stem = path.trim_start_matches("tools/").trim_end_matches(".toml");
        assert_eq!(stem.split('-').next(), Some(kind.as_str()), "{path}");
    }
    for (path, text) in ACTION_FILES {
        let read: Result<ActionFile, _> = data::read(text);
        assert!(read.is_ok(), "{path}: {}", read.err().unwrap());
    }
    let programs: ProgramFile = data::read(PROGRAM_FILE).unwrap();
    assert!(programs.program.iter().all(|program| !program.values.is_empty()));
    assert_eq!(data::PROGRAMS.len(), programs.program.len());
}

#[test]
fn it_is_broad() {
    let kinds: BTreeSet<Kind> = data::TOOLS.iter().map(|tool| tool.kind).collect();
    assert_eq!(kinds.len(), 16);
    assert!(data::TOOLS.len() > 220, "{} tools", data::TOOLS.len());
    assert!(data::ACTIONS.len() > 150, "{} actions", data::ACTIONS.len());
}

#[test]
fn names_are_unique_and_sorted() {
    let mut seen = BTreeSet::new();
    for (path, file) in files() {
        let names: Vec<String> = file.tool.iter().map(|tool| tool.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{path}");
        for name in names {
            assert!(seen.insert(name.clone()), "{name} stands twice");
        }
    }
    let mut seen = BTreeSet::new();
    for (path, text) in ACTION_FILES {
        let file: ActionFile = data::read(text).unwrap();
        assert!(file.action.iter().map(|action| &action.name).is_sorted(), "{path}");
        for name in file.action.iter().flat_map(|action| action.also.iter().chain([&action.name])) {
            assert_eq!(*name, name.to_lowercase());
            assert!(name.contains('/') && !name.contains('@'), "{name}");
            assert!(seen.insert(name.clone()), "{name} stands twice");
            assert!(super::super::action(&format!("{name}@v1")).is_some());
        }
    }
}

#[test]
fn every_command_is_found() {
    for one in data::TOOLS.iter() {
        for command in one.commands() {
            let argv = example(one, command);
            let argv: Vec<&str> = argv.iter().map(String::as_str).collect();
            let found = tool(&argv).unwrap_or_else(|| panic!("{command} of {} is not found", one.name()));
            assert!(found.name() == one.name() || !one.facts.tasks.is_empty(), "{argv:?} is {}", found.name());
            assert!(found.is_check(&argv), "{argv:?} is no check");
        }
    }
}

/// A command line of the tool that is a check.
fn example(tool: &Tool, command: &str) -> Vec<String> {
    let words = tool.facts.tasks.first().into_iter().chain(tool.facts.needs.first());
    let words = words.map(|word| word.replace('*', "x"));
    command.split(' ').map(str::to_owned).chain(words).collect()
}

#[test]
fn no_two_tools_claim_the_same_command() {
    let mut owners: BTreeMap<(&str, &str), Vec<&Tool>> = BTreeMap::new();
    for one in data::TOOLS.iter() {
        for command in one.commands() {
            let tasks = one.facts.tasks.iter().map(String::as_str);
            for task in tasks.chain(one.facts.tasks.is_empty().then_some("")) {
                owners.entry((command, task)).or_default().push(one);
            }
        }
    }
    for (command, tools) in owners {
        let plain = tools.iter().filter(|tool| tool.facts.needs.is_empty()).count();
        assert!(plain <= 1, "{command:?}: {:?}", tools.iter().map(|tool| tool.name()).collect::<Vec<_>>());
        assert!(tools.len() <= 2, "{command:?}");
    }
}

#[test]
fn flags_are_where_flags_belong() {
    for one in data::TOOLS.iter() {
        let facts = &one.facts;
        let flags = [&facts.fails_with, &facts.mutes, &facts.empty, &facts.reports];
        for flag in flags.into_iter().flatten() {
            assert!(flag.starts_with('-'), "{}: {flag}", one.name());
        }
        assert!(!facts.fails || facts.fails_with.is_empty(), "{} fails anyhow", one.name());
        let never = facts.fails_with.is_empty() && facts.fails_env.is_empty() && facts.settings.is_empty();
        let explained = facts.note.is_some() || facts.own_status;
        assert!(facts.fails || !never || explained, "{} never fails, and does not say why", one.name());
        assert!(!one.packages().is_empty());
    }
}

#[test]
fn actions_name_what_exists_and_checks_have_a_kind() {
    let names: BTreeSet<&str> = data::TOOLS.iter().map(Tool::name).collect();
    for one in data::ACTIONS.iter() {
        if let Some(tool) = &one.tool {
            assert!(names.contains(tool.as_str()), "{}: no tool {tool}", one.name);
        }
        let judges = matches!(one.role, Role::Check | Role::Judge | Role::CodeScanning | Role::Service);
        assert!(!judges || one.kind.is_some(), "{} has no kind", one.name);
        assert_eq!(
            one.role == Role::Run || one.role == Role::Script,
            one.command_input.is_some() && !judges && one.role != Role::Setup,
            "{}",
            one.name
        );
        let quiet = matches!(one.role, Role::Check | Role::Judge) && !one.fails && one.fails_when.is_empty();
        assert!(!quiet || one.note.is_some(), "{} never fails, and does not say why", one.name);
        for condition in one.fails_when.iter().chain(&one.mutes).chain(&one.unless).chain(&one.empty_ok) {
            let tests = [&condition.is, &condition.not, &condition.has];
            assert_eq!(tests.into_iter().flatten().count(), 1, "{}: {}", one.name, condition.input);
        }
    }
    assert!(action("actions/checkout@v4").is_some_and(|checkout| checkout.role == Role::Checkout));
}
