//! A checker that does what no other test needs: verbs, the day, the base's files, a metric of another prefix.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tollgate_check::{AnyVerb, CheckError, Checker, Context, Needs, NewFile, Outcome, Verb};
use tollgate_model::{Cause, Metric, MetricSpec, Problem, Report, Rule, Status, Unit, Word};

/// Reports what it is given, and has two verbs.
pub(crate) struct Scribe;

#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    /// What is written; `blue` by default
    #[arg(long, value_name = "WORD")]
    ink: Option<String>,
    /// How many pages there are
    #[arg(long, value_name = "N")]
    pages: Option<u64>,
    /// Names of inks; no flag can say that
    #[arg(skip)]
    names: BTreeMap<String, String>,
}

impl Checker for Scribe {
    const NAME: &'static str = "scribe";
    const ABOUT: &'static str = "reports what it is given";
    const VERSION: &'static str = "1.0.0";
    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        const {
            &[
                MetricSpec::new("scribe.day", Unit::Count, "days since 1970"),
                MetricSpec::new("scribe.kept", Unit::Bytes, "size of kept.txt in the base"),
                MetricSpec::new("pages.written", Unit::Count, "pages").needs_option("scribe.pages"),
            ]
        }
    }

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        &[&Copy, &Changed]
    }

    fn defaults(&self, options: Options) -> Options {
        Options { ink: options.ink.or_else(|| Some("blue".to_owned())), ..options }
    }

    fn discovers(&self, _: &Context<'_>, _: &Options) -> bool {
        false
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let mut report = ctx.report(Self::NAME, Self::VERSION, Word::Tree);
        report.metrics.push(Metric::count("scribe.day", ctx.today().days() as u64));
        report.metrics.extend(options.pages.map(|pages| Metric::count("pages.written", pages)));
        report.notes.extend(ctx.targets().iter().map(|target| format!("asked: {}", target.series())));
        if let Ok(changes) = ctx.changes() {
            let kept = changes.read_base("kept.txt", 100)?;
            report.metrics.extend(kept.map(|bytes| Metric::bytes("scribe.kept", bytes.len() as u64)));
        }
        ctx.record("tree", ".", tollgate_input::Digest::of(b"looked at"), None);
        report.status = Status::Complete;
        Ok(report)
    }
}

/// Writes the ink into files, or goes wrong.
struct Copy;

#[derive(Args)]
struct CopyArguments {
    /// A file to write
    #[arg(long, value_name = "FILE")]
    to: Vec<String>,
    /// How it ends
    #[arg(long, value_enum, default_value_t)]
    end: End,
    /// How often the ink is printed
    #[arg(long, default_value_t = 1)]
    times: usize,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum End {
    #[default]
    Done,
    Refuse,
    Problem,
    GiveUp,
    Panic,
}

impl Verb<Scribe> for Copy {
    const NAME: &'static str = "copy";
    const ABOUT: &'static str = "Write the ink into files";
    type Arguments = CopyArguments;

    fn run(&self, ctx: &Context<'_>, options: &Options, arguments: &CopyArguments) -> Result<Outcome, CheckError> {
        let ink = options.ink.clone().unwrap_or_default();
        let ink = options.names.get(&ink).cloned().unwrap_or(ink) + "\n";
        let trouble = Problem::new(Cause::Missing, "\u{1b}[31mletter.txt: not found");
        let mut outcome = Outcome {
            text: ink.repeat(arguments.times).into_bytes(),
            files: arguments.to.iter().map(|path| NewFile { path: path.clone(), bytes: ink.clone().into() }).collect(),
            notes: vec![format!("{} by {}", ctx.root().path().display(), ctx.jobs())],
            ..Outcome::default()
        };
        match arguments.end {
            End::Done => {}
            End::Refuse => return Err(CheckError::option("--end", "makes no sense")),
            End::Problem => outcome.problems.push(trouble),
            End::GiveUp => return Err(CheckError::Problem(trouble)),
            End::Panic => panic!("on purpose"),
        }
        Ok(outcome)
    }
}

/// Prints what differs from the base.
struct Changed;

#[derive(Args)]
struct NoArguments {}

impl Verb<Scribe> for Changed {
    const NAME: &'static str = "changed";
    const ABOUT: &'static str = "Print what differs from the base";
    type Arguments = NoArguments;

    fn run(&self, ctx: &Context<'_>, _: &Options, _: &NoArguments) -> Result<Outcome, CheckError> {
        let changes = ctx.changes().map_err(|because| CheckError::Problem(Problem::new(Cause::Missing, because)))?;
        let kept = changes.read_base("kept.txt", 100)?;
        let paths = changes.files().iter().map(|file| format!("{}\n", file.path));
        let text = paths.collect::<String>() + &format!("{kept:?} {}\n", ctx.today());
        Ok(Outcome { text: text.into_bytes(), ..Outcome::default() })
    }
}
