//! Pull requests, and the rules of branches.

use serde_json::Value;

use super::{bodies, number, page::Page};
use crate::answer::Answer;
use crate::call::{Call, Outcome};
use crate::setup::Access;
use crate::target;

pub(super) fn get(call: &mut Call<'_>, of: &str) -> Outcome {
    call.need(&["pull_requests"], Access::Read)?;
    call.only_query(&[]);
    let of = number(of)?;
    let pull = call.state.pulls.get(&of).ok_or_else(Answer::not_found)?;
    Ok(Answer::json(200, &bodies::pull(call, of, pull)))
}

/// The rules that hold for a branch. One without rules has an empty list, even where there is no such branch.
pub(super) fn rules(call: &mut Call<'_>, branch: &[&str]) -> Outcome {
    if branch.len() > 1 {
        call.complain("a slash in a branch's name is not percent-encoded");
    }
    call.only_query(&["per_page", "page"]);
    let page = Page::of(call);
    let branch = branch.join("/");
    let rules: Vec<Value> = call.state.rules.get(&branch).cloned().unwrap_or_default();
    let total = rules.len();
    Ok(page.answer(call, &format!("rules/branches/{}", target::encode(&branch)), total, &page.cut(rules).into()))
}
