//! Workflow effectiveness: which checks of a pipeline can stop a merge, and which only look as if they could.
//!
//! A workflow is read (`read`, `schema`), its scripts are parsed (`shell`) and followed through package scripts, shell
//! scripts and local actions (`packages`, `machine`). Then each check is put on the bench (`bench`): it is made to find
//! something, and to fail without a result, and it is seen whether any path turns a job red. `judge` puts what came of it
//! into words; `survey` gathers it for the whole repository; `report` makes the report.

mod base;
mod bench;
mod catalogue;
mod contexts;
mod essentials;
mod expr;
mod fuzz;
mod judge;
mod machine;
mod mistake;
mod model;
mod names;
mod options;
mod packages;
mod paths;
mod read;
mod report;
mod runbooks;
mod schema;
mod shell;
mod survey;
mod world;

use std::sync::LazyLock;

use tollgate_check::{CheckError, Checker, Context, LimitFlag, Needs, Tree};
use tollgate_model::{MetricSpec, Milder, Op, Report, Rule};

pub use contexts::Reported;
pub use fuzz::fuzz;
pub use options::Options;

use crate::base::BaseTree;
use crate::world::Repository;

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

const LIMITS: &[LimitFlag] = &[
    LimitFlag {
        flag: "max-ineffective",
        value_name: "COUNT",
        metric: "workflows.ineffective",
        op: Op::Le,
        help: "Most checks there may be that surely cannot tell good from bad",
    },
    LimitFlag {
        flag: "min-effective",
        value_name: "PERCENT",
        metric: "workflows.effective",
        op: Op::Ge,
        help: "Least share of checks that can tell good from bad",
    },
];

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Workflows;

impl Checker for Workflows {
    const NAME: &'static str = "workflows";
    const ABOUT: &'static str = "Which checks of the pipeline can stop a merge, and which only look as if they could";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    type Options = Options;

    fn rules(&self) -> &'static [Rule] {
        &RULES
    }

    fn metrics(&self) -> &'static [MetricSpec] {
        report::METRICS
    }

    fn silencing(&self) -> &'static [(&'static str, Milder)] {
        &[
            ("files", Milder::Any),
            ("merge_queue", Milder::Fewer),
            ("required", Milder::Fewer),
            ("runbooks", Milder::Fewer),
            ("trusted_owners", Milder::More),
        ]
    }

    fn needs(&self) -> Needs {
        Needs::Tree
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[("workflows.ineffective == 0", true)]
    }

    fn defaults(&self, options: Options) -> Options {
        options.with_defaults()
    }

    fn discovers(&self, ctx: &Context<'_>, _: &Options) -> bool {
        let files = ctx.tree().files().unwrap_or_default();
        files.iter().any(|file| file.path.starts_with(".github/workflows/") || file.path.starts_with(".husky/"))
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let files = Repository::new(ctx.tree(), Some(ctx))?;
        let now = survey::survey(&files, options)?;
        let before = before(ctx, options, &now);
        Ok(report::report(ctx, options, now, before.as_ref()))
    }
}

/// The checks that the jobs of `tree` report, by the names that branch protection lists.
///
/// # Errors
/// The tree cannot be listed, or an option is no pattern.
pub fn reported_checks(tree: &dyn Tree, options: &Options) -> Result<Vec<Reported>, CheckError> {
    let files = Repository::new(tree, None)?;
    Ok(survey::survey(&files, &options.clone().with_defaults())?.reported)
}

/// What the base holds, where the change touches anything that was read.
fn before(ctx: &Context<'_>, options: &Options, now: &survey::Survey) -> Option<survey::Survey> {
    let changes = ctx.changes().ok()?;
    let concerns =
        |path: &str| now.examined.contains(path) || path.starts_with(".github/") || path.starts_with(".husky/");
    let touched =
        changes.files().iter().any(|file| concerns(&file.path) || file.old_path.as_deref().is_some_and(concerns));
    if !touched {
        return None;
    }
    let tree = BaseTree::new(ctx.tree(), changes);
    let files = Repository::new(&tree, None).ok()?;
    survey::survey(&files, options).ok().filter(|before| before.workflows + before.hooks > 0)
}

#[cfg(test)]
mod tests;
