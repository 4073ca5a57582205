//! `tollgate init` as a command of the umbrella.

use clap::{ArgMatches, Command};
use tollgate_runner::{Answered, Extra, UsageError};

/// The command.
pub(crate) struct Init;

impl Extra for Init {
    fn command(&self) -> Command {
        tollgate_init::command()
    }

    fn run(&self, arguments: &ArgMatches) -> anyhow::Result<Answered> {
        match tollgate_init::run(arguments) {
            Ok((exit, out)) => Ok(Answered { exit, out, words: String::new() }),
            Err(error) if error.is_usage() => Err(UsageError(error.to_string()).into()),
            Err(error) => Err(error.into()),
        }
    }
}
