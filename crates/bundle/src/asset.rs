//! One file of a build.

use std::path::PathBuf;

use crate::Encoding;
use crate::kind::Kind;

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
    /// What reading it gave; none where it was not read.
    pub(crate) read: Option<Reading>,
}

/// What reading a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Its size after gzip, header and trailer included.
    pub(crate) gzip: u64,
    /// BLAKE3 of its content, 64 hex digits.
    pub(crate) blake3: String,
}

impl Asset {
    /// Its size after gzip, where it was read.
    pub(crate) fn gzip(&self) -> Option<u64> {
        self.read.as_ref().map(|reading| reading.gzip)
    }

    /// Its size in `encoding`, where it is known.
    pub(crate) fn size(&self, encoding: Encoding) -> Option<u64> {
        match encoding {
            Encoding::Raw => Some(self.raw),
            Encoding::Gzip => self.gzip(),
            Encoding::Brotli => None,
        }
    }
}

/// The sizes of `assets` in `encoding`, largest first, equal ones by path; those not known are left out.
pub(crate) fn sizes(assets: &[Asset], encoding: Encoding) -> Vec<(u64, &Asset)> {
    let mut sizes: Vec<_> = assets.iter().filter_map(|asset| Some((asset.size(encoding)?, asset))).collect();
    sizes.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
    sizes
}

/// `path` of the build folder `dir`, relative to the root.
pub(crate) fn within(dir: &str, path: &str) -> String {
    if dir == "." { path.to_owned() } else { format!("{dir}/{path}") }
}
