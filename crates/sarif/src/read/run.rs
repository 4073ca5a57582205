//! Runs (§3.14): their keys may stand in any order, so what results mean is told at the end.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use super::Bounds;
use super::intern::Interner;
use super::invocation::Invocation;
use super::json::{list, object, word};
use super::place::{Files, Snippet, Written};
use super::result::{Pending, ResultKind, Shared};
use super::rules::Tool;
use super::tally::Tally;

/// How many bases of a run, invocations, levels that these set, and names of parts that lie in other files are kept.
const BASES: usize = 1_000;
const INVOCATIONS: usize = 1_000;
const OVERRIDES: usize = 10_000;
const ELSEWHERE: usize = 10;
/// How many bytes of values that results may show are kept until it is known whose they are.
const VALUES: usize = 16 << 20;

/// What a run's `results` is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Given {
    /// Not there, or `null`.
    #[default]
    Absent,
    List,
    /// Something else; what.
    Strange(&'static str),
}

/// A run, as it is written.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) tool: Tool,
    pub(super) category: Option<String>,
    pub(super) commit: Option<String>,
    /// The base that the repository's top is mapped to, interned.
    pub(super) top: Option<u32>,
    pub(super) invocations: Vec<Invocation>,
    /// How many more invocations say that they failed.
    pub(super) more_failed: u64,
    pub(super) files: Files,
    /// Ids of rules that results name.
    pub(super) rules: Interner,
    pub(super) given: Given,
    /// How many results it lists, and how many of them are no objects.
    pub(super) results: u64,
    pub(super) no_objects: u64,
    /// Levels of results that are no findings.
    pub(super) others: super::Levels,
    pub(super) pending: Vec<Pending>,
    /// Whether results lie in another file, and which other parts do (§3.15).
    pub(super) results_elsewhere: bool,
    pub(super) elsewhere: Vec<String>,
}

impl Run {
    /// Reads the run that comes next, which is an object; `before` is how many results other runs have, `room` how many
    /// more findings are kept.
    pub(super) fn read(
        reader: &mut Reader,
        bounds: &Bounds,
        before: u64,
        room: usize,
        tally: &mut Tally,
    ) -> Result<Self, InputError> {
        let mut run = Self::default();
        let mut seen = false;
        object(reader, |reader, key| {
            match key {
                "tool" => run.tool = Tool::read(reader, bounds)?,
                "results" => {
                    if seen {
                        return Err(reader.malformed("a second `results` of this run: which one counts is not known"));
                    }
                    seen = true;
                    run.read_results(reader, bounds, before, room, tally)?;
                }
                "invocations" => list(reader, |reader| run.invocation(reader))?,
                "artifacts" => {
                    run.files.artifacts.clear();
                    list(reader, |reader| run.artifact(reader, bounds))?;
                }
                "originalUriBaseIds" => run.files.read_bases(reader, BASES)?,
                "automationDetails" => object(reader, |reader, key| {
                    if key == "id" {
                        run.category = word(reader)?;
                    }
                    Ok(())
                })?,
                "versionControlProvenance" => {
                    let mut first = true;
                    list(reader, |reader| if std::mem::take(&mut first) { run.provenance(reader) } else { Ok(()) })?;
                }
                "externalPropertyFileReferences" => object(reader, |reader, key| run.external(reader, key))?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(run)
    }

    fn read_results(
        &mut self,
        reader: &mut Reader,
        bounds: &Bounds,
        before: u64,
        room: usize,
        tally: &mut Tally,
    ) -> Result<(), InputError> {
        self.given = match reader.kind()? {
            Kind::Array => Given::List,
            Kind::Null => Given::Absent,
            Kind::Object => Given::Strange("an object"),
            Kind::String => Given::Strange("a string"),
            Kind::Number | Kind::Bool => Given::Strange("a number or a truth value"),
        };
        let (mut snippet, mut values) = (Snippet::default(), VALUES);
        list(reader, |reader| {
            let ordinal = before + self.results;
            self.results += 1;
            if reader.kind()? != Kind::Object {
                self.no_objects += 1;
                return Ok(());
            }
            let mut shared = Shared {
                bounds,
                rules: &mut self.rules,
                bases: &mut self.files.names,
                snippet: &mut snippet,
                values: &mut values,
            };
            let (mut result, aside) = shared.result(reader)?;
            if let Some(word) = aside.strange_level {
                tally.strange_level(word);
            }
            tally.bad_expiries += u64::from(aside.bad_expiry);
            if let ResultKind::Other(kind) = aside.kind {
                tally.other_kind(kind, result.level);
                self.others.count(result.level.or(super::level::Said::None));
                return Ok(());
            }
            tally.cut += u64::from(aside.cut);
            match u32::try_from(ordinal) {
                Ok(ordinal) if self.pending.len() < room => {
                    result.ordinal = ordinal;
                    self.pending.push(result);
                }
                _ => tally.over += 1,
            }
            Ok(())
        })
    }

    fn invocation(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        let known: usize = self.invocations.iter().map(|invocation| invocation.overrides.len()).sum();
        let invocation = Invocation::read(reader, OVERRIDES.saturating_sub(known))?;
        if self.invocations.len() < INVOCATIONS {
            self.invocations.push(invocation);
        } else {
            self.more_failed += u64::from(invocation.failed || !invocation.troubles.is_empty());
        }
        Ok(())
    }

    fn artifact(&mut self, reader: &mut Reader, bounds: &Bounds) -> Result<(), InputError> {
        if self.files.artifacts.len() >= bounds.artifacts {
            return Ok(());
        }
        let mut written = Written::default();
        object(reader, |reader, key| {
            if key == "location" {
                written = Written::read(reader, &mut self.files.names)?;
            }
            Ok(())
        })?;
        self.files.artifacts.push(written);
        Ok(())
    }

    /// Reads the details of version control that come next (§3.23).
    fn provenance(&mut self, reader: &mut Reader) -> Result<(), InputError> {
        object(reader, |reader, key| {
            match key {
                "revisionId" => {
                    let is_commit =
                        |id: &String| (7..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit());
                    self.commit = word(reader)?.filter(is_commit).map(|id| id.to_ascii_lowercase());
                }
                "mappedTo" => self.top = Written::read(reader, &mut self.files.names)?.base,
                _ => {}
            }
            Ok(())
        })
    }

    /// Reads the references to other files that come next, for the part `key` of the run.
    fn external(&mut self, reader: &mut Reader, key: &str) -> Result<(), InputError> {
        let mut some = reader.kind()? == Kind::Object;
        list(reader, |_| {
            some = true;
            Ok(())
        })?;
        match key {
            "results" => self.results_elsewhere |= some,
            // Nothing of these is read, or they say nothing that is.
            "taxonomies"
            | "conversion"
            | "graphs"
            | "logicalLocations"
            | "threadFlowLocations"
            | "translations"
            | "policies"
            | "webRequests"
            | "webResponses"
            | "addresses"
            | "externalizedProperties" => {}
            _ if some && self.elsewhere.len() < ELSEWHERE => {
                self.elsewhere.push(tollgate_input::one_line(key, 40, false).0);
            }
            _ => {}
        }
        Ok(())
    }
}
