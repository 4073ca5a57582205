//! Embeds the rules of this checker, and what is learnt from their expressions.

use std::collections::BTreeMap;
use std::error::Error;
use std::{env, fs, path::Path};

#[allow(dead_code, reason = "the crate uses the rest")]
#[path = "src/engine/anchor.rs"]
mod anchor;
#[allow(dead_code, reason = "the crate uses the rest")]
#[path = "src/engine/learnt.rs"]
mod learnt;
#[path = "src/engine/syntax.rs"]
mod syntax;

fn main() -> Result<(), Box<dyn Error>> {
    tollgate_rules::embed("secrets")?;
    let out = env::var("OUT_DIR")?;
    let details = fs::read_to_string(Path::new(&out).join("details.json"))?;
    let details: BTreeMap<String, serde_json::Value> = serde_json::from_str(&details)?;
    let mut packed = learnt::Packed::default();
    for (id, detect) in &details {
        if let Some(expression) = detect["expression"].as_str() {
            packed.add(id, &learnt::Learnt::of(expression).map_err(|e| format!("{id}: {e}"))?);
        }
    }
    fs::write(Path::new(&out).join("learnt.json"), serde_json::to_string(&packed)?)?;
    Ok(())
}
