//! The fields of each type.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::resolve::{Failure, Held, Node, paged};
use super::value::texts;
use crate::call::Call;
use crate::clock;
use crate::rest::node_id;
use crate::setup::Access;
use crate::state::{Issue, Pull, Review, ReviewState};

type Found<'a> = Result<Held<'a>, Failure>;

fn plain<'a>(value: impl Into<Value>) -> Found<'a> {
    Ok(Held::Plain(value.into()))
}

/// The name of a thing's type.
pub(super) fn type_name(node: &Node<'_>) -> &'static str {
    match node {
        Node::Query => "Query",
        Node::RateLimit => "RateLimit",
        Node::Viewer(_) => "User",
        Node::Actor(login) => {
            if login.ends_with("[bot]") {
                "Bot"
            } else {
                "User"
            }
        }
        Node::Repository(_) => "Repository",
        Node::Pull(..) => "PullRequest",
        Node::Comment(..) => "IssueComment",
        Node::Edit(_) => "UserContentEdit",
        Node::Review(_) => "PullRequestReview",
        Node::Commit(_) => "Commit",
        Node::Issue(_) => "Issue",
        Node::Label(_) => "Label",
        Node::Connection(name, _) => name,
        Node::PageInfo(_) => "PageInfo",
    }
}

/// What the field `name` of a thing holds. The query was checked, so that every name is known.
pub(super) fn held<'a>(call: &'a Call<'a>, node: &Node<'a>, name: &str, arguments: &Map<String, Value>) -> Found<'a> {
    match node {
        Node::Query => query(call, name, arguments),
        Node::RateLimit => plain(match name {
            "cost" | "nodeCount" | "used" => 1.into(),
            "limit" => 5_000.into(),
            "remaining" => 4_999.into(),
            _ => Value::from(clock::written(call.now + 3_600)),
        }),
        Node::Viewer(login) => plain(match name {
            "login" => (*login).to_owned(),
            "id" => node_id("U", login),
            _ => format!("{}/{login}", call.server),
        }),
        // Apps go by their short name here.
        Node::Actor(login) => plain(match (name, login.strip_suffix("[bot]")) {
            ("login", app) => app.unwrap_or(login).to_owned(),
            ("id", _) => node_id("U", login),
            (_, Some(app)) => format!("{}/apps/{app}", call.server),
            _ => format!("{}/{login}", call.server),
        }),
        Node::Repository(full_name) => repository(call, full_name, name, arguments),
        Node::Pull(number, pull) => self::pull(call, *number, pull, name, arguments),
        Node::Comment(number, comment) => match name {
            "author" => actor(&comment.author),
            "body" => plain(comment.body.as_str()),
            "createdAt" => plain(clock::written(comment.created)),
            "updatedAt" => plain(clock::written(comment.updated)),
            "databaseId" => plain(comment.id),
            "fullDatabaseId" => plain(comment.id.to_string()),
            "id" => plain(node_id("IC", comment.id)),
            "isMinimized" => plain(comment.minimized),
            "minimizedReason" => plain(comment.minimized.then_some("outdated")),
            "userContentEdits" => {
                // Latest first: keys rise along the list, and stay with what is there when another is added.
                let edits = comment.edits.iter().enumerate().rev();
                let items = edits.map(|(age, edit)| (u64::MAX - age as u64, Node::Edit(edit))).collect();
                paged(call, "UserContentEditConnection", name, items, arguments)
            }
            "viewerDidAuthor" => plain(comment.author == call.setup.login),
            _ => {
                let kind = if call.state.pulls.contains_key(number) { "pull" } else { "issues" };
                plain(format!("{}/{kind}/{number}#issuecomment-{}", call.html_repository(), comment.id))
            }
        },
        Node::Edit(edit) => plain(match name {
            "diff" => edit.body.clone(),
            _ => clock::written(edit.at),
        }),
        Node::Review(review) => match name {
            "author" => actor(&review.author),
            "commit" => {
                Ok(review.commit.as_deref().map_or(Held::Plain(Value::Null), |oid| Held::One(Node::Commit(oid))))
            }
            "id" => plain(node_id("PRR", review.submitted)),
            "submittedAt" => plain((review.state != ReviewState::Pending).then(|| clock::written(review.submitted))),
            "viewerDidAuthor" => plain(review.author == call.setup.login),
            _ => plain(state_word(review.state)),
        },
        Node::Commit(oid) => plain(match name {
            "oid" => (*oid).to_owned(),
            "id" => node_id("C", oid),
            _ => format!("{}/commit/{oid}", call.html_repository()),
        }),
        Node::Issue(issue) => self::issue(call, issue, name, arguments),
        Node::Label(label) => plain(if name == "name" { (*label).to_owned() } else { node_id("LA", label) }),
        Node::Connection(_, connection) => match name {
            "nodes" => Ok(Held::Many(connection.nodes.clone())),
            "pageInfo" => Ok(Held::One(Node::PageInfo(connection.info.clone()))),
            _ => plain(connection.total),
        },
        Node::PageInfo(info) => match name {
            "endCursor" => plain(info.end.clone()),
            "startCursor" => plain(info.start.clone()),
            "hasNextPage" => plain(info.after),
            _ => plain(info.before),
        },
    }
}

/// Who did something; nobody where the account is gone.
fn actor<'a>(login: &'a str) -> Found<'a> {
    Ok(if login == "ghost" { Held::Plain(Value::Null) } else { Held::One(Node::Actor(login)) })
}

fn query<'a>(call: &'a Call<'a>, name: &str, arguments: &Map<String, Value>) -> Found<'a> {
    let text = |key: &str| arguments.get(key).and_then(Value::as_str).unwrap_or_default();
    match name {
        "node" => {
            let id = text("id");
            let mut comments = call.state.comments.iter().flat_map(|(of, all)| all.iter().map(move |one| (*of, one)));
            match comments.find(|(_, comment)| node_id("IC", comment.id) == id) {
                Some((of, comment)) => {
                    let kind = if call.state.pulls.contains_key(&of) { "pull_requests" } else { "issues" };
                    readable(call, kind)?;
                    Ok(Held::One(Node::Comment(of, comment)))
                }
                None => {
                    let message = format!("Could not resolve to a node with the global id of '{id}'");
                    Err(Failure::new("NOT_FOUND", message))
                }
            }
        }
        "viewer" => Ok(Held::One(Node::Viewer(&call.setup.login))),
        // Rate limits are switched off on an Enterprise Server as it comes.
        "rateLimit" if call.setup.enterprise => plain(Value::Null),
        "rateLimit" => Ok(Held::One(Node::RateLimit)),
        _ => {
            let asked = format!("{}/{}", text("owner"), text("name"));
            if asked.eq_ignore_ascii_case(&call.setup.full_name()) {
                return Ok(Held::One(Node::Repository(call.setup.full_name())));
            }
            let message = format!("Could not resolve to a Repository with the name '{asked}'.");
            Err(Failure::new("NOT_FOUND", message))
        }
    }
}

/// Demands that the token may read things of a kind.
fn readable(call: &Call<'_>, permission: &str) -> Result<(), Failure> {
    let message = || "Resource not accessible by integration".to_owned();
    let granted = call.setup.permissions.of(permission) >= Access::Read;
    if granted { Ok(()) } else { Err(Failure::new("FORBIDDEN", message())) }
}

fn repository<'a>(call: &'a Call<'a>, full_name: &str, name: &str, arguments: &Map<String, Value>) -> Found<'a> {
    let own = full_name.eq_ignore_ascii_case(&call.setup.full_name());
    match name {
        "id" => plain(node_id("R", full_name)),
        "isPrivate" => plain(false),
        "name" => plain(full_name.split_once('/').map_or(full_name, |(_, name)| name)),
        "nameWithOwner" => plain(full_name),
        "pullRequest" => {
            readable(call, "pull_requests")?;
            let number = arguments.get("number").and_then(Value::as_u64).unwrap_or_default();
            match call.state.pulls.get(&number).filter(|_| own) {
                Some(pull) => Ok(Held::One(Node::Pull(number, pull))),
                None => {
                    let message = format!("Could not resolve to a PullRequest with the number of {number}.");
                    Err(Failure::new("NOT_FOUND", message))
                }
            }
        }
        "issues" => {
            readable(call, "issues")?;
            let issues = call.state.issues.iter().filter(|issue| own && issue_wanted(issue, arguments));
            let items = issues.map(|issue| (issue.number, Node::Issue(issue))).collect();
            paged(call, "IssueConnection", name, items, arguments)
        }
        _ => plain(format!("{}/{full_name}", call.server)),
    }
}

/// Whether an issue passes the filters of a list. Of several labels one is enough; an app that created it goes by its
/// full login here, other than in `author`.
fn issue_wanted(issue: &Issue, arguments: &Map<String, Value>) -> bool {
    let filter = arguments.get("filterBy").cloned().unwrap_or_default();
    let state = if issue.open { "OPEN" } else { "CLOSED" };
    let by = filter["createdBy"].as_str().map(str::to_lowercase);
    let author = issue.author.to_lowercase();
    [&filter, &Value::Object(arguments.clone())].iter().all(|wanted| {
        let (states, labels) = (texts(&wanted["states"]), texts(&wanted["labels"]));
        (states.is_empty() || states.iter().any(|word| word == state))
            && (labels.is_empty()
                || labels.iter().any(|label| issue.labels.iter().any(|own| own.eq_ignore_ascii_case(label))))
    }) && by.is_none_or(|by| by == author)
}

fn pull<'a>(call: &'a Call<'a>, number: u64, pull: &'a Pull, name: &str, arguments: &Map<String, Value>) -> Found<'a> {
    match name {
        "author" => actor(&pull.author),
        "baseRefName" => plain(pull.base_ref.as_str()),
        "baseRefOid" => plain(pull.base_sha.as_str()),
        "body" => plain(pull.body.as_str()),
        "closed" => plain(!pull.open),
        "comments" => {
            let comments = call.state.comments.get(&number).into_iter().flatten();
            let items = comments.map(|comment| (comment.id, Node::Comment(number, comment))).collect();
            paged(call, "IssueCommentConnection", name, items, arguments)
        }
        "headRefName" => plain(pull.head_ref.as_str()),
        "headRefOid" => plain(pull.head.as_str()),
        "headRepository" => {
            Ok(pull.head_repository.clone().map_or(Held::Plain(Value::Null), |name| Held::One(Node::Repository(name))))
        }
        "id" => plain(node_id("PR", number)),
        "isCrossRepository" => {
            let own = call.setup.full_name();
            plain(pull.head_repository.as_ref().is_none_or(|name| !name.eq_ignore_ascii_case(&own)))
        }
        "isDraft" => plain(pull.draft),
        "latestOpinionatedReviews" => {
            let writers_only = arguments.get("writersOnly") == Some(&Value::Bool(true));
            let latest = opinions(pull);
            let shown = latest.into_iter().filter(|(_, r)| !writers_only || call.state.writers.contains(&r.author));
            let items = shown.map(|(key, review)| (key, Node::Review(review))).collect();
            paged(call, "PullRequestReviewConnection", name, items, arguments)
        }
        "merged" => plain(pull.merged),
        "number" => plain(number),
        "reviews" => {
            let author = arguments.get("author").and_then(Value::as_str);
            let states = texts(arguments.get("states").unwrap_or(&Value::Null));
            let wanted = |review: &Review| {
                (review.state != ReviewState::Pending || review.author == call.setup.login)
                    && author.is_none_or(|author| author.eq_ignore_ascii_case(&review.author))
                    && (states.is_empty() || states.iter().any(|word| word == state_word(review.state)))
            };
            let items = numbered(pull).filter(|(_, review)| wanted(review));
            let items = items.map(|(key, review)| (key, Node::Review(review))).collect();
            paged(call, "PullRequestReviewConnection", name, items, arguments)
        }
        "state" => plain(match (pull.merged, pull.open) {
            (true, _) => "MERGED",
            (false, true) => "OPEN",
            (false, false) => "CLOSED",
        }),
        "title" => plain(pull.title.as_str()),
        _ => plain(format!("{}/pull/{number}", call.html_repository())),
    }
}

fn numbered(pull: &Pull) -> impl Iterator<Item = (u64, &Review)> {
    (1..).zip(&pull.reviews)
}

/// The last review with an opinion of each author, in the order in which they were written.
fn opinions(pull: &Pull) -> Vec<(u64, &Review)> {
    let mut latest: BTreeMap<&str, (u64, &Review)> = BTreeMap::new();
    for (key, review) in numbered(pull) {
        if !matches!(review.state, ReviewState::Commented | ReviewState::Pending) {
            latest.insert(&review.author, (key, review));
        }
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_by_key(|(key, _)| *key);
    latest
}

fn state_word(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Approved => "APPROVED",
        ReviewState::ChangesRequested => "CHANGES_REQUESTED",
        ReviewState::Commented => "COMMENTED",
        ReviewState::Dismissed => "DISMISSED",
        ReviewState::Pending => "PENDING",
    }
}

fn issue<'a>(call: &'a Call<'a>, issue: &'a Issue, name: &str, arguments: &Map<String, Value>) -> Found<'a> {
    match name {
        "author" => actor(&issue.author),
        "body" => plain(issue.body.as_str()),
        "createdAt" => plain(clock::written(issue.created)),
        "updatedAt" => plain(clock::written(issue.updated)),
        "databaseId" => plain(issue.id),
        "fullDatabaseId" => plain(issue.id.to_string()),
        "id" => plain(node_id("I", issue.id)),
        "labels" => {
            let items = (1..).zip(&issue.labels).map(|(key, label)| (key, Node::Label(label))).collect();
            paged(call, "LabelConnection", name, items, arguments)
        }
        "number" => plain(issue.number),
        "state" => plain(if issue.open { "OPEN" } else { "CLOSED" }),
        "title" => plain(issue.title.as_str()),
        "viewerDidAuthor" => plain(issue.author == call.setup.login),
        _ => plain(format!("{}/issues/{}", call.html_repository(), issue.number)),
    }
}
