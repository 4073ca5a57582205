//! One file of a build.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::Encoding;
use crate::engine::Engine;
use crate::kind::Kind;
use crate::size::Size;

/// One file of a build that is counted.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    /// Relative to the build folder, with forward slashes. Bytes that are not UTF-8 are written `\xNN`.
    pub(crate) path: String,
    /// Where it lies on this machine; never shown.
    pub(crate) real: PathBuf,
    /// What it is.
    pub(crate) kind: Kind,
    /// Its size.
    pub(crate) raw: u64,
    /// BLAKE3 of its content, 64 hex digits, where it was read.
    pub(crate) blake3: Option<String>,
    /// Its size after the engines that were asked for.
    pub(crate) packed: BTreeMap<Engine, Size>,
}

impl Asset {
    /// A file of which no more than its size is known.
    pub(crate) fn new(path: String, real: PathBuf, raw: u64) -> Self {
        Self { kind: Kind::of(&path), path, real, raw, blake3: None, packed: BTreeMap::new() }
    }

    /// Its size in `encoding`, where that was asked for.
    pub(crate) fn size(&self, encoding: Encoding) -> Option<Size> {
        match encoding.engine() {
            None => Some(Size::exact(self.raw)),
            Some(engine) => self.packed.get(&engine).copied(),
        }
    }
}

/// `path` of the build folder `dir`, relative to the root.
pub(crate) fn within(dir: &str, path: &str) -> String {
    if dir == "." { path.to_owned() } else { format!("{dir}/{path}") }
}

#[cfg(test)]
pub(crate) mod sample {
    use super::*;

    /// A file of which nothing was read.
    pub(crate) fn asset(path: &str, raw: u64) -> Asset {
        Asset::new(path.to_owned(), path.into(), raw)
    }

    /// The same with what reading it gave.
    pub(crate) fn read(path: &str, raw: u64, gzip: u64) -> Asset {
        let blake3 = Some(blake3::hash(path.as_bytes()).to_hex().to_string());
        Asset { blake3, packed: BTreeMap::from([(Engine::Gzip, Size::exact(gzip))]), ..asset(path, raw) }
    }
}
