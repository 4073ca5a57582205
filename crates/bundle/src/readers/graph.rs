//! The one form that the manifests of all bundlers are brought to: chunks, what each brings at once, and what later.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind as Json, Reader};
use tollgate_model::{Cause, Problem};

use crate::account::{Account, Load, Start};
use crate::build::Build;
use crate::kind::Kind;
use crate::readers::place::{self, Place};

/// How much of one manifest is kept, in bytes.
const MOST_TEXT: usize = 256 << 20;

/// What one name costs beside its letters, in bytes.
const NAME_COST: usize = 64;

/// How many times a chunk is looked at over all loads of one manifest.
const MOST_STEPS: usize = 20_000_000;

/// How many files all loads of one manifest may have together.
const MOST_FILES: usize = 4_000_000;

/// How many chunks a problem names.
const MOST_NAMED: usize = 5;

/// A piece of a bundler's output that is loaded as one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Its files, as the manifest names them.
    pub(crate) files: Vec<String>,
    /// Keys of the chunks that it brings at once.
    pub(crate) now: Vec<String>,
    /// Keys of the chunks that it may bring later.
    pub(crate) later: Vec<String>,
}

/// The output of one run of a bundler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    /// Who made it, in words.
    pub(crate) bundler: String,
    /// Its name, where one manifest tells of several.
    pub(crate) name: Option<String>,
    /// The folder it was written to, as the manifest names it: often absolute, and of another machine.
    pub(crate) output: Option<String>,
    /// Chunks by their key.
    pub(crate) chunks: BTreeMap<String, Chunk>,
    /// What each entry point begins with, by the entry's name.
    pub(crate) entries: BTreeMap<String, Chunk>,
    /// Whether it says nothing of style sheets.
    pub(crate) scripts_only: bool,
    /// Facts for people.
    pub(crate) notes: Vec<String>,
    /// What is missing or wrong, without the manifest's path.
    pub(crate) faults: Vec<String>,
}

/// What may still be kept of a manifest.
pub(crate) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MOST_TEXT)
    }
}

impl Room {
    /// `text`, if there is room for it.
    ///
    /// # Errors
    /// The manifest has more names than are kept.
    pub(crate) fn keep(&mut self, reader: &Reader, text: &str) -> Result<String, InputError> {
        self.charge(reader, text.len() + NAME_COST)?;
        Ok(text.to_owned())
    }

    /// Sees that there is room for `bytes` more.
    ///
    /// # Errors
    /// There is not.
    pub(crate) fn charge(&mut self, reader: &Reader, bytes: usize) -> Result<(), InputError> {
        self.0 =
            self.0.checked_sub(bytes).ok_or_else(|| reader.malformed("holds more than is kept of it (256 MiB)"))?;
        Ok(())
    }

    /// Takes a string.
    ///
    /// # Errors
    /// Another kind of value; no room.
    pub(crate) fn text(&mut self, reader: &mut Reader) -> Result<String, InputError> {
        let text = reader.string()?.into_owned();
        self.keep(reader, &text)
    }

    /// Takes an array of strings; `null` is an empty one.
    ///
    /// # Errors
    /// Another kind of value; no room.
    pub(crate) fn texts(&mut self, reader: &mut Reader) -> Result<Vec<String>, InputError> {
        let mut texts = Vec::new();
        reader.null_or(|reader| {
            reader.array(|reader| {
                texts.push(self.text(reader)?);
                Ok(())
            })
        })?;
        Ok(texts)
    }
}

/// Takes `true` or `false`; `null` is false.
///
/// # Errors
/// Another kind of value.
pub(crate) fn flag(reader: &mut Reader) -> Result<bool, InputError> {
    Ok(reader.null_or(Reader::bool)?.unwrap_or(false))
}

/// Takes an object whose values are objects, calling `each` with every key; values of other kinds are passed over.
///
/// # Errors
/// Another kind of value, what `each` says.
pub(crate) fn objects(
    reader: &mut Reader,
    mut each: impl FnMut(&mut Reader, &str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    reader.object(|reader, key| if reader.kind()? == Json::Object { each(reader, key) } else { Ok(()) })
}

/// The name of a script or style sheet without query; none for another file, or one that only a development server sends.
pub(crate) fn loaded(name: &str) -> Option<&str> {
    let name = name.split(['?', '#']).next().unwrap_or(name);
    let counted = matches!(Kind::of(name), Kind::Js | Kind::Css) && !name.contains(".hot-update.");
    counted.then_some(name)
}

/// What `graphs`, read from the manifest at `path`, say of `build`; none where they tell of no file of it.
///
/// # Errors
/// They fit the build in more than one way, or loads are too many to tell apart.
pub(crate) fn account(build: &Build<'_>, path: &str, graphs: &[Graph]) -> Result<Option<Account>, Problem> {
    let wrap = |cause: Cause, message: &str| Problem::new(cause, format!("{path}: {message}")).at(path);
    let placed = placed(build, graphs).map_err(|message| wrap(Cause::Unreadable, &message))?;
    let (here, others): (Vec<_>, Vec<_>) = graphs.iter().zip(&placed).partition(|(_, place)| place.is_some());
    let mut account = Account::default();
    for (graph, _) in if here.is_empty() { &others } else { &here } {
        let faults = graph.faults.iter().cloned().chain(graph.dangling());
        account.problems.extend(faults.map(|fault| wrap(Cause::NoEvidence, &fault)));
        account.notes.extend(graph.notes.iter().map(|note| format!("{path}: {note}")));
    }
    let Some((first, _)) = here.first() else {
        let says = build.manifest.is_some() && !account.problems.is_empty();
        return Ok(says.then_some(account));
    };
    account.bundler.clone_from(&first.bundler);
    if here.iter().any(|(graph, _)| graph.scripts_only) && build.files.iter().any(|file| Kind::of(file) == Kind::Css) {
        let message = "says nothing of style sheets, and the build has some: which are loaded is not known";
        account.problems.push(wrap(Cause::NoEvidence, message));
    }
    if !others.is_empty() {
        let names =
            others.iter().take(MOST_NAMED).map(|(graph, _)| graph.name.as_deref().unwrap_or("one without a name"));
        let (names, dir) = (names.collect::<Vec<_>>().join(", "), build.dir);
        account.notes.push(format!("{path}: compilations that put nothing into {dir} left out: {names}"));
    }
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    let mut missing = BTreeSet::new();
    let mut budget = Budget { steps: MOST_STEPS, files: MOST_FILES };
    for ((graph, place), label) in here.iter().zip(labels(here.iter().map(|(graph, _)| *graph))) {
        let Some(place) = place else { continue };
        for (entry, start) in &graph.entries {
            let (now, later) = graph
                .reached(start, &mut budget)
                .ok_or_else(|| wrap(Cause::Unfinished, "its entries and chunks are too many to be followed"))?;
            let mut paths = |names: BTreeSet<&str>| -> BTreeSet<String> {
                let paths = names.into_iter().map(|name| place.apply(name));
                let (here, gone): (BTreeSet<_>, BTreeSet<_>) =
                    paths.partition(|path| build.files.contains(path.as_str()));
                missing.extend(gone);
                here
            };
            let (initial, lazy) = (paths(now), paths(later));
            let name = format!("{label}{entry}");
            if initial.is_empty() {
                account.notes.push(format!("{path}: entry {name} brings no script and no style sheet of the build"));
                continue;
            }
            let none =
                Load { start: Start::Entry, name: name.clone(), initial: BTreeSet::new(), lazy: BTreeSet::new() };
            let load = loads.entry(name).or_insert(none);
            load.initial.extend(initial);
            load.lazy.extend(lazy);
            load.lazy = &load.lazy - &load.initial;
        }
    }
    account.loads = loads.into_values().collect();
    account.problems.extend(build.missing(path, missing.iter().map(String::as_str)));
    if account.loads.is_empty() && account.problems.is_empty() {
        account.problems.push(wrap(Cause::NoEvidence, "names no entry that brings a file of the build"));
    }
    Ok(Some(account))
}

/// Where the files of each of `graphs` lie; none for one that wrote none of `build`.
///
/// # Errors
/// One fits in more than one place; the message says so.
fn placed(build: &Build<'_>, graphs: &[Graph]) -> Result<Vec<Option<Place>>, String> {
    let find = |graph: &Graph| place::find(build, &graph.names(), graph.output.as_deref());
    let mut placed = graphs.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    // Two compilations may have files of the same names: where folders tell them apart, they decide.
    if placed.iter().flatten().any(|place| place.agrees) {
        placed.iter_mut().for_each(|place| *place = place.take().filter(|place| place.agrees));
    }
    Ok(placed)
}

/// What stands before the names of entries of each of several `graphs`: its name, or its place where it has none of its own.
fn labels<'a>(graphs: impl Iterator<Item = &'a Graph> + Clone) -> Vec<String> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for graph in graphs.clone() {
        *times.entry(graph.name.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let several = times.values().sum::<usize>() > 1;
    let label = |(at, graph): (usize, &'a Graph)| match graph.name.as_deref() {
        _ if !several => String::new(),
        Some(name) if times.get(name) == Some(&1) => format!("{name}/"),
        _ => format!("{}/", at + 1),
    };
    graphs.enumerate().map(label).collect()
}

/// How much following may cost, over all loads.
struct Budget {
    steps: usize,
    files: usize,
}

impl Graph {
    /// The scripts and style sheets it names.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let chunks = self.chunks.values().chain(self.entries.values());
        chunks.flat_map(|chunk| &chunk.files).filter_map(|name| loaded(name)).collect()
    }

    /// Says which chunks are brought that are not described, if any.
    fn dangling(&self) -> Option<String> {
        let chunks = self.chunks.values().chain(self.entries.values());
        let keys = chunks.flat_map(|chunk| chunk.now.iter().chain(&chunk.later));
        let gone: BTreeSet<&str> =
            keys.filter(|key| !self.chunks.contains_key(*key)).map(String::as_str).take(MOST_NAMED).collect();
        let named = gone.into_iter().collect::<Vec<_>>().join(", ");
        (!named.is_empty()).then(|| format!("names chunks that it does not describe: {named}; build again"))
    }

    /// The files that `start` brings at once, and the others that it may bring later; none when that is too much.
    fn reached<'a>(&'a self, start: &'a Chunk, budget: &mut Budget) -> Option<(BTreeSet<&'a str>, BTreeSet<&'a str>)> {
        let mut chunks = vec![start];
        let mut seen = BTreeSet::new();
        self.close(&mut chunks, &mut seen, budget, |chunk| [&chunk.now, &[]])?;
        let files = |chunks: &[&'a Chunk]| -> BTreeSet<&'a str> {
            chunks.iter().flat_map(|chunk| &chunk.files).filter_map(|name| loaded(name)).collect()
        };
        let now = files(&chunks);
        self.close(&mut chunks, &mut seen, budget, |chunk| [&chunk.now, &chunk.later])?;
        let later = &files(&chunks) - &now;
        budget.files = budget.files.checked_sub(now.len() + later.len())?;
        Some((now, later))
    }

    /// Adds to `chunks` what they lead to by `edges`, and all that leads to in turn.
    fn close<'a>(
        &'a self,
        chunks: &mut Vec<&'a Chunk>,
        seen: &mut BTreeSet<&'a str>,
        budget: &mut Budget,
        edges: impl Fn(&'a Chunk) -> [&'a [String]; 2],
    ) -> Option<()> {
        let mut at = 0;
        while let Some(chunk) = chunks.get(at).copied() {
            at += 1;
            let keys = edges(chunk);
            budget.steps = budget.steps.checked_sub(1 + keys.iter().map(|keys| keys.len()).sum::<usize>())?;
            for key in keys.into_iter().flatten() {
                if let Some((key, chunk)) = self.chunks.get_key_value(key)
                    && seen.insert(key)
                {
                    chunks.push(chunk);
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
