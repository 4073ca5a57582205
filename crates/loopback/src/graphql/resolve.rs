//! Answers: what stands behind each field.

use serde_json::{Map, Value, json};

use super::connection::{Connection, PageInfo};
use super::parse::{Field, Operation, Selection};
use super::schema::{self, FieldDefinition};
use super::{connection, nodes, value};
use crate::call::Call;
use crate::state::{Comment, Edit, Issue, Pull, Review};

/// A thing of the state, under its type.
#[derive(Clone)]
pub(super) enum Node<'a> {
    Query,
    RateLimit,
    /// Whose token it is, by its full login.
    Viewer(&'a str),
    /// Who did something, by the full login.
    Actor(&'a str),
    /// `owner/name`
    Repository(String),
    Pull(u64, &'a Pull),
    /// The number it belongs to, and the comment.
    Comment(u64, &'a Comment),
    /// A body that a comment had, or has.
    Edit(&'a Edit),
    Review(&'a Review),
    Commit(&'a str),
    Issue(&'a Issue),
    Label(&'a str),
    Connection(&'static str, Connection<'a>),
    PageInfo(PageInfo),
}

/// What a field holds.
pub(super) enum Held<'a> {
    Plain(Value),
    One(Node<'a>),
    Many(Vec<Node<'a>>),
}

/// Why a field could not be answered.
pub(super) struct Failure {
    kind: &'static str,
    message: String,
}

impl Failure {
    pub(super) fn new(kind: &'static str, message: String) -> Self {
        Self { kind, message }
    }
}

/// A null where none may be: the thing around it becomes null.
struct Null;

struct Run<'a> {
    call: &'a Call<'a>,
    variables: &'a Map<String, Value>,
    errors: Vec<Value>,
    path: Vec<Value>,
}

/// Answers a checked operation.
pub(super) fn run(call: &Call<'_>, operation: &Operation, variables: &Map<String, Value>) -> Value {
    let mut run = Run { call, variables, errors: Vec::new(), path: Vec::new() };
    let data = run.selections(&Node::Query, &operation.selection).unwrap_or(Value::Null);
    match run.errors.as_slice() {
        [] => json!({ "data": data }),
        errors => json!({ "data": data, "errors": errors }),
    }
}

impl<'a> Run<'a> {
    fn selections(&mut self, node: &Node<'a>, selection: &[Selection]) -> Result<Value, Null> {
        let mut object = Map::new();
        self.into(node, selection, &mut object)?;
        Ok(Value::Object(object))
    }

    fn into(&mut self, node: &Node<'a>, selection: &[Selection], object: &mut Map<String, Value>) -> Result<(), Null> {
        for selected in selection {
            match selected {
                Selection::Field(field) => {
                    self.path.push(field.key().into());
                    let value = self.field(node, field);
                    self.path.pop();
                    object.insert(field.key().to_owned(), value?);
                }
                Selection::Inline { on, selection, .. } if on == nodes::type_name(node) || on == "Actor" => {
                    self.into(node, selection, object)?;
                }
                Selection::Inline { .. } => {}
            }
        }
        Ok(())
    }

    fn field(&mut self, node: &Node<'a>, field: &Field) -> Result<Value, Null> {
        if field.name == "__typename" {
            return Ok(nodes::type_name(node).into());
        }
        let definition = schema::schema().fields(nodes::type_name(node)).and_then(|fields| fields.get(&field.name));
        let required = definition.is_some_and(|definition: &FieldDefinition| definition.kind.bare().1);
        let arguments: Map<String, Value> = field
            .arguments
            .iter()
            .filter_map(|(name, literal)| Some((name.clone(), value::literal(literal, self.variables)?)))
            .collect();
        let value = match nodes::held(self.call, node, &field.name, &arguments) {
            Ok(Held::Plain(value)) => value,
            Ok(Held::One(node)) => {
                let selection = field.selection.as_deref().unwrap_or_default();
                self.selections(&node, selection).unwrap_or(Value::Null)
            }
            Ok(Held::Many(nodes)) => {
                let mut list = Vec::with_capacity(nodes.len());
                for (i, node) in nodes.iter().enumerate() {
                    self.path.push(i.into());
                    let item = self.selections(node, field.selection.as_deref().unwrap_or_default());
                    self.path.pop();
                    list.push(item.unwrap_or(Value::Null));
                }
                Value::Array(list)
            }
            Err(Failure { kind, message }) => {
                let locations = [field.at.shown()];
                self.errors
                    .push(json!({ "type": kind, "path": self.path, "locations": locations, "message": message }));
                Value::Null
            }
        };
        if required && value.is_null() { Err(Null) } else { Ok(value) }
    }
}

/// A page of `items`, as a field holds it.
pub(super) fn paged<'a>(
    call: &Call<'_>,
    kind: &'static str,
    name: &str,
    items: Vec<(u64, Node<'a>)>,
    arguments: &Map<String, Value>,
) -> Result<Held<'a>, Failure> {
    let connection = connection::page(name, items, arguments, call.setup.page)?;
    Ok(Held::One(Node::Connection(kind, connection)))
}
