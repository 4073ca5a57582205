//! The file as a whole (§3.13).

use tollgate_digest::Digester;
use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::Cause;

use super::building::Building;
use super::json::{list, object, raw, text};
use super::run::Run;
use super::{Bounds, Log};

/// How many runs are read. A code-scanning host takes 20.
const RUNS: usize = 10_000;

/// What the file says of its version.
#[derive(Default)]
struct Version {
    said: Option<String>,
    schema: Option<String>,
    /// Whether a run has the form of SARIF 1.0 and 2.0.
    old_form: bool,
    /// Whether a run does not name its tool.
    nameless: bool,
}

/// Reads the log to the end of the file.
pub(super) fn read(reader: &mut Reader, bounds: &Bounds, digester: Option<&Digester>) -> Result<Log, InputError> {
    let mut building = Building::new(bounds, digester);
    let mut version = Version::default();
    let (mut seen, mut inline) = (false, false);
    if reader.kind()? != Kind::Object {
        return Err(reader.malformed("expected a SARIF log, an object with `version` and `runs`"));
    }
    reader.object(|reader, key| {
        match key {
            "version" => {
                let said = match reader.kind()? {
                    Kind::Null => None,
                    _ => super::json::number_or_word(reader)?.or_else(|| Some("unknown".to_owned())),
                };
                if let Some(said) = said {
                    accept(reader, &said)?;
                    version.said = Some(said);
                }
            }
            "$schema" => version.schema = text(reader, 500)?,
            "runs" => {
                if seen {
                    return Err(reader.malformed("a second `runs`: which one counts is not known"));
                }
                seen = true;
                if !matches!(reader.kind()?, Kind::Array | Kind::Null) {
                    return Err(reader.malformed("`runs` is not a list; have the tool write its report again"));
                }
                list(reader, |reader| run(reader, &mut building, &mut version))?;
            }
            "inlineExternalProperties" => list(reader, |reader| {
                object(reader, |reader, key| {
                    if key == "results" {
                        list(reader, |_| {
                            inline = true;
                            Ok(())
                        })?;
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    reader.end()?;
    version.check(reader, &mut building)?;
    if building.log.runs.is_empty() {
        let what = "it has no runs: no tool says that it looked at anything";
        building.problem(Cause::NoEvidence, what.to_owned());
    }
    if inline {
        let what =
            "results are in `inlineExternalProperties`, which is not read; have the tool write them into its run";
        building.problem(Cause::Unreadable, what.to_owned());
    }
    Ok(building.end())
}

fn run(reader: &mut Reader, building: &mut Building<'_>, version: &mut Version) -> Result<(), InputError> {
    let number = building.log.runs.len() + 1;
    if number > RUNS {
        return Err(reader.malformed(format!("more than {RUNS} runs, the bound; write several files")));
    }
    if reader.kind()? != Kind::Object {
        building.problem(Cause::Unreadable, format!("run {number} is no object; have the tool write its report again"));
        building.log.runs.push(super::RunSaid::default());
        return Ok(());
    }
    let room = building.bounds.findings.saturating_sub(building.log.foreign.findings.len());
    let run = Run::read(reader, building.bounds, building.log.results, room, &mut building.tally)?;
    version.old_form |= run.tool.old;
    version.nameless |= run.tool.name().is_empty();
    building.run(run);
    Ok(())
}

/// Sees that `said` is a version that is read.
fn accept(reader: &Reader, said: &str) -> Result<(), InputError> {
    if said == "2.1" || said.starts_with("2.1.") {
        return Ok(());
    }
    let how = match said.split('.').next() {
        Some("1" | "2") => "have the tool write SARIF 2.1.0, or convert it with `sarif-multitool transform`",
        _ => "have the tool write SARIF 2.1.0",
    };
    Err(reader.malformed(format!("the file is SARIF {said}, and 2.1.0 is what is read; {how}")))
}

impl Version {
    /// Sees, at the end of the file, that what is not said can be told.
    fn check(&self, reader: &Reader, building: &mut Building<'_>) -> Result<(), InputError> {
        if self.said.is_some() {
            return Ok(());
        }
        let schema = self.schema.as_deref().unwrap_or_default();
        let named = schema.rsplit_once("sarif-").map(|(_, rest)| rest.trim_end_matches(".json"));
        let digit = |name: &&str| name.starts_with(|c: char| c.is_ascii_digit());
        if let Some(named) = named.filter(digit) {
            accept(reader, named)?;
        } else if self.old_form {
            accept(reader, "1.0 or 2.0")?;
        } else if self.nameless || building.log.runs.is_empty() {
            let what = "it says neither its version nor the tool that wrote it; expected SARIF 2.1.0 with `version`";
            return Err(reader.malformed(what));
        }
        building.note("the file does not say its version; it was read as SARIF 2.1.0".to_owned());
        Ok(())
    }
}

/// Whether what comes next says that it is SARIF. What cannot be read ends the search.
pub(super) fn knows(reader: &mut Reader) -> bool {
    let (mut runs, mut schema, mut version, mut foreign) = (false, false, false, false);
    // The beginning of a file ends anywhere: what was seen before is enough.
    let _ended = reader.kind().and_then(|_| {
        object(reader, |reader, key| {
            match key {
                "runs" => runs = true,
                "$schema" => {
                    schema = raw(reader, 500)?.is_some_and(|(uri, _)| uri.to_ascii_lowercase().contains("sarif"))
                }
                "version" => version = raw(reader, 40)?.is_some_and(|(version, _)| version.starts_with("2.1.0")),
                "inlineExternalProperties" | "properties" => {}
                _ => foreign = true,
            }
            Ok(())
        })
    });
    runs || schema || (version && !foreign)
}
