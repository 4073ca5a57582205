//! Which changes and events something no longer concerns.

use std::collections::BTreeMap;

use super::{Relaxation, Side, named};
use crate::scope::Scope;

/// Whether a change that is outside `head`'s patterns is outside `base`'s too.
pub(super) fn covers_files(head: &Scope, base: &Scope) -> bool {
    let kept = |pattern: &String| head.when().iter().any(|by| covers(by, pattern));
    head.when().is_empty() || (!base.when().is_empty() && base.when().iter().all(kept))
}

/// Whether an event that `head` is not for is none that `base` is for.
pub(super) fn covers_events(head: &Scope, base: &Scope) -> bool {
    head.on().is_empty() || (!base.on().is_empty() && base.on().iter().all(|event| head.on().contains(event)))
}

fn covers_all(head: &Scope, base: &Scope) -> bool {
    covers_files(head, base) && covers_events(head, base)
}

/// Whether the pattern `by` surely matches all that `pattern` does: it is the same, everything, or a folder above it.
fn covers(by: &str, pattern: &str) -> bool {
    let plain = |pattern: &str| pattern.strip_prefix("./").unwrap_or(pattern).trim_matches('/').to_owned();
    let (by, pattern) = (plain(by), plain(pattern));
    let folder = by.strip_suffix("/**").unwrap_or(&by);
    let literal = !folder.contains(['*', '?', '[', ']', '{', '}']);
    let below = pattern.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    by == pattern || by == "**" || (literal && below)
}

/// A scope in words: `changes that touch docs/**, on push`.
pub(super) fn words(scope: &Scope) -> String {
    let files = (!scope.when().is_empty()).then(|| format!("changes that touch {}", scope.when().join(" or ")));
    let events = (!scope.on().is_empty()).then(|| format!("on {}", scope.on().join(" and ")));
    match (files, events) {
        (None, None) => "every change".to_owned(),
        (Some(files), None) => files,
        (None, Some(events)) => format!("every change {events}"),
        (Some(files), Some(events)) => format!("{files}, {events}"),
    }
}

type ByInstance<'a> = BTreeMap<(&'a str, Option<&'a str>), Vec<&'a Scope>>;

fn by_instance<'a>(side: &Side<'a>) -> ByInstance<'a> {
    let mut all = ByInstance::new();
    for one in &side.policy.instance_scopes {
        all.entry((&one.checker, one.instance.as_deref())).or_default().push(&one.scope);
    }
    all
}

/// Instances of checkers that concern fewer changes.
///
/// A condition that names no instance does not apply where none of the checker's does. So an instance whose scope
/// vanished while others stay is listed, and one that came with a scope is where the checker had none.
pub(super) fn of_instances(base: &Side<'_>, head: &Side<'_>) -> Vec<Relaxation> {
    let (before, after) = (by_instance(base), by_instance(head));
    let mut all = Vec::new();
    let unscoped = |side: &ByInstance<'_>, checker: &str| !side.keys().any(|(name, _)| *name == checker);
    for ((checker, instance), scopes) in &after {
        let is_wide = scopes.iter().any(|scope| scope.when().is_empty() && scope.on().is_empty());
        let is_known = base.configured.iter().any(|(name, _)| name == checker);
        let is_listed = base.configured.contains(&key(checker, *instance));
        let who = named(checker, *instance);
        let narrowed = |from: &str| {
            let to = scopes.iter().map(|scope| words(scope)).collect::<Vec<String>>().join("; ");
            Relaxation::of_all(format!("{who} would concern only {to}; it concerns {from}"))
        };
        match before.get(&(*checker, *instance)) {
            _ if is_wide => {}
            Some(old) if old.iter().all(|old| scopes.iter().any(|new| covers_all(new, old))) => {}
            Some(old) => all.push(narrowed(&old.iter().map(|s| words(s)).collect::<Vec<String>>().join("; "))),
            None if is_listed || (is_known && unscoped(&before, checker)) => all.push(narrowed("every change")),
            None => {}
        }
    }
    for (checker, instance) in before.keys().filter(|key| !after.contains_key(*key)) {
        let of_checker = || after.iter().filter(|((name, _), _)| name == checker).flat_map(|(_, scopes)| scopes);
        let all_narrow = of_checker().all(|scope| !scope.when().is_empty() || !scope.on().is_empty());
        let who = named(checker, *instance);
        let configured = key(checker, *instance);
        let is_dropped = base.configured.contains(&configured) && !head.configured.contains(&configured);
        if of_checker().next().is_some() && all_narrow && !is_dropped {
            all.push(Relaxation::of_all(format!(
                "{who} would no longer say which changes it concerns; whether that is milder cannot be told"
            )));
        }
    }
    all
}

fn key(checker: &str, instance: Option<&str>) -> (String, Option<String>) {
    (checker.to_owned(), instance.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scope::Change;

    fn scope(when: &[&str], on: &[&str]) -> Scope {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Scope::new(owned(when), owned(on)).unwrap()
    }

    #[test]
    fn patterns_cover_what_is_below_them() {
        for (by, pattern, covered) in [
            ("apps/**", "apps/web/*.ts", true),
            ("apps", "apps/**", true),
            ("./apps/", "/apps", true),
            ("**", "docs/*.md", true),
            ("apps/web", "apps", false),
            ("apps", "apps-old", false),
            ("apps/*", "apps/web", false),
            ("apps/**", "apps", false),
            ("a{p,b}", "a{p,b}/x", false),
        ] {
            assert_eq!(covers(by, pattern), covered, "{by} and {pattern}");
        }
    }

    #[test]
    fn words_say_both_parts() {
        for (scope, said) in [
            (scope(&[], &[]), "every change"),
            (scope(&["a", "b"], &[]), "changes that touch a or b"),
            (scope(&[], &["push"]), "every change on push"),
            (scope(&["a"], &["push", "local"]), "changes that touch a, on push and local"),
        ] {
            assert_eq!(words(&scope), said);
        }
    }

    proptest! {
        #[test]
        fn what_covers_excludes_no_more(
            head in prop::collection::vec("[ab*]{1,2}(/[ab*]{1,2}){0,2}|\\*\\*|a/\\*\\*|a/b/\\*\\*", 0..3),
            base in prop::collection::vec("[ab*]{1,2}(/[ab*]{1,2}){0,2}|\\*\\*|a/\\*\\*|a/b/\\*\\*", 0..3),
            files in prop::collection::vec("[ab]{1,2}(/[ab]{1,2}){0,3}", 1..4),
        ) {
            let (Ok(head), Ok(base)) = (Scope::new(head, vec![]), Scope::new(base, vec![])) else { return Ok(()) };
            let change = Change::Known(files);
            if covers_files(&head, &base) && head.excludes(&change, "push").is_some() {
                prop_assert!(base.excludes(&change, "push").is_some());
            }
        }
    }
}
