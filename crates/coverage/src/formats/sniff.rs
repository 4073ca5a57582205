//! The beginning of a report, looked at once for every format.

use std::io::Cursor;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::xml::{Event, Scanner};
use tollgate_input::{InputError, Source, Window};

/// How many elements are looked at.
const MOST_ELEMENTS: usize = 64;

/// How many keys are looked at, and how deep.
const MOST_KEYS: usize = 256;
const DEPTH: usize = 5;

/// What the beginning of a report shows.
#[derive(Debug, Default)]
pub(crate) struct Sniff<'a> {
    /// The first bytes.
    pub(crate) head: &'a [u8],
    /// Of XML: its first elements, in order.
    elements: Vec<Element>,
    /// Of JSON: keys with how deep they lie (1 for the keys of the outermost object, arrays count as well), in order.
    keys: Vec<(usize, String)>,
    broken: Option<String>,
}

/// An element that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, without prefix.
    pub(crate) name: String,
    /// Names and values of its attributes.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Element {
    /// Whether it has an attribute called `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(attribute, _)| attribute == name)
    }
}

impl<'a> Sniff<'a> {
    /// Looks at `head`, which may end anywhere.
    pub(crate) fn new(head: &'a [u8]) -> Self {
        let mut sniff = Self { head, ..Self::default() };
        // Where the beginning ends, or makes no sense, what was seen before may be enough: the reader says the rest.
        let seen = match head.trim_ascii_start().first() {
            Some(b'<') => sniff.elements(),
            Some(b'{' | b'[') => sniff.keys(),
            _ => Ok(()),
        };
        sniff.broken = match seen {
            Err(InputError::Malformed { line: Some(line), message, .. }) => Some(format!("line {line}: {message}")),
            _ => None,
        };
        sniff
    }

    /// Why nothing was seen of what follows, with its line; the end of what is looked at is a reason too.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Of XML: its first element.
    pub(crate) fn root(&self) -> Option<&Element> {
        self.elements.first()
    }

    /// Of XML: its first element, if it is called `name`.
    pub(crate) fn root_named(&self, name: &str) -> Option<&Element> {
        self.root().filter(|root| root.name == name)
    }

    /// Of XML: whether one of its first elements, below the root, is called `name`.
    pub(crate) fn has_element(&self, name: &str) -> bool {
        self.elements.iter().skip(1).any(|element| element.name == name)
    }

    /// Of XML: its first elements, in order, the root first.
    pub(crate) fn elements_seen(&self) -> &[Element] {
        &self.elements
    }

    /// Of JSON: whether one of its first keys at `depth` is `key`.
    pub(crate) fn has_key(&self, depth: usize, key: &str) -> bool {
        self.keys.iter().any(|(at, name)| *at == depth && name == key)
    }

    fn window(&self) -> Result<Window, InputError> {
        Window::new(Source::new("", Box::new(Cursor::new(self.head.to_vec())), u64::MAX), self.head.len().max(1))
    }

    fn elements(&mut self) -> Result<(), InputError> {
        let mut scanner = Scanner::new(self.window()?);
        while let Some(event) = scanner.next()? {
            let Event::Start(element) = event else { continue };
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let attribute =
                |(name, value): (&[u8], tollgate_input::xml::Value<'_>)| (text(name), value.text().into_owned());
            let attributes = element.attributes().map(attribute).collect();
            self.elements.push(Element { name: text(element.name()), attributes });
            if self.elements.len() == MOST_ELEMENTS {
                break;
            }
        }
        Ok(())
    }

    fn keys(&mut self) -> Result<(), InputError> {
        let mut reader = Reader::new(self.window()?);
        collect(&mut reader, 1, &mut self.keys)
    }
}

fn collect(reader: &mut Reader, depth: usize, keys: &mut Vec<(usize, String)>) -> Result<(), InputError> {
    if depth > DEPTH || keys.len() >= MOST_KEYS {
        return reader.skip();
    }
    match reader.kind()? {
        Kind::Object => reader.object(|reader, key| {
            if keys.len() < MOST_KEYS {
                keys.push((depth, key.to_owned()));
            }
            collect(reader, depth + 1, keys)
        }),
        Kind::Array => reader.array(|reader| collect(reader, depth + 1, keys)),
        _ => reader.skip(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_cut_is_seen() {
        let xml = Sniff::new(b"<?xml version=\"1.0\"?>\n<coverage version=\"1\"><file path=\"a\"><lineTo");
        assert!(xml.root_named("coverage").is_some_and(|root| root.has("version")));
        assert!(xml.has_element("file") && !xml.has_element("coverage"));
        let json = Sniff::new(b"{\"data\":[{\"files\":[{\"filename\":\"a\",\"segm");
        assert!(json.has_key(1, "data") && json.has_key(3, "files") && json.has_key(5, "filename"));
        assert!(Sniff::new(b"SF:a\n").root().is_none());
    }
}
