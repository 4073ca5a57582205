//! Answers of GraphQL: `data`, or `errors` with status 200.

use serde_json::Value;

use crate::ForgeError;
use crate::error::clean;

/// What is under `data`, where the query was answered without an error.
pub(crate) fn data(what: &str, body: Option<Value>) -> Result<Value, ForgeError> {
    let body = body.ok_or_else(|| ForgeError::answer(what, "no JSON"))?;
    if let Some(error) = body["errors"].as_array().and_then(|errors| errors.first()) {
        return Err(refused(what, error));
    }
    match body.get("data") {
        None | Some(Value::Null) => Err(ForgeError::answer(what, "it holds no data")),
        Some(data) => Ok(data.clone()),
    }
}

fn refused(what: &str, error: &Value) -> ForgeError {
    let what = what.to_owned();
    let message = clean(error["message"].as_str().unwrap_or("no explanation"));
    match error["type"].as_str() {
        Some("NOT_FOUND") => ForgeError::NotFound { what, message },
        Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => ForgeError::NotAllowed { what, status: 200, message, needs: None },
        _ => {
            let unknown_field = error["extensions"]["code"] == "undefinedField";
            ForgeError::Query { what, message, unknown_field }
        }
    }
}

/// The text at `pointer`.
pub(crate) fn text<'a>(what: &str, value: &'a Value, pointer: &str) -> Result<&'a str, ForgeError> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.ok_or_else(|| ForgeError::answer(what, format!("no text at {pointer}")))
}

/// The nodes of the connection at `pointer`, and the cursor to go on from where there are more.
pub(crate) fn page<'a>(
    what: &str,
    value: &'a Value,
    pointer: &str,
) -> Result<(&'a [Value], Option<String>), ForgeError> {
    let connection = value.pointer(pointer).unwrap_or(&Value::Null);
    let nodes = connection["nodes"].as_array();
    let nodes = nodes.ok_or_else(|| ForgeError::answer(what, format!("no list at {pointer}/nodes")))?;
    let info = &connection["pageInfo"];
    let next = if info["hasNextPage"] == true { Some(text(what, info, "/endCursor")?.to_owned()) } else { None };
    Ok((nodes, next))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_keep_their_meaning() {
        let of = |error: Value| data("x", Some(json!({"data": {"a": 1}, "errors": [error]}))).unwrap_err();
        assert!(matches!(of(json!({"type": "NOT_FOUND", "message": "m"})), ForgeError::NotFound { .. }));
        assert!(of(json!({"type": "FORBIDDEN", "message": "m"})).is_settings());
        let unknown = json!({"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}});
        assert!(matches!(of(unknown), ForgeError::Query { unknown_field: true, .. }));
        assert!(matches!(of(json!({"message": 1})), ForgeError::Query { unknown_field: false, .. }));
        for body in [json!({"data": null}), json!([]), json!(1), json!("x"), json!({"errors": 1})] {
            assert!(data("x", Some(body)).is_err());
        }
        assert!(data("x", None).is_err());
    }

    #[test]
    fn a_page_says_where_the_next_begins() {
        let last = json!({"c": {"nodes": [1], "pageInfo": {"hasNextPage": false, "endCursor": "z"}}});
        assert_eq!(page("x", &last, "/c").unwrap(), ([json!(1)].as_slice(), None));
        let more = json!({"c": {"nodes": [], "pageInfo": {"hasNextPage": true, "endCursor": "z"}}});
        assert_eq!(page("x", &more, "/c").unwrap().1.as_deref(), Some("z"));
        assert!(page("x", &json!({"c": null}), "/c").is_err());
    }
}
