//! Requests and answers, judged by GitHub's OpenAPI description (3.0).

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Map, Value, json};
use tollgate_loopback::Request;

use crate::conformance::schemas::{judge, validator};

/// GitHub's description of its REST interface.
pub(super) struct Description {
    document: Value,
}

/// What stands before the paths of an Enterprise Server.
const ENTERPRISE: &str = "/api/v3";

impl Description {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let document = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self { document })
    }

    /// Whether a request is one that is described, its query and body fit, and so does its answer unless it is an error.
    pub(super) fn judge(&self, request: &Request) -> Result<()> {
        let path = request.path.strip_prefix(ENTERPRISE).unwrap_or(&request.path);
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (template, item) = self.item(path).with_context(|| "no such path is described")?;
        let method = request.method.to_lowercase();
        let operation = item.get(&method).with_context(|| format!("{template} has no {method}"))?;
        self.query(operation, query)?;
        self.body(operation, request).context("its body")?;
        match request.status {
            Some(status @ 200..=299) => self.answer(operation, status, &request.answer).context("its answer"),
            _ => Ok(()),
        }
    }

    /// The path's template and what is described there; of several that fit, the one with the fewest parameters.
    fn item(&self, path: &str) -> Option<(&str, &Value)> {
        let paths = self.document.get("paths")?.as_object()?;
        let fitting = paths.iter().filter(|(template, _)| fits(template, path));
        let item = fitting.min_by_key(|(template, _)| template.matches('{').count());
        item.map(|(template, item)| (template.as_str(), item))
    }

    fn query(&self, operation: &Value, query: &str) -> Result<()> {
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let parameters: Vec<&Value> = parameters.iter().map(|parameter| self.followed(parameter)).collect();
        for (name, value) in query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')) {
            let known = parameters.iter().find(|one| one["in"] == "query" && one["name"] == name);
            let schema = &known.with_context(|| format!("the query `{name}` is not described"))?["schema"];
            let value = match schema["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().with_context(|| format!("{name}={value}"))?),
                _ => json!(value.replace("%2C", ",").replace("%3A", ":")),
            };
            judge(&validator(&self.inlined(schema, &mut Vec::new()))?, &value)
                .with_context(|| format!("query {name}"))?;
        }
        Ok(())
    }

    fn body(&self, operation: &Value, request: &Request) -> Result<()> {
        let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") else {
            return if request.body.is_empty() { Ok(()) } else { Err(anyhow!("none is described")) };
        };
        if request.body.is_empty() && operation.pointer("/requestBody/required") != Some(&Value::Bool(true)) {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(&request.body)?;
        let mut schema = self.inlined(schema, &mut Vec::new());
        // GitHub ignores what it does not know; we mean every field that we send.
        if let Some(fields) = schema.as_object_mut()
            && fields.contains_key("properties")
        {
            fields.entry("additionalProperties").or_insert(Value::Bool(false));
        }
        judge(&validator(&schema)?, &value)
    }

    fn answer(&self, operation: &Value, status: u16, answer: &[u8]) -> Result<()> {
        let responses = &operation["responses"];
        let response = responses.get(status.to_string()).with_context(|| format!("{status} is not described"))?;
        let Some(schema) = self.followed(response).pointer("/content/application~1json/schema") else {
            return if answer.is_empty() { Ok(()) } else { Err(anyhow!("{status} has none")) };
        };
        let value: Value = serde_json::from_slice(answer).context("not JSON")?;
        judge(&validator(&self.inlined(schema, &mut Vec::new()))?, &value)
    }

    /// What a reference means.
    fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"].as_str().and_then(|name| self.document.pointer(name.trim_start_matches('#')));
        target.unwrap_or(value)
    }

    /// A schema of OpenAPI 3.0 as a JSON schema, with everything that it refers to in it; what contains itself ends there.
    fn inlined<'a>(&'a self, schema: &'a Value, above: &mut Vec<&'a str>) -> Value {
        match schema {
            Value::Object(fields) => {
                if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                    if above.contains(&name) {
                        return Value::Bool(true);
                    }
                    above.push(name);
                    let inlined = self.inlined(self.followed(schema), above);
                    above.pop();
                    return inlined;
                }
                let kept =
                    fields.iter().filter(|(key, _)| !matches!(key.as_str(), "example" | "examples" | "nullable"));
                let object: Map<String, Value> =
                    kept.map(|(key, value)| (key.clone(), self.inlined(value, above))).collect();
                match fields.get("nullable") {
                    Some(Value::Bool(true)) => json!({ "anyOf": [{ "type": "null" }, object] }),
                    _ => Value::Object(object),
                }
            }
            Value::Array(items) => items.iter().map(|item| self.inlined(item, above)).collect(),
            other => other.clone(),
        }
    }
}

/// Whether a path is one of a template such as `/repos/{owner}/{repo}`.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let part = |(wanted, part): (&&str, &&str)| match wanted.starts_with('{') {
        true => !part.is_empty(),
        false => wanted == part,
    };
    template.len() == path.len() && template.iter().zip(&path).all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        let body =
            json!({"type": "object", "properties": {"n": {"type": "integer", "nullable": true}}, "required": ["n"]});
        let tree = json!({"type": "object", "properties": {"child": {"$ref": "#/components/schemas/tree"}}});
        let operation = json!({
            "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/tree"}}}}},
        });
        let paths = json!({"/a/{b}": {"post": operation}, "/a/x": {"get": {"responses": {"204": {}}}}});
        Description { document: json!({"paths": paths, "components": {"schemas": {"tree": tree}}}) }
    }

    #[test]
    fn requests_and_answers_are_judged() {
        for (method, path, body, answer, good) in [
            ("POST", "/a/b?page=2", r#"{"n": null}"#, r#"{"child": {"child": 1}}"#, true),
            ("POST", "/a/b?page=x", r#"{"n": null}"#, "{}", false),
            ("POST", "/a/b?pages=2", r#"{"n": null}"#, "{}", false),
            ("POST", "/a/b", r#"{"n": "1"}"#, "{}", false),
            ("POST", "/a/b", r#"{"n": 1, "m": 1}"#, "{}", false),
            ("POST", "/a/b", "", "{}", false),
            ("POST", "/a/b", r#"{"n": 1}"#, r#"{"child": 1}"#, true),
            ("POST", "/a/b", r#"{"n": 1}"#, "[]", false),
            ("POST", "/a/b/c", r#"{"n": 1}"#, "{}", false),
            ("PUT", "/a/b", r#"{"n": 1}"#, "{}", false),
        ] {
            let request = Request {
                method: method.to_owned(),
                path: path.to_owned(),
                status: Some(201),
                body: body.as_bytes().to_vec(),
                answer: answer.as_bytes().to_vec(),
            };
            assert_eq!(description().judge(&request).is_ok(), good, "{method} {path} {body} {answer}");
        }
    }

    #[test]
    fn the_plainer_template_is_meant() {
        let description = description();
        assert_eq!(description.item("/a/x").map(|(template, _)| template), Some("/a/x"));
        assert_eq!(description.item("/a/y").map(|(template, _)| template), Some("/a/{b}"));
        assert!(description.item("/a/").is_none());
    }
}
