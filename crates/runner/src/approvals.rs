//! Who approved the change, and whether code owners will be asked: what the forge knows, handed over in a file.
//!
//! ```json
//! {"author": "kim", "approvals": [{"by": "jo", "commit": "0123…"}], "code_owner_review": true}
//! ```

use std::path::Path;

use serde::Deserialize;
use tollgate_input::read_named;

use crate::session::Session;
use crate::usage::usage;

/// Largest such file, in bytes.
const LARGEST: u64 = 4 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approvals {
    author: String,
    approvals: Vec<Approval>,
    /// Whether the base branch takes no change that its code owners have not reviewed.
    #[serde(default)]
    code_owner_review: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    by: String,
    commit: String,
}

/// What the forge says of the change.
#[derive(Debug, Default)]
pub(crate) struct Forge {
    /// Who, not being the author, approved the commit that is judged. An approval of an earlier commit says nothing of this one.
    pub(crate) approver: Option<String>,
    /// The author, where code owners must review what they own.
    pub(crate) owners_review: Option<String>,
}

/// What the forge says, as far as it was handed over.
pub(crate) fn read(file: Option<&Path>, session: &Session) -> anyhow::Result<Forge> {
    let Some(path) = file else { return Ok(Forge::default()) };
    let bytes = read_named(path, LARGEST).map_err(|e| usage(format!("--approvals {e}")))?;
    let read: Approvals = serde_json::from_slice(&bytes).map_err(|e| {
        let expected =
            r#"{"author": "…", "approvals": [{"by": "…", "commit": "…"}]}, and maybe "code_owner_review": true"#;
        usage(format!("--approvals {}: {e}; expected {expected}", path.display()))
    })?;
    let heads = [session.head(), session.event.head.as_deref()];
    let author = Some(plain(&read.author)).filter(|author| read.code_owner_review && !author.is_empty());
    Ok(Forge { approver: first(&read, &heads), owners_review: author })
}

/// A name as names are compared.
pub(crate) fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

fn first(read: &Approvals, heads: &[Option<&str>]) -> Option<String> {
    let author = plain(&read.author);
    let counts = |one: &&Approval| {
        let other = !author.is_empty() && !plain(&one.by).is_empty() && plain(&one.by) != author;
        other && heads.iter().flatten().any(|head| one.commit.eq_ignore_ascii_case(head))
    };
    read.approvals.iter().find(counts).map(|one| one.by.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_somebody_else_and_only_of_this_commit() {
        let head = "a".repeat(40);
        let approvals = |author: &str, by: &str, commit: &str| Approvals {
            author: author.to_owned(),
            approvals: vec![Approval { by: by.to_owned(), commit: commit.to_owned() }],
            code_owner_review: false,
        };
        for (author, by, commit, expected) in [
            ("kim", "jo", head.as_str(), Some("jo")),
            ("kim", "Kim ", &head, None),
            ("kim", "jo", "b", None),
            ("", "jo", &head, None),
            ("kim", " ", &head, None),
        ] {
            let found = first(&approvals(author, by, commit), &[None, Some(&head)]);
            assert_eq!(found.as_deref(), expected, "{author} {by} {commit}");
        }
        assert_eq!(first(&approvals("kim", "jo", ""), &[None, None]), None);
    }
}
