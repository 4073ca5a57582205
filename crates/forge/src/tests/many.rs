//! Many runs at once.

use std::thread;

use super::*;

const RUNS: u64 = 50;

/// Runs of every number at once, each on a thread and with a client of its own.
fn race(github: &Arc<GitHub>) {
    thread::scope(|scope| {
        for run in 1..=RUNS {
            scope.spawn(move || {
                let client = client(github);
                post(&client, &head(), run, &format!("of run {run}"), true).unwrap()
            });
        }
    });
}

fn setup() -> Setup {
    Setup { latency: Duration::from_millis(120), ..Setup::default() }
}

#[test]
fn fifty_runs_make_one_comment_with_the_newest_text() {
    let github = start(setup());
    race(&github);
    assert_eq!(bodies(&github), [format!("of run {RUNS}")]);
    let posts = github
        .requests()
        .iter()
        .filter(|request| request.method == "POST" && request.path.ends_with("/comments"))
        .count();
    assert!(posts > 1, "no two runs met, so that the test means nothing");
    clean(&github);
}

#[test]
fn fifty_runs_leave_the_newest_text_in_the_comment_that_was_there() {
    let github = start(setup());
    post(&client(&github), &head(), 0, "before", true).unwrap();
    let id = github.state(|state| state.comments[&PULL][0].id);
    race(&github);
    assert_eq!(bodies(&github), [format!("of run {RUNS}")]);
    assert_eq!(github.state(|state| state.comments[&PULL][0].id), id);
    let late = github.state(|state| {
        let edits = &state.comments[&PULL][0].edits;
        let newest = edits.iter().position(|edit| edit.body.ends_with(&format!("of run {RUNS}"))).unwrap();
        edits.len() - newest - 1
    });
    assert!(late > 0, "no older run wrote after the newest, so that the test means nothing");
    clean(&github);
}
