//! Who approved a change, and whether code owners have to.

use serde::Serialize;
use serde_json::{Value, json};

use crate::graphql::{page, text};
use crate::{Client, ForgeError, address};

/// Pages that are read at most.
const MOST_PAGES: usize = 20;

const QUERY: &str = "query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      author { login }
      headRefOid
      baseRefName
      latestOpinionatedReviews(first: 100, after: $after, writersOnly: true) {
        nodes { author { login } state commit { oid } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}";

/// What people said of a pull request. Its JSON is what `check --approvals` reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reviews {
    /// Who opened it; empty where the account is gone.
    pub author: String,
    /// Its head commit.
    #[serde(skip)]
    pub head: String,
    /// Approvals that stand, each by somebody who may write to the repository.
    pub approvals: Vec<Approval>,
    /// Whether a rule of the base branch asks for a review by code owners. False where rules cannot be seen.
    pub code_owner_review: bool,
}

/// An approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// By whom.
    pub by: String,
    /// The commit that was looked at.
    pub commit: String,
}

/// Asks for the reviews of pull request `number` and the rules of its base branch.
///
/// # Errors
/// The forge refused or did not answer.
pub fn of(client: &Client, number: u64) -> Result<Reviews, ForgeError> {
    let what = format!("the reviews of pull request {number}");
    let repository = client.repository();
    let mut approvals = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let variables =
            json!({ "owner": repository.owner(), "name": repository.name(), "number": number, "after": after });
        let data = client.query(&what, QUERY, &variables)?;
        let request = data.pointer("/repository/pullRequest").unwrap_or(&Value::Null);
        let (nodes, next) = page(&what, request, "/latestOpinionatedReviews")?;
        approvals.extend(nodes.iter().filter_map(approval));
        let Some(cursor) = next else {
            return Ok(Reviews {
                author: request.pointer("/author/login").and_then(Value::as_str).unwrap_or_default().to_owned(),
                head: text(&what, request, "/headRefOid")?.to_owned(),
                approvals,
                code_owner_review: code_owners(client, text(&what, request, "/baseRefName")?)?,
            });
        };
        after = Some(cursor);
    }
    Err(ForgeError::answer(&what, "it has more reviews than are looked through"))
}

/// An approval whose author or commit is gone says nothing.
fn approval(node: &Value) -> Option<Approval> {
    let text = |pointer: &str| node.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    (node["state"] == "APPROVED").then_some(())?;
    Some(Approval { by: text("/author/login")?, commit: text("/commit/oid")? })
}

/// Whether a rule in force for `branch` asks code owners (REST: get rules for a branch).
fn code_owners(client: &Client, branch: &str) -> Result<bool, ForgeError> {
    let what = format!("the rules of branch {}", crate::error::clean(branch));
    let mut asked = false;
    for number in 1..=MOST_PAGES {
        let path = format!("/rules/branches/{}?per_page=100&page={number}", address::segment(branch));
        let (rules, more) = match client.get(&what, &path) {
            // Whoever cannot see rules is held to the stricter answer.
            Err(ForgeError::NotFound { .. } | ForgeError::NotAllowed { .. }) => return Ok(false),
            answered => answered?,
        };
        let rules = rules.as_array().ok_or_else(|| ForgeError::answer(&what, "it is no list"))?;
        asked |= rules.iter().any(|rule| {
            rule["type"] == "pull_request" && rule["parameters"]["require_code_owner_review"] == Value::Bool(true)
        });
        if asked || !more {
            return Ok(asked);
        }
    }
    Err(ForgeError::answer(&what, "there are more rules than are looked through"))
}
