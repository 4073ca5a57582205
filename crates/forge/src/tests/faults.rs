//! Every fault at every request in turn.

use tollgate_loopback::{Fault, Matcher, What};

use super::*;

/// A client that does not wait for what is slow.
fn impatient(github: &Arc<GitHub>, fault: &str) -> Client {
    let mut settings = settings(github);
    if fault == "slow" {
        settings.request = Duration::from_secs(1);
    }
    Client::new(settings).unwrap()
}

/// Runs `act` with each fault at its first, second, … request; `calls` of them without a fault.
fn each(prepare: impl Fn(&Arc<GitHub>), calls: usize, act: impl Fn(&Client) -> Result<Upserted, ForgeError>) {
    for (name, what) in What::every() {
        for nth in 1..=calls {
            let github = start(Setup::default());
            prepare(&github);
            github.inject(Fault { on: Matcher::any().nth(nth), what: what.clone() });
            let done = act(&impatient(&github, name));
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
