//! What the checker does beside checking: `attest`.

use clap::Args;
use tollgate_check::{CheckError, Context, NewFile, Outcome, Verb};
use tollgate_input::utf8;
use tollgate_model::Date;

use crate::attest::{self, Claim, LONGEST_DAYS, Scope};
use crate::options::Options;
use crate::{Owasp, items, look};

/// Writes down what somebody answers for.
pub(crate) struct Attest;

/// Arguments of `attest`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The item: `API6:2023`
    #[arg(value_name = "ITEM")]
    item: String,
    /// Who answers for it: a name or an address
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// What is so, and how that is known
    #[arg(long, value_name = "TEXT")]
    statement: String,
    /// The last day it counts, at most 180 days ahead
    #[arg(long, value_name = "DAY")]
    expires: String,
    /// Files that it is about: once they change it does not count any more. Without it every route is: once one is added or goes
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    scope: Vec<String>,
    /// Say that the item does not concern this API, rather than that it is met
    #[arg(long)]
    not_applicable: bool,
}

impl Verb<Owasp> for Attest {
    const NAME: &'static str = "attest";
    const ABOUT: &'static str = "Write into .tollgate/attestations.toml what somebody answers for";

    type Arguments = Arguments;

    fn run(&self, ctx: &Context<'_>, options: &Options, arguments: &Arguments) -> Result<Outcome, CheckError> {
        let wrong = |what: &str, message: String| CheckError::option(what, message);
        let item = items::find(&arguments.item).ok_or_else(|| {
            let message = format!(
                "there is no item {:?}; expected API1:2019 to API10:2019, or API1:2023 to API10:2023",
                arguments.item
            );
            wrong("ITEM", message)
        })?;
        let expires = Date::parse(&arguments.expires).ok_or_else(|| {
            wrong("--expires", format!("{:?} is no day; one is written 2027-01-15", arguments.expires))
        })?;
        let days = expires.days() - ctx.today().days();
        if !(0..=LONGEST_DAYS).contains(&days) {
            let message = format!("{expires} is not within {LONGEST_DAYS} days from today, {}", ctx.today());
            return Err(wrong("--expires", message));
        }
        for (name, text) in [("--owner", &arguments.owner), ("--statement", &arguments.statement)] {
            if text.trim().is_empty() {
                return Err(wrong(name, "it says nothing".to_owned()));
            }
        }
        let seen = look::look(ctx, options)?;
        let scope = match arguments.scope.is_empty() {
            true if seen.surface.is_empty() => {
                let message =
                    "no route and no document was found that it could be about; name files with --scope".to_owned();
                return Err(wrong("--scope", message));
            }
            true => Scope::Routes,
            false => Scope::Files(arguments.scope.clone()),
        };
        let before = match ctx.tree().contains(attest::FILE)? {
            true => utf8(&ctx.tree().read(attest::FILE, 16 << 20)?).into_owned(),
            false => String::new(),
        };
        attest::parse(&before).map_err(|error| wrong(attest::FILE, error))?;
        let claim = Claim {
            item: item.id.clone(),
            owner: arguments.owner.trim().to_owned(),
            statement: arguments.statement.trim().to_owned(),
            expires,
            not_applicable: arguments.not_applicable,
            digest: attest::digest(ctx, &scope, &seen.surface)?,
            scope,
            line: 1,
        };
        let mut after = attest::without(&before, &item.id);
        if !after.is_empty() && !after.ends_with("\n\n") {
            after.push_str(if after.ends_with('\n') { "\n" } else { "\n\n" });
        }
        after.push_str(&attest::written(&claim, ctx.today()));
        attest::parse(&after).map_err(|error| wrong(attest::FILE, error))?;
        let mut outcome = Outcome::default();
        let about = match &claim.scope {
            Scope::Routes => format!("{} routes", seen.surface.len()),
            Scope::Files(patterns) => patterns.join(", "),
        };
        outcome.notes.push(format!(
            "{}: {} answers for {} until {expires}, as long as these stay as they are: {about}",
            attest::FILE,
            claim.owner,
            claim.item
        ));
        outcome.files.push(NewFile { path: attest::FILE.to_owned(), bytes: after.into_bytes() });
        Ok(outcome)
    }
}
