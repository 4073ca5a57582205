//! The REST endpoints: who may call them, and which one is meant.

mod artifacts;
mod bodies;
mod comments;
mod issues;
mod page;
mod pulls;
mod repository;
mod scanning;
mod statuses;

use crate::answer::Answer;
use crate::call::{Call, Outcome};
use crate::target;

pub(crate) use artifacts::{STORE, stored};
pub(crate) use bodies::node_id;

/// The repository's number, by which links name it.
const REPOSITORY_ID: u64 = 1_296_269;

/// Answers a request, whose path is below that of the API.
pub(crate) fn answer(call: &mut Call<'_>) -> Answer {
    headers(call);
    if let Err(refusal) = identity(call) {
        return refusal;
    }
    route(call).unwrap_or_else(|refusal| refusal)
}

/// What every request must carry.
fn headers(call: &mut Call<'_>) {
    if let Some(flaw) = target::flaw(&call.message.target) {
        call.complain(flaw);
    }
    let accept = call.message.header("accept").unwrap_or_default();
    if !accept.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim() == "application/vnd.github+json")
    {
        call.complain("no header `Accept: application/vnd.github+json`");
    }
    if call.message.header("x-github-api-version") != Some("2022-11-28") {
        call.complain("no header `X-GitHub-Api-Version: 2022-11-28`");
    }
}

/// Whether the request says who it is from, and that is known.
pub(crate) fn identity(call: &mut Call<'_>) -> Result<(), Answer> {
    if call.message.header("user-agent").is_none_or(str::is_empty) {
        let message =
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        return call.refuse("no header `User-Agent`", Answer::refusal(403, message));
    }
    let Some(authorization) = call.message.header("authorization") else {
        return Err(Answer::refusal(401, "Requires authentication"));
    };
    let token = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token"))
        .map(|(_, token)| token.trim());
    if token != Some(&call.setup.token) { Err(Answer::refusal(401, "Bad credentials")) } else { Ok(()) }
}

/// The endpoint that a path names.
fn route(call: &mut Call<'_>) -> Outcome {
    let segments = std::mem::take(&mut call.target.segments);
    let mut path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let own = match path.as_slice() {
        ["repos", owner, name, ..] => {
            let own = owner.eq_ignore_ascii_case(&call.setup.owner) && name.eq_ignore_ascii_case(&call.setup.name);
            path.drain(..3);
            own
        }
        ["repositories", id, ..] => {
            let own = *id == REPOSITORY_ID.to_string();
            path.drain(..2);
            own
        }
        _ => false,
    };
    if !own {
        return Err(Answer::not_found());
    }
    let method = call.message.method.as_str();
    match (method, path.as_slice()) {
        ("GET", []) => Ok(Answer::json(200, &repository::own(call))),
        ("GET", ["actions", "artifacts"]) => artifacts::list(call),
        ("GET", ["actions", "artifacts", id, "zip"]) => artifacts::zip(call, id),
        ("GET", ["pulls", number]) => pulls::get(call, number),
        ("GET", ["issues"]) => issues::list(call),
        ("POST", ["issues"]) => issues::create(call),
        ("GET", ["issues", number]) => issues::get(call, number),
        ("PATCH", ["issues", number]) => issues::update(call, number),
        ("GET", ["issues", number, "comments"]) => comments::list(call, number),
        ("POST", ["issues", number, "comments"]) => comments::create(call, number),
        ("GET", ["issues", "comments", id]) => comments::get(call, id),
        ("PATCH", ["issues", "comments", id]) => comments::update(call, id),
        ("DELETE", ["issues", "comments", id]) => comments::delete(call, id),
        ("POST", ["statuses", sha]) => statuses::create(call, sha),
        ("GET", ["commits", sha, "status"]) => statuses::combined(call, sha),
        ("GET", ["commits", sha, "statuses"]) => statuses::list(call, sha),
        ("POST", ["code-scanning", "sarifs"]) => scanning::upload(call),
        ("GET", ["code-scanning", "sarifs", id]) => scanning::get(call, id),
        ("GET", ["rules", "branches", branch @ ..]) if !branch.is_empty() => pulls::rules(call, branch),
        _ => call.refuse("no endpoint that this server knows", Answer::not_found()),
    }
}

/// A number or id in a path.
fn number(text: &str) -> Result<u64, Answer> {
    text.parse().map_err(|_| Answer::not_found())
}
