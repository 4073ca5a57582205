//! Values: of variables, as they are given, and of arguments, with the variables put in.

use serde_json::{Map, Value, json};

use super::Wrong;
use super::check::scalar;
use super::parse::{Literal, Operation, Type};
use super::schema::{Definition, Schema};

/// The variables of an operation, each of the type that it declares.
pub(super) fn variables(
    schema: &Schema,
    operation: &Operation,
    given: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Wrong>> {
    let mut values = Map::new();
    let mut wrong = Vec::new();
    for variable in &operation.variables {
        let value = match (given.get(&variable.name), &variable.usual) {
            (Some(value), _) => value.clone(),
            (None, Some(usual)) => literal(usual, &Map::new()).unwrap_or_default(),
            (None, None) if variable.kind.bare().1 => Value::Null,
            (None, None) => continue,
        };
        if let Err(why) = coerced(schema, &value, &variable.kind) {
            let (name, kind) = (&variable.name, &variable.kind);
            wrong.push(Wrong(json!({
                "extensions": { "value": value, "problems": [{ "path": [], "explanation": why }] },
                "locations": [variable.at.shown()],
                "message": format!("Variable ${name} of type {kind} was provided invalid value"),
            })));
        }
        values.insert(variable.name.clone(), value);
    }
    if wrong.is_empty() { Ok(values) } else { Err(wrong) }
}

/// Whether a value from outside has a type; why not.
fn coerced(schema: &Schema, value: &Value, kind: &Type) -> Result<(), String> {
    let (bare, required) = kind.bare();
    if value.is_null() {
        return if required { Err("Expected value to not be null".to_owned()) } else { Ok(()) };
    }
    let name = match (bare, value) {
        (Type::List(inner), Value::Array(items)) => {
            return items.iter().try_for_each(|item| coerced(schema, item, inner));
        }
        (Type::List(inner), value) => return coerced(schema, value, inner),
        _ => bare.name(),
    };
    match schema.get(name) {
        Some(Definition::Words(words)) => match value.as_str() {
            Some(word) if words.iter().any(|own| own == word) => Ok(()),
            _ => Err(format!("Expected {value} to be one of: {}", words.join(", "))),
        },
        Some(Definition::Input(fields)) => {
            let Value::Object(pairs) = value else { return Err(format!("Could not coerce value {value} to {name}")) };
            pairs.iter().try_for_each(|(key, value)| match fields.get(key) {
                Some(kind) => coerced(schema, value, kind),
                None => Err(format!("Field is not defined on {name}: {key}")),
            })
        }
        _ if scalar(value, name) => Ok(()),
        _ => Err(format!("Could not coerce value {value} to {name}")),
    }
}

/// The value of a literal; `None` for a variable that was not given.
pub(super) fn literal(literal_: &Literal, variables: &Map<String, Value>) -> Option<Value> {
    match literal_ {
        Literal::Variable(name) => variables.get(name).cloned(),
        Literal::Plain(value) => Some(value.clone()),
        Literal::Word(word) => Some(Value::String(word.clone())),
        Literal::List(items) => Some(items.iter().map(|item| literal(item, variables).unwrap_or_default()).collect()),
        Literal::Object(pairs) => {
            let pairs = pairs.iter().filter_map(|(key, value)| Some((key.clone(), literal(value, variables)?)));
            Some(Value::Object(pairs.collect()))
        }
    }
}

/// The texts of a list; one text stands for a list of one.
pub(super) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
