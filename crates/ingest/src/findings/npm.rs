//! The JSON of `npm audit` and `pnpm audit`, also where it tells of an error.
//!
//! Two forms with the same purpose count different things and are never compared: since npm 7 (`auditReportVersion` 2) there
//! is an entry per package, parents included; npm 6 and pnpm have one per advisory. Each finding here is an advisory: of the
//! first form one per advisory and package, packages that are only reached through others being counted beside them.
//!
//! Where the registry did not answer or no lock file was there, both write a document with `error`, or npm one with
//! `message`, `uri` and `statusCode`: the audit did not take place.

mod advisories;
mod metadata;
mod packages;
mod refusal;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::{Cause, Foreign, Level, MetricSpec, Severity, Unit};

pub(super) use self::advisories::{Advisory, HOW_ADVISORIES_COUNT, compare};
pub(super) use self::metadata::Metadata;
use self::metadata::Totals;
use self::packages::Package;
use self::refusal::Refusal;
use super::audit::Audit;
use super::json::{count, list, object};
use super::sniff::Sniff;
use super::{Format, Grade};

/// The words of npm's registry, which pnpm and both lines of Yarn pass on.
pub(super) const GRADES: &[Grade] = &[
    Grade::new("critical", Level::Error, Some(Severity::Critical)),
    Grade::new("high", Level::Error, Some(Severity::High)),
    Grade::new("moderate", Level::Warning, Some(Severity::Medium)),
    Grade::new("low", Level::Note, Some(Severity::Low)),
    Grade::new("info", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "npm-audit",
    name: "npm audit",
    writers: "`npm audit --json` of npm 7 and later",
    about: "A finding is an advisory of a package; `packages` also counts those that are reached only through others, as npm \
            does. Not comparable with npm 6, pnpm or Yarn. A document that tells of an error makes the source incomplete.",
    grades: GRADES,
    metrics: &[
        MetricSpec::new("packages", Unit::Count, "packages that npm calls vulnerable, parents included")
            .counting("package"),
        MetricSpec::new("parents", Unit::Count, "packages that are affected only through others").counting("package"),
    ],
    detect: |sniff| sniff.is_object(&["auditReportVersion"]) || is_refusal(sniff),
    read,
};

pub(super) const ADVISORIES: Format = Format {
    id: "pnpm-audit",
    name: "npm 6 or pnpm audit",
    writers: "`pnpm audit --json`, `npm audit --json` of npm 6, `yarn npm audit --json` of Yarn 2 and 3",
    about: "A finding is an advisory. Not comparable with npm 7 and later, which counts packages. Advisories that \
            `--audit-level` or the configuration leaves out make declared and listed numbers disagree, and the source \
            incomplete; those of the severity info, which pnpm leaves out by itself, do not.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        // Long lists of actions may hide the key behind them.
        let actions = sniff.is_object(&["actions"]) && sniff.holds("\"resolves\"");
        sniff.is_object(&["advisories"]) || actions || is_refusal(sniff)
    },
    read,
};

fn is_refusal(sniff: &Sniff<'_>) -> bool {
    let keys = [&["message", "uri"], &["message", "statusCode"], &["message", "error"]];
    sniff.is_only(&["error"]) || keys.iter().any(|keys| sniff.is_object(*keys))
}

#[derive(Default)]
struct Document {
    version: Option<u64>,
    packages: Option<Vec<Package>>,
    advisories: Option<Vec<Advisory>>,
    muted: u64,
    metadata: Metadata,
    refusal: Refusal,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut document = Document::default();
    reader.object(|reader, key| {
        match key {
            "auditReportVersion" => document.version = count(reader)?,
            "vulnerabilities" => packages::read(reader, document.packages.get_or_insert_default())?,
            "advisories" => advisories::read(reader, document.advisories.get_or_insert_default())?,
            "muted" => list(reader, |_| {
                document.muted += 1;
                Ok(())
            })?,
            "metadata" => object(reader, |reader, key| document.metadata.member(reader, key))?,
            _ => document.refusal.member(reader, key)?,
        }
        Ok(())
    })?;
    reader.end()?;
    if document.packages.is_some() && document.advisories.is_some() {
        let message = "has both `vulnerabilities` and `advisories`, which no npm or pnpm writes; have it written again";
        return Err(InputError::malformed(reader.path(), None, message));
    }
    Ok((document.finish(), reader.digest()))
}

impl Document {
    fn finish(self) -> Foreign {
        let Self { version, packages, advisories, muted, metadata, refusal } = self;
        let nothing = packages.is_none() && advisories.is_none();
        let mut audit = match (packages, advisories) {
            (Some(packages), _) => {
                let mut audit = Audit::new("npm", "packages", GRADES);
                if version != Some(2) {
                    let said = version.map_or("not said".to_owned(), |version| version.to_string());
                    audit.problem(
                        Cause::Unreadable,
                        format!("The version of npm's report is {said}; only version 2 is known."),
                    );
                }
                packages::finish(packages, &metadata, &mut audit);
                audit
            }
            (None, Some(advisories)) => {
                let mut audit = Audit::new("npm 6 or pnpm", HOW_ADVISORIES_COUNT, GRADES);
                advisories::finish(advisories, &metadata, &mut audit);
                audit
            }
            (None, None) => Audit::new("npm or pnpm", "", GRADES),
        };
        if muted > 0 {
            audit.note(format!("The report mutes {muted} more, which are not shown."));
        }
        match refusal.problem() {
            Some((cause, message)) => audit.problem(cause, message),
            None if nothing => audit.problem(
                Cause::NoEvidence,
                "The report has no `vulnerabilities` and no `advisories`; have the tool write it again.",
            ),
            None => {}
        }
        audit.finish()
    }
}
