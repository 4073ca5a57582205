//! The output bundle of Rollup, as its plugin hook `generateBundle` describes it and plugins write it: an object of chunks and
//! assets by their file name, or an array of them. Rolldown and Vite have the same form.
//!
//! A chunk (`type: "chunk"`) has a `fileName`, a `name`, the files it `imports` and may import later (`dynamicImports`), among
//! them modules outside the build by their id; and whether it `isEntry`. Vite adds `viteMetadata.importedCss`.

use std::collections::BTreeSet;

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind as Json, Reader};
use tollgate_model::Problem;

use crate::account::Account;
use crate::build::Build;
use crate::readers::graph::{Chunk, Graph, Room, flag, objects};
use crate::readers::manifest::{self, Format};

/// One record of the bundle.
#[derive(Default)]
struct Record {
    file: String,
    name: Option<String>,
    is_entry: bool,
    /// A `Set` of style sheets that became `{}` on its way to JSON.
    lost_sheets: bool,
    chunk: Chunk,
}

/// What the output bundle of Rollup, or the raw data of rollup-plugin-visualizer, says of `build`.
///
/// # Errors
/// It cannot be read, or does not fit the build.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    match manifest::account(build, Format::Rollup)? {
        Some(account) => Ok(Some(account)),
        None => manifest::account(build, Format::Visualizer),
    }
}

/// The chunks of the bundle.
///
/// # Errors
/// It is not of that form.
pub(crate) fn graph(reader: &mut Reader) -> Result<Graph, InputError> {
    let mut room = Room::default();
    let mut records = Vec::new();
    let mut take = |reader: &mut Reader| {
        records.push(record(reader, &mut room)?);
        Ok(())
    };
    match reader.kind()? {
        Json::Array => reader.array(take)?,
        _ => objects(reader, |reader, _| take(reader))?,
    }
    let mut graph = Graph { bundler: "Rollup".to_owned(), ..Graph::default() };
    if records.iter().any(|record| record.lost_sheets) {
        let fault =
            "viteMetadata.importedCss is no list: style sheets are not known; write the set as `[...importedCss]`";
        graph.faults.push(fault.to_owned());
    }
    for record in records {
        if record.is_entry {
            let start = graph.entries.entry(record.name.unwrap_or_else(|| record.file.clone())).or_default();
            start.now.push(record.file.clone());
        }
        graph.chunks.insert(record.file, record.chunk);
    }
    leave_out_foreign(&mut graph);
    Ok(graph)
}

/// Drops imports that lead to no file of the bundle: they are modules outside it.
fn leave_out_foreign(graph: &mut Graph) {
    let files: BTreeSet<String> = graph.chunks.keys().cloned().collect();
    for chunk in graph.chunks.values_mut() {
        chunk.now.retain(|file| files.contains(file));
        chunk.later.retain(|file| files.contains(file));
    }
}

fn record(reader: &mut Reader, room: &mut Room) -> Result<Record, InputError> {
    let mut record = Record::default();
    reader.object(|reader, key| {
        match key {
            "fileName" => record.file = room.text(reader)?,
            "name" if reader.kind()? == Json::String => record.name = Some(room.text(reader)?),
            "isEntry" => record.is_entry = flag(reader)?,
            "imports" => record.chunk.now = room.texts(reader)?,
            "dynamicImports" => record.chunk.later = room.texts(reader)?,
            "viteMetadata" => sheets(reader, room, &mut record)?,
            _ => {}
        }
        Ok(())
    })?;
    if record.file.is_empty() {
        return Err(reader.malformed("a chunk or asset without `fileName`"));
    }
    record.chunk.files.push(record.file.clone());
    Ok(record)
}

/// Takes what Vite adds: the style sheets of the chunk.
fn sheets(reader: &mut Reader, room: &mut Room, record: &mut Record) -> Result<(), InputError> {
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("importedCss", Json::Array) => record.chunk.files.extend(room.texts(reader)?),
            ("importedCss", _) => record.lost_sheets = true,
            _ => {}
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
