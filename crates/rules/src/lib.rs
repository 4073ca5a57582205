//! Rule files: `rules/<checker>/**/<rule>.toml`, one rule each, verified and embedded at build time.
//!
//! A checker's build script calls [`embed`]; the checker then reads its rules with [`parse`]. The id of a rule is the
//! checker's name and the file's stem; folders between them only sort, and one called `items` holds no rules. Where rules are data, a table `[detect]` says how
//! the checker finds them; it is the checker's own, and is read with [`details`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use tollgate_model::Rule;

/// The folder, beside rules, that holds the rows of a checklist, which are a checker's own.
const ITEMS: &str = "items";

/// Why a rule file is refused.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// It cannot be read.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// It is not a rule.
    #[error("{}: {message}", .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong and what is expected.
        message: String,
    },
}

/// A rule, and its table `[detect]` where it has one.
pub type Detailed = (Rule, Option<toml::Table>);

/// For a build script: writes the rules of `checker`, found under the workspace's `rules/`, to `$OUT_DIR/rules.json`, the same without what they
/// are tried on to `$OUT_DIR/bare.json`, and their tables `[detect]` by id to `$OUT_DIR/details.json`.
///
/// # Errors
/// When a file cannot be read or is not a rule; cargo then shows the message and stops.
pub fn embed(checker: &str) -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../rules").join(checker);
    println_cargo(&format!("rerun-if-changed={}", root.display()));
    let detailed = load(&root, checker)?;
    let details: BTreeMap<&str, &toml::Table> =
        detailed.iter().filter_map(|(rule, detect)| Some((rule.id.as_str(), detect.as_ref()?))).collect();
    let rules: Vec<&Rule> = detailed.iter().map(|(rule, _)| rule).collect();
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.json"), serde_json::to_string(&rules)?)?;
    let bare: Vec<Rule> = rules.iter().map(|rule| rule.bare()).collect();
    fs::write(Path::new(&out).join("bare.json"), serde_json::to_string(&bare)?)?;
    fs::write(Path::new(&out).join("details.json"), serde_json::to_string(&details)?)?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "how a build script speaks to cargo")]
fn println_cargo(text: &str) {
    println!("cargo::{text}");
}

/// The rules that [`embed`] wrote to either file.
///
/// # Panics
/// Never on what `embed` wrote.
pub fn parse(json: &str) -> Vec<Rule> {
    serde_json::from_str(json).expect("rules.json is written by tollgate_rules::embed")
}

/// The tables `[detect]` that [`embed`] wrote, by the id of their rule.
///
/// # Panics
/// Where a table has not the shape that the checker expects, which its tests see.
pub fn details<T: serde::de::DeserializeOwned>(json: &str) -> BTreeMap<String, T> {
    serde_json::from_str(json).expect("details.json is written by tollgate_rules::embed")
}

/// Reads and verifies every rule file below `root`, in order of id.
///
/// # Errors
/// The first file that cannot be read, is not a rule, or breaks what [`verify`] demands.
pub fn load(root: &Path, checker: &str) -> Result<Vec<Detailed>, RuleError> {
    let mut rules: BTreeMap<String, Detailed> = BTreeMap::new();
    for path in toml_files(root)? {
        let text = fs::read_to_string(&path).map_err(|source| RuleError::Io { path: path.clone(), source })?;
        let invalid = |message: String| RuleError::Invalid { path: path.clone(), message };
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let (rule, detect) = read(&text, &format!("{checker}/{stem}")).map_err(invalid)?;
        if let Some((twin, _)) = rules.insert(rule.id.clone(), (rule, detect)) {
            return Err(invalid(format!("a second rule with the id {}", twin.id)));
        }
    }
    Ok(rules.into_values().collect())
}

/// The rule that the text of a rule file states, under the given id.
///
/// # Errors
/// It is not TOML, has not the shape of a rule, or breaks what [`verify`] demands.
pub fn read(text: &str, id: &str) -> Result<Detailed, String> {
    let mut table: toml::Table = toml::from_str(text).map_err(|e| e.to_string())?;
    let detect = match table.remove("detect") {
        Some(toml::Value::Table(detect)) => Some(detect),
        Some(_) => return Err("`detect` must be a table".to_owned()),
        None => None,
    };
    // Without the table the text itself is read, so that a message shows the place.
    let rule: Result<Rule, toml::de::Error> =
        if detect.is_none() { toml::from_str(text) } else { toml::Value::Table(table).try_into() };
    let mut rule = rule.map_err(|e| e.to_string())?;
    rule.id = id.to_owned();
    verify(&rule)?;
    Ok((rule, detect))
}

/// What every rule must have beyond its fields: a kebab-case name, words in each text, an example, https references.
///
/// # Errors
/// One sentence naming the field.
pub fn verify(rule: &Rule) -> Result<(), String> {
    let name = rule.id.split_once('/').map_or("", |(_, name)| name);
    let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(kebab) || name.starts_with('-') || name.ends_with('-') {
        return Err(format!("the name {name:?} is not kebab-case"));
    }
    if rule.title.is_empty() || rule.title.chars().count() > 80 || rule.title.contains('\n') {
        return Err("`title` must be one line of 1 to 80 characters".to_owned());
    }
    for (field, text) in [("why", &rule.why), ("mend", &rule.mend)] {
        if text.split_whitespace().count() < 5 {
            return Err(format!("`{field}` must say something: at least five words"));
        }
    }
    if rule.examples.is_empty() || rule.examples.iter().any(|e| e.text.trim().is_empty()) {
        return Err("`examples` must hold at least one, with text".to_owned());
    }
    let sources = rule.examples.iter().chain(&rule.counter_examples).filter_map(|example| example.source.as_ref());
    match rule.references.iter().chain(sources).find(|r| !r.starts_with("https://")) {
        Some(reference) => Err(format!("the reference {reference:?} is not an https address")),
        None => Ok(()),
    }
}

fn toml_files(root: &Path) -> Result<Vec<PathBuf>, RuleError> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let io = |source| RuleError::Io { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != ITEMS) {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Result<Vec<Detailed>, RuleError> {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("sub")).unwrap();
        fs::write(dir.path().join("sub/some-rule.toml"), text).unwrap();
        load(dir.path(), "demo")
    }

    const GOOD: &str = r#"
title = "Something"
why = "It matters for a good reason."
mend = "Do the other thing instead, always."
level = "warning"
[[examples]]
about = "one"
text = "x"
"#;

    #[test]
    fn the_file_names_the_rule() {
        let rules = rule(GOOD).unwrap();
        assert_eq!(rules[0].0.id, "demo/some-rule");
        assert_eq!(rules[0].1, None);
        assert_eq!(parse(&serde_json::to_string(&[&rules[0].0]).unwrap()), [rules[0].0.clone()]);
    }

    #[test]
    fn what_a_rule_is_found_by_is_the_checkers_own() {
        let rules = rule(&format!("{GOOD}\n[detect]\nwords = [\"x\"]\n")).unwrap();
        assert_eq!(rules[0].1.as_ref().unwrap()["words"][0].as_str(), Some("x"));
        let error = rule(&format!("detect = 1\n{GOOD}")).unwrap_err();
        assert!(error.to_string().contains("`detect` must be a table"), "{error}");
    }

    #[test]
    fn bad_rules_are_refused_by_name() {
        for (bad, word) in [
            (GOOD.replace("level = \"warning\"", "level = \"loud\""), "loud"),
            (GOOD.replace("title", "titel"), "titel"),
            (GOOD.replace("[[examples]]\nabout = \"one\"\ntext = \"x\"", "examples = []"), "examples"),
            (GOOD.replace("It matters for a good reason.", "Short."), "why"),
            (GOOD.replace("level", "references = [\"http://x\"]\nlevel"), "https"),
        ] {
            let message = rule(&bad).unwrap_err().to_string();
            assert!(message.contains("some-rule.toml") && message.contains(word), "{message}");
        }
    }
}
