//! Every fault at every request in turn.

use serde_json::json;
use tollgate_loopback::{Fault, Matcher, What};

use super::*;

/// What can go wrong once, and whether it is for good.
pub(crate) fn faults() -> Vec<(&'static str, What)> {
    let limited = |code, secondary, retry_after: Option<u64>, reset: Option<u64>| What::RateLimited {
        code,
        secondary,
        retry_after: retry_after.map(Duration::from_secs),
        reset: reset.map(Duration::from_secs),
    };
    let applied =
        |code| What::Status { code, headers: Vec::new(), body: json!({"message": "x"}).to_string(), applied: true };
    vec![
        ("500", What::status(500, "Server Error")),
        ("502", What::status(502, "Bad Gateway")),
        ("500 after effect", applied(500)),
        ("504 after effect", applied(504)),
        ("403", What::status(403, "Resource not accessible by integration")),
        ("404", What::status(404, "Not Found")),
        ("422", What::status(422, "Validation Failed")),
        ("429", limited(429, true, Some(5), None)),
        ("403 with retry-after", limited(403, true, Some(5), None)),
        ("403 with reset", limited(403, false, None, Some(30))),
        ("403 secondary", limited(403, true, None, None)),
        ("dropped before", What::Drop { before: true }),
        ("dropped after", What::Drop { before: false }),
        ("slow", What::Slow(Duration::from_secs(2))),
        ("garbage", What::Garbage),
        ("truncated", What::Truncate),
    ]
}

/// A client that does not wait for what is slow.
fn impatient(github: &Arc<GitHub>) -> Client {
    let mut settings = settings(github);
    settings.request = Duration::from_millis(700);
    Client::new(settings).unwrap()
}

/// Runs `act` with each fault at its first, second, … request; `calls` of them without a fault.
fn each(prepare: impl Fn(&Arc<GitHub>), calls: usize, act: impl Fn(&Client) -> Result<Upserted, ForgeError>) {
    for (name, what) in faults() {
        for nth in 1..=calls {
            let github = start(Setup::default());
            prepare(&github);
            github.inject(Fault { on: Matcher::any().nth(nth), what: what.clone() });
            let done = act(&impatient(&github));
            let told = || format!("{name} at request {nth}: {done:?}");
            assert_eq!(github.complaints(), Vec::<String>::new(), "{}", told());
            assert_eq!(github.duplicates(), Vec::<String>::new(), "{}", told());
            let bodies = bodies(&github);
            assert!(bodies.len() <= 1, "{}: {bodies:?}", told());
            match &done {
                Ok(_) => assert_eq!(bodies, ["new"], "{}", told()),
                Err(error) => {
                    // Only what the forge refused for good.
                    assert!(["403", "404", "422"].contains(&name), "{}", told());
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}

#[test]
fn a_new_comment_survives_every_single_fault() {
    each(|_| {}, 3, |client| post(client, &head(), 2, "new", true));
}

#[test]
fn a_change_of_the_comment_survives_every_single_fault() {
    let prepare = |github: &Arc<GitHub>| drop(post(&client(github), &head(), 1, "old", true).unwrap());
    each(prepare, 3, |client| post(client, &head(), 2, "new", true));
}
