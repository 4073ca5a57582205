//! Results (§3.27), kept small until the run was read: what they mean depends on rules, bases and invocations that may
//! stand behind them.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Confidence, Severity, State, Suppression};

use super::intern::Interner;
use super::json::{index, line, list, object, raw, text};
use super::level::{self, Said};
use super::place::{Place, Snippet, Written};
use super::rules::Reference;
use super::{Bounds, suppression};
use crate::scanners;
use crate::value::{self, Span};

/// Longest fingerprint that is kept, bytes. A longer one is no name.
const PRINT: usize = 256;
/// How many arguments of a message are kept.
const ARGUMENTS: usize = 20;
/// Longest argument, characters.
const ARGUMENT: usize = 1_000;

/// A result that is a finding, as it is written.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Its place among all results of the file.
    pub(super) ordinal: u32,
    /// `ruleId`, or `rule.id`, interned.
    pub(super) rule: Option<u32>,
    /// `ruleIndex`, or `rule.index`.
    pub(super) index: Option<u32>,
    /// What else `rule` says, where it says more than that.
    pub(super) reference: Option<Box<Reference>>,
    pub(super) level: Said,
    pub(super) invocation: Option<u32>,
    /// Its text; empty where it has none.
    pub(super) message: String,
    /// The id of the message, and arguments.
    pub(super) template: Option<Box<(String, Vec<String>)>>,
    pub(super) place: Option<Place>,
    pub(super) related: Vec<Place>,
    /// The best name that the tool gave it.
    pub(super) print: Option<String>,
    /// The text it is about; only where it has no name.
    pub(super) snippet: String,
    pub(super) state: Option<State>,
    pub(super) suppressed: Option<Suppression>,
    pub(super) severity: Option<Severity>,
    pub(super) confidence: Option<Confidence>,
    /// What would be the value, were it of a scanner for secrets.
    pub(super) value: Option<Shown>,
}

/// Where a result may show a value; whether it does is known with its tool and rule.
#[derive(Debug)]
pub(super) enum Shown {
    /// In a property, alone.
    Alone(Box<str>),
    /// In its snippet.
    Snippet(Box<str>, Span),
}

impl Shown {
    /// The value, where that is known; `quotes` as in [`Span::value`].
    pub(super) fn value(&self, quotes: bool) -> Option<&str> {
        match self {
            Self::Alone(value) => Some(value),
            Self::Snippet(snippet, span) => span.value(snippet, quotes),
        }
    }
}

/// What kind of result it is (§3.27.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultKind {
    Fail,
    /// Not a finding; the word.
    Other(&'static str),
}

impl ResultKind {
    /// Reads the kind that comes next. A word that is none of the standard's is a failure.
    fn read(reader: &mut Reader) -> Result<Self, InputError> {
        let Some((word, _)) = raw(reader, 40)? else { return Ok(Self::Fail) };
        let others = ["pass", "open", "informational", "notApplicable", "review"];
        let other = others.into_iter().find(|other| word.eq_ignore_ascii_case(other));
        Ok(other.map_or(Self::Fail, Self::Other))
    }
}

/// What was read besides the result itself.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) kind: ResultKind,
    /// The level, if it is none of the standard's.
    pub(super) strange_level: Option<String>,
    /// Whether the message was cut.
    pub(super) cut: bool,
    /// Whether a suppression ends on a day that cannot be read.
    pub(super) bad_expiry: bool,
}

/// What results of a run share while they are read.
pub(super) struct Shared<'a> {
    pub(super) bounds: &'a Bounds,
    pub(super) rules: &'a mut Interner,
    pub(super) bases: &'a mut Interner,
    /// Room for a snippet, reused.
    pub(super) snippet: &'a mut Snippet,
    /// How many bytes of values may still be kept.
    pub(super) values: &'a mut usize,
}

/// Candidates for the name of a result.
#[derive(Default)]
struct Print {
    /// Which list it is of, best first, and its key there.
    rank: Option<(u8, String)>,
    value: String,
}

impl Print {
    /// Reads the fingerprints that come next (§3.27.16, §3.27.17). What holds an address of e-mail is no name, and is
    /// not kept.
    fn read(&mut self, reader: &mut Reader, partial: bool) -> Result<(), InputError> {
        object(reader, |reader, key| {
            let rank = match (partial, key) {
                (true, "primaryLocationLineHash") => 0,
                (true, key) if scanners::is_of_commit(key) => return Ok(()),
                (true, _) => 1,
                (false, _) => 2,
            };
            let better = self.rank.as_ref().is_none_or(|(known, of)| (rank, key) < (*known, of.as_str()));
            if !better {
                return Ok(());
            }
            if let Some((value, false)) = raw(reader, PRINT)? {
                let value = tollgate_input::one_line(&value, PRINT, false).0;
                if !value.is_empty() && !value.contains('@') {
                    self.value = value;
                    self.rank = Some((rank, if rank == 0 { String::new() } else { key.to_owned() }));
                }
            }
            Ok(())
        })
    }
}

impl Shared<'_> {
    /// Reads the result that comes next, which is an object.
    pub(super) fn result(&mut self, reader: &mut Reader) -> Result<(Pending, Aside), InputError> {
        let mut result = Pending::default();
        let mut aside = Aside { kind: ResultKind::Fail, strange_level: None, cut: false, bad_expiry: false };
        let (mut print, mut target) = (Print::default(), None);
        let (mut rule_id, mut rule_index) = (None, None);
        self.snippet.clear();
        reader.object(|reader, key| {
            match key {
                "ruleId" => rule_id = self.rule_id(reader)?,
                "ruleIndex" => rule_index = index(reader)?,
                "rule" => result.reference = Some(Box::new(Reference::read(reader)?)),
                "level" => (result.level, aside.strange_level) = Said::read(reader)?,
                "kind" => aside.kind = ResultKind::read(reader)?,
                "message" => self.message(reader, &mut result, &mut aside)?,
                "locations" => self.locations(reader, &mut result)?,
                "relatedLocations" => list(reader, |reader| self.related(reader, &mut result))?,
                "analysisTarget" => target = Some(Written::read(reader, self.bases)?),
                "partialFingerprints" => print.read(reader, true)?,
                "fingerprints" => print.read(reader, false)?,
                "baselineState" => result.state = state(reader)?,
                "suppressions" => {
                    let silence = suppression::read(reader)?;
                    (result.suppressed, aside.bad_expiry) = (silence.suppressed, silence.bad_expiry);
                }
                "provenance" => object(reader, |reader, key| {
                    if key == "invocationIndex" {
                        result.invocation = index(reader)?;
                    }
                    Ok(())
                })?,
                "properties" => properties(reader, &mut result)?,
                _ => {}
            }
            Ok(())
        })?;
        self.settle_rule(&mut result, rule_id, rule_index);
        if result.place.is_none() {
            result.place = target.filter(Written::is_said).map(Place::from);
        }
        match print.rank {
            Some(_) => result.print = Some(print.value),
            None => result.snippet = self.snippet.beginning().to_owned(),
        }
        let of_snippet = || self.snippet.whole().map(|(text, span)| Shown::Snippet(text.into(), span));
        result.value = result.value.take().or_else(of_snippet).filter(|shown| self.has_room(shown));
        Ok((result, aside))
    }

    /// Takes the room that a value needs; false where there is none.
    fn has_room(&mut self, shown: &Shown) -> bool {
        let (Shown::Alone(text) | Shown::Snippet(text, _)) = shown;
        let left = self.values.checked_sub(text.len());
        *self.values = left.unwrap_or(*self.values);
        left.is_some()
    }

    /// What `ruleId` and `ruleIndex` say counts before what `rule` says; what it adds is kept.
    fn settle_rule(&mut self, result: &mut Pending, id: Option<u32>, index: Option<u32>) {
        let reference = result.reference.as_deref_mut();
        let (own_id, own_index, more) = match reference {
            Some(rule) => {
                let id = rule.id.take().map(|id| self.rules.number(&id));
                let more = rule.guid.is_some() || rule.component.is_some() || rule.component_name.is_some();
                (id, rule.index, more)
            }
            None => (None, None, false),
        };
        (result.rule, result.index) = (id.or(own_id), index.or(own_index));
        if !more {
            result.reference = None;
        }
    }

    fn rule_id(&mut self, reader: &mut Reader) -> Result<Option<u32>, InputError> {
        let Some((id, longer)) = raw(reader, 4 * super::json::WORD)? else { return Ok(None) };
        if !longer && id.len() <= super::json::WORD && id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Ok((!id.is_empty()).then(|| self.rules.number(&id)));
        }
        let (id, _) = tollgate_input::one_line(&id, super::json::WORD, longer);
        Ok((!id.is_empty()).then(|| self.rules.number(&id)))
    }

    fn message(&mut self, reader: &mut Reader, result: &mut Pending, aside: &mut Aside) -> Result<(), InputError> {
        let most = self.bounds.message;
        let (mut plain, mut markdown, mut id) = (None, None, None);
        let mut arguments = Vec::new();
        object(reader, |reader, key| {
            match key {
                "text" => plain = line(reader, most)?,
                "markdown" if plain.is_none() => markdown = line(reader, most)?,
                "id" => id = super::json::word(reader)?,
                "arguments" => list(reader, |reader| {
                    if arguments.len() < ARGUMENTS {
                        arguments.push(text(reader, ARGUMENT)?.unwrap_or_default());
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        if let Some((text, cut)) = plain.or(markdown) {
            (result.message, aside.cut) = (text, cut);
        }
        result.template = match id {
            Some(id) if result.message.is_empty() => Some(Box::new((id, arguments))),
            _ if !arguments.is_empty() => Some(Box::new((String::new(), arguments))),
            _ => None,
        };
        Ok(())
    }

    /// The first that names a file is the place; the others are related.
    fn locations(&mut self, reader: &mut Reader, result: &mut Pending) -> Result<(), InputError> {
        list(reader, |reader| {
            if result.place.is_some() {
                return self.related(reader, result);
            }
            let place = Place::read(reader, self.bases, Some(self.snippet))?;
            result.place = place.at.is_said().then_some(place);
            Ok(())
        })
    }

    fn related(&mut self, reader: &mut Reader, result: &mut Pending) -> Result<(), InputError> {
        if result.related.len() < self.bounds.related {
            let place = Place::read(reader, self.bases, None)?;
            result.related.extend(place.at.is_said().then_some(place));
        }
        Ok(())
    }
}

/// How it relates to a base that the tool compared with (§3.27.24): `updated` is a known one whose details changed.
fn state(reader: &mut Reader) -> Result<Option<State>, InputError> {
    let Some((word, _)) = raw(reader, 16)? else { return Ok(None) };
    Ok(match &*word {
        "new" => Some(State::New),
        "unchanged" | "updated" => Some(State::Unchanged),
        "absent" => Some(State::Absent),
        _ => None,
    })
}

/// What tools (Bandit, zizmor), and we ourselves, say of one result in its property bag.
fn properties(reader: &mut Reader, result: &mut Pending) -> Result<(), InputError> {
    if reader.kind()? != Kind::Object {
        return Ok(());
    }
    let mut number = None;
    reader.object(|reader, key| {
        match key {
            "security-severity" => number = level::security_severity(reader)?,
            "severity" | "issue_severity" | "zizmor/severity" => {
                result.severity = level::severity(reader)?.or(result.severity)
            }
            "confidence" | "issue_confidence" | "zizmor/confidence" => {
                result.confidence = level::confidence(reader)?.or(result.confidence)
            }
            key if value::is_named(key) => {
                if let Some((text, false)) = raw(reader, value::LONGEST)? {
                    result.value = Some(Shown::Alone(text.into()));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    result.severity = number.or(result.severity);
    Ok(())
}
