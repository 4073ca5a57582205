//! What a checker says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Checklist, Evidence, Exhibit, Finding, Judgement, Metric, NotApplicable, Problem, Rule, Unmeasured};

/// The value of `schema` in every report of this version.
pub const REPORT_SCHEMA: &str = "tollgate.report/1";

/// What one checker, or one instance of it, found and measured. It decides nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// `tollgate.report/1`.
    pub schema: String,
    /// Which program measured.
    pub tool: ToolInfo,
    /// Which checker.
    pub checker: String,
    /// Which instance of it, where the configuration names several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// What was looked at.
    pub subject: Subject,
    /// What the numbers mean where options change it (`encoding raw`): only equal definitions can be compared.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// The inputs that were examined.
    pub evidence: Vec<Evidence>,
    /// The numbers.
    pub metrics: Vec<Metric>,
    /// Answers of the checker's own sequential tests.
    #[serde(default)]
    pub judgements: Vec<Judgement>,
    /// Every rule that ran, found or not.
    pub rules: Vec<Rule>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What stopped the checker from seeing all.
    pub problems: Vec<Problem>,
    /// What provably does not concern this change.
    pub not_applicable: Vec<NotApplicable>,
    /// What a condition asks for and what was read does not tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmeasured: Vec<Unmeasured>,
    /// Plain facts worth saying that change no verdict.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What a person reads first, where a number needs words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<Headline>,
    /// Checklists that it judged, row by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<Checklist>,
    /// What to show.
    pub exhibits: Vec<Exhibit>,
    /// How far it came.
    pub status: Status,
    /// The same of the base, where the checker measured it beside the head in the same run. It stands for whatever the base's
    /// own run said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Box<Self>>,
}

/// What a person reads first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headline {
    /// One sentence.
    pub text: String,
    /// Lines below it, for terminals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Whether the change made it what it is; only then it stands in a pull-request comment.
    #[serde(default)]
    pub news: bool,
}

/// Which program measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolInfo {
    /// `tollgate-<checker>`.
    pub name: String,
    /// Semantic version.
    pub version: String,
}

/// What was looked at, and on whose word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// The folder that was checked, relative to the repository; `.` for its top.
    pub root: String,
    /// The commit checked, full hex; absent outside a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The commit compared with, full hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// On whose word it rests.
    pub word: Word,
}

/// On whose word a report rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// Recomputed from the tree, where none of the change's code runs.
    Tree,
    /// Reported by the change's own run: its tests, its build, its service.
    OwnRun,
}

/// How far a checker came. Only a complete report can make a condition pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Everything there was to see was seen.
    Complete,
    /// Some of it was not.
    Incomplete,
    /// There was nothing to see.
    Empty,
}

impl Report {
    /// An empty report of `checker` in version `version`; the status is `Empty` until something was examined.
    pub fn new(checker: &str, version: &str, subject: Subject) -> Self {
        Self {
            schema: REPORT_SCHEMA.to_owned(),
            tool: ToolInfo { name: format!("tollgate-{checker}"), version: version.to_owned() },
            checker: checker.to_owned(),
            instance: None,
            subject,
            definition: String::new(),
            evidence: Vec::new(),
            metrics: Vec::new(),
            judgements: Vec::new(),
            rules: Vec::new(),
            findings: Vec::new(),
            problems: Vec::new(),
            not_applicable: Vec::new(),
            unmeasured: Vec::new(),
            notes: Vec::new(),
            headline: None,
            checklists: Vec::new(),
            exhibits: Vec::new(),
            status: Status::Empty,
            base: None,
        }
    }

    /// Puts everything whose order means nothing into one fixed order, so that equal input gives equal bytes.
    pub fn sort(&mut self) {
        self.evidence.sort();
        self.evidence.dedup();
        self.metrics.sort_by(|a, b| (&a.name, &a.labels).cmp(&(&b.name, &b.labels)));
        self.judgements.sort_by_key(|j| j.target.series());
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.findings
            .sort_by(|a, b| (&a.location, &a.rule, &a.fingerprint).cmp(&(&b.location, &b.rule, &b.fingerprint)));
        self.problems.sort();
        self.problems.dedup();
        self.not_applicable.sort();
        self.not_applicable.dedup();
    }
}
