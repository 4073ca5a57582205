//! `tollgate explain RULE`.

use tollgate_check::Tool;
use tollgate_policy::hint;
use tollgate_render::TextStyle;

use crate::usage::usage;

/// A rule in words.
pub(crate) fn explain(tools: &[&dyn Tool], id: &str, style: &TextStyle) -> anyhow::Result<String> {
    let rules: Vec<_> = tools.iter().flat_map(|tool| tool.rules()).collect();
    match rules.iter().find(|rule| rule.id == id) {
        Some(rule) => Ok(tollgate_render::explain(rule, style)),
        None => Err(usage(format!("unknown rule `{id}`{}", hint(id, rules.iter().map(|rule| rule.id.as_str()))))),
    }
}
