//! A package whose tests are run.

use std::collections::BTreeMap;

use crate::text;

/// How a package ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Passed,
    Failed,
    Skipped,
}

/// A package, as far as its events were read.
#[derive(Default)]
pub(super) struct Package {
    /// Something of it was seen since it last ended.
    pub(super) open: bool,
    /// How often it ended.
    pub(super) run: u32,
    /// A test failed since it last ended.
    pub(super) failed: bool,
    /// A test passed in its first run.
    pub(super) passed_first: bool,
    /// A test was run again that had not failed.
    pub(super) repeated: bool,
    /// How many tests failed and passed in a later run.
    pub(super) recovered: u64,
    /// What it printed that says most.
    pub(super) said: String,
    /// Tests that were started and not ended, and what each printed that says most.
    running: BTreeMap<String, String>,
}

impl Package {
    /// A test starts; true if it had started and not ended.
    pub(super) fn start(&mut self, test: &str) -> bool {
        self.open = true;
        self.running.insert(test.to_owned(), String::new()).is_some()
    }

    /// A test ends: what it said.
    pub(super) fn end(&mut self, test: &str) -> String {
        self.open = true;
        self.running.remove(test).unwrap_or_default()
    }

    /// The tests that did not end; none runs afterwards.
    pub(super) fn take_running(&mut self) -> Vec<String> {
        std::mem::take(&mut self.running).into_keys().collect()
    }

    /// `test`, or without a name the package, printed `output`: the first line that looks like a reason is kept.
    pub(super) fn said(&mut self, test: &str, output: &str) {
        self.open |= self.run == 0;
        let kept = if test.is_empty() { Some(&mut self.said) } else { self.running.get_mut(test) };
        let Some(kept) = kept else { return };
        let output = output.trim();
        let reason = |text: &str| text.contains(".go:") || text.starts_with("panic: ");
        let framing = ["=== ", "--- ", "FAIL", "PASS", "ok "].iter().any(|word| output.starts_with(word));
        if output.is_empty() || framing || reason(kept) || (!kept.is_empty() && !reason(output)) {
            return;
        }
        *kept = text::line(output);
    }

    /// Whether its later runs were of failed tests alone, and left out some that had passed.
    pub(super) fn is_rerun(&self) -> bool {
        self.passed_first && !self.repeated
    }
}
