//! Statistics of webpack 4 and 5 and of Rspack, as webpack's page "Stats Data" describes them.
//!
//! `entrypoints` names the files (`assets`) of each entry. `chunks` names the files of each chunk, the chunks that lead to it
//! (`parents`) and those it leads to (`children`). Several compilations stand in `children`, each with statistics of its own.
//! Modules, hundreds of megabytes of them, are passed over.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind as Json, Reader};
use tollgate_model::{Problem, format};

use crate::account::Account;
use crate::build::Build;
use crate::readers::graph::{Chunk, Graph, Room, flag, objects};
use crate::readers::manifest::{self, Format};

/// What statistics must hold, for people.
const NEEDED: &str = "have them written with `stats: { all: false, entrypoints: true, chunks: true, chunkRelations: true, ids: true, \
                      outputPath: true, errors: true, version: true }`";

/// The statistics of one compilation.
#[derive(Default)]
struct Stats {
    name: Option<String>,
    output: Option<String>,
    version: Option<String>,
    rspack: Option<String>,
    errors: u64,
    entries: BTreeMap<String, Entry>,
    chunks: BTreeMap<String, Piece>,
    /// Whether chunks said which lead to which.
    related: bool,
    children: Vec<Self>,
}

/// An entry point: its files and chunks.
#[derive(Default)]
struct Entry {
    assets: Vec<String>,
    chunks: Vec<String>,
}

/// One chunk.
#[derive(Default)]
struct Piece {
    files: Vec<String>,
    names: Vec<String>,
    parents: Vec<String>,
    children: Vec<String>,
    /// Whether it was split off, for several groups of chunks to share.
    split: bool,
    /// Whether it starts webpack's own code.
    runtime: bool,
}

/// What the statistics of webpack or Rspack say of `build`.
///
/// # Errors
/// They cannot be read, or do not fit the build.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    manifest::account(build, Format::Webpack)
}

/// The chunks of each compilation.
///
/// # Errors
/// The text is not of that form.
pub(crate) fn graphs(reader: &mut Reader) -> Result<Vec<Graph>, InputError> {
    let mut stats = stats(reader, &mut Room::default(), true)?;
    // Compilations of plugins stand below that of the application and make no part of it.
    let compilations = match (stats.entries.is_empty(), std::mem::take(&mut stats.children)) {
        (true, children) if !children.is_empty() => children,
        _ => vec![stats],
    };
    Ok(compilations.into_iter().map(Stats::graph).collect())
}

/// Takes the statistics of one compilation, and of those below it if `with_children`.
fn stats(reader: &mut Reader, room: &mut Room, with_children: bool) -> Result<Stats, InputError> {
    room.charge(reader, size_of::<Stats>())?;
    let mut stats = Stats::default();
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("name", Json::String) => stats.name = Some(room.text(reader)?),
            ("outputPath", Json::String) => stats.output = Some(room.text(reader)?),
            ("version", Json::String) => stats.version = Some(room.text(reader)?),
            ("rspackVersion", Json::String) => stats.rspack = Some(room.text(reader)?),
            ("errorsCount", Json::Number) => stats.errors = stats.errors.max(reader.number()?.as_u64().unwrap_or(0)),
            ("errors", Json::Array) => {
                let mut errors = 0;
                reader.array(|_| {
                    errors += 1;
                    Ok(())
                })?;
                stats.errors = stats.errors.max(errors);
            }
            ("entrypoints", Json::Object) => objects(reader, |reader, name| {
                let name = room.keep(reader, name)?;
                stats.entries.insert(name, entry(reader, room)?);
                Ok(())
            })?,
            ("chunks", Json::Array) => reader.array(|reader| {
                let (id, piece, related) = piece(reader, room)?;
                stats.related |= related;
                stats.chunks.insert(id, piece);
                Ok(())
            })?,
            ("children", Json::Array) if with_children => reader.array(|reader| {
                stats.children.push(self::stats(reader, room, false)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(stats)
}

fn entry(reader: &mut Reader, room: &mut Room) -> Result<Entry, InputError> {
    let mut entry = Entry::default();
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("assets", Json::Array) => reader.array(|reader| asset(reader, room, &mut entry.assets))?,
            ("chunks", Json::Array) => entry.chunks = ids(reader, room)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(entry)
}

/// Takes the name of a file: a string in webpack 4, an object with `name` since.
fn asset(reader: &mut Reader, room: &mut Room, names: &mut Vec<String>) -> Result<(), InputError> {
    if reader.kind()? == Json::String {
        names.push(room.text(reader)?);
        return Ok(());
    }
    reader.object(|reader, key| {
        if key == "name" {
            names.push(room.text(reader)?);
        }
        Ok(())
    })
}

/// Takes a chunk: its id, itself, and whether it says which chunks it leads to.
fn piece(reader: &mut Reader, room: &mut Room) -> Result<(String, Piece, bool), InputError> {
    room.charge(reader, size_of::<Piece>())?;
    let (mut id, mut piece, mut related) = (None, Piece::default(), false);
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("id", _) => id = self::id(reader, room)?,
            ("files", Json::Array) => piece.files = room.texts(reader)?,
            ("names", Json::Array) => piece.names = room.texts(reader)?,
            ("parents", Json::Array) => piece.parents = ids(reader, room)?,
            ("children", Json::Array) => {
                piece.children = ids(reader, room)?;
                related = true;
            }
            ("reason", Json::String) => piece.split = reader.string_prefix(64)?.0.contains("split chunk"),
            ("entry", Json::Bool) => piece.runtime = flag(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    let id = id.ok_or_else(|| reader.malformed(format!("a chunk without `id`; {NEEDED}")))?;
    Ok((id, piece, related))
}

fn ids(reader: &mut Reader, room: &mut Room) -> Result<Vec<String>, InputError> {
    let mut ids = Vec::new();
    reader.array(|reader| {
        ids.extend(id(reader, room)?);
        Ok(())
    })?;
    Ok(ids)
}

/// Takes the id of a chunk, a number or a string.
fn id(reader: &mut Reader, room: &mut Room) -> Result<Option<String>, InputError> {
    match reader.kind()? {
        Json::String => Ok(Some(room.text(reader)?)),
        Json::Number => {
            let number = reader.number()?.to_string();
            room.keep(reader, &number).map(Some)
        }
        _ => Ok(None),
    }
}

impl Stats {
    fn graph(self) -> Graph {
        let bundler = match (&self.rspack, &self.version) {
            (Some(version), _) => format!("Rspack {version}"),
            (None, Some(version)) => format!("webpack {version}"),
            (None, None) => "webpack".to_owned(),
        };
        let (faults, chunks) = (self.faults(), self.related());
        let entries = self.entries.into_iter();
        let entries = entries.map(|(name, entry)| {
            let now = if self.related { entry.chunks } else { Vec::new() };
            (name, Chunk { files: entry.assets, now, ..Chunk::default() })
        });
        Graph {
            bundler,
            name: self.name,
            output: self.output,
            chunks,
            entries: entries.collect(),
            faults,
            ..Graph::default()
        }
    }

    /// The chunks with what each brings.
    ///
    /// A chunk that several groups share is the parent of all that any of them loads later: the other chunks of the groups tell
    /// what belongs to which, where there are others. An entry that depends on another (`dependOn`) is a child of it, with all
    /// its chunks, yet nothing that the other loads: it is the other that is loaded before.
    fn related(&self) -> BTreeMap<String, Chunk> {
        let of_entries: BTreeSet<&String> = self.entries.values().flat_map(|entry| &entry.chunks).collect();
        let is_entry = |piece: &Piece| piece.names.iter().any(|name| self.entries.contains_key(name));
        let is_shared = |piece: &Piece| !is_entry(piece) && (piece.split || piece.runtime);
        let own = self.chunks.values().filter(|piece| !is_shared(piece));
        let told: BTreeSet<&String> = own.flat_map(|piece| &piece.children).collect();
        let related = self.chunks.iter().map(|(id, piece)| {
            let has_dependents = piece.children.iter().filter_map(|id| self.chunks.get(id)).any(is_entry);
            let is_later = |id: &&String| match of_entries.contains(id) {
                true if has_dependents => false,
                _ => !is_shared(piece) || !told.contains(id),
            };
            let later = piece.children.iter().filter(is_later).cloned().collect();
            let now = if is_entry(piece) { piece.parents.clone() } else { Vec::new() };
            (id.clone(), Chunk { files: piece.files.clone(), now, later })
        });
        related.collect()
    }

    /// What the statistics do not say.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.errors > 0 {
            faults.push(format!("is of a build that ended with {}; build again", format::things(self.errors, "error")));
        }
        if self.entries.values().all(|entry| entry.assets.is_empty()) {
            faults.push(format!("names no files of entry points; {NEEDED}"));
        } else if !self.related {
            faults.push(format!("does not say which chunks are loaded later; {NEEDED}"));
        }
        faults
    }
}

#[cfg(test)]
mod tests;
