//! Lines for CODEOWNERS: who is asked about changes of what decides.

use tollgate_policy::{CodeOwners, LARGEST_CODE_OWNERS};
use tollgate_tree::Repository;

use crate::InitError;

/// Where GitHub looks, in this order.
const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// What decides: the policy, its lists, the workflows.
const DECIDES: [&str; 3] = ["/tollgate.toml", "/.tollgate/", "/.github/"];

/// What of CODEOWNERS is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owners {
    /// Everything that decides has an owner.
    There(String),
    /// These lines are missing; of a file that is there, its path and text.
    Missing { lines: String, file: Option<(String, String)> },
}

/// What of CODEOWNERS is to be done, `owner` having been named or not.
pub(crate) fn find(repository: &Repository, owner: Option<&str>) -> Result<Owners, InitError> {
    if let Some(owner) = owner.filter(|owner| !is_owner(owner)) {
        return Err(InitError::Usage(format!("--owner {owner}: @user or @org/team is expected")));
    }
    let whole = repository.whole()?;
    let tree = whole.working_copy();
    let read = |path: &&str| {
        let bytes = tree.read(path, LARGEST_CODE_OWNERS).ok()?;
        Some(((*path).to_owned(), String::from_utf8_lossy(&bytes).into_owned()))
    };
    let file = PLACES.iter().find(|path| tree.contains(path).unwrap_or(false)).and_then(read);
    let known = file.as_ref().map(|(_, text)| CodeOwners::parse(text)).unwrap_or_default();
    let of = |path: &str| known.of(path).to_vec();
    let owned = [of("tollgate.toml"), of(".tollgate/x"), of(".github/workflows/x")];
    if owned.iter().all(|owners| !owners.is_empty()) {
        return Ok(Owners::There(file.map(|(path, _)| path).unwrap_or_default()));
    }
    let owner = owner.map(str::to_owned).or_else(|| {
        let first = owned.into_iter().find(|owners| !owners.is_empty())?;
        Some(first.join(" "))
    });
    Ok(Owners::Missing { lines: lines(owner.as_deref()), file })
}

fn lines(owner: Option<&str>) -> String {
    let mut text = "# What decides whether a change may merge: whoever changes it is reviewed.\n".to_owned();
    if owner.is_none() {
        text.push_str("# Put a user or a team in place of @OWNER and take the sign before each line away.\n");
    }
    for path in DECIDES {
        text.push_str(&match owner {
            Some(owner) => format!("{path} {owner}\n"),
            None => format!("# {path} @OWNER\n"),
        });
    }
    text
}

/// Whether a name can be an owner: `@user`, `@org/team`.
fn is_owner(text: &str) -> bool {
    let Some(name) = text.strip_prefix('@') else { return false };
    let part = |part: &str| {
        !part.is_empty() && part.len() <= 100 && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    name.split('/').count() <= 2 && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_have_a_form() {
        for name in ["@kim", "@org/team-1"] {
            assert!(is_owner(name), "{name}");
        }
        for name in ["kim", "@", "@a/b/c", "@a b", "@a\n* @b", "@a/"] {
            assert!(!is_owner(name), "{name:?}");
        }
    }

    #[test]
    fn an_owner_that_is_not_known_is_left_to_people() {
        let own = CodeOwners::parse(&lines(Some("@kim")));
        assert_eq!(own.of("tollgate.toml"), ["@kim"]);
        assert_eq!(own.of(".github/workflows/a.yml"), ["@kim"]);
        assert!(own.of("src/tollgate.toml").is_empty());
        assert!(CodeOwners::parse(&lines(None)).of("tollgate.toml").is_empty());
    }
}
