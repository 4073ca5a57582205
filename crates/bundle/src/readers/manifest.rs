//! Manifests by their content: which bundler wrote one, and where they usually lie.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind as Json, Reader};
use tollgate_model::{Cause, Problem};

use crate::account::Account;
use crate::build::Build;
use crate::readers::graph::{self, Graph};
use crate::readers::{esbuild, rollup, visualizer, vite, webpack};

/// What a manifest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `manifest.json` of Vite.
    Vite,
    /// Statistics of webpack or Rspack.
    Webpack,
    /// The metafile of esbuild.
    Esbuild,
    /// The output bundle of Rollup, as a plugin wrote it.
    Rollup,
    /// The raw data of rollup-plugin-visualizer.
    Visualizer,
}

/// What is known, for people.
const KNOWN: &str = "known are manifest.json of Vite (`build.manifest: true`), statistics of webpack and Rspack (`--json=stats.json`), \
                     the metafile of esbuild (`--metafile=meta.json`), the output bundle of Rollup written by a plugin, and raw data \
                     of rollup-plugin-visualizer";

/// Where nobody but Vite writes.
const OF_VITE: &str = ".vite/manifest.json";

impl Format {
    /// Where its manifests usually lie, relative to the build folder.
    fn places(self) -> &'static [&'static str] {
        match self {
            Self::Vite => &[OF_VITE, "manifest.json"],
            _ => &["stats.json", "../stats.json", "meta.json", "metafile.json"],
        }
    }

    /// Takes the output of each run of the bundler from the text of a manifest.
    ///
    /// # Errors
    /// It is not of this form.
    pub(crate) fn graphs(self, reader: &mut Reader) -> Result<Vec<Graph>, InputError> {
        match self {
            Self::Vite => vite::graph(reader).map(|graph| vec![graph]),
            Self::Webpack => webpack::graphs(reader),
            Self::Esbuild => esbuild::graph(reader).map(|graph| vec![graph]),
            Self::Rollup => rollup::graph(reader).map(|graph| vec![graph]),
            Self::Visualizer => visualizer::graph(reader).map(|graph| vec![graph]),
        }
    }
}

/// What the manifest of `format` says of `build`: the one that is named, else one that lies where they usually do. None where
/// there is none; and where one that is neither named nor in a place of its own tells of no file of the build.
///
/// # Errors
/// It cannot be read, or does not fit the build.
pub(crate) fn account(build: &Build<'_>, format: Format) -> Result<Option<Account>, Problem> {
    if let Some(path) = build.manifest {
        let ours = recognise(build, path)? == Some(format);
        return if ours { fitting(build, format, path).map(Some) } else { Ok(None) };
    }
    for place in format.places() {
        let Some(path) = build.root.relative(&build.at(place)).filter(|path| build.has(path)) else { continue };
        let ours = *place == OF_VITE || recognise(build, &path)? == Some(format);
        // What lies in the build folder is about this build; what lies above it may be about another.
        if ours && !place.starts_with("../") {
            return fitting(build, format, &path).map(Some);
        }
        if ours && let Some(account) = told(build, format, &path)? {
            return Ok(Some(account));
        }
    }
    Ok(None)
}

fn told(build: &Build<'_>, format: Format, path: &str) -> Result<Option<Account>, Problem> {
    graph::account(build, path, &build.json(path, |reader| format.graphs(reader))?)
}

/// The same of a manifest that can only be this build's.
fn fitting(build: &Build<'_>, format: Format, path: &str) -> Result<Account, Problem> {
    told(build, format, path)?.ok_or_else(|| {
        let message = format!("{path}: names no file of {}; build again, or name the folder with `dir`", build.dir);
        Problem::new(Cause::NoEvidence, message).at(path)
    })
}

/// Refuses a named manifest that nobody knows.
///
/// # Errors
/// It is not there, cannot be read, or is of no known format.
pub(crate) fn refuse(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    let Some(path) = build.manifest else { return Ok(None) };
    if recognise(build, path)?.is_some() {
        return Ok(None);
    }
    // Text that is no JSON has a message of its own.
    build.json(path, Reader::skip)?;
    Err(Problem::new(Cause::Unreadable, format!("{path}: is no manifest of a bundler that is known; {KNOWN}")).at(path))
}

fn recognise(build: &Build<'_>, path: &str) -> Result<Option<Format>, Problem> {
    Ok(format(&mut build.reader(path)?))
}

/// What the text of `reader` is, as far as its beginning tells. What is wrong with it is left to whoever reads the whole.
pub(crate) fn format(reader: &mut Reader) -> Option<Format> {
    let mut found = None;
    look(reader, &mut found).ok();
    found
}

/// Reads until what is there is `found`, which ends it with an error.
fn look(reader: &mut Reader, found: &mut Option<Format>) -> Result<(), InputError> {
    if reader.kind()? == Json::Array {
        return reader.array(|reader| {
            *found = record(reader)?.filter(|format| *format == Format::Rollup);
            Err(reader.malformed("seen"))
        });
    }
    let (mut inputs, mut outputs, mut errors) = (false, false, false);
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("entrypoints" | "assetsByChunkName" | "namedChunkGroups", Json::Object)
            | ("outputPath", Json::String)
            | ("errorsCount", Json::Number) => *found = Some(Format::Webpack),
            ("nodeParts" | "nodeMetas", Json::Object) => *found = Some(Format::Visualizer),
            ("inputs", Json::Object) => inputs = true,
            ("outputs", Json::Object) => outputs = true,
            ("errors", Json::Array) => errors = true,
            ("warnings" | "children", Json::Array) if errors => *found = Some(Format::Webpack),
            (_, Json::Object) => *found = record(reader)?,
            _ => {}
        }
        if inputs && outputs {
            *found = Some(Format::Esbuild);
        }
        if found.is_some() { Err(reader.malformed("seen")) } else { Ok(()) }
    })
}

/// Whose record of one chunk stands here, if it is one.
fn record(reader: &mut Reader) -> Result<Option<Format>, InputError> {
    let mut found = None;
    reader.object(|reader, key| {
        match (key, reader.kind()?) {
            ("fileName", Json::String) => found = Some(Format::Rollup),
            ("file", Json::String) => found = found.or(Some(Format::Vite)),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests;
