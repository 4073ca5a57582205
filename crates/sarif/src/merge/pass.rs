//! Foreign values on their way into the archive: everything passes, but for what must not be shown.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::out::Out;
use super::sensitive::{has_mail, is_person, is_secret};

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
pub(super) struct Pass<'a> {
    pub(super) out: Out<'a>,
    /// The run's tool looks for secrets.
    pub(super) secret: bool,
    /// How many texts were redacted, and how many names and addresses left out, since the counts were asked for.
    pub(super) redacted: u64,
    pub(super) people: u64,
}

impl<'a> Pass<'a> {
    pub(super) fn new(out: Out<'a>) -> Self {
        Self { out, secret: false, redacted: 0, people: 0 }
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
                "snippet" | "contents" | "insertedContent" if !at.bag => return self.artifact_content(reader),
                "message" if at.result && !at.bag => return self.message(reader),
                _ if at.bag && is_secret(key) => return self.redact(reader),
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

    /// An artifact's content (§3.3), whatever it is.
    fn artifact_content(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        if reader.kind()? == Kind::Null {
            return reader.copy(&mut self.out);
        }
        reader.skip()?;
        self.redacted += 1;
        self.out.put(br#"{"text":"redacted"}"#)
    }

    /// A message (§3.11): its texts, and what is put into them.
    fn message(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        if reader.kind()? != Kind::Object {
            return self.redact(reader);
        }
        let mut first = true;
        self.out.put(b"{")?;
        reader.object(|reader, key| match key {
            "text" | "markdown" | "arguments" => {
                self.out.key(key, &mut first)?;
                self.redact(reader)
            }
            _ => self.member(reader, key, Place::RESULT, &mut first),
        })?;
        self.out.put(b"}")
    }

    /// A text, which is counted; arrays item by item.
    fn redact(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        match reader.kind()? {
            Kind::Null => reader.copy(&mut self.out),
            Kind::Array => {
                let mut first = true;
                self.out.put(b"[")?;
                reader.array(|reader| {
                    self.out.comma(&mut first)?;
                    self.redact(reader)
                })?;
                self.out.put(b"]")
            }
            _ => {
                reader.skip()?;
                self.redacted += 1;
                self.out.put(b"\"redacted\"")
            }
        }
    }
}
