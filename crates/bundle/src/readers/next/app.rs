//! The app router.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_model::Problem;

use super::BUILD_MANIFEST;
use super::chunks::Chunks;
use super::entries::{Route, intercepts};
use super::manifests::{APP_BUILD, Shared};
use super::references::References;
use crate::account::Load;

/// Entry of the app router -> its files.
type Listed = BTreeMap<String, Vec<String>>;

/// What 13 calls the page for addresses that have none.
const OLD_NOT_FOUND: &str = "/_not-found";

/// The page that stands in when everything else failed; no address leads to it.
const GLOBAL_ERROR: &str = "/_global-error/page";

/// The routes among `paths` (entry, address), sorted by address; and how many intercepting routes were passed over. Route
/// handlers load nothing.
pub(super) fn routes(paths: &[(String, String)]) -> (Vec<Route>, usize) {
    let is_old = paths.iter().any(|(entry, _)| entry == OLD_NOT_FOUND);
    let is_page = |entry: &str| (entry.ends_with("/page") && entry != GLOBAL_ERROR) || entry == OLD_NOT_FOUND;
    let pages = paths.iter().filter(|(entry, _)| is_page(entry));
    let (intercepting, direct): (Vec<_>, Vec<_>) = pages.partition(|(entry, _)| intercepts(entry));
    let mut routes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (entry, address) in direct {
        routes.entry(address).or_default().push(entry.clone());
    }
    let routes = routes.into_iter().map(|(name, pages)| Route { name: name.to_owned(), pages, is_old });
    (routes.collect(), intercepting.len())
}

/// One load per route. A route one of whose manifests cannot be read has none. The last of them come first: they are real
/// pages, whose manifests tell where the folder `app` lay, which that of `/_not-found` does not.
///
/// `listed` are the files of entries as far as one manifest lists them all: they tell where that of a page is not there.
pub(super) fn loads(chunks: &mut Chunks<'_>, shared: &Shared, routes: &[Route], listed: &Listed) -> Vec<Load> {
    let manifest = chunks.build.at(BUILD_MANIFEST);
    let mut loads = Vec::new();
    let mut folder = None;
    for route in routes.iter().rev() {
        match initial(chunks, route, &mut folder, listed) {
            Ok(mut initial) => {
                initial.extend(chunks.present(&manifest, &shared.root_main));
                loads.push(chunks.load(&route.name, initial));
            }
            Err(problem) => chunks.fail(problem),
        }
    }
    loads
}

/// What a route loads of its own. `folder` is where the entries of the application lie, once that is known.
fn initial(
    chunks: &mut Chunks<'_>,
    route: &Route,
    folder: &mut Option<String>,
    listed: &Listed,
) -> Result<BTreeSet<String>, Problem> {
    let mut initial = BTreeSet::new();
    for page in &route.pages {
        let path = chunks.build.at(&format!("server/app{page}_client-reference-manifest.js"));
        if !chunks.build.has(&path) && listed.contains_key(page) {
            let rendered = listed.iter().filter(|(entry, _)| route.renders(entry)).flat_map(|(_, files)| files);
            initial.extend(chunks.present(&chunks.build.at(APP_BUILD), rendered));
            continue;
        }
        let references = References::read(chunks.build, &path)?;
        chunks.present(&path, &references.all());
        let known = folder_of(&references, page).map(str::to_owned);
        *folder = known.or(folder.take()).or_else(|| folder_of(&references, "/layout").map(str::to_owned));
        let rendered = Rendered::new(&references, route, folder.as_deref());
        initial.extend(chunks.present(&path, rendered.styles()));
        let scripts = if chunks.is_turbopack() { rendered.scripts() } else { rendered.of_modules(chunks) };
        initial.extend(chunks.present(&path, scripts));
    }
    Ok(initial)
}

/// Where the folder `app` lay when it was built: what stands before `entry` in its full name.
fn folder_of<'r>(references: &'r References, entry: &str) -> Option<&'r str> {
    let folders = references.styles.keys().filter_map(|full| full.strip_suffix(entry));
    folders.min_by_key(|folder| folder.len())
}

/// In 13, the innermost layout alone decides: a `global-error` that does not lie beside it is not loaded.
fn overruled<'r>(entries: &BTreeSet<&'r str>) -> BTreeSet<&'r str> {
    let folders = entries.iter().filter_map(|entry| entry.strip_suffix("/layout"));
    let innermost = folders.max_by_key(|folder| folder.len());
    let errors = entries.iter().filter(|entry| entry.ends_with("/global-error")).copied();
    errors.filter(|entry| entry.strip_suffix("/global-error") != innermost).collect()
}

/// The part of a manifest that concerns what is rendered.
struct Rendered<'r> {
    references: &'r References,
    /// Entries as the manifest names them.
    entries: BTreeSet<&'r str>,
    /// Those of them that lie in the folder `app`, relative to it.
    own: BTreeSet<&'r str>,
}

impl<'r> Rendered<'r> {
    /// Entries outside the folder `app` are files that Next.js puts in where the application has none.
    fn new(references: &'r References, route: &Route, folder: Option<&str>) -> Self {
        let (mut entries, mut own) = (BTreeSet::new(), BTreeSet::new());
        for entry in references.styles.keys().map(String::as_str) {
            let inside = folder.and_then(|folder| entry.strip_prefix(folder));
            if inside.is_none_or(|inside| route.renders(inside)) {
                entries.insert(entry);
                own.extend(inside);
            }
        }
        if route.is_old {
            let overruled = overruled(&own);
            own.retain(|entry| !overruled.contains(entry));
        }
        Self { references, entries, own }
    }

    fn styles(&self) -> impl Iterator<Item = &'r String> {
        self.entries.iter().filter_map(|entry| self.references.styles.get(*entry)).flatten()
    }

    /// By the manifest's own list, which Turbopack writes.
    fn scripts(&self) -> Vec<&'r String> {
        self.entries.iter().filter_map(|entry| self.references.scripts.get(*entry)).flatten().collect()
    }

    /// The chunks of the client components of the entries. webpack names one set of chunks for each component, be it those
    /// of another entry that has it too; which components an entry has, its own chunk tells.
    fn of_modules(&self, chunks: &mut Chunks<'_>) -> Vec<&'r String> {
        let own: BTreeSet<&str> =
            self.own.iter().flat_map(|entry| chunks.beginning(&format!("static/chunks/app{entry}-"))).collect();
        let mut needed = Vec::new();
        for module in &self.references.modules {
            let is_own = module.chunks.iter().any(|chunk| own.contains(chunks.path(chunk).as_str()));
            if is_own || own.iter().any(|chunk| chunks.mentions(chunk).at_once.contains(&module.id)) {
                needed.extend(&module.chunks);
            }
        }
        needed
    }
}
