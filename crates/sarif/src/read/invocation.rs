//! How the tool ran (§3.20), and what it says of its own trouble (§3.58).

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::json::{list, message, number_or_word, object, word};
use super::level::Said;
use super::rules::Reference;
use super::time;

/// How many troubles of an invocation are kept.
const TROUBLES: usize = 20;
/// Longest message of a trouble, characters.
const MESSAGE: usize = 500;

/// How the tool ran.
#[derive(Debug, Default)]
pub(super) struct Invocation {
    /// Whether it says that it did not end well.
    pub(super) failed: bool,
    /// What went wrong, in its words.
    pub(super) troubles: Vec<String>,
    /// How many more there are.
    pub(super) more_troubles: u64,
    /// Its exit code, where that is not 0.
    pub(super) exit_code: Option<String>,
    /// When it ended, seconds since 1970-01-01 UTC.
    pub(super) ended: Option<i64>,
    /// Levels of rules that were set for this invocation (§3.20.5, §3.51).
    pub(super) overrides: Vec<(Reference, Said)>,
}

impl Invocation {
    /// Reads the invocation that comes next, and at most so many overrides.
    pub(super) fn read(reader: &mut Reader, overrides: usize) -> Result<Self, InputError> {
        let mut invocation = Self::default();
        object(reader, |reader, key| {
            match key {
                // Where it is said twice, the worse counts.
                "executionSuccessful" => invocation.failed |= !is_success(reader)?,
                "exitCode" => invocation.exit_code = number_or_word(reader)?.filter(|code| code != "0"),
                "exitSignalName" => {
                    if let Some(signal) = word(reader)? {
                        invocation.trouble(format!("the signal {signal} ended it"));
                    }
                }
                "processStartFailureMessage" => {
                    if let Some(why) = word(reader)? {
                        invocation.trouble(format!("it could not be started: {why}"));
                    }
                }
                "endTimeUtc" => invocation.ended = word(reader)?.and_then(|text| time::seconds(&text)),
                "toolExecutionNotifications" | "toolConfigurationNotifications" => {
                    list(reader, |reader| invocation.notification(reader))?;
                }
                "ruleConfigurationOverrides" => list(reader, |reader| {
                    let (reference, level) = overridden(reader)?;
                    if level != Said::Nothing && invocation.overrides.len() < overrides {
                        invocation.overrides.push((reference, level));
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(invocation)
    }

    fn notification(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let (mut level, mut said, mut id, mut thrown) = (Said::Nothing, None, None, None);
        object(reader, |reader, key| {
            match key {
                "level" => level = Said::read(reader)?.0,
                "message" => said = message(reader, MESSAGE)?,
                "descriptor" => id = Reference::read(reader)?.id,
                "exception" => object(reader, |reader, key| {
                    if key == "message" {
                        thrown = exception(reader)?;
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        if level == Said::Error {
            let text = said.or(thrown).or(id);
            self.trouble(text.unwrap_or_else(|| "an error without a message".to_owned()));
        }
        Ok(())
    }

    fn trouble(&mut self, text: String) {
        if self.troubles.len() < TROUBLES {
            self.troubles.push(text);
        } else {
            self.more_troubles += 1;
        }
    }
}

/// Whether `executionSuccessful` says so: what is no truth value (§3.20.14) tells of no success.
fn is_success(reader: &mut Reader) -> Result<bool, InputError> {
    Ok(reader.kind()? == Kind::Bool && reader.bool()?)
}

/// The message of an exception: a text (§3.59.3), or, as older writers have it, a message.
fn exception(reader: &mut Reader) -> Result<Option<String>, InputError> {
    if reader.kind()? == Kind::String { super::json::text(reader, MESSAGE) } else { message(reader, MESSAGE) }
}

fn overridden(reader: &mut Reader) -> Result<(Reference, Said), InputError> {
    let (mut reference, mut level) = (Reference::default(), Said::Nothing);
    object(reader, |reader, key| {
        match key {
            "descriptor" => reference = Reference::read(reader)?,
            "configuration" => object(reader, |reader, key| {
                if key == "level" {
                    level = Said::read(reader)?.0;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((reference, level))
}
