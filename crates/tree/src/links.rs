//! Symbolic links of a commit, followed as far as they stay in the repository.

use std::collections::VecDeque;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use tollgate_check::FileKind;

use crate::error::Result;
use crate::item;
use crate::store::{self, Handle};

/// How many links are followed for one path; systems give up at about as many.
const MOST: usize = 32;

/// Where the commit's file at `path` lies once every link on the way is followed. None where that is no file, or outside.
pub(crate) fn follow(repo: &Handle, commit: ObjectId, path: &str) -> Result<Option<String>> {
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let mut left: VecDeque<String> = parts(path).into();
    let (mut here, mut links): (Vec<String>, usize) = (Vec::new(), 0);
    let mut found = None;
    while let Some(part) = left.pop_front() {
        match part.as_str() {
            "" | "." => continue,
            ".." if here.pop().is_some() => continue,
            ".." => return Ok(None),
            _ => here.push(part),
        }
        let place = here.join("/");
        if place.len() > item::LONGEST {
            return Ok(None);
        }
        let Some((kind, id)) = store::file_at(repo, commit, place.as_bytes().as_bstr())? else { continue };
        if kind != FileKind::Link {
            found = (kind != FileKind::Submodule && left.is_empty()).then_some(place);
            break;
        }
        links += 1;
        let target = store::blob(repo, id, item::LONGEST as u64, &place)?;
        let Some(target) = target.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Ok(None) };
        if links > MOST || target.starts_with('/') {
            return Ok(None);
        }
        here.pop();
        parts(&target).into_iter().rev().for_each(|part| left.push_front(part));
    }
    Ok(found)
}
