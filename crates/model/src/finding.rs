//! One thing a checker found.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Date, Fingerprint, Level, Location, Rule, Severity};

/// One thing a checker found. Whether it blocks is not its business.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Rule id, `<checker>/<kebab-case>`.
    pub rule: String,
    /// How loudly it is shown.
    pub level: Level,
    /// How much damage it can do, where that is known.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// How sure the checker is.
    pub confidence: Confidence,
    /// What kind of thing it is, where a checker tells kinds apart: `cloud`, `payment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether only insiders may be told where: a secret that lies there already, which the change has nothing to do with.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discreet: bool,
    /// One or two plain sentences.
    pub message: String,
    /// Where; absent for a finding about the subject as a whole.
    #[serde(default)]
    pub location: Option<Location>,
    /// Further places that belong to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Location>,
    /// Stable name.
    pub fingerprint: Fingerprint,
    /// How it relates to the base; absent until compared.
    #[serde(default)]
    pub state: Option<State>,
    /// The day on which a run of the base branch first had it, where that is known; `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub first_seen: Option<Date>,
    /// Why it does not count, if so.
    #[serde(default)]
    pub suppressed: Option<Suppression>,
    /// Whatever else the checker wants to keep; plain JSON values.
    #[serde(default)]
    pub properties: BTreeMap<String, serde_json::Value>,
}

/// How a finding relates to the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The base does not have it.
    New,
    /// The base has it too.
    Unchanged,
    /// Only the base has it. Never counted.
    Absent,
}

impl State {
    /// The word that reports and conditions use.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Absent => "absent",
        }
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// The reason somebody gave.
    pub reason: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day it ends, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

impl Finding {
    /// A finding of the rule `id`, as loud, as bad and as sure as the rule's file among `rules` says.
    pub fn of(
        rules: &[Rule],
        id: &str,
        message: impl Into<String>,
        location: Location,
        fingerprint: Fingerprint,
    ) -> Self {
        let rule = rules.iter().find(|rule| rule.id == id);
        Self {
            rule: id.to_owned(),
            level: rule.map_or(Level::Warning, |rule| rule.level),
            severity: rule.and_then(|rule| rule.severity),
            confidence: rule.map_or(Confidence::High, |rule| rule.confidence),
            kind: None,
            discreet: false,
            message: message.into(),
            location: Some(location),
            related: Vec::new(),
            fingerprint,
            state: None,
            first_seen: None,
            suppressed: None,
            properties: BTreeMap::new(),
        }
    }

    /// Whether conditions count it: neither suppressed nor only in the base.
    pub fn counts(&self) -> bool {
        self.suppressed.is_none() && self.state != Some(State::Absent)
    }
}
