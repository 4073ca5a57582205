//! The judge: reports, base and policy in, a [`Decision`](tollgate_model::Decision) out.
//!
//! Pure: no file, no clock, no environment. What a condition means is decided here and nowhere else:
//!
//! - [`Condition::parse`] reads `metric{label="value"} op limit`; [`Catalog::check`] refuses names nobody knows;
//! - [`decide`] judges every condition of every gate and says why in words;
//! - [`relaxations`] and [`shrinking`] say what a change's own policy and evidence would demand and show less of;
//! - no evidence is never a pass: what cannot be told is `unknown`, and only a complete report can pass.

mod adoption;
mod base;
mod catalog;
mod code_owners;
mod condition;
mod cut_short;
mod decide;
mod evaluate;
mod explain;
mod hold;
mod incidents;
mod number;
mod parse;
mod policy;
mod quantity;
mod relax;
mod scope;
mod seen;
mod select;
mod silence;
mod suggest;
mod words;

pub use adoption::adoption;
pub use base::{BaseReports, mark_states};
pub use catalog::Catalog;
pub use code_owners::{CodeOwners, LARGEST_CODE_OWNERS, fuzz_code_owners};
pub use condition::{Condition, Limit, Selector, Subject};
pub use cut_short::cut_short;
pub use decide::{Input, decide};
pub use explain::demand;
pub use hold::{hold, withhold};
pub use incidents::{Incident, Incidents};
pub use parse::ConditionError;
pub use policy::{Adopt, Clause, Gate, Policy, TooClose};
pub use quantity::Quantity;
pub use relax::{By, OptionKey, Relaxation, Side, few, relaxations, shrinking};
pub use scope::{Change, InstanceScope, Scope, ScopeError};
pub use seen::Seen;
pub use silence::{Named, Silenced, Silences, Spent, agreed, silence};
pub use suggest::{hint, suggestion};
pub use tollgate_model::Date;

/// Feeds arbitrary bytes to the condition parser; for fuzzing.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    if let Ok(condition) = Condition::parse(&String::from_utf8_lossy(bytes)) {
        let again = Condition::parse(&condition.to_string());
        assert_eq!(again.as_ref(), Ok(&condition), "what is printed must read back");
    }
}
