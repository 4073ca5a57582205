//! Results of a foreign tool.

use std::collections::BTreeMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::Limits;
use super::kept::Level;
use super::place::{Address, whole};
use super::rules::{ID, MESSAGE};
use super::shape::Region;
use crate::merge::log::{items, members, text};
use crate::value::{self, Span};

/// Most fingerprints and arguments that are looked at.
const FEW: usize = 100;

/// What names a rule: `ruleId`, `ruleIndex` and `rule` of a result, or a descriptor reference (§3.52).
#[derive(Clone, Debug, Default)]
pub(super) struct Reference {
    pub(super) id: Option<String>,
    pub(super) index: Option<u64>,
    /// The index among the extensions, and a name or guid, of the component that lists it.
    pub(super) component: Option<u64>,
    pub(super) component_name: Option<String>,
}

impl Reference {
    /// Takes a descriptor reference. What is known already stays.
    pub(super) fn read(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        members(reader, |reader, key| match key {
            "id" => {
                let id = text(reader, ID)?;
                self.id = self.id.take().or(id);
                Ok(())
            }
            "index" => {
                let index = whole(reader)?;
                self.index = self.index.or(index);
                Ok(())
            }
            "toolComponent" => members(reader, |reader, key| {
                match key {
                    "index" => self.component = whole(reader)?,
                    "name" | "guid" => self.component_name = text(reader, ID)?.or(self.component_name.take()),
                    _ => {}
                }
                Ok(())
            }),
            _ => Ok(()),
        })
    }
}

/// A message (§3.11).
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) text: Option<String>,
    pub(super) markdown: Option<String>,
    pub(super) id: Option<String>,
    pub(super) arguments: Vec<String>,
}

impl Message {
    fn read(reader: &mut Reader) -> Result<Self, InputError> {
        let mut message = Self::default();
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        members(reader, |reader, key| {
            match key {
                "text" => message.text = some(text(reader, MESSAGE)?),
                "markdown" => message.markdown = some(text(reader, MESSAGE)?),
                "id" => message.id = text(reader, ID)?,
                "arguments" => items(reader, |reader| {
                    let argument = text(reader, MESSAGE)?.unwrap_or_default();
                    if message.arguments.len() < FEW {
                        message.arguments.push(argument);
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(message)
    }
}

/// A location (§3.28).
#[derive(Clone, Debug, Default)]
pub(super) struct Spot {
    pub(super) address: Address,
    pub(super) region: Option<Region>,
    /// The text that stands there.
    pub(super) snippet: Option<String>,
    pub(super) message: Option<String>,
    pub(super) id: Option<u64>,
}

impl Spot {
    fn read(reader: &mut Reader) -> Result<Self, InputError> {
        let mut spot = Self::default();
        members(reader, |reader, key| {
            match key {
                "id" => spot.id = whole(reader)?,
                "message" => spot.message = Message::read(reader)?.text,
                "physicalLocation" => members(reader, |reader, key| match key {
                    "artifactLocation" => {
                        spot.address = Address::read(reader)?;
                        Ok(())
                    }
                    "region" => spot.region(reader),
                    _ => Ok(()),
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(spot)
    }

    /// Takes a region (§3.30), of which only what the host takes is kept.
    fn region(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let (mut lines, mut columns) = ([None; 2], [None; 2]);
        members(reader, |reader, key| {
            // Zero is meant as the first, and is not one.
            let one = |number: Option<u64>| number.filter(|number| *number > 0);
            match key {
                "startLine" => lines[0] = whole(reader)?.map(|line| line.max(1)),
                "endLine" => lines[1] = one(whole(reader)?),
                "startColumn" => columns[0] = one(whole(reader)?),
                "endColumn" => columns[1] = one(whole(reader)?),
                "snippet" => self.snippet = Message::read(reader)?.text,
                _ => {}
            }
            Ok(())
        })?;
        let ([Some(start_line), end_line], [start_column, end_column]) = (lines, columns) else { return Ok(()) };
        let end_line = end_line.filter(|end| *end >= start_line);
        let ordered = |end: &u64| end_line.is_some_and(|line| line > start_line) || *end >= start_column.unwrap_or(1);
        let end_column = end_column.filter(ordered);
        self.region = Some(Region { start_line, start_column, end_line, end_column });
        Ok(())
    }
}

/// What is kept of a result (§3.27).
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) rule: Reference,
    pub(super) level: Option<Level>,
    pub(super) kind: Option<String>,
    /// Which invocation found it.
    pub(super) invocation: Option<u64>,
    pub(super) suppressed: bool,
    pub(super) state: Option<String>,
    pub(super) message: Message,
    pub(super) locations: Vec<Spot>,
    pub(super) related: Vec<Spot>,
    /// What a property shows as the value.
    pub(super) value: Option<String>,
    pub(super) flows: Vec<Vec<Spot>>,
    /// By name.
    pub(super) fingerprints: BTreeMap<String, String>,
    /// How many locations, and steps of code flows, there are beyond.
    pub(super) over: (u64, u64),
}

impl Found {
    /// The value that it shows, where that is known exactly; `quotes` as in [`Span::value`].
    pub(super) fn value(&self, quotes: bool) -> Option<&str> {
        let of_snippet = || {
            let spot = self.locations.first()?;
            let small = |number: u64| u32::try_from(number).ok();
            let span = spot.region.as_ref().map_or_else(Span::default, |region| Span {
                start_line: small(region.start_line),
                end_line: region.end_line.and_then(small),
                start_column: region.start_column.and_then(small),
                end_column: region.end_column.and_then(small),
            });
            span.value(spot.snippet.as_deref()?, quotes)
        };
        self.value.as_deref().or_else(of_snippet)
    }

    /// Takes a result; without its texts and places unless `whole_`.
    ///
    /// # Errors
    /// Another kind of value, text that is no JSON; what reading said.
    pub(super) fn read(reader: &mut Reader, whole_: bool, limits: &Limits) -> Result<Self, InputError> {
        let mut found = Self::default();
        let mut reference = Reference::default();
        reader.object(|reader, key| {
            match key {
                "ruleId" => found.rule.id = text(reader, ID)?,
                "ruleIndex" => found.rule.index = whole(reader)?,
                "rule" => reference.read(reader)?,
                "level" => found.level = text(reader, ID)?.and_then(|word| Level::of(&word)),
                "kind" => found.kind = text(reader, ID)?,
                "baselineState" => found.state = text(reader, ID)?,
                "suppressions" => found.suppressed = suppressed(reader)?,
                "provenance" => members(reader, |reader, key| {
                    if key == "invocationIndex" {
                        found.invocation = whole(reader)?;
                    }
                    Ok(())
                })?,
                "message" if whole_ => found.message = Message::read(reader)?,
                "locations" if whole_ => found.over.0 += spots(reader, &mut found.locations, limits.locations)?,
                "relatedLocations" if whole_ => found.over.0 += spots(reader, &mut found.related, limits.locations)?,
                "properties" if whole_ => members(reader, |reader, key| {
                    if value::is_named(key) {
                        found.value = text(reader, value::LONGEST)?.or(found.value.take());
                    }
                    Ok(())
                })?,
                "codeFlows" if whole_ => found.code_flows(reader, limits.steps)?,
                "fingerprints" | "partialFingerprints" if whole_ => members(reader, |reader, key| {
                    let key = key.to_owned();
                    if let Some(text) = text(reader, ID)?.filter(|text| !text.is_empty())
                        && found.fingerprints.len() < FEW
                    {
                        found.fingerprints.insert(key, text);
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        found.rule.id = found.rule.id.take().or(reference.id).filter(|id| !id.is_empty());
        found.rule.index = found.rule.index.or(reference.index);
        (found.rule.component, found.rule.component_name) = (reference.component, reference.component_name);
        Ok(found)
    }

    fn code_flows(&mut self, reader: &mut Reader, most: usize) -> Result<(), InputError> {
        let mut room = most.saturating_sub(self.flows.iter().map(Vec::len).sum());
        items(reader, |reader| {
            members(reader, |reader, key| match key {
                "threadFlows" => items(reader, |reader| {
                    let mut steps = Vec::new();
                    members(reader, |reader, key| match key {
                        "locations" => {
                            self.over.1 += step(reader, &mut steps, room)?;
                            Ok(())
                        }
                        _ => Ok(()),
                    })?;
                    room -= steps.len().min(room);
                    if !steps.is_empty() {
                        self.flows.push(steps);
                    }
                    Ok(())
                }),
                _ => Ok(()),
            })
        })
    }
}

/// The locations of a thread flow, at most `most` together with those that are there; how many there are beyond.
fn step(reader: &mut Reader, steps: &mut Vec<Spot>, most: usize) -> Result<u64, InputError> {
    let mut over = 0;
    items(reader, |reader| {
        if steps.len() >= most {
            over += 1;
            return Ok(());
        }
        let mut spot = Spot::default();
        members(reader, |reader, key| {
            if key == "location" {
                spot = Spot::read(reader)?;
            }
            Ok(())
        })?;
        steps.push(spot);
        Ok(())
    })?;
    Ok(over)
}

/// Locations, at most `most` together with those that are there; how many there are beyond.
fn spots(reader: &mut Reader, found: &mut Vec<Spot>, most: usize) -> Result<u64, InputError> {
    let mut over = 0;
    items(reader, |reader| {
        if found.len() < most {
            found.push(Spot::read(reader)?);
        } else {
            over += 1;
        }
        Ok(())
    })?;
    Ok(over)
}

/// Whether suppressions (§3.27.23) silence a result: there is one, and none was refused or waits for an answer.
fn suppressed(reader: &mut Reader) -> Result<bool, InputError> {
    let (mut any, mut open) = (false, false);
    items(reader, |reader| {
        any |= reader.kind()? == Kind::Object;
        members(reader, |reader, key| {
            if key == "status" {
                open |= text(reader, ID)?.is_some_and(|word| word == "underReview" || word == "rejected");
            }
            Ok(())
        })
    })?;
    Ok(any && !open)
}
