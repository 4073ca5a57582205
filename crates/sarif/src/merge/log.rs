//! The first look at a foreign log: whether it is one, which runs it has, and what stands beside them.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::ForeignLog;
use crate::model::VERSION;
use crate::scanners::{is_scanner, quotes_values};
use crate::text::bounded;

/// Most runs of one file; the names of all are held.
const RUNS: usize = 10_000;
/// Longest name of a tool, UTF-16 code units: as long as one in an upload.
const NAME: usize = 255;
/// What a tool without a name is called.
const UNNAMED: &str = "unnamed tool";
/// Longest id of a run, bytes.
const ID: usize = 8_192;

/// What a foreign log holds, by one look over it.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) runs: Vec<RunName>,
    /// It has `inlineExternalProperties`.
    pub(super) inline: bool,
    /// It has properties of its own, or members that the standard does not know.
    pub(super) beside: bool,
}

impl Log {
    /// Whether one of its tools looks for secrets.
    pub(super) fn secret(&self) -> bool {
        self.runs.iter().any(RunName::secret)
    }
}

/// What a run is told apart by.
#[derive(Clone, Debug, Default)]
pub(super) struct RunName {
    /// `tool.driver.name`, or what a tool without one is called.
    pub(super) tool: String,
    /// `automationDetails.id`.
    pub(super) id: Option<String>,
}

impl RunName {
    /// Whether the tool looks for secrets.
    pub(super) fn secret(&self) -> bool {
        is_scanner(&self.tool)
    }

    /// Whether its snippets are the values.
    pub(super) fn quotes(&self) -> bool {
        quotes_values(&self.tool)
    }
}

/// Opens `log`.
pub(super) fn open(log: &ForeignLog<'_>) -> Result<Reader, InputError> {
    (log.open)().map(Reader::new)
}

/// Looks over the whole of `log`.
///
/// # Errors
/// Text that is no JSON; a log of another version than 2.1.0, or none; more than 10,000 runs; what reading said.
pub(super) fn look(log: &ForeignLog<'_>) -> Result<Log, InputError> {
    let mut reader = open(log)?;
    let (mut found, mut version, mut has_runs) = (Log::default(), None, false);
    reader.object(|reader, key| {
        match key {
            "$schema" => {}
            "version" => version = text(reader, NAME)?,
            "runs" => {
                has_runs = true;
                reader.null_or(|reader| {
                    reader.array(|reader| {
                        if found.runs.len() == RUNS {
                            return Err(reader.malformed(format!("more than {RUNS} runs, the bound; split the file")));
                        }
                        found.runs.push(name(reader)?);
                        Ok(())
                    })
                })?;
            }
            _ if is_foreign(reader, key)? => found.beside = true,
            _ => found.inline = true,
        }
        Ok(())
    })?;
    reader.end()?;
    let wrong = |message: String| Err(InputError::malformed(reader.path(), None, message));
    match version.as_deref() {
        Some(VERSION) if has_runs => Ok(found),
        Some(VERSION) => wrong("a SARIF log without `runs`; have the tool write it again".to_owned()),
        Some(other) => {
            wrong(format!("SARIF of version {other}; expected {VERSION}: have the tool write that, or convert it"))
        }
        None => wrong(format!("no SARIF log: `version` is missing; expected \"{VERSION}\"")),
    }
}

/// Whether the member `key` of a log, whose value is next, has no place in a log of many.
pub(super) fn is_foreign(reader: &mut Reader, key: &str) -> Result<bool, InputError> {
    Ok(match key {
        "$schema" | "version" | "runs" => false,
        "inlineExternalProperties" => reader.kind()? != Kind::Array,
        _ => true,
    })
}

/// Takes a run.
fn name(reader: &mut Reader) -> Result<RunName, InputError> {
    let mut name = RunName::default();
    reader.object(|reader, key| match key {
        "tool" => members(reader, |reader, key| match key {
            "driver" => members(reader, |reader, key| {
                if key == "name" {
                    name.tool = text(reader, NAME)?.unwrap_or_default();
                }
                Ok(())
            }),
            _ => Ok(()),
        }),
        "automationDetails" => members(reader, |reader, key| {
            if key == "id" && reader.kind()? == Kind::String {
                let id = reader.string()?.into_owned();
                if id.len() > ID {
                    return Err(reader.malformed(format!("the id of a run is longer than {ID} bytes, the bound")));
                }
                name.id = Some(id);
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    if name.tool.is_empty() {
        name.tool = UNNAMED.to_owned();
    }
    Ok(name)
}

/// Takes an object member by member; another kind of value is passed over.
pub(super) fn members(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader, &str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Object { reader.object(each) } else { reader.skip() }
}

/// Takes an array item by item; another kind of value is passed over.
pub(super) fn items(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Array { reader.array(each) } else { reader.skip() }
}

/// Takes a string, cut to `most` characters; none where another kind of value stands, which is passed over.
pub(super) fn text(reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
    if reader.kind()? == Kind::String {
        return Ok(Some(bounded(&reader.string()?, most).into_owned()));
    }
    reader.skip()?;
    Ok(None)
}
