//! What may stand at a place of a workflow, as data.

use tollgate_input::Node;

use super::contexts::Contexts;

/// What may stand at a place: scalars of some types, a list, a mapping.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// What expressions may name here, besides what they may name around this place.
    pub(super) contexts: Contexts,
    /// The scalars.
    pub(super) scalar: Scalar,
    /// Whether a text is an expression even without `${{ }}`.
    pub(super) condition: bool,
    /// The items of a list.
    pub(super) list: Option<&'static Self>,
    /// The entries of a mapping.
    pub(super) map: Map,
    /// Whether GitHub overlooks what does not fit here.
    pub(super) lenient: bool,
}

/// Which scalars may stand at a place. Where a text may stand, so may everything that can be written as one.
#[derive(Clone, Copy)]
pub(super) enum Scalar {
    /// None.
    No,
    /// Nothing but an empty value.
    Null,
    /// True or false.
    Bool,
    /// An empty value, true or false.
    NullOrBool,
    /// A number.
    Number,
    /// A text, the empty one included.
    Text,
    /// A text that is not empty.
    Filled,
    /// One of these texts.
    Words(&'static [&'static str]),
}

/// Which mapping may stand at a place.
#[derive(Clone, Copy)]
pub(super) enum Map {
    /// None.
    No,
    /// Names of any kind, each with such a value.
    Free(&'static Shape),
    /// Known keys.
    Keys(&'static Keys),
    /// Known keys, which depend on what the mapping holds.
    Choice(fn(&Node) -> Choice),
}

/// The keys of a mapping.
pub(super) struct Keys {
    /// What the mapping is, with an article.
    pub(super) what: &'static str,
    /// The known keys.
    pub(super) fields: &'static [&'static [Field]],
    /// What happens to others.
    pub(super) others: Others,
}

/// What happens to keys that are not known.
#[derive(Clone, Copy)]
pub(super) enum Others {
    /// GitHub refuses the file.
    Refused,
    /// The list of keys grows over time: only what resembles a known one, or stands in this list, is refused for sure.
    RefusedIfLike(&'static [&'static str]),
    /// They may stand there, with such values.
    Passed(&'static Shape),
}

/// A key that is known.
pub(super) struct Field {
    /// The key.
    pub(super) name: &'static str,
    /// Its value.
    pub(super) shape: &'static Shape,
    /// Whether it must be there.
    pub(super) required: bool,
}

/// The keys of a mapping that depend on what it holds.
pub(super) struct Choice {
    /// The keys.
    pub(super) keys: &'static Keys,
    /// What is wrong when no choice can be made.
    pub(super) mistake: Option<&'static str>,
}

impl Shape {
    /// A scalar.
    pub(super) const fn scalar(scalar: Scalar) -> Self {
        Self { contexts: Contexts::NONE, scalar, condition: false, list: None, map: Map::No, lenient: false }
    }

    /// A list.
    pub(super) const fn list(item: &'static Self) -> Self {
        Self::scalar(Scalar::No).or_list(item)
    }

    /// A mapping with known keys.
    pub(super) const fn keys(keys: &'static Keys) -> Self {
        Self::scalar(Scalar::No).or_map(Map::Keys(keys))
    }

    /// A mapping of any names.
    pub(super) const fn free(value: &'static Self) -> Self {
        Self::scalar(Scalar::No).or_map(Map::Free(value))
    }

    /// An expression without `${{ }}`.
    pub(super) const fn condition(contexts: Contexts) -> Self {
        Self { condition: true, ..Self::scalar(Scalar::Text).with(contexts) }
    }

    /// The same, or a list.
    pub(super) const fn or_list(self, item: &'static Self) -> Self {
        Self { list: Some(item), ..self }
    }

    /// The same, or a mapping.
    pub(super) const fn or_map(self, map: Map) -> Self {
        Self { map, ..self }
    }

    /// The same, where expressions may name these contexts.
    pub(super) const fn with(self, contexts: Contexts) -> Self {
        Self { contexts: self.contexts.and(contexts), ..self }
    }

    /// The same, where GitHub overlooks what does not fit.
    pub(super) const fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// What may stand here, as a message says it.
    pub(super) fn wanted(&self) -> String {
        let scalar = match self.scalar {
            Scalar::No | Scalar::Null => None,
            Scalar::Bool | Scalar::NullOrBool => Some("true or false without quotes".to_owned()),
            Scalar::Number => Some("a number without quotes".to_owned()),
            Scalar::Text => Some("a text".to_owned()),
            Scalar::Filled => Some("a text that is not empty".to_owned()),
            Scalar::Words([word]) => Some(format!("`{word}`")),
            Scalar::Words(words) => Some(format!("one of {}", words.join(", "))),
        };
        let list = self.list.map(|_| "a list".to_owned());
        let map = (!matches!(self.map, Map::No)).then(|| "a mapping".to_owned());
        scalar.into_iter().chain(list).chain(map).collect::<Vec<_>>().join(", or ")
    }
}

impl Keys {
    /// Keys of which GitHub refuses all others.
    pub(super) const fn strict(what: &'static str, fields: &'static [&'static [Field]]) -> Self {
        Self { what, fields, others: Others::Refused }
    }

    /// All known keys.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().flat_map(|fields| fields.iter())
    }
}

/// A key that may be there.
pub(super) const fn field(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, shape, required: false }
}

/// A key that must be there.
pub(super) const fn required(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, shape, required: true }
}

/// Anything.
pub(super) static ANY: Shape = Shape::scalar(Scalar::Text).or_list(&ANY).or_map(Map::Free(&ANY));
/// A text.
pub(super) static TEXT: Shape = Shape::scalar(Scalar::Text);
/// A text that is not empty.
pub(super) static FILLED: Shape = Shape::scalar(Scalar::Filled);
/// True or false.
pub(super) static BOOL: Shape = Shape::scalar(Scalar::Bool);
/// A number.
pub(super) static NUMBER: Shape = Shape::scalar(Scalar::Number);
/// One text that is not empty, or several.
pub(super) static FILLED_OR_LIST: Shape = FILLED_ONES.or_list(&FILLED);
/// Several texts that are not empty.
pub(super) static FILLED_LIST: Shape = Shape::list(&FILLED);

const FILLED_ONES: Shape = Shape::scalar(Scalar::Filled);
