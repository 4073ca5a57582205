//! The object-safe face of a checker.

use clap::{ArgMatches, Args as _, Command, FromArgMatches as _};
use schemars::generate::SchemaSettings;
use serde_json::Value;
use tollgate_model::{Cause, MetricSpec, Milder, Problem, Report, Rule, Status};

use crate::{CheckError, Checker, Context, Entries, LimitFlag, Needs, Outcome};

/// A [`Checker`] with its types hidden: options travel as JSON. Implemented for every checker.
pub trait Tool: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// One line saying what it answers.
    fn about(&self) -> &'static str;
    /// Version of its crate.
    fn version(&self) -> &'static str;
    /// Every rule it knows, maybe without what they are tried on.
    fn rules(&self) -> &'static [Rule];
    /// The same, with that.
    fn tried_rules(&self) -> &'static [Rule];
    /// Every metric it may report.
    fn metrics(&self) -> &'static [MetricSpec];
    /// Kinds that its findings may have.
    fn kinds(&self) -> &'static [&'static str];
    /// What it must have.
    fn needs(&self) -> Needs;
    /// What is wrong with a rule file of a user's.
    fn verify_rule(&self, name: &str, text: &str) -> Option<Vec<String>>;
    /// Whether it is to look at standard input.
    fn reads_stdin(&self, options: Value) -> bool;
    /// Whether it shows differences to the base's own report.
    fn shows_differences(&self, options: Value) -> bool;
    /// Whether it asks the program under test.
    fn asks_service(&self, options: Value) -> bool;
    /// The same options for a tree alone.
    fn of_tree(&self, options: Value) -> Value;
    /// Names of its options that decide what counts, each with what would be milder.
    fn silencing(&self) -> &'static [(&'static str, Milder)];
    /// Lists of tables in which some keys decide what counts.
    fn entries(&self) -> &'static [Entries];
    /// Names of those that list folders of the tree.
    fn folders(&self) -> &'static [&'static str];
    /// Files whose lines silence findings.
    fn allow_files(&self) -> &'static [&'static str];
    /// Names of its options that name further such files.
    fn allow_options(&self) -> &'static [&'static str];
    /// The file that one of those takes in.
    fn takes_in(&self, text: &str) -> Option<String>;
    /// Whether it must run alone.
    fn exclusive(&self) -> bool;
    /// Its limit flags.
    fn limits(&self) -> &'static [LimitFlag];
    /// Conditions it is judged by where no policy names its metrics.
    fn starter(&self) -> &'static [(&'static str, bool)];
    /// `command` with the checker's own flags added.
    fn augment(&self, command: Command) -> Command;
    /// The options that `matches` carry; absent ones left out.
    fn options(&self, matches: &ArgMatches) -> Result<Value, clap::Error>;
    /// JSON Schema of its section.
    fn schema(&self) -> Value;
    /// `options` with every default filled in; the message names the key that is wrong.
    fn defaults(&self, options: Value) -> Result<Value, CheckError>;
    /// Whether there is anything for it to look at.
    fn discovers(&self, ctx: &Context<'_>, options: Value) -> Result<bool, CheckError>;
    /// Its verbs as commands, each with its own arguments.
    fn verbs(&self) -> Vec<Command>;
    /// Runs its verb `verb` with the verb's own arguments as `matches` carry them.
    fn run_verb(
        &self,
        verb: &str,
        ctx: &Context<'_>,
        options: Value,
        matches: &ArgMatches,
    ) -> Result<Outcome, CheckError>;
    /// Runs it. The report is sorted and carries evidence, and of rules those that [`Self::rules`] does not have; one that claims to be complete
    /// and cites nothing is incomplete.
    fn run(&self, ctx: &Context<'_>, options: Value) -> Result<Report, CheckError>;
}

impl<C: Checker> Tool for C {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn about(&self) -> &'static str {
        C::ABOUT
    }

    fn version(&self) -> &'static str {
        C::VERSION
    }

    fn rules(&self) -> &'static [Rule] {
        Checker::rules(self)
    }

    fn tried_rules(&self) -> &'static [Rule] {
        Checker::tried_rules(self)
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        Checker::metrics(self)
    }

    fn kinds(&self) -> &'static [&'static str] {
        Checker::kinds(self)
    }

    fn needs(&self) -> Needs {
        Checker::needs(self)
    }

    fn verify_rule(&self, name: &str, text: &str) -> Option<Vec<String>> {
        Checker::verify_rule(self, name, text)
    }

    fn reads_stdin(&self, options: Value) -> bool {
        parse::<C>(options).is_ok_and(|options| Checker::reads_stdin(self, &options))
    }

    fn shows_differences(&self, options: Value) -> bool {
        parse::<C>(options).is_ok_and(|options| Checker::shows_differences(self, &options))
    }

    fn asks_service(&self, options: Value) -> bool {
        parse::<C>(options).is_ok_and(|options| Checker::asks_service(self, &Checker::defaults(self, options)))
    }

    fn of_tree(&self, options: Value) -> Value {
        let given = parse::<C>(options.clone());
        // What cannot be read is told where it is used.
        let alone = given.map(|given| serde_json::to_value(Checker::of_tree(self, given)));
        alone.ok().and_then(Result::ok).unwrap_or(options)
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        Checker::silencing(self)
    }

    fn entries(&self) -> &'static [Entries] {
        Checker::entries(self)
    }

    fn folders(&self) -> &'static [&'static str] {
        Checker::folders(self)
    }

    fn allow_files(&self) -> &'static [&'static str] {
        Checker::allow_files(self)
    }

    fn allow_options(&self) -> &'static [&'static str] {
        Checker::allow_options(self)
    }

    fn takes_in(&self, text: &str) -> Option<String> {
        Checker::takes_in(self, text)
    }

    fn exclusive(&self) -> bool {
        Checker::exclusive(self)
    }

    fn limits(&self) -> &'static [LimitFlag] {
        Checker::limits(self)
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        Checker::starter(self)
    }

    fn augment(&self, command: Command) -> Command {
        C::Options::augment_args(command)
    }

    fn options(&self, matches: &ArgMatches) -> Result<Value, clap::Error> {
        let mut options = to_value(&C::Options::from_arg_matches(matches)?);
        if let Value::Object(map) = &mut options {
            map.retain(|_, value| !is_absent(value));
        }
        Ok(options)
    }

    fn schema(&self) -> Value {
        let settings = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true);
        settings.into_generator().into_root_schema_for::<C::Options>().to_value()
    }

    fn defaults(&self, options: Value) -> Result<Value, CheckError> {
        Ok(to_value(&Checker::defaults(self, parse::<C>(options)?)))
    }

    fn discovers(&self, ctx: &Context<'_>, options: Value) -> Result<bool, CheckError> {
        let options = Checker::defaults(self, parse::<C>(options)?);
        Ok(Checker::discovers(self, ctx, &options))
    }

    fn verbs(&self) -> Vec<Command> {
        Checker::verbs(self).iter().map(|verb| verb.command()).collect()
    }

    fn run_verb(
        &self,
        verb: &str,
        ctx: &Context<'_>,
        options: Value,
        matches: &ArgMatches,
    ) -> Result<Outcome, CheckError> {
        let known = Checker::verbs(self).iter().find(|known| known.name() == verb);
        let known = known.ok_or_else(|| CheckError::option(C::NAME, format!("has no verb `{verb}`")))?;
        known.run_matches(ctx, &Checker::defaults(self, parse::<C>(options)?), matches)
    }

    fn run(&self, ctx: &Context<'_>, options: Value) -> Result<Report, CheckError> {
        let options = Checker::defaults(self, parse::<C>(options)?);
        let mut report = self.check(ctx, &options)?;
        report.evidence.extend(ctx.evidence());
        if report.status == Status::Complete && report.evidence.is_empty() && report.not_applicable.is_empty() {
            let message = format!("{} says that it saw everything, and cites nothing that it saw", C::NAME);
            report.problems.push(Problem::new(Cause::NoEvidence, message));
            report.status = Status::Incomplete;
        }
        report.sort();
        Ok(report)
    }
}

fn parse<C: Checker>(options: Value) -> Result<C::Options, CheckError> {
    serde_json::from_value(options).map_err(|e| CheckError::option(C::NAME, e.to_string()))
}

/// Options are plain data: their serialization cannot fail, and were it to, defaults apply.
fn to_value(options: &impl serde::Serialize) -> Value {
    serde_json::to_value(options).unwrap_or_default()
}

/// Whether a field was not given: `null` or an empty list.
fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
