//! Issues.

use serde_json::{Map, Value};

use super::{bodies, comments, number, page::Page};
use crate::answer::Answer;
use crate::call::{Call, Field, Kind, Outcome, text};
use crate::setup::Access;
use crate::state::Issue;

const CREATED: &[Field] = &[
    ("title", Kind::Text, true),
    ("body", Kind::TextOrNull, false),
    ("labels", Kind::Texts, false),
    ("assignee", Kind::TextOrNull, false),
    ("assignees", Kind::Texts, false),
    ("milestone", Kind::Anything, false),
    ("type", Kind::TextOrNull, false),
];

const UPDATED: &[Field] = &[
    ("title", Kind::Text, false),
    ("body", Kind::TextOrNull, false),
    ("labels", Kind::Texts, false),
    ("state", Kind::Text, false),
    ("state_reason", Kind::TextOrNull, false),
    ("assignee", Kind::TextOrNull, false),
    ("assignees", Kind::Texts, false),
    ("milestone", Kind::Anything, false),
    ("type", Kind::Anything, false),
];

/// Newest first, and pull requests among them, as GitHub lists them.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    call.need(&["issues"], Access::Read)?;
    call.only_query(&["state", "labels", "creator", "sort", "direction", "per_page", "page"]);
    let page = Page::of(call);
    let state = call.target.get("state").unwrap_or("open").to_owned();
    if !["open", "closed", "all"].contains(&state.as_str()) {
        let refusal = Answer::invalid("Issue", "invalid", "state", "state is not open, closed or all");
        return call.refuse("`state` is not open, closed or all", refusal);
    }
    if call.target.get("sort").is_some_and(|sort| sort != "created") {
        call.complain("this server sorts by `created` alone");
    }
    let wanted: Vec<String> = call
        .target
        .get("labels")
        .map(|list| list.split(',').map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default();
    let creator = call.target.get("creator");
    let shown = |open: bool, author: &str, labels: &[String]| {
        (state == "all" || (state == "open") == open)
            && creator.is_none_or(|creator| creator.eq_ignore_ascii_case(author))
            && wanted.iter().all(|want| labels.iter().any(|label| label.eq_ignore_ascii_case(want)))
    };
    let issues = call.state.issues.iter().filter(|issue| shown(issue.open, &issue.author, &issue.labels));
    let pulls = call.state.pulls.iter().filter(|(_, pull)| shown(pull.open, &pull.author, &[]));
    let mut found: Vec<(u64, Value)> = issues.map(|issue| (issue.number, bodies::issue(call, issue))).collect();
    found.extend(pulls.map(|(number, pull)| (*number, bodies::pull_as_issue(call, *number, pull))));
    found.sort_by_key(|(number, _)| *number);
    if call.target.get("direction") != Some("asc") {
        found.reverse();
    }
    let total = found.len();
    let items: Vec<Value> = page.cut(found).into_iter().map(|(_, body)| body).collect();
    Ok(page.answer(call, "issues", total, &items.into()))
}

pub(super) fn get(call: &mut Call<'_>, of: &str) -> Outcome {
    call.need(&["issues"], Access::Read)?;
    let of = number(of)?;
    if let Some(pull) = call.state.pulls.get(&of) {
        return Ok(Answer::json(200, &bodies::pull_as_issue(call, of, pull)));
    }
    let issue = call.state.issues.iter().find(|issue| issue.number == of).ok_or_else(Answer::not_found)?;
    Ok(Answer::json(200, &bodies::issue(call, issue)))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.need(&["issues"], Access::Write)?;
    let body = call.body(CREATED)?;
    check(call, &body)?;
    let (login, now) = (call.setup.login.clone(), call.now);
    let words = labels(&body);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let title = text(&body, "title").unwrap_or_default();
    call.state.add_issue(&login, &title, &text(&body, "body").unwrap_or_default(), &words);
    let issue = call.state.issues.last_mut().ok_or_else(Answer::not_found)?;
    (issue.created, issue.updated) = (now, now);
    let issue = issue.clone();
    let location = format!("{}/issues/{}", call.api_repository(), issue.number);
    Ok(Answer::created(201, issue.id, &bodies::issue(call, &issue)).with("location", location))
}

pub(super) fn update(call: &mut Call<'_>, of: &str) -> Outcome {
    call.need(&["issues"], Access::Write)?;
    let of = number(of)?;
    let body = call.body(UPDATED)?;
    check(call, &body)?;
    let now = call.now;
    let Some(issue) = call.state.issues.iter_mut().find(|issue| issue.number == of) else {
        if call.state.pulls.contains_key(&of) {
            call.complain("this server changes no pull requests");
        }
        return Err(Answer::not_found());
    };
    apply(issue, &body, now);
    let issue = issue.clone();
    Ok(Answer::json(200, &bodies::issue(call, &issue)))
}

fn apply(issue: &mut Issue, body: &Map<String, Value>, now: u64) {
    if let Some(title) = text(body, "title") {
        issue.title = title;
    }
    if body.contains_key("body") {
        issue.body = text(body, "body").unwrap_or_default();
    }
    if body.contains_key("labels") {
        issue.labels = labels(body);
    }
    if let Some(state) = text(body, "state") {
        let open = state == "open";
        if open != issue.open {
            issue.open = open;
            let usual = if open { "reopened" } else { "completed" };
            issue.state_reason = Some(text(body, "state_reason").unwrap_or_else(|| usual.to_owned()));
            issue.closed = (!open).then_some(now);
        }
    }
    issue.updated = now;
}

/// The bounds of an issue's fields.
fn check(call: &mut Call<'_>, body: &Map<String, Value>) -> Result<(), Answer> {
    let invalid = |code: &str, field: &str, message: &str| Answer::invalid("Issue", code, field, message);
    if let Some(title) = text(body, "title") {
        if title.trim().is_empty() {
            return call.refuse("the title is blank", invalid("missing_field", "title", "title can't be blank"));
        }
        if title.chars().count() > 256 {
            let refusal = invalid("custom", "title", "title is too long (maximum is 256 characters)");
            return call.refuse("the title is longer than 256 characters", refusal);
        }
    }
    if text(body, "body").is_some_and(|text| text.chars().count() > comments::MOST) {
        let refusal = invalid("custom", "body", "body is too long (maximum is 65536 characters)");
        return call.refuse("the body is longer than 65,536 characters", refusal);
    }
    if labels(body).iter().any(|label| label.trim().is_empty() || label.chars().count() > 50) {
        let refusal = Answer::invalid("Label", "invalid", "name", "name is not 1 to 50 characters");
        return call.refuse("a label is not 1 to 50 characters", refusal);
    }
    let among = |name: &str, known: &[&str]| text(body, name).is_none_or(|word| known.contains(&word.as_str()));
    if !among("state", &["open", "closed"])
        || !among("state_reason", &["completed", "not_planned", "duplicate", "reopened"])
    {
        let refusal = invalid("invalid", "state", "state is not included in the list");
        return call.refuse("`state` or `state_reason` has no documented value", refusal);
    }
    Ok(())
}

fn labels(body: &Map<String, Value>) -> Vec<String> {
    let list = body.get("labels").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
