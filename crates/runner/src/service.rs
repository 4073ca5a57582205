//! The program under test: started once, when the first checker that asks it is about to run, and ended with all it started.

mod running;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tollgate_check::Service;
use tollgate_config as config;

use self::running::Running;

/// The program under test, which starts when it is first asked for.
pub(crate) struct Host<'a> {
    config: Option<&'a config::Service>,
    root: &'a Path,
    state: Mutex<Option<Result<Running, String>>>,
}

impl<'a> Host<'a> {
    /// What `config` tells of, to be started in `root`.
    pub(crate) fn new(config: Option<&'a config::Service>, root: &'a Path) -> Self {
        Self { config, root, state: Mutex::new(None) }
    }

    /// The running program; none where none is configured, the reason in words where it does not run.
    pub(crate) fn service(&self) -> Option<Result<Service, String>> {
        let config = self.config?;
        let mut state = self.state();
        let running = state.get_or_insert_with(|| Running::start(config, self.root));
        Some(running.as_ref().map(|running| running.service.clone()).map_err(String::clone))
    }

    /// That it ended although nobody ended it, and what it last said.
    pub(crate) fn died(&self) -> Option<String> {
        self.state().as_mut()?.as_mut().ok()?.died()
    }

    fn state(&self) -> MutexGuard<'_, Option<Result<Running, String>>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
