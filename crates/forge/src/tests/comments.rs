//! Whose comment it is, what is written over, what is not.

use tollgate_loopback::{GitHub, Setup};

use super::*;

const BOT: &str = "github-actions[bot]";

fn marker(run: u64) -> String {
    format!("<!-- tollgate:comment tollgate run={run} attempt=1 head={} -->", head())
}

fn add(github: &GitHub, author: &str, body: &str) -> u64 {
    github.state(|state| state.add_comment(PULL, author, body))
}

#[test]
fn the_first_run_makes_it_and_the_next_changes_it() {
    let github = start(Setup::default());
    let made = post(&client(&github), &head(), 1, "one", true).unwrap();
    let id = github.state(|state| state.comments[&PULL][0].id);
    assert!(matches!(&made, Upserted::Made { url } if url.ends_with(&format!("#issuecomment-{id}"))), "{made:?}");
    let second = client(&github);
    let updated = post(&second, &head(), 2, "two", true).unwrap();
    assert!(matches!(updated, Upserted::Updated { .. }));
    assert_eq!(updated.url(), made.url());
    assert_eq!(second.calls(), 3);
    assert_eq!(bodies(&github), ["two"]);
    assert_eq!(github.state(|state| state.comments[&PULL][0].body.clone()), format!("{}\ntwo", marker(2)));
    clean(&github);
}

#[test]
fn the_same_again_changes_nothing() {
    let github = start(Setup::default());
    post(&client(&github), &head(), 1, "one", true).unwrap();
    let again = client(&github);
    assert!(matches!(post(&again, &head(), 1, "one", true).unwrap(), Upserted::Updated { .. }));
    assert_eq!(again.calls(), 1);
    clean(&github);
}

#[test]
fn a_newer_run_is_left_alone() {
    let github = start(Setup::default());
    add(&github, BOT, &format!("{}\nnewer", marker(9)));
    assert!(matches!(post(&client(&github), &head(), 8, "older", true).unwrap(), Upserted::Newer { .. }));
    assert_eq!(bodies(&github), ["newer"]);
    clean(&github);
}

#[test]
fn another_head_means_that_nothing_is_written() {
    let github = start(Setup::default());
    let old = "c".repeat(40);
    assert_eq!(post(&client(&github), &old, 1, "old", true).unwrap(), Upserted::Stale { head: head() });
    assert!(bodies(&github).is_empty());
    clean(&github);
}

#[test]
fn a_draft_gets_none() {
    let github = start(Setup::default());
    github.state(|state| state.pulls.get_mut(&PULL).unwrap().draft = true);
    assert_eq!(post(&client(&github), &head(), 1, "x", true).unwrap(), Upserted::Draft);
    assert!(bodies(&github).is_empty());
}

#[test]
fn without_news_none_is_made_but_one_that_is_there_is_changed() {
    let github = start(Setup::default());
    assert_eq!(post(&client(&github), &head(), 1, "all well", false).unwrap(), Upserted::Nothing);
    assert!(bodies(&github).is_empty());
    post(&client(&github), &head(), 2, "bad\nnews", true).unwrap();
    assert!(matches!(post(&client(&github), &head(), 3, "all well", false).unwrap(), Upserted::Updated { .. }));
    assert_eq!(bodies(&github), ["all well"]);
    clean(&github);
}

#[test]
fn only_our_own_comments_of_this_category_are_ours() {
    let github = start(Setup::default());
    add(&github, "mallory", &format!("{}\nnot ours", marker(99)));
    add(&github, BOT, "of another tool");
    add(&github, BOT, &format!("quoted:\n{}\n", marker(99)));
    add(&github, BOT, &format!("{}\nof another category", marker(99).replace("tollgate run", "other run")));
    assert!(matches!(post(&client(&github), &head(), 1, "ours", true).unwrap(), Upserted::Made { .. }));
    assert_eq!(bodies(&github).len(), 5);
    post(&client(&github), &head(), 2, "ours again", true).unwrap();
    let bodies = bodies(&github);
    assert_eq!((bodies.len(), bodies[0].as_str(), bodies[4].as_str()), (5, "not ours", "ours again"));
    clean(&github);
}

#[test]
fn a_hidden_one_is_left_alone_and_a_new_one_made() {
    let github = start(Setup::default());
    post(&client(&github), &head(), 1, "one", true).unwrap();
    github.state(|state| state.comments.get_mut(&PULL).unwrap()[0].minimized = true);
    assert!(matches!(post(&client(&github), &head(), 2, "two", true).unwrap(), Upserted::Made { .. }));
    assert_eq!(bodies(&github), ["one", "two"]);
    clean(&github);
}

#[test]
fn it_is_found_on_whatever_page_it_is() {
    for at in [0, 119, 249] {
        let github = start(Setup { page: 25, ..Setup::default() });
        for i in 0..250 {
            let body = format!("{}\nmine", marker(1));
            if i == at {
                add(&github, BOT, &body)
            } else {
                add(&github, "someone", &format!("comment {i}"))
            };
        }
        let client = client(&github);
        assert!(matches!(post(&client, &head(), 2, "found", true).unwrap(), Upserted::Updated { .. }));
        assert_eq!(bodies(&github)[at], "found");
        assert_eq!(client.calls(), at / 25 + 3);
        clean(&github);
    }
}

#[test]
fn pages_of_huge_comments_are_read_in_parts() {
    let github = start(Setup::default());
    for i in 0..100 {
        add(&github, "someone", &format!("{i}{}", "\u{1f600}".repeat(65_000)));
    }
    add(&github, BOT, &format!("{}\nmine", marker(1)));
    assert!(matches!(post(&client(&github), &head(), 2, "found", true).unwrap(), Upserted::Updated { .. }));
    clean(&github);
}

#[test]
fn of_several_the_oldest_stays_with_the_newest_text() {
    let github = start(Setup::default());
    for run in [3, 9, 1] {
        add(&github, BOT, &format!("{}\nof run {run}", marker(run)));
    }
    // Only whoever made one looks at all of them; here a listing shows them on one page anyway.
    assert!(matches!(post(&client(&github), &head(), 5, "of run 5", true).unwrap(), Upserted::Newer { .. }));
    assert_eq!(bodies(&github), ["of run 9"]);
    clean(&github);
}

#[test]
fn a_text_that_is_too_long_is_cut_and_says_so() {
    let github = start(Setup::default());
    let long = format!("<details>\n\n```\n{}", "𝄞 a line\n".repeat(20_000));
    post(&client(&github), &head(), 1, &long, true).unwrap();
    let body = github.state(|state| state.comments[&PULL][0].body.clone());
    assert!(body.chars().count() <= 65_536 && body.encode_utf16().count() > 65_000);
    assert!(body.ends_with(&format!("𝄞 a line\n```\n\n</details>\n\n{CUT}")), "{}", &body[body.len() - 200..]);
    clean(&github);
}
