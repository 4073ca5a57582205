//! What a checker does beside checking.

use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use tollgate_model::{Exit, Problem};

use crate::{CheckError, Checker, Context};

/// Something that the checker `C` does beside checking, under a name of its own: `tollgate coverage merge`.
///
/// It reads through the [`Context`] and writes nothing: what comes of it is an [`Outcome`], which the runner prints and
/// writes. On the command line it has its own arguments, the checker's options and the common flags that make sense, so
/// neither the names nor the flags of its own arguments may be among those.
pub trait Verb<C: Checker>: Send + Sync + 'static {
    /// Its name, one word: `merge`.
    const NAME: &'static str;
    /// One line saying what it does.
    const ABOUT: &'static str;

    /// Its own arguments.
    type Arguments: Args;

    /// Does it. `options` have their defaults.
    ///
    /// # Errors
    /// An option or argument that makes no sense, or what stopped it from telling.
    fn run(&self, ctx: &Context<'_>, options: &C::Options, arguments: &Self::Arguments) -> Result<Outcome, CheckError>;
}

/// A [`Verb`] of `C` with the type of its arguments hidden. Implemented for every verb.
pub trait AnyVerb<C: Checker>: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Its command: its name, what it does, its own arguments.
    fn command(&self) -> Command;
    /// Does it with its own arguments as `matches` carry them.
    ///
    /// # Errors
    /// Those of the verb.
    fn run_matches(&self, ctx: &Context<'_>, options: &C::Options, matches: &ArgMatches)
    -> Result<Outcome, CheckError>;
}

impl<C: Checker, V: Verb<C>> AnyVerb<C> for V {
    fn name(&self) -> &'static str {
        V::NAME
    }

    fn command(&self) -> Command {
        V::Arguments::augment_args(Command::new(V::NAME)).about(V::ABOUT)
    }

    fn run_matches(
        &self,
        ctx: &Context<'_>,
        options: &C::Options,
        matches: &ArgMatches,
    ) -> Result<Outcome, CheckError> {
        let arguments = V::Arguments::from_arg_matches(matches);
        let arguments = arguments.map_err(|e| CheckError::option(V::NAME, e.to_string()))?;
        self.run(ctx, options, &arguments)
    }
}

/// What comes of a verb. Nothing of it is printed or written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// For standard output, byte for byte; empty for nothing.
    pub text: Vec<u8>,
    /// Files to write, all or none of them: none where there is a problem.
    pub files: Vec<NewFile>,
    /// Plain facts for people, on standard error unless they asked for silence.
    pub notes: Vec<String>,
    /// What stopped it from seeing all: on standard error, and the exit code says that it could not tell.
    pub problems: Vec<Problem>,
}

/// One file to write, in place of the one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Relative to the checked root, with forward slashes. Folders that are missing are made; it never leads outside.
    pub path: String,
    /// What it shall hold.
    pub bytes: Vec<u8>,
}

impl Outcome {
    /// The exit code it means: done, or could not tell.
    pub fn exit(&self) -> Exit {
        if self.problems.is_empty() { Exit::Pass } else { Exit::Unknown }
    }
}
