//! Bundle size: what a build weighs, in total, by type and by file, on the disk and after gzip.
//!
//! The checker measures one build folder and compares nothing: budgets are conditions on its metrics. Where they lie:
//! [`Options`] says what to look at, `locate` finds the folder, `walk` lists it, `measure` reads it, and `numbers`,
//! `exhibits` and `findings` put what was seen into the report.

mod account;
mod asset;
mod build;
mod exhibits;
mod findings;
mod folder;
mod fuzz;
mod kind;
mod locate;
mod measure;
mod numbers;
mod options;
mod readers;
mod report;
mod walk;

use std::sync::LazyLock;

use tollgate_check::{CheckError, Checker, Context, LimitFlag, Needs};
use tollgate_model::{MetricSpec, Milder, Op, Report, Rule};

pub use fuzz::{fuzz_manifest, fuzz_page};
pub use options::{Encoding, Options};

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
    const ABOUT: &'static str = "What the build weighs: in total, by type and by file, raw and after gzip";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        numbers::METRICS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[("encoding", Milder::Any), ("exclude", Milder::More)]
    }

    fn needs(&self) -> Needs {
        Needs::Output
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("bundle.total <= 600 KB", false)]
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, ctx: &Context<'_>, options: &Options) -> bool {
        locate::exists(ctx.root(), options.dir.as_deref())
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let exclude = options.exclusion()?;
        let build = locate::build_folder(ctx.root(), options.dir.as_deref()).map_err(CheckError::Problem)?;
        let mut listing =
            walk::list(ctx.root(), &build, &exclude, walk::Bounds::default()).map_err(CheckError::Problem)?;
        let files = listing.assets.iter().map(|asset| asset.path.as_str());
        let files = files.chain(listing.excluded.iter().map(|(path, _)| path.as_str())).collect();
        let manifest = options.manifest.as_deref();
        let record = |path: &str, digest| ctx.record("manifest", path, digest, None);
        let seen = build::Build { root: ctx.root(), dir: &build.dir, manifest, files: &files, record: &record };
        let _account = readers::read(&seen).map_err(CheckError::Problem)?;
        let encoding = options.encoding.unwrap_or_default();
        let raw = listing.assets.iter().fold(0, |sum: u64, asset| sum.saturating_add(asset.raw));
        let with_gzip = measure::wants_gzip(raw, encoding, ctx.targets());
        if with_gzip {
            let problems = measure::read_all(&mut listing.assets, &build.dir, ctx.jobs());
            listing.problems.extend(problems);
        }
        Ok(report::report(ctx, &report::Measured { dir: &build.dir, listing, encoding, with_gzip, exclude: &exclude }))
    }
}

#[cfg(test)]
mod tests;
