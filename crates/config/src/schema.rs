//! JSON Schema of the file, for editors.

use serde_json::{Map, Value, json};

use tollgate_model::Severity;
use tollgate_policy::Incidents;

use crate::keys::{
    ADOPT_KEYS, CHECK_KEYS, GATE_KEYS, INCIDENT_KEYS, Key, Kind, SECTION_KEYS, SERVICE_KEYS, SOURCE_KEYS,
};

/// JSON Schema (draft 2020-12) of `tollgate.toml`, where `checkers` are names with the schemas of their options.
pub fn schema(checkers: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let gates = json!({
        "type": "object",
        "description": "What must hold, by gate.",
        "additionalProperties": table("One gate.", GATE_KEYS),
    });
    properties.insert("gates".to_owned(), gates);
    properties.insert("adopt".to_owned(), table("How gates are introduced.", ADOPT_KEYS));
    let one = |severity: &Severity| (severity.word().to_owned(), table("Findings of one severity.", INCIDENT_KEYS));
    let incidents: Map<String, Value> = Severity::ALL.iter().map(one).collect();
    properties.insert(
        "incidents".to_owned(),
        json!({
            "type": "object",
            "description": "By when findings must be gone, by severity.",
            "additionalProperties": false,
            "properties": incidents,
        }),
    );
    properties.insert("check".to_owned(), table("How checkers are run.", CHECK_KEYS));
    let mut service = table("The program under test, for every checker that asks it.", SERVICE_KEYS);
    service["required"] = json!(["url"]);
    properties.insert("service".to_owned(), service);
    let mut source = table("Reports of a tool that is not ours.", SOURCE_KEYS);
    source["required"] = json!(["name", "files"]);
    properties.insert("sources".to_owned(), json!({"type": "array", "items": source}));
    for (name, options) in checkers {
        let one = section(options);
        let many = json!({"type": "array", "items": one, "minItems": 1});
        properties.insert((*name).to_owned(), json!({"oneOf": [one, many]}));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tollgate.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn section(options: &Value) -> Value {
    let mut section = table("", SECTION_KEYS);
    section["description"] = options["description"].clone();
    if let (Some(all), Some(own)) = (section["properties"].as_object_mut(), options["properties"].as_object()) {
        all.extend(own.clone());
    }
    if section["description"].is_null() {
        section.as_object_mut().map(|s| s.remove("description"));
    }
    section
}

fn table(about: &str, keys: &[Key]) -> Value {
    let property = |key: &Key| {
        let mut schema = kind(key.kind);
        schema["description"] = key.about.into();
        (key.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = keys.iter().map(property).collect();
    json!({"type": "object", "description": about, "additionalProperties": false, "properties": properties})
}

fn kind(kind: Kind) -> Value {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    match kind {
        Kind::Conditions => json!({"type": "array", "items": {"oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "additionalProperties": false,
                "required": ["if"],
                "properties": {"if": {"type": "string"}, "when": strings(), "on": strings()},
            },
        ]}}),
        Kind::Strings => strings(),
        Kind::OneOrMore => json!({"oneOf": [{"type": "string"}, strings()]}),
        Kind::String => json!({"type": "string"}),
        Kind::Texts => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Body => json!({"type": ["string", "object"]}),
        Kind::Table(keys) => table("", keys),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Age => json!({"type": "string", "pattern": "^[0-9]+([.][0-9]+)? ?(h|days?)$"}),
        Kind::Percent => json!({"type": "string", "pattern": "^[0-9]+([.][0-9]+)? ?%$"}),
        Kind::Duration => json!({"type": "string", "pattern": "^[0-9]+([.][0-9]+)? ?(us|ms|s|min|h|days?)$"}),
        Kind::Choice(words) => json!({"enum": words}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Number => json!({"type": "integer", "minimum": 1, "maximum": 1024}),
        Kind::Count => json!({"type": "integer", "minimum": 1}),
        Kind::Days => json!({"type": "integer", "minimum": 0, "maximum": Incidents::LONGEST_DAYS}),
    }
}
