//! `[incidents]`: by when findings must be gone.

use tollgate_model::Severity;
use tollgate_policy::{Incident, Incidents};

use crate::file::File;
use crate::keys::INCIDENT_KEYS;
use crate::sections::{Fields, unknown};
use crate::toml_json::Table;

/// The classes that the file gives, and the usual ones of what it does not mention.
pub(crate) fn read(file: &File<'_>, table: &Table<'_>) -> Incidents {
    let mut incidents = Incidents::default();
    let Some(value) = table.get("incidents") else { return incidents };
    let Some(severities) = value.get_ref().as_table() else {
        file.mistake(value.span().start, "`incidents` is a section: [incidents]");
        return incidents;
    };
    let words: Vec<&str> = Severity::ALL.iter().map(|severity| severity.word()).collect();
    for (key, value) in severities.iter() {
        let name: &str = key.get_ref();
        let Some(severity) = Severity::ALL.iter().find(|severity| severity.word() == name) else {
            file.mistake(key.span().start, unknown("severity in [incidents]:", name, &words));
            continue;
        };
        let Some(fields) = Fields::of(file, &format!("incidents.{name}"), value, INCIDENT_KEYS) else { continue };
        let given = fields.string("class");
        let class = Incidents::CLASSES.into_iter().find(|class| given.as_deref() == Some(*class));
        let class = class.unwrap_or(incidents.of(*severity).class);
        let days = fields.count("days").and_then(|days| u16::try_from(days).ok());
        incidents.set(*severity, Incident { class, days: days.unwrap_or_else(|| usual(class)) });
    }
    if let Some((class, [one, other])) = incidents.contradiction() {
        let message = format!("{class} has two deadlines, {one} and {other} days; a class has one");
        file.mistake(value.span().start, message);
    }
    incidents
}

/// The days that a class has where nobody says.
fn usual(class: &str) -> u16 {
    let usual = Incidents::default();
    let of_class = Severity::ALL.iter().map(|severity| usual.of(*severity)).find(|incident| incident.class == class);
    of_class.map_or(0, |incident| incident.days)
}
