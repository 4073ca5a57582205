//! A foreign run, written anew as the host reads it.

use std::collections::BTreeMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::Fingerprinter;

use super::Limits;
use super::foreign::{Ruled, Run, results};
use super::kept::Kept;
use super::left::Left;
use super::result::{Found, Spot};
use super::rules::{self, Listed, MESSAGE};
use super::shape::{
    ArtifactLocation, CodeFlow, Driver, Fingerprints, Location, PhysicalLocation, Region, ResultShape, Step, Text,
    ThreadFlow,
};
use crate::WHOLE_SUBJECT;
use crate::merge::ForeignLog;
use crate::merge::out::Out;
use crate::merge::sensitive::has_mail;
use crate::text::{bounded, filled};
use crate::value;

/// The file that stands for what has no place in the repository.
const STAND_IN: &str = "tollgate.toml";
/// The one fingerprint that the host uses, and its longest value as our oracle has it.
const LINE_HASH: &str = "primaryLocationLineHash";

/// Writes one run with some of its results.
pub(super) struct Writer<'r, 'l> {
    log: &'r ForeignLog<'l>,
    run: &'r Run<'r>,
    limits: &'r Limits,
    /// By place in the file.
    kept: BTreeMap<u64, &'r Kept<Ruled>>,
    /// Rules without results too.
    all: bool,
    prints: Fingerprinter,
    left: Left,
}

impl<'r, 'l> Writer<'r, 'l> {
    /// For the worst `count` results of `run`.
    pub(super) fn new(log: &'r ForeignLog<'l>, run: &'r Run<'r>, count: usize, all: bool, limits: &'r Limits) -> Self {
        let kept = run.kept.iter().take(count).map(|kept| (kept.ordinal.0, kept)).collect();
        Self { log, run, limits, kept, all, prints: Fingerprinter::default(), left: Left::default() }
    }

    /// Reads the run that is next, writes it, and says what it lost on the way.
    ///
    /// # Errors
    /// What reading says. Where `out` has no room the run is read to its end all the same.
    pub(super) fn write(mut self, reader: &mut Reader, out: &mut Out<'_>) -> Result<Left, InputError> {
        let facts = &self.run.facts;
        let used = self.kept.values().map(|kept| (kept.more.0.as_str(), kept.more.1)).collect();
        let Listed { rules, places } = rules::list(facts, &used, self.all, self.limits, &mut self.left);
        let tool = &facts.driver;
        let driver = Driver {
            name: self.run.tool,
            full_name: tool.full_name.as_deref(),
            version: tool.version.as_deref(),
            semantic_version: tool.semantic_version.as_deref(),
            guid: tool.guid.as_deref(),
            information_uri: tool.information_uri.as_deref(),
            rules,
        };
        let mut written = self.head(&driver, out);
        let (mut ordinal, mut first) = (self.run.first, true);
        results(reader, |reader| {
            let kept = self.kept.get(&ordinal).copied();
            let place = ordinal;
            ordinal += 1;
            let (Some(kept), true) = (kept, written.is_ok() && reader.kind()? == Kind::Object) else { return Ok(()) };
            let found = Found::read(reader, true, self.limits)?;
            let id = kept.more.0.as_str();
            let index = places.get(id).copied().unwrap_or_default();
            written = out.comma(&mut first).and_then(|()| self.result(kept, &found, index, place, out));
            Ok(())
        })?;
        written?;
        out.put(b"]}")?;
        Ok(self.left)
    }

    fn head(&self, driver: &Driver<'_>, out: &mut Out<'_>) -> Result<(), InputError> {
        out.put(b"{\"tool\":{\"driver\":")?;
        out.json(driver)?;
        out.put(b"}")?;
        if let Some(said) = self.run.facts.successful {
            out.put(format!(",\"invocations\":[{{\"executionSuccessful\":{said}}}]").as_bytes())?;
        }
        out.put(b",\"automationDetails\":{\"id\":")?;
        out.text(&self.run.name.category)?;
        out.put(b"}")?;
        if let Some(kind) = &self.run.facts.column_kind {
            out.key("columnKind", &mut false)?;
            out.text(kind)?;
        }
        out.put(b",\"results\":[")
    }

    fn result(
        &mut self,
        kept: &Kept<Ruled>,
        found: &Found,
        rule_index: usize,
        place: u64,
        out: &mut Out<'_>,
    ) -> Result<(), InputError> {
        let (rule_id, listed) = (kept.more.0.as_str(), kept.more.1);
        let text = self.text(rule_id, listed, found);
        let mut locations: Vec<Location<'_>> = found.locations.iter().filter_map(|spot| self.location(spot)).collect();
        let stand_in;
        if locations.is_empty() {
            self.left.outside += 1;
            stand_in = self.stand_in(found);
            locations.push(at(STAND_IN.to_owned(), Some(first_line()), Some(Text::plain(&stand_in))));
        }
        let related = found.related.iter().filter_map(|spot| self.location(spot)).collect();
        let (code_flows, lost) = self.code_flows(found);
        self.left.steps += found.over.1 + lost;
        self.left.locations += found.over.0;
        let hash = self.fingerprint(rule_id, found, &locations, &text);
        let mark = (self.log.mark)(place).state.map(tollgate_model::State::word);
        let known = |word: &&str| ["new", "unchanged", "updated"].contains(word);
        let shape = ResultShape {
            rule_id,
            rule_index,
            level: kept.level.word(),
            message: Text { text: &text, markdown: found.message.markdown.as_deref().filter(|_| !self.run.secret) },
            locations,
            related_locations: related,
            code_flows,
            partial_fingerprints: Fingerprints { primary_location_line_hash: &hash },
            baseline_state: mark.or(found.state.as_deref().filter(known)),
        };
        out.json(&shape)
    }

    /// The message: its text, or the message string that it names with its arguments put in (§3.11.5); never empty.
    fn text(&mut self, rule: &str, listed: Option<usize>, found: &Found) -> String {
        if self.run.secret {
            self.left.redacted += 1;
            let value = found.value(self.run.quotes);
            let digest = value.and_then(|value| self.log.digester?.name(value.as_bytes()));
            let shown = value::redacted("", digest);
            return format!("A match of the rule {rule}. What the tool says of it is {shown}.");
        }
        let message = &found.message;
        let pattern = message.text.as_deref().or_else(|| {
            let id = message.id.as_deref()?;
            self.run.facts.message(id, listed)
        });
        match pattern.map(|pattern| with_arguments(pattern, &message.arguments)).filter(|text| !text.is_empty()) {
            Some(text) => bounded(&text, MESSAGE).into_owned(),
            None => format!("A match of the rule {rule}."),
        }
    }

    fn location<'f>(&self, spot: &'f Spot) -> Option<Location<'f>> {
        let uri = self.run.facts.places.relative(&spot.address)?;
        let said = spot.message.as_deref().filter(|_| !self.run.secret);
        Some(Location { id: spot.id, ..at(uri, spot.region, said.map(Text::plain)) })
    }

    fn stand_in(&self, found: &Found) -> String {
        let shown = found.locations.iter().find_map(|spot| self.run.facts.places.shown(&spot.address));
        match shown {
            Some(address) => {
                bounded(&format!("The finding is about {address}, outside the repository."), MESSAGE).into_owned()
            }
            None => WHOLE_SUBJECT.to_owned(),
        }
    }

    /// The code flows, and how many steps have no place in the repository.
    fn code_flows<'f>(&self, found: &'f Found) -> (Vec<CodeFlow<'f>>, u64) {
        let (mut flows, mut lost) = (Vec::new(), 0);
        for steps in &found.flows {
            let locations: Vec<Step<'f>> =
                steps.iter().filter_map(|spot| self.location(spot).map(|location| Step { location })).collect();
            lost += (steps.len() - locations.len()) as u64;
            if !locations.is_empty() {
                flows.push(CodeFlow { thread_flows: [ThreadFlow { locations }] });
            }
        }
        (flows, lost)
    }

    /// The tool's fingerprint; else one of the others that it gives, of the text that it shows or of what it says. Of a
    /// secret none is made: there the rule and the path must do.
    fn fingerprint(&mut self, rule: &str, found: &Found, locations: &[Location<'_>], text: &str) -> String {
        let given: BTreeMap<&str, &str> = found
            .fingerprints
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, value)| !crate::merge::sensitive::is_person(name) && !has_mail(value))
            .collect();
        if let Some(hash) = given.get(LINE_HASH) {
            return (*hash).to_owned();
        }
        let path = locations.first().map_or("", |location| &location.physical_location.artifact_location.uri);
        let joined: Vec<&str> = given.into_values().collect();
        let snippet = found.locations.first().and_then(|spot| spot.snippet.as_deref());
        let context = match (joined.is_empty(), self.run.secret) {
            (false, _) => joined.join(" "),
            (true, true) => String::new(),
            (true, false) => snippet.unwrap_or(text).to_owned(),
        };
        self.prints.next(rule, path, &context).0
    }
}

fn at<'a>(uri: String, region: Option<Region>, message: Option<Text<'a>>) -> Location<'a> {
    let physical_location = PhysicalLocation { artifact_location: ArtifactLocation { uri }, region };
    Location { id: None, physical_location, message }
}

fn first_line() -> Region {
    Region { start_line: 1, start_column: None, end_line: None, end_column: None }
}

/// `pattern` with its arguments, where there are any.
fn with_arguments(pattern: &str, arguments: &[String]) -> String {
    if arguments.is_empty() { pattern.to_owned() } else { filled(pattern, arguments, 4 * MESSAGE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let arguments = ["a".to_owned(), "b{1}".to_owned()];
        for (pattern, expected) in [
            ("{0} and {1}, {0}", "a and b{1}, a"),
            ("{{0}} {2} {x} {", "{0} {2} {x} {"),
            ("}} {1", "} {1"),
            ("ü{0}ü", "üaü"),
        ] {
            assert_eq!(with_arguments(pattern, &arguments), expected);
        }
        assert_eq!(with_arguments("{{0}} {0}", &[]), "{{0}} {0}");
    }
}
