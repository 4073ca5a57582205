//! What an allowlist lets pass.

use std::sync::Arc;

use memchr::memmem;

use crate::gitleaks::fields::{Expression, Placed};

/// How the criteria of a list work together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Condition {
    /// One that matches is enough.
    #[default]
    Any,
    /// One of each kind that is listed must match.
    All,
}

/// What the expressions of a list are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Target {
    #[default]
    Secret,
    /// All that the rule's expression matched.
    Match,
    /// The line or lines on which the match stands.
    Line,
}

/// One allowlist: global, of some rules, or of one rule.
#[derive(Debug)]
pub(crate) struct Allowlist {
    pub(crate) file: Arc<str>,
    pub(crate) line: u32,
    pub(crate) condition: Condition,
    /// Full hashes in lower case.
    pub(crate) commits: Vec<Placed<String>>,
    pub(crate) paths: Vec<Expression>,
    pub(crate) target: Target,
    pub(crate) regexes: Vec<Expression>,
    /// In lower case.
    pub(crate) stopwords: Vec<Placed<String>>,
    /// The rules that it is for; all where there is none.
    pub(crate) target_rules: Vec<Placed<String>>,
}

/// What was found, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) path: &'a str,
    /// In full.
    pub(crate) commit: Option<&'a str>,
    pub(crate) secret: &'a [u8],
    pub(crate) matched: &'a [u8],
    pub(crate) line: &'a [u8],
    /// The id of the rule.
    pub(crate) rule: &'a str,
}

impl Allowlist {
    /// Whether the list drops `subject`.
    pub(crate) fn allows(&self, subject: &Subject<'_>) -> bool {
        if !self.target_rules.is_empty() && !self.target_rules.iter().any(|rule| rule.value == subject.rule) {
            return false;
        }
        let target = match self.target {
            Target::Secret => subject.secret,
            Target::Match => subject.matched,
            Target::Line => subject.line,
        };
        let kinds: [(bool, &dyn Fn() -> bool); 4] = [
            (!self.commits.is_empty(), &|| self.has_commit(subject.commit)),
            (!self.paths.is_empty(), &|| matches_any(&self.paths, subject.path.as_bytes())),
            (!self.stopwords.is_empty(), &|| self.has_stopword(subject.secret)),
            (!self.regexes.is_empty(), &|| matches_any(&self.regexes, target)),
        ];
        let mut listed = kinds.iter().filter(|(listed, _)| *listed).peekable();
        match self.condition {
            Condition::Any => listed.any(|(_, matches)| matches()),
            Condition::All => listed.peek().is_some() && listed.all(|(_, matches)| matches()),
        }
    }

    /// Whether the list drops whatever stands in the file at `path`, for its path alone.
    pub(crate) fn hides_path(&self, path: &str) -> bool {
        self.target_rules.is_empty() && self.decides_by_path() && matches_any(&self.paths, path.as_bytes())
    }

    /// Whether a path that matches is enough.
    pub(crate) fn decides_by_path(&self) -> bool {
        self.condition == Condition::Any
            || self.commits.is_empty() && self.regexes.is_empty() && self.stopwords.is_empty()
    }

    /// Whether an expression or a stopword that matches is enough.
    pub(crate) fn decides_by_text(&self) -> bool {
        let one = self.regexes.is_empty() || self.stopwords.is_empty();
        self.condition == Condition::Any || self.commits.is_empty() && self.paths.is_empty() && one
    }

    fn has_commit(&self, commit: Option<&str>) -> bool {
        commit.is_some_and(|commit| self.commits.iter().any(|listed| listed.value.eq_ignore_ascii_case(commit)))
    }

    fn has_stopword(&self, secret: &[u8]) -> bool {
        let lower = String::from_utf8_lossy(secret).to_lowercase();
        let has = |word: &Placed<String>| {
            !word.value.is_empty() && memmem::find(lower.as_bytes(), word.value.as_bytes()).is_some()
        };
        self.stopwords.iter().any(has)
    }
}

/// Whether one of `expressions` matches somewhere in `text`; nothing does in no text.
fn matches_any(expressions: &[Expression], text: &[u8]) -> bool {
    !text.is_empty() && expressions.iter().any(|expression| expression.pattern.is_match(text))
}

#[cfg(test)]
mod tests;
