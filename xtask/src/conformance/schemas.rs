//! Our own JSON schemas: they are schemas, and what we write fits them.

use anyhow::{Context as _, Result, anyhow, bail};
use jsonschema::Validator;
use serde_json::Value;

use crate::conformance::Tally;
use crate::conformance::runs::Runs;
use crate::workspace::Workspace;

/// How many errors are shown.
const MOST_SHOWN: usize = 5;

pub(super) fn check(workspace: &Workspace, runs: &Runs, tally: &mut Tally) -> Result<()> {
    let [report, run, config] = ["report", "run", "config"].map(|what| {
        let schema = runs.schema(what);
        let outcome = schema.as_ref().map_err(|error| anyhow!("{error:#}")).and_then(meta);
        tally.note(format!("tollgate schema {what} is a JSON schema"), outcome);
        schema.and_then(|schema| validator(&schema))
    });
    let (report, run, config) = (report?, run?, config?);
    for check in &runs.checks {
        tally.note(format!("run.json of {} fits `schema run`", check.name), one(&run, &check.run));
        let reports = check.run.get("reports").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        tally.note(format!("each report of {} fits `schema report`", check.name), each(&report, reports));
    }
    let text = workspace.read("examples/shop/tollgate.toml")?;
    let table: toml::Table = text.parse().context("examples/shop/tollgate.toml")?;
    let mut shop = json(toml::Value::Table(table));
    tally.note("examples/shop/tollgate.toml fits `schema config`", one(&config, &shop));
    if let Some(fields) = shop.as_object_mut() {
        fields.insert("gatez".to_owned(), Value::Object(serde_json::Map::new()));
    }
    tally.note(
        "`schema config` refuses an unknown key",
        match judge(&config, &shop) {
            Err(error) => Ok(format!("{error:#}")),
            Ok(()) => Err(anyhow!("[gatez] was taken")),
        },
    );
    Ok(())
}

/// Whether a schema is one, by the meta-schema it names.
fn meta(schema: &Value) -> Result<String> {
    let draft = schema.get("$schema").and_then(Value::as_str).context("it does not say which draft it follows")?;
    jsonschema::meta::validate(schema).map_err(|error| anyhow!("{error} at {}", error.instance_path()))?;
    Ok(format!("valid by {draft}"))
}

/// A schema ready to judge; formats count.
pub(super) fn validator(schema: &Value) -> Result<Validator> {
    jsonschema::options().should_validate_formats(true).build(schema).map_err(|error| anyhow!("{error}"))
}

/// Every way in which `value` does not fit, the first few spelt out.
pub(super) fn judge(validator: &Validator, value: &Value) -> Result<()> {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {:?}", clip(&error.to_string()), error.instance_path().as_str()))
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    let more = errors.len().saturating_sub(MOST_SHOWN);
    let shown = errors.iter().take(MOST_SHOWN).map(String::as_str).collect::<Vec<_>>().join("; ");
    bail!("{shown}{}", if more > 0 { format!("; and {more} more") } else { String::new() })
}

/// Messages quote the value, which may be large.
fn clip(message: &str) -> String {
    const MOST: usize = 200;
    match message.char_indices().nth(MOST) {
        None => message.to_owned(),
        Some((end, _)) => format!("{}…", &message[..end]),
    }
}

fn one(validator: &Validator, value: &Value) -> Result<String> {
    judge(validator, value)?;
    Ok("valid".to_owned())
}

fn each(validator: &Validator, values: &[Value]) -> Result<String> {
    if values.is_empty() {
        bail!("there is none");
    }
    values.iter().try_for_each(|value| judge(validator, value))?;
    Ok(format!("{} valid", values.len()))
}

/// TOML as JSON; dates become strings.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json as value;

    use super::*;

    #[test]
    fn what_does_not_fit_is_listed_with_its_place() {
        let schema = value!({ "items": { "type": "string", "format": "uri" } });
        let validator = validator(&schema).unwrap();
        assert!(judge(&validator, &value!(["https://x/"])).is_ok());
        assert!(judge(&validator, &value!(["no uri"])).is_err(), "formats count");
        let message = judge(&validator, &value!(["https://x/", 1, 2, 3, 4, 5, 6])).unwrap_err().to_string();
        assert!(message.contains("\"/1\"") && message.ends_with("; and 1 more"), "{message}");
    }

    #[test]
    fn a_schema_is_judged_by_its_own_draft() {
        let draft = "https://json-schema.org/draft/2020-12/schema";
        assert!(meta(&value!({ "$schema": draft, "type": "object" })).is_ok());
        assert!(meta(&value!({ "$schema": draft, "type": 1 })).is_err());
        assert!(meta(&value!({ "type": "object" })).is_err());
    }

    #[test]
    fn none_is_no_proof() {
        let anything = validator(&value!({})).unwrap();
        assert!(each(&anything, &[]).is_err());
        assert_eq!(each(&anything, &[value!(1)]).unwrap(), "1 valid");
    }

    #[test]
    fn toml_becomes_json() {
        let table: toml::Table = "a = 1\nb = [true, 1.5]\nc = 2027-01-15\n[d]\ne = \"x\"\n".parse().unwrap();
        let expected = value!({ "a": 1, "b": [true, 1.5], "c": "2027-01-15", "d": { "e": "x" } });
        assert_eq!(json(toml::Value::Table(table)), expected);
    }
}
