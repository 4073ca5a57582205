//! Tables of the file: known keys only, each of the kind its table says.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use serde_json::{Map, Value};
use tollgate_model::Unit;
use tollgate_policy::{Date, Incidents, InstanceScope, Quantity, Scope, hint};
use toml::Spanned;
use toml::de::DeValue;

use crate::file::File;
use crate::keys::{Key, Kind, SECTION_KEYS};
use crate::load::CheckerFace;
use crate::toml_json::{Table, json};
use crate::types;

/// One instance of a checker, as the file configures it.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its name, where there are several.
    pub name: Option<String>,
    /// The checker's own options that the file sets.
    pub options: Map<String, Value>,
    /// Where each of them stands: `tollgate.toml:3:1`.
    pub places: BTreeMap<String, String>,
    /// Which changes and events it concerns.
    pub scope: Scope,
}

/// Events that may cause a run, and `local` for those outside a workflow.
const EVENTS: &[&str] = &[
    "local",
    "merge_group",
    "pre-push",
    "pull_request",
    "pull_request_target",
    "push",
    "release",
    "repository_dispatch",
    "schedule",
    "workflow_call",
    "workflow_dispatch",
    "workflow_run",
];

/// Longest deadline, in milliseconds: a day.
const LONGEST: f64 = 86_400_000.0;

/// Most threads that can be asked for.
pub const MOST_JOBS: u16 = 1024;

/// Reads a deadline, such as `90 s`; none where it is no duration, no time at all, or more than a day.
pub fn deadline(text: &str) -> Option<Duration> {
    let quantity = Quantity::parse(text).ok().filter(|q| q.unit == Unit::Milliseconds)?;
    let bounded = quantity.value() > 0.0 && quantity.value() <= LONGEST;
    bounded.then(|| Duration::from_secs_f64(quantity.value() / 1000.0))
}

/// Longest age, in milliseconds: a year.
const OLDEST: f64 = 366.0 * 86_400_000.0;

/// Reads an age, such as `7 days`, in seconds; none where it is no duration, less than an hour, or more than a year.
fn age(text: &str) -> Option<u64> {
    let quantity = Quantity::parse(text).ok().filter(|q| q.unit == Unit::Milliseconds)?;
    let bounded = quantity.value() >= 3_600_000.0 && quantity.value() <= OLDEST;
    bounded.then(|| (quantity.value() / 1000.0) as u64)
}

/// "unknown key `x`; did you mean …".
pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    format!("unknown {what} `{name}`{}", hint(name, known.iter().copied()))
}

/// The instances of `checker` that `value`, a table or an array of tables, describes.
pub(crate) fn read(file: &File<'_>, checker: &CheckerFace<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Section> {
    let tables: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Table(_) => vec![value],
        DeValue::Array(items) if !items.is_empty() && items.iter().all(|i| i.get_ref().is_table()) => {
            items.iter().collect()
        }
        _ => {
            file.mistake(value.span().start, format!("`{}` is a section: [{0}] or [[{0}]]", checker.name));
            return Vec::new();
        }
    };
    let several = tables.len() > 1;
    let mut names: Vec<String> = Vec::new();
    let mut sections = Vec::new();
    for table in tables {
        let Some(section) = instance(file, checker, table) else { continue };
        let start = table.span().start;
        match &section.name {
            None if several => file.mistake(start, format!("each of several [[{}]] needs a `name`", checker.name)),
            Some(name) if names.contains(name) => file.mistake(start, format!("the name `{name}` is given twice")),
            Some(name) => names.push(name.clone()),
            None => {}
        }
        sections.push(section);
    }
    sections
}

fn instance(file: &File<'_>, checker: &CheckerFace<'_>, value: &Spanned<DeValue<'_>>) -> Option<Section> {
    let own: Vec<&str> =
        checker.schema["properties"].as_object().into_iter().flat_map(|p| p.keys()).map(String::as_str).collect();
    let table = value.get_ref().as_table()?;
    let mut section = Section::default();
    for (key, value) in table.iter() {
        let name: &str = key.get_ref();
        if SECTION_KEYS.iter().any(|k| k.name == name) {
            continue;
        }
        if !own.contains(&name) {
            let known: Vec<&str> = own.iter().copied().chain(SECTION_KEYS.iter().map(|k| k.name)).collect();
            file.mistake(key.span().start, unknown(&format!("key in [{}]:", checker.name), name, &known));
            continue;
        }
        let value_json = json(value.get_ref());
        // One key at a time, so that what is wrong can be pointed at.
        let alone = Value::Object(Map::from_iter([(name.to_owned(), value_json.clone())]));
        match (checker.verify)(alone) {
            Ok(()) => {
                section.options.insert(name.to_owned(), value_json);
                section.places.insert(name.to_owned(), file.place(key.span().start));
            }
            Err(message) => {
                file.mistake(value.span().start, format!("`{name}`: {}", types::in_words(&message)));
            }
        }
    }
    let fields = Fields::known(file, table, SECTION_KEYS);
    section.name = fields.string("name");
    section.scope = fields.scope();
    if let (Some(name), Some(at)) = (&section.name, fields.at("name"))
        && (name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
    {
        file.mistake(at.start, "a `name` is made of letters, digits, `-`, `_` and `.`");
    }
    Some(section)
}

/// What each configured instance concerns.
pub(crate) fn scopes(sections: &BTreeMap<String, Vec<Section>>) -> Vec<InstanceScope> {
    let scope = |checker: &String, section: &Section| InstanceScope {
        checker: checker.clone(),
        instance: section.name.clone(),
        scope: section.scope.clone(),
    };
    sections.iter().flat_map(|(checker, all)| all.iter().map(move |section| scope(checker, section))).collect()
}

/// The fields of a table whose keys are described by [`Key`]s.
pub(crate) struct Fields<'f, 'a> {
    file: &'f File<'a>,
    found: BTreeMap<&'static str, (Range<usize>, Range<usize>, &'f DeValue<'a>)>,
}

impl<'f, 'a> Fields<'f, 'a> {
    /// The fields of `value`, which must be a table and have no other keys.
    pub(crate) fn of(
        file: &'f File<'a>,
        section: &str,
        value: &'f Spanned<DeValue<'a>>,
        keys: &'static [Key],
    ) -> Option<Self> {
        let Some(table) = value.get_ref().as_table() else {
            file.mistake(value.span().start, format!("`{section}` is a section: [{section}]"));
            return None;
        };
        Some(Self::strict(file, section, table, keys))
    }

    /// The fields of `table`, which must have no other keys.
    fn strict(file: &'f File<'a>, section: &str, table: &'f Table<'a>, keys: &'static [Key]) -> Self {
        for (key, _) in table.iter() {
            let name: &str = key.get_ref();
            if !keys.iter().any(|k| k.name == name) {
                let known: Vec<&str> = keys.iter().map(|k| k.name).collect();
                file.mistake(key.span().start, unknown(&format!("key in [{section}]:"), name, &known));
            }
        }
        Self::known(file, table, keys)
    }

    /// The fields of the table that is the value of `key`.
    pub(crate) fn table(&self, section: &str, key: &str, keys: &'static [Key]) -> Option<Self> {
        let table = self.value(key)?.as_table()?;
        Some(Self::strict(self.file, section, table, keys))
    }

    /// Those fields of `table` that `keys` describe.
    pub(crate) fn known(file: &'f File<'a>, table: &'f Table<'a>, keys: &'static [Key]) -> Self {
        let mut found = BTreeMap::new();
        for (key, value) in table.iter() {
            let name: &str = key.get_ref();
            let Some(known) = keys.iter().find(|k| k.name == name) else { continue };
            if fits(known.kind, value.get_ref()) {
                found.insert(known.name, (key.span(), value.span(), value.get_ref()));
            } else {
                file.mistake(value.span().start, format!("`{name}` must be {}", known.kind.words()));
            }
        }
        Self { file, found }
    }

    /// Where the value of `key` stands.
    pub(crate) fn at(&self, key: &str) -> Option<Range<usize>> {
        self.found.get(key).map(|(_, span, _)| span.clone())
    }

    pub(crate) fn value(&self, key: &str) -> Option<&'f DeValue<'a>> {
        self.found.get(key).map(|(.., value)| *value)
    }

    /// `file:line:column` of every key that is set.
    pub(crate) fn places(&self) -> BTreeMap<String, String> {
        self.found.iter().map(|(name, (key, ..))| ((*name).to_owned(), self.file.place(key.start))).collect()
    }

    pub(crate) fn string(&self, key: &str) -> Option<String> {
        Some(self.value(key)?.as_str()?.to_owned())
    }

    /// The string, or the strings of the list.
    pub(crate) fn one_or_more(&self, key: &str) -> Vec<String> {
        self.string(key).map_or_else(|| self.strings(key), |one| vec![one])
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.value(key).and_then(DeValue::as_bool).unwrap_or(false)
    }

    /// An age, in seconds.
    pub(crate) fn age(&self, key: &str) -> Option<u64> {
        age(self.value(key)?.as_str()?)
    }

    pub(crate) fn count(&self, key: &str) -> Option<u64> {
        json(self.value(key)?).as_u64()
    }

    pub(crate) fn strings(&self, key: &str) -> Vec<String> {
        let items = self.value(key).and_then(DeValue::as_array);
        items.into_iter().flatten().filter_map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
    }

    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        json(self.value(key)?).as_u64().map(|n| n as usize)
    }

    pub(crate) fn percent(&self, key: &str) -> Option<Quantity> {
        percent(self.value(key)?)
    }

    pub(crate) fn duration(&self, key: &str) -> Option<Duration> {
        deadline(self.value(key)?.as_str()?)
    }

    pub(crate) fn date(&self, key: &str) -> Option<Date> {
        date(self.value(key)?)
    }

    /// What `when` and `on` say.
    pub(crate) fn scope(&self) -> Scope {
        for event in self.strings("on").iter().filter(|event| !EVENTS.contains(&event.as_str())) {
            let at = self.at("on").unwrap_or_default();
            self.file.mistake(self.file.within(&at, event, 1), unknown("event", event, EVENTS));
        }
        match Scope::new(self.strings("when"), self.strings("on")) {
            Ok(scope) => scope,
            Err(error) => {
                let at = self.at("when").unwrap_or_default();
                self.file.mistake(self.file.within(&at, &error.glob, 1), error.to_string());
                Scope::default()
            }
        }
    }
}

fn percent(value: &DeValue<'_>) -> Option<Quantity> {
    Quantity::parse(value.as_str()?).ok().filter(|q| q.unit == Unit::Percent)
}

fn date(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::String(text) => Date::parse(text),
        DeValue::Datetime(date) => Date::parse(&date.to_string()),
        _ => None,
    }
}

/// Whether a value is of a kind. Conditions are looked at where they are read.
fn fits(kind: Kind, value: &DeValue<'_>) -> bool {
    match kind {
        Kind::Conditions => value.is_array(),
        Kind::Strings => value.as_array().is_some_and(|items| items.iter().all(|item| item.get_ref().is_str())),
        Kind::OneOrMore => value.is_str() || fits(Kind::Strings, value),
        Kind::String => value.is_str(),
        Kind::Texts => value.as_table().is_some_and(|table| table.iter().all(|(_, value)| value.get_ref().is_str())),
        Kind::Body => value.is_str() || value.is_table(),
        Kind::Table(_) => value.is_table(),
        Kind::Bool => value.as_bool().is_some(),
        Kind::Age => value.as_str().is_some_and(|text| age(text).is_some()),
        Kind::Percent => percent(value).is_some(),
        Kind::Duration => value.as_str().is_some_and(|text| deadline(text).is_some()),
        Kind::Choice(words) => value.as_str().is_some_and(|text| words.contains(&text)),
        Kind::Date => date(value).is_some(),
        Kind::Count => json(value).as_u64().is_some_and(|n| n >= 1),
        Kind::Days => json(value).as_u64().is_some_and(|n| n <= u64::from(Incidents::LONGEST_DAYS)),
        Kind::Number => json(value).as_u64().is_some_and(|n| (1..=u64::from(MOST_JOBS)).contains(&n)),
    }
}
