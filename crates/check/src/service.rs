//! The program under test, as a checker sees it.

use serde::{Deserialize, Serialize};

/// A running program that answers HTTP, started once for all checkers that ask it, or by somebody else.
#[derive(Clone, Deserialize, Serialize)]
pub struct Service {
    /// Where it answers, without a slash at the end: `http://127.0.0.1:3000`.
    pub url: String,
    /// Names and values of headers that make it take the caller for somebody who logged in. Values are secret: they are sent to the
    /// service and nowhere else.
    pub headers: Vec<(String, String)>,
    /// The process group it runs in, where this run started it.
    pub group: Option<u32>,
    /// The command that started it, as the configuration has it.
    pub start: Option<String>,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Service").field("url", &self.url).field("headers", &names).finish_non_exhaustive()
    }
}
