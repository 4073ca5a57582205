//! A run that was read to its end, as findings.

use std::collections::HashMap;

use tollgate_model::{Confidence, Finding, Fingerprint, Fingerprinter, Level, Location};

use super::Bounds;
use super::building::Building;
use super::level::Said;
use super::place::{Place, Resolved, Resolver};
use super::result::Pending;
use super::rules::{At, Descriptor};
use super::run::Run;
use super::tally::Tally;
use super::text::substitute;
use crate::scanners;

/// What the results of a run have in common.
pub(super) struct Context<'a> {
    run: &'a Run,
    resolver: Resolver<'a>,
    /// Levels that each invocation sets, by the rule's place and by its id.
    overrides: Vec<Overrides<'a>>,
    /// Whether the tool looks for secrets.
    scanner: bool,
    /// Whether its snippets are values.
    quotes: bool,
    /// Whether the file is our own: it holds no secret, and its fingerprints are ours.
    own: bool,
    /// What findings of no rule are called.
    nameless: String,
}

#[derive(Default)]
struct Overrides<'a> {
    by_place: HashMap<At, Said>,
    by_id: HashMap<&'a str, Said>,
}

impl<'a> Context<'a> {
    /// What the results of `run`, called `name`, have in common.
    pub(super) fn of(run: &'a Run, name: &str) -> Self {
        let overrides = run.invocations.iter().map(|invocation| {
            let mut overrides = Overrides::default();
            for (reference, level) in &invocation.overrides {
                let id = reference.id.as_deref();
                match (run.tool.find(reference, id), id) {
                    (Some(at), _) => _ = overrides.by_place.insert(at, *level),
                    (None, Some(id)) => _ = overrides.by_id.insert(id, *level),
                    (None, None) => {}
                }
            }
            overrides
        });
        let own = scanners::is_own(run.tool.name());
        Self {
            run,
            resolver: run.files.resolver(run.top),
            overrides: overrides.collect(),
            scanner: scanners::is_scanner(run.tool.name()),
            quotes: scanners::quotes_values(run.tool.name()),
            own,
            nameless: name.to_ascii_lowercase().replace(' ', "-"),
        }
    }

    /// The rule of a result, where the run describes it.
    pub(super) fn rule(&self, result: &Pending) -> Option<At> {
        let id = result.rule.map(|rule| self.run.rules.name(rule));
        let mut reference = result.reference.as_deref().cloned().unwrap_or_default();
        reference.index = result.index;
        self.run.tool.find(&reference, id)
    }

    /// Its level: said, set for the invocation, of the rule, or warning (§3.27.10). Where there is only one invocation,
    /// it is the result's.
    pub(super) fn level(&self, result: &Pending, at: Option<At>, descriptor: Option<&Descriptor>) -> Said {
        let only = (self.overrides.len() == 1).then_some(0);
        let overrides = result.invocation.map(|index| index as usize).or(only).and_then(|i| self.overrides.get(i));
        let set = overrides.and_then(|overrides| match at {
            Some(at) => overrides.by_place.get(&at).copied(),
            None => result.rule.and_then(|rule| overrides.by_id.get(self.run.rules.name(rule)).copied()),
        });
        let of_rule = descriptor.map(|descriptor| descriptor.level).unwrap_or_default();
        result.level.or(set.unwrap_or_default()).or(of_rule).or(Said::Warning)
    }

    /// The finding that a result is.
    pub(super) fn finding(
        &self,
        mut result: Pending,
        descriptor: Option<&Descriptor>,
        said: Said,
        building: &mut Building<'_>,
    ) -> Finding {
        let described = descriptor.map(|descriptor| descriptor.id.as_str()).filter(|id| !id.is_empty());
        let id = result.rule.map(|rule| self.run.rules.name(rule)).or(described).unwrap_or(&self.nameless);
        let secret = !self.own
            && (self.scanner || scanners::is_rule(id) || descriptor.is_some_and(|descriptor| descriptor.secret));
        let location = result.place.take().and_then(|place| self.located(place, &mut building.tally));
        let related = std::mem::take(&mut result.related).into_iter();
        let related = related.filter_map(|place| self.located(place, &mut building.tally)).collect();
        let message = if secret {
            building.tally.secrets += 1;
            let title = descriptor.map_or(id, Descriptor::title);
            format!("{title} (its text was left out: it may hold the secret)")
        } else {
            self.message(&mut result, descriptor, building.bounds)
        };
        let value = result.value.as_ref().filter(|_| secret).and_then(|shown| shown.value(self.quotes));
        let digest = value.and_then(|value| building.digester?.name(value.as_bytes()));
        let fingerprint = self.fingerprint(&result, (id, &message, secret), location.as_ref(), &mut building.names);
        Finding {
            rule: id.to_owned(),
            level: said.level().unwrap_or(Level::Warning),
            // Ours say it of each finding that has one.
            severity: result.severity.or(descriptor.filter(|_| !self.own).and_then(|descriptor| descriptor.severity)),
            confidence: result
                .confidence
                .or(descriptor.and_then(|descriptor| descriptor.confidence))
                .unwrap_or(Confidence::High),
            kind: None,
            discreet: false,
            message,
            location,
            related,
            fingerprint,
            state: result.state,
            first_seen: None,
            suppressed: result.suppressed,
            properties: digest.map(|digest| ("digest".to_owned(), digest.into())).into_iter().collect(),
        }
    }

    fn located(&self, place: Place, tally: &mut Tally) -> Option<Location> {
        match self.resolver.place(place) {
            Resolved::At(location) => return Some(location),
            Resolved::Outside => tally.outside += 1,
            Resolved::TooLong => tally.too_long += 1,
            Resolved::Nowhere => {}
        }
        None
    }

    /// The text; or the message of the rule, or of the tool, that the result names, with its arguments (§3.11.6,
    /// §3.11.7).
    fn message(&self, result: &mut Pending, descriptor: Option<&Descriptor>, bounds: &Bounds) -> String {
        let text = std::mem::take(&mut result.message);
        let title = || descriptor.map_or("The tool gave no message.", Descriptor::title).to_owned();
        match result.template.as_deref() {
            Some((_, arguments)) if !text.is_empty() => substitute(&text, arguments, bounds.message),
            Some((id, arguments)) => {
                let of_rule = descriptor.and_then(|descriptor| descriptor.message(id));
                match of_rule.or_else(|| self.run.tool.message(id)) {
                    Some(template) => substitute(template, arguments, bounds.message),
                    None => title(),
                }
            }
            None if text.is_empty() => title(),
            None => text,
        }
    }

    /// The name that the tool gave it, behind the rule, for two rules may give one name to one line; else one made of
    /// rule, path and snippet or message. What may hold a secret goes in as a digest only, and its place instead of its
    /// text.
    fn fingerprint(
        &self,
        result: &Pending,
        (rule, message, secret): (&str, &str, bool),
        location: Option<&Location>,
        names: &mut Fingerprinter,
    ) -> Fingerprint {
        let path = location.map_or("", |location| location.path.as_str());
        match &result.print {
            Some(print) if secret => names.next(rule, path, print),
            Some(print) if self.own && is_own(print) => Fingerprint(print.clone()),
            Some(print) => Fingerprint(format!("{rule}:{print}")),
            None if secret => {
                let region = location.and_then(|location| location.region);
                let text = region.map(|r| format!("{} {}", r.start_line, r.start_column.unwrap_or(1)));
                names.next(rule, path, &text.unwrap_or_default())
            }
            None if result.snippet.trim().is_empty() => names.next(rule, path, message),
            None => names.next(rule, path, &result.snippet),
        }
    }
}

/// Whether it is a fingerprint of ours.
fn is_own(print: &str) -> bool {
    let hex = |rest: &str| rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    print.strip_prefix("v1:").is_some_and(hex)
}
