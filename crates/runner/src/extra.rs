//! Commands of the umbrella that are no checker's: they belong to crates that the runner does not know.

use clap::{ArgMatches, Command};
use tollgate_model::Exit;

/// A command of the umbrella that is no checker's.
pub trait Extra: Sync {
    /// Its arguments. The name is the command's.
    fn command(&self) -> Command;

    /// Does it.
    ///
    /// # Errors
    /// A [`UsageError`](crate::UsageError) is exit code 2, any other exit code 3.
    fn run(&self, arguments: &ArgMatches) -> anyhow::Result<Answered>;
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How the program ends.
    pub exit: Exit,
    /// For standard output, as it is.
    pub out: String,
    /// For standard error; what could harm a terminal is escaped on the way.
    pub words: String,
}

/// The command named `name`, with its arguments.
pub(crate) fn find<'a>(extras: &[&'a dyn Extra], name: &str) -> Option<&'a dyn Extra> {
    extras.iter().find(|extra| extra.command().get_name() == name).copied()
}
