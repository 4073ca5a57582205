//! A rule made ready to find something.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use tollgate_model::Confidence;

use crate::engine::anchor::{self, Anchor};
use crate::engine::learnt::Learnt;
use crate::engine::pattern::Pattern;
use crate::engine::set::Near;
use crate::engine::syntax;
use crate::judge::structure::Check;

/// The table `[detect]` of a rule's file: how it is found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Detect {
    /// What kind of service, for `kind` in conditions: `cloud`, `payment`.
    pub(crate) kind: String,
    /// Whose credential it is.
    pub(crate) service: String,
    /// An expression that a credential of this form matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expression: Option<String>,
    /// Words in the name that a credential is assigned to, in any case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) words: Vec<String>,
    /// The form of a value that is assigned to such a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    /// An expression that must match the line before the value, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) need: Option<String>,
    /// Which group of the expression is the credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<usize>,
    /// Least entropy, in bits per character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entropy: Option<f64>,
    /// Whether it may not touch letters or digits; by default it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) boundary: Option<bool>,
    /// An expression that the path must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// A check of its inner structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) check: Option<Check>,
    /// What other scanners call it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    /// Values that the vendor published as examples, `·` taken out. They are no findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) documented: Vec<String>,
}

/// How a detector looks.
#[derive(Debug)]
pub(crate) enum Look {
    /// For an expression; the second form of it ends where a word does.
    Expression(Pattern, Pattern),
    /// For a value of this form, assigned to a name with one of the anchors in it.
    Assigned(Pattern),
    /// For any value that is assigned to a name with one of the anchors in it; judgement decides.
    Any,
    /// For the name of a file, which contains one of these, written in any case; where there are none, any may be one.
    Path(Vec<String>),
}

/// A rule made ready to find something.
#[derive(Debug)]
pub(crate) struct Detector {
    /// Id of the rule.
    pub(crate) rule: String,
    pub(crate) look: Look,
    pub(crate) need: Option<Pattern>,
    pub(crate) path: Option<Pattern>,
    pub(crate) entropy: f64,
    pub(crate) boundary: bool,
    pub(crate) check: Option<Check>,
    pub(crate) documented: Vec<Vec<u8>>,
    pub(crate) confidence: Confidence,
    /// Whether placeholders are told apart; rules of gitleaks files leave that to their own lists.
    pub(crate) strict: bool,
    /// Whether it is of a gitleaks file.
    pub(crate) foreign: bool,
    /// What must be found near its matches.
    pub(crate) near: Vec<Near>,
    /// Whether it serves others only.
    pub(crate) silent: bool,
    /// What matches may begin with, and what says nothing about them.
    pub(crate) fixed: Vec<Vec<u8>>,
    /// Whether it is about no service in particular, so that any other detector says more.
    pub(crate) generic: bool,
    /// Most bytes of a match; none where there is no bound.
    pub(crate) longest: Option<usize>,
    /// Whether no piece of text is known that every match contains, so that it runs on everything.
    pub(crate) everywhere: bool,
}

/// What is known of a rule before it is read.
#[derive(Clone, Debug)]
pub(crate) enum Known {
    /// Nothing: it may be wrong.
    Nothing,
    /// That it is right, and what there is to learn from its expression, where it has one.
    Tried(Option<Learnt>),
}

impl Known {
    fn is_tried(&self) -> bool {
        matches!(self, Self::Tried(_))
    }

    /// What there is to learn from the expression.
    fn learnt(self, expression: &str) -> Result<Learnt, String> {
        match self {
            Self::Tried(Some(learnt)) => Ok(learnt),
            _ => Learnt::of(expression),
        }
    }
}

/// A detector, and the pieces of text that lead to it.
pub(crate) type Anchored = (Detector, Vec<Anchor>);

/// What keeps a rule from being used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{key}`: {message}")]
pub(crate) struct DetectError {
    /// The key of the table `[detect]`.
    pub(crate) key: &'static str,
    /// What is wrong with it and what is expected.
    pub(crate) message: String,
}

fn wrong(key: &'static str, message: impl Into<String>) -> DetectError {
    DetectError { key, message: message.into() }
}

/// The mark that keeps an example from being a credential.
const MARK: char = '\u{B7}';

/// `text` without the marks that keep it from being a credential.
pub(crate) fn unmask(text: &str) -> String {
    text.replace(MARK, "")
}

impl Detector {
    /// The detector of the rule `rule`, and its anchors. Expressions of ours, which a test has tried, are not read, for every start would pay for
    /// it: what there is to learn from them is `known`.
    ///
    /// # Errors
    /// A key that is missing, that is too much, or whose expression cannot be used.
    pub(crate) fn new(
        rule: &str,
        confidence: Confidence,
        detect: &Detect,
        known: Known,
    ) -> Result<(Self, Vec<Anchor>), DetectError> {
        let tried = known.is_tried();
        let (look, anchors, longest) = Self::look(detect, known)?;
        let verified = |key: &'static str, source: &Option<String>, fold: bool| match source {
            Some(source) => {
                let source = if fold { format!("(?i:{source})") } else { source.clone() };
                if !tried {
                    syntax::parse(&source).map_err(|message| wrong(key, message))?;
                }
                Ok(Some(Pattern::new(source, Some(0))))
            }
            None => Ok(None),
        };
        let everywhere = anchors.is_empty() && !matches!(look, Look::Path(_));
        let detector = Self {
            rule: rule.to_owned(),
            look,
            need: verified("need", &detect.need, true)?,
            path: verified("path", &detect.path, false)?,
            entropy: detect.entropy.unwrap_or_default(),
            boundary: detect.boundary.unwrap_or(true),
            check: detect.check,
            documented: detect.documented.iter().map(|value| unmask(value).into_bytes()).collect(),
            confidence,
            strict: true,
            foreign: false,
            near: Vec::new(),
            silent: false,
            fixed: anchors
                .iter()
                .filter(|anchor| anchor.lead.1 == Some(0))
                .map(|anchor| anchor.literal.clone())
                .collect(),
            generic: detect.kind == "generic",
            longest,
            everywhere,
        };
        Ok((detector, anchors))
    }

    /// How it looks, for what, and how long a match can be.
    fn look(detect: &Detect, known: Known) -> Result<(Look, Vec<Anchor>, Option<usize>), DetectError> {
        let tried = known.is_tried();
        match (&detect.expression, detect.words.is_empty(), &detect.path) {
            (Some(_), false, _) => Err(wrong("words", "stands beside `expression`; keep one of them")),
            (Some(expression), true, _) => {
                let learnt = known.learnt(expression).map_err(|message| wrong("expression", message))?;
                if learnt.shortest == Some(0) {
                    return Err(wrong("expression", "matches the empty text, so it would be found everywhere"));
                }
                let groups = learnt.groups;
                if detect.group.is_some_and(|group| group > groups) {
                    return Err(wrong("group", format!("the expression has {groups} groups")));
                }
                let pattern = Pattern::new(expression.clone(), detect.group);
                let bounded = pattern.bounded();
                let look = Look::Expression(pattern, bounded);
                Ok((look, learnt.anchors, learnt.longest))
            }
            (None, false, _) => {
                if let Some(short) = detect.words.iter().find(|word| word.len() < anchor::SHORTEST || !word.is_ascii())
                {
                    return Err(wrong(
                        "words",
                        format!("{short:?}: at least {} ASCII characters are expected", anchor::SHORTEST),
                    ));
                }
                let word = |word: &String| Anchor {
                    literal: word.to_ascii_lowercase().into_bytes(),
                    exact: false,
                    lead: (0, Some(0)),
                    follow: Vec::new(),
                };
                let look = match &detect.value {
                    Some(value) => {
                        if !tried {
                            let hir = syntax::parse(value).map_err(|message| wrong("value", message))?;
                            if hir.properties().minimum_len() == Some(0) {
                                return Err(wrong("value", "matches the empty text"));
                            }
                        }
                        // The end is part of the expression, so that of two lengths the right one is taken.
                        let end = if detect.boundary == Some(false) { "" } else { r"(?:[^A-Za-z0-9_-]|\z)" };
                        let value = format!("({value}){end}");
                        if !tried {
                            syntax::parse(&value).map_err(|message| wrong("value", message))?;
                        }
                        Look::Assigned(Pattern::new(value, Some(1)))
                    }
                    None if detect.check.is_some() => Look::Any,
                    None => return Err(wrong("value", "is missing: `words` need the form of the value, or a `check`")),
                };
                Ok((look, detect.words.iter().map(word).collect(), Some(0)))
            }
            (None, true, Some(path)) => {
                let learnt = known.learnt(path).map_err(|message| wrong("path", message))?;
                let piece = |anchor: &Anchor| String::from_utf8_lossy(&anchor.literal).to_ascii_lowercase();
                let is_text = learnt.anchors.iter().all(|anchor| anchor.literal.is_ascii());
                let pieces = if is_text { learnt.anchors.iter().map(piece).collect() } else { Vec::new() };
                Ok((Look::Path(pieces), Vec::new(), None))
            }
            (None, true, None) => Err(wrong("expression", "is missing: `expression`, `words` or `path` is expected")),
        }
    }

    /// Whether it is the name `path` that it looks for; `lower` is that in lower case.
    pub(crate) fn is_named(&self, path: &str, lower: &str) -> bool {
        let Look::Path(pieces) = &self.look else { return false };
        let may = pieces.is_empty() || pieces.iter().any(|piece| lower.contains(piece.as_str()));
        may && self.path.as_ref().is_some_and(|pattern| pattern.is_match(path.as_bytes()))
    }

    /// The bytes that the expression sees where an anchor begins at `at`.
    pub(crate) fn window(&self, anchor: &Anchor, at: usize, length: usize, reach: usize) -> Range<usize> {
        let before = anchor.lead.1.map_or(reach, |most| most.min(reach));
        let after = self.longest.map_or(reach, |most| most.min(reach));
        at.saturating_sub(before)
            ..length.min(at.saturating_add(after).saturating_add(anchor.literal.len()).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(detect: &Detect) -> String {
        Detector::new("secrets/x", Confidence::High, detect, Known::Nothing).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_its_key() {
        let expression = |text: &str| Detect { expression: Some(text.to_owned()), ..Detect::default() };
        assert!(error(&Detect::default()).contains("`expression`: is missing"));
        assert!(error(&expression("(")).contains("`expression`"));
        assert!(error(&expression("a*")).contains("empty"));
        assert!(error(&expression("(?=a)b")).contains("look-around"));
        assert!(error(&Detect { group: Some(2), ..expression("abc(d)") }).contains("1 groups"));
        assert!(error(&Detect { words: vec!["ab".to_owned()], ..Detect::default() }).contains("3 ASCII"));
        assert!(error(&Detect { words: vec!["abc".to_owned()], ..Detect::default() }).contains("`value`"));
        assert!(error(&Detect { words: vec!["abc".to_owned()], ..expression("abc") }).contains("`words`"));
    }
}
