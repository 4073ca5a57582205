//! The pages router.

use super::BUILD_MANIFEST;
use super::chunks::Chunks;
use super::manifests::Shared;
use crate::account::Load;

/// What no address leads to: the frame of every page, that of the document, and the page of last resort.
const INTERNAL: [&str; 3] = ["/_app", "/_document", "/_error"];

/// One load per page: its files, those of the frame around it, and the manifests that every page asks for.
pub(super) fn loads(chunks: &mut Chunks<'_>, shared: &Shared) -> Vec<Load> {
    let manifest = chunks.build.at(BUILD_MANIFEST);
    let frame = shared.pages.get("/_app").map(Vec::as_slice).unwrap_or_default();
    let mut loads = Vec::new();
    for (page, files) in shared.pages.iter().filter(|(page, _)| !INTERNAL.contains(&page.as_str())) {
        let named = files.iter().chain(frame).chain(&shared.low_priority);
        let initial = chunks.present(&manifest, named);
        loads.push(chunks.load(page, initial));
    }
    loads
}
