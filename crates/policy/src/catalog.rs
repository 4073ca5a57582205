//! What conditions may name, so that a misspelt metric is an error and not a condition that never fails.

use tollgate_model::{Confidence, Level, MetricSpec, Rule, Severity, Unit};

use crate::condition::{Condition, Limit, OVERDUE, RELAXATIONS, Selector, Subject, prefix};
use crate::incidents::Incidents;
use crate::suggest::hint;

/// Labels of every `<checker>.findings`.
pub(crate) const FINDING_LABELS: &[&str] =
    &["level", "severity", "confidence", "rule", "kind", "path", "state", TARGET];

/// Labels of `findings.overdue`.
pub(crate) const OVERDUE_LABELS: &[&str] = &["class", CHECKER, "severity", "confidence", "path"];

/// Label of `findings.overdue` that names a checker or a source.
pub(crate) const CHECKER: &str = "checker";

/// Label that tells the instances of one checker apart.
pub(crate) const TARGET: &str = "target";

/// Every checker with its metrics and rules.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    checkers: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    metrics: Vec<MetricSpec>,
    /// Ids, and whether the rule is about what a change touches.
    rules: Vec<(String, bool)>,
    /// Kinds that its findings may have.
    kinds: Vec<&'static str>,
    /// Whether it is a source: a foreign tool's reports, whose rules nobody knows beforehand, and whose metrics are named by
    /// what follows the source's own name.
    source: bool,
}

impl Catalog {
    /// Adds a checker.
    pub fn add(&mut self, name: &str, metrics: &[MetricSpec], rules: &[Rule], kinds: &[&'static str]) {
        let rules = rules.iter().map(|rule| (rule.id.clone(), rule.of_change)).collect();
        let (metrics, kinds) = (metrics.to_vec(), kinds.to_vec());
        self.checkers.push(Entry { name: name.to_owned(), metrics, rules, kinds, source: false });
    }

    /// Adds a source of foreign reports. The names of `metrics` are what follows its own: `incomplete` is `axe.incomplete` where
    /// `name` is `axe`.
    pub fn add_source(&mut self, name: &str, metrics: &[MetricSpec]) {
        let (rules, kinds) = (Vec::new(), Vec::new());
        self.checkers.push(Entry { name: name.to_owned(), metrics: metrics.to_vec(), rules, kinds, source: true });
    }

    /// Whether a checker or a source has this name.
    pub fn has(&self, name: &str) -> bool {
        self.checkers.iter().any(|checker| checker.name == name)
    }

    /// Whether this is the name of a source.
    pub fn is_source(&self, name: &str) -> bool {
        self.checkers.iter().any(|checker| checker.source && checker.name == name)
    }

    /// What is known of a metric; none for counts of findings and for names nobody knows.
    pub fn metric(&self, name: &str) -> Option<&MetricSpec> {
        self.checkers.iter().find_map(|checker| checker.metric(name))
    }

    /// What the metric of a condition counts.
    pub fn unit(&self, selector: &Selector) -> Unit {
        self.metric(&selector.metric).map_or(Unit::Count, |m| m.unit)
    }

    /// The one checker whose word a condition rests on; none for outcomes of the workflow, and for what is about all checkers.
    pub fn owner<'a>(&'a self, condition: &'a Condition) -> Option<&'a str> {
        match &condition.subject {
            Subject::Metric(selector) => Some(self.owner_of(selector)),
            Subject::Overdue(selector) => selector.labels.get(CHECKER).map(String::as_str),
            Subject::Relaxations | Subject::Step(_) | Subject::Need(_) => None,
        }
    }

    /// Whether a condition rests on the word of `checker`, alone or among others.
    pub fn rests_on(&self, condition: &Condition, checker: &str) -> bool {
        match (&condition.subject, self.owner(condition)) {
            (_, Some(owner)) => owner == checker,
            (subject, None) => matches!(subject, Subject::Overdue(_)),
        }
    }

    /// The checker that reports a metric, whatever stands before the dot; of a name that nobody knows, what stands there.
    pub fn owner_of<'a>(&'a self, selector: &'a Selector) -> &'a str {
        self.reporter(&selector.metric).map_or_else(|| selector.prefix(), |checker| &checker.name)
    }

    /// The first name that means two things: a metric that two checkers claim, or a checker's metric that reads as another
    /// checker's count of findings or as an outcome of the workflow.
    pub fn clash(&self) -> Option<String> {
        for (at, checker) in self.checkers.iter().enumerate() {
            for name in checker.names() {
                let other = self.checkers[at + 1..].iter().find(|c| c.reports(&name));
                if let Some(other) = other {
                    return Some(format!("`{name}` is claimed by {} and by {}", checker.name, other.name));
                }
                let foreign = prefix(&name);
                let taken = foreign != checker.name && self.checkers.iter().any(|c| c.name == foreign);
                if taken || matches!(foreign, "steps" | "needs") || name.ends_with(".findings") {
                    return Some(format!("`{name}` of {} reads as something else's", checker.name));
                }
            }
        }
        None
    }

    fn reporter(&self, metric: &str) -> Option<&Entry> {
        self.checkers.iter().find(|c| c.reports(metric))
    }

    /// Whether a selector is about what a change touches, so that without a base it says nothing. A count of findings is
    /// where any rule that it counts is.
    pub(crate) fn of_change(&self, selector: &Selector) -> bool {
        if !selector.counts_findings() {
            let parts = |spec: &MetricSpec| spec.parted.is_some_and(|(label, _)| selector.labels.contains_key(label));
            return self.metric(&selector.metric).is_some_and(|spec| spec.of_change || parts(spec));
        }
        let wanted = selector.labels.get("rule");
        let rules = self.checkers.iter().filter(|c| c.name == selector.prefix()).flat_map(|c| &c.rules);
        rules.filter(|(id, _)| wanted.is_none_or(|wanted| wanted == id)).any(|(_, of_change)| *of_change)
    }

    /// Whether `condition` names only what exists, in units that fit.
    ///
    /// # Errors
    /// One sentence saying which name is unknown, and what was probably meant.
    pub fn check(&self, condition: &Condition) -> Result<(), String> {
        let selector = match &condition.subject {
            Subject::Metric(selector) => selector,
            Subject::Overdue(selector) => return self.check_overdue(selector),
            Subject::Relaxations | Subject::Step(_) | Subject::Need(_) => return Ok(()),
        };
        let unit = match self.metric(&selector.metric) {
            Some(spec) => check_labels(spec, selector)?,
            None => {
                let checker = self.checkers.iter().find(|c| c.name == selector.prefix() && selector.counts_findings());
                checker.ok_or_else(|| self.unknown(selector))?.check_finding_labels(selector)?;
                Unit::Count
            }
        };
        let of_change = !selector.counts_findings() && self.of_change(selector);
        match &condition.limit {
            Limit::Base { .. } if of_change => Err(format!(
                "`{selector}` is about what this change touches, and the base touched something else; compare it with a number"
            )),
            Limit::Quantity(quantity) if quantity.unit != unit => {
                Err(wrong_unit(selector, unit, &quantity.to_string()))
            }
            Limit::Quantity(quantity) if unit == Unit::Percent && quantity.value() > 100.0 => {
                Err(format!("`{quantity}` is more than all there is; a share is at most 100%"))
            }
            Limit::Base { offset: Some((_, by)) } if by.unit != unit && by.unit != Unit::Percent => {
                Err(wrong_unit(selector, unit, &by.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn check_overdue(&self, selector: &Selector) -> Result<(), String> {
        for (label, value) in &selector.labels {
            let values: Vec<&str> = match label.as_str() {
                "class" => Incidents::CLASSES.to_vec(),
                CHECKER => self.checkers.iter().map(|checker| checker.name.as_str()).collect(),
                "severity" | "confidence" => words_of(label),
                "path" => continue,
                _ => {
                    let hint = hint(label, OVERDUE_LABELS.iter().copied());
                    return Err(format!("`{}` has no label `{label}`{hint}", selector.metric));
                }
            };
            is_one(label, value, &values)?;
        }
        Ok(())
    }

    /// That nobody knows a metric, with what was probably meant.
    fn unknown(&self, selector: &Selector) -> String {
        let (name, prefix) = (&selector.metric, selector.prefix());
        let findings: Vec<String> = self.checkers.iter().map(|c| format!("{}.findings", c.name)).collect();
        let own = [OVERDUE.to_owned(), RELAXATIONS.to_owned()];
        let metrics: Vec<String> = self.checkers.iter().flat_map(Entry::names).chain(own).collect();
        let all: Vec<&str> = metrics.iter().chain(&findings).map(String::as_str).collect();
        let alike: Vec<&str> = all.iter().copied().filter(|known| self::prefix(known) == prefix).collect();
        if alike.is_empty() {
            let prefixes = all.iter().map(|known| self::prefix(known));
            let hint = hint(prefix, prefixes);
            return format!("no checker and no [[sources]] has the name `{prefix}` of `{name}`{hint}");
        }
        format!("unknown metric `{name}`{}", hint(name, alike.iter().copied()))
    }
}

impl Entry {
    fn reports(&self, metric: &str) -> bool {
        self.metric(metric).is_some()
    }

    fn metric(&self, name: &str) -> Option<&MetricSpec> {
        let own = match self.source {
            true => name.strip_prefix(self.name.as_str())?.strip_prefix('.')?,
            false => name,
        };
        self.metrics.iter().find(|m| m.name == own)
    }

    /// Full names of its metrics.
    fn names(&self) -> impl Iterator<Item = String> {
        self.metrics.iter().map(|metric| match self.source {
            true => format!("{}.{}", self.name, metric.name),
            false => metric.name.to_owned(),
        })
    }

    fn check_finding_labels(&self, selector: &Selector) -> Result<(), String> {
        for (label, value) in &selector.labels {
            let values: Vec<&str> = match label.as_str() {
                "level" | "severity" | "confidence" | "state" => words_of(label),
                // What a foreign tool calls its rules is not known beforehand.
                "rule" | "kind" if self.source => continue,
                "rule" => self.rules.iter().map(|(id, _)| id.as_str()).collect(),
                "kind" => self.kinds.clone(),
                "path" | TARGET => continue,
                _ => {
                    let hint = hint(label, FINDING_LABELS.iter().copied());
                    return Err(format!("`{}` has no label `{label}`{hint}", selector.metric));
                }
            };
            is_one(label, value, &values)?;
        }
        Ok(())
    }
}

/// The words that a label of findings may have.
fn words_of(label: &str) -> Vec<&'static str> {
    match label {
        "level" => Level::ALL.iter().map(|level| level.word()).collect(),
        "severity" => Severity::ALL.iter().map(|severity| severity.word()).collect(),
        "confidence" => Confidence::ALL.iter().map(|confidence| confidence.word()).collect(),
        _ => vec!["new", "unchanged"],
    }
}

fn is_one(label: &str, value: &str, values: &[&str]) -> Result<(), String> {
    if values.contains(&value) {
        return Ok(());
    }
    Err(format!("no finding has {label}=\"{value}\"{}", hint(value, values.iter().copied())))
}

/// The unit of a metric, where it has the labels that `selector` names.
fn check_labels(spec: &MetricSpec, selector: &Selector) -> Result<Unit, String> {
    for (label, value) in &selector.labels {
        if let Some((_, values)) = spec.parted.filter(|(parted, _)| parted == label)
            && !values.contains(&value.as_str())
        {
            return Err(format!(
                "{label} is {}, not `{value}`{}",
                values.join(" or "),
                hint(value, values.iter().copied())
            ));
        }
        if label != TARGET && !spec.labels.contains(&label.as_str()) {
            let hint = hint(label, spec.labels.iter().copied());
            return Err(format!("`{}` has no label `{label}`{hint}", selector.metric));
        }
    }
    Ok(spec.unit)
}

fn wrong_unit(selector: &Selector, unit: Unit, given: &str) -> String {
    let example = match unit {
        Unit::Percent => "a percentage such as 80%",
        Unit::Bytes => "a size such as 600 KB",
        Unit::Milliseconds => "a duration such as 500 ms",
        Unit::Count => "a bare number such as 0",
    };
    format!("`{}` is compared with {example}, not with `{given}`", selector.metric)
}

#[cfg(test)]
mod tests;
