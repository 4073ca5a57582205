//! Which changes and events something concerns.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use tollgate_model::format;

/// What a change touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These files, relative to the root; of a renamed file both names.
    Known(Vec<String>),
    /// There is nothing to compare with yet, for this reason.
    NotYet(String),
    /// It could not be told, for this reason.
    Unknown(String),
}

/// Which changes (`when`) and events (`on`) something concerns. The default concerns all.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    globs: Vec<String>,
    set: Option<GlobSet>,
    events: Vec<String>,
}

/// The scope of one instance of a checker.
#[derive(Clone, Debug)]
pub struct InstanceScope {
    /// The checker.
    pub checker: String,
    /// The instance's name, where there are several.
    pub instance: Option<String>,
    /// Which changes and events it concerns.
    pub scope: Scope,
}

/// A pattern that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{glob}` is not a pattern: {message}")]
pub struct ScopeError {
    /// The pattern.
    pub glob: String,
    /// What is wrong with it.
    pub message: String,
}

impl Scope {
    /// Concerns changes that touch a file of `when` (all, if empty) on the events of `on` (all, if empty).
    ///
    /// # Errors
    /// The first pattern that is none.
    pub fn new(when: Vec<String>, on: Vec<String>) -> Result<Self, ScopeError> {
        let mut builder = GlobSetBuilder::new();
        for glob in &when {
            let error = |e: globset::Error| ScopeError { glob: glob.clone(), message: e.kind().to_string() };
            // As people write folders: `./apps/`, `/apps`, `apps`. A folder stands for all below it.
            let plain = glob.strip_prefix("./").unwrap_or(glob).trim_matches('/');
            if plain.is_empty() || plain.contains('\\') {
                let message = "a path relative to the checked folder, with forward slashes, is expected".to_owned();
                return Err(ScopeError { glob: glob.clone(), message });
            }
            for pattern in [plain, &format!("{plain}/**")] {
                builder.add(GlobBuilder::new(pattern).literal_separator(true).build().map_err(error)?);
            }
        }
        let error = |e: globset::Error| ScopeError { glob: when.join(", "), message: e.kind().to_string() };
        let set = if when.is_empty() { None } else { Some(builder.build().map_err(error)?) };
        Ok(Self { globs: when, set, events: on })
    }

    /// The patterns of files it concerns; empty for all.
    pub fn when(&self) -> &[String] {
        &self.globs
    }

    /// The events it concerns; empty for all.
    pub fn on(&self) -> &[String] {
        &self.events
    }

    /// Whether one of the patterns matches `path`; none does where there is no pattern.
    pub fn matches(&self, path: &str) -> bool {
        self.set.as_ref().is_some_and(|set| set.is_match(path))
    }

    /// Why it does not concern this change, as a proof; none where it does, or where that cannot be told.
    pub fn excludes(&self, change: &Change, event: &str) -> Option<String> {
        if !self.events.is_empty() && !self.events.iter().any(|e| e == event) {
            return Some(format!("it is for {}; this is {}", listed(&self.events), words(event)));
        }
        let (Some(set), Change::Known(files)) = (&self.set, change) else { return None };
        if files.iter().any(|file| set.is_match(file)) {
            return None;
        }
        let count = files.len() as u64;
        Some(format!("none of {} matches {}", format::things(count, "changed file"), self.globs.join(", ")))
    }
}

/// `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

fn words(event: &str) -> String {
    match event {
        "local" => "a local run".to_owned(),
        event => format!("`{event}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(when: &[&str], on: &[&str]) -> Scope {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Scope::new(owned(when), owned(on)).unwrap()
    }

    fn known(files: &[&str]) -> Change {
        Change::Known(files.iter().map(|f| (*f).to_owned()).collect())
    }

    #[test]
    fn only_a_proof_excludes() {
        let web = scope(&["apps/web/**"], &[]);
        let docs = known(&["README.md", "docs/a.md"]);
        assert_eq!(web.excludes(&docs, "push").unwrap(), "none of 2 changed files matches apps/web/**");
        assert_eq!(web.excludes(&known(&["apps/web/src/a.ts"]), "push"), None);
        assert_eq!(web.excludes(&Change::Unknown("shallow".to_owned()), "push"), None);
        assert_eq!(web.excludes(&Change::NotYet("new".to_owned()), "push"), None);
        assert_eq!(Scope::default().excludes(&docs, "push"), None);
    }

    #[test]
    fn a_folder_stands_for_all_below_it_however_it_is_written() {
        let change = known(&["apps/web/src/a.ts"]);
        for folder in ["apps", "apps/", "./apps/**", "/apps/web", "apps/*/src"] {
            assert_eq!(scope(&[folder], &[]).excludes(&change, "push"), None, "{folder}");
        }
        for odd in ["", "/", "apps\\web"] {
            assert!(Scope::new(vec![odd.to_owned()], vec![]).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_star_stays_within_its_folder() {
        assert!(scope(&["*.md"], &[]).excludes(&known(&["docs/a.md"]), "push").is_some());
    }

    #[test]
    fn events_exclude_too() {
        let pulls = scope(&[], &["pull_request"]);
        assert_eq!(pulls.excludes(&known(&[]), "local").unwrap(), "it is for pull_request; this is a local run");
        let several = scope(&[], &["pull_request", "push", "merge_group"]);
        let text = several.excludes(&known(&[]), "schedule").unwrap();
        assert_eq!(text, "it is for pull_request, push and merge_group; this is `schedule`");
        assert_eq!(pulls.excludes(&known(&[]), "pull_request"), None);
    }

    #[test]
    fn a_broken_pattern_is_named() {
        let error = Scope::new(vec!["a[".to_owned()], vec![]).unwrap_err();
        assert!(error.to_string().starts_with("`a[` is not a pattern: "), "{error}");
    }
}
