//! `workflows/unpinned-action`: foreign code under a name that can be pointed at other code.

mod version;

use std::collections::BTreeMap;

use tollgate_input::Span;
use tollgate_model::Confidence;

use super::{Seen, short};
use crate::model::{Action, Step, Text, Workflow};

pub(crate) use version::Version;

const RULE: &str = "workflows/unpinned-action";

/// Owners whose actions GitHub itself keeps.
const FIRST_PARTY: &[&str] = &["actions", "github"];

/// What the steps and the called workflows of `workflow` use.
pub(crate) fn look(workflow: &Workflow, trusted: &[String]) -> Vec<Seen> {
    let used = workflow.jobs.iter().flat_map(|job| job.uses.iter().chain(job.steps.iter().filter_map(uses)));
    found(used, trusted)
}

/// What the steps of a composite action use.
pub(crate) fn look_at_action(action: &Action, trusted: &[String]) -> Vec<Seen> {
    found(action.steps.iter().filter_map(uses), trusted)
}

fn uses(step: &Step) -> Option<&Text> {
    step.uses.as_ref()
}

fn found<'a>(used: impl Iterator<Item = &'a Text>, trusted: &[String]) -> Vec<Seen> {
    // By what is used: its names in lower case, and where it stands.
    let mut unpinned: BTreeMap<String, (Foreign, Vec<Span>)> = BTreeMap::new();
    for text in used {
        let Some(foreign) = foreign(&text.text) else { continue };
        if trusted.iter().any(|owner| foreign.owner.eq_ignore_ascii_case(owner)) {
            continue;
        }
        let key = format!("{}@{}", foreign.name.to_lowercase(), foreign.reference);
        let (_, places) = unpinned.entry(key).or_insert_with(|| (foreign, Vec::new()));
        // What an alias repeats is written once.
        if !places.contains(&text.span) {
            places.push(text.span);
        }
    }
    unpinned.into_values().filter_map(|(foreign, places)| foreign.seen(places)).collect()
}

/// Something foreign without a commit or a digest.
struct Foreign {
    owner: String,
    /// `owner/repository`, or an image without its tag.
    name: String,
    /// The branch or tag; empty for none.
    reference: String,
    image: bool,
}

/// What `uses` names, where that is foreign and can change.
fn foreign(uses: &str) -> Option<Foreign> {
    let uses = uses.trim();
    if uses.contains("${{") || uses.starts_with("./") || uses.starts_with("../") {
        return None;
    }
    if let Some(image) = uses.strip_prefix("docker://") {
        return foreign_image(image);
    }
    let (path, reference) = uses.split_once('@')?;
    let mut parts = path.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    let written = !owner.is_empty() && !repository.is_empty() && !reference.is_empty();
    if !written || is_commit(reference) {
        return None;
    }
    Some(Foreign {
        owner: owner.to_owned(),
        name: format!("{owner}/{repository}"),
        reference: reference.to_owned(),
        image: false,
    })
}

fn foreign_image(image: &str) -> Option<Foreign> {
    if image.is_empty() || image.rsplit_once("@sha256:").is_some_and(|(_, digest)| is_hex(digest, 64)) {
        return None;
    }
    let image = image.split('@').next().unwrap_or_default();
    // A colon before a slash is a port.
    let (name, reference) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, ""),
    };
    let owner = name.strip_prefix("ghcr.io/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let (owner, name) = (owner.to_owned(), name.to_owned());
    Some(Foreign { owner, name, reference: reference.to_owned(), image: true })
}

/// Whether `reference` is a full commit hash: a shorter one can be a tag's name.
pub(crate) fn is_commit(reference: &str) -> bool {
    is_hex(reference, 40) || is_hex(reference, 64)
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl Foreign {
    fn seen(self, mut places: Vec<Span>) -> Option<Seen> {
        let first_party = !self.image && FIRST_PARTY.iter().any(|owner| self.owner.eq_ignore_ascii_case(owner));
        let (name, reference) = (short(&self.name), short(&self.reference));
        let message = if self.image {
            let tag = if reference.is_empty() { String::new() } else { format!(":{reference}") };
            format!(
                "The image {name}{tag} has no digest. Whoever can push to its repository can change what runs here; \
                 add `@sha256:` and the digest."
            )
        } else {
            let who = if first_party { "GitHub" } else { "Whoever can write to that repository" };
            format!(
                "{name} is used at `{reference}`, which is no commit. {who} can point that name at other code, which \
                 then runs with this job's token and secrets; write the full commit hash and keep the version as a \
                 comment."
            )
        };
        let place = *places.first()?;
        places.remove(0);
        let confidence = if first_party { Confidence::Low } else { Confidence::Medium };
        let context = format!("{}@{}", self.name, self.reference);
        Some(Seen { rule: RULE, confidence, message, place, related: places, context })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_code_is_pinned_by_a_commit_or_a_digest() {
        let commit = "0123456789abcdef0123456789ABCDEF01234567";
        let digest = format!("sha256:{}", "0".repeat(64));
        for (uses, expected) in [
            ("a/b@v1".to_owned(), Some(("a/b", "v1"))),
            ("a/b/c/d@main".to_owned(), Some(("a/b", "main"))),
            ("a/b/.github/workflows/x.yml@v2".to_owned(), Some(("a/b", "v2"))),
            ("a/b@0123456".to_owned(), Some(("a/b", "0123456"))),
            (format!("a/b@{commit}"), None),
            (format!("a/b@{commit}{}", &commit[..24]), None),
            (format!("a/b@{commit}0"), Some(("a/b", "0123456789abcdef0123456789ABCDEF012345670"))),
            ("./a".to_owned(), None),
            ("./.github/workflows/x.yml".to_owned(), None),
            ("a/b".to_owned(), None),
            ("a@v1".to_owned(), None),
            ("a/b@${{ x }}".to_owned(), None),
            ("docker://alpine".to_owned(), Some(("alpine", ""))),
            ("docker://alpine:3".to_owned(), Some(("alpine", "3"))),
            ("docker://host:80/alpine".to_owned(), Some(("host:80/alpine", ""))),
            (format!("docker://alpine:3@{digest}"), None),
            ("docker://alpine@sha256:0".to_owned(), Some(("alpine", ""))),
        ] {
            let found = foreign(&uses);
            let found = found.as_ref().map(|f| (f.name.as_str(), f.reference.as_str()));
            assert_eq!(found, expected, "{uses}");
        }
    }

    #[test]
    fn the_owner_of_an_image_is_known_in_one_registry() {
        let owner = |uses| foreign(uses).map(|f| f.owner);
        assert_eq!(owner("docker://ghcr.io/me/it:1").as_deref(), Some("me"));
        assert_eq!(owner("docker://me/it:1").as_deref(), Some(""));
    }
}
