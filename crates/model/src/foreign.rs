//! What a report of a foreign tool says, whatever its format.

use crate::{Finding, Metric, Problem, Rule, ToolInfo};

/// One foreign report, as its reader understood it.
///
/// Findings carry the tool's own rule ids (`no-unused-vars`, `CVE-2024-1234`), the fingerprint that the tool gave them or one
/// made of rule, path and text, and places relative to the checked folder where the report lets that be told; else as it
/// writes them, with forward slashes. Names of metrics are what follows the source's name: `incomplete` becomes
/// `axe.incomplete` where the source is called `axe`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Foreign {
    /// Who wrote it; a version that is not said is empty.
    pub tools: Vec<ToolInfo>,
    /// What its counts mean where formats of one tool differ (`advisories`, `packages`): only equal ones can be compared.
    pub definition: String,
    /// How many things the tool says it looked at; none where it does not say.
    pub inputs: Option<Inputs>,
    /// The commit it is about, where it says so: hex.
    pub commit: Option<String>,
    /// When it was written, where it says so, in seconds since 1970-01-01 UTC.
    pub written: Option<i64>,
    /// What was found, in the order of the report.
    pub findings: Vec<Finding>,
    /// The rules that it describes, found or not.
    pub rules: Vec<Rule>,
    /// Numbers beside the count of findings.
    pub metrics: Vec<Metric>,
    /// What kept the tool, or the reader, from seeing all: any of these makes the source incomplete.
    pub problems: Vec<Problem>,
    /// What a reader of the numbers must know, in sentences without the report's path.
    pub notes: Vec<String>,
}

/// How many things a tool looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// How many.
    pub count: u64,
    /// One of them, in words: `package`.
    pub noun: String,
}

impl Inputs {
    /// So many of these.
    pub fn new(count: u64, noun: &str) -> Self {
        Self { count, noun: noun.to_owned() }
    }
}
