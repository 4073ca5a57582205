//! The rules of one file.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::DeValue;

use super::{Required, Rule, lists};
use crate::gitleaks::fields::{Fields, File, Placed, Section};
use crate::gitleaks::problem::{ConfigError, Problem};
use crate::gitleaks::remark::{Kind, quote};

const RULE: Section = Section {
    name: "[[rules]]",
    keys: &[
        "id",
        "description",
        "regex",
        "path",
        "secretgroup",
        "entropy",
        "keywords",
        "tags",
        "skipreport",
        "allowlist",
        "allowlists",
        "required",
    ],
};
const REQUIRED: Section = Section { name: "[[rules.required]]", keys: &["id", "withinlines", "withincolumns"] };

/// The rules of a file; of two with the same id the last counts, in the place of the first.
pub(super) fn read(top: &Fields<'_, '_>) -> Result<Vec<Rule>, ConfigError> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for value in top.tables("rules")? {
        let rule = one(top.file, value)?;
        match places.get(&rule.id) {
            Some(place) => {
                let before = rules[*place].line;
                let message = format!(
                    "this rule replaces the one in line {before}, which has the same id {} and is lost. Rename one.",
                    quote(&rule.id)
                );
                top.file.remark(Kind::DuplicateRule, rule.line, message);
                rules[*place] = rule;
            }
            None => {
                places.insert(rule.id.clone(), rules.len());
                rules.push(rule);
            }
        }
    }
    for rule in &rules {
        if let Some(required) = rule.required.iter().find(|required| !places.contains_key(&required.id)) {
            let problem = Problem::Required { rule: rule.id.clone(), id: required.id.clone() };
            return Err(top.file.mistake(required.line, problem));
        }
    }
    Ok(rules)
}

fn one(file: &File<'_>, value: &Spanned<DeValue<'_>>) -> Result<Rule, ConfigError> {
    let fields = Fields::open(file, &RULE, value)?;
    let Some(id) = fields.text("id")?.filter(|id| !id.value.trim().is_empty()) else {
        return Err(file.mistake(fields.line, Problem::MissingId));
    };
    let owner = format!("rule {}", quote(&id.value));
    let expression = |key| -> Result<Option<String>, ConfigError> {
        let source = fields.text(key)?;
        source.map(|source: Placed<String>| Ok(file.translate(&owner, key, &source)?.text)).transpose()
    };
    let values = |key| -> Result<Vec<String>, ConfigError> {
        Ok(fields.texts(key)?.into_iter().map(|text| text.value).collect())
    };
    Ok(Rule {
        file: file.name.clone(),
        line: id.line,
        description: fields.text("description")?.map(|text| text.value).unwrap_or_default(),
        expression: expression("regex")?,
        path: expression("path")?,
        entropy: fields.number("entropy")?,
        group: fields.count("secretGroup")?.filter(|group| *group > 0).map(|group| group as usize),
        keywords: values("keywords")?.into_iter().map(|word| word.to_lowercase()).collect(),
        tags: values("tags")?,
        allowlists: lists::of_rule(&fields, &id.value)?,
        required: fields
            .tables("required")?
            .into_iter()
            .map(|value| required(file, &id.value, value))
            .collect::<Result<_, _>>()?,
        skip_report: fields.flag("skipReport")?,
        id: id.value,
    })
}

fn required(file: &File<'_>, rule: &str, value: &Spanned<DeValue<'_>>) -> Result<Required, ConfigError> {
    let fields = Fields::open(file, &REQUIRED, value)?;
    let Some(id) = fields.text("id")? else {
        return Err(file.mistake(fields.line, Problem::Required { rule: rule.to_owned(), id: String::new() }));
    };
    Ok(Required {
        id: id.value,
        within_lines: fields.count("withinLines")?,
        within_columns: fields.count("withinColumns")?,
        line: id.line,
    })
}
