//! The trees that folders of the index would make, as far as git noted them in it (extension `TREE`, gitformat-index).

use std::collections::HashMap;

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice as _};

/// Folders of the index. The first is its top.
#[derive(Default)]
pub(crate) struct KnownTrees {
    /// What each makes, and of how many files; none where a file in it changed since.
    trees: Vec<Option<(ObjectId, usize)>>,
    /// By the folder that each lies in, and its name there.
    places: HashMap<(usize, BString), usize>,
}

/// One of these folders.
#[derive(Clone, Copy)]
pub(crate) struct KnownTree<'a> {
    all: &'a KnownTrees,
    at: usize,
}

impl KnownTrees {
    /// Those of the extension `data`, whose ids have `hash` bytes; none where it is damaged.
    pub(crate) fn parse(mut data: &[u8], hash: usize) -> Option<Self> {
        let mut known = Self::default();
        // Folders that are being listed, and how many more lie in each.
        let mut open: Vec<(usize, usize)> = Vec::new();
        while !data.is_empty() {
            let at = known.trees.len();
            let name = take_until(&mut data, 0)?;
            let files: i64 = number(take_until(&mut data, b' ')?)?;
            let folders: usize = number(take_until(&mut data, b'\n')?)?;
            let mut tree = None;
            if let Ok(files) = usize::try_from(files) {
                let (id, rest) = data.split_at_checked(hash)?;
                (tree, data) = (Some((ObjectId::try_from(id).ok()?, files)), rest);
            }
            known.trees.push(tree);
            if let Some((parent, left)) = open.last_mut() {
                *left -= 1;
                let is_new = known.places.insert((*parent, name.into()), at).is_none();
                is_new.then_some(())?;
            } else if at > 0 {
                return None;
            }
            open.push((at, folders));
            while open.pop_if(|(_, left)| *left == 0).is_some() {}
        }
        (open.is_empty() && !known.trees.is_empty()).then_some(known)
    }

    /// Whether each folder lies in one that came before it, and nowhere else.
    pub(crate) fn check(&self) {
        assert_eq!(self.places.len() + 1, self.trees.len());
        for ((parent, name), at) in &self.places {
            assert!(parent < at && *at < self.trees.len());
            let parent = KnownTree { all: self, at: *parent };
            assert_eq!(parent.child(name.as_bstr()).map(|child| child.at), Some(*at));
        }
    }

    /// The top.
    pub(crate) fn top(&self) -> Option<KnownTree<'_>> {
        (!self.trees.is_empty()).then_some(KnownTree { all: self, at: 0 })
    }
}

impl<'a> KnownTree<'a> {
    /// The folder `name` in it.
    pub(crate) fn child(self, name: &BStr) -> Option<Self> {
        let at = self.all.places.get(&(self.at, name.to_owned()))?;
        Some(Self { at: *at, ..self })
    }

    /// Whether it makes `tree` with `count` files. The count is a check: what was written by another program need not keep it.
    pub(crate) fn makes(self, tree: ObjectId, count: usize) -> bool {
        self.all.trees.get(self.at) == Some(&Some((tree, count)))
    }
}

/// What stands before the next `end`, which is dropped.
fn take_until<'a>(data: &mut &'a [u8], end: u8) -> Option<&'a [u8]> {
    let at = data.find_byte(end)?;
    let (before, rest) = data.split_at(at);
    *data = &rest[1..];
    Some(before)
}

fn number<T: std::str::FromStr>(digits: &[u8]) -> Option<T> {
    digits.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> ObjectId {
        ObjectId::Sha1([byte; 20])
    }

    #[test]
    fn folders_are_known_by_their_way() {
        let data = [
            &b"\x003 2\n"[..],
            &[1; 20],
            b"a\x002 1\n",
            &[2; 20],
            b"b\x00-1 1\n",
            b"c\x001 0\n",
            &[3; 20],
            b"b\x001 0\n",
            &[4; 20],
        ]
        .concat();
        let known = KnownTrees::parse(&data, 20).unwrap();
        let at = |path: &str| path.split('/').try_fold(known.top().unwrap(), |tree, name| tree.child(name.into()));
        assert!(known.top().unwrap().makes(id(1), 3) && !known.top().unwrap().makes(id(1), 2));
        assert!(at("a").unwrap().makes(id(2), 2) && at("a/b/c").unwrap().makes(id(3), 1));
        assert!(at("b").unwrap().makes(id(4), 1) && !at("b").unwrap().makes(id(3), 1));
        assert!(at("a/b").is_some_and(|tree| !tree.makes(id(3), 1)), "not noted");
        assert!(at("c").is_none() && at("a/c").is_none());
        assert!(KnownTrees::default().top().is_none());
        for end in 1..data.len() {
            assert!(KnownTrees::parse(&data[..end], 20).is_none(), "{end}");
        }
        assert!(KnownTrees::parse(&[&data[..], b"d\x000 0\n", &[5; 20]].concat(), 20).is_none(), "beside the top");
    }

    #[test]
    fn one_name_twice_is_damage() {
        let data = [&b"\x002 2\n"[..], &[1; 20], b"a\x001 0\n", &[2; 20], b"a\x001 0\n", &[3; 20]].concat();
        assert!(KnownTrees::parse(&data, 20).is_none());
    }
}
