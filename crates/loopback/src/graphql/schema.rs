//! The part of the schema that is known: `schema.graphql`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Wrong;
use super::parse::{Reader, Token, Type};

/// Types by name.
#[derive(Default)]
pub(super) struct Schema(BTreeMap<String, Definition>);

pub(super) enum Definition {
    /// An object or an interface: its fields.
    Object(BTreeMap<String, FieldDefinition>),
    /// What an argument may consist of.
    Input(BTreeMap<String, Type>),
    /// Words.
    Words(Vec<String>),
}

pub(super) struct FieldDefinition {
    pub(super) arguments: BTreeMap<String, Type>,
    pub(super) kind: Type,
}

/// The schema. One that cannot be read knows no type; a test sees to that.
pub(super) fn schema() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| read(include_str!("schema.graphql")).unwrap_or_default());
    &SCHEMA
}

impl Schema {
    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        self.0.get(name)
    }

    /// The fields of an object or an interface; `None` for scalars and words.
    pub(super) fn fields(&self, name: &str) -> Option<&BTreeMap<String, FieldDefinition>> {
        match self.0.get(name) {
            Some(Definition::Object(fields)) => Some(fields),
            _ => None,
        }
    }
}

fn read(text: &str) -> Result<Schema, Wrong> {
    let mut reader = Reader::new(text)?;
    let mut types = BTreeMap::new();
    while *reader.peek() != Token::End {
        let kind = reader.name()?;
        let name = reader.name()?;
        reader.sign('{')?;
        let definition = match kind.as_str() {
            "type" | "interface" => Definition::Object(reader.many('}', field)?.into_iter().collect()),
            "input" => Definition::Input(reader.many('}', argument)?.into_iter().collect()),
            "enum" => Definition::Words(reader.many('}', Reader::name)?),
            _ => return Err(reader.unexpected("a definition")),
        };
        types.insert(name, definition);
    }
    Ok(Schema(types))
}

fn field(reader: &mut Reader) -> Result<(String, FieldDefinition), Wrong> {
    let name = reader.name()?;
    let arguments = if reader.takes('(') { reader.many(')', argument)? } else { Vec::new() };
    reader.sign(':')?;
    Ok((name, FieldDefinition { arguments: arguments.into_iter().collect(), kind: reader.kind()? }))
}

fn argument(reader: &mut Reader) -> Result<(String, Type), Wrong> {
    let name = reader.name()?;
    reader.sign(':')?;
    Ok((name, reader.kind()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_whole() {
        let schema = read(include_str!("schema.graphql")).unwrap();
        let scalars = ["Boolean", "Int", "String", "ID", "URI", "DateTime", "BigInt", "GitObjectID"];
        let known = |kind: &Type| schema.get(kind.name()).is_some() || scalars.contains(&kind.name());
        let mut fields = 0;
        for (name, definition) in &schema.0 {
            match definition {
                Definition::Object(all) => {
                    for (field, definition) in all {
                        let arguments = definition.arguments.values().all(known);
                        assert!(known(&definition.kind) && arguments, "{name}.{field}");
                        fields += 1;
                    }
                }
                Definition::Input(all) => assert!(all.values().all(known), "{name}"),
                Definition::Words(words) => assert!(words.len() > 1, "{name}"),
            }
        }
        assert!(fields > 80, "{fields}");
        assert_eq!(schema.fields("PullRequest").unwrap()["comments"].kind.to_string(), "IssueCommentConnection!");
    }
}
