//! Pages of a plain folder: what their HTML refers to is what they load.
//!
//! Counted at once: `<script src>` that a browser of today runs (not `nomodule`, not data), `<link>` with `rel` `stylesheet`,
//! `modulepreload`, or `preload` of a script or style. Counted as later: `<link rel=prefetch>`. Modules that a script imports are
//! not looked for: bundlers write `modulepreload` for them.

mod address;
mod tags;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tollgate_input::Digest;
use tollgate_model::{Cause, Problem, format};

use crate::account::{Account, Load, Start};
use crate::build::Build;
use crate::kind::Kind;
use crate::readers::graph::loaded;
use crate::readers::place::{self, Place};
use address::{Address, Base};
use tags::{Tag, tags};

/// How many pages of one build are read.
const MOST_PAGES: usize = 2_000;

/// Largest page that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// How many references of one page are followed.
const MOST_REFERENCES: usize = 1_000;

/// Longest address that can lead to a file, in bytes.
const LONGEST: usize = 4_096;

/// How many pages a note names.
const MOST_NAMED: usize = 5;

/// What one page refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Where its scripts and style sheets lie, and whether they are loaded at once.
    references: BTreeSet<(Target, bool)>,
    /// How many lead elsewhere.
    elsewhere: usize,
    /// Whether it runs a module.
    has_module: bool,
    /// Whether it has more references than are followed.
    is_cut: bool,
}

/// A path of the build, or one that begins at the top of the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    from_top: bool,
    pub(crate) path: String,
}

impl Page {
    /// Where its references lead.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.references.iter().map(|(target, _)| target)
    }
}

/// What the pages of `build` load; none where it has no page.
///
/// # Errors
/// None: a page that cannot be read is a problem of the account.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    let paths: Vec<&str> =
        build.files.iter().copied().filter(|path| Kind::of(path) == Kind::Html && (build.counted)(path)).collect();
    if paths.is_empty() {
        return Ok(None);
    }
    let (mut pages, mut problems) = (Vec::new(), Vec::new());
    let (mut list, mut bytes) = (String::new(), 0);
    for path in paths.iter().copied().take(MOST_PAGES) {
        match build.root.read(&build.at(path), LARGEST) {
            Ok((text, digest)) => {
                let _ = writeln!(list, "{path}\0{}", digest.blake3);
                bytes += digest.bytes;
                pages.push((path, page(path, &tollgate_input::utf8(&text))));
            }
            Err(error) => problems.push(error.problem()),
        }
    }
    // Pages may be thousands: together they are one piece of evidence.
    (build.record)(build.dir, Digest { bytes, ..Digest::of(list.as_bytes()) });
    let mut account = account(build, &pages);
    account.problems.extend(problems);
    if paths.len() > MOST_PAGES {
        let (most, all) = (format::count(MOST_PAGES as u64), format::count(paths.len() as u64));
        account.notes.push(format!("only the first {most} of {all} pages are read, by their path"));
    }
    Ok(Some(account))
}

/// What `pages`, with their paths, say of `build`.
pub(crate) fn account(build: &Build<'_>, pages: &[(&str, Page)]) -> Account {
    let mut account = Account { bundler: "HTML pages".to_owned(), later_is_unknown: true, ..Account::default() };
    let targets = pages.iter().flat_map(|(_, page)| page.targets());
    let from_top = targets.filter(|target| target.from_top).map(|target| target.path.as_str()).collect();
    let top = place::top(build.files, &from_top);
    let mut plain = Vec::new();
    let mut elsewhere = 0;
    for (path, page) in pages {
        let found = found(build, path, page, &top);
        elsewhere += page.elsewhere + found.outside;
        if found.load.initial.is_empty() && found.problems.is_empty() {
            plain.push(*path);
        } else if !found.load.initial.is_empty() {
            account.loads.push(found.load);
        }
        account.problems.extend(found.problems);
    }
    account.notes = notes(pages, &plain, elsewhere);
    account
}

/// Whether whoever serves the pages adds the file at `path`, which no build has: scripts of Vercel, Netlify and Cloudflare.
fn is_of_host(path: &str) -> bool {
    ["_vercel/", ".netlify/", "cdn-cgi/"].iter().any(|folder| path.starts_with(folder))
}

/// What became of the references of one page.
struct Found {
    load: Load,
    /// How many lead to the site, yet not to the folder that the build is served from.
    outside: usize,
    problems: Vec<Problem>,
}

fn found(build: &Build<'_>, path: &str, page: &Page, top: &Place) -> Found {
    let at = build.at(path);
    let mut load = Load { start: Start::Entry, name: path.to_owned(), initial: BTreeSet::new(), lazy: BTreeSet::new() };
    let (mut outside, mut gone) = (0, BTreeSet::new());
    for (target, at_once) in &page.references {
        if target.from_top && (!top.holds(&target.path) || is_of_host(&target.path)) {
            outside += 1;
            continue;
        }
        let file = if target.from_top { top.apply(&target.path) } else { target.path.clone() };
        if !build.files.contains(file.as_str()) {
            gone.insert(file);
        } else if *at_once {
            load.initial.insert(file);
        } else {
            load.lazy.insert(file);
        }
    }
    load.lazy = load.lazy.difference(&load.initial).cloned().collect();
    let mut problems: Vec<Problem> = build.missing(&at, gone.iter().map(String::as_str)).into_iter().collect();
    if page.is_cut {
        let most = format::count(MOST_REFERENCES as u64);
        let message = format!("{at}: refers to more than {most} scripts and style sheets; not all are followed");
        problems.push(Problem::new(Cause::Unfinished, message).at(at));
    }
    Found { load, outside, problems }
}

fn notes(pages: &[(&str, Page)], plain: &[&str], elsewhere: usize) -> Vec<String> {
    let things = |count: usize, one: &str| format::things(count as u64, one);
    let mut notes = Vec::new();
    let modules = pages.iter().filter(|(_, page)| page.has_module).count();
    if modules > 0 {
        let pages = things(modules, "page");
        notes.push(format!(
            "modules that scripts import are counted where a page names them with modulepreload ({pages} with modules)"
        ));
    }
    if elsewhere > 0 {
        notes.push(format!("{} to files outside the build left out", things(elsewhere, "reference")));
    }
    if !plain.is_empty() {
        let named = plain.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = if plain.len() > MOST_NAMED { ", …" } else { "" };
        let pages = things(plain.len(), "page");
        notes.push(format!("{pages} without a script or style sheet of the build: {named}{more}"));
    }
    notes
}

/// What the page at `path` of the build with this `text` refers to.
pub(crate) fn page(path: &str, text: &str) -> Page {
    let mut page = Page::default();
    let mut base = None;
    let mut tags_of_files = Vec::new();
    tags(text, &["base", "script", "link"], |tag| match tag.name.as_str() {
        // The first one holds, for what stands before it as well.
        "base" => {
            base = base.take().or_else(|| tag.get("href").filter(|href| href.len() <= LONGEST).map(str::to_owned))
        }
        _ => {
            page.has_module |= is_module(&tag);
            if let Some((address, at_once)) = reference(&tag).filter(|(address, _)| address.len() <= LONGEST) {
                if tags_of_files.len() < MOST_REFERENCES {
                    tags_of_files.push((address.to_owned(), at_once));
                } else {
                    page.is_cut = true;
                }
            }
        }
    });
    let own = Base::of_page(path);
    let base = match base {
        Some(href) => own.with(&href),
        None => own,
    };
    for (address, at_once) in tags_of_files {
        let (from_top, path) = match base.resolve(&address) {
            Some(Address::FromTop(path)) => (true, path),
            Some(Address::Within(path)) => (false, path),
            Some(Address::Elsewhere) => {
                page.elsewhere += 1;
                continue;
            }
            None => continue,
        };
        if loaded(&path).is_some() {
            page.references.insert((Target { from_top, path }, at_once));
        }
    }
    page
}

/// The address that a tag has loaded, and whether at once.
fn reference(tag: &Tag) -> Option<(&str, bool)> {
    if tag.name == "script" {
        let runs = is_module(tag) || (is_classic(tag) && tag.get("nomodule").is_none());
        return tag.get("src").filter(|_| runs).map(|address| (address, true));
    }
    let is = |rel: &str| {
        tag.get("rel").is_some_and(|rels| rels.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case(rel)))
    };
    let kind = tag.get("as").unwrap_or_default().trim().to_ascii_lowercase();
    let at_once = is("modulepreload")
        || (is("stylesheet") && tag.get("disabled").is_none())
        || (is("preload") && matches!(kind.as_str(), "script" | "style"));
    tag.get("href").filter(|_| at_once || is("prefetch")).map(|address| (address, at_once))
}

fn is_module(tag: &Tag) -> bool {
    tag.name == "script" && tag.get("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("module"))
}

/// Whether a script is one of JavaScript that is no module; others hold data.
fn is_classic(tag: &Tag) -> bool {
    let kind = tag.get("type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_script =
        |name: &str| ["javascript", "ecmascript", "jscript", "livescript"].iter().any(|end| name.ends_with(end));
    kind.is_empty()
        || kind.split_once('/').is_some_and(|(top, sub)| matches!(top, "text" | "application") && is_script(sub))
}

#[cfg(test)]
mod tests;
