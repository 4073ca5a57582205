//! Who approved the change: what the forge knows, handed over in a file.
//!
//! ```json
//! {"author": "kim", "approvals": [{"by": "jo", "commit": "0123…"}]}
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    by: String,
    commit: String,
}

/// Who, not being the author, approved the commit that is judged. An approval of an earlier commit says nothing of this one.
pub(crate) fn approver(file: Option<&Path>, session: &Session) -> anyhow::Result<Option<String>> {
    let Some(path) = file else { return Ok(None) };
    let bytes = read_named(path, LARGEST).map_err(|e| usage(format!("--approvals {e}")))?;
    let read: Approvals = serde_json::from_slice(&bytes).map_err(|e| {
        let expected = r#"{"author": "…", "approvals": [{"by": "…", "commit": "…"}]}"#;
        usage(format!("--approvals {}: {e}; expected {expected}", path.display()))
    })?;
    let head = session.head();
    let heads = [head, session.event.head.as_deref()];
    Ok(first(&read, &heads))
}

fn first(read: &Approvals, heads: &[Option<&str>]) -> Option<String> {
    let plain = |name: &str| name.trim().to_lowercase();
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
