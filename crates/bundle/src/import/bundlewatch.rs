//! bundlesize and bundlewatch: keys of package.json of these names, `bundlesize.config.json`, `bundlewatch.config.json`.
//!
//! The formats are those of their READMEs; what they mean follows the packages. Each file that a pattern of glob 7 matches has the
//! whole limit for itself. Sizes are read by the package `bytes`: KB is 1024 bytes, and a text with any other unit gives its
//! leading digits as bytes, which nobody means. A number that is no text is never compared with anything. gzip is the default.

use tollgate_input::{Node, one_line};

use super::file::File;
use super::globs::{Bang, globs};
use super::size::{Size, Units};
use super::{Budget, Place, What, shown};
use crate::Encoding;

pub(super) const BUNDLESIZE: &str = "bundlesize";
pub(super) const BUNDLEWATCH: &str = "bundlewatch";

/// Keys beside the files, and why they stay.
const BESIDE: [(&str, &str); 3] = [
    ("normalizeFilenames", "is not needed: globs match names with hashes, and a group has one name"),
    ("ci", "compares with other branches, as conditions on `base` do here"),
    ("bundlewatchServiceHost", "keeps sizes elsewhere; here the base's run has them"),
];

/// Reads a list of files, or a mapping with the key `files`. `whose` it is, and in which folder that runs.
pub(super) fn read(file: &mut File<'_>, section: &Node, whose: &'static str, folder: &str) {
    let files = if section.items().is_empty() { section.get("files") } else { Some(section) };
    let files = files.map(Node::items).unwrap_or_default();
    if files.is_empty() {
        file.leave(Some(section), format!("{whose} expects a list of files here, and this is none"));
    }
    let usual = section.get("defaultCompression");
    for entry in files {
        let place = file.place(entry.get("maxSize").unwrap_or(entry));
        match budget(entry, usual, (whose, folder), place) {
            Ok(budget) => file.take(budget),
            Err(why) => {
                let path = entry.get("path").and_then(Node::as_str).unwrap_or("an entry");
                file.leave(Some(entry), format!("{whose}: `{}` {why}", one_line(path, 80, false).0));
            }
        }
    }
    for (key, why) in BESIDE {
        if let Some(node) = section.get(key) {
            file.leave(Some(node), format!("{whose}: `{key}` {why}"));
        }
    }
}

fn budget(
    entry: &Node,
    usual: Option<&Node>,
    (whose, folder): (&'static str, &str),
    place: Place,
) -> Result<Budget, String> {
    let limit = entry.get("maxSize").ok_or("has no maxSize")?;
    let text = limit.as_str().ok_or_else(|| {
        format!("has the maxSize {}, which {whose} compares with nothing: only a text is a limit there", shown(limit))
    })?;
    let size = Size::of_text(text, Units::Binary)
        .ok_or_else(|| format!("has the maxSize {}, which is no size that {whose} knows", shown(limit)))?;
    let path = entry.get("path").and_then(Node::as_str).ok_or("has no path")?;
    let globs = globs(folder, &[path], Bang::Plain)?;
    let compression = entry.get("compression").or(usual);
    let encoding = match compression.map(Node::as_str) {
        None | Some(Some("gzip")) => Encoding::Gzip,
        Some(Some("brotli")) => Encoding::Brotli,
        Some(Some("none")) => Encoding::Raw,
        Some(_) => {
            let shown = compression.map(shown).unwrap_or_default();
            return Err(format!("has the compression {shown}; gzip, brotli and none are known"));
        }
    };
    Ok(Budget {
        what: What::Files { name: None, each: path.contains(['*', '?', '[', '{']), globs },
        encoding: Some(encoding),
        size,
        written: format!("maxSize {}", shown(limit)),
        place,
        whose,
        assumed: size.assumed(whose),
        blocks: true,
    })
}
