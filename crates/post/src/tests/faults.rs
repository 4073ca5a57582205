//! Every single fault at every request in turn: it ends well, or with exit code 3 and a message.

use tollgate_loopback::{Fault, Matcher, What};

use super::*;

/// What a refusal for good looks like.
const FINAL: [&str; 3] = ["403", "404", "422"];

fn each(prepare: impl Fn(&mut Scene), calls: usize) {
    for (name, what) in What::every() {
        for nth in 1..=calls {
            let mut scene = Scene::usual();
            prepare(&mut scene);
            if name == "slow" {
                scene.patience = Duration::from_secs(1);
            }
            scene.github.inject(Fault { on: Matcher::any().nth(nth), what: what.clone() });
            let posted = scene.post(&["--to", "outputs,comment,sarif,statuses"]);
            let told = || format!("{name} at request {nth}: {posted:?}");
            scene.clean();
            assert!(scene.comments().len() <= 1, "{}", told());
            let statuses = scene.statuses(&head());
            let whole = statuses.len() == 4 && statuses["Tests"] == "error" && statuses["Security"] == "failure";
            // A verdict is there, or it is said that it is not.
            match posted.code() {
                0 => assert!(whole, "{}", told()),
                3 => assert!(FINAL.contains(&name) && posted.said("error").len() == 1, "{}", told()),
                _ => panic!("{}", told()),
            }
            // What is missing without being a verdict is said too.
            let ours = scene.comments().iter().any(|body| body.contains("run=1001"));
            let missing = usize::from(!ours) + usize::from(scene.uploads().is_empty());
            let said = posted.said("warning").len() + posted.said("notice").len();
            assert!(missing == 0 || (FINAL.contains(&name) && said >= missing), "{}", told());
            assert!(scene.read("step-output").contains("verdict<<"), "{}", told());
        }
    }
}

#[test]
fn a_first_comment_and_everything_beside_it() {
    each(|_| {}, 8);
}

#[test]
fn a_comment_that_is_there_and_everything_beside_it() {
    each(
        |scene| {
            scene.set("GITHUB_RUN_ID", "1000");
            scene.post(&["--to", "comment"]);
            scene.set("GITHUB_RUN_ID", "1001");
        },
        8,
    );
}

#[test]
fn a_limit_that_lasts_too_long_loses_no_verdict_silently() {
    let scene = Scene::usual();
    let what =
        What::RateLimited { code: 403, secondary: false, retry_after: None, reset: Some(Duration::from_secs(3_600)) };
    scene.github.inject(Fault { on: Matcher::any().times(99), what });
    let posted = scene.post(&["--to", "statuses"]);
    assert_eq!(posted.code(), 3);
    assert!(posted.said("error").iter().all(|line| line.contains("UTC")), "{posted:?}");
}
