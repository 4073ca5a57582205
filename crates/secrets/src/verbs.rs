//! `tollgate secrets salt`: a key of the repository's own for its digests.

use tollgate_check::{CheckError, Context, NewFile, Outcome, Verb};
use tollgate_digest::SALT;
use tollgate_model::{Cause, Problem};

use crate::{Options, Secrets};

/// Makes the salt.
pub(crate) struct Salt;

/// What `salt` is told.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Make another one, though there is one: accepted secrets are then to be accepted anew
    #[arg(long)]
    anew: bool,
}

impl Verb<Secrets> for Salt {
    const NAME: &'static str = "salt";
    const ABOUT: &'static str = "Write .tollgate/salt, which keys the digests of this repository's secrets; commit it";

    type Arguments = Arguments;

    fn run(&self, ctx: &Context<'_>, _: &Options, arguments: &Arguments) -> Result<Outcome, CheckError> {
        if !arguments.anew && ctx.root().path().join(SALT).exists() {
            return Err(CheckError::option(
                "salt",
                format!("{SALT} is there already; --anew makes another, and digests change with it"),
            ));
        }
        let trouble = |error: getrandom::Error| {
            let message = format!("the system gives no random numbers ({error})");
            CheckError::Problem(Problem::new(Cause::Unreadable, message))
        };
        let mut drawn = [0u8; 32];
        getrandom::fill(&mut drawn).map_err(trouble)?;
        let bytes = format!("{}\n", blake3::Hash::from(drawn).to_hex()).into_bytes();
        let notes = vec![format!("commit {SALT}: digests are the same for everybody who has it")];
        Ok(Outcome { files: vec![NewFile { path: SALT.to_owned(), bytes }], notes, ..Outcome::default() })
    }
}
