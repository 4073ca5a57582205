//! What happens between a look and a write.

use tollgate_loopback::Setup;

use super::*;
use crate::tests::{PULL, bodies, category, clean, client, head, post, start};

fn text(run: u64, words: &str) -> Text {
    let marker = Marker { category: category(), key: RunKey { run, attempt: 1 }, head: head() };
    Text { body: format!("{marker}\n{words}"), marker }
}

#[test]
fn what_a_newer_run_wrote_meanwhile_is_put_back() {
    let github = start(Setup::default());
    github.state(|state| state.add_comment(PULL, "github-actions[bot]", &text(1, "first").body));
    // The older run looks, then the newer one writes and is done, then the older one writes.
    let older = client(&github);
    let listing = list(&older, PULL, &category(), false).unwrap();
    for run in 10..50 {
        post(&client(&github), &head(), run, &format!("of run {run}"), true).unwrap();
    }
    let stands = settle(&older, &listing.own[0], &text(2, "of run 2"), &category()).unwrap();
    assert_eq!(stands, Some(RunKey { run: 49, attempt: 1 }));
    assert_eq!(bodies(&github), ["of run 49"]);
    let written =
        github.state(|state| state.comments[&PULL][0].edits.iter().any(|edit| edit.body.ends_with("of run 2")));
    assert!(written, "the test means nothing where the older one did not write");
    clean(&github);
}

#[test]
fn a_comment_that_went_away_is_told() {
    let github = start(Setup::default());
    github.state(|state| state.add_comment(PULL, "github-actions[bot]", &text(1, "first").body));
    let client = client(&github);
    let listing = list(&client, PULL, &category(), false).unwrap();
    github.state(|state| state.comments.clear());
    assert_eq!(settle(&client, &listing.own[0], &text(2, "x"), &category()).unwrap(), None);
    clean(&github);
}
