//! The raw data of rollup-plugin-visualizer (`template: "raw-data"`), as the plugin writes it in its version 2 of the data.
//!
//! `nodeMetas` has the modules: in which files parts of each lie (`moduleParts`), what it imports (`imported`: `uid`,
//! `dynamic`), and whether the build begins with it (`isEntry`). It says nothing of style sheets.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;

use crate::readers::graph::{Chunk, Graph, Room, flag, objects};

/// How many files a problem names.
const MOST_NAMED: usize = 5;

/// The files and modules of the data: a file brings the modules in it, a module the files it lies in and what it imports.
///
/// # Errors
/// It is not of that form.
pub(crate) fn graph(reader: &mut Reader) -> Result<Graph, InputError> {
    let note = "from modules, not from chunks: what a module imports counts although all of it may have been dropped";
    let mut graph =
        Graph { bundler: "Rollup".to_owned(), scripts_only: true, notes: vec![note.to_owned()], ..Graph::default() };
    let mut files: BTreeMap<String, Chunk> = BTreeMap::new();
    let mut room = Room::default();
    reader.object(|reader, key| match key {
        "nodeMetas" => objects(reader, |reader, uid| {
            let uid = room.keep(reader, uid)?;
            let module = module(reader, &mut room)?;
            for file in &module.chunk.now {
                let chunk = files.entry(file.clone()).or_default();
                chunk.now.push(room.keep(reader, &uid)?);
            }
            if let Some(name) = module.entry {
                graph.entries.entry(name).or_default().now.push(uid.clone());
            }
            let mut chunk = module.chunk;
            chunk.now = chunk.now.iter().map(|file| key_of(file)).chain(module.imports).collect();
            graph.chunks.insert(uid, chunk);
            Ok(())
        }),
        _ => Ok(()),
    })?;
    for (file, mut chunk) in files {
        let key = key_of(&file);
        chunk.files.push(file);
        graph.chunks.insert(key, chunk);
    }
    let unknown = unreached(&graph);
    if !unknown.is_empty() {
        let fault = format!(
            "does not say what loads {}; write the output bundle with a plugin instead",
            unknown.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ")
        );
        graph.faults.push(fault);
    }
    Ok(graph)
}

/// Files that no entry leads to: those of a bundler's own code, which nothing imports.
fn unreached(graph: &Graph) -> BTreeSet<&str> {
    let mut next: Vec<&Chunk> = graph.entries.values().collect();
    let mut seen = BTreeSet::new();
    while let Some(chunk) = next.pop() {
        for key in chunk.now.iter().chain(&chunk.later) {
            next.extend(graph.chunks.get(key).filter(|_| seen.insert(key)));
        }
    }
    let others = graph.chunks.iter().filter(|(key, _)| !seen.contains(key));
    others.flat_map(|(_, chunk)| &chunk.files).map(String::as_str).collect()
}

/// The key of a file among those of modules, which have no slash.
fn key_of(file: &str) -> String {
    format!("/{file}")
}

/// One module.
#[derive(Default)]
struct Module {
    /// Its name, where the build begins with it.
    entry: Option<String>,
    /// Keys of the modules that it imports.
    imports: Vec<String>,
    /// At once, the files it lies in; later, keys of modules.
    chunk: Chunk,
}

fn module(reader: &mut Reader, room: &mut Room) -> Result<Module, InputError> {
    let (mut module, mut id, mut is_entry) = (Module::default(), String::new(), false);
    reader.object(|reader, key| {
        match key {
            "id" => id = room.text(reader)?,
            "isEntry" => is_entry = flag(reader)?,
            "moduleParts" => reader.object(|reader, file| {
                module.chunk.now.push(room.keep(reader, file)?);
                Ok(())
            })?,
            "imported" => reader.array(|reader| {
                let (mut uid, mut dynamic) = (None, false);
                reader.object(|reader, key| {
                    match key {
                        "uid" => uid = Some(room.text(reader)?),
                        "dynamic" => dynamic = flag(reader)?,
                        _ => {}
                    }
                    Ok(())
                })?;
                if dynamic {
                    module.chunk.later.extend(uid)
                } else {
                    module.imports.extend(uid)
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    module.entry = is_entry.then(|| id.trim_start_matches('/').to_owned());
    Ok(module)
}

#[cfg(test)]
mod tests;
