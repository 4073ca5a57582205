//! Rule files of a user's own, of the same form as ours.

use tollgate_check::{CheckError, Context};
use tollgate_model::Rule;

use crate::catalogue;
use crate::engine::detector::{Anchored, Detect, Detector, Known};

/// Largest rule file, in bytes.
const LARGEST: u64 = 1 << 20;

/// Rules of a user's own, ready for use.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) rules: Vec<Rule>,
    pub(crate) detectors: Vec<Anchored>,
}

/// What is wrong with the rule file `name`.
pub(crate) fn verify(name: &str, text: &str) -> Vec<String> {
    match read(name, text) {
        Ok((rule, detect)) => crate::verify::verify(&rule, &detect),
        Err(message) => vec![message],
    }
}

/// Reads the rule files that the option `rules` names.
///
/// # Errors
/// One that cannot be read, that is no rule, or whose name one of ours has.
pub(crate) fn load(ctx: &Context<'_>, files: &[String]) -> Result<Own, CheckError> {
    let mut own = Own::default();
    for file in files {
        let wrong = |message: String| CheckError::option("secrets.rules", format!("{file}: {message}"));
        let text = String::from_utf8(ctx.read(file, LARGEST)?).map_err(|_| wrong("is no UTF-8 text".to_owned()))?;
        let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).unwrap_or(file);
        let (rule, detect) = read(name, &text).map_err(wrong)?;
        if catalogue::rule(&rule.id).is_some() || own.rules.iter().any(|known| known.id == rule.id) {
            return Err(wrong(format!("{} is there already; give the file another name", rule.id)));
        }
        let detector = Detector::new(&rule.id, rule.confidence, &detect, Known::Nothing)
            .map_err(|error| wrong(error.to_string()))?;
        own.detectors.push(detector);
        own.rules.push(rule.bare());
    }
    Ok(own)
}

fn read(name: &str, text: &str) -> Result<(Rule, Detect), String> {
    let (rule, detect) = tollgate_rules::read(text, &format!("secrets/{name}"))?;
    let detect = detect.ok_or("a table [detect] is missing: it says how the rule is found")?;
    let detect = toml::Value::Table(detect).try_into::<Detect>().map_err(|error| format!("[detect]: {error}"))?;
    Ok((rule, detect))
}
