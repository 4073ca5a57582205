//! The words every room shares: what a checker says (`Report`), what policy makes of it
//! (`Decision`), and what one invocation leaves behind (`Run`).
//!
//! Plain data with serde and JSON Schema; no input or output, no clock, no environment.

pub mod checklist;
mod commit;
mod date;
mod decision;
mod evidence;
mod exhibit;
mod finding;
mod fingerprint;
mod foreign;
pub mod format;
mod level;
mod location;
mod metric;
mod milder;
mod report;
mod rule;
mod run;
mod target;
mod toml;
mod verdict;

pub use checklist::{Checklist, ChecklistItem, Otherwise, Standing};
pub use commit::is_commit;
pub use date::{Date, moment};
pub use decision::{Decision, GateDecision, Reason, Relaxed};
pub use evidence::{Cause, Evidence, NotApplicable, Problem, Unmeasured};
pub use exhibit::{Bucket, Cell, Column, Exhibit, ExhibitData, Node, Point};
pub use finding::{Finding, State, Suppression};
pub use fingerprint::{Fingerprint, Fingerprinter};
pub use foreign::{Foreign, Inputs};
pub use level::{Confidence, Level, Severity};
pub use location::{Location, Region};
pub use metric::{Labels, Metric, MetricSpec, PLACES, Unit};
pub use milder::Milder;
pub use report::{Headline, REPORT_SCHEMA, Report, Status, Subject, ToolInfo, Word};
pub use rule::{Example, Rule};
pub use run::{RUN_SCHEMA, Run, RunSubject, Timing};
pub use target::{Judgement, Op, Target, label_fits, series};
pub use toml::toml_string;
pub use verdict::{Exit, Verdict};
