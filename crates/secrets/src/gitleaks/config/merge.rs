//! A file and the file that it extends, as one.

use std::collections::{HashMap, HashSet};

use super::{Config, Rule};
use crate::engine::syntax;
use crate::gitleaks::fields::{File, Placed};
use crate::gitleaks::problem::{ConfigError, Problem};
use crate::gitleaks::remark::{Kind, quote};

/// Adds what `base` says, which `config` in `file` extends, without the rules that are `disabled`.
pub(super) fn extend(file: &File<'_>, config: &mut Config, base: Config, disabled: &[Placed<String>]) {
    let there: HashSet<&str> = base.rules.iter().map(|rule| rule.id.as_str()).collect();
    for id in disabled {
        if !base.use_default && !there.contains(id.value.as_str()) {
            let message = format!(
                "disabledRules names {}, which is no rule of the extended file. Correct or remove it.",
                quote(&id.value)
            );
            file.remark(Kind::UnknownRule, id.line, message);
        }
    }
    let places: HashMap<String, usize> =
        config.rules.iter().enumerate().map(|(place, rule)| (rule.id.clone(), place)).collect();
    let disabled: HashSet<&str> = disabled.iter().map(|id| id.value.as_str()).collect();
    for rule in base.rules {
        if disabled.contains(rule.id.as_str()) {
            continue;
        }
        match places.get(&rule.id) {
            Some(place) => {
                let own = std::mem::take(&mut config.rules[*place]);
                if !own.required.is_empty() || own.skip_report {
                    let message = format!(
                        "gitleaks loses `required` and `skipReport` of {}, which overrides an extended rule. Give it another id.",
                        quote(&own.id)
                    );
                    file.remark(Kind::Lost, own.line, message);
                }
                config.rules[*place] = over(own, rule);
            }
            None => config.rules.push(rule),
        }
    }
    config.allowlists.extend(base.allowlists);
    config.use_default |= base.use_default;
    config.disabled_rules.extend(base.disabled_rules);
    config.remarks.extend(base.remarks);
}

/// `base` where `own` says nothing else.
fn over(own: Rule, mut base: Rule) -> Rule {
    base.tags.extend(own.tags);
    base.keywords.extend(own.keywords);
    base.allowlists.extend(own.allowlists);
    Rule {
        file: own.file,
        line: own.line,
        id: own.id,
        description: if own.description.is_empty() { base.description } else { own.description },
        expression: own.expression.or(base.expression),
        path: own.path.or(base.path),
        entropy: own.entropy.or(base.entropy),
        group: own.group.or(base.group),
        keywords: base.keywords,
        tags: base.tags,
        allowlists: base.allowlists,
        required: base.required,
        skip_report: base.skip_report,
    }
}

/// Checks what can be known only when all files are read.
pub(super) fn verify(config: &Config) -> Result<(), ConfigError> {
    for rule in &config.rules {
        let (Some(expression), Some(group)) = (&rule.expression, rule.group) else { continue };
        let groups = syntax::parse(expression).map_or(0, |hir| hir.properties().explicit_captures_len());
        if group > groups {
            let problem = Problem::Group { rule: rule.id.clone(), group, groups };
            return Err(ConfigError { file: rule.file.to_string(), line: rule.line, problem });
        }
    }
    Ok(())
}
