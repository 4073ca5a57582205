//! `tollgate post`.

use clap::{ArgMatches, Command};
use tollgate_post::{Output, PostError};
use tollgate_runner::{Answered, Extra, UsageError};

/// The command, in the environment of this process.
pub(crate) struct Post;

impl Extra for Post {
    fn command(&self) -> Command {
        tollgate_post::command()
    }

    fn run(&self, arguments: &ArgMatches) -> anyhow::Result<Answered> {
        let mut output = Output::default();
        let posted = tollgate_post::run(arguments, &|name| std::env::var(name).ok(), &mut output);
        let exit = posted.map_err(|error| match error {
            PostError::Usage(text) => UsageError(text).into(),
            PostError::Refused(_) => anyhow::Error::from(error),
        })?;
        Ok(Answered { exit, out: output.out, words: output.words })
    }
}
