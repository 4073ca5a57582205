//! `TOLLGATE_*`: every flag may be set by the environment.

use std::collections::BTreeSet;

use clap::{Arg, Command};
use tollgate_policy::suggestion;

/// What stands for the options that all commands share: `TOLLGATE_BASE`, not `TOLLGATE_CHECK_BASE`.
pub(crate) const COMMON: &str = "";

/// Variables of other parts of the project, which are not flags.
const OTHERS: [&str; 2] = ["TOLLGATE_SKIP", "TOLLGATE_TEST_TOOLS"];

/// The variable of `flag` in the section `section`.
pub(crate) fn variable(section: &str, flag: &str) -> String {
    let words = [section, flag].into_iter().filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| word.replace('-', "_").to_uppercase()).collect();
    format!("TOLLGATE_{}", words.join("_"))
}

/// Gives every long flag of `command` that has none yet its variable.
pub(crate) fn bind(command: Command, section: &str) -> Command {
    command.mut_args(|arg| match arg.get_long().map(str::to_owned) {
        Some(flag) if arg.get_env().is_none() => {
            let arg = arg.env(variable(section, &flag));
            // The page of options stays readable; the rule is said once, below it.
            arg.hide_env(true)
        }
        _ => arg,
    })
}

/// Variables that begin with `TOLLGATE_` and mean nothing to `command`, with what was probably meant.
pub(crate) fn unknown(command: &Command, present: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut known: BTreeSet<String> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    let commands = std::iter::once(command).chain(command.get_subcommands());
    known.extend(commands.flat_map(Command::get_arguments).filter_map(env_of));
    let ours = present.into_iter().filter(|name| name.starts_with("TOLLGATE_") && !known.contains(name));
    let mut unknown: Vec<String> = ours.collect();
    unknown.sort();
    let word = |name: String| match suggestion(&name, known.iter().map(String::as_str)) {
        Some(near) => format!("the environment variable {name} means nothing here; did you mean {near}?"),
        None => format!("the environment variable {name} means nothing here"),
    };
    unknown.into_iter().map(word).collect()
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
        let unknown = unknown(&command, present);
        assert_eq!(unknown.len(), 1);
        assert!(unknown[0].contains("TOLLGATE_BSAE") && unknown[0].contains("did you mean TOLLGATE_BASE?"));
    }
}
