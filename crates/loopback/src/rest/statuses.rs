//! Statuses of commits.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{bodies, page::Page, repository};
use crate::answer::Answer;
use crate::call::{Call, Kind, Outcome, text};
use crate::limits;
use crate::setup::Access;
use crate::state::Status;

/// Most statuses of one commit and context.
const MOST: usize = 1_000;

pub(super) fn create(call: &mut Call<'_>, sha: &str) -> Outcome {
    call.need(&["statuses"], Access::Write)?;
    let fields = [
        ("state", Kind::Text, true),
        ("target_url", Kind::TextOrNull, false),
        ("description", Kind::TextOrNull, false),
        ("context", Kind::Text, false),
    ];
    let body = call.body(&fields)?;
    let sha = known(call, sha)?;
    let status = Status {
        id: 0,
        author: call.setup.login.clone(),
        state: text(&body, "state").unwrap_or_default(),
        context: text(&body, "context").unwrap_or_else(|| "default".to_owned()),
        description: text(&body, "description"),
        target_url: text(&body, "target_url"),
        created: call.now,
    };
    check(call, &sha, &status)?;
    let status = Status { id: call.state.next_id(), ..status };
    call.state.statuses.entry(sha.clone()).or_default().push(status.clone());
    let mut shown = bodies::status(call, &sha, &status);
    shown["creator"] = bodies::user(call, &status.author);
    Ok(Answer::created(201, status.id, &shown))
}

/// Newest first, every one that was ever set.
pub(super) fn list(call: &mut Call<'_>, sha: &str) -> Outcome {
    call.need(&["statuses"], Access::Read)?;
    call.only_query(&["per_page", "page"]);
    let sha = known(call, sha)?;
    let page = Page::of(call);
    let statuses: Vec<Status> = call.state.statuses.get(&sha).into_iter().flatten().rev().cloned().collect();
    let total = statuses.len();
    let show = |status: &Status| {
        let mut shown = bodies::status(call, &sha, status);
        shown["creator"] = bodies::user(call, &status.author);
        shown
    };
    let shown: Vec<Value> = page.cut(statuses).iter().map(show).collect();
    Ok(page.answer(call, &format!("commits/{sha}/statuses"), total, &shown.into()))
}

/// The latest of each context, and what they come to together.
pub(super) fn combined(call: &mut Call<'_>, sha: &str) -> Outcome {
    call.need(&["statuses"], Access::Read)?;
    call.only_query(&["per_page", "page"]);
    let sha = known(call, sha)?;
    let page = Page::of(call);
    let mut latest: BTreeMap<String, Status> = BTreeMap::new();
    for status in call.state.statuses.get(&sha).into_iter().flatten() {
        latest.insert(status.context.to_lowercase(), status.clone());
    }
    let states: Vec<&str> = latest.values().map(|status| status.state.as_str()).collect();
    let state = if states.iter().any(|state| ["error", "failure"].contains(state)) {
        "failure"
    } else if states.is_empty() || states.contains(&"pending") {
        "pending"
    } else {
        "success"
    };
    let total = states.len();
    let shown: Vec<Value> =
        page.cut(latest.values().collect()).into_iter().map(|status| bodies::status(call, &sha, status)).collect();
    let url = format!("{}/commits/{sha}", call.api_repository());
    let body = json!({
        "state": state, "statuses": shown, "sha": sha, "total_count": total,
        "repository": repository::own(call), "commit_url": url, "url": format!("{url}/status"),
    });
    Ok(page.answer(call, &format!("commits/{sha}/status"), total, &body))
}

/// The commit, which must be written in full and exist.
fn known(call: &mut Call<'_>, sha: &str) -> Result<String, Answer> {
    let refusal = Answer::refusal(422, &format!("No commit found for SHA: {sha}"));
    if !limits::is_sha(sha) {
        return call.refuse("the commit is not 40 or 64 hexadecimal digits", refusal);
    }
    if !call.state.knows(sha) {
        return call.refuse("the repository has no such commit", refusal);
    }
    Ok(sha.to_ascii_lowercase())
}

fn check(call: &mut Call<'_>, sha: &str, status: &Status) -> Result<(), Answer> {
    let invalid = |field: &str, message: &str| Answer::invalid("Status", "custom", field, message);
    if !["error", "failure", "pending", "success"].contains(&status.state.as_str()) {
        let refusal = invalid("state", "state is not included in the list");
        return call.refuse(format_args!("`{}` is no state", status.state), refusal);
    }
    if status.description.as_ref().is_some_and(|text| text.chars().count() > 140) {
        let refusal = invalid("description", "description is too long (maximum is 140 characters)");
        return call.refuse("the description is longer than 140 characters", refusal);
    }
    if status.context.trim().is_empty() || status.context.chars().count() > 255 {
        let refusal = invalid("context", "context is not 1 to 255 characters");
        return call.refuse("the context is not 1 to 255 characters", refusal);
    }
    let web = |url: &String| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| {
            !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(|b| b.is_ascii_graphic())
        })
    };
    if !status.target_url.as_ref().is_none_or(web) {
        let refusal = invalid("target_url", "target_url must use http(s) scheme");
        return call.refuse("`target_url` is no web address", refusal);
    }
    let same = |other: &&Status| other.context.to_lowercase() == status.context.to_lowercase();
    if call.state.statuses.get(sha).into_iter().flatten().filter(same).count() >= MOST {
        let message = "This SHA and context has reached the maximum number of statuses.";
        return call.refuse("1,000 statuses of this commit and context", invalid("context", message));
    }
    Ok(())
}
