//! The folder `app`: which of its files a page is rendered with.
//!
//! An entry is a file of that folder without its extension: `/(shop)/layout`. The manifest of a page names more of them than
//! are rendered: those of route groups beside its own, and the pages of the folders above it.

/// The pages that are rendered at one address: one, or one for each parallel slot that has a page there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// The path of the address.
    pub(super) name: String,
    /// Their entries: `/board/page` and `/board/@panel/page`.
    pub(super) pages: Vec<String>,
    /// Whether Next.js is so old (13) that the innermost layout alone decides on `global-error`.
    pub(super) is_old: bool,
}

impl Route {
    /// Whether the entry is rendered with these pages.
    pub(super) fn renders(&self, entry: &str) -> bool {
        let (folder, name) = split(entry);
        match name {
            "page" => self.pages.iter().any(|page| page == entry),
            "default" => self.falls_back(folder),
            _ => self.has_within(folder),
        }
    }

    /// Whether the `default` of `folder` stands in for a page: the folder is a slot without a page here, beside or above
    /// one that has one; or only slots of the folder have one.
    fn falls_back(&self, folder: &str) -> bool {
        let (parent, slot) = split(folder);
        if slot.starts_with('@') {
            return self.has_within(parent) && !self.has_within(folder);
        }
        let inside = self.pages.iter().filter_map(|page| below(split(page).0, folder)).collect::<Vec<_>>();
        !inside.is_empty() && inside.iter().all(|rest| rest.starts_with("/@"))
    }

    /// Whether one of the pages lies in `folder` or below it.
    fn has_within(&self, folder: &str) -> bool {
        self.pages.iter().any(|page| below(split(page).0, folder).is_some())
    }
}

/// What of `folder` follows `above`, where it lies there: empty or `/…`.
fn below<'f>(folder: &'f str, above: &str) -> Option<&'f str> {
    folder.strip_prefix(above).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folder and the name of an entry: `/(shop)` and `layout`; the folder `app` itself is empty.
fn split(entry: &str) -> (&str, &str) {
    entry.rsplit_once('/').unwrap_or(("", entry))
}

/// Whether an entry is rendered only when its address is reached from within the application: `/feed/(.)photo/[id]/page`.
pub(super) fn intercepts(entry: &str) -> bool {
    entry.split('/').any(|part| part.starts_with("(."))
}

/// The path of the address of a page: without route groups, slots and the file itself.
pub(super) fn address(page: &str) -> String {
    let is_seen = |part: &&str| !(part.is_empty() || part.starts_with('@') || is_group(part));
    let parts: Vec<&str> = split(page).0.split('/').filter(is_seen).collect();
    format!("/{}", parts.join("/"))
}

fn is_group(part: &str) -> bool {
    part.starts_with('(') && part.ends_with(')')
}
