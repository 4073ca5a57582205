//! `…_client-reference-manifest.js`: the client components of one page of the app router.
//!
//! It is a script that assigns JSON to a property: `globalThis.__RSC_MANIFEST["/tanks/page"]={…}`. Nothing of it is run.

use std::collections::BTreeMap;
use std::io::Cursor;

use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{InputError, Source, Window};
use tollgate_model::{Cause, Problem};

use super::manifests::{id, strings, text};
use crate::build::Build;

/// The property that is assigned to.
const PROPERTY: &str = "__RSC_MANIFEST[";

/// Longest string of the manifest, in bytes.
const LONGEST: usize = 1 << 20;

/// What of it is needed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct References {
    /// Client components that have chunks.
    pub(super) modules: Vec<Module>,
    /// Entry, as a path of the machine that built it or after `[project]`, -> its style sheets that are files.
    pub(super) styles: BTreeMap<String, Vec<String>>,
    /// The same of its scripts; Turbopack alone says them.
    pub(super) scripts: BTreeMap<String, Vec<String>>,
}

/// One client component, as the server tells the browser of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Module {
    /// Its id, as scripts call it.
    pub(super) id: String,
    /// The chunks that are loaded for it.
    pub(super) chunks: Vec<String>,
}

impl References {
    /// Every file that it names. Turbopack gives chunks of modules by their address, `/_next/static/…`.
    pub(super) fn all(&self) -> Vec<String> {
        let modules = self.modules.iter().flat_map(|module| &module.chunks);
        let named = modules.chain(self.styles.values().flatten()).chain(self.scripts.values().flatten());
        named.map(|name| name[name.find("static/").unwrap_or(0)..].to_owned()).collect()
    }

    /// Reads the manifest at `path`, relative to the root.
    ///
    /// # Errors
    /// It is missing, or not of that shape.
    pub(super) fn read(build: &Build<'_>, path: &str) -> Result<Self, Problem> {
        let script = build.text(path)?;
        let Some(start) = json_start(&script) else {
            let message =
                format!("{path}: expected an assignment to {PROPERTY}…] of what `next build` writes; build again");
            return Err(Problem::new(Cause::Unreadable, message).at(path));
        };
        parse(path, script, start).map_err(|error| error.problem())
    }
}

/// Where the JSON begins that is assigned to the property: behind its name in quotes, `]` and `=`.
pub(super) fn json_start(script: &str) -> Option<usize> {
    let mut starts = script.match_indices(PROPERTY).map(|(at, property)| &script[at + property.len()..]);
    starts.find_map(|rest| {
        let value = after_string(rest.trim_start())?.trim_start().strip_prefix(']')?.trim_start();
        let value = value.strip_prefix('=')?.trim_start();
        value.starts_with('{').then(|| script.len() - value.len())
    })
}

/// What follows the string in double quotes that `text` begins with.
fn after_string(text: &str) -> Option<&str> {
    let text = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    Some(&text[end + 1..])
}

/// Takes the JSON that begins at `start`. What stands before it is made blank, so that lines are those of the file; what
/// follows it is not looked at.
fn parse(path: &str, script: String, start: usize) -> Result<References, InputError> {
    let mut bytes = script.into_bytes();
    let before = bytes.get_mut(..start).unwrap_or_default();
    before.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    let limit = bytes.len() as u64;
    let mut reader = Reader::new(Window::new(Source::new(path, Box::new(Cursor::new(bytes)), limit), LONGEST)?);
    let mut references = References::default();
    let mut says_nothing = true;
    reader.object(|reader, key| {
        says_nothing &= !["clientModules", "entryCSSFiles", "entryJSFiles"].contains(&key);
        match key {
            "clientModules" => reader.object(|reader, key| {
                let module = module(reader)?;
                if !is_style(key) && !module.chunks.is_empty() {
                    references.modules.push(module);
                }
                Ok(())
            }),
            "entryCSSFiles" => reader.object(|reader, entry| {
                references.styles.insert(entry.to_owned(), styles(reader)?);
                Ok(())
            }),
            "entryJSFiles" => reader.object(|reader, entry| {
                references.scripts.insert(entry.to_owned(), strings(reader)?);
                Ok(())
            }),
            _ => Ok(()),
        }
    })?;
    if says_nothing {
        return Err(
            reader.malformed("expected `clientModules` and `entryCSSFiles`, which `next build` writes; build again")
        );
    }
    Ok(references)
}

/// A client component. Among its chunks stand their ids, which are passed over.
fn module(reader: &mut Reader) -> Result<Module, InputError> {
    let mut module = Module::default();
    reader.object(|reader, key| match key {
        "id" => {
            module.id = id(reader)?.unwrap_or_default();
            Ok(())
        }
        "chunks" => reader.array(|reader| {
            if reader.kind()? == Kind::String {
                module.chunks.push(text(reader)?);
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    module.chunks.retain(|chunk| chunk.contains("static/"));
    Ok(module)
}

/// The style sheets of an entry: paths, or since 15 objects, of which those that stand in the page itself are no files.
fn styles(reader: &mut Reader) -> Result<Vec<String>, InputError> {
    let mut styles = Vec::new();
    reader.array(|reader| {
        if reader.kind()? == Kind::String {
            styles.push(text(reader)?);
            return Ok(());
        }
        let (mut path, mut is_inlined) = (None, false);
        reader.object(|reader, key| {
            match key {
                "path" => path = Some(text(reader)?),
                "inlined" => is_inlined = reader.bool()?,
                _ => {}
            }
            Ok(())
        })?;
        styles.extend(path.filter(|_| !is_inlined));
        Ok(())
    })?;
    Ok(styles)
}

/// Whether a module is a style sheet: the server links it and never asks for its chunk. What follows `?` or `#` is no part
/// of its name.
pub(super) fn is_style(module: &str) -> bool {
    let name = module.split(['?', '#']).next().unwrap_or(module);
    [".css", ".scss", ".sass", ".less"].iter().any(|extension| name.ends_with(extension))
}
