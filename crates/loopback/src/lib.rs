//! A GitHub on 127.0.0.1, for tests.
//!
//! [`GitHub::start`] listens on a free port and keeps the [`State`] of one repository: pull requests, comments, issues,
//! statuses, uploads, rules. It speaks the part of REST and GraphQL that is needed to put a verdict on a pull request.
//! What it answers follows GitHub's descriptions of both; the rules by which it judges requests are written here, by
//! hand, so that a client and its judge share nothing.
//!
//! - [`complaints`](GitHub::complaints): everything about requests that is not as documented, or over a documented limit.
//! - [`duplicates`](GitHub::duplicates): what was created twice without need.
//! - [`inject`](GitHub::inject): what goes wrong, and with which request.
//! - [`advance`](GitHub::advance): puts the clock forward, so that a client need not really wait for a rate limit.
//!
//! Each request is atomic. Dropping the server closes its port and ends its threads.
//!
//! ```
//! use tollgate_loopback::{Fault, GitHub, Matcher, Pull, Setup, What};
//!
//! let github = GitHub::start(Setup::default())?;
//! github.state(|state| state.pulls.insert(7, Pull::open("someone", "octo/shop", &"a".repeat(40))));
//! github.inject(Fault { on: Matcher::to("POST", "/comments"), what: What::Drop { before: false } });
//! assert!(github.api_url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod answer;
mod call;
mod clock;
mod faults;
mod graphql;
mod http;
mod hub;
mod limits;
mod request;
mod rest;
mod server;
mod setup;
mod state;
mod target;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use faults::{Fault, Matcher, What};
pub use request::Request;
pub use setup::{Access, Permissions, Setup};
pub use state::{Artifact, Comment, Edit, Issue, Pull, Review, ReviewState, State, Status, Upload};

use hub::Hub;
use server::Server;

/// A running server. It stops when it is dropped.
pub struct GitHub {
    hub: Arc<Hub>,
    server: Option<Server>,
}

impl GitHub {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// What the system answers when no port can be listened on.
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (listener, address) = Server::bind()?;
        let hub = Arc::new(Hub::new(setup, format!("http://{address}")));
        let answering = Arc::clone(&hub);
        let server = Server::start(listener, Arc::new(move |message| answering.answer(message)))?;
        Ok(Self { hub, server: Some(server) })
    }

    /// Where REST is, without a slash at the end: what a workflow finds in `GITHUB_API_URL`.
    pub fn api_url(&self) -> String {
        format!("{}{}", self.hub.server, self.hub.setup.api_path())
    }

    /// Where GraphQL is: what a workflow finds in `GITHUB_GRAPHQL_URL`.
    pub fn graphql_url(&self) -> String {
        format!("{}{}", self.hub.server, self.hub.setup.graphql_path())
    }

    /// Where people look: what a workflow finds in `GITHUB_SERVER_URL`.
    pub fn server_url(&self) -> String {
        self.hub.server.clone()
    }

    /// How it was set up.
    pub fn setup(&self) -> &Setup {
        &self.hub.setup
    }

    /// Looks into the state, or changes it, between two requests.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.hub.ledger().state)
    }

    /// The requests so far, in the order in which they took effect.
    pub fn requests(&self) -> Vec<Request> {
        self.hub.ledger().requests.clone()
    }

    /// How many requests came in so far.
    pub fn calls(&self) -> usize {
        self.hub.ledger().calls
    }

    /// What was not as documented so far, a sentence each.
    pub fn complaints(&self) -> Vec<String> {
        self.hub.ledger().complaints.clone()
    }

    /// What was created again by the same body, though the answer to the first had come; and comments and issues that
    /// were created again after a lost answer without a look whether the first took effect.
    pub fn duplicates(&self) -> Vec<String> {
        self.hub.ledger().duplicates.clone()
    }

    /// Lets something go wrong. Of several faults that hit the same request the first injected one happens.
    pub fn inject(&self, fault: Fault) {
        self.hub.ledger().faults.add(fault);
    }

    /// Forgets the faults that have not happened yet.
    pub fn heal(&self) {
        self.hub.ledger().faults = faults::Faults::default();
    }

    /// Puts the server's clock forward: for clients whose waiting is not real.
    pub fn advance(&self, time: Duration) {
        self.hub.ledger().skipped += time;
    }

    /// The server's clock: seconds since 1970.
    pub fn now(&self) -> u64 {
        (clock::now() + self.hub.ledger().skipped).as_secs()
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        self.hub.end();
        self.server.take();
    }
}
