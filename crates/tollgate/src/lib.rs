//! The umbrella: every checker behind one command, and one binary each.
//!
//! Adding a checker is adding its crate and one line to [`TOOLS`].

mod host;
mod init;
mod post;

use tollgate_check::Tool;
use tollgate_runner::{Extra, Umbrella};

/// Every checker, by name.
pub const TOOLS: &[&dyn Tool] = &[
    &tollgate_bundle::Bundle,
    &tollgate_coverage::Coverage,
    &tollgate_latency::Latency,
    &tollgate_owasp::Owasp,
    &tollgate_secrets::Secrets,
    &tollgate_workflows::Workflows,
];

/// Commands that are no checker's.
pub const EXTRAS: &[&dyn Extra] = &[&init::Init, &post::Post];

/// All of `tollgate`.
pub const UMBRELLA: Umbrella<'_> =
    Umbrella { tools: TOOLS, extras: EXTRAS, host: Some(&host::GitHub::of_the_environment()) };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_checkers_claim_one_metric() {
        assert_eq!(tollgate_runner::clash(TOOLS), None);
    }

    #[test]
    fn no_verb_has_a_flag_twice() {
        tollgate_runner::umbrella(TOOLS, EXTRAS).debug_assert();
    }

    #[test]
    fn options_that_metrics_need_are_there() {
        for tool in TOOLS {
            for option in tool.metrics().iter().filter_map(|metric| metric.option) {
                let key = option.strip_prefix(tool.name()).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
                assert!(tool.schema()["properties"].get(key).is_some(), "{} has no option {option}", tool.name());
            }
        }
    }
}
