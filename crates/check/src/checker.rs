//! The trait that a checker implements.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tollgate_model::{MetricSpec, Milder, Op, Report, Rule};

use crate::{AnyVerb, CheckError, Context};

/// What a checker must have in order to see anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// The tree alone: it reads only through [`Tree`](crate::Tree), so it runs on the base's tree as well.
    Tree,
    /// What the change's own run left behind: reports, a build.
    Output,
    /// A running service.
    Service,
}

/// A list of tables among a checker's options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entries {
    /// The option.
    pub option: &'static str,
    /// The keys that tell one table from another.
    pub identity: &'static [&'static str],
    /// The keys that decide what counts, each with what would be milder. They are read from the policy of the base, where it has the
    /// table.
    pub policy: &'static [(&'static str, Milder)],
}

impl Entries {
    /// What tells a table of the list from the others, for people: the values of its identity, without those it lacks.
    pub fn name(&self, table: &serde_json::Value) -> String {
        let values = self.identity.iter().filter_map(|key| table.get(key)?.as_str());
        values.collect::<Vec<&str>>().join(" ")
    }
}

/// A flag that is shorthand for a condition: `--min-lines 80` is `coverage.lines >= 80%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitFlag {
    /// Long name, without dashes.
    pub flag: &'static str,
    /// Name of its value in the help text, with the unit: `PERCENT`.
    pub value_name: &'static str,
    /// The metric it limits, with a selector if need be: `bundle.size{type="js"}`.
    pub metric: &'static str,
    /// How.
    pub op: Op,
    /// One line of help.
    pub help: &'static str,
}

/// A checker. The blanket implementation of [`Tool`](crate::Tool) gives it its command line and its place in `check`.
pub trait Checker: Send + Sync + 'static {
    /// Its name: section of the configuration, first part of its rules and of most of its metrics.
    const NAME: &'static str;
    /// One line saying what it answers.
    const ABOUT: &'static str;
    /// Version of its crate.
    const VERSION: &'static str;

    /// Its flags and its section of the configuration: one struct for both, with fields that are `Option` or `Vec`,
    /// without clap defaults, denying unknown fields.
    type Options: clap::Args + Serialize + DeserializeOwned + Default + JsonSchema;

    /// Every rule it knows. One with many may leave out here what they are tried on.
    fn rules(&self) -> &'static [Rule];

    /// The same, with what they are tried on.
    fn tried_rules(&self) -> &'static [Rule] {
        self.rules()
    }

    /// Every metric it may report, `<name>.findings` left out: policy counts those itself. No other checker may report one
    /// of the same name.
    fn metrics(&self) -> &'static [MetricSpec];

    /// Kinds that its findings may have, where it tells kinds apart.
    fn kinds(&self) -> &'static [&'static str] {
        &[]
    }

    /// What it must have.
    fn needs(&self) -> Needs;

    /// What is wrong with a rule file of a user's, sentence by sentence: its name without folder and ending, and its text. None
    /// where the checker takes no such files.
    fn verify_rule(&self, _name: &str, _text: &str) -> Option<Vec<String>> {
        None
    }

    /// Whether `options` ask for what comes in on standard input, which then lies at [`Context::input`].
    fn reads_stdin(&self, _options: &Self::Options) -> bool {
        false
    }

    /// Names of its options that decide what counts, rather than where to measure, each with what would be milder. They are read
    /// from the policy of the base.
    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[]
    }

    /// Lists of tables among its options in which some keys decide what counts, and the others say how to measure.
    fn entries(&self) -> &'static [Entries] {
        &[]
    }

    /// Names of those that list folders of the tree: of one that a change takes away nothing is asked any more.
    fn folders(&self) -> &'static [&'static str] {
        &[]
    }

    /// Files of the tree, relative to the root, whose lines silence findings.
    fn allow_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// Names of its options that name further such files.
    fn allow_options(&self) -> &'static [&'static str] {
        &[]
    }

    /// The file, relative to the root, that one of those takes in, by its text.
    fn takes_in(&self, _text: &str) -> Option<String> {
        None
    }

    /// Whether, with these options, it shows differences to what the base's own run reported, which is then handed to it
    /// ([`Context::base_report`]).
    fn shows_differences(&self, _options: &Self::Options) -> bool {
        false
    }

    /// Whether, with these options, it asks the program that `[service]` tells of, which is then started for it
    /// ([`Context::service`]).
    fn asks_service(&self, _options: &Self::Options) -> bool {
        false
    }

    /// The same options for a tree alone: what asks more than a tree is not asked of that of the base.
    fn of_tree(&self, options: Self::Options) -> Self::Options {
        options
    }

    /// Whether it measures time, and so must run alone. One that does ends early where it is asked to ([`Context::stopped`]).
    fn exclusive(&self) -> bool {
        false
    }

    /// Its limit flags.
    fn limits(&self) -> &'static [LimitFlag] {
        &[]
    }

    /// Conditions it is judged by where no policy names its metrics, as `(condition, blocks)`.
    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    /// What it does beside checking.
    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>]
    where
        Self: Sized,
    {
        &[]
    }

    /// `options` with every default filled in: the one place where defaults live.
    fn defaults(&self, options: Self::Options) -> Self::Options {
        options
    }

    /// Whether there is anything for it to look at, where nobody configured it. Only looks at names.
    fn discovers(&self, ctx: &Context<'_>, options: &Self::Options) -> bool;

    /// Looks, measures and reports. `options` have their defaults.
    fn check(&self, ctx: &Context<'_>, options: &Self::Options) -> Result<Report, CheckError>;
}
