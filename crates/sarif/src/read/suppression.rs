//! What silences a result (§3.27.23, §3.35).

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::Suppression;

use super::json::{object, text, word};
use super::time;

/// Longest reason that is kept, characters.
const REASON: usize = 1_000;
/// How many reasons are kept.
const REASONS: usize = 5;

/// What a result's list of suppressions comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Silence {
    /// Why the result does not count: there are suppressions, and each is accepted.
    pub(super) suppressed: Option<Suppression>,
    /// Whether one of them ends on a day that cannot be read, and so silences nothing.
    pub(super) bad_expiry: bool,
}

/// Reads the list that comes next. A suppression whose status is none of the standard's words is not accepted.
pub(super) fn read(reader: &mut Reader) -> Result<Silence, InputError> {
    let mut all = All::default();
    if reader.kind()? == Kind::Array {
        reader.array(|reader| all.one(reader))?;
    }
    let suppressed = (all.any && !all.open && !all.bad_expiry).then(|| Suppression {
        reason: all.reasons.join("; "),
        owner: all.owner,
        expires: all.expires,
    });
    Ok(Silence { suppressed, bad_expiry: all.bad_expiry })
}

#[derive(Default)]
struct All {
    any: bool,
    /// Whether one is under review, rejected, or not understood.
    open: bool,
    bad_expiry: bool,
    reasons: Vec<String>,
    owner: Option<String>,
    expires: Option<String>,
}

impl All {
    fn one(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        self.any = true;
        if reader.kind()? != Kind::Object {
            self.open = true;
            return Ok(());
        }
        let (mut reason, mut in_source, mut alias) = (None, false, None);
        reader.object(|reader, key| {
            match key {
                "kind" => in_source = word(reader)?.is_some_and(|kind| kind == "inSource"),
                "status" => self.open |= !is_accepted(reader)?,
                "justification" if reader.kind()? == Kind::String => {
                    reason = Some(text(reader, REASON)?.unwrap_or_default());
                }
                "properties" => object(reader, |reader, key| {
                    match key {
                        "expiryUtc" => self.expiry(reader)?,
                        "owner" if self.owner.is_none() => self.owner = word(reader)?,
                        "alias" => alias = word(reader)?,
                        _ => {}
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        self.owner = self.owner.take().or(alias);
        let unsaid = if in_source { "a comment in the source" } else { "accepted, without a reason" };
        let reason = reason.unwrap_or_else(|| unsaid.to_owned());
        if self.reasons.len() < REASONS && !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        Ok(())
    }

    /// The earliest end counts.
    fn expiry(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        if reader.kind()? == Kind::Null {
            return Ok(());
        }
        match word(reader)?.and_then(|text| time::day(&text)) {
            Some(day) if self.expires.as_ref().is_none_or(|known| day < *known) => self.expires = Some(day),
            Some(_) => {}
            None => self.bad_expiry = true,
        }
        Ok(())
    }
}

fn is_accepted(reader: &mut Reader) -> Result<bool, InputError> {
    Ok(match reader.kind()? {
        Kind::Null => true,
        Kind::String => reader.string_prefix(16)?.0 == "accepted",
        _ => false,
    })
}
