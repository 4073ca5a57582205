//! Places: locations as they are written (§3.28, §3.29, §3.4, §3.30), and what they come to once the run was read.

use std::collections::HashMap;

use tollgate_input::InputError;
use tollgate_input::json_stream::Reader;
use tollgate_model::{Location, Region};

use super::address::{self, Address};
use super::intern::Interner;
use super::json::{index, object, ordinal, raw};
use crate::value::{self, Span};

/// Longest address, bytes. A longer one names no place.
const ADDRESS: usize = 4_096;
/// How many bases may be defined by each other.
const CHAIN: usize = 16;
/// How much of a snippet a fingerprint is made of, bytes.
const SNIPPET: usize = 1_000;

/// An address as it is written (§3.4).
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Empty where it is not said.
    pub(super) uri: String,
    /// `uriBaseId`, interned.
    pub(super) base: Option<u32>,
    /// Which of the run's artifacts it is.
    pub(super) artifact: Option<u32>,
    /// Whether it is longer than any path.
    pub(super) too_long: bool,
}

impl Written {
    /// Reads the artifact location that comes next.
    pub(super) fn read(reader: &mut Reader, bases: &mut Interner) -> Result<Self, InputError> {
        let mut written = Self::default();
        object(reader, |reader, key| {
            match key {
                "uri" => {
                    if let Some((uri, longer)) = raw(reader, ADDRESS)? {
                        written.too_long = longer;
                        written.uri = if longer { String::new() } else { uri.into_owned() };
                    }
                }
                "uriBaseId" => written.base = raw(reader, 300)?.map(|(id, _)| bases.number(&id)),
                "index" => written.artifact = index(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(written)
    }

    /// Whether it names something.
    pub(super) fn is_said(&self) -> bool {
        !self.uri.is_empty() || self.artifact.is_some() || self.too_long
    }
}

/// The text that a location shows.
#[derive(Debug, Default)]
pub(super) struct Snippet {
    whole: String,
    longer: bool,
    span: Span,
}

impl Snippet {
    /// Forgets it; its room is used again.
    pub(super) fn clear(&mut self) {
        self.whole.clear();
    }

    /// As much of it as a fingerprint is made of.
    pub(super) fn beginning(&self) -> &str {
        &self.whole[..self.whole.floor_char_boundary(SNIPPET)]
    }

    /// All of it, with its region; none where it is longer than a value.
    pub(super) fn whole(&self) -> Option<(&str, Span)> {
        (!self.longer && !self.whole.is_empty()).then_some((&self.whole, self.span))
    }
}

/// A location as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) at: Written,
    region: Option<Region>,
    /// Whether it only stands for the subject as a whole, as our own files have it.
    stand_in: bool,
}

impl From<Written> for Place {
    fn from(at: Written) -> Self {
        Self { at, region: None, stand_in: false }
    }
}

impl Place {
    /// Reads the location that comes next; its snippet is put into `snippet` if that is given.
    pub(super) fn read(
        reader: &mut Reader,
        bases: &mut Interner,
        mut snippet: Option<&mut Snippet>,
    ) -> Result<Self, InputError> {
        let mut place = Self::default();
        object(reader, |reader, key| {
            match key {
                "physicalLocation" => object(reader, |reader, key| {
                    match key {
                        "artifactLocation" => place.at = Written::read(reader, bases)?,
                        "region" => place.region = region(reader, snippet.as_deref_mut())?,
                        _ => {}
                    }
                    Ok(())
                })?,
                "message" => place.stand_in = is_stand_in(reader)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(place)
    }
}

/// Whether the message that comes next is the one that [`write()`](crate::write()) gives a finding that is nowhere.
fn is_stand_in(reader: &mut Reader) -> Result<bool, InputError> {
    let mut found = false;
    object(reader, |reader, key| {
        if key == "text" {
            found = raw(reader, 10_000)?.is_some_and(|(text, _)| {
                text == crate::WHOLE_SUBJECT
                    || (text.starts_with("The finding is about ") && text.ends_with(", outside the repository."))
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// The lines and columns of the region that comes next; none where it counts characters or bytes instead (§3.30.5): the
/// whole file.
fn region(reader: &mut Reader, snippet: Option<&mut Snippet>) -> Result<Option<Region>, InputError> {
    let (mut start, mut end, mut first, mut last) = (None, None, None, None);
    let (mut snippet, mut shown) = (snippet, false);
    object(reader, |reader, key| {
        match key {
            "startLine" => start = ordinal(reader)?,
            "endLine" => end = ordinal(reader)?,
            "startColumn" => first = ordinal(reader)?,
            "endColumn" => last = ordinal(reader)?,
            "snippet" => object(reader, |reader, key| {
                if let ("text", Some(snippet)) = (key, snippet.as_deref_mut())
                    && let Some((text, longer)) = raw(reader, value::LONGEST)?
                {
                    snippet.clear();
                    snippet.whole.push_str(&text);
                    snippet.longer = longer;
                    shown = true;
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    if let Some(snippet) = snippet.filter(|_| shown) {
        snippet.span = Span { start_line: start, end_line: end, start_column: first, end_column: last };
    }
    Ok(start.map(|start_line| {
        let end_line = end.unwrap_or(start_line).max(start_line);
        let backwards = end_line == start_line && last.is_some_and(|last| last < first.unwrap_or(1));
        Region { start_line, end_line, start_column: first, end_column: last.filter(|_| !backwards) }
    }))
}

/// An entry of `originalUriBaseIds` (§3.14.14).
#[derive(Clone, Debug, Default)]
struct Base {
    uri: String,
    /// The base it is itself relative to, interned.
    base: Option<u32>,
}

/// What a run says of the files it is about.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Names of bases.
    pub(super) names: Interner,
    bases: HashMap<u32, Base>,
    /// Locations of `artifacts`, in their order (§3.24).
    pub(super) artifacts: Vec<Written>,
}

/// What a place comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// A path, relative to the checked folder where that can be told.
    At(Location),
    /// Out of the checked folder, by `..`.
    Outside,
    /// An address that is no path: too long.
    TooLong,
    /// Nowhere: the subject as a whole.
    Nowhere,
}

/// Where a base leads.
#[derive(Clone, Debug)]
enum Prefix {
    /// Relative to the checked folder; empty, or with a slash at its end.
    Relative(String),
    /// To a folder of its own.
    Absolute(String),
}

impl Files {
    /// Reads the bases that come next, at most `most`.
    pub(super) fn read_bases(&mut self, reader: &mut Reader, most: usize) -> Result<(), InputError> {
        object(reader, |reader, id| {
            if self.bases.len() < most {
                let written = Written::read(reader, &mut self.names)?;
                let id = self.names.number(id);
                self.bases.insert(id, Base { uri: written.uri, base: written.base });
            }
            Ok(())
        })
    }

    /// The way to tell where places are, once the run was read. `top` is the base that the repository's top is mapped
    /// to.
    pub(super) fn resolver(&self, top: Option<u32>) -> Resolver<'_> {
        let absolute = self.bases.values().filter(|base| matches!(address::read(&base.uri), Address::Absolute(_)));
        let single = absolute.count() == 1;
        let mut resolver = Resolver { files: self, prefixes: Vec::with_capacity(self.names.len()), tops: Vec::new() };
        for id in 0..self.names.len() {
            let prefix = self.prefix(id as u32, top, single, &mut resolver.tops);
            resolver.prefixes.push(prefix);
        }
        resolver.tops.sort();
        resolver.tops.dedup();
        resolver
    }

    /// Where the base `id` leads. An absolute one that is the repository's top, is called like a top, or is the only
    /// one, is taken for the checked folder, and put into `tops`.
    fn prefix(&self, id: u32, top: Option<u32>, single: bool, tops: &mut Vec<String>) -> Prefix {
        let mut parts: Vec<String> = Vec::new();
        let mut next = Some(id);
        // A loop ends with the chain.
        for _ in 0..CHAIN {
            let Some((id, base)) = next.and_then(|id| Some((id, self.bases.get(&id)?))) else { break };
            match address::read(&base.uri) {
                Address::Relative(path) => parts.push(path),
                Address::Absolute(path) => {
                    let path = address::absolute(&path);
                    let folder = if path.ends_with('/') { path } else { path + "/" };
                    if single || top == Some(id) || is_top(self.names.name(id)) {
                        tops.extend((folder.len() > 1).then_some(folder));
                    } else {
                        parts.push(folder);
                        parts.reverse();
                        return Prefix::Absolute(joined(&parts));
                    }
                    break;
                }
            }
            next = base.base;
        }
        parts.reverse();
        Prefix::Relative(joined(&parts))
    }
}

/// Whether a base of this name is what people call the top of what is checked: `%SRCROOT%`, `REPO_ROOT`, `ROOTPATH`.
fn is_top(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["SRC", "SOURCE", "REPO", "PROJECT", "WORKSPACE", "ROOTPATH"].iter().any(|part| name.contains(part))
}

/// The parts with a slash behind each.
fn joined(parts: &[String]) -> String {
    let mut path = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        path.push_str(part);
        if !path.ends_with('/') {
            path.push('/');
        }
    }
    path
}

/// Tells where places are.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    files: &'a Files,
    /// By the number of the base's name.
    prefixes: Vec<Prefix>,
    /// Absolute folders that are the checked folder.
    tops: Vec<String>,
}

impl Resolver<'_> {
    /// Where `place` is.
    pub(super) fn place(&self, place: Place) -> Resolved {
        if place.stand_in {
            return Resolved::Nowhere;
        }
        match self.path(place.at) {
            Ok(Some(path)) => Resolved::At(Location { path, region: place.region }),
            Ok(None) => Resolved::Nowhere,
            Err(why) => why,
        }
    }

    fn path(&self, at: Written) -> Result<Option<String>, Resolved> {
        match self.any_path(at)? {
            Some(path) if path.len() > ADDRESS => Err(Resolved::TooLong),
            path => Ok(path),
        }
    }

    fn any_path(&self, mut at: Written) -> Result<Option<String>, Resolved> {
        if at.uri.is_empty()
            && !at.too_long
            && let Some(artifact) = at.artifact.and_then(|index| self.files.artifacts.get(index as usize))
        {
            at = artifact.clone();
        }
        if at.too_long {
            return Err(Resolved::TooLong);
        }
        let prefix = at.base.and_then(|base| self.prefixes.get(base as usize));
        if at.uri.is_empty() {
            return Ok(None);
        }
        let relative = match prefix {
            None => true,
            Some(Prefix::Relative(prefix)) => prefix.is_empty(),
            Some(Prefix::Absolute(_)) => false,
        };
        if relative && address::is_clean(&at.uri) {
            return Ok(Some(at.uri));
        }
        let path = match (address::read(&at.uri), prefix) {
            (Address::Absolute(path), _) => {
                let path = address::absolute(&path);
                match self.tops.iter().find_map(|top| path.strip_prefix(top.as_str())) {
                    Some(inside) => inside.to_owned(),
                    None => return Ok(Some(path)),
                }
            }
            (Address::Relative(path), Some(Prefix::Absolute(folder))) => {
                return Ok(Some(address::absolute(&format!("{folder}{path}"))));
            }
            (Address::Relative(path), Some(Prefix::Relative(folder))) => format!("{folder}{path}"),
            (Address::Relative(path), None) => path,
        };
        match address::folded(&path) {
            Some(path) => Ok((!path.is_empty()).then_some(path)),
            None => Err(Resolved::Outside),
        }
    }
}
