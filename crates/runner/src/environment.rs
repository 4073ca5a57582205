//! `TOLLGATE_*`: every flag may be set by the environment.

use std::collections::BTreeSet;

use clap::{Arg, Command};
use tollgate_check::Tool;
use tollgate_policy::suggestion;

/// What stands for the options that all commands share: `TOLLGATE_BASE`, not `TOLLGATE_CHECK_BASE`.
pub(crate) const COMMON: &str = "";

/// Variables of other parts of the project, which are not flags.
const OTHERS: [&str; 4] = ["TOLLGATE_BASE_ARTIFACT", "TOLLGATE_SKIP", "TOLLGATE_TOKEN", "TOLLGATE_TEST_TOOLS"];

/// The variable of `flag` in the section `section`.
pub(crate) fn variable(section: &str, flag: &str) -> String {
    let words = [section, flag].into_iter().filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| word.replace('-', "_").to_uppercase()).collect();
    format!("TOLLGATE_{}", words.join("_"))
}

/// Flags that only the command line has: they say what to do, not how.
const UNBOUND: [&str; 4] = ["help", "plan", "print-config", "write-base"];

/// Gives every long flag of `command` that has none yet its variable. One that is set to nothing is not set.
pub(crate) fn bind(command: Command, section: &str) -> Command {
    let empty = |name: &str| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command.mut_args(|arg| match arg.get_long().map(str::to_owned) {
        Some(flag) if UNBOUND.contains(&flag.as_str()) || empty(&variable(section, &flag)) => arg,
        Some(flag) if arg.get_env().is_none() => {
            let arg = arg.env(variable(section, &flag));
            // The page of options stays readable; the rule is said once, below it.
            arg.hide_env(true)
        }
        _ => arg,
    })
}

/// What to say about the variables that begin with `TOLLGATE_`: which of them are in force, and which mean nothing to
/// `command`, with what was probably meant.
pub(crate) fn remarks(command: &Command, present: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut known: BTreeSet<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    let commands = std::iter::once(command).chain(command.get_subcommands());
    known.extend(commands.flat_map(Command::get_arguments).filter_map(env_of));
    let ours = present.into_iter().filter(|name| name.starts_with("TOLLGATE_") && !OTHERS.contains(&name.as_str()));
    let mut ours: Vec<String> = ours.collect();
    ours.sort();
    let (set, unknown): (Vec<String>, Vec<String>) = ours.into_iter().partition(|name| known.contains(name));
    let set = (!set.is_empty()).then(|| format!("set by the environment: {}", set.join(", ")));
    let word = |name: String| match suggestion(&name, known.iter().map(String::as_str)) {
        Some(near) => format!("the environment variable {name} means nothing here; did you mean {near}?"),
        None => format!("the environment variable {name} means nothing here"),
    };
    set.into_iter().chain(unknown.into_iter().map(word)).collect()
}

/// That limits of single checkers, which the environment sets, are not in force where the policy decides.
pub(crate) fn limits_out_of_force(tools: &[&dyn Tool]) -> Vec<String> {
    let is_set = |name: &String| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let limits = tools.iter().flat_map(|tool| tool.limits().iter().map(move |limit| (tool.name(), limit.flag)));
    let word = |(tool, flag): (&str, &str)| {
        let name = Some(variable(tool, flag)).filter(is_set)?;
        Some(format!("{name} limits `tollgate {tool}` alone; here the conditions of the policy decide"))
    };
    limits.filter_map(word).collect()
}

fn env_of(arg: &Arg) -> Option<String> {
    arg.get_env().map(|name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_variables_correspond() {
        assert_eq!(variable("", "base-run"), "TOLLGATE_BASE_RUN");
        assert_eq!(variable("coverage", "min-lines"), "TOLLGATE_COVERAGE_MIN_LINES");
    }

    #[test]
    fn a_misspelt_variable_is_noticed() {
        let command = bind(Command::new("x").arg(Arg::new("base").long("base")), COMMON);
        let present = ["TOLLGATE_BASE", "TOLLGATE_BSAE", "PATH"].map(str::to_owned);
        let remarks = remarks(&command, present);
        assert_eq!(remarks[0], "set by the environment: TOLLGATE_BASE");
        assert!(remarks[1].contains("TOLLGATE_BSAE") && remarks[1].contains("did you mean TOLLGATE_BASE?"));
        assert_eq!(remarks.len(), 2);
    }
}
