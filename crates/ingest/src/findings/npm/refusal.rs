//! Documents that tell why there was no audit.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::Cause;

use crate::findings::json::{count, object, text};

/// What a tool says of an audit that did not take place.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// Whether it says anything of the kind.
    seen: bool,
    code: String,
    message: String,
    detail: String,
    status: Option<u64>,
}

/// Puts `said` in the place of what was said before, if it says something.
fn say(place: &mut String, said: Option<String>) {
    if let Some(said) = said.filter(|said| !said.trim().is_empty()) {
        *place = said;
    }
}

impl Refusal {
    /// Looks at a key of the document.
    pub(super) fn member(&mut self, reader: &mut Reader, key: &str) -> Result<(), InputError> {
        match key {
            "error" => self.error(reader)?,
            "message" => {
                self.seen = true;
                say(&mut self.message, text(reader)?);
            }
            "statusCode" => {
                self.seen = true;
                self.status = count(reader)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn error(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let kind = reader.kind()?;
        self.seen |= kind != Kind::Null;
        match kind {
            Kind::String => self.detail = text(reader)?.unwrap_or_default(),
            _ => object(reader, |reader, key| {
                match key {
                    "code" => self.code = text(reader)?.unwrap_or_default(),
                    // npm says the same outside of it, and leaves these empty.
                    "summary" | "message" => say(&mut self.message, text(reader)?),
                    "detail" => say(&mut self.detail, text(reader)?),
                    _ => {}
                }
                Ok(())
            })?,
        }
        Ok(())
    }

    /// What is to be said of it; none where the document tells of no error.
    pub(super) fn problem(&self) -> Option<(Cause, String)> {
        if !self.seen {
            return None;
        }
        let words = [&self.message, &self.detail].map(|text| crate::text::line(text).trim_end_matches('.').to_owned());
        let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
        let words = if words.is_empty() { "no reason is given".to_owned() } else { words.join("; ") };
        let code = crate::text::name(&self.code);
        let (cause, advice) = match self.status {
            _ if code.contains("LOCK") => (Cause::NoEvidence, "write a lock file and run it again"),
            Some(401 | 403) => (Cause::NoPermission, "check the registry's credentials and run it again"),
            _ => (Cause::Unfinished, "run it again when the registry answers"),
        };
        let code = match self.status {
            _ if !code.is_empty() => format!(" ({code})"),
            Some(status) => format!(" (HTTP {status})"),
            None => String::new(),
        };
        Some((cause, format!("The audit did not take place: {words}{code}; {advice}.")))
    }
}
