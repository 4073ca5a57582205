//! Foreign values on their way into the archive: everything passes, but for what must not be shown.

use std::borrow::Cow;

use tollgate_digest::Digester;
use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::out::Out;
use super::sensitive::{has_mail, is_person, is_secret};
use crate::value::{self, Span};

/// Where in a log a value stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// In a property bag (§3.8).
    pub(super) bag: bool,
    /// In `fingerprints` or `partialFingerprints` (§3.27.17).
    prints: bool,
    /// In a result.
    pub(super) result: bool,
}

impl Place {
    /// In a result, outside of its property bag.
    pub(super) const RESULT: Self = Self { bag: false, prints: false, result: true };
    /// In a property bag outside of results.
    pub(super) const BAG: Self = Self { bag: true, prints: false, result: false };

    /// Of the member `key`.
    fn of(self, key: &str) -> Self {
        if self.bag || self.prints {
            return self;
        }
        Self {
            bag: key == "properties",
            prints: matches!(key, "fingerprints" | "partialFingerprints"),
            result: self.result || key == "results",
        }
    }
}

/// A way from readers to the archive.
pub(super) struct Pass<'o, 'a> {
    pub(super) out: Out<'o>,
    /// The run's tool looks for secrets.
    pub(super) secret: bool,
    /// Its snippets are the values.
    pub(super) quotes: bool,
    /// Names the values of the log.
    pub(super) digester: Option<&'a Digester>,
    /// How many texts were redacted, and how many names and addresses left out, since the counts were asked for.
    pub(super) redacted: u64,
    pub(super) people: u64,
}

impl<'o> Pass<'o, '_> {
    pub(super) fn new(out: Out<'o>) -> Self {
        Self { out, secret: false, quotes: false, digester: None, redacted: 0, people: 0 }
    }

    /// Hands on the member `key`, whose value is next, and which is the `first` that is written.
    pub(super) fn member(
        &mut self,
        reader: &mut Reader,
        key: &str,
        at: Place,
        first: &mut bool,
    ) -> Result<(), InputError> {
        if at.bag || at.prints {
            if is_person(key) {
                self.people += 1;
                return Ok(());
            }
            if at.prints && reader.kind()? == Kind::String {
                return self.fingerprint(reader, key, first);
            }
        }
        self.out.key(key, first)?;
        if self.secret {
            match key {
                "snippet" | "contents" | "insertedContent" if !at.bag => return self.artifact_content(reader, None),
                "region" if !at.bag => return self.region(reader, at),
                "message" if at.result && !at.bag => return self.message(reader),
                _ if at.bag && is_secret(key) => return self.redact(reader, value::is_named(key)),
                _ => {}
            }
        }
        self.value(reader, at.of(key))
    }

    /// Hands on the value that is next.
    pub(super) fn value(&mut self, reader: &mut Reader, at: Place) -> Result<(), InputError> {
        match reader.kind()? {
            Kind::Object => {
                let mut first = true;
                self.out.put(b"{")?;
                reader.object(|reader, key| self.member(reader, key, at, &mut first))?;
                self.out.put(b"}")
            }
            Kind::Array => {
                let mut first = true;
                self.out.put(b"[")?;
                reader.array(|reader| {
                    self.out.comma(&mut first)?;
                    self.value(reader, at)
                })?;
                self.out.put(b"]")
            }
            _ => reader.copy(&mut self.out),
        }
    }

    fn fingerprint(&mut self, reader: &mut Reader, key: &str, first: &mut bool) -> Result<(), InputError> {
        let text = reader.string()?;
        if has_mail(&text) {
            self.people += 1;
            return Ok(());
        }
        self.out.key(key, first)?;
        self.out.text(&text)
    }

    /// A region (§3.30). Of its snippet the value is known where its columns are, and stand before it.
    fn region(&mut self, reader: &mut Reader, at: Place) -> Result<(), InputError> {
        if reader.kind()? != Kind::Object {
            return self.value(reader, at);
        }
        let (mut first, mut span) = (true, Span::default());
        self.out.put(b"{")?;
        reader.object(|reader, key| {
            let number = match key {
                "startLine" => &mut span.start_line,
                "endLine" => &mut span.end_line,
                "startColumn" => &mut span.start_column,
                "endColumn" => &mut span.end_column,
                "snippet" => {
                    self.out.key(key, &mut first)?;
                    return self.artifact_content(reader, Some(&span));
                }
                _ => return self.member(reader, key, at, &mut first),
            };
            if reader.kind()? != Kind::Number {
                return self.member(reader, key, at, &mut first);
            }
            self.out.key(key, &mut first)?;
            let mut digits = Vec::new();
            reader.copy(&mut digits)?;
            *number = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok());
            self.out.put(&digits)
        })?;
        self.out.put(b"}")
    }

    /// An artifact's content (§3.3), whatever it is; the snippet of a region with a `span`.
    fn artifact_content(&mut self, reader: &mut Reader, span: Option<&Span>) -> Result<(), InputError> {
        let mut shown = None;
        match reader.kind()? {
            Kind::Null => return reader.copy(&mut self.out),
            Kind::Object => reader.object(|reader, key| {
                if key == "text" && reader.kind()? == Kind::String {
                    let (text, longer) = reader.string_prefix(value::LONGEST)?;
                    let value = span.filter(|_| !longer).and_then(|span| span.value(&text, self.quotes));
                    shown = Some(self.stand_in(&text, value).into_owned());
                }
                Ok(())
            })?,
            _ => reader.skip()?,
        }
        self.redacted += 1;
        self.out.put(br#"{"text":"#)?;
        self.out.text(&shown.unwrap_or_else(|| value::redacted("", None).into_owned()))?;
        self.out.put(b"}")
    }

    /// What stands for `text`, in which `value` is all that is secret, where that is known.
    fn stand_in<'t>(&self, text: &'t str, value: Option<&str>) -> Cow<'t, str> {
        value::redacted(text, value.and_then(|value| self.digester?.name(value.as_bytes())))
    }

    /// A message (§3.11): its texts, and what is put into them.
    fn message(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        if reader.kind()? != Kind::Object {
            return self.redact(reader, false);
        }
        let mut first = true;
        self.out.put(b"{")?;
        reader.object(|reader, key| match key {
            "text" | "markdown" | "arguments" => {
                self.out.key(key, &mut first)?;
                self.redact(reader, false)
            }
            _ => self.member(reader, key, Place::RESULT, &mut first),
        })?;
        self.out.put(b"}")
    }

    /// A text, which is counted, and which is the value where it is so `named`; arrays item by item.
    fn redact(&mut self, reader: &mut Reader, named: bool) -> Result<(), InputError> {
        match reader.kind()? {
            Kind::Null => reader.copy(&mut self.out),
            Kind::Array => {
                let mut first = true;
                self.out.put(b"[")?;
                reader.array(|reader| {
                    self.out.comma(&mut first)?;
                    self.redact(reader, named)
                })?;
                self.out.put(b"]")
            }
            Kind::String => {
                let (text, longer) = reader.string_prefix(value::LONGEST)?;
                self.redacted += 1;
                let shown = self.stand_in(&text, (named && !longer).then_some(&*text));
                self.out.text(&shown)
            }
            _ => {
                reader.skip()?;
                self.redacted += 1;
                self.out.text(&value::redacted("", None))
            }
        }
    }
}
