//! `tollgate explain RULE`.

use tollgate_check::Tool;
use tollgate_policy::suggestion;
use tollgate_render::TextStyle;

use crate::usage::usage;

/// A rule in words.
pub(crate) fn explain(tools: &[&dyn Tool], id: &str, style: &TextStyle) -> anyhow::Result<String> {
    let rules: Vec<_> = tools.iter().flat_map(|tool| tool.rules()).collect();
    match rules.iter().find(|rule| rule.id == id) {
        Some(rule) => Ok(tollgate_render::explain(rule, style)),
        None => {
            let hint = match suggestion(id, rules.iter().map(|rule| rule.id.as_str())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
                    format!("known: {}", ids.join(", "))
                }
            };
            Err(usage(format!("unknown rule `{id}`; {hint}")))
        }
    }
}
