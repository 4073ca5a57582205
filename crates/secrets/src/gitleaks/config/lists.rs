//! Allowlists of a file and of its rules.

use toml::Spanned;
use toml::de::DeValue;

use crate::gitleaks::allow::{Allowlist, Condition, Target};
use crate::gitleaks::fields::{Fields, File, Placed, Section};
use crate::gitleaks::problem::{ConfigError, Problem};
use crate::gitleaks::remark::Kind;

/// Allowlists of one rule.
const OF_RULE: Section = Section {
    name: "an allowlist of a rule",
    keys: &["description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords"],
};
/// Allowlists of all rules.
const OF_ALL: Section = Section {
    name: "the allowlist",
    keys: &["description", "condition", "commits", "paths", "regextarget", "regexes", "stopwords", "targetrules"],
};

/// The allowlists of a file. Those of an extended file that name rules are not applied.
pub(super) fn global(top: &Fields<'_, '_>, depth: usize) -> Result<Vec<Allowlist>, ConfigError> {
    let mut lists = forms(top, "allowlist", "allowlists", |value| read(top.file, &OF_ALL, "the allowlist", value))?;
    if depth > 0 {
        lists.retain(|list| {
            let Some(first) = list.target_rules.first() else { return true };
            let message =
                "gitleaks loses an allowlist with targetRules in an extended file. Move it into the file that extends.";
            top.file.remark(Kind::Lost, first.line, message.to_owned());
            false
        });
    }
    Ok(lists)
}

/// The allowlists of the rule called `id`.
pub(super) fn of_rule(rule: &Fields<'_, '_>, id: &str) -> Result<Vec<Allowlist>, ConfigError> {
    let owner = format!("rule `{id}`");
    forms(rule, "rules.allowlist", "rules.allowlists", |value| read(rule.file, &OF_RULE, &owner, value))
}

type Value<'i> = Spanned<DeValue<'i>>;

/// The old table or the new list of tables, but not both.
fn forms<'t, 'i>(
    fields: &Fields<'t, 'i>,
    old: &'static str,
    new: &'static str,
    read: impl Fn(&'t Value<'i>) -> Result<Allowlist, ConfigError>,
) -> Result<Vec<Allowlist>, ConfigError> {
    let mut tables = fields.tables("allowlists")?;
    if fields.has("allowlist") {
        let olds = fields.tables("allowlist")?;
        if !tables.is_empty() {
            let line = olds.first().map_or(fields.line, |value| fields.file.line(value.span().start));
            return Err(fields.file.mistake(line, Problem::BothForms { old, new }));
        }
        tables.extend(olds);
    }
    tables.into_iter().map(read).collect()
}

fn read(file: &File<'_>, section: &Section, owner: &str, value: &Value<'_>) -> Result<Allowlist, ConfigError> {
    let fields = Fields::open(file, section, value)?;
    let lower = |text: Placed<String>| Placed { value: text.value.to_lowercase(), line: text.line };
    let condition = match fields.text("condition")? {
        None => Condition::Any,
        Some(text) => match text.value.to_uppercase().as_str() {
            "OR" | "||" => Condition::Any,
            "AND" | "&&" => Condition::All,
            _ => return Err(file.mistake(text.line, Problem::Condition(text.value))),
        },
    };
    let target = match fields.text("regexTarget")? {
        None => Target::Secret,
        Some(text) => match text.value.as_str() {
            "secret" => Target::Secret,
            "match" => Target::Match,
            "line" => Target::Line,
            _ => return Err(file.mistake(text.line, Problem::Target(text.value))),
        },
    };
    let trimmed = |text: Placed<String>| Placed { value: text.value.trim().to_lowercase(), line: text.line };
    let list = Allowlist {
        file: file.name.clone(),
        line: fields.line,
        condition,
        commits: fields.texts("commits")?.into_iter().map(trimmed).collect(),
        paths: fields.expressions(owner, "paths")?,
        target,
        regexes: fields.expressions(owner, "regexes")?,
        stopwords: fields.texts("stopwords")?.into_iter().map(lower).collect(),
        target_rules: if section.keys.contains(&"targetrules") { fields.texts("targetRules")? } else { Vec::new() },
    };
    if list.commits.is_empty() && list.paths.is_empty() && list.regexes.is_empty() && list.stopwords.is_empty() {
        return Err(file.mistake(list.line, Problem::EmptyAllowlist));
    }
    Ok(list)
}
