//! The JSON of Trivy (`trivy fs --format json`), schema 2.
//!
//! `Results` has an entry per target with `Vulnerabilities`, `Misconfigurations`, `Secrets` and `Licenses`. Without any
//! target Trivy found nothing to look at. What it shows of a secret (`Match`, `Code`) is passed over unread.

mod result;

use tollgate_input::json_stream::Reader;
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;
use tollgate_model::{Cause, Foreign, Level, Severity, moment};

use self::result::Found;
use super::audit::Audit;
use super::json::{count, object, text, word};
use super::{Format, Grade};

const GRADES: &[Grade] = &[
    Grade::new("CRITICAL", Level::Error, Some(Severity::Critical)),
    Grade::new("HIGH", Level::Error, Some(Severity::High)),
    Grade::new("MEDIUM", Level::Warning, Some(Severity::Medium)),
    Grade::new("LOW", Level::Note, Some(Severity::Low)),
    Grade::new("UNKNOWN", Level::Note, None),
];

pub(super) const FORMAT: Format = Format {
    id: "trivy",
    name: "Trivy",
    writers: "`trivy fs --format json`, `trivy image --format json`, `trivy config --format json`",
    about: "Vulnerabilities, failed misconfigurations, secrets and licences are findings. The text of a secret is never kept. \
            A report without a target makes the source incomplete. Places within an image or a virtual machine are none in \
            the repository.",
    grades: GRADES,
    metrics: &[],
    detect: |sniff| {
        sniff.is_object(&["SchemaVersion"]) && (sniff.has_keys(&["ArtifactName"]) || sniff.has_keys(&["Results"]))
    },
    read,
};

/// What the document says, before it is told.
#[derive(Default)]
struct Document {
    schema: Option<u64>,
    artifact: String,
    results: Vec<result::Target>,
}

fn read(window: Window) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("Trivy", "vulnerabilities, misconfigurations, secrets, licences", GRADES);
    let mut document = Document::default();
    reader.object(|reader, key| {
        match key {
            "SchemaVersion" => document.schema = count(reader)?,
            "CreatedAt" => audit.foreign.written = text(reader)?.and_then(|text| moment(&text)),
            "ArtifactType" => document.artifact = word(reader)?.unwrap_or_default(),
            "Trivy" => object(reader, |reader, key| {
                if key == "Version" {
                    let version = word(reader)?.unwrap_or_default();
                    audit.foreign.tools.iter_mut().for_each(|tool| tool.version.clone_from(&version));
                }
                Ok(())
            })?,
            "Results" => {
                reader.null_or(|reader| {
                    reader.array(|reader| {
                        document.results.push(result::read(reader)?);
                        Ok(())
                    })
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    document.finish(&mut audit);
    Ok((audit.finish(), reader.digest()))
}

impl Document {
    fn finish(self, audit: &mut Audit) {
        if self.schema != Some(2) {
            let said = self.schema.map_or("not said".to_owned(), |schema| schema.to_string());
            audit
                .problem(Cause::Unreadable, format!("The schema of Trivy's report is {said}; only schema 2 is known."));
        }
        let packages: u64 = self.results.iter().map(|target| target.packages).sum();
        if self.results.is_empty() {
            audit.problem(
                Cause::NoEvidence,
                "Trivy names no target that it looked at; run it where a lock file or another target of its lies.",
            );
        } else if packages > 0 {
            audit.inputs(packages, "package");
        } else {
            audit.inputs(self.results.len() as u64, "target");
        }
        if self.results.iter().any(|target| target.name.is_empty()) {
            audit.problem(Cause::Unreadable, "The report has a target without a name; have Trivy write it again.");
        }
        // Places within these are no places of the repository.
        let inside = matches!(self.artifact.as_str(), "container_image" | "vm");
        let (mut secrets, mut hidden) = (0, 0);
        for target in self.results {
            hidden += target.hidden;
            if let Some(declared) = target.failures.filter(|declared| *declared != target.failed) {
                let place = format!("MisconfSummary.Failures of {}", crate::text::name(&target.name));
                audit.disagree(&place, declared, &target.failed.to_string());
            }
            for Found { mut hit, word, secret } in target.found {
                secrets += u64::from(secret);
                if inside {
                    let place = hit.location.take().map_or_else(|| target.name.clone(), |location| location.path);
                    hit.context = place.clone();
                    hit.properties.push(("target", crate::text::name(&place).into()));
                } else if hit.location.is_none() {
                    hit.context.clone_from(&target.name);
                    hit.properties.push(("target", crate::text::name(&target.name).into()));
                }
                let graded = audit.grade(&word);
                audit.push(hit, graded);
            }
        }
        if secrets > 0 {
            audit.note(format!("The text of {} was dropped.", things(secrets, "secret")));
        }
        if hidden > 0 {
            audit.note(format!("Trivy was told to leave out {}.", things(hidden, "finding")));
        }
    }
}
