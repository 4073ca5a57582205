//! The tool of a run and its rules (§3.18, §3.19, §3.49).

use std::collections::HashMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Confidence, Level, Rule, Severity};

use super::Bounds;
use super::json::{index, list, message, number_or_word, object, text, word};
use super::level::Said;
use crate::scanners;

/// How many tags and message strings of a rule are kept, and how many extensions of a tool.
const TAGS: usize = 20;
const MESSAGES: usize = 100;
const EXTENSIONS: usize = 1_000;
/// How many levels of ids that an id is below are looked for.
const LEVELS: usize = 16;

/// Where a rule stands: which component (0 is the driver, then the extensions), and which of its rules.
pub(super) type At = (usize, usize);

/// How a result or an override names a rule (§3.52).
#[derive(Clone, Debug, Default)]
pub(super) struct Reference {
    pub(super) id: Option<String>,
    pub(super) index: Option<u32>,
    pub(super) guid: Option<String>,
    /// `toolComponent`: its index, and its guid or name (§3.54).
    pub(super) component: Option<u32>,
    pub(super) component_name: Option<String>,
}

impl Reference {
    /// Reads the reference that comes next.
    pub(super) fn read(reader: &mut Reader) -> Result<Self, InputError> {
        let mut reference = Self::default();
        object(reader, |reader, key| {
            match key {
                "id" => reference.id = word(reader)?,
                "index" => reference.index = index(reader)?,
                "guid" => reference.guid = word(reader)?,
                "toolComponent" => object(reader, |reader, key| {
                    match key {
                        "index" => reference.component = index(reader)?,
                        "guid" => reference.component_name = word(reader)?,
                        "name" if reference.component_name.is_none() => reference.component_name = word(reader)?,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(reference)
    }
}

/// What a rule says of itself.
#[derive(Debug, Default)]
pub(super) struct Descriptor {
    pub(super) id: String,
    guid: Option<String>,
    name: Option<String>,
    short: Option<String>,
    full: Option<String>,
    help: Option<String>,
    address: Option<String>,
    tags: Vec<String>,
    pub(super) level: Said,
    pub(super) severity: Option<Severity>,
    pub(super) confidence: Option<Confidence>,
    /// Whether it is about secrets.
    pub(super) secret: bool,
    messages: Vec<(String, String)>,
}

impl Descriptor {
    /// What it finds, in a few words.
    pub(super) fn title(&self) -> &str {
        let said = self.short.as_deref().or(self.name.as_deref()).or(self.full.as_deref());
        said.unwrap_or(&self.id)
    }

    /// Its message of this id.
    pub(super) fn message(&self, id: &str) -> Option<&str> {
        find(&self.messages, id)
    }

    /// The same in our words.
    pub(super) fn rule(&mut self) -> Rule {
        let title = self.title().to_owned();
        Rule {
            id: self.id.clone(),
            why: self.full.take().filter(|full| *full != title).unwrap_or_default(),
            title,
            mend: self.help.take().unwrap_or_default(),
            level: self.level.level().unwrap_or(Level::Warning),
            severity: self.severity,
            confidence: self.confidence.unwrap_or(Confidence::High),
            tags: std::mem::take(&mut self.tags),
            of_change: false,
            of_evidence: false,
            references: self.address.take().into_iter().collect(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

fn find<'a>(messages: &'a [(String, String)], id: &str) -> Option<&'a str> {
    messages.iter().find(|(known, _)| known == id).map(|(_, text)| text.as_str())
}

/// The driver, or an extension.
#[derive(Debug, Default)]
pub(super) struct Component {
    pub(super) name: String,
    guid: Option<String>,
    version: String,
    pub(super) rules: Vec<Descriptor>,
    by_id: HashMap<String, usize>,
    messages: Vec<(String, String)>,
}

/// Where things of all components are; of twins the first.
#[derive(Debug, Default)]
struct Places {
    by_id: HashMap<String, At>,
    /// In small letters.
    by_guid: HashMap<String, At>,
    /// Components by name, and by guid in small letters.
    components: HashMap<String, usize>,
    messages: HashMap<String, String>,
}

impl Places {
    fn of(components: &mut [Component]) -> Self {
        let mut places = Self::default();
        for (place, component) in components.iter_mut().enumerate() {
            let names = [Some(component.name.clone()), component.guid.as_ref().map(|guid| guid.to_ascii_lowercase())];
            for name in names.into_iter().flatten() {
                places.components.entry(name).or_insert(place);
            }
            for (rule, descriptor) in component.rules.iter().enumerate() {
                if !descriptor.id.is_empty() {
                    component.by_id.entry(descriptor.id.clone()).or_insert(rule);
                    places.by_id.entry(descriptor.id.clone()).or_insert((place, rule));
                }
                if let Some(guid) = &descriptor.guid {
                    places.by_guid.entry(guid.to_ascii_lowercase()).or_insert((place, rule));
                }
            }
            for (id, text) in component.messages.drain(..) {
                places.messages.entry(id).or_insert(text);
            }
        }
        places
    }
}

/// What a run says of its tool.
#[derive(Debug, Default)]
pub(super) struct Tool {
    /// The driver first; empty where there is none.
    pub(super) components: Vec<Component>,
    places: Places,
    /// Whether `tool` has a name of its own and no driver, as in SARIF 1.0 and 2.0.
    pub(super) old: bool,
    /// How many bytes of texts of rules may still be kept.
    room: usize,
    /// How many rules were read.
    count: usize,
    /// How many rules, and texts of rules, there was no room for.
    pub(super) rules_left_out: u64,
    pub(super) texts_left_out: u64,
}

impl Tool {
    /// Reads the tool that comes next.
    pub(super) fn read(reader: &mut Reader, bounds: &Bounds) -> Result<Self, InputError> {
        let mut tool = Self { room: bounds.rule_text, ..Self::default() };
        let (mut driver, mut extensions, mut named) = (None, Vec::new(), false);
        object(reader, |reader, key| {
            match key {
                "driver" if reader.kind()? == Kind::Object => driver = Some(tool.component(reader, bounds)?),
                "extensions" => {
                    extensions.clear();
                    list(reader, |reader| {
                        if extensions.len() < EXTENSIONS {
                            let extension = tool.component(reader, bounds)?;
                            extensions.push(extension);
                        }
                        Ok(())
                    })?;
                }
                "name" => named = true,
                _ => {}
            }
            Ok(())
        })?;
        tool.old = named && driver.is_none();
        tool.components.push(driver.unwrap_or_default());
        tool.components.append(&mut extensions);
        tool.places = Places::of(&mut tool.components);
        Ok(tool)
    }

    /// The driver's name, or nothing.
    pub(super) fn name(&self) -> &str {
        self.components.first().map_or("", |driver| &driver.name)
    }

    /// The driver's version, or nothing.
    pub(super) fn version(&self) -> &str {
        self.components.first().map_or("", |driver| &driver.version)
    }

    /// The rule at this place.
    pub(super) fn at(&self, (component, rule): At) -> Option<&Descriptor> {
        self.components.get(component)?.rules.get(rule)
    }

    /// The message of this id that is no rule's (§3.19.22).
    pub(super) fn message(&self, id: &str) -> Option<&str> {
        self.places.messages.get(id).map(String::as_str)
    }

    /// The rule that is meant: by its index where that agrees with its id, by its id in the component that is named, in
    /// the driver and in the extensions, by the ids that it is below (`A` for `A/B`, §3.27.5), by its guid, by its
    /// index alone.
    pub(super) fn find(&self, wanted: &Reference, id: Option<&str>) -> Option<At> {
        let component = self.place_of(wanted);
        let by_index = wanted
            .index
            .map(|index| (component, index as usize))
            .and_then(|at| self.at(at).map(|descriptor| (at, descriptor)));
        if let Some((at, descriptor)) = by_index {
            let agrees = |id: &str| {
                id.strip_prefix(descriptor.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if id.is_none_or(agrees) {
                return Some(at);
            }
        }
        let mut name = id;
        for _ in 0..LEVELS {
            let Some(id) = name.filter(|id| !id.is_empty()) else { break };
            let found = self.in_component(component, id).or_else(|| self.places.by_id.get(id).copied());
            if found.is_some() {
                return found;
            }
            name = id.rsplit_once('/').map(|(parent, _)| parent);
        }
        let guid = wanted.guid.as_ref().map(|guid| guid.to_ascii_lowercase());
        guid.and_then(|guid| self.places.by_guid.get(&guid).copied()).or(by_index.map(|(at, _)| at))
    }

    fn in_component(&self, place: usize, id: &str) -> Option<At> {
        self.components.get(place)?.by_id.get(id).map(|rule| (place, *rule))
    }

    fn place_of(&self, wanted: &Reference) -> usize {
        if let Some(index) = wanted.component {
            return index as usize + 1;
        }
        let Some(name) = &wanted.component_name else { return 0 };
        let by_name = self.places.components.get(name);
        by_name.or_else(|| self.places.components.get(&name.to_ascii_lowercase())).copied().unwrap_or(0)
    }

    fn component(&mut self, reader: &mut Reader, bounds: &Bounds) -> Result<Component, InputError> {
        let mut component = Component::default();
        let mut versions = [None, None, None];
        object(reader, |reader, key| {
            match key {
                "name" => component.name = word(reader)?.unwrap_or_default(),
                "guid" => component.guid = word(reader)?,
                "version" => versions[0] = number_or_word(reader)?,
                "semanticVersion" => versions[1] = number_or_word(reader)?,
                "dottedQuadFileVersion" => versions[2] = number_or_word(reader)?,
                "globalMessageStrings" => component.messages = self.messages(reader, bounds)?,
                "rules" => {
                    component.rules.clear();
                    list(reader, |reader| {
                        if self.count >= bounds.rules {
                            self.rules_left_out += 1;
                            return Ok(());
                        }
                        self.count += 1;
                        let rule = self.rule(reader, bounds)?;
                        component.rules.push(rule);
                        Ok(())
                    })?;
                }
                _ => {}
            }
            Ok(())
        })?;
        component.version = versions.into_iter().flatten().next().unwrap_or_default();
        Ok(component)
    }

    fn rule(&mut self, reader: &mut Reader, bounds: &Bounds) -> Result<Descriptor, InputError> {
        let mut rule = Descriptor::default();
        let mut problem_severity = None;
        object(reader, |reader, key| {
            match key {
                "id" => rule.id = word(reader)?.unwrap_or_default(),
                "guid" => rule.guid = word(reader)?,
                "name" => rule.name = self.kept(word(reader)?),
                "shortDescription" => rule.short = self.kept(message(reader, 300)?),
                "fullDescription" => rule.full = self.kept(message(reader, 1_000)?),
                "help" => rule.help = self.kept(message(reader, 2_000)?),
                "helpUri" => {
                    let address = word(reader)?.filter(|address| address.starts_with("https://"));
                    rule.address = self.kept(address);
                }
                "defaultConfiguration" => object(reader, |reader, key| {
                    if key == "level" {
                        rule.level = Said::read(reader)?.0;
                    }
                    Ok(())
                })?,
                "messageStrings" => rule.messages = self.messages(reader, bounds)?,
                "properties" => object(reader, |reader, key| {
                    match key {
                        "security-severity" => rule.severity = super::level::security_severity(reader)?,
                        "problem.severity" => problem_severity = super::level::problem_severity(reader)?,
                        "precision" => rule.confidence = super::level::confidence(reader)?,
                        "tags" => list(reader, |reader| {
                            let tag = self.kept(word(reader)?);
                            rule.secret |= tag.as_deref().is_some_and(scanners::is_tag);
                            rule.tags.extend(tag.filter(|_| rule.tags.len() < TAGS));
                            Ok(())
                        })?,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        rule.severity = rule.severity.or(problem_severity);
        rule.secret |= scanners::is_rule(&rule.id) || rule.name.as_deref().is_some_and(scanners::is_rule);
        Ok(rule)
    }

    /// Messages by id (§3.49.11).
    fn messages(&mut self, reader: &mut Reader, bounds: &Bounds) -> Result<Vec<(String, String)>, InputError> {
        let mut messages: Vec<(String, String)> = Vec::new();
        object(reader, |reader, id| {
            if messages.len() < MESSAGES && id.len() <= super::json::WORD {
                let text = self.kept(template(reader, bounds.message)?);
                messages.extend(text.map(|text| (id.to_owned(), text)));
            }
            Ok(())
        })?;
        Ok(messages)
    }

    /// `text`, if there is room for it.
    fn kept(&mut self, text: Option<String>) -> Option<String> {
        let text = text?;
        match self.room.checked_sub(text.len()) {
            Some(room) => {
                self.room = room;
                Some(text)
            }
            None => {
                self.texts_left_out += 1;
                None
            }
        }
    }
}

/// A multiformat message, or, as some write it, only its text.
fn template(reader: &mut Reader, most: usize) -> Result<Option<String>, InputError> {
    if reader.kind()? == Kind::String { text(reader, most) } else { message(reader, most) }
}
