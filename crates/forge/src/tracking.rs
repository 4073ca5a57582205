//! One GitHub issue per gate that does not pass, for runs that no pull request belongs to.
//!
//! It is opened when the gate fails or is unknown, its text follows what is wrong, and it is closed when the gate passes.
//! Ours are those that the token's own account opened with our label and our marker in the first line. Of several for the
//! same gate the oldest stays. What a later run wrote is left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tollgate_input::one_line;
use tollgate_model::Verdict;

use crate::address::segment;
use crate::comment::{Category, LIMIT, RunKey};
use crate::fit::{Unit, fit};
use crate::graphql::page;
use crate::{Client, ForgeError};

/// The label of all of them.
pub const LABEL: &str = "tollgate";
/// Most characters of a title.
const TITLE: usize = 200;
/// How often everything is looked through.
const ROUNDS: usize = 5;
/// Pages that are read at most.
const MOST_PAGES: usize = 50;
/// How long a request without an answer gets to take effect before it is looked for.
const SETTLE: Duration = Duration::from_secs(2);

const QUERY: &str = "query($owner: String!, $name: String!, $labels: [String!], $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(states: OPEN, labels: $labels, first: $first, after: $after) {
      nodes { number url viewerDidAuthor body }
      pageInfo { hasNextPage endCursor }
    }
  }
}";

/// A gate and what is to be said of it.
#[derive(Clone, Debug)]
pub struct Gate<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its verdict.
    pub verdict: Verdict,
    /// Markdown.
    pub body: &'a str,
}

/// Who says it, of what.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// Which of several sets of gates.
    pub category: &'a Category,
    /// Which run.
    pub key: RunKey,
    /// The commit that was judged.
    pub commit: &'a str,
    /// The line that says that something was cut, and where all of it is.
    pub cut: &'a str,
}

/// What was done, in words, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `opened`, `updated` or `closed`.
    pub what: &'static str,
    /// The gate's name.
    pub gate: String,
    /// The number, where the forge told it.
    pub number: Option<u64>,
}

/// Opens, updates and closes, so that there is one for each gate that does not pass. Gates that are not named are left
/// alone.
///
/// # Errors
/// The forge refused or did not answer. What was done until then stays.
pub fn sync(client: &Client, origin: &Origin<'_>, gates: &[Gate<'_>]) -> Result<Vec<Change>, ForgeError> {
    let mut changes = Vec::new();
    let mut sent: BTreeMap<&str, u32> = BTreeMap::new();
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let open = list(client, origin.category)?;
        let mut touched = false;
        for gate in gates {
            let own: Vec<&Own> = open.iter().filter(|own| own.marker.gate == segment(gate.name)).collect();
            let bad = gate.verdict >= Verdict::Fail;
            let change = match own.as_slice() {
                [] if !bad || made.contains(gate.name) => None,
                [] => {
                    let count = sent.entry(gate.name).or_default();
                    if *count == 2 {
                        let what = format!("the issue of gate `{}`", one_line(gate.name, TITLE, false).0);
                        return Err(ForgeError::Unclear { what, message: "sent twice and not there".to_owned() });
                    }
                    *count += 1;
                    touched = true;
                    let number = open_one(client, origin, gate)?;
                    // No answer: the next look tells.
                    number.map(|number| {
                        made.insert(gate.name);
                        Change { what: "opened", gate: gate.name.to_owned(), number }
                    })
                }
                [first, later @ ..] => {
                    let mut change = None;
                    if first.marker.key < origin.key {
                        change = if bad {
                            update(client, origin, gate, first)?
                        } else {
                            close(client, origin, gate, first)?
                        };
                    }
                    for one in later.iter().filter(|one| one.marker.key <= origin.key) {
                        close_later(client, one, first.number)?;
                    }
                    touched |= change.is_some() || !later.is_empty();
                    change
                }
            };
            changes.extend(change);
        }
        if !touched {
            return Ok(changes);
        }
    }
    Ok(changes)
}

/// One of ours that is open.
#[derive(Debug)]
struct Own {
    number: u64,
    marker: Marker,
    /// What stands below the marker.
    text: String,
}

/// What the first line says.
#[derive(Debug, PartialEq, Eq)]
struct Marker {
    /// The gate's name, encoded.
    gate: String,
    key: RunKey,
}

impl Marker {
    fn line(origin: &Origin<'_>, gate: &str) -> String {
        let RunKey { run, attempt } = origin.key;
        format!("<!-- tollgate:gate {} gate={} run={run} attempt={attempt} -->", origin.category, segment(gate))
    }

    /// The marker of this `category` in the first line, and what stands below it.
    fn read(body: &str, category: &Category) -> Option<(Self, String)> {
        let (line, text) = body.split_once('\n').unwrap_or((body, ""));
        let words = line.trim_end().strip_prefix("<!-- tollgate:gate ")?.strip_suffix(" -->")?;
        let [of, gate, run, attempt] = words.split(' ').collect::<Vec<_>>().try_into().ok()?;
        let number = |word: &str, name: &str| word.strip_prefix(name)?.parse().ok();
        let key = RunKey { run: number(run, "run=")?, attempt: number(attempt, "attempt=")? };
        let marker = Self { gate: gate.strip_prefix("gate=")?.to_owned(), key };
        (of == category.as_str()).then(|| (marker, text.replace("\r\n", "\n").trim().to_owned()))
    }
}

/// Ours that are open, oldest first.
fn list(client: &Client, category: &Category) -> Result<Vec<Own>, ForgeError> {
    let what = "the issues of gates";
    let repository = client.repository();
    let mut own = Vec::new();
    let (mut first, mut after) = (50, None::<String>);
    for _ in 0..MOST_PAGES {
        let variables = json!({
            "owner": repository.owner(), "name": repository.name(), "labels": [LABEL], "first": first, "after": after,
        });
        let data = match client.query(what, QUERY, &variables) {
            Err(ForgeError::TooLarge { .. }) if first > 4 => {
                first = 4;
                continue;
            }
            answered => answered?,
        };
        let (nodes, next) = page(what, &data, "/repository/issues")?;
        own.extend(nodes.iter().filter_map(|node| read(node, category)));
        match next {
            Some(cursor) => after = Some(cursor),
            None => {
                own.sort_by_key(|one: &Own| one.number);
                return Ok(own);
            }
        }
    }
    Err(ForgeError::answer(what, "there are more than are looked through"))
}

fn read(node: &Value, category: &Category) -> Option<Own> {
    let (marker, text) = Marker::read(node["body"].as_str()?, category)?;
    let number = node["number"].as_u64()?;
    (node["viewerDidAuthor"] == true).then_some(Own { number, marker, text })
}

/// Opens one; the number inside is none where the answer could not be read, all is none where there was no answer.
fn open_one(client: &Client, origin: &Origin<'_>, gate: &Gate<'_>) -> Result<Option<Option<u64>>, ForgeError> {
    let title = format!("Gate {} does not pass", one_line(gate.name, TITLE, false).0);
    let what = format!("the issue `{title}`");
    let body = json!({ "title": title, "body": body(origin, gate.name, gate.body), "labels": [LABEL] });
    match client.send(&what, Method::POST, "/issues", Some(&body)) {
        Err(ForgeError::Unclear { .. }) => client.pause(&what, SETTLE).map(|()| None),
        answered => Ok(Some(answered?.and_then(|issue| issue["number"].as_u64()))),
    }
}

fn body(origin: &Origin<'_>, gate: &str, text: &str) -> String {
    let line = format!("{}\n", Marker::line(origin, gate));
    format!("{line}{}", fit(text.trim(), LIMIT - line.len(), Unit::Characters, origin.cut).trim_end())
}

/// Says what is wrong now, where that changed.
fn update(client: &Client, origin: &Origin<'_>, gate: &Gate<'_>, own: &Own) -> Result<Option<Change>, ForgeError> {
    let body = body(origin, gate.name, gate.body);
    if body.split_once('\n').is_some_and(|(_, text)| text == own.text) {
        return Ok(None);
    }
    patch(client, own.number, &json!({ "body": body }))?;
    Ok(Some(Change { what: "updated", gate: gate.name.to_owned(), number: Some(own.number) }))
}

/// Closes it, and says since when the gate passes.
fn close(client: &Client, origin: &Origin<'_>, gate: &Gate<'_>, own: &Own) -> Result<Option<Change>, ForgeError> {
    let text = format!("Passes since commit {}. What was wrong before:\n\n{}", origin.commit, own.text);
    let body = json!({ "state": "closed", "state_reason": "completed", "body": body(origin, gate.name, &text) });
    patch(client, own.number, &body)?;
    Ok(Some(Change { what: "closed", gate: gate.name.to_owned(), number: Some(own.number) }))
}

/// Closes one of which there is an older one. Its marker goes, so that nobody counts it again.
fn close_later(client: &Client, own: &Own, first: u64) -> Result<(), ForgeError> {
    let body = json!({ "state": "closed", "state_reason": "not_planned", "body": format!("The same as #{first}.") });
    patch(client, own.number, &body)
}

fn patch(client: &Client, number: u64, body: &Value) -> Result<(), ForgeError> {
    client.send(&format!("issue {number}"), Method::PATCH, &format!("/issues/{number}"), Some(body)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_reads_as_it_is_written() {
        let category = Category::parse("tollgate").unwrap();
        let key = RunKey { run: 7, attempt: 2 };
        let origin = Origin { category: &category, key, commit: "c", cut: "" };
        let gate = "Tests --> \"x\" &";
        let line = Marker::line(&origin, gate);
        assert_eq!(line.matches("-->").count(), 1, "{line}");
        let read = Marker::read(&format!("{line}\r\ntext\r\nmore\n"), &category);
        assert_eq!(read, Some((Marker { gate: segment(gate), key }, "text\nmore".to_owned())));
        assert_eq!(Marker::read(&line, &Category::parse("other").unwrap()), None);
        assert_eq!(Marker::read(&line.replace("run=", "run=x"), &category), None);
    }
}
