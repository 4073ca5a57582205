//! The folders that are open around a file, and its path.

use tollgate_input::xml::Value;

use crate::formats::elements;

/// The longest path, bytes: that of common systems.
const LONGEST: usize = 4096;

/// How many bytes all paths of a report may have together. They are made of names that stand in the report once, so they
/// could be far longer than it is.
const ROOM: usize = 256 << 20;

/// The folders that are open.
#[derive(Debug)]
pub(super) struct Folders {
    /// Their path, with a slash at its end unless it is empty; as far as it is good.
    path: String,
    /// For each, how long the path was before it; none if its name, or that of one around it, is no good.
    open: Vec<Option<usize>>,
    room: usize,
}

impl Default for Folders {
    fn default() -> Self {
        Self { path: String::new(), open: Vec::new(), room: ROOM }
    }
}

impl Folders {
    /// Enters the folder called `name`; false if that is no good, and no file in it can be named. A blank name is that of
    /// the folder around it.
    pub(super) fn enter(&mut self, name: Option<Value<'_>>) -> bool {
        let blank = name.is_some_and(|name| name.raw().trim_ascii().is_empty());
        let name = if blank { Some(String::new()) } else { elements::path(name) };
        let known = matches!(self.open.last(), None | Some(Some(_)));
        let name = name.filter(|name| known && self.path.len() + name.len() < LONGEST);
        self.open.push(name.as_ref().map(|_| self.path.len()));
        let Some(name) = name else { return !known };
        if !blank {
            self.path.push_str(name.trim_end_matches(['/', '\\']));
            self.path.push('/');
        }
        true
    }

    /// Leaves the innermost folder.
    pub(super) fn leave(&mut self) {
        if let Some(Some(length)) = self.open.pop() {
            self.path.truncate(length);
        }
    }

    /// The path of the file called `name` in the innermost folder; none if one of its names is no good.
    pub(super) fn file(&mut self, name: Option<Value<'_>>) -> Option<String> {
        let name = elements::path(name)?;
        let known = matches!(self.open.last(), None | Some(Some(_)));
        let length = self.path.len() + name.len();
        self.room = self.room.checked_sub(length)?;
        (known && length <= LONGEST).then(|| format!("{}{name}", self.path))
    }
}
