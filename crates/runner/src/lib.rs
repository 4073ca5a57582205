//! What every binary does: arguments, layers of configuration, one child process per checker, the decision, the output,
//! the exit code. The umbrella and the binary of one checker are the same code with more or fewer tools.
//!
//! ```text
//! arguments -> Session (root, repository, base, change) -> Plan (what runs, on which policy)
//!           -> children (one per checker) -> decision -> Run -> outputs -> exit code
//! ```

mod arguments;
mod base_run;
mod change;
mod child;
mod configuration;
mod entry;
mod environment;
mod event;
mod explain;
mod interrupt;
mod judge;
mod options;
mod outputs;
mod parent;
mod plan;
mod print_config;
mod progress;
mod schemas;
mod session;
mod starter;
mod terminal;
mod usage;

pub use arguments::{standalone, umbrella};
pub use entry::{main, main_of};
pub use schemas::{config_schema, report_schema, run_schema};
pub use usage::UsageError;

/// Every checker that a binary knows.
pub type Tools = &'static [&'static dyn tollgate_check::Tool];
