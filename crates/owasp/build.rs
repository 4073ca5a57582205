//! Embeds the rules of this checker, the patterns beside them, and its checklist.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tollgate_rules::embed("owasp")?;
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../rules/owasp");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    items(&root.join("items"), &out)?;
    patterns(&root.join("source"), &out)
}

/// The files of `folder` with this ending, by name.
fn files(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|of| of == ending) {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            found.push((stem, fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?));
        }
    }
    found.sort();
    Ok(found)
}

/// The items, and the slots that they name, as JSON.
fn items(folder: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut items = Vec::new();
    for (stem, text) in files(folder, "toml")? {
        let table: toml::Table = toml::from_str(&text).map_err(|e| format!("{}/{stem}.toml: {e}", folder.display()))?;
        match stem.as_str() {
            "slots" => fs::write(out.join("slots.json"), serde_json::to_string(&table)?)?,
            _ => items.push(table),
        }
    }
    fs::write(out.join("items.json"), serde_json::to_string(&items)?)?;
    Ok(())
}

/// The patterns, by the rule that they belong to.
fn patterns(folder: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    fs::write(out.join("patterns.json"), serde_json::to_string(&files(folder, "yml")?)?)?;
    Ok(())
}
