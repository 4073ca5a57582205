//! `[[sources]]`: reports of tools that are not ours.

use tollgate_policy::{Catalog, InstanceScope, Scope};
use toml::Spanned;
use toml::de::DeValue;

use crate::file::File;
use crate::keys::SOURCE_KEYS;
use crate::sections::Fields;

/// Words that a condition reads otherwise.
const TAKEN: &[&str] = &["adopt", "base", "check", "findings", "gates", "needs", "policy", "sources", "steps"];

/// One source: reports of a tool that is not ours, and what must be there.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Its name; its metrics begin with it.
    pub name: String,
    /// Where its reports lie: patterns relative to the root, at least one.
    pub files: Vec<String>,
    /// Which tool must have written them.
    pub tool: Option<String>,
    /// How old a report may be, in seconds.
    pub max_age: Option<u64>,
    /// How many things the tool must say it looked at, in all reports together.
    pub min_inputs: Option<u64>,
    /// Whether its findings go into the files for code scanning.
    pub upload: bool,
    /// Which changes and events it concerns.
    pub scope: Scope,
    /// Where it stands: `tollgate.toml:3:1`.
    pub place: String,
}

impl Source {
    /// A source that nobody configured: reports that were handed over.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// The sources that `value`, an array of tables, describes. Names must be free in `catalog`.
pub(crate) fn read(file: &File<'_>, value: &Spanned<DeValue<'_>>, catalog: &Catalog) -> Vec<Source> {
    let tables = match value.get_ref() {
        DeValue::Array(items) if items.iter().all(|item| item.get_ref().is_table()) => items,
        _ => {
            file.mistake(value.span().start, "`sources` is a list of sections: [[sources]]");
            return Vec::new();
        }
    };
    let mut sources: Vec<Source> = Vec::new();
    for table in tables {
        let Some(fields) = Fields::of(file, "sources", table, SOURCE_KEYS) else { continue };
        let start = table.span().start;
        let at = |key: &str| fields.at(key).map_or(start, |span| span.start);
        let name = fields.string("name").unwrap_or_default();
        let words = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(words) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            let message = "a source needs a `name` of small letters, digits, `-` and `_`: its metrics begin with it";
            file.mistake(at("name"), message);
            continue;
        }
        if TAKEN.contains(&name.as_str()) || catalog.has(&name) {
            file.mistake(at("name"), format!("the name `{name}` means something else in conditions; take another"));
            continue;
        }
        if sources.iter().any(|other| other.name == name) {
            file.mistake(at("name"), format!("the name `{name}` is given twice"));
            continue;
        }
        let files = fields.one_or_more("files");
        if files.is_empty() {
            file.mistake(at("files"), format!("the source `{name}` needs `files`: where its reports lie"));
        }
        for pattern in &files {
            if let Err(error) = Scope::new(vec![pattern.clone()], Vec::new()) {
                let span = fields.at("files").unwrap_or_default();
                file.mistake(file.within(&span, pattern, 1), error.to_string());
            }
        }
        sources.push(Source {
            name,
            files,
            tool: fields.string("tool").filter(|tool| !tool.trim().is_empty()),
            max_age: fields.age("max_age"),
            min_inputs: fields.count("min_inputs"),
            upload: fields.is_true("upload"),
            scope: fields.scope(),
            place: file.place(start),
        });
    }
    sources
}

/// What each source concerns.
pub(crate) fn scopes(sources: &[Source]) -> impl Iterator<Item = InstanceScope> {
    sources.iter().map(|source| InstanceScope {
        checker: source.name.clone(),
        instance: None,
        scope: source.scope.clone(),
    })
}
