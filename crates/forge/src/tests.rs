//! Against a GitHub on 127.0.0.1, over sockets.

mod around;
mod comments;
mod faults;
mod many;
mod sending;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tollgate_loopback::{GitHub, Pull, Setup};

use crate::comment::{Category, RunKey, Upserted, Wanted, upsert};
use crate::{Client, Clock, ForgeError, Repository, Settings, Token};

/// The pull request of all tests.
pub(crate) const PULL: u64 = 7;
const CUT: &str = "Cut; all of it: https://example.com/run";

pub(crate) fn head() -> String {
    "a".repeat(40)
}

/// A clock on which waiting takes no time: it puts itself and the server's clock forward.
struct Jumping {
    github: Arc<GitHub>,
    started: Instant,
    skipped: Mutex<Duration>,
}

impl Jumping {
    fn skipped(&self) -> Duration {
        *self.skipped.lock().unwrap()
    }
}

impl Clock for Jumping {
    fn unix(&self) -> u64 {
        (SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + self.skipped()).as_secs()
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed() + self.skipped()
    }

    fn sleep(&self, time: Duration) {
        self.github.advance(time);
        *self.skipped.lock().unwrap() += time;
    }
}

/// A server with an open pull request.
pub(crate) fn start(setup: Setup) -> Arc<GitHub> {
    let github = GitHub::start(setup).unwrap();
    let full_name = github.setup().full_name();
    github.state(|state| state.pulls.insert(PULL, Pull::open("kim", &full_name, &head())));
    Arc::new(github)
}

fn settings(github: &Arc<GitHub>) -> Settings {
    let setup = github.setup();
    let repository = Repository::parse(&setup.full_name()).unwrap();
    let token = Token::new(&setup.token).unwrap();
    let clock = Jumping { github: Arc::clone(github), started: Instant::now(), skipped: Mutex::default() };
    let mut settings = Settings::new(&github.api_url(), None, repository, token);
    settings.clock = Arc::new(clock);
    // Longer than any answer that is not slowed down on purpose, also on a machine that is busy.
    settings.request = Duration::from_secs(5);
    settings
}

pub(crate) fn client(github: &Arc<GitHub>) -> Client {
    Client::new(settings(github)).unwrap()
}

pub(crate) fn category() -> Category {
    Category::parse("tollgate").unwrap()
}

/// The comment of run `run`, for `head`, that says `body`.
pub(crate) fn post(client: &Client, head: &str, run: u64, body: &str, news: bool) -> Result<Upserted, ForgeError> {
    let category = category();
    let key = RunKey { run, attempt: 1 };
    upsert(client, &Wanted { pull: PULL, head, category: &category, key, body, cut: CUT, news })
}

/// The comments, without our first line.
pub(crate) fn bodies(github: &GitHub) -> Vec<String> {
    let of = |body: &str| match body.split_once('\n') {
        Some((marker, rest)) if marker.starts_with("<!-- tollgate:") => rest.to_owned(),
        _ => body.to_owned(),
    };
    github.state(|state| state.comments.get(&PULL).into_iter().flatten().map(|comment| of(&comment.body)).collect())
}

/// Nothing was sent that is not as documented, and nothing made twice without need.
pub(crate) fn clean(github: &GitHub) {
    assert_eq!(github.complaints(), Vec::<String>::new());
    assert_eq!(github.duplicates(), Vec::<String>::new());
}
