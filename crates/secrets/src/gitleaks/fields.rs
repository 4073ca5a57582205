//! Tables of a configuration, as gitleaks' own reader takes them: keys in any case, a single value where a list is meant.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use tollgate_input::LineIndex;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::engine::pattern::Pattern;
use crate::gitleaks::problem::{ConfigError, Problem};
use crate::gitleaks::remark::{Kind, Remark, quote};
use crate::gitleaks::translate::{self, Translated};

/// How much the expressions of one file may weigh together.
const HEAVIEST: u64 = 1 << 22;
/// What each of them weighs at least; so there are some four thousand at most.
const LIGHTEST: u64 = 1 << 10;

/// A value and the line where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) line: u32,
}

/// An expression of an allowlist.
#[derive(Debug)]
pub(crate) struct Expression {
    /// As the file has it.
    pub(crate) source: String,
    /// Compiled when first needed.
    pub(crate) pattern: Pattern,
    /// About how many pieces it is made of.
    pub(crate) weight: u64,
    pub(crate) line: u32,
}

/// A file that is being read.
pub(crate) struct File<'a> {
    pub(crate) name: Arc<str>,
    lines: LineIndex<'a>,
    remarks: RefCell<Vec<Remark>>,
    weight: Cell<u64>,
}

impl<'a> File<'a> {
    pub(crate) fn new(name: &str, text: &'a str) -> Self {
        Self { name: name.into(), lines: LineIndex::new(text), remarks: RefCell::default(), weight: Cell::new(0) }
    }

    /// The line of the byte at `offset`.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        self.lines.position(offset).0
    }

    pub(crate) fn mistake(&self, line: u32, problem: Problem) -> ConfigError {
        ConfigError { file: self.name.to_string(), line, problem }
    }

    pub(crate) fn remark(&self, kind: Kind, line: u32, message: String) {
        self.remarks.borrow_mut().push(Remark::new(kind, &self.name, line, message));
    }

    pub(crate) fn into_remarks(self) -> Vec<Remark> {
        self.remarks.into_inner()
    }

    /// The expression `source`, which is `key` of `owner`, translated.
    pub(crate) fn translate(
        &self,
        owner: &str,
        key: &'static str,
        source: &Placed<String>,
    ) -> Result<Translated, ConfigError> {
        let fault = |fault| Problem::Expression { owner: owner.to_owned(), key, fault };
        let translated = translate::translate(&source.value).map_err(|f| self.mistake(source.line, fault(f)))?;
        self.weight.set(self.weight.get().saturating_add(translated.weight.max(LIGHTEST)));
        if self.weight.get() > HEAVIEST {
            return Err(self.mistake(source.line, Problem::TooLarge));
        }
        Ok(translated)
    }
}

/// Which keys a table may have, in lower case.
pub(crate) struct Section {
    /// How it is written: `[extend]`.
    pub(crate) name: &'static str,
    pub(crate) keys: &'static [&'static str],
}

/// A table of a file.
pub(crate) struct Fields<'t, 'i> {
    pub(crate) file: &'t File<'t>,
    table: &'t DeTable<'i>,
    pub(crate) line: u32,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl<'t, 'i> Fields<'t, 'i> {
    /// The table `value`, which is a `section`.
    pub(crate) fn open(file: &'t File<'t>, section: &Section, value: &'t Value<'i>) -> Result<Self, ConfigError> {
        let line = file.line(value.span().start);
        let found = value.get_ref().type_str();
        let shape = || file.mistake(line, Problem::Shape { key: section.name, expected: "a table", found });
        Ok(Self::of(file, section, value.get_ref().as_table().ok_or_else(shape)?, line))
    }

    /// The table `table`; keys that its section does not have are remarked on.
    pub(crate) fn of(file: &'t File<'t>, section: &Section, table: &'t DeTable<'i>, line: u32) -> Self {
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in table.iter() {
            let lower = key.get_ref().to_lowercase();
            let at = file.line(key.span().start);
            match section.keys.iter().find(|known| **known == lower) {
                None => file.remark(Kind::UnknownKey, at, unknown(section, &lower, value.get_ref())),
                Some(known) if seen.contains(known) => {
                    let message = format!(
                        "{} has {} twice, in different case: one of them is ignored. Keep one.",
                        section.name,
                        quote(known)
                    );
                    file.remark(Kind::UnknownKey, at, message);
                }
                Some(known) => seen.push(known),
            }
        }
        Self { file, table, line }
    }

    /// The value at `key`, which stands here as gitleaks documents it.
    fn get(&self, key: &str) -> Option<(&'t Value<'i>, u32)> {
        let (key, value) = self.table.iter().find(|(name, _)| name.get_ref().to_lowercase() == key.to_lowercase())?;
        Some((value, self.file.line(key.span().start)))
    }

    /// Whether `key` is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn shape(&self, line: u32, key: &'static str, expected: &'static str, found: &Value<'_>) -> ConfigError {
        self.file.mistake(line, Problem::Shape { key, expected, found: found.get_ref().type_str() })
    }

    /// Text; none where it is empty.
    pub(crate) fn text(&self, key: &'static str) -> Result<Option<Placed<String>>, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(None) };
        let text = value.get_ref().as_str().ok_or_else(|| self.shape(line, key, "a string", value))?;
        Ok(Some(Placed { value: text.to_owned(), line }).filter(|text| !text.value.is_empty()))
    }

    /// Texts: a list, or one string with commas.
    pub(crate) fn texts(&self, key: &'static str) -> Result<Vec<Placed<String>>, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(Vec::new()) };
        if let Some(text) = value.get_ref().as_str() {
            let parts = text.split(',').filter(|_| !text.is_empty());
            return Ok(parts.map(|part| Placed { value: part.to_owned(), line }).collect());
        }
        let items = value.get_ref().as_array().ok_or_else(|| self.shape(line, key, "a list of strings", value))?;
        let text = |item: &Value<'_>| {
            let line = self.file.line(item.span().start);
            let text = item.get_ref().as_str().ok_or_else(|| self.shape(line, key, "a list of strings", item))?;
            Ok(Placed { value: text.to_owned(), line })
        };
        items.iter().map(text).collect()
    }

    /// A number, also one in quotes; none where it is zero.
    pub(crate) fn number(&self, key: &'static str) -> Result<Option<f64>, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(None) };
        let digits = match value.get_ref() {
            DeValue::Integer(digits) if digits.radix() == 10 => digits.as_str(),
            DeValue::Float(digits) => digits.as_str(),
            DeValue::String(text) => text,
            _ => return Err(self.shape(line, key, "a number", value)),
        };
        let number: Option<f64> = digits.replace('_', "").parse().ok().filter(|number: &f64| number.is_finite());
        Ok(Some(number.ok_or_else(|| self.shape(line, key, "a number", value))?).filter(|number| *number != 0.0))
    }

    /// A number of things.
    pub(crate) fn count(&self, key: &'static str) -> Result<Option<u32>, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(None) };
        let number = self.number(key)?.unwrap_or(0.0);
        if number < 0.0 || number > f64::from(u32::MAX) {
            return Err(self.shape(line, key, "a number from 0", value));
        }
        Ok(Some(number as u32))
    }

    /// Yes or no.
    pub(crate) fn flag(&self, key: &'static str) -> Result<bool, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(false) };
        let truth = value.get_ref().as_bool().or_else(|| value.get_ref().as_str()?.parse().ok());
        truth.ok_or_else(|| self.shape(line, key, "true or false", value))
    }

    /// Tables: a list of them, or a single one.
    pub(crate) fn tables(&self, key: &'static str) -> Result<Vec<&'t Value<'i>>, ConfigError> {
        let Some((value, line)) = self.get(key) else { return Ok(Vec::new()) };
        match value.get_ref() {
            DeValue::Table(_) => Ok(vec![value]),
            DeValue::Array(items) => Ok(items.iter().collect()),
            _ => Err(self.shape(line, key, "a list of tables", value)),
        }
    }

    /// Expressions of an allowlist of `owner`.
    pub(crate) fn expressions(&self, owner: &str, key: &'static str) -> Result<Vec<Expression>, ConfigError> {
        let expression = |source: Placed<String>| {
            let Translated { text, weight } = self.file.translate(owner, key, &source)?;
            Ok(Expression { source: source.value, pattern: Pattern::new(text, None), weight, line: source.line })
        };
        self.texts(key)?.into_iter().map(expression).collect()
    }
}

/// What to say of a key that nothing reads.
fn unknown(section: &Section, key: &str, value: &DeValue<'_>) -> String {
    let here = if section.name.is_empty() { String::new() } else { format!(" in {}", section.name) };
    if key == "files" && section.keys.contains(&"paths") {
        return format!("`files`{here} is not read: it hides no file. Expressions in `paths` are what hides files.");
    }
    let what = match value {
        DeValue::Table(_) if section.name.is_empty() => format!("the table [{}]", quote(key).trim_matches('`')),
        _ => quote(key),
    };
    let near = |known: &&&str| strsim::osa_distance(known, key) <= 1 + key.len().min(12) / 5;
    // A hostile key may be as long as the file.
    let close = section
        .keys
        .iter()
        .filter(|_| key.len() <= 40)
        .filter(near)
        .min_by_key(|known| strsim::osa_distance(known, key));
    let advice = close.map_or_else(|| "Remove it.".to_owned(), |known| format!("Did you mean `{known}`?"));
    format!("gitleaks does not read {what}{here}: nothing in it has an effect. {advice}")
}
