//! Whether the forge itself asks somebody about what would relax the policy: the code owners of the files that make it.
//!
//! They count only where the base's CODEOWNERS cover the policy, `.tollgate/`, `.github/` and CODEOWNERS itself: whoever could
//! edit one of these alone could do without the others.

use std::collections::BTreeSet;

use tollgate_check::Tree;
use tollgate_policy::{By, CodeOwners, LARGEST_CODE_OWNERS, Relaxation};

use crate::forge::{Forge, plain};
use crate::former::{Origin, joined};
use crate::session::Session;

/// Where CODEOWNERS may lie; the first that is there counts.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Folders that hold policy: in the checked folder, and at the top.
const OWN: &str = ".tollgate";
const FORGE: &str = ".github";

/// Who is asked about what.
#[derive(Debug)]
pub(crate) struct Owners {
    rules: CodeOwners,
    author: String,
    root: String,
    /// The policy's file.
    policy: String,
}

impl Owners {
    /// Those of the tip of the base; none where the forge does not ask them, or they do not cover what holds policy.
    pub(crate) fn find(forge: &Forge<'_>, session: &Session) -> Option<Self> {
        let author = forge.owners_review(session)?.to_owned();
        let tip = session.tip()?.ok()?;
        let (place, text) = text(tip.tree(".").ok()?.as_ref())?;
        let owners = Self {
            rules: CodeOwners::parse(&text),
            author,
            root: session.root_in_repository().to_owned(),
            policy: session.policy.clone()?,
        };
        let old = match &tip.former.policy {
            Origin::Here(path) | Origin::Moved(path) => vec![path.clone()],
            Origin::OneOf(all) => all.clone(),
            Origin::New | Origin::Outside => Vec::new(),
        };
        let files = old.iter().map(String::as_str).chain([place, owners.policy.as_str()]);
        let folders = [joined(&owners.root, OWN), joined(&tip.former.root, OWN), FORGE.to_owned()];
        let covered = files.into_iter().all(|file| owners.of(file).is_some())
            && folders.iter().all(|folder| owners.rules.own_all_below(folder, |owner| owners.counts(owner)));
        covered.then_some(owners)
    }

    /// Writes down who is asked about each of `relaxations`.
    pub(crate) fn ask(&self, relaxations: &mut [Relaxation]) {
        for one in relaxations {
            let path = match &one.by {
                By::Policy => self.policy.clone(),
                By::File(path) => joined(&self.root, path),
                By::Evidence(_) => continue,
            };
            one.owners = self.of(&path).unwrap_or_default();
        }
    }

    /// The owners of the file at `path`; none where nobody but the author is among them.
    fn of(&self, path: &str) -> Option<Vec<String>> {
        let all: BTreeSet<&String> = self.rules.of(path).iter().filter(|owner| self.counts(owner)).collect();
        (!all.is_empty()).then(|| all.into_iter().cloned().collect())
    }

    /// Whether it is somebody other than the author. Whose an address is cannot be told.
    fn counts(&self, owner: &str) -> bool {
        owner.strip_prefix('@').is_some_and(|name| plain(name) != self.author)
    }
}

/// Path and text of the CODEOWNERS that counts; none where GitHub reads none.
fn text(tree: &dyn Tree) -> Option<(&'static str, String)> {
    let place = PLACES.into_iter().find(|place| tree.contains(place).unwrap_or(false))?;
    let bytes = tree.read(place, LARGEST_CODE_OWNERS).ok()?;
    Some((place, String::from_utf8_lossy(&bytes).into_owned()))
}
