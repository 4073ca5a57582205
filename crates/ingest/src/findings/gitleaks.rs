//! The JSON of gitleaks (`gitleaks git --report-format json`), which betterleaks shares.
//!
//! A list with an object per secret. What it says of the secret itself (`Secret`, `Match`, `Line`), of people (`Author`,
//! `Email`) and of the commit's message is not kept: only how long the secret is and its keyed digest, unless gitleaks
//! shortened it. A plain digest of a secret that can be guessed would give it away.

use serde_json::Value;
use tollgate_digest::{Digester, is_shortened};
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_input::{Digest, InputError, Window};
use tollgate_model::format::things;
use tollgate_model::{Fingerprint, Foreign, Location, Region};

use super::Format;
use super::audit::{Audit, Hit, UNGRADED, non_empty};
use super::json::{count, ordinal, path, text, word};

pub(super) const FORMAT: Format = Format {
    id: "gitleaks",
    name: "gitleaks",
    writers: "`gitleaks git --report-format json`, `gitleaks dir --report-format json`",
    about: "A finding is a secret in a commit or file; gitleaks knows no severity, so that each is an error without one. The \
            secret and who committed it are never kept; `digest` names it as `tollgate secrets` does. An empty list is read where the source names gitleaks; it does not \
            say how much was looked at.",
    grades: &[],
    metrics: &[],
    detect: |sniff| sniff.is_list(&["RuleID", "StartLine"]) || sniff.is_list(&["RuleID", "File"]),
    read: |window| read_named(window, None),
};

/// Reads a report, and names the secrets in it.
pub(super) fn read_named(window: Window, digester: Option<&Digester>) -> Result<(Foreign, Digest), InputError> {
    let mut reader = Reader::new(window);
    let mut audit = Audit::new("gitleaks", "secrets", &[]);
    reader.array(|reader| one(reader, digester, &mut audit))?;
    reader.end()?;
    let found = audit.foreign.findings.len() as u64;
    if found > 0 {
        let what = things(found, "finding");
        audit.note(format!("{what}: the text of the secret and the names and addresses of authors were dropped."));
    }
    Ok((audit.finish(), reader.digest()))
}

fn one(reader: &mut Reader, digester: Option<&Digester>, audit: &mut Audit) -> Result<(), InputError> {
    let (mut rule, mut title, mut file, mut commit, mut day) =
        (String::new(), String::new(), String::new(), String::new(), None);
    let (mut start, mut end, mut fingerprint, mut told) = (None, None, String::new(), Told::default());
    reader.object(|reader, key| {
        match key {
            "RuleID" => rule = word(reader)?.unwrap_or_default(),
            "Description" => title = text(reader)?.unwrap_or_default(),
            "File" => file = text(reader)?.unwrap_or_default(),
            "Commit" => commit = word(reader)?.unwrap_or_default(),
            "Date" => day = text(reader)?.and_then(|text| super::json::day(&text)),
            "StartLine" => start = ordinal(count(reader)?),
            "EndLine" => end = ordinal(count(reader)?),
            "Fingerprint" => fingerprint = word(reader)?.unwrap_or_default(),
            "Secret" => told = Told::read(reader, digester)?,
            _ => {}
        }
        Ok(())
    })?;
    let region = start.map(|start| Region::lines(start, end.unwrap_or(start)));
    let mut properties = Vec::new();
    if !commit.is_empty() {
        properties.push(("commit", Value::from(commit.clone())));
    }
    properties.extend(day.map(|day| ("committed", Value::from(day.to_string()))));
    properties.extend(told.length.map(|length| ("length", Value::from(length))));
    properties.extend(told.digest.map(|digest| ("digest", Value::from(digest))));
    let hit = Hit {
        title: non_empty(&title, "a secret"),
        rule,
        location: (!file.is_empty()).then(|| Location { path: path(&file), region }),
        context: commit,
        properties,
        ..Hit::default()
    };
    audit.push(hit, UNGRADED);
    if let Some(found) = audit.foreign.findings.last_mut().filter(|_| !fingerprint.is_empty()) {
        found.fingerprint = Fingerprint(fingerprint);
    }
    Ok(())
}

/// What is told of a secret; nothing where gitleaks put something in its place (`--redact`, `--redact=20`).
#[derive(Default)]
struct Told {
    /// In characters.
    length: Option<usize>,
    digest: Option<String>,
}

impl Told {
    /// Of the secret that comes next.
    fn read(reader: &mut Reader, digester: Option<&Digester>) -> Result<Self, InputError> {
        if reader.kind()? != Kind::String {
            return Ok(Self::default());
        }
        let secret = reader.string()?;
        if is_shortened(secret.as_bytes()) {
            return Ok(Self::default());
        }
        let digest = digester.and_then(|digester| digester.name(secret.as_bytes()));
        Ok(Self { length: Some(secret.chars().count()), digest })
    }
}
