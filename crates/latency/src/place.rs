//! Where an endpoint stands in the configuration.

use tollgate_check::Context;
use tollgate_input::LineIndex;
use tollgate_model::Location;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::options::EndpointOptions;

/// The configuration, where it is usually kept.
const FILE: &str = "tollgate.toml";

/// Largest one that is looked at, in bytes.
const LARGEST: u64 = 1 << 20;

/// Lines of the endpoints in the configuration.
pub(crate) struct Places {
    /// Name, method and path, and the line.
    lines: Vec<([Option<String>; 3], u32)>,
}

impl Places {
    /// Reads them off the configuration; one that cannot be read has none, which whoever reads it has said.
    pub(crate) fn read(ctx: &Context<'_>) -> Self {
        let text = ctx.root().read(FILE, LARGEST).ok().and_then(|(bytes, _)| String::from_utf8(bytes).ok());
        Self { lines: text.as_deref().map(lines).unwrap_or_default() }
    }

    /// Where this one stands.
    pub(crate) fn of(&self, endpoint: &EndpointOptions) -> Option<Location> {
        let wanted = [endpoint.name.clone(), endpoint.method.clone(), Some(endpoint.path.clone())];
        let (_, line) = self.lines.iter().find(|(known, _)| *known == wanted)?;
        Some(Location::lines(FILE, *line, *line))
    }
}

fn lines(text: &str) -> Vec<([Option<String>; 3], u32)> {
    let Ok(table) = DeTable::parse(text) else { return Vec::new() };
    let index = LineIndex::new(text);
    let Some(section) = table.get_ref().get("latency") else { return Vec::new() };
    let items = |value: &Spanned<DeValue<'_>>| -> Vec<([Option<String>; 3], u32)> {
        let endpoints = value.get_ref().as_table().and_then(|section| section.get("endpoints"));
        let endpoints = endpoints.and_then(|endpoints| endpoints.get_ref().as_array());
        let one = |item: &Spanned<DeValue<'_>>| {
            let fields = item.get_ref().as_table()?;
            let text = |key: &str| fields.get(key).and_then(|v| v.get_ref().as_str().map(str::to_owned));
            Some(([text("name"), text("method"), text("path")], index.position(item.span().start).0))
        };
        endpoints.into_iter().flat_map(|items| items.iter()).filter_map(one).collect()
    };
    match section.get_ref() {
        DeValue::Array(sections) => sections.iter().flat_map(items).collect(),
        _ => items(section),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_found_in_both_spellings() {
        let text = "[latency]\nrate = 1\n\n[[latency.endpoints]]\npath = \"/a\"\n\n[[latency.endpoints]]\nmethod = \"POST\"\npath = \"/b\"\n";
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(lines(text), [([None, None, some("/a")], 4), ([None, some("POST"), some("/b")], 7)]);
        let several = "[[latency]]\nname = \"x\"\nendpoints = [\n  { path = \"/a\" },\n]\n";
        assert_eq!(lines(several), [([None, None, some("/a")], 4)]);
        assert_eq!(lines("[latency"), []);
    }
}
