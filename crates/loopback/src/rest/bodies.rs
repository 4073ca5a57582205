//! The bodies of answers: every field that GitHub's description requires and a client can want.

use serde_json::{Value, json};

use super::repository;
use crate::call::Call;
use crate::clock;
use crate::state::{Comment, Issue, Pull, Status};

/// The id that GitHub's actor of workflows has; other accounts and repositories get one from their name.
pub(super) fn id_of(name: &str) -> u64 {
    match name {
        "github-actions[bot]" => 41_898_282,
        "ghost" => 10_137,
        _ => 1_000_000 + name.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 90_000_000),
    }
}

/// `node_id` of a thing; opaque to clients.
pub(crate) fn node_id(kind: &str, id: impl std::fmt::Display) -> String {
    format!("{kind}_{id}")
}

pub(super) fn user(call: &Call<'_>, login: &str) -> Value {
    let (kind, page) = match login.strip_suffix("[bot]") {
        Some(app) => ("Bot", format!("apps/{app}")),
        None => ("User", login.to_owned()),
    };
    let url = format!("{}/users/{}", call.api(), crate::target::encode(login));
    json!({
        "login": login, "id": id_of(login), "node_id": node_id("U", id_of(login)),
        "avatar_url": format!("{}/avatars/{}", call.server, id_of(login)), "gravatar_id": "",
        "url": url, "html_url": format!("{}/{page}", call.server),
        "followers_url": format!("{url}/followers"), "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"), "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"), "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"), "type": kind, "site_admin": false,
    })
}

pub(super) fn comment(call: &Call<'_>, number: u64, comment: &Comment) -> Value {
    let id = comment.id;
    let kind = if call.state.pulls.contains_key(&number) { "pull" } else { "issues" };
    json!({
        "id": id, "node_id": node_id("IC", id), "url": format!("{}/issues/comments/{id}", call.api_repository()),
        "html_url": format!("{}/{kind}/{number}#issuecomment-{id}", call.html_repository()),
        "issue_url": format!("{}/issues/{number}", call.api_repository()), "body": comment.body,
        "user": user(call, &comment.author), "author_association": "NONE",
        "created_at": clock::written(comment.created), "updated_at": clock::written(comment.updated),
        "performed_via_github_app": null,
    })
}

pub(super) fn issue(call: &Call<'_>, issue: &Issue) -> Value {
    let labels: Vec<Value> = issue.labels.iter().enumerate().map(|(i, name)| label(call, i, name)).collect();
    let mut body = numbered(call, issue.number, issue.id, "issues");
    let more = json!({
        "node_id": node_id("I", issue.id), "title": issue.title, "body": issue.body,
        "user": user(call, &issue.author), "labels": labels, "state": if issue.open { "open" } else { "closed" },
        "state_reason": issue.state_reason, "created_at": clock::written(issue.created),
        "updated_at": clock::written(issue.updated), "closed_at": issue.closed.map(clock::written),
    });
    merge(&mut body, more);
    body
}

/// A pull request as the list of issues shows it.
pub(super) fn pull_as_issue(call: &Call<'_>, number: u64, pull: &Pull) -> Value {
    let mut body = numbered(call, number, number, "pull");
    let more = json!({
        "node_id": node_id("PR", number), "title": pull.title, "body": pull.body, "user": user(call, &pull.author),
        "labels": [], "state": if pull.open { "open" } else { "closed" }, "state_reason": null, "draft": pull.draft,
        "created_at": clock::written(0), "updated_at": clock::written(0),
        "closed_at": (!pull.open).then(|| clock::written(0)),
        "pull_request": { "url": format!("{}/pulls/{number}", call.api_repository()),
            "html_url": format!("{}/pull/{number}", call.html_repository()), "merged_at": null,
            "diff_url": format!("{}/pull/{number}.diff", call.html_repository()),
            "patch_url": format!("{}/pull/{number}.patch", call.html_repository()) },
    });
    merge(&mut body, more);
    body
}

/// What issues and pull requests have in common.
fn numbered(call: &Call<'_>, number: u64, id: u64, kind: &str) -> Value {
    let url = format!("{}/issues/{number}", call.api_repository());
    json!({
        "id": id, "number": number, "url": url, "repository_url": call.api_repository(),
        "html_url": format!("{}/{kind}/{number}", call.html_repository()),
        "labels_url": format!("{url}/labels{{/name}}"), "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"), "comments": call.state.comments.get(&number).map_or(0, Vec::len),
        "locked": false, "active_lock_reason": null, "assignee": null, "assignees": [], "milestone": null,
        "author_association": "NONE",
    })
}

fn label(call: &Call<'_>, id: usize, name: &str) -> Value {
    json!({
        "id": id, "node_id": node_id("LA", id), "name": name, "color": "ededed", "default": false,
        "description": null,
        "url": format!("{}/labels/{}", call.api_repository(), crate::target::encode(name)),
    })
}

pub(super) fn pull(call: &Call<'_>, number: u64, pull: &Pull) -> Value {
    let url = format!("{}/pulls/{number}", call.api_repository());
    let side = |label: &str, name: &str, sha: &str, repo: Value| json!({ "label": format!("{label}:{name}"), "ref": name, "sha": sha, "repo": repo, "user": user(call, label) });
    let from = pull.head_repository.as_deref();
    let owner = from.and_then(|name| name.split_once('/')).map_or("ghost", |(owner, _)| owner);
    let head = side(owner, &pull.head_ref, &pull.head, from.map_or(Value::Null, |name| repository::of(call, name)));
    let base = side(&call.setup.owner, &pull.base_ref, &pull.base_sha, repository::own(call));
    let mut body = pull_as_issue(call, number, pull);
    if let Some(body) = body.as_object_mut() {
        body.retain(|key, _| !matches!(key.as_str(), "pull_request" | "repository_url" | "labels_url" | "events_url"));
    }
    let html = format!("{}/pull/{number}", call.html_repository());
    let issue = format!("{}/issues/{number}", call.api_repository());
    let comment = format!("{}/pulls/comments{{/number}}", call.api_repository());
    let statuses = format!("{}/statuses/{}", call.api_repository(), pull.head);
    let merged_at = pull.merged.then(|| clock::written(0));
    let more = json!({
        "url": url, "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"), "issue_url": issue,
        "commits_url": format!("{url}/commits"), "review_comments_url": format!("{url}/comments"),
        "review_comment_url": comment, "statuses_url": statuses,
        "_links": {
            "self": { "href": url }, "html": { "href": html }, "issue": { "href": issue },
            "comments": { "href": format!("{issue}/comments") }, "commits": { "href": format!("{url}/commits") },
            "review_comments": { "href": format!("{url}/comments") }, "review_comment": { "href": comment },
            "statuses": { "href": statuses },
        },
        "head": head, "base": base, "merged": pull.merged, "merged_at": merged_at, "merged_by": null,
        "merge_commit_sha": pull.merge_sha, "mergeable": pull.open.then_some(true),
        "mergeable_state": if pull.open { "clean" } else { "unknown" }, "auto_merge": null, "rebaseable": null,
        "requested_reviewers": [], "requested_teams": [], "maintainer_can_modify": false,
        "review_comments": 0, "commits": 1, "additions": 1, "deletions": 0, "changed_files": 1,
    });
    merge(&mut body, more);
    body
}

pub(super) fn status(call: &Call<'_>, sha: &str, status: &Status) -> Value {
    json!({
        "url": format!("{}/statuses/{sha}", call.api_repository()), "id": status.id,
        "node_id": node_id("SC", status.id), "avatar_url": format!("{}/avatars/{}", call.server, id_of(&status.author)),
        "state": status.state, "description": status.description, "target_url": status.target_url,
        "context": status.context, "created_at": clock::written(status.created),
        "updated_at": clock::written(status.created),
    })
}

/// Adds the fields of one object to another.
pub(super) fn merge(body: &mut Value, more: Value) {
    if let (Value::Object(body), Value::Object(more)) = (body, more) {
        body.extend(more);
    }
}
