//! Artifacts of workflow runs: listed, and downloaded from a store that is not the API.

use serde_json::{Value, json};

use super::page::Page;
use super::{REPOSITORY_ID, node_id, number};
use crate::answer::Answer;
use crate::call::{Call, Outcome};
use crate::setup::Access;
use crate::state::Artifact;

/// Where downloads are redirected to. Who has the address needs nothing else.
pub(crate) const STORE: &str = "/_store/artifacts/";

/// What makes the address one that was given out.
const SIGNATURE: &str = "?sig=loopback";

/// The number of a fork.
const FORK_ID: u64 = 77;

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    call.need(&["actions"], Access::Read)?;
    call.only_query(&["per_page", "page", "name"]);
    let page = Page::of(call);
    let name = call.target.get("name").map(str::to_owned);
    let fitting = call.state.artifacts.iter().rev().filter(|one| name.as_deref().is_none_or(|name| name == one.name));
    let all: Vec<Value> = fitting.map(|one| body(call, one)).collect();
    let total = all.len();
    let body = json!({ "total_count": total, "artifacts": page.cut(all) });
    Ok(page.answer(call, "actions/artifacts", total, &body))
}

pub(super) fn zip(call: &mut Call<'_>, id: &str) -> Outcome {
    call.need(&["actions"], Access::Read)?;
    call.only_query(&[]);
    let id = number(id)?;
    let artifact = call.state.artifacts.iter().find(|one| one.id == id).ok_or_else(Answer::not_found)?;
    if artifact.expired {
        return Err(Answer::refusal(410, "Artifact has expired"));
    }
    let to = format!("{}{STORE}{id}{SIGNATURE}", call.server);
    Ok(Answer { status: 302, ..Answer::empty() }.with("location", to))
}

/// The store's answer. It is another service: the API's token is none of its business.
pub(crate) fn stored(call: &mut Call<'_>, blob: &str) -> Answer {
    if call.message.header("authorization").is_some() {
        call.complain("the token was sent to the store of artifacts");
    }
    let id = blob.strip_suffix(SIGNATURE).and_then(|id| id.parse::<u64>().ok());
    match call.state.artifacts.iter().find(|one| Some(one.id) == id) {
        Some(artifact) => Answer { status: 200, headers: Vec::new(), body: artifact.zip.clone(), made: None },
        None => Answer::refusal(403, "Server failed to authenticate the request."),
    }
}

fn body(call: &Call<'_>, artifact: &Artifact) -> Value {
    let url = format!("{}/actions/artifacts/{}", call.api_repository(), artifact.id);
    let day = "2026-11-20T10:00:00Z";
    json!({
        "id": artifact.id,
        "node_id": node_id("Artifact", artifact.id),
        "name": artifact.name,
        "size_in_bytes": artifact.zip.len(),
        "url": url,
        "archive_download_url": format!("{url}/zip"),
        "expired": artifact.expired,
        "created_at": day,
        "expires_at": day,
        "updated_at": day,
        "workflow_run": {
            "id": artifact.id + 1,
            "repository_id": REPOSITORY_ID,
            "head_repository_id": if artifact.of_fork { FORK_ID } else { REPOSITORY_ID },
            "head_branch": artifact.head_branch,
            "head_sha": artifact.head_sha,
        },
    })
}
