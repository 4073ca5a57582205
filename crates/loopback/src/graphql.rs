//! GraphQL: queries, checked against a part of GitHub's schema and answered from the state.
//!
//! A query that is wrong is answered by status 200 with `errors`, as GitHub does; where it is wrong by its text or its
//! variables that is a complaint too.

mod check;
mod connection;
mod lex;
mod nodes;
mod parse;
mod resolve;
mod schema;
mod value;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::{Call, Kind};
use crate::rest;
use parse::{Document, Operation, Position};

/// Something wrong with a query, in the shape that `errors` has.
#[derive(Debug)]
struct Wrong(Value);

impl Wrong {
    /// An error with a code, found before anything is answered.
    fn new(code: &str, message: impl Into<String>, at: Position) -> Self {
        Self(json!({
            "extensions": { "code": code }, "locations": [at.shown()], "message": message.into(),
        }))
    }

    fn message(&self) -> &str {
        self.0["message"].as_str().unwrap_or_default()
    }
}

/// Answers a request.
pub(crate) fn answer(call: &mut Call<'_>) -> Answer {
    if let Err(refusal) = rest::identity(call) {
        return refusal;
    }
    match read(call) {
        Ok((query, operation, variables)) => match prepared(&query, &operation, &variables) {
            Ok((operation, variables)) => Answer::json(200, &resolve::run(call, &operation, &variables)),
            Err(wrong) => {
                for wrong in &wrong {
                    call.complain(format_args!("GraphQL: {}", wrong.message()));
                }
                let errors: Vec<Value> = wrong.into_iter().map(|wrong| wrong.0).collect();
                Answer::json(200, &json!({ "errors": errors }))
            }
        },
        Err(refusal) => refusal,
    }
}

/// The parts of a request: the query, the name of the operation meant (empty where none is said), the variables.
fn read(call: &mut Call<'_>) -> Result<(String, String, Map<String, Value>), Answer> {
    if call.message.method != "POST" {
        return call.refuse("GraphQL is asked by POST", Answer::not_found());
    }
    let fields = [
        ("query", Kind::Anything, false),
        ("variables", Kind::Anything, false),
        ("operationName", Kind::TextOrNull, false),
    ];
    let body = call.body(&fields)?;
    let Some(query) = body.get("query").and_then(Value::as_str).map(str::to_owned) else {
        let refusal = Answer::refusal(400, "A query attribute must be specified and must be a string.");
        return call.refuse("no text in `query`", refusal);
    };
    let operation = body.get("operationName").and_then(Value::as_str).unwrap_or_default().to_owned();
    match body.get("variables") {
        None | Some(Value::Null) => Ok((query, operation, Map::new())),
        Some(Value::Object(variables)) => Ok((query, operation, variables.clone())),
        Some(_) => {
            let refusal = Answer::refusal(400, "Variables attribute must be a JSON object.");
            call.refuse("`variables` is no object", refusal)
        }
    }
}

/// The operation that is meant, checked, and its variables, coerced.
fn prepared(
    query: &str,
    name: &str,
    given: &Map<String, Value>,
) -> Result<(Operation, Map<String, Value>), Vec<Wrong>> {
    let document = parse::document(query).map_err(|wrong| vec![wrong])?;
    let operation = chosen(document, name).map_err(|wrong| vec![wrong])?;
    let schema = schema::schema();
    check::operation(schema, &operation)?;
    let variables = value::variables(schema, &operation, given)?;
    Ok((operation, variables))
}

fn chosen(document: Document, name: &str) -> Result<Operation, Wrong> {
    let at = Position { line: 1, column: 1 };
    let mut operations = document.operations;
    if name.is_empty() && operations.len() > 1 {
        return Err(Wrong::new("operationName", "An operation name is required", at));
    }
    let place = operations.iter().position(|operation| name.is_empty() || operation.name.as_deref() == Some(name));
    match place {
        Some(place) => Ok(operations.swap_remove(place)),
        None => Err(Wrong::new("operationName", format!("No operation named \"{name}\""), at)),
    }
}
