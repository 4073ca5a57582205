//! What a scanner finds.

use super::syntax::Name;
use super::tag::Attribute;
use super::value::{Encoding, Place, Value};

/// What a [`Scanner`](super::Scanner) finds.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// The element of this local name ends; also that of a tag like `<a/>`.
    End(&'a [u8]),
    /// A piece of the text in the innermost open element; the text may come in several.
    Text(Value<'a>),
}

/// The beginning of an element.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Begins with the tag.
    pub(super) bytes: &'a [u8],
    pub(super) name: Name,
    pub(super) attributes: &'a [Attribute],
    pub(super) encoding: Encoding,
}

impl<'a> Element<'a> {
    /// The name without its prefix.
    #[inline]
    pub fn name(&self) -> &'a [u8] {
        self.name.local(self.bytes)
    }

    /// The attributes in their order: name without prefix, and value.
    #[inline]
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&'a [u8], Value<'a>)> + use<'a> {
        let Self { bytes, encoding, .. } = *self;
        self.attributes.iter().map(move |attribute| (attribute.name.local(bytes), value(bytes, encoding, attribute)))
    }

    /// The value of the first attribute of this name without prefix.
    #[inline]
    pub fn attribute(&self, name: &str) -> Option<Value<'a>> {
        let found = self.attributes.iter().find(|attribute| attribute.name.local(self.bytes) == name.as_bytes())?;
        Some(value(self.bytes, self.encoding, found))
    }
}

#[inline]
fn value<'a>(bytes: &'a [u8], encoding: Encoding, attribute: &Attribute) -> Value<'a> {
    Value { raw: attribute.value(bytes), encoding, place: Place::Attribute }
}
