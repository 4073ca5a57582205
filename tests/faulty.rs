//! Checkers that go wrong on purpose, and a few that do not, to stand beside them.

use std::time::Duration;

use clap::Args;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tollgate_check::{CheckError, Checker, Context, Needs, Tool};
use tollgate_model::{
    Cause, Finding, Fingerprinter, Level, Location, Metric, MetricSpec, Problem, Report, Rule, Status, Unit, Word,
};

use tollgate_runner::{Answered, Extra, Umbrella};

use crate::scribe::Scribe;

pub(crate) const TOOLS: &[&dyn Tool] = &[&Alone, &Busy, &Faulty, &Scribe, &Steady, &Trees];

/// The faulty tollgate, with a command of its own.
pub(crate) const UMBRELLA: Umbrella<'_> =
    Umbrella { tools: TOOLS, extras: &[&Echo], host: Some(&crate::host::FileHost) };

/// Says what it is told, on both channels, and fails a gate.
struct Echo;

impl Extra for Echo {
    fn command(&self) -> clap::Command {
        clap::Command::new("echo").about("Say it again").arg(clap::Arg::new("words").required(true))
    }

    fn run(&self, arguments: &clap::ArgMatches) -> anyhow::Result<Answered> {
        let words = arguments.get_one::<String>("words").cloned().unwrap_or_default();
        if words == "nonsense" {
            return Err(tollgate_runner::UsageError("words: expected sense".to_owned()).into());
        }
        Ok(Answered { exit: tollgate_model::Exit::Fail, out: format!("{words}\n"), words })
    }
}

/// Goes wrong in the way that its option names.
struct Faulty;

#[derive(Args, Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FaultyOptions {
    /// What goes wrong
    #[arg(long)]
    fault: Option<String>,
}

impl Checker for Faulty {
    const NAME: &'static str = "faulty";
    const ABOUT: &'static str = "goes wrong";
    const VERSION: &'static str = "1.0.0";
    type Options = FaultyOptions;

    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        const { &[MetricSpec::new("faulty.n", Unit::Count, "one")] }
    }

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn discovers(&self, _: &Context<'_>, _: &FaultyOptions) -> bool {
        false
    }

    fn check(&self, ctx: &Context<'_>, options: &FaultyOptions) -> Result<Report, CheckError> {
        match options.fault.as_deref() {
            Some("stack") => drop(std::hint::black_box(deeper(0))),
            Some("abort") => std::process::abort(),
            Some("panic") => panic!("on purpose"),
            Some("kill") => {
                let shell = std::process::Command::new("sh").args(["-c", "kill -9 $PPID"]).status();
                std::thread::sleep(Duration::from_secs(60));
                drop(shell);
            }
            Some("hang") => {
                let mut child = std::process::Command::new("sleep").arg("300").spawn().expect("sleep");
                std::fs::write(ctx.root().path().join("grandchild"), child.id().to_string()).expect("a file");
                let _ = child.wait();
            }
            Some("nonsense") => {
                let _ = std::io::Write::write_all(&mut std::io::stdout(), b"this is not a report\n");
            }
            Some("quit") => leave(),
            Some("option") => return Err(CheckError::option("faulty.fault", "makes no sense")),
            Some("problem") => {
                return Err(CheckError::Problem(Problem::new(Cause::Missing, "input.txt: not found; make one")));
            }
            _ => {}
        }
        let mut report = ctx.report(Self::NAME, Self::VERSION, Word::OwnRun);
        if options.fault.as_deref() != Some("no-evidence") {
            cite(ctx);
        }
        report.metrics.push(Metric::count("faulty.n", 1));
        report.status = Status::Complete;
        Ok(report)
    }
}

/// Something that was looked at.
fn cite(ctx: &Context<'_>) {
    ctx.record("tree", ".", tollgate_input::Digest::of(b"looked at"), None);
}

#[expect(clippy::exit, reason = "a checker that ends the process is one of the faults")]
fn leave() {
    std::process::exit(0)
}

fn deeper(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 128]);
    if depth == u64::MAX { frame[0] } else { deeper(depth + 1) + frame[127] }
}

macro_rules! plain_checker {
    ($name:ident, $options:ident, $word:literal, $metrics:expr, $rules:expr, $needs:expr, $exclusive:literal, $check:expr) => {
        struct $name;

        #[derive(Args, Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        struct $options {}

        impl Checker for $name {
            const NAME: &'static str = $word;
            const ABOUT: &'static str = "stands beside";
            const VERSION: &'static str = "1.0.0";
            type Options = $options;

            fn rules(&self) -> &'static [Rule] {
                $rules
            }

            fn metrics(&self) -> &'static [MetricSpec] {
                const { $metrics }
            }

            fn needs(&self) -> Needs {
                $needs
            }

            fn exclusive(&self) -> bool {
                $exclusive
            }

            fn discovers(&self, _: &Context<'_>, _: &$options) -> bool {
                false
            }

            fn check(&self, ctx: &Context<'_>, _: &$options) -> Result<Report, CheckError> {
                let mut report = ctx.report(Self::NAME, Self::VERSION, Word::Tree);
                report.status = Status::Complete;
                cite(ctx);
                let check: fn(&Context<'_>, &mut Report) -> Result<(), CheckError> = $check;
                check(ctx, &mut report)?;
                Ok(report)
            }
        }
    };
}

plain_checker!(
    Steady,
    SteadyOptions,
    "steady",
    &[MetricSpec::new("steady.n", Unit::Count, "one")],
    &[],
    Needs::Output,
    false,
    |_, report| {
        report.metrics.push(Metric::count("steady.n", 1));
        Ok(())
    }
);

plain_checker!(
    Busy,
    BusyOptions,
    "busy",
    &[MetricSpec::new("busy.n", Unit::Count, "one")],
    &[],
    Needs::Output,
    false,
    |ctx, report| {
        std::thread::sleep(Duration::from_millis(300));
        std::fs::write(ctx.root().path().join("busy.done"), "").expect("a file");
        report.metrics.push(Metric::count("busy.n", 1));
        Ok(())
    }
);

plain_checker!(
    Alone,
    AloneOptions,
    "alone",
    &[MetricSpec::new("alone.after", Unit::Count, "1 where the others were done")],
    &[],
    Needs::Output,
    true,
    |ctx, report| {
        let done = ctx.root().path().join("busy.done").exists();
        report.metrics.push(Metric::count("alone.after", u64::from(done)));
        Ok(())
    }
);

plain_checker!(
    Trees,
    TreesOptions,
    "trees",
    &[MetricSpec::new("trees.files", Unit::Count, "files of the tree")],
    rules(),
    Needs::Tree,
    false,
    |ctx, report| {
        let files = ctx.tree().files()?;
        report.metrics.push(Metric::count("trees.files", files.len() as u64));
        let mut names = Fingerprinter::default();
        for file in files {
            if ctx.tree().read(&file.path, 1 << 20)?.is_empty() {
                report.findings.push(Finding {
                    rule: "trees/empty-file".to_owned(),
                    level: Level::Warning,
                    severity: None,
                    confidence: tollgate_model::Confidence::High,
                    message: "An empty file.".to_owned(),
                    fingerprint: names.next("trees/empty-file", &file.path, ""),
                    location: Some(Location::file(file.path)),
                    kind: None,
                    discreet: false,
                    related: Vec::new(),
                    state: None,
                    first_seen: None,
                    suppressed: None,
                    properties: std::collections::BTreeMap::new(),
                });
            }
        }
        Ok(())
    }
);

fn rules() -> &'static [Rule] {
    static RULES: std::sync::LazyLock<Vec<Rule>> = std::sync::LazyLock::new(|| {
        vec![Rule {
            id: "trees/empty-file".to_owned(),
            title: "A file is empty".to_owned(),
            why: "Nobody knows what it is for.".to_owned(),
            mend: "Fill it or take it out.".to_owned(),
            level: Level::Warning,
            severity: None,
            confidence: tollgate_model::Confidence::High,
            tags: Vec::new(),
            of_change: false,
            of_evidence: false,
            references: Vec::new(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }]
    });
    &RULES
}
