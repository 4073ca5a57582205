//! Trees with what a hostile or careless build leaves behind.

use std::path::Path;

use super::*;
use crate::{Options, locate};

struct Case {
    dir: tempfile::TempDir,
}

impl Case {
    fn new(files: &[&str]) -> Self {
        let case = Self { dir: tempfile::tempdir().unwrap() };
        for file in files {
            case.write(Path::new(file));
        }
        case
    }

    fn write(&self, file: &Path) {
        let path = self.dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "12345").unwrap();
    }

    #[cfg(unix)]
    fn link(&self, at: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.dir.path().join(at)).unwrap();
    }

    fn bounded(&self, bounds: Bounds) -> Result<Listing, Problem> {
        let root = Root::new(self.dir.path()).unwrap();
        let build = locate::build_folder(&root, Some("dist")).unwrap();
        list(&root, &build, &Options::default().with_defaults().exclusion().unwrap(), bounds)
    }

    fn list(&self) -> Listing {
        self.bounded(Bounds::default()).unwrap()
    }
}

fn paths(listing: &Listing) -> Vec<&str> {
    listing.assets.iter().map(|asset| asset.path.as_str()).collect()
}

fn messages(listing: &Listing) -> Vec<&str> {
    listing.problems.iter().map(|problem| problem.message.as_str()).collect()
}

#[test]
fn files_are_sorted_and_excluded_ones_kept_apart() {
    let listing = Case::new(&["dist/b.js", "dist/a/z.css", "dist/b.js.map", "other/x.js"]).list();
    assert_eq!(paths(&listing), ["a/z.css", "b.js"]);
    assert_eq!(listing.excluded, [("b.js.map".to_owned(), 5)]);
    assert!(listing.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn links_inside_are_followed_once() {
    let case = Case::new(&["dist/real.js", "shared/one.js", "shared/sub/two.js", "lone.css"]);
    case.link("dist/a-file", "../shared/one.js");
    case.link("dist/again", "../shared");
    case.link("dist/folder", "../shared");
    case.link("dist/lone.css", "../lone.css");
    case.link("dist/lone2.css", "../lone.css");
    case.link("dist/same.js", "real.js");
    let listing = case.list();
    assert_eq!(paths(&listing), ["again/one.js", "again/sub/two.js", "lone.css", "real.js"]);
    assert_eq!(listing.repeated, ["a-file", "folder", "lone2.css", "same.js"]);
    assert!(listing.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn loops_end() {
    let case = Case::new(&["dist/a/x.js", "shared/y.js", "outer.js"]);
    case.link("dist/a/up", "..");
    case.link("dist/root", "..");
    case.link("dist/self", "self");
    case.link("dist/shared", "../shared");
    case.link("shared/back", "../dist");
    case.link("shared/me", ".");
    let listing = case.list();
    assert_eq!(paths(&listing), ["a/x.js", "shared/y.js"]);
    assert_eq!(listing.repeated, ["a/up", "root", "shared/back", "shared/me"]);
    let messages = messages(&listing);
    assert_eq!(messages.len(), 1);
    assert!(messages[0].starts_with("dist/self: the symbolic link cannot be followed"), "{}", messages[0]);
}

#[cfg(unix)]
#[test]
fn links_outside_and_to_nothing_are_problems() {
    let other = Case::new(&["secret.js"]);
    let case = Case::new(&["dist/x.js"]);
    let outside = other.dir.path().join("secret.js");
    case.link("dist/out.js", outside.to_str().unwrap());
    case.link("dist/out.js.map", outside.to_str().unwrap());
    case.link("dist/gone.js", "nowhere.js");
    let listing = case.list();
    assert_eq!(paths(&listing), ["x.js"]);
    assert_eq!(listing.excluded, [("out.js.map".to_owned(), 0)]);
    let messages = messages(&listing);
    assert!(messages[0].starts_with("dist/gone.js: a symbolic link that leads to nothing"), "{messages:?}");
    assert!(messages[1].starts_with("dist/out.js: a symbolic link that leads outside"), "{messages:?}");
    assert_eq!(messages.len(), 2);
}

#[cfg(unix)]
#[test]
fn sockets_are_named() {
    let case = Case::new(&["dist/x.js"]);
    let _socket = std::os::unix::net::UnixListener::bind(case.dir.path().join("dist/s")).unwrap();
    case.link("dist/t", "s");
    let listing = case.list();
    assert_eq!(messages(&listing), [format!("dist/s: {NOT_REGULAR}")]);
    assert_eq!(listing.repeated, ["t"]);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_are_listed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let case = Case::new(&["dist/x.js"]);
    for name in [b"dist/\xFF/a.js".as_slice(), b"dist/\xFE.js"] {
        case.write(Path::new(OsStr::from_bytes(name)));
    }
    let listing = case.list();
    assert_eq!(paths(&listing), ["\\xFE.js", "\\xFF/a.js", "x.js"]);
    assert_eq!(listing.odd_names, ["\\xFE.js", "\\xFF"]);
    assert!(listing.problems.is_empty());
}

#[test]
fn bounds_are_said() {
    let case = Case::new(&["dist/a/b/c/x.js", "dist/y.js"]);
    let deep = case.bounded(Bounds { entries: 10, depth: 2 }).unwrap();
    assert_eq!(paths(&deep), ["y.js"]);
    assert_eq!(messages(&deep), ["dist/a/b/c: folders more than 2 deep; not looked into"]);
    assert!(case.bounded(Bounds { entries: 5, depth: 64 }).is_ok());
    let problem = case.bounded(Bounds { entries: 4, depth: 64 }).unwrap_err();
    assert_eq!(problem.cause, Cause::Unfinished);
    assert!(problem.message.starts_with("dist: holds more than 4 files and folders;"), "{}", problem.message);
}
