//! Whether a query fits the schema, by its text alone.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Wrong;
use super::parse::{Field, Literal, Operation, Position, Selection, Type, Variable};
use super::schema::{Definition, FieldDefinition, Schema};

/// What is looked at and found on the way through a query.
struct Check<'a> {
    schema: &'a Schema,
    variables: &'a [Variable],
    used: BTreeSet<&'a str>,
    wrong: Vec<Wrong>,
}

/// Everything that is wrong with an operation.
pub(super) fn operation(schema: &Schema, operation: &Operation) -> Result<(), Vec<Wrong>> {
    let mut check = Check { schema, variables: &operation.variables, used: BTreeSet::new(), wrong: Vec::new() };
    check.selections(&operation.selection, "Query");
    for variable in &operation.variables {
        let (name, kind) = (&variable.name, variable.kind.name());
        let no_input = !SCALARS.contains(&kind) && schema.get(kind).is_none() || schema.fields(kind).is_some();
        if no_input {
            check.add(
                "variableRequiresValidType",
                format!("{kind} isn't a defined input type (on ${name})"),
                variable.at,
            );
        }
        if !check.used.contains(name.as_str()) {
            let message = format!("Variable ${name} is declared by the query but not used");
            check.add("variableNotUsed", message, variable.at);
        }
    }
    if check.wrong.is_empty() { Ok(()) } else { Err(check.wrong) }
}

const SCALARS: &[&str] = &["Int", "String", "Boolean", "ID"];

impl<'a> Check<'a> {
    fn add(&mut self, code: &str, message: String, at: Position) {
        self.wrong.push(Wrong::new(code, message, at));
    }

    fn selections(&mut self, selection: &'a [Selection], on: &str) {
        for selected in selection {
            match selected {
                Selection::Field(field) => self.field(field, on),
                Selection::Inline { on: inner, selection, at } => {
                    let below: &[&str] = match on {
                        "Actor" => &["User", "Bot"],
                        "Node" => &["IssueComment"],
                        _ => &[],
                    };
                    let fits = inner == on || below.contains(&inner.as_str());
                    if fits {
                        self.selections(selection, inner);
                    } else {
                        let message = format!("Fragment on {inner} can't be spread inside {on}");
                        self.add("cannotSpreadFragment", message, *at);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'a Field, on: &str) {
        let name = &field.name;
        if name == "__typename" {
            return;
        }
        let Some(definition) = self.schema.fields(on).and_then(|fields| fields.get(name)) else {
            self.add("undefinedField", format!("Field '{name}' doesn't exist on type '{on}'"), field.at);
            return;
        };
        self.arguments(field, definition);
        let kind = definition.kind.name();
        match (&field.selection, self.schema.fields(kind).is_some()) {
            (Some(selection), true) => self.selections(selection, kind),
            (None, true) => {
                let message = format!(
                    "Field must have selections (field '{name}' returns {kind} but has no selections. Did you mean '{name} {{ ... }}'?)"
                );
                self.add("selectionMismatch", message, field.at);
            }
            (Some(_), false) => {
                let message = format!("Selections can't be made on scalars (field '{name}' returns {kind})");
                self.add("selectionMismatch", message, field.at);
            }
            (None, false) => {}
        }
    }

    fn arguments(&mut self, field: &'a Field, definition: &FieldDefinition) {
        let name = &field.name;
        for (argument, literal) in &field.arguments {
            match definition.arguments.get(argument) {
                Some(kind) => self.literal(literal, kind, argument, name, field.at),
                None => {
                    let message = format!("Field '{name}' doesn't accept argument '{argument}'");
                    self.add("argumentNotAccepted", message, field.at);
                }
            }
        }
        let given = |wanted: &str| field.arguments.iter().any(|(argument, _)| argument == wanted);
        let missing: Vec<&str> = definition
            .arguments
            .iter()
            .filter(|(argument, kind)| kind.bare().1 && !given(argument))
            .map(|(argument, _)| argument.as_str())
            .collect();
        if !missing.is_empty() {
            let message = format!("Field '{name}' is missing required arguments: {}", missing.join(", "));
            self.add("missingRequiredArguments", message, field.at);
        }
    }

    fn literal(&mut self, literal: &'a Literal, kind: &Type, argument: &str, field: &str, at: Position) {
        match literal {
            Literal::Variable(name) => self.variable(name, kind, argument, field, at),
            literal if !self.fits(literal, kind, argument, field, at) => {
                let message =
                    format!("Argument '{argument}' on Field '{field}' has an invalid value. Expected type '{kind}'.");
                self.add("argumentLiteralsIncompatible", message, at);
            }
            _ => {}
        }
    }

    /// Whether a value that is written in the query has a type.
    fn fits(&mut self, literal: &'a Literal, kind: &Type, argument: &str, field: &str, at: Position) -> bool {
        let (bare, required) = kind.bare();
        match (literal, bare) {
            (Literal::Variable(name), _) => {
                self.variable(name, kind, argument, field, at);
                true
            }
            (Literal::Plain(Value::Null), _) => !required,
            (Literal::List(items), Type::List(inner)) => {
                items.iter().all(|item| self.fits(item, inner, argument, field, at))
            }
            // A single value stands for a list of one.
            (literal, Type::List(inner)) => self.fits(literal, inner, argument, field, at),
            (Literal::Plain(value), Type::Named(name)) => scalar(value, name),
            (Literal::Word(word), Type::Named(name)) => {
                matches!(self.schema.get(name), Some(Definition::Words(words)) if words.contains(word))
            }
            (Literal::Object(pairs), Type::Named(name)) => match self.schema.get(name) {
                Some(Definition::Input(fields)) => pairs.iter().all(|(key, value)| {
                    fields.get(key).is_some_and(|kind| self.fits(value, kind, argument, field, at))
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a variable may stand where `wanted` is.
    fn variable(&mut self, name: &str, wanted: &Type, argument: &str, field: &str, at: Position) {
        let Some(variable) = self.variables.iter().find(|variable| variable.name == name) else {
            self.add("variableNotDefined", format!("Variable ${name} is used by the query but not declared"), at);
            return;
        };
        self.used.insert(&variable.name);
        let (own, own_required) = variable.kind.bare();
        let (bare, required) = wanted.bare();
        let is_list = |kind: &Type| matches!(kind, Type::List(_));
        let problem = if own.name() != bare.name() {
            "Type mismatch"
        } else if is_list(own) && !is_list(bare) {
            "List dimension mismatch"
        } else if required && !own_required && variable.usual.is_none() || !inner_fits(own, bare) {
            "Nullability mismatch"
        } else {
            return;
        };
        let message = format!("{problem} on variable ${name} and argument {argument} ({} / {wanted})", variable.kind);
        self.add("variableMismatch", format!("{message}, field '{field}'"), at);
    }
}

/// Whether the items of one list may be those of another.
fn inner_fits(own: &Type, wanted: &Type) -> bool {
    match (own, wanted) {
        (Type::List(own), Type::List(wanted)) => own.bare().1 || !wanted.bare().1,
        _ => true,
    }
}

/// Whether a plain value has a scalar type.
pub(super) fn scalar(value: &Value, name: &str) -> bool {
    match name {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        "String" => value.is_string(),
        _ => false,
    }
}
