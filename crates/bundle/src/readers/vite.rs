//! `manifest.json` of Vite, as its guide "Backend Integration" describes it.
//!
//! An object: the source of a chunk (`index.html`, `src/main.ts`; `_name-hash.js` for what several share) names its `file`, its
//! style sheets (`css`), the keys of the chunks it imports (`imports`) and may import later (`dynamicImports`), and whether a
//! page begins with it (`isEntry`).

use std::collections::BTreeMap;

use tollgate_check::paths;
use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;
use tollgate_model::Problem;

use crate::account::Account;
use crate::build::Build;
use crate::kind::Kind;
use crate::readers::graph::{Chunk, Graph, Room, flag, objects};
use crate::readers::manifest::{self, Format};

/// The key of the one style sheet that there is without `build.cssCodeSplit`.
const ONE_SHEET: &str = "style.css";

/// What the manifest of Vite says of `build`.
///
/// # Errors
/// It cannot be read, or does not fit the build.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    manifest::account(build, Format::Vite)
}

/// The chunks of the manifest.
///
/// # Errors
/// It is not of that form.
pub(crate) fn graph(reader: &mut Reader) -> Result<Graph, InputError> {
    let mut graph = Graph { bundler: "Vite".to_owned(), ..Graph::default() };
    let mut room = Room::default();
    let mut sources = Vec::new();
    objects(reader, |reader, key| {
        let (chunk, is_entry) = chunk(reader, &mut room)?;
        let key = room.keep(reader, key)?;
        if is_entry {
            sources.push(key.clone());
        }
        graph.chunks.insert(key, chunk);
        Ok(())
    })?;
    let (legacy, sources): (Vec<_>, Vec<_>) = sources.into_iter().partition(|key| is_legacy(key));
    if !legacy.is_empty() {
        let names = legacy.join(", ");
        graph.notes.push(format!("entries for old browsers are loaded instead of others, and left out: {names}"));
    }
    let sheet = one_sheet(&graph.chunks);
    if sheet.is_some() {
        graph.notes.push(format!("{ONE_SHEET} is the one style sheet of the build: each entry counts it"));
    }
    let start = |key: String| {
        let now = [Some(key.clone()), sheet.clone()].into_iter().flatten().collect();
        (key, Chunk { now, ..Chunk::default() })
    };
    graph.entries = sources.into_iter().map(start).collect::<BTreeMap<_, _>>();
    Ok(graph)
}

fn chunk(reader: &mut Reader, room: &mut Room) -> Result<(Chunk, bool), InputError> {
    let (mut chunk, mut is_entry) = (Chunk::default(), false);
    reader.object(|reader, key| {
        match key {
            "file" => chunk.files.push(room.text(reader)?),
            "css" => chunk.files.extend(room.texts(reader)?),
            "imports" => chunk.now = room.texts(reader)?,
            "dynamicImports" => chunk.later = room.texts(reader)?,
            "isEntry" => is_entry = flag(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok((chunk, is_entry))
}

/// Whether the entry was made by @vitejs/plugin-legacy: `src/main-legacy.ts`, `vite/legacy-polyfills-legacy`.
fn is_legacy(key: &str) -> bool {
    let name = paths::name(key);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).ends_with("-legacy")
}

/// The key of the style sheet that no chunk names, if it is the only one of the build.
fn one_sheet(chunks: &BTreeMap<String, Chunk>) -> Option<String> {
    let sheet = chunks.get(ONE_SHEET)?.files.first()?;
    let sheets = chunks.values().flat_map(|chunk| &chunk.files).filter(|file| Kind::of(file) == Kind::Css);
    (sheets.collect::<Vec<_>>() == [sheet]).then(|| ONE_SHEET.to_owned())
}

#[cfg(test)]
mod tests;
