//! Bundle size: what a build weighs, in total, by type and file, by route and entry, on the disk and compressed.
//!
//! The checker measures one build folder, and the base's beside it where it is told of one; budgets are conditions on its
//! metrics. Data flows so: `locate` finds the folder, `walk` lists it, `readers` ask the bundler's own manifests what each route and
//! entry loads, `series` says which files each number is a sum of, `need` which of them must be compressed for the questions asked,
//! `measure` reads them (through `engine` and `cache`), and `numbers`, `exhibits`, `findings` and `compare` put what was seen into the
//! report. [`import`] reads budgets of other tools, which `verbs` prints.

mod account;
mod asset;
mod build;
mod cache;
mod compare;
mod engine;
mod exhibits;
mod findings;
mod folder;
mod fuzz;
pub mod import;
mod kind;
mod locate;
mod look;
mod measure;
mod names;
mod need;
mod numbers;
mod options;
mod readers;
mod report;
mod run;
mod series;
mod size;
mod stale;
mod verbs;
mod walk;

use std::sync::LazyLock;

use tollgate_check::{AnyVerb, CheckError, Checker, Context, LimitFlag, Needs};
use tollgate_model::{MetricSpec, Milder, Op, Report, Rule};

pub use fuzz::{fuzz_manifest, fuzz_next, fuzz_page};
pub use options::{Encoding, FileGroup, Options};

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

const LIMITS: &[LimitFlag] = &[
    limit("max-total", "bundle.total", "Most the whole build may weigh, in the encoding measured"),
    limit("max-js", "bundle.size{type=\"js\"}", "Most its JavaScript may weigh"),
    limit("max-css", "bundle.size{type=\"css\"}", "Most its style sheets may weigh"),
    limit("max-image", "bundle.size{type=\"image\"}", "Most its images may weigh"),
];

const fn limit(flag: &'static str, metric: &'static str, help: &'static str) -> LimitFlag {
    LimitFlag { flag, value_name: "SIZE", metric, op: Op::Le, help }
}

/// The usual folders that hold built files, relative to `root`, in order: a check looks at one where no option names it.
pub fn usual_builds(root: &tollgate_input::Root) -> Vec<String> {
    locate::usual(root).into_iter().map(|folder| folder.dir).collect()
}

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bundle;

impl Checker for Bundle {
    const NAME: &'static str = "bundle";
    const ABOUT: &'static str =
        "What the build weighs: in total, by type and file, by route and entry; raw, gzip, brotli";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        numbers::METRICS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[("encoding", Milder::Any), ("exclude", Milder::More), ("base_dir", Milder::Any), ("files", Milder::Any)]
    }

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn shows_differences(&self, options: &Options) -> bool {
        options.base_dir.is_none()
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("bundle.total <= 600 KB", false)]
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        verbs::VERBS
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, ctx: &Context<'_>, options: &Options) -> bool {
        locate::exists(ctx.root(), options.dir.as_deref())
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        run::run(ctx, options)
    }
}

#[cfg(test)]
mod tests;
