//! What GitHub takes where: facts of its published workflow schema (`workflow-v1.0.json` in actions/runner and
//! actions/languageservices) and of its documentation, as of August 2026.

pub(super) mod action;
pub(super) mod job;
pub(super) mod step;
pub(super) mod trigger;
pub(super) mod workflow;
