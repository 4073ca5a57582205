//! One comment per pull request and category, kept up to date by every run.
//!
//! Runs may overlap, and the forge has no way to write only where nothing changed. What makes it come out right:
//!
//! - A comment is ours where the token's own account wrote it and its first line is our marker. One that somebody hid is
//!   left alone, and a new one made.
//! - Of several comments of ours the oldest stays. Ids only grow, so whoever looks after having made one sees every older
//!   one; it writes the newest text it knows into the oldest, and deletes the others.
//! - A text is newer when its run, or attempt at the run, is later. A newer one is never written over knowingly. Who wrote
//!   looks again, at the bodies that the comment had since it looked before too: where a newer one was among them, that is
//!   put back. So whoever writes last makes sure of the newest.

use std::time::Duration;

use http::Method;
use serde_json::json;

mod listing;
mod marker;
#[cfg(test)]
mod tests;

pub use marker::{Category, RunKey};

use crate::fit::{Unit, fit};
use crate::{Client, ForgeError};
use listing::{Listing, Own, Text, history, list};
use marker::Marker;

/// Most characters of a comment.
pub const LIMIT: usize = 65_536;
/// How often the whole is begun again.
const ROUNDS: usize = 6;
/// How often a comment is made: once more where it is not there after an answer that did not come.
const MOST_MADE: usize = 2;
/// How often a text is written into the same comment.
const WRITES: usize = 20;
/// How often a comment is looked for that was surely made and is not listed yet.
const LOOKS: usize = 2;
/// How long a request without an answer gets to take effect before it is looked for.
const SETTLE: Duration = Duration::from_secs(2);

/// What is to stand there.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The pull request.
    pub pull: u64,
    /// Its head commit, which was judged; nothing is written where it has another by now.
    pub head: &'a str,
    /// Which of several comments.
    pub category: &'a Category,
    /// Who writes.
    pub key: RunKey,
    /// Markdown. What is too long is cut.
    pub body: &'a str,
    /// The line that says that something was cut, and where all of it is.
    pub cut: &'a str,
    /// Whether it is worth a new comment; else only one that is there is changed.
    pub news: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upserted {
    /// A new comment.
    Made {
        /// Where it is.
        url: String,
    },
    /// The comment that was there says it now.
    Updated {
        /// Where it is.
        url: String,
    },
    /// A newer run wrote there; nothing was changed.
    Newer {
        /// Where it is.
        url: String,
    },
    /// The pull request has another head by now; nothing was written.
    Stale {
        /// That head.
        head: String,
    },
    /// It is a draft; nothing was written.
    Draft,
    /// There is no comment and none is needed.
    Nothing,
}

impl Upserted {
    /// Where the comment is.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Made { url } | Self::Updated { url } | Self::Newer { url } => Some(url),
            Self::Stale { .. } | Self::Draft | Self::Nothing => None,
        }
    }
}

/// Makes the comment say what is wanted, as far as no newer run has its say there.
///
/// # Errors
/// The forge refused or did not answer, or other runs kept writing.
pub fn upsert(client: &Client, wanted: &Wanted<'_>) -> Result<Upserted, ForgeError> {
    let what = format!("the comment on pull request {}", wanted.pull);
    let mine = mine(wanted);
    let (mut made, mut all) = (0, false);
    // Where it surely is, though a listing may not have it yet.
    let mut known: Option<String> = None;
    let mut seen_without = 0;
    for _ in 0..ROUNDS {
        let Listing { head, draft, own } = list(client, wanted.pull, wanted.category, all)?;
        if made == 0 && head != wanted.head {
            return Ok(Upserted::Stale { head });
        }
        if made == 0 && draft {
            return Ok(Upserted::Draft);
        }
        let Some((survivor, later)) = own.split_first() else {
            if !wanted.news {
                return Ok(Upserted::Nothing);
            }
            match known {
                Some(url) if seen_without == LOOKS => return Ok(Upserted::Made { url }),
                Some(_) => {
                    seen_without += 1;
                    client.pause(&what, SETTLE)?;
                }
                None if made == MOST_MADE => {
                    let message = "it was sent twice and is not there".to_owned();
                    return Err(ForgeError::Unclear { what, message });
                }
                None => {
                    made += 1;
                    known = make(client, &what, wanted.pull, &mine)?;
                }
            }
            all = true;
            continue;
        };
        let newest = own.iter().map(|one| &one.text).filter(|text| text.marker.key > mine.marker.key);
        let newest = newest.max_by_key(|text| text.marker.key).unwrap_or(&mine);
        let Some(stands) = settle(client, survivor, newest, wanted.category)? else {
            all = true;
            continue;
        };
        for one in later {
            delete(client, one)?;
        }
        let url = survivor.url.clone();
        return Ok(match stands > mine.marker.key {
            true => Upserted::Newer { url },
            false if made > 0 => Upserted::Made { url },
            false => Upserted::Updated { url },
        });
    }
    Err(ForgeError::Unsettled { what })
}

fn mine(wanted: &Wanted<'_>) -> Text {
    let marker = Marker { category: wanted.category.clone(), key: wanted.key, head: wanted.head.to_owned() };
    let line = format!("{marker}\n");
    let body = fit(wanted.body.trim_end(), LIMIT - line.len(), Unit::Characters, wanted.cut);
    // The forge keeps no blanks at the end, and texts are compared.
    Text { body: format!("{line}{}", body.trim_end()), marker }
}

/// Makes a comment, and answers where it is. None where no answer came: it may be there, and the caller looks.
fn make(client: &Client, what: &str, pull: u64, text: &Text) -> Result<Option<String>, ForgeError> {
    let path = format!("/issues/{pull}/comments");
    match client.send(what, Method::POST, &path, Some(&json!({ "body": text.body }))) {
        Err(ForgeError::Unclear { .. }) => client.pause(what, SETTLE).map(|()| None),
        answered => {
            let answer = answered?.unwrap_or_default();
            Ok(Some(answer["html_url"].as_str().unwrap_or_default().to_owned()))
        }
    }
}

/// Writes `newest` into the comment until it, or what turned out to be newer, stands there. Answers whose text that is;
/// none where the comment is gone.
fn settle(client: &Client, own: &Own, newest: &Text, category: &Category) -> Result<Option<RunKey>, ForgeError> {
    let what = format!("comment {}", own.id);
    let mut stands = own.text.clone();
    let mut newest = newest.clone();
    for _ in 0..WRITES {
        if stands.body == newest.body {
            return Ok(Some(newest.marker.key));
        }
        let path = format!("/issues/comments/{}", own.id);
        match client.send(&what, Method::PATCH, &path, Some(&json!({ "body": newest.body }))) {
            Err(ForgeError::NotFound { .. }) => return Ok(None),
            answered => answered?,
        };
        let Some(seen) = history(client, own, category)? else { return Ok(None) };
        let Some(now) = seen.now else { return Ok(None) };
        let texts = seen.since.into_iter().chain([now.clone()]);
        let later = texts.filter(|text| text.marker.key > newest.marker.key).max_by_key(|text| text.marker.key);
        newest = match later {
            Some(later) => later,
            // Another text of the same run, written later than this one, is as good.
            None if now.marker.key == newest.marker.key => now.clone(),
            None => newest,
        };
        stands = now;
    }
    Err(ForgeError::Unsettled { what })
}

/// Deletes a comment that another of ours makes superfluous. Gone already is as good.
fn delete(client: &Client, own: &Own) -> Result<(), ForgeError> {
    let what = format!("comment {}, of which there is a second one", own.id);
    match client.send(&what, Method::DELETE, &format!("/issues/comments/{}", own.id), None) {
        Err(ForgeError::NotFound { .. }) => Ok(()),
        answered => answered.map(drop),
    }
}
