//! Embeds the rules of this checker, and what there is to learn from their expressions.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use anchor::Anchor;
use learnt::{Learnt, Packed, PackedOne};

#[path = "src/engine/anchor.rs"]
mod anchor;
#[expect(dead_code, reason = "the crate uses the rest")]
#[path = "src/engine/learnt.rs"]
mod learnt;
#[path = "src/engine/syntax.rs"]
mod syntax;

fn main() -> Result<(), Box<dyn Error>> {
    tollgate_rules::embed("secrets")?;
    let out = env::var("OUT_DIR")?;
    let details = fs::read_to_string(Path::new(&out).join("details.json"))?;
    let details: BTreeMap<String, serde_json::Value> = serde_json::from_str(&details)?;
    let mut packed = Packed::default();
    for (id, detect) in &details {
        let of_name = || if detect["words"].is_array() { None } else { detect["path"].as_str() };
        if let Some(expression) = detect["expression"].as_str().or_else(of_name) {
            let learnt = Learnt::of(expression).map_err(|e| format!("{id}: {e}"))?;
            add(&mut packed, id, &learnt);
        }
    }
    fs::write(Path::new(&out).join("learnt.json"), serde_json::to_string(&packed)?)?;
    Ok(())
}

/// Adds what is learnt from the expression of the rule `id`.
fn add(packed: &mut Packed, id: &str, learnt: &Learnt) {
    let mut number = |set: &anchor::ByteSet| {
        packed.sets.iter().position(|known| known == set).unwrap_or_else(|| {
            packed.sets.push(*set);
            packed.sets.len() - 1
        })
    };
    let mut anchor = |anchor: &Anchor| {
        let follow = anchor.follow.iter().map(&mut number).collect();
        (anchor.literal.clone(), anchor.exact, anchor.lead, follow)
    };
    let anchors = learnt.anchors.iter().map(&mut anchor).collect();
    let Learnt { longest, shortest, groups, .. } = *learnt;
    packed.expressions.insert(id.to_owned(), PackedOne { longest, shortest, groups, anchors });
}
