//! `tollgate post`, as the umbrella knows it.

use clap::{ArgMatches, Command};
use tollgate_runner::{Answered, Extra, UsageError};

/// The command.
pub(crate) struct Post;

impl Extra for Post {
    fn command(&self) -> Command {
        tollgate_post::command()
    }

    fn run(&self, arguments: &ArgMatches) -> anyhow::Result<Answered> {
        let mut output = tollgate_post::Output::default();
        let variable = |name: &str| std::env::var(name).ok();
        let exit = tollgate_post::run(arguments, &variable, &mut output).map_err(|error| match error {
            tollgate_post::PostError::Usage(text) => UsageError(text).into(),
            error @ tollgate_post::PostError::Refused(_) => anyhow::Error::from(error),
        })?;
        Ok(Answered { exit, out: output.out, words: output.words })
    }
}
