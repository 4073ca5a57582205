//! Rules: what a checker can find, and what to do about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Level, Severity};

/// One rule, as its file under `rules/<checker>/` states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `<checker>/<kebab-case>`; the file's place and name, not written in it.
    #[serde(default)]
    pub id: String,
    /// What it finds, in at most 80 characters.
    pub title: String,
    /// Why it matters, in Markdown.
    pub why: String,
    /// How to mend what it finds, in Markdown.
    pub mend: String,
    /// The level its findings have unless they say otherwise.
    pub level: Level,
    /// The severity its findings have unless they say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The confidence its findings have unless they say otherwise.
    #[serde(default = "high", skip_serializing_if = "is_high")]
    pub confidence: Confidence,
    /// `security` sends its findings to security dashboards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether it is about what a change touches, so that without a base there is nothing to find.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_change: bool,
    /// Whether it is about what a verdict rests on rather than about the code: its findings are told wherever the verdict is, for a pass
    /// that rests on a doubtful report looks like any other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_evidence: bool,
    /// Where to read more: https addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// What it finds. Reports leave examples out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What looks alike and is not found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counter_examples: Vec<Example>,
}

/// One example of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows, in a few words.
    pub about: String,
    /// The input, as somebody would meet it. In rules about credentials `·` is to be taken out first: it keeps the text from
    /// being one.
    pub text: String,
    /// Where the example stands, if somebody else published it: an https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Rule {
    /// The rule without what it is tried on.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self {
            id: self.id.clone(),
            title: self.title.clone(),
            why: self.why.clone(),
            mend: self.mend.clone(),
            level: self.level,
            severity: self.severity,
            confidence: self.confidence,
            tags: self.tags.clone(),
            of_change: self.of_change,
            of_evidence: self.of_evidence,
            references: self.references.clone(),
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

fn high() -> Confidence {
    Confidence::High
}

fn is_high(confidence: &Confidence) -> bool {
    *confidence == Confidence::High
}
