//! The beginning of a report, looked at once for every format.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use crate::head;

/// What the beginning of a report shows.
#[derive(Debug, Default)]
pub(super) struct Sniff<'a> {
    /// The first bytes.
    pub(super) head: &'a [u8],
    /// Whether it is a list.
    pub(super) list: bool,
    /// Of an object its first keys, of a list those of its first item that is an object; of lines of JSON those of the first.
    keys: Vec<String>,
    /// Of XML: the name of its first element, without prefix.
    root: Option<String>,
}

impl<'a> Sniff<'a> {
    /// Looks at `head`, which may end anywhere.
    pub(super) fn new(head: &'a [u8]) -> Self {
        let mut sniff = Self { head, ..Self::default() };
        // Where the beginning ends, or makes no sense, what was seen before is enough: the reader says the rest.
        let _ended = sniff.look();
        sniff
    }

    /// Whether it is an object, or a list of objects, with all of these among its first keys.
    pub(super) fn has_keys(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.keys.iter().any(|known| known == key))
    }

    /// Whether it is an object with all of these among its first keys.
    pub(super) fn is_object(&self, keys: &[&str]) -> bool {
        !self.list && self.has_keys(keys)
    }

    /// Whether it is an object whose first keys are all among these, and has one.
    pub(super) fn is_only(&self, keys: &[&str]) -> bool {
        !self.list && !self.keys.is_empty() && self.keys.iter().all(|known| keys.contains(&known.as_str()))
    }

    /// Whether the first bytes hold `text`.
    pub(super) fn holds(&self, text: &str) -> bool {
        memchr::memmem::find(self.head, text.as_bytes()).is_some()
    }

    /// Whether it is a list of objects with all of these among the first keys of the first.
    pub(super) fn is_list(&self, keys: &[&str]) -> bool {
        self.list && self.has_keys(keys)
    }

    /// Of XML: whether its root has this name.
    pub(super) fn is_root(&self, name: &str) -> bool {
        self.root.as_deref() == Some(name)
    }

    /// Whether it is an empty list, which several tools write when they found nothing: it does not say whose it is.
    pub(super) fn is_empty_list(&self) -> bool {
        let mut bytes = self.head.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        bytes.next() == Some(b'[') && bytes.next() == Some(b']') && bytes.next().is_none()
    }

    /// Why no format was found.
    pub(super) fn refusal(&self) -> String {
        let names: Vec<&str> = super::FORMATS.iter().map(|format| format.name).collect();
        let expected = format!("expected SARIF 2.1.0, results of tests, or one of: {}", names.join(", "));
        match self.head.trim_ascii_start().first() {
            None => "is empty; have the tool write its report again".to_owned(),
            Some(_) if self.is_empty_list() => {
                format!("is an empty list, which does not say who wrote it; name the tool in [[sources]]; {expected}")
            }
            Some(_) if self.head.contains(&0) => format!("holds binary data; {expected}"),
            Some(b'{' | b'[') if self.keys.is_empty() => format!("is JSON of no known kind; {expected}"),
            Some(b'{' | b'[') => {
                let keys: Vec<String> = self.keys.iter().take(5).map(|key| crate::text::name(key)).collect();
                format!("is JSON of no known kind (its keys: {}); {expected}", keys.join(", "))
            }
            Some(b'<') => match &self.root {
                Some(root) => {
                    let root = crate::text::name(root);
                    format!("is XML of no known kind, its first element being <{root}>; {expected}")
                }
                None => format!("looks like broken XML; {expected}"),
            },
            Some(_) => format!("is no report that is known; {expected}"),
        }
    }

    fn look(&mut self) -> Result<(), InputError> {
        let bytes = self.head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self.head);
        if bytes.trim_ascii_start().starts_with(b"<") {
            self.root = head::root(bytes)?;
            return Ok(());
        }
        let mut reader = Reader::new(head::window(bytes)?);
        match reader.kind()? {
            Kind::Object => head::keys(&mut reader, &mut self.keys),
            Kind::Array => {
                self.list = true;
                reader.array(|reader| match reader.kind()? {
                    Kind::Object if self.keys.is_empty() => head::keys(reader, &mut self.keys),
                    _ => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }
}
