//! The name of a checker, in its spellings.

use anyhow::{Result, bail};

use crate::tidy;

/// Longest name, in characters.
const LONGEST: usize = 30;

/// Verbs of the command line that are no checkers.
const VERBS: &[&str] = &[
    "branch",
    "check",
    "completions",
    "decide",
    "explain",
    "help",
    "hook",
    "init",
    "post",
    "record",
    "rules",
    "schema",
    "suppress",
    "uninstall",
];

/// First words that conditions and the configuration keep for themselves.
const WORDS: &[&str] = &["adopt", "base", "gates", "needs", "sarif", "self", "sources", "steps"];

/// A checker's name: kebab-case, not taken by a room, a verb or the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// `name`, if it is one.
    pub(super) fn new(name: &str) -> Result<Self> {
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if name.len() > LONGEST || !name.split('-').all(part) {
            bail!(
                "{name:?} is not a name for a checker: small letters and digits, each part between hyphens beginning \
                 with a letter, at most {LONGEST} characters"
            );
        }
        if tidy::room_names().any(|room| room == name) || VERBS.contains(&name) || WORDS.contains(&name) {
            bail!("{name:?} already means something else here; take another name");
        }
        Ok(Self(name.to_owned()))
    }

    /// As it is written in configuration, rules and commands: `licence-list`.
    pub(super) fn kebab(&self) -> &str {
        &self.0
    }

    /// The package: `tollgate-licence-list`.
    pub(super) fn package(&self) -> String {
        format!("tollgate-{}", self.0)
    }

    /// The package as code names it, without `tollgate_`: `licence_list`.
    pub(super) fn module(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The type: `LicenceList`.
    pub(super) fn type_name(&self) -> String {
        let capital = |part: &str| {
            let (first, rest) = part.split_at(1);
            first.to_ascii_uppercase() + rest
        };
        self.0.split('-').map(capital).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_four_spellings() {
        let name = Name::new("licence-list2").unwrap();
        assert_eq!(name.kebab(), "licence-list2");
        assert_eq!(name.package(), "tollgate-licence-list2");
        assert_eq!(name.module(), "licence_list2");
        assert_eq!(name.type_name(), "LicenceList2");
    }

    #[test]
    fn bad_and_taken_names_are_refused() {
        let long = "a".repeat(31);
        for bad in [
            "", "Demo", "1a", "a-", "-a", "a--b", "a_b", "a/b", "..", "ä", "a-1", &long, "check", "model", "tollgate",
            "xtask", "schema", "self", "steps",
        ] {
            assert!(Name::new(bad).is_err(), "{bad}");
        }
    }
}
