//! Workspaces: which packages belong together, and which depends on which.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use globset::{GlobBuilder, GlobMatcher};
use tollgate_input::Node;

use super::document::Format;
use super::manifest::Manifest;
use super::paths::{below, file, parent, upwards};
use super::{Packages, Why};

/// How many packages a workspace may have.
const MOST: usize = 2_000;

/// Who says which packages belong to a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `workspaces` in `package.json`: npm, Yarn, Bun.
    Npm,
    /// `pnpm-workspace.yaml`.
    Pnpm,
    /// `lerna.json`.
    Lerna,
}

/// Packages that belong together.
#[derive(Debug)]
pub(super) struct Workspace {
    /// The folder.
    pub(super) root: String,
    /// The file that lists the packages.
    pub(super) file: String,
    /// The package in the folder itself.
    pub(super) top: Option<Rc<Manifest>>,
    /// The other packages, by folder.
    pub(super) members: Vec<Rc<Manifest>>,
    /// Why there may be more than these.
    pub(super) doubt: Option<Why>,
    names: OnceCell<BTreeMap<String, Rc<Manifest>>>,
    edges: OnceCell<[Edges; 2]>,
}

/// Folders of packages and of those they depend on.
type Edges = BTreeMap<String, Vec<String>>;

impl Workspace {
    /// All packages, the one in the folder itself first.
    pub(super) fn everything(&self) -> Vec<Rc<Manifest>> {
        self.top.iter().chain(&self.members).cloned().collect()
    }

    /// The package called `name`.
    pub(super) fn named(&self, name: &str) -> Option<&Rc<Manifest>> {
        self.top.iter().chain(&self.members).find(|package| package.name.as_deref() == Some(name))
    }

    /// The package that `folder` lies in, other than the one at the top.
    pub(super) fn holding(&self, folder: &str) -> Option<&Rc<Manifest>> {
        let holding = self.members.iter().filter(|package| below(&package.folder, folder).is_some());
        holding.max_by_key(|package| package.folder.len())
    }

    /// Fails where there may be packages that are not known.
    pub(super) fn sure(&self) -> Result<(), Why> {
        self.doubt.clone().map_or(Ok(()), Err)
    }

    /// The packages that `package` depends on, by folder.
    pub(super) fn dependencies(&self, package: &Manifest) -> Vec<&Rc<Manifest>> {
        let names = self.names.get_or_init(|| {
            let named = self.top.iter().chain(&self.members);
            named.filter_map(|package| Some((package.name.clone()?, Rc::clone(package)))).collect()
        });
        let found = package.dependencies.keys().filter_map(|name| names.get(name));
        let found: BTreeMap<&str, _> = found.map(|package| (package.folder.as_str(), package)).collect();
        found.into_values().filter(|found| found.folder != package.folder).collect()
    }

    /// The folders of the packages that `from` depends on, directly or not; or, turned, that depend on it.
    pub(super) fn closure(&self, from: &str, turned: bool) -> BTreeSet<String> {
        let [straight, back] = self.edges.get_or_init(|| {
            let mut edges = [Edges::new(), Edges::new()];
            for package in self.top.iter().chain(&self.members) {
                for dependency in self.dependencies(package) {
                    let (a, b) = (package.folder.clone(), dependency.folder.clone());
                    edges[0].entry(a.clone()).or_default().push(b.clone());
                    edges[1].entry(b).or_default().push(a);
                }
            }
            edges
        });
        let edges = if turned { back } else { straight };
        let mut reached = BTreeSet::new();
        let mut ahead = vec![from];
        while let Some(folder) = ahead.pop() {
            for next in edges.get(folder).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    ahead.push(next);
                }
            }
        }
        reached
    }
}

impl Packages<'_> {
    /// The folders that hold a `package.json`, those of installed packages left out.
    fn folders(&self) -> &BTreeSet<String> {
        self.folders.get_or_init(|| {
            let packages = self.files.below("").filter(|path| path.ends_with("package.json"));
            let own = packages.filter(|path| path.rsplit('/').next() == Some("package.json"));
            let own = own.filter(|path| path.split('/').all(|part| part != "node_modules"));
            own.map(|path| parent(path).to_owned()).collect()
        })
    }

    /// The workspace of this kind that `folder` lies in: the next one above, whether or not it lists `folder`.
    pub(super) fn workspace(&self, kind: Kind, folder: &str) -> Result<Option<Rc<Workspace>>, Why> {
        for above in upwards(folder) {
            if let Some(workspace) = self.workspace_at(kind, above)? {
                return Ok(Some(workspace));
            }
        }
        Ok(None)
    }

    /// The workspace of any kind whose folder is `root`.
    pub(super) fn any_workspace_at(&self, root: &str) -> Result<Option<Rc<Workspace>>, Why> {
        for kind in [Kind::Pnpm, Kind::Npm] {
            if let Some(workspace) = self.workspace_at(kind, root)? {
                return Ok(Some(workspace));
            }
        }
        Ok(None)
    }

    /// The workspace of this kind whose folder is `root`.
    pub(super) fn workspace_at(&self, kind: Kind, root: &str) -> Result<Option<Rc<Workspace>>, Why> {
        let key = (kind, root.to_owned());
        if let Some(known) = self.workspaces.borrow().get(&key) {
            return known.clone();
        }
        let found = self.patterns(kind, root).and_then(|listed| match listed {
            Some((file, patterns)) => self.collect(root, file, &patterns).map(|workspace| Some(Rc::new(workspace))),
            None => Ok(None),
        });
        self.workspaces.borrow_mut().insert(key, found.clone());
        found
    }

    /// The file that lists the packages, and the patterns.
    fn patterns(&self, kind: Kind, root: &str) -> Result<Option<(String, Vec<String>)>, Why> {
        let texts = |node: Option<&Node>| -> Option<Vec<String>> {
            node.map(|node| node.items().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        };
        match kind {
            Kind::Npm => {
                let manifest = self.manifest(root)?;
                Ok(manifest.and_then(|manifest| Some((manifest.file.clone(), manifest.workspaces.clone()?))))
            }
            Kind::Pnpm => {
                let document = self.document(&file(root, "pnpm-workspace.yaml"), Format::Yaml)?;
                Ok(document.map(|document| {
                    let patterns = texts(document.root.get("packages"));
                    (document.file.clone(), patterns.unwrap_or_else(|| vec![".".to_owned()]))
                }))
            }
            Kind::Lerna => {
                let Some(document) = self.document(&file(root, "lerna.json"), Format::JsonWithComments)? else {
                    return Ok(None);
                };
                if let Some(patterns) = texts(document.root.get("packages")) {
                    return Ok(Some((document.file.clone(), patterns)));
                }
                let of_pnpm = document.root.get("npmClient").and_then(Node::as_str) == Some("pnpm");
                let kinds = if of_pnpm { [Kind::Pnpm, Kind::Npm] } else { [Kind::Npm, Kind::Pnpm] };
                for kind in kinds {
                    if let Some(listed) = self.patterns(kind, root)? {
                        return Ok(Some(listed));
                    }
                }
                Ok(Some((document.file.clone(), vec!["packages/*".to_owned()])))
            }
        }
    }

    fn collect(&self, root: &str, listed_in: String, patterns: &[String]) -> Result<Workspace, Why> {
        let mut doubt = None;
        let mut wanted = Vec::new();
        let mut unwanted = Vec::new();
        for pattern in patterns {
            let (list, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (&mut unwanted, pattern),
                None => (&mut wanted, pattern.as_str()),
            };
            match glob(pattern) {
                Some(glob) => list.push(glob),
                None => doubt = Some(format!("{listed_in}: the pattern `{pattern}` is not understood")),
            }
        }
        let mut members = Vec::new();
        let mut matched = vec![false; wanted.len()];
        for folder in self.folders() {
            let Some(path) = below(root, folder).filter(|path| !path.is_empty()) else { continue };
            let path = format!("{path}/package.json");
            let by: Vec<usize> = (0..wanted.len()).filter(|at| wanted[*at].is_match(&path)).collect();
            by.iter().for_each(|at| matched[*at] = true);
            if by.is_empty() || unwanted.iter().any(|glob| glob.is_match(&path)) {
                continue;
            }
            if members.len() == MOST {
                doubt = Some(format!("{listed_in}: more than {MOST} packages"));
                break;
            }
            match self.manifest(folder) {
                Ok(Some(manifest)) => members.push(manifest),
                Ok(None) => {}
                Err(why) => doubt = Some(why),
            }
        }
        // A run may put packages where none is tracked.
        if let Some(at) = matched.iter().position(|matched| !matched)
            && wanted[at].glob().glob() != "package.json"
        {
            doubt.get_or_insert_with(|| format!("{listed_in}: no tracked package matches `{}`", wanted[at].glob()));
        }
        let (root, top) = (root.to_owned(), self.manifest(root)?);
        Ok(Workspace { root, file: listed_in, top, members, doubt, names: OnceCell::new(), edges: OnceCell::new() })
    }
}

/// What `package.json` files a pattern of folders means.
fn glob(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern).trim_end_matches('/');
    if pattern.starts_with("..") || pattern.starts_with('/') || pattern.contains('(') {
        return None;
    }
    let pattern = if pattern == "." { "package.json".to_owned() } else { format!("{pattern}/package.json") };
    Some(GlobBuilder::new(&pattern).literal_separator(true).build().ok()?.compile_matcher())
}
