//! Comments on pull requests and issues.

use serde_json::Value;

use super::{bodies, number, page::Page};
use crate::answer::Answer;
use crate::call::{Call, Kind, Outcome, text};
use crate::setup::Access;
use crate::state::{Comment, Edit};

/// Most characters of a comment's or an issue's text.
pub(super) const MOST: usize = 65_536;

/// The permissions of which one is enough, for what hangs on `number`.
fn permissions(call: &Call<'_>, number: u64) -> &'static [&'static str] {
    if call.state.pulls.contains_key(&number) { &["issues", "pull_requests"] } else { &["issues"] }
}

pub(super) fn list(call: &mut Call<'_>, of: &str) -> Outcome {
    let of = number(of)?;
    call.need(permissions(call, of), Access::Read)?;
    call.only_query(&["since", "per_page", "page"]);
    if !call.state.has_number(of) {
        return Err(Answer::not_found());
    }
    let page = Page::of(call);
    let comments = call.state.comments.get(&of).map_or(&[][..], Vec::as_slice);
    let shown: Vec<Value> =
        page.cut(comments.iter().collect()).into_iter().map(|comment| bodies::comment(call, of, comment)).collect();
    Ok(page.answer(call, &format!("issues/{of}/comments"), comments.len(), &shown.into()))
}

pub(super) fn create(call: &mut Call<'_>, of: &str) -> Outcome {
    let of = number(of)?;
    call.need(permissions(call, of), Access::Write)?;
    let body = body(call)?;
    if !call.state.has_number(of) {
        return Err(Answer::not_found());
    }
    let id = call.state.add_comment(of, &call.setup.login, &body);
    if let Some(comment) = call.state.comment_mut(id) {
        (comment.created, comment.updated) = (call.now, call.now);
    }
    let (_, comment) = found(call, id)?;
    let location = format!("{}/issues/comments/{id}", call.api_repository());
    Ok(Answer::created(201, id, &bodies::comment(call, of, &comment)).with("location", location))
}

pub(super) fn get(call: &mut Call<'_>, id: &str) -> Outcome {
    let (of, comment) = found(call, number(id)?)?;
    call.need(permissions(call, of), Access::Read)?;
    Ok(Answer::json(200, &bodies::comment(call, of, &comment)))
}

pub(super) fn update(call: &mut Call<'_>, id: &str) -> Outcome {
    let id = number(id)?;
    let of = found(call, id).map_or(0, |(of, _)| of);
    call.need(permissions(call, of), Access::Write)?;
    let body = body(call)?;
    let now = call.now;
    let comment = call.state.comment_mut(id).ok_or_else(Answer::not_found)?;
    if comment.edits.is_empty() {
        comment.edits.push(Edit { body: comment.body.clone(), at: comment.created });
    }
    comment.edits.push(Edit { body: body.clone(), at: now });
    (comment.body, comment.updated) = (body, now);
    let (of, comment) = found(call, id)?;
    Ok(Answer::json(200, &bodies::comment(call, of, &comment)))
}

pub(super) fn delete(call: &mut Call<'_>, id: &str) -> Outcome {
    let id = number(id)?;
    let (of, _) = found(call, id)?;
    call.need(permissions(call, of), Access::Write)?;
    call.state.comments.entry(of).or_default().retain(|comment| comment.id != id);
    Ok(Answer::empty())
}

fn found(call: &Call<'_>, id: u64) -> Result<(u64, Comment), Answer> {
    let found = call.state.comment(id).ok_or_else(Answer::not_found)?;
    Ok((found.0, found.1.clone()))
}

/// The text of a comment, within its bounds.
fn body(call: &mut Call<'_>) -> Result<String, Answer> {
    let body = text(&call.body(&[("body", Kind::Text, true)])?, "body").unwrap_or_default();
    let invalid = |message: &str| Answer::invalid("IssueComment", "unprocessable", "data", message);
    if body.trim().is_empty() {
        return call.refuse("the body is blank", invalid("Body cannot be blank"));
    }
    if body.chars().count() > MOST {
        let refusal = invalid("Body is too long (maximum is 65536 characters)");
        return call.refuse("the body is longer than 65,536 characters", refusal);
    }
    Ok(body)
}
