//! What readers of JSON share.

use std::collections::BTreeMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::{Confidence, Date, Finding, Fingerprinter, Level, Location, Rule, Severity};

pub(super) use crate::results::json::{count, is_true, line_number as ordinal};

/// Longest message that is kept, in characters.
const LONGEST: usize = 4_000;

/// The string that comes next, without control characters, cut where it is very long; none where something else comes, which is
/// passed over.
pub(super) fn text(reader: &mut Reader) -> Result<Option<String>, InputError> {
    if reader.kind()? != Kind::String {
        return Ok(None);
    }
    let text = reader.string()?;
    let plain = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    Ok(Some(text.chars().filter(plain).take(LONGEST).collect()))
}

/// The string or number that comes next, as text; none where something else comes, which is passed over.
pub(super) fn word(reader: &mut Reader) -> Result<Option<String>, InputError> {
    match reader.kind()? {
        Kind::Number => {
            let number = reader.number()?;
            Ok(number.as_i64().map(|n| n.to_string()).or_else(|| number.as_f64().map(|n| n.to_string())))
        }
        _ => Ok(text(reader)?.map(|text| crate::text::name(&text))),
    }
}

/// The number that comes next, where it is finite; none where something else comes, which is passed over.
pub(super) fn decimal(reader: &mut Reader) -> Result<Option<f64>, InputError> {
    let number = if reader.kind()? == Kind::Number { reader.number()?.as_f64() } else { None };
    Ok(number.filter(|number| number.is_finite()))
}

/// The strings of the list that comes next; what else is in it is passed over.
pub(super) fn texts(reader: &mut Reader) -> Result<Vec<String>, InputError> {
    let mut all = Vec::new();
    if reader.kind()? == Kind::Array {
        reader.array(|reader| {
            all.extend(text(reader)?);
            Ok(())
        })?;
    }
    Ok(all)
}

/// Goes through the object that comes next; anything else is passed over.
pub(super) fn object(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader, &str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Object { reader.object(each) } else { Ok(()) }
}

/// Goes through the list that comes next; anything else is passed over.
pub(super) fn list(
    reader: &mut Reader,
    each: impl FnMut(&mut Reader) -> Result<(), InputError>,
) -> Result<(), InputError> {
    if reader.kind()? == Kind::Array { reader.array(each) } else { Ok(()) }
}

/// The day that a time begins with, or that stands alone.
pub(super) fn day(text: &str) -> Option<Date> {
    Date::parse(text.get(..10)?)
}

/// Where a report's path leads, with forward slashes; the runner makes it relative to the checked folder.
pub(super) fn path(text: &str) -> String {
    text.strip_prefix("file://").unwrap_or(text).replace('\\', "/")
}

/// A finding of `rule` that says `message`. Its fingerprint is made of rule, path and message.
pub(super) fn finding(
    names: &mut Fingerprinter,
    rule: &str,
    (level, severity): (Level, Option<Severity>),
    message: String,
    location: Option<Location>,
) -> Finding {
    let place = location.as_ref().map_or("", |location| location.path.as_str());
    let fingerprint = names.next(rule, place, &message);
    Finding {
        rule: rule.to_owned(),
        level,
        severity,
        confidence: Confidence::High,
        kind: None,
        discreet: false,
        message,
        location,
        related: Vec::new(),
        fingerprint,
        state: None,
        first_seen: None,
        suppressed: None,
        properties: BTreeMap::new(),
    }
}

/// A rule of a foreign tool: what it says of itself is all there is.
pub(super) fn rule(id: &str, title: &str, level: Level, severity: Option<Severity>, address: Option<String>) -> Rule {
    Rule {
        id: id.to_owned(),
        title: title.to_owned(),
        why: String::new(),
        mend: String::new(),
        level,
        severity,
        confidence: Confidence::High,
        tags: Vec::new(),
        of_change: false,
        of_evidence: false,
        references: address.into_iter().filter(|address| address.starts_with("https://")).collect(),
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_time_begins_with_its_day() {
        assert_eq!(day("2024-01-10T99").map(|day| day.to_string()).as_deref(), Some("2024-01-10"));
        assert_eq!(day("soon"), None);
    }
}
