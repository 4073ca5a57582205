//! Rules of a foreign tool.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::Limits;
use super::facts::Facts;
use super::kept::Level;
use super::left::Left;
use super::shape::{Configuration, RuleBag, RuleShape, Text};
use crate::merge::log::{items, members, text};

/// Longest id of a rule, as our oracle has it, and longest help text, UTF-16 code units.
pub(super) const ID: usize = 255;
const HELP: usize = 32_768;
/// Longest message, and most messages of a rule.
pub(super) const MESSAGE: usize = 8_192;
const MESSAGES: usize = 1_000;
/// Longest tag.
const TAG: usize = 255;

/// What is kept of a rule (§3.49).
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    pub(super) id: String,
    name: Option<String>,
    short: Option<String>,
    full: Option<String>,
    help: Option<String>,
    markdown: Option<String>,
    help_uri: Option<String>,
    pub(super) level: Option<Level>,
    precision: Option<String>,
    problem: Option<String>,
    security: Option<String>,
    tags: Vec<String>,
    /// `messageStrings`.
    pub(super) messages: BTreeMap<String, String>,
    /// How many of its tags and texts were cut.
    cut: (u64, u64),
}

impl Rule {
    /// Takes a rule.
    ///
    /// # Errors
    /// Text that is no JSON; what reading said.
    pub(super) fn read(reader: &mut Reader, limits: &Limits) -> Result<Self, InputError> {
        let mut rule = Self::default();
        members(reader, |reader, key| {
            match key {
                "id" => rule.id = text(reader, ID)?.unwrap_or_default(),
                "name" => rule.name = rule.bounded(reader, limits.name)?,
                "shortDescription" => rule.short = rule.message(reader, limits.description)?,
                "fullDescription" => rule.full = rule.message(reader, limits.description)?,
                "help" => {
                    members(reader, |reader, key| {
                        match key {
                            "text" => rule.help = rule.bounded(reader, HELP)?,
                            "markdown" => rule.markdown = rule.bounded(reader, HELP)?,
                            _ => {}
                        }
                        Ok(())
                    })?;
                }
                "helpUri" => {
                    let web = |uri: &String| uri.starts_with("https://") || uri.starts_with("http://");
                    rule.help_uri = text(reader, MESSAGE)?.filter(web);
                }
                "defaultConfiguration" => {
                    members(reader, |reader, key| {
                        if key == "level" {
                            rule.level = text(reader, ID)?.and_then(|word| Level::of(&word));
                        }
                        Ok(())
                    })?;
                }
                "messageStrings" => strings(reader, &mut rule.messages)?,
                "properties" => rule.properties(reader, limits)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(rule)
    }

    fn properties(&mut self, reader: &mut Reader, limits: &Limits) -> Result<(), InputError> {
        members(reader, |reader, key| {
            match key {
                "precision" => {
                    let known = |word: &String| ["very-high", "high", "medium", "low"].contains(&word.as_str());
                    self.precision = text(reader, ID)?.filter(known);
                }
                "problem.severity" => {
                    let known = |word: &String| ["error", "warning", "recommendation"].contains(&word.as_str());
                    self.problem = text(reader, ID)?.filter(known);
                }
                "security-severity" => {
                    let said = match reader.kind()? {
                        // The host reads texts only.
                        Kind::Number => reader.number()?.as_f64().map(|value| value.to_string()),
                        _ => text(reader, ID)?,
                    };
                    self.security = said.filter(|said| severity(said).is_some());
                }
                "tags" => items(reader, |reader| {
                    match text(reader, TAG)?.filter(|tag| !tag.is_empty()) {
                        Some(tag) if self.tags.contains(&tag) => {}
                        Some(tag) if self.tags.len() < limits.tags => self.tags.push(tag),
                        Some(tag) => {
                            self.cut.0 += 1;
                            // It sends findings to the security dashboard: it is never among what is dropped.
                            if let (true, Some(last)) = (tag == "security", self.tags.last_mut()) {
                                *last = tag;
                            }
                        }
                        None => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })
    }

    fn message(&mut self, reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
        let mut found = None;
        members(reader, |reader, key| {
            if key == "text" {
                found = self.bounded(reader, most)?;
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// A text that is not empty, cut to `most`, which is counted.
    fn bounded(&mut self, reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
        if reader.kind()? != Kind::String {
            return text(reader, most);
        }
        let whole = reader.string()?;
        let cut = crate::text::bounded(&whole, most);
        if cut.encode_utf16().count() == most && whole.encode_utf16().count() > most {
            self.cut.1 += 1;
        }
        Ok(Some(cut.into_owned()).filter(|text| !text.is_empty()))
    }

    /// `security-severity` in hundredths, 0 where there is none.
    pub(super) fn severity(&self) -> u32 {
        self.security.as_deref().and_then(severity).unwrap_or_default()
    }

    fn shape<'a>(&'a self, id: &'a str) -> RuleShape<'a> {
        let short = self.short.as_deref().or(self.name.as_deref()).unwrap_or(id);
        let full = self.full.as_deref().unwrap_or(short);
        RuleShape {
            id,
            name: self.name.as_deref().unwrap_or(id),
            short_description: Text::plain(short),
            full_description: Text::plain(full),
            default_configuration: Configuration { level: self.level.unwrap_or(Level::Warning).word() },
            help_uri: self.help_uri.as_deref(),
            help: Text { text: self.help.as_deref().unwrap_or(full), markdown: self.markdown.as_deref() },
            properties: RuleBag {
                precision: self.precision.as_deref(),
                problem_severity: self.problem.as_deref(),
                security_severity: self.security.as_deref(),
                tags: &self.tags,
            },
        }
    }
}

/// A number of the host's range, in hundredths.
fn severity(said: &str) -> Option<u32> {
    let value: f64 = said.parse().ok()?;
    (0.1..=10.0).contains(&value).then_some((value * 100.0) as u32)
}

/// Takes `messageStrings` (§3.49.11): the plain text of each.
pub(super) fn strings(reader: &mut Reader, found: &mut BTreeMap<String, String>) -> Result<(), InputError> {
    members(reader, |reader, id| {
        let id = id.to_owned();
        members(reader, |reader, key| {
            if key == "text"
                && let Some(said) = text(reader, MESSAGE)?
                && found.len() < MESSAGES
            {
                found.insert(id.clone(), said);
            }
            Ok(())
        })
    })
}

/// The rules of a run as they are written, and the place of each id.
pub(super) struct Listed<'a> {
    pub(super) rules: Vec<RuleShape<'a>>,
    pub(super) places: HashMap<&'a str, usize>,
}

/// Lists the rules that results name by `used` (the id, and the listed rule that describes it, if one does), and as
/// many others as there may be, or none unless `all`.
pub(super) fn list<'a>(
    facts: &'a Facts,
    used: &BTreeMap<&'a str, Option<usize>>,
    all: bool,
    limits: &Limits,
    left: &mut Left,
) -> Listed<'a> {
    let mut listed = Listed { rules: Vec::new(), places: HashMap::new() };
    let mut add = |rule: Option<&'a Rule>, id: &'a str, left: &mut Left| {
        listed.places.insert(id, listed.rules.len());
        match rule {
            Some(rule) => {
                listed.rules.push(rule.shape(id));
                left.tags += rule.cut.0;
                left.texts += rule.cut.1;
            }
            None => listed.rules.push(facts.unlisted.shape(id)),
        }
    };
    let mut room = if all { limits.rules.saturating_sub(used.len()) } else { 0 };
    let mut seen = BTreeSet::new();
    for rule in &facts.rules {
        if !seen.insert(rule.id.as_str()) {
            continue;
        }
        let is_used = used.contains_key(rule.id.as_str());
        if is_used || room > 0 {
            room = room.saturating_sub(usize::from(!is_used));
            add(Some(rule), &rule.id, left);
        } else {
            left.rules += 1;
        }
    }
    for (id, like) in used {
        if !seen.contains(id) {
            add(like.and_then(|place| facts.rules.get(place)), id, left);
        }
    }
    left.rules += facts.rules_over;
    listed
}
