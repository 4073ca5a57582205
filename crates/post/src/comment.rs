//! The comment's text.

use tollgate_forge::comment::{Category, RunKey, Upserted, Wanted, upsert};
use tollgate_forge::{Client, ForgeError};

use crate::judged::Judged;

/// Where the comment goes.
pub(crate) struct Place<'a> {
    pub(crate) pull: u64,
    /// The pull request's head.
    pub(crate) head: &'a str,
    pub(crate) category: &'a Category,
    pub(crate) key: RunKey,
    /// The run's page.
    pub(crate) page: Option<&'a str>,
}

/// Puts it there.
pub(crate) fn put(client: &Client, judged: &Judged, place: &Place<'_>) -> Result<Upserted, ForgeError> {
    let quiet = judged.is_quiet();
    let origin = origin(place.head, place.page);
    let body = match quiet {
        true => format!("{} · {origin}", judged.headline()),
        false => format!("{}\n\n<sub>{origin}</sub>\n", judged.summary.trim_end()),
    };
    let (pull, head, category, key) = (place.pull, place.head, place.category, place.key);
    let cut = cut(place.page);
    upsert(client, &Wanted { pull, head, category, key, body: &body, cut: &cut, news: !quiet })
}

/// Commit and run, as Markdown.
fn origin(commit: &str, page: Option<&str>) -> String {
    let short = commit.get(..10).unwrap_or(commit);
    match page {
        Some(page) => format!("commit {short} · [run]({page})"),
        None => format!("commit {short}"),
    }
}

/// The line that says that something was cut.
pub(crate) fn cut(page: Option<&str>) -> String {
    let whole = match page {
        Some(page) => format!("[the run]({page}) keeps all of it"),
        None => "run.json has all of it".to_owned(),
    };
    format!("**Cut here**, since it is longer than GitHub takes; {whole}.")
}
