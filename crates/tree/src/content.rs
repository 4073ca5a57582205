//! The content of files as git would store it: what two states are compared by.

use std::path::Path;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::filter::plumbing::pipeline::CrlfRoundTripCheck;
use gix::filter::plumbing::pipeline::convert::ToGitOutcome;
use gix::worktree::stack::state::attributes::Source;
use tollgate_check::FileKind;

use crate::error::{self, Result};
use crate::item::Item;
use crate::staged::Staged;
use crate::store::Handle;
use crate::{disk, store};

/// A file larger than this counts as binary.
pub(crate) const LIMIT: u64 = 50_000_000;
/// How far git looks for a NUL.
const SNIFF: usize = 8000;

/// Reads files of the object store and of the disk.
pub(crate) struct Contents<'r> {
    repo: &'r Handle,
    top: &'r Path,
    staged: &'r Staged,
    attributes: gix::AttributeStack<'r>,
    pipeline: gix::filter::plumbing::Pipeline,
    diff: gix::attrs::search::Outcome,
}

/// What a file holds.
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    /// By its `diff` attribute, else by a NUL among its first bytes.
    pub(crate) binary: bool,
}

impl<'r> Contents<'r> {
    /// Looks for files of attributes as `source` says.
    pub(crate) fn new(repo: &'r Handle, top: &'r Path, staged: &'r Staged, source: Source) -> Result<Self> {
        let trouble = |e: gix::Error| error::git("cannot read the attributes", &e);
        let attributes = repo.attributes_only(staged.rules(), source).map_err(trouble)?;
        let mut options = gix::filter::Pipeline::options(repo).map_err(trouble)?;
        // Programs that the repository configures are not run.
        options.drivers.clear();
        options.crlf_roundtrip_check = CrlfRoundTripCheck::Skip;
        options.encodings_with_roundtrip_check.clear();
        let pipeline = gix::filter::plumbing::Pipeline::new(Default::default(), repo.object_hash(), options);
        let mut diff = gix::attrs::search::Outcome::default();
        diff.initialize_with_selection(&Default::default(), ["diff"]);
        Ok(Self { repo, top, staged, attributes, pipeline, diff })
    }

    /// The content of `item`; none of a submodule, and none when it is too large.
    pub(crate) fn load(&mut self, item: &Item) -> Result<Option<Content>> {
        if item.kind == FileKind::Submodule {
            return Ok(None);
        }
        let bytes = if item.on_disk {
            self.stored(item.path.as_bstr(), item.kind)?
        } else {
            store::blob(self.repo, item.id, LIMIT, &item.path.to_str_lossy())?
        };
        let Some(bytes) = bytes else { return Ok(None) };
        let by_rule = if item.is_regular() { self.is_binary(item.path.as_bstr())? } else { None };
        let binary = by_rule.unwrap_or_else(|| bytes[..bytes.len().min(SNIFF)].contains(&0));
        Ok(Some(Content { bytes, binary }))
    }

    /// The id that the file at `path` would have if it were added now. A tracked file that is too large is taken as it is,
    /// without conversion; one that is new anyway is not read, and has an id of its own.
    pub(crate) fn id_of(&mut self, path: &BStr, kind: FileKind, tracked: bool) -> Result<ObjectId> {
        let shown = path.to_str_lossy();
        let hash = self.repo.object_hash();
        match self.stored(path, kind)? {
            Some(bytes) => gix::objs::compute_hash(hash, gix::objs::Kind::Blob, &bytes)
                .map_err(|e| error::git(&format!("{shown}: cannot hash it"), &e).at(shown.as_ref())),
            None if tracked => disk::id_of(&disk::place(self.top, path)?, hash, &shown),
            None => gix::objs::compute_hash(hash, gix::objs::Kind::Blob, path)
                .map_err(|e| error::git(&format!("{shown}: cannot name it"), &e).at(shown.as_ref())),
        }
    }

    /// What git would store of the file on the disk; none when it is too large.
    fn stored(&mut self, path: &BStr, kind: FileKind) -> Result<Option<Vec<u8>>> {
        let bytes = disk::read(&disk::place(self.top, path)?, kind, LIMIT, &path.to_str_lossy())?;
        match bytes {
            Some(bytes) if kind != FileKind::Link => self.converted(path, bytes).map(Some),
            as_it_is => Ok(as_it_is),
        }
    }

    /// `bytes` with the line ends and the encoding that git would store. Where that is impossible git keeps them as
    /// they are, and so does this.
    fn converted(&mut self, path: &BStr, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let trouble = |e: gix::Error| error::git(&format!("{path}: cannot read its attributes"), &e);
        let place = disk::place(Path::new(""), path)?;
        let attributes = self.attributes.at_entry(path, None).map_err(trouble)?;
        let outcome = self.pipeline.convert_to_git(
            bytes.as_slice(),
            &place,
            &mut |_, found| {
                attributes.matching_attributes(found);
            },
            // git leaves the line ends of a file alone that was added with `\r\n`, so it asks what was added.
            &mut |buffer| {
                let Some(id) = self.staged.added(path) else { return Ok(None) };
                let Some(object) = self.repo.try_find_object(id)? else { return Ok(None) };
                buffer.clear();
                buffer.extend_from_slice(&object.data);
                Ok(Some(()))
            },
        );
        Ok(match outcome {
            Ok(ToGitOutcome::Buffer(converted)) => converted.to_vec(),
            _ => bytes,
        })
    }

    /// What the `diff` attribute says; none where it leaves the answer to the content.
    fn is_binary(&mut self, path: &BStr) -> Result<Option<bool>> {
        use gix::attrs::StateRef;
        let trouble = |e: gix::Error| error::git(&format!("{path}: cannot read its attributes"), &e);
        self.diff.reset();
        self.attributes.at_entry(path, None).map_err(trouble)?.matching_attributes(&mut self.diff);
        let config = self.repo.config_snapshot();
        Ok(self.diff.iter_selected().next().and_then(|found| match found.assignment.state {
            StateRef::Set => Some(false),
            StateRef::Unset => Some(true),
            StateRef::Value(driver) => config.boolean(format!("diff.{}.binary", driver.as_bstr()).as_str()),
            StateRef::Unspecified => None,
        }))
    }
}
