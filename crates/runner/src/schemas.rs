//! JSON Schemas of what is read and written.

use schemars::generate::SchemaSettings;
use serde_json::Value;
use tollgate_check::Tool;
use tollgate_model::{Report, Run};

/// JSON Schema (draft 2020-12) of a report.
pub fn report_schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Report>().to_value()
}

/// JSON Schema (draft 2020-12) of `run.json`.
pub fn run_schema() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Run>().to_value()
}

/// JSON Schema (draft 2020-12) of `tollgate.toml`, with the sections of `tools`.
pub fn config_schema(tools: &[&dyn Tool]) -> Value {
    let checkers: Vec<(&str, Value)> = tools.iter().map(|tool| (tool.name(), tool.schema())).collect();
    tollgate_config::schema(&checkers)
}
