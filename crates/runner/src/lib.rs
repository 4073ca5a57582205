//! What every binary does: arguments, layers of configuration, one child process per checker, the decision, the output,
//! the exit code. The umbrella and the binary of one checker are the same code with more or fewer tools.
//!
//! ```text
//! arguments -> Session (root, repository, base, change) -> Plan (what runs, on which policy)
//!           -> children (one per checker) -> decision -> Run -> outputs -> exit code
//! ```
//!
//! A verb of a checker (`coverage merge`) takes the same way as far as the plan; then it runs in this process, and what it
//! returns is printed and written.

mod again;
mod archive;
mod arguments;
mod base_run;
mod change;
mod child;
mod configuration;
mod decide;
mod digests;
mod discreet;
mod entry;
mod environment;
mod event;
mod explain;
mod extra;
mod forge;
mod former;
mod frame;
mod handed;
mod in_source;
mod inside;
mod interrupt;
mod judge;
mod less;
mod moves;
mod options;
mod outputs;
mod owners;
mod parent;
mod plan;
mod print_config;
mod progress;
mod rules;
mod schemas;
mod service;
mod session;
mod silence;
mod sources;
mod starter;
mod suppress;
mod taken;
mod terminal;
mod usage;
mod verb;
mod whose;

pub use arguments::{standalone, umbrella};
pub use entry::{main, main_of};
pub use extra::{Answered, Extra};
pub use forge::{Approval, Approvals, BaseRecord, Host};
pub use schemas::{config_schema, report_schema, run_schema};
pub use usage::UsageError;

/// The first name of a metric that two of `tools` claim, or that reads as something else's; for tests.
pub fn clash(tools: &[&dyn tollgate_check::Tool]) -> Option<String> {
    configuration::catalog(tools).clash()
}

/// What the umbrella is made of.
#[derive(Clone, Copy)]
pub struct Umbrella<'a> {
    /// Every checker.
    pub tools: &'a [&'a dyn tollgate_check::Tool],
    /// Commands beside those of checkers.
    pub extras: &'a [&'a dyn Extra],
    /// Who is asked for approvals and the base's run, where no file tells them.
    pub host: Option<&'a dyn Host>,
}
