//! The metafile of esbuild, as its API's section "Metafile" describes it; tsup and others hand it on as it is.
//!
//! `outputs` names each file written: the source it begins with (`entryPoint`), the style sheet that belongs to it
//! (`cssBundle`), and what it imports (`imports`: `path`, `kind`, `external`).

use std::collections::{BTreeMap, BTreeSet};

use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;
use tollgate_model::Problem;

use crate::account::Account;
use crate::build::Build;
use crate::readers::graph::{Chunk, Graph, Room, flag, objects};
use crate::readers::manifest::{self, Format};

/// One file that was written.
#[derive(Default)]
struct Output {
    entry: Option<String>,
    sheet: Option<String>,
    chunk: Chunk,
}

/// What the metafile of esbuild says of `build`.
///
/// # Errors
/// It cannot be read, or does not fit the build.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    manifest::account(build, Format::Esbuild)
}

/// The outputs of the metafile. esbuild marks what is imported by `import()` as an entry point too: it is none here. The style
/// sheet of an entry holds the styles of all that it may import, so those of its parts are not loaded.
///
/// # Errors
/// It is not of that form.
pub(crate) fn graph(reader: &mut Reader) -> Result<Graph, InputError> {
    let mut room = Room::default();
    let mut outputs = BTreeMap::new();
    reader.object(|reader, key| match key {
        "outputs" => objects(reader, |reader, path| {
            let mut output = output(reader, &mut room)?;
            let path = room.keep(reader, path)?;
            output.chunk.files.push(path.clone());
            outputs.insert(path, output);
            Ok(())
        }),
        _ => Ok(()),
    })?;
    let mut graph = Graph { bundler: "esbuild".to_owned(), ..Graph::default() };
    let parts: BTreeSet<String> = outputs.values().flat_map(|output| output.chunk.later.clone()).collect();
    for (path, output) in outputs {
        if let Some(entry) = output.entry.filter(|_| !parts.contains(&path)) {
            let start = graph.entries.entry(entry).or_default();
            start.now.push(path.clone());
            start.files.extend(output.sheet);
        }
        graph.chunks.insert(path, output.chunk);
    }
    Ok(graph)
}

fn output(reader: &mut Reader, room: &mut Room) -> Result<Output, InputError> {
    let mut output = Output::default();
    reader.object(|reader, key| {
        match key {
            "entryPoint" => output.entry = Some(room.text(reader)?),
            "cssBundle" => output.sheet = Some(room.text(reader)?),
            "imports" => reader.array(|reader| import(reader, room, &mut output.chunk))?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(output)
}

/// Adds what is imported here to what `chunk` brings. Images and the like are no chunks.
fn import(reader: &mut Reader, room: &mut Room, chunk: &mut Chunk) -> Result<(), InputError> {
    let (mut path, mut kind, mut external) = (None, String::new(), false);
    reader.object(|reader, key| {
        match key {
            "path" => path = Some(room.text(reader)?),
            "kind" => kind = reader.string()?.into_owned(),
            "external" => external = flag(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    match kind.as_str() {
        _ if external => {}
        "import-statement" | "require-call" | "import-rule" => chunk.now.extend(path),
        "dynamic-import" => chunk.later.extend(path),
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
