//! The repository, and others that pull requests come from.

use serde_json::{Value, json};

use super::REPOSITORY_ID;
use super::bodies::{merge, node_id, user};
use crate::call::Call;
use crate::clock;

/// The addresses that a repository names: what stands before `_url`, and the path below the repository.
const ADDRESSES: &str = "\
    archive {archive_format}{/ref} assignees assignees{/user} blobs git/blobs{/sha} branches branches{/branch} \
    collaborators collaborators{/collaborator} comments comments{/number} commits commits{/sha} \
    compare compare/{base}...{head} contents contents/{+path} contributors contributors deployments deployments \
    downloads downloads events events forks forks git_commits git/commits{/sha} git_refs git/refs{/sha} \
    git_tags git/tags{/sha} hooks hooks issue_comment issues/comments{/number} issue_events issues/events{/number} \
    issues issues{/number} keys keys{/key_id} labels labels{/name} languages languages merges merges \
    milestones milestones{/number} notifications notifications{?since,all,participating} pulls pulls{/number} \
    releases releases{/id} stargazers stargazers statuses statuses/{sha} subscribers subscribers \
    subscription subscription tags tags teams teams trees git/trees{/sha}";

/// The repository.
pub(super) fn own(call: &Call<'_>) -> Value {
    of(call, &call.setup.full_name())
}

/// A repository by its full name; any but ours is a fork of it.
pub(super) fn of(call: &Call<'_>, full_name: &str) -> Value {
    let (owner, name) = full_name.split_once('/').unwrap_or(("ghost", full_name));
    let own = full_name.eq_ignore_ascii_case(&call.setup.full_name());
    let id = if own { REPOSITORY_ID } else { super::bodies::id_of(full_name) };
    let open = call.state.issues.iter().filter(|issue| issue.open).count()
        + call.state.pulls.values().filter(|pull| pull.open).count();
    let open = if own { open } else { 0 };
    let (url, html) = (format!("{}/repos/{full_name}", call.api()), format!("{}/{full_name}", call.server));
    let (host, day) = (call.server.trim_start_matches("http://"), clock::written(0));
    let mut body = json!({
        "id": id, "node_id": node_id("R", id), "name": name, "full_name": full_name, "owner": user(call, owner),
        "private": false, "visibility": "public", "html_url": html, "description": null, "fork": !own, "url": url,
        "default_branch": if own { &call.setup.default_branch } else { "main" }, "archived": false,
        "disabled": false, "has_issues": true, "has_projects": false, "has_downloads": false, "has_wiki": false,
        "has_pages": false, "has_discussions": false, "forks": 0, "forks_count": 0, "homepage": null,
        "language": null, "license": null, "open_issues": open, "open_issues_count": open, "size": 1,
        "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "network_count": 0, "subscribers_count": 0,
        "pushed_at": day, "created_at": day, "updated_at": day, "clone_url": format!("{html}.git"),
        "git_url": format!("git://{host}/{full_name}.git"), "ssh_url": format!("git@{host}:{full_name}.git"),
        "svn_url": html, "mirror_url": null,
    });
    let words: Vec<&str> = ADDRESSES.split_whitespace().collect();
    let pairs = words.chunks_exact(2).map(|pair| (format!("{}_url", pair[0]), format!("{url}/{}", pair[1]).into()));
    merge(&mut body, Value::Object(pairs.collect()));
    body
}
