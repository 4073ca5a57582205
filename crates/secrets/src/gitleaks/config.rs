//! `.gitleaks.toml`, as gitleaks 8 reads it.

use std::sync::Arc;

use toml::de::DeTable;

use crate::gitleaks::allow::Allowlist;
use crate::gitleaks::fields::{Fields, File, Placed, Section};
use crate::gitleaks::problem::{ConfigError, Problem};
use crate::gitleaks::remark::{Kind, Remark, quote};

mod lists;
mod merge;
mod rules;

/// Largest file, in bytes.
const LARGEST: usize = 1 << 20;
/// How many files may extend one another, after the first.
const DEEPEST: usize = 2;
/// The version whose format is read here.
const VERSION: [u64; 3] = [8, 30, 1];

const TOP: Section =
    Section { name: "", keys: &["title", "description", "minversion", "extend", "rules", "allowlist", "allowlists"] };
const EXTEND: Section = Section { name: "[extend]", keys: &["path", "usedefault", "url", "disabledrules"] };

/// A configuration with all that it extends.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Its rules, then those of extended files. A rule may have the id of a built-in one, which it overrides in part.
    pub(crate) rules: Vec<Rule>,
    /// For all rules, or for those that they name.
    pub(crate) allowlists: Vec<Allowlist>,
    /// Whether built-in rules are wanted too.
    pub(crate) use_default: bool,
    /// Built-in rules that are not wanted; a rule in `rules` is never meant.
    pub(crate) disabled_rules: Vec<String>,
    pub(crate) remarks: Vec<Remark>,
}

/// One rule.
#[derive(Debug, Default)]
pub(crate) struct Rule {
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
    pub(crate) id: String,
    pub(crate) description: String,
    /// Rewritten for the engine here.
    pub(crate) expression: Option<String>,
    /// Of the paths in which it looks; with no expression, of the files that it finds.
    pub(crate) path: Option<String>,
    /// A value of at most that entropy is no secret.
    pub(crate) entropy: Option<f64>,
    /// The group that is the secret.
    pub(crate) group: Option<usize>,
    /// In lower case; one of them must stand in the text.
    pub(crate) keywords: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) allowlists: Vec<Allowlist>,
    /// What must be found nearby.
    pub(crate) required: Vec<Required>,
    /// It serves other rules only.
    pub(crate) skip_report: bool,
}

/// A rule that must find something near the finding of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Required {
    pub(crate) id: String,
    /// How many lines apart they may begin; without it, anywhere in the same text.
    pub(crate) within_lines: Option<u32>,
    pub(crate) within_columns: Option<u32>,
    pub(crate) line: u32,
}

/// Gives the text of the file at a path, relative to the checked folder, else why not.
pub(crate) type Open<'a> = dyn FnMut(&str) -> Result<String, String> + 'a;

/// Reads `text`, which stands in the file called `name`, and what it extends.
///
/// # Errors
/// What gitleaks refuses too, and what is too large to be handled.
pub(crate) fn read(name: &str, text: &str, open: &mut Open<'_>) -> Result<Config, ConfigError> {
    let mut config = read_at(name, text, open, 0)?;
    merge::verify(&config)?;
    config.remarks.sort_by(|a, b| (&a.file, a.line, a.kind).cmp(&(&b.file, b.line, b.kind)));
    Ok(config)
}

fn read_at(name: &str, text: &str, open: &mut Open<'_>, depth: usize) -> Result<Config, ConfigError> {
    let file = File::new(name, text);
    if text.len() > LARGEST {
        return Err(file.mistake(1, Problem::TooLong { limit: LARGEST, found: text.len() }));
    }
    let table = DeTable::parse(text).map_err(|error| {
        let line = file.line(error.span().map_or(0, |span| span.start));
        file.mistake(line, Problem::Toml(error.message().trim().replace('\n', ", ")))
    })?;
    let top = Fields::of(&file, &TOP, table.get_ref(), 1);
    version(&top)?;
    let rules = rules::read(&top)?;
    let allowlists = lists::global(&top, depth)?;
    let mut config = Config { rules, allowlists, ..Config::default() };
    let (extended, disabled) = extend(&top, &mut config, depth)?;
    if let Some(path) = extended {
        let unreadable = |reason| file.mistake(path.line, Problem::Unreadable { path: path.value.clone(), reason });
        let text = open(&path.value).map_err(unreadable)?;
        let base = read_at(&path.value, &text, open, depth + 1)?;
        merge::extend(&file, &mut config, base, &disabled);
    }
    config.disabled_rules.extend(disabled.into_iter().map(|id| id.value));
    config.remarks.extend(file.into_remarks());
    Ok(config)
}

/// The file to be read, if there is one, and the rules that are not wanted of it.
type Extended = (Option<Placed<String>>, Vec<Placed<String>>);

/// What `[extend]` says.
fn extend(top: &Fields<'_, '_>, config: &mut Config, depth: usize) -> Result<Extended, ConfigError> {
    let file = top.file;
    let Some(value) = top.tables("extend")?.into_iter().next() else { return Ok((None, Vec::new())) };
    let extend = Fields::open(file, &EXTEND, value)?;
    if let Some(url) = extend.text("url")? {
        let message =
            "gitleaks never fetches extend.url: no rule comes from there. Copy the file and name it in extend.path.";
        file.remark(Kind::ExtendUrl, url.line, message.to_owned());
    }
    let (path, use_default) = (extend.text("path")?, extend.flag("useDefault")?);
    let disabled = extend.texts("disabledRules")?;
    if depth == DEEPEST {
        if path.is_some() || use_default {
            let message =
                "this file is the third in a row, whose [extend] is not followed. Name its base in an earlier file.";
            file.remark(Kind::Lost, extend.line, message.to_owned());
        }
        return Ok((None, disabled));
    }
    config.use_default = use_default;
    let Some(path) = path else { return Ok((None, disabled)) };
    if use_default {
        return Err(file.mistake(path.line, Problem::BothExtended));
    }
    match inside(&path.value) {
        Some(value) => Ok((Some(Placed { value, line: path.line }), disabled)),
        None => Err(file.mistake(path.line, Problem::Outside(path.value))),
    }
}

/// `path` without `.` and `..`, where it stays inside.
fn inside(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let mut parts = Vec::new();
    for part in path.split('/').filter(|part| *part != ".") {
        match part {
            ".." => drop(parts.pop()?),
            "" if parts.is_empty() => return None,
            "" => {}
            part if part.contains([':', '\0']) => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Looks at `minVersion`, of which gitleaks only warns.
fn version(top: &Fields<'_, '_>) -> Result<(), ConfigError> {
    let Some(wanted) = top.text("minVersion")? else { return Ok(()) };
    let bare = wanted.value.trim().trim_start_matches('v');
    let core = bare.split(['-', '+']).next().unwrap_or_default();
    let parts: Result<Vec<u64>, _> = core.split('.').map(str::parse).collect();
    let parts = parts.ok().filter(|parts| parts.len() <= 3);
    let Some(parts) = parts else { return Err(top.file.mistake(wanted.line, Problem::Version(wanted.value))) };
    if parts.as_slice() > VERSION.as_slice() {
        let message = format!(
            "minVersion asks for {}, while the format of 8.30 is read here. Look for remarks on unknown keys.",
            quote(&wanted.value)
        );
        top.file.remark(Kind::NewerVersion, wanted.line, message);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
