//! `tollgate.toml` and the layers above it.
//!
//! [`load`] reads the file into a policy and the sections of the checkers; every mistake is an error that names file,
//! line and column, and all of them are told at once. [`layered`] puts environment and flags on top and keeps where each
//! value came from. [`schema`] is the JSON Schema of the file, made from the same tables that reading uses.
//! [`suppressions`] is the other file: findings that do not count.

mod error;
mod file;
mod gates;
mod incidents;
mod keys;
mod layers;
mod load;
mod schema;
mod sections;
mod service;
mod sources;
pub mod suppressions;
mod toml_json;
mod types;

pub use error::{ConfigError, Mistakes};
pub use keys::{
    ADOPT_KEYS, CHECK_KEYS, GATE_KEYS, INCIDENT_KEYS, Key, Kind, LOGIN_KEYS, SECTION_KEYS, SERVICE_KEYS, SOURCE_KEYS,
};
pub use layers::{Layer, Origin, Setting, layered};
pub use load::{CheckerFace, Config, Known, load};
pub use schema::schema;
pub use sections::{MOST_JOBS, Section, deadline};
pub use service::{Login, Service};
pub use sources::Source;

/// Feeds arbitrary bytes to the reader of `tollgate.toml` and to that of the suppressions; for fuzzing.
#[doc(hidden)]
pub fn fuzz(bytes: &[u8]) {
    let any = String::from_utf8_lossy(bytes);
    if let Err(mistakes) = suppressions::read(suppressions::FILE, &any, tollgate_policy::Date::from_unix(0)) {
        assert!(!mistakes.0.is_empty() && mistakes.0.iter().all(|m| m.line >= 1 && m.column >= 1));
    }
    let mut catalog = tollgate_policy::Catalog::default();
    let lines = tollgate_model::MetricSpec::new("coverage.lines", tollgate_model::Unit::Percent, "").labels(&["path"]);
    catalog.add("coverage", &[lines], &[], &[]);
    let verify = |options: serde_json::Value| match options["reports"].is_number() {
        true => Err("a list is expected".to_owned()),
        false => Ok(()),
    };
    let schema = serde_json::json!({"properties": {"reports": {}}});
    let checkers = [CheckerFace { name: "coverage", schema, verify: &verify }];
    let today = tollgate_policy::Date::from_unix(0);
    let known = Known { checkers: &checkers, catalog: &catalog, source_metrics: &[], today };
    if let Err(mistakes) = load("tollgate.toml", &any, &known) {
        assert!(!mistakes.0.is_empty() && mistakes.0.iter().all(|m| m.line >= 1 && m.column >= 1));
    }
}
