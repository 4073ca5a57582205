//! `performance-budget.json` and its like, which no tool defines: a key that says what, with a limit that says how many of what.
//!
//! `{"javascript": {"budget_kb": 500}}`, `{"css": {"max": "100 KB"}}` and `{"total": "600 KB"}` are read wherever they stand. A number
//! without a unit is none of ours.

use tollgate_input::{Node, Value, one_line};
use tollgate_model::format;

use super::file::File;
use super::size::{Size, Units};
use super::{Budget, What, shown};
use crate::kind::Kind;

const WHOSE: &str = "performance budget";

/// How deep a budget may lie, and how many keys are looked at.
const DEEPEST: usize = 12;
const MOST: usize = 5_000;

/// How many names of other things are told.
const MOST_NAMED: usize = 8;

/// Beginnings of keys that hold a limit.
const LIMITS: [&str; 5] = ["budget", "max", "limit", "size", "maxsize"];

/// Ends of such keys, and how many bytes the number counts.
const UNITS: [(&str, u64, &str); 5] =
    [("kib", 1_024, "KiB"), ("kb", 1_000, "KB"), ("mib", 1 << 20, "MiB"), ("mb", 1_000_000, "MB"), ("bytes", 1, "B")];

/// What a word of a budget is about; Lighthouse's resource types are among them.
pub(super) fn what(word: &str) -> Option<What> {
    Some(match word.to_ascii_lowercase().as_str() {
        "javascript" | "js" | "script" | "scripts" => What::Type(Kind::Js),
        "css" | "stylesheet" | "stylesheets" | "styles" => What::Type(Kind::Css),
        "image" | "images" => What::Type(Kind::Image),
        "font" | "fonts" => What::Type(Kind::Font),
        "document" | "html" => What::Type(Kind::Html),
        "total" | "total_initial_load" | "total_size" | "totalsize" | "bundle" => What::Total,
        _ => return None,
    })
}

/// Reads the whole file.
pub(super) fn read(file: &mut File<'_>, root: &Node) {
    if !root.items().is_empty() {
        file.leave(Some(root), "is a list of something that is no budget of a known tool");
    }
    let mut walk = Walk { left: MOST, others: Vec::new() };
    walk.mapping(file, root, "the file", DEEPEST);
    if walk.left == 0 {
        file.leave(None, format!("has more than {MOST} keys, of which the rest was not looked at"));
    }
    let others = walk.others;
    if !others.is_empty() {
        let named = format::few(&others[..others.len().min(MOST_NAMED)], others.len());
        let text = format!("numbers that are no sizes of built files, or have no unit, stay there: {named}");
        file.leave(None, text);
    }
}

struct Walk {
    /// How many keys may still be looked at.
    left: usize,
    /// Keys of mappings and lists with numbers that are not used.
    others: Vec<String>,
}

impl Walk {
    /// Looks at the mapping `node`, which stands under the key `name`, and `deep` levels into it.
    fn mapping(&mut self, file: &mut File<'_>, node: &Node, name: &str, deep: usize) {
        let mut has_numbers = false;
        for pair in node.entries() {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            let Some(key) = pair.key.name() else { continue };
            match &pair.value.value {
                Value::Map(_) => {
                    if let Some((limit, field, size)) = what(key).and_then(|_| limit(&pair.value)) {
                        take(file, key, &format!("{field} {}", shown(limit)), limit, size);
                    } else {
                        let is_flat =
                            pair.value.entries().iter().all(|field| !matches!(field.value.value, Value::Map(_)));
                        if what(key).is_some() && is_flat {
                            leave(file, key, &pair.value);
                        } else if deep > 0 {
                            self.mapping(file, &pair.value, key, deep - 1);
                        }
                    }
                }
                Value::String(_) => match text(&pair.value) {
                    Some(size) => take(file, key, &format!("{key} {}", shown(&pair.value)), &pair.value, size),
                    None if what(key).is_some() => leave(file, key, &pair.value),
                    None => {}
                },
                Value::Number(number) if is_warning(key) => {
                    let (key, number) = (one_line(key, 60, false).0, one_line(number.text(), 20, false).0);
                    let text = format!("{key} {number} stays there: `warn_at = \"{number}%\"` of a gate does the same");
                    file.leave(Some(&pair.value), text);
                }
                Value::Number(_) => has_numbers = true,
                Value::Seq(items) if !items.iter().all(|item| item.as_str().is_some()) => self.other(key),
                Value::Null | Value::Bool(_) | Value::Seq(_) => {}
            }
        }
        if has_numbers {
            self.other(name);
        }
    }

    /// Notes that the numbers under the key `name` are not used.
    fn other(&mut self, name: &str) {
        self.others.push(one_line(name, 60, false).0);
    }
}

/// Adds a budget, where `key` says what it is about.
fn take(file: &mut File<'_>, key: &str, written: &str, limit: &Node, size: Size) {
    let Some(what) = what(key) else { return };
    let assumed = format!("{}; raw bytes, since it names no compression", unit(size));
    file.take(Budget {
        what,
        encoding: None,
        size,
        written: one_line(written, 100, false).0,
        place: file.place(limit),
        whose: WHOSE,
        assumed,
        blocks: true,
    });
}

/// Says that what stands under `key` is no limit that can be taken over.
fn leave(file: &mut File<'_>, key: &str, value: &Node) {
    let key = one_line(key, 60, false).0;
    file.leave(
        Some(value),
        format!("{key} has no limit that is a size with a unit, such as `budget_kb: 500` or `\"500 KB\"`"),
    );
}

/// The unit that was assumed.
fn unit(size: Size) -> String {
    let read = format!("{} read as {}", size.word(), format::things(size.unit_bytes(), "byte"));
    match size.word() {
        "KB" => format!("{read} (write KiB where the script that reads this file divides by 1024)"),
        _ => read,
    }
}

/// The first limit of a mapping, and its key.
fn limit(fields: &Node) -> Option<(&Node, String, Size)> {
    fields.entries().iter().find_map(|pair| {
        let name = pair.key.name()?;
        Some((&pair.value, one_line(name, 60, false).0, sized(name, &pair.value)?))
    })
}

/// `"budget_kb": 500`, `"maxBytes": 1000`, `"max": "500 KB"`.
fn sized(name: &str, value: &Node) -> Option<Size> {
    let name = name.to_ascii_lowercase();
    let unit = UNITS.iter().find_map(|(end, unit, word)| Some((name.strip_suffix(end)?, *unit, *word)));
    let stem = unit.map_or(name.as_str(), |(stem, _, _)| stem).replace('_', "");
    if !LIMITS.iter().any(|known| stem.starts_with(known)) {
        return None;
    }
    match (value.as_number(), unit) {
        (Some(number), Some((_, unit, word))) => Size::of_number(number, unit, word),
        (None, None) => text(value),
        _ => None,
    }
}

/// A text that is a size with a unit.
fn text(value: &Node) -> Option<Size> {
    let text = value.as_str()?;
    Size::of_text(text, Units::Iec).filter(|_| text.trim_end().ends_with(['b', 'B']))
}

/// Whether a key says from which part of a budget on a warning is given.
fn is_warning(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("warn") && key.contains("percent")
}
