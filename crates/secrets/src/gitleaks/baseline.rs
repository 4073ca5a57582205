//! A JSON report of gitleaks as a baseline: what is known already.
//!
//! A secret is known by its value, wherever it moves to and whichever rule finds it; of the value only a hash is kept. A
//! redacted report has no values, so its findings are known by rule, file and line.

use std::collections::HashSet;
use std::fmt;

use blake3::Hash;
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::error::Category;

use crate::gitleaks::problem::BaselineError;

/// Largest report, in bytes.
const LARGEST: usize = 64 << 20;
/// Most findings in one.
const MOST: usize = 1_000_000;

/// What is known already.
#[derive(Default)]
pub(crate) struct Baseline {
    values: HashSet<Hash>,
    /// Rule, file and line as one hash, of findings without a value.
    places: HashSet<Hash>,
}

impl fmt::Debug for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Baseline {{ {} values, {} places }}", self.values.len(), self.places.len())
    }
}

/// A finding as gitleaks writes it; what else it says is not needed.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    #[serde(rename = "RuleID")]
    rule: String,
    file: String,
    start_line: u64,
    secret: String,
}

impl Baseline {
    /// Reads the report in `bytes`, which stands in the file called `name`.
    ///
    /// # Errors
    /// It is no gitleaks report in JSON, or too large. No value of it is ever part of the message.
    pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Self, BaselineError> {
        let file = name.to_owned();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.len() > LARGEST {
            return Err(BaselineError::TooLong { file, limit: LARGEST, found: bytes.len() });
        }
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => {}
            Some(b'{') => return Err(BaselineError::NoList { file, found: "an object, perhaps SARIF" }),
            Some(_) => return Err(BaselineError::NoList { file, found: "something that is no JSON list" }),
            None => return Err(BaselineError::NoList { file, found: "an empty file" }),
        }
        // The reader's own words may quote a value.
        serde_json::from_slice(bytes).map_err(|error| {
            let found = match error.classify() {
                Category::Data => "something else, or more than a million of them",
                Category::Eof => "the end of the file",
                Category::Syntax | Category::Io => "broken JSON",
            };
            BaselineError::Malformed { file, line: error.line(), found }
        })
    }

    /// Whether a finding is known: `value`, or one of `rule_ids` at `line` of `file`.
    pub(crate) fn knows(&self, value: &[u8], file: &str, rule_ids: &[&str], line: u32) -> bool {
        let known = |rule: &&str| self.places.contains(&place(rule, file, u64::from(line)));
        self.values.contains(&blake3::hash(value)) || !self.places.is_empty() && rule_ids.iter().any(known)
    }

    /// How many distinct values and places there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len() + self.places.len()
    }

    fn add(&mut self, raw: &Raw) {
        if is_redacted(&raw.secret) {
            self.places.insert(place(&raw.rule, &raw.file, raw.start_line));
        } else {
            self.values.insert(blake3::hash(raw.secret.as_bytes()));
        }
    }
}

/// Whether `secret` is not a value: redacted in whole or in part, or of a rule that knows only paths.
fn is_redacted(secret: &str) -> bool {
    secret.is_empty() || secret == "REDACTED" || secret.ends_with("...")
}

fn place(rule: &str, file: &str, line: u64) -> Hash {
    let mut hasher = blake3::Hasher::new();
    for part in [rule, file] {
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.update(&line.to_le_bytes()).finalize()
}

impl<'de> Deserialize<'de> for Baseline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Findings)
    }
}

/// Takes findings one by one, so that no value stays.
struct Findings;

impl<'de> Visitor<'de> for Findings {
    type Value = Baseline;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of findings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut findings: A) -> Result<Baseline, A::Error> {
        let mut baseline = Baseline::default();
        while let Some(raw) = findings.next_element::<Raw>()? {
            if baseline.len() >= MOST {
                return Err(A::Error::custom("too many findings"));
            }
            baseline.add(&raw);
        }
        Ok(baseline)
    }
}

#[cfg(test)]
mod tests;
