//! OWASP API Security Top 10: a verdict per item, with evidence, or an honest "no evidence".
//!
//! Sources become a route table with resolved guards (`syntax`, `program`, `routes`); it, documents of the API and local patterns are
//! looked at by detectors (`detect`, `patterns`), which say what they show about slots (`evidence`). Items are data that name the slots
//! which a pass needs (`items`); `verdict` puts both together with what people answer for (`attest`). Absence of findings is never
//! evidence.

mod attest;
mod detect;
mod entries;
mod evidence;
mod fuzz;
pub mod items;
mod look;
mod options;
mod own;
mod patterns;
mod probe;
mod program;
mod report;
mod routes;
mod syntax;
mod verbs;
mod verdict;

use std::sync::LazyLock;

use tollgate_check::{AnyVerb, CheckError, Checker, Context, LimitFlag, Needs};
use tollgate_model::{Cause, MetricSpec, Milder, Op, Problem, Report, Rule, Status, Word};

pub use fuzz::fuzz;
pub use options::Options;

static RULES: LazyLock<Vec<Rule>> =
    LazyLock::new(|| tollgate_rules::parse(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))));

const LIMITS: &[LimitFlag] = &[LimitFlag {
    flag: "max-failing",
    value_name: "COUNT",
    metric: "owasp.items{verdict=\"fail\"}",
    op: Op::Le,
    help: "Most items of each edition that may fail",
}];

/// The checker.
#[derive(Clone, Copy, Debug, Default)]
pub struct Owasp;

impl Checker for Owasp {
    const NAME: &'static str = "owasp";
    const ABOUT: &'static str = "OWASP API Security Top 10: a verdict per item, with evidence";
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
            ("documents", Milder::Any),
            ("exclude", Milder::More),
            ("probe_hosts", Milder::More),
            ("public", Milder::More),
            ("rules", Milder::Any),
            ("sources", Milder::Any),
        ]
    }

    fn asks_service(&self, options: &Options) -> bool {
        options.probe == Some(true) && options.probe_url.is_none()
    }

    fn of_tree(&self, options: Options) -> Options {
        Options { probe: None, probe_url: None, ..options }
    }

    fn allow_files(&self) -> &'static [&'static str] {
        &[attest::FILE]
    }

    fn needs(&self) -> Needs {
        Needs::Tree
    }

    fn limits(&self) -> &'static [LimitFlag] {
        LIMITS
    }

    fn starter(&self) -> &'static [(&'static str, bool)] {
        &[
            ("owasp.items{verdict=\"fail\"} == 0", true),
            ("owasp.items{verdict=\"not-evidenced\"} == 0", false),
            ("owasp.items{verdict=\"partial\"} == 0", false),
        ]
    }

    fn verify_rule(&self, name: &str, text: &str) -> Option<Vec<String>> {
        own::verify(name, text)
    }

    fn verbs(&self) -> &'static [&'static dyn AnyVerb<Self>] {
        &[&verbs::Attest]
    }

    fn discovers(&self, ctx: &Context<'_>, options: &Options) -> bool {
        let documents = options.surely_documents();
        let documents = tollgate_check::Globs::new("owasp.documents", &documents).unwrap_or_default();
        let files = ctx.tree().files().unwrap_or_default();
        let serves = |path: &str| {
            let name = tollgate_check::paths::name(path);
            name == "nest-cli.json"
                || path.ends_with(".controller.ts")
                || name.starts_with("route.") && path.contains("app/")
                || path.contains("pages/api/")
        };
        let mut own =
            files.iter().map(|file| file.path.as_str()).filter(|path| !tollgate_check::paths::is_of_others(path));
        own.any(|path| serves(path) || documents.matches(path))
    }

    fn check(&self, ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
        let mut seen = look::look(ctx, options)?;
        let mut report = report::begin(ctx);
        if options.probes() {
            report.subject.word = Word::OwnRun;
        }
        let fails = |at: usize| report::fails(&seen.evidence.drafts[at], &seen.own);
        let rows = verdict::rows(&seen.evidence, &seen.claims, &fails);
        let names = report::findings(&seen.evidence.drafts, &seen.own, &mut report);
        report.checklists = report::checklists(&rows, &seen.evidence, &names);
        report::metrics(&seen.table, &mut report);
        let routes = (options.routes == Some(true)).then_some(&seen.table);
        report.headline = Some(report::headline(&report.checklists, &seen.words, routes));
        report.exhibits = report::exhibits(&rows, &seen.evidence, &seen.table);
        report.rules.append(&mut seen.own);
        report.notes.append(&mut seen.notes);
        report.problems.append(&mut seen.problems);
        let nothing = seen.table.routes.iter().all(|route| !route.served) && seen.documents == 0;
        report.status = if nothing {
            report.problems.push(nothing_seen(seen.sources));
            Status::Empty
        } else if report.problems.is_empty() {
            Status::Complete
        } else {
            Status::Incomplete
        };
        Ok(report)
    }
}

/// That no API was seen, and what would show one.
fn nothing_seen(sources: usize) -> Problem {
    let message = format!(
        "no API was seen: {} in TypeScript, JavaScript or Python make no routes that are understood (NestJS, Express, Next.js), and no \
         OpenAPI document was found; name one with owasp.documents",
        tollgate_model::format::things(sources as u64, "file")
    );
    Problem::new(Cause::NoEvidence, message)
}

#[cfg(test)]
mod tests;
