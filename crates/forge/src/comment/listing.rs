//! Which comments of ours a pull request has, and what was written into one of them.

use serde_json::{Value, json};

use super::marker::{Category, Marker};
use crate::graphql::{page, text};
use crate::{Client, ForgeError};

/// Comments per page. Where a page is too large to read, fewer are asked for.
const PAGES: [u32; 3] = [100, 20, 4];
/// Pages that are read at most.
const MOST_PAGES: usize = 500;
/// Pages of a comment's history that are read at most.
const MOST_HISTORY: usize = 20;

const LIST: &str = "query($owner: String!, $name: String!, $number: Int!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      isDraft
      comments(first: $first, after: $after) {
        nodes { id fullDatabaseId url viewerDidAuthor isMinimized body }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}";

const HISTORY: &str = "query($id: ID!, $first: Int!, $after: String) {
  node(id: $id) {
    ... on IssueComment {
      body
      isMinimized
      userContentEdits(first: $first, after: $after) {
        nodes { diff }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}";

/// A comment of ours.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// The id that GraphQL knows it by.
    pub(super) node: String,
    /// The id that REST knows it by; later comments have larger ones.
    pub(super) id: u64,
    pub(super) url: String,
    pub(super) text: Text,
}

/// A body of ours and what its marker says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) marker: Marker,
    pub(super) body: String,
}

impl Text {
    /// None for a body without our marker.
    pub(super) fn read(body: &str, category: &Category) -> Option<Self> {
        let marker = Marker::read(body).filter(|marker| marker.category == *category)?;
        Some(Self { marker, body: body.to_owned() })
    }
}

/// What a pull request has.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) head: String,
    pub(super) draft: bool,
    /// Oldest first.
    pub(super) own: Vec<Own>,
}

/// Lists comments of the `category`; `all` of them, else up to the page that has one.
pub(super) fn list(client: &Client, pull: u64, category: &Category, all: bool) -> Result<Listing, ForgeError> {
    let what = format!("the comments of pull request {pull}");
    let repository = client.repository();
    let mut sizes = PAGES.into_iter();
    let mut first = sizes.next();
    let mut after: Option<String> = None;
    let mut own = Vec::new();
    for _ in 0..MOST_PAGES {
        let variables = json!({
            "owner": repository.owner(), "name": repository.name(), "number": pull, "first": first, "after": after,
        });
        let data = match client.query(&what, LIST, &variables) {
            Err(error @ ForgeError::TooLarge { .. }) => {
                first = sizes.next();
                if first.is_none() {
                    return Err(error);
                }
                continue;
            }
            answered => answered?,
        };
        let request = "/repository/pullRequest";
        let (nodes, next) = page(&what, &data, &format!("{request}/comments"))?;
        own.extend(nodes.iter().filter_map(|node| read(node, category)));
        let found = !all && !own.is_empty();
        match next.filter(|_| !found) {
            Some(cursor) => after = Some(cursor),
            None => {
                own.sort_by_key(|one: &Own| one.id);
                let head = text(&what, &data, &format!("{request}/headRefOid"))?.to_owned();
                let draft = data.pointer(&format!("{request}/isDraft")) == Some(&Value::Bool(true));
                return Ok(Listing { head, draft, own });
            }
        }
    }
    Err(ForgeError::answer(&what, "it has more comments than are looked through"))
}

/// A comment, where it is ours and was not hidden by somebody.
fn read(node: &Value, category: &Category) -> Option<Own> {
    if node["viewerDidAuthor"] != true || node["isMinimized"] == true {
        return None;
    }
    let text = Text::read(node["body"].as_str()?, category)?;
    let url = node["url"].as_str()?.to_owned();
    let id = match &node["fullDatabaseId"] {
        Value::String(digits) => digits.parse().ok()?,
        number => number.as_u64()?,
    };
    Some(Own { node: node["id"].as_str()?.to_owned(), id, url, text })
}

/// What stands in a comment, and what stood there since `known` did.
#[derive(Debug)]
pub(super) struct History {
    pub(super) now: Option<Text>,
    pub(super) since: Vec<Text>,
}

/// The comment's body, and the bodies it had since that of `known`. None where it is gone.
///
/// The forge keeps every body that a comment had (`userContentEdits`; `diff` is the whole body, latest first). So whoever
/// wrote over a newer text can see that it did. An Enterprise Server that has no such history tells the body alone.
pub(super) fn history(client: &Client, own: &Own, category: &Category) -> Result<Option<History>, ForgeError> {
    let what = format!("comment {}", own.id);
    let (mut first, mut after) = (20, None::<String>);
    let mut since = Vec::new();
    let mut now = None;
    for _ in 0..MOST_HISTORY {
        let variables = json!({ "id": own.node, "first": first, "after": after });
        let data = match client.query(&what, HISTORY, &variables) {
            Err(ForgeError::NotFound { .. }) => return Ok(None),
            Err(ForgeError::Query { unknown_field: true, .. }) => return body_alone(client, own, category),
            Err(ForgeError::TooLarge { .. }) if first > 4 => {
                first = 4;
                continue;
            }
            answered => answered?,
        };
        let node = &data["node"];
        if node.is_null() || node["isMinimized"] == true {
            return Ok(None);
        }
        if after.is_none() {
            now = Text::read(text(&what, node, "/body")?, category);
        }
        let (edits, next) = page(&what, node, "/userContentEdits")?;
        for edit in edits.iter().filter_map(|edit| edit["diff"].as_str()) {
            if edit == own.text.body {
                return Ok(Some(History { now, since }));
            }
            since.extend(Text::read(edit, category));
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    Ok(Some(History { now, since }))
}

fn body_alone(client: &Client, own: &Own, category: &Category) -> Result<Option<History>, ForgeError> {
    let what = format!("comment {}", own.id);
    match client.get(&what, &format!("/issues/comments/{}", own.id)) {
        Err(ForgeError::NotFound { .. }) => Ok(None),
        answered => {
            let now = Text::read(text(&what, &answered?.0, "/body")?, category);
            Ok(Some(History { now, since: Vec::new() }))
        }
    }
}
