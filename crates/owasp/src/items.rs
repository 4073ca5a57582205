//! The checklist: items of both editions, and what each asks for. They are data (`rules/owasp/items`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// One row of the OWASP API Security Top 10.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `API5:2023`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The rows of the other edition that it became, or came from.
    pub also: Vec<String>,
    /// Where OWASP describes it.
    pub reference: String,
    /// Weaknesses that it is about, by their number in CWE.
    pub cwe: Vec<u32>,
    /// Slots that a pass needs.
    pub required: Vec<String>,
    /// Slots that are told beside them.
    pub optional: Vec<String>,
    /// Rules, without the checker's name, whose findings fail it.
    pub rules: Vec<String>,
}

/// The editions, in order.
pub const EDITIONS: [&str; 2] = ["2019", "2023"];

static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    let mut items: Vec<Item> = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/items.json")))
        .expect("items.json is written by the build script, and a test reads it");
    items.sort_by_key(|item| (item.edition().to_owned(), item.number()));
    items
});

/// Something that can be shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// What must hold.
    pub asks: String,
    /// Which detectors can show it.
    pub by: Vec<String>,
    /// How to make it so.
    pub how: String,
}

static SLOTS: LazyLock<BTreeMap<String, Slot>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/slots.json")))
        .expect("slots.json is written by the build script, and a test reads it")
});

/// What a pass needs, for pages: each slot by its name.
pub fn slots() -> &'static BTreeMap<String, Slot> {
    &SLOTS
}

/// Every item, in order of edition and number.
pub fn all() -> &'static [Item] {
    &ITEMS
}

/// The item of this name, whatever its case.
pub(crate) fn find(id: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.id.eq_ignore_ascii_case(id))
}

impl Item {
    /// `2023`.
    pub fn edition(&self) -> &str {
        self.id.split_once(':').map_or("", |(_, edition)| edition)
    }

    /// `5` of `API5:2023`.
    pub fn number(&self) -> u32 {
        self.id.trim_start_matches("API").split(':').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    /// Its slots, the required ones first, each with whether it is.
    pub fn slots(&self) -> impl Iterator<Item = (&str, bool)> {
        self.required
            .iter()
            .map(|name| (name.as_str(), true))
            .chain(self.optional.iter().map(|name| (name.as_str(), false)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_edition_has_ten_items_and_every_name_leads_somewhere() {
        for edition in EDITIONS {
            let numbers: Vec<u32> = all().iter().filter(|item| item.edition() == edition).map(Item::number).collect();
            assert_eq!(numbers, (1..=10).collect::<Vec<u32>>(), "{edition}");
        }
        for item in all() {
            for (slot, _) in item.slots() {
                assert!(slots().contains_key(slot), "{}: {slot}", item.id);
            }
            for other in &item.also {
                let other = find(other).unwrap_or_else(|| panic!("{}: {other}", item.id));
                assert!(other.also.contains(&item.id), "{} names {}, which does not name it", item.id, other.id);
                assert_ne!(other.edition(), item.edition());
            }
            assert!(!item.required.is_empty(), "{} would pass without evidence", item.id);
            assert!(item.reference.starts_with("https://owasp.org/"), "{}", item.id);
            for rule in &item.rules {
                let id = format!("owasp/{rule}");
                assert!(crate::RULES.iter().any(|known| known.id == id), "{}: {id}", item.id);
            }
        }
    }

    #[test]
    fn every_slot_and_every_rule_serves_an_item() {
        let used: BTreeSet<&str> = all().iter().flat_map(Item::slots).map(|(slot, _)| slot).collect();
        assert_eq!(used, slots().keys().map(String::as_str).collect());
        for slot in slots().values() {
            assert!(slot.how.trim().len() > 10 && slot.asks.len() > 10);
            assert!(
                slot.by.iter().all(|by| ["source", "openapi", "comparison", "probe"].contains(&by.as_str())),
                "{:?}",
                slot.by
            );
        }
        for rule in crate::RULES.iter() {
            let name = rule.id.trim_start_matches("owasp/");
            assert!(all().iter().any(|item| item.rules.iter().any(|of| of == name)), "{name} fails no item");
        }
    }
}
