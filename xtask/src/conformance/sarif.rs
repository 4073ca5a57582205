//! Our SARIF against the OASIS schema of SARIF 2.1.0.

use std::fs;

use anyhow::{Context as _, Result, bail};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::conformance::packages::Packages;
use crate::conformance::runs::Runs;
use crate::conformance::schemas::judge;
use crate::conformance::{Tally, schemas};

const TITLE: &str = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema";
const ID_END: &str = "oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json";

pub(super) fn check(packages: &Packages, runs: &Runs, tally: &mut Tally) -> Result<()> {
    let text =
        fs::read_to_string(&packages.sarif_schema).with_context(|| packages.sarif_schema.display().to_string())?;
    let schema: Value = serde_json::from_str(&text).context("the SARIF schema")?;
    tally.note("the OASIS schema of SARIF 2.1.0", identify(&schema));
    let validator = schemas::validator(&schema)?;
    tally.note("a log without runs is refused", refuses(&validator));
    for check in &runs.checks {
        tally.note(format!("report.sarif of {}", check.name), verify(&validator, &check.sarif));
    }
    if let Some(hostile) = runs.checks.iter().find(|check| check.name == "hostile") {
        tally.note(
            "hostile names reach report.sarif",
            match results(&hostile.sarif) {
                0 => Err(anyhow::anyhow!("no result: nothing hostile was written")),
                n => Ok(format!("{n} results")),
            },
        );
    }
    for (name, sarif) in &runs.fixtures {
        let outcome = match sarif {
            Ok(sarif) => verify(&validator, sarif),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        tally.note(format!("--format sarif of fixtures/{name}"), outcome);
    }
    Ok(())
}

/// Whether this is the schema it should be.
fn identify(schema: &Value) -> Result<String> {
    let field = |name: &str| schema.get(name).and_then(Value::as_str).unwrap_or_default();
    let (title, id) = (field("title"), field("$id"));
    if title != TITLE || !id.ends_with(ID_END) {
        bail!("title {title:?}, $id {id:?}: not the schema of SARIF 2.1.0");
    }
    Ok(format!("its $id ends with {ID_END}"))
}

fn refuses(validator: &Validator) -> Result<String> {
    match judge(validator, &json!({ "version": "2.1.0" })) {
        Err(error) => Ok(format!("{error:#}")),
        Ok(()) => bail!("the schema takes anything"),
    }
}

fn verify(validator: &Validator, sarif: &Value) -> Result<String> {
    judge(validator, sarif)?;
    let runs = sarif.get("runs").and_then(Value::as_array).map_or(0, Vec::len);
    if runs == 0 {
        bail!("no run in it");
    }
    Ok(format!("valid, {runs} runs, {} results", results(sarif)))
}

/// How many results all runs have.
fn results(sarif: &Value) -> usize {
    let runs = sarif.get("runs").and_then(Value::as_array).into_iter().flatten();
    runs.filter_map(|run| run.get("results")?.as_array()).map(Vec::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_runs_are_counted() {
        let sarif = json!({ "runs": [{ "results": [1, 2] }, {}, { "results": [3] }] });
        assert_eq!(results(&sarif), 3);
        assert_eq!(results(&json!({})), 0);
    }

    #[test]
    fn another_schema_is_not_taken() {
        assert!(identify(&json!({ "title": TITLE, "$id": format!("https://x/{ID_END}") })).is_ok());
        assert!(identify(&json!({ "title": TITLE, "$id": "https://x/sarif-2.1.0-rtm.5.json" })).is_err());
        assert!(identify(&json!({})).is_err());
    }

    #[test]
    fn a_log_without_run_is_no_proof() {
        let anything = schemas::validator(&json!({})).unwrap();
        assert!(verify(&anything, &json!({ "runs": [] })).is_err());
        assert!(verify(&anything, &json!({ "runs": [{}] })).is_ok());
        assert!(refuses(&anything).is_err());
    }
}
