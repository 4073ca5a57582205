//! What a foreign run says beside its results, read before them.

use std::collections::{BTreeMap, HashMap};

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::Limits;
use super::kept::Level;
use super::place::{Address, Places};
use super::result::{Found, Reference};
use super::rules::{ID, MESSAGE, Rule, strings};
use crate::merge::log::{items, members, text};

/// Most artifacts, bases and invocations that are held.
const ARTIFACTS: usize = 500_000;
const BASES: usize = 1_000;
const INVOCATIONS: usize = 1_000;
/// Most rules of a driver, and of its extensions, that are held.
const RULES: usize = 25_000;
/// Most overrides of rules that are held.
const OVERRIDES: usize = 25_000;

/// What a run says beside its results.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) driver: Driver,
    /// Rules of the driver, then those of each extension.
    pub(super) rules: Vec<Rule>,
    /// How many more there are than may be.
    pub(super) rules_over: u64,
    /// What describes a rule that is not listed.
    pub(super) unlisted: Rule,
    /// Where in `rules` those of the driver begin, and of each extension.
    starts: Vec<usize>,
    /// The names and guids of the extensions.
    extensions: Vec<[Option<String>; 2]>,
    /// The first rule of each id.
    ids: HashMap<String, usize>,
    pub(super) places: Places,
    /// Per invocation, the levels that it gives to rules (§3.20.5).
    overrides: Vec<Vec<(Reference, Level)>>,
    /// All invocations say so; none where none says anything.
    pub(super) successful: Option<bool>,
    pub(super) column_kind: Option<String>,
    /// How many results it has; none where it has no array of them.
    pub(super) results: Option<u64>,
}

/// A tool's driver.
#[derive(Clone, Debug, Default)]
pub(super) struct Driver {
    name: Option<String>,
    pub(super) full_name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) semantic_version: Option<String>,
    pub(super) guid: Option<String>,
    pub(super) information_uri: Option<String>,
    messages: BTreeMap<String, String>,
}

/// A tool component (§3.19).
#[derive(Default)]
struct Component {
    driver: Driver,
    rules: Vec<Rule>,
}

impl Facts {
    /// Takes a run.
    ///
    /// # Errors
    /// Text that is no JSON, a run that is no object; what reading said.
    pub(super) fn read(reader: &mut Reader, limits: &Limits) -> Result<Self, InputError> {
        let mut facts = Self::default();
        let (mut driver, mut extensions) = (Component::default(), Vec::new());
        let mut held = [0; 2];
        reader.object(|reader, key| {
            match key {
                "tool" => members(reader, |reader, key| match key {
                    "driver" => {
                        driver = facts.component(reader, &mut held[0], limits)?;
                        Ok(())
                    }
                    "extensions" => items(reader, |reader| {
                        extensions.push(facts.component(reader, &mut held[1], limits)?);
                        Ok(())
                    }),
                    _ => Ok(()),
                })?,
                "artifacts" => items(reader, |reader| {
                    let mut address = Address::default();
                    members(reader, |reader, key| {
                        if key == "location" {
                            address = Address::read(reader)?;
                        }
                        Ok(())
                    })?;
                    if facts.places.artifacts.len() < ARTIFACTS {
                        facts.places.artifacts.push(address);
                    }
                    Ok(())
                })?,
                "originalUriBaseIds" => members(reader, |reader, name| {
                    let name = name.to_owned();
                    let address = Address::read(reader)?;
                    if facts.places.bases.len() < BASES {
                        facts.places.bases.insert(name, address);
                    }
                    Ok(())
                })?,
                "invocations" => items(reader, |reader| facts.invocation(reader))?,
                "columnKind" => {
                    let known = |word: &String| ["utf16CodeUnits", "unicodeCodePoints"].contains(&word.as_str());
                    facts.column_kind = text(reader, ID)?.filter(known);
                }
                "results" if reader.kind()? == Kind::Array => {
                    let count = facts.results.get_or_insert_default();
                    reader.array(|_| {
                        *count += 1;
                        Ok(())
                    })?;
                }
                _ => {}
            }
            Ok(())
        })?;
        facts.put_together(driver, extensions);
        Ok(facts)
    }

    fn put_together(&mut self, driver: Component, extensions: Vec<Component>) {
        self.starts.push(0);
        self.rules = driver.rules;
        self.driver = driver.driver;
        for extension in extensions {
            self.starts.push(self.rules.len());
            self.extensions.push([extension.driver.name, extension.driver.guid]);
            self.rules.extend(extension.rules);
        }
        for (place, rule) in self.rules.iter_mut().enumerate() {
            if rule.id.is_empty() {
                rule.id = format!("rule-{}", place + 1);
            }
            self.ids.entry(rule.id.clone()).or_insert(place);
        }
    }

    fn component(&mut self, reader: &mut Reader, held: &mut usize, limits: &Limits) -> Result<Component, InputError> {
        let mut component = Component::default();
        let driver = &mut component.driver;
        members(reader, |reader, key| {
            let some = |text: Option<String>| text.filter(|text| !text.is_empty());
            match key {
                "name" => driver.name = some(text(reader, ID)?),
                "fullName" => driver.full_name = some(text(reader, ID)?),
                "version" => driver.version = some(text(reader, ID)?),
                "semanticVersion" => driver.semantic_version = some(text(reader, ID)?),
                "guid" => driver.guid = some(text(reader, ID)?),
                "informationUri" => driver.information_uri = some(text(reader, MESSAGE)?),
                "globalMessageStrings" => strings(reader, &mut driver.messages)?,
                "rules" => items(reader, |reader| {
                    if *held < RULES {
                        *held += 1;
                        component.rules.push(Rule::read(reader, limits)?);
                    } else {
                        self.rules_over += 1;
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(component)
    }

    fn invocation(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let mut overrides = Vec::new();
        members(reader, |reader, key| {
            match key {
                "executionSuccessful" if reader.kind()? == Kind::Bool => {
                    let said = reader.bool()?;
                    self.successful = Some(said && self.successful.unwrap_or(true));
                }
                "workingDirectory" => {
                    let address = Address::read(reader)?;
                    if self.places.folders.len() < BASES {
                        self.places.folders.push(address);
                    }
                }
                "ruleConfigurationOverrides" => items(reader, |reader| {
                    let (mut rule, mut level) = (Reference::default(), None);
                    members(reader, |reader, key| match key {
                        "descriptor" => rule.read(reader),
                        "configuration" => members(reader, |reader, key| {
                            if key == "level" {
                                level = text(reader, ID)?.and_then(|word| Level::of(&word));
                            }
                            Ok(())
                        }),
                        _ => Ok(()),
                    })?;
                    overrides.extend(level.map(|level| (rule, level)).filter(|_| overrides.len() < OVERRIDES));
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        if self.overrides.len() < INVOCATIONS {
            self.overrides.push(overrides);
        }
        Ok(())
    }

    /// The listed rule that is meant (§3.52): by id, where the id is listed or begins with one that is; else by index.
    pub(super) fn rule(&self, reference: &Reference) -> Option<usize> {
        let mut id = reference.id.as_deref();
        while let Some(some) = id {
            if let Some(place) = self.ids.get(some) {
                return Some(*place);
            }
            id = some.rsplit_once('/').map(|(before, _)| before);
        }
        let component = match (reference.component, &reference.component_name) {
            (Some(index), _) => usize::try_from(index).ok()?.checked_add(1)?,
            (None, Some(name)) => {
                let named = |names: &[Option<String>; 2]| names.iter().any(|one| one.as_ref() == Some(name));
                self.extensions.iter().position(named).map_or(0, |place| place + 1)
            }
            (None, None) => 0,
        };
        let start = *self.starts.get(component)?;
        let end = self.starts.get(component + 1).copied().unwrap_or(self.rules.len());
        let place = start.checked_add(usize::try_from(reference.index?).ok()?)?;
        (place < end).then_some(place)
    }

    /// How loud a result is (§3.27.10); `rule` is the listed one that it names. A run with one invocation needs no
    /// `provenance` for its overrides.
    pub(super) fn level(&self, found: &Found, rule: Option<usize>) -> Level {
        if let Some(level) = found.level {
            return level;
        }
        if found.kind.as_deref().is_some_and(|kind| kind != "fail") {
            return Level::None;
        }
        let invocation = match self.overrides.as_slice() {
            [only] => Some(only),
            many => found.invocation.and_then(|index| many.get(usize::try_from(index).ok()?)),
        };
        let overridden =
            invocation.into_iter().flatten().find(|(reference, _)| rule.is_some() && self.rule(reference) == rule);
        let default = || rule.and_then(|place| self.rules.get(place)?.level);
        overridden.map(|(_, level)| *level).or_else(default).unwrap_or(Level::Warning)
    }

    /// The message string of this id: the rule's, or the driver's.
    pub(super) fn message(&self, id: &str, rule: Option<usize>) -> Option<&str> {
        let own = rule.and_then(|place| self.rules.get(place)?.messages.get(id));
        own.or_else(|| self.driver.messages.get(id)).map(String::as_str)
    }
}
