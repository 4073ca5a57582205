//! Who is at work, on one line of standard error, at a terminal only.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

use crate::child::Request;

/// Who is at work.
pub(crate) struct Progress {
    shown: bool,
    running: Mutex<Vec<String>>,
}

impl Progress {
    /// Shows progress where `wanted` and standard error is a terminal.
    pub(crate) fn new(wanted: bool) -> Self {
        Self { shown: wanted && std::io::stderr().is_terminal(), running: Mutex::default() }
    }

    pub(crate) fn begin(&self, request: &Request) {
        self.change(|running| running.push(name(request)));
    }

    pub(crate) fn end(&self, request: &Request) {
        let name = name(request);
        self.change(|running| {
            if let Some(at) = running.iter().position(|r| *r == name) {
                running.remove(at);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Vec<String>)) {
        if !self.shown {
            return;
        }
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut running);
        // Carriage return, erase the line (ECMA-48 EL), and what is running now.
        let line = if running.is_empty() { String::new() } else { format!("checking: {}", running.join(", ")) };
        let line: String = line.chars().take(79).collect();
        let _ = write!(std::io::stderr(), "\r\u{1b}[2K{line}");
        let _ = std::io::stderr().flush();
    }
}

fn name(request: &Request) -> String {
    match (&request.instance, &request.commit) {
        (Some(instance), _) => format!("{} ({instance})", request.checker),
        (None, Some(_)) => format!("{} at the base", request.checker),
        (None, None) => request.checker.clone(),
    }
}
