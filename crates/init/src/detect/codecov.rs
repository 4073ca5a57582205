//! What a codecov.yml asks for.

use tollgate_input::Node;

use super::files::Files;
use super::{Ask, Found, Named};
use crate::limit::Limit;

/// Where Codecov looks.
const NAMES: [&str; 6] =
    ["codecov.yml", ".codecov.yml", ".github/codecov.yml", "dev/codecov.yml", "codecov.yaml", ".codecov.yaml"];

/// Adds the targets of `coverage.status`.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    let Some(path) = files.first("", &NAMES) else { return };
    let Some(root) = files.yaml(&path) else {
        found.named.push(Named::new(path, "is no YAML, and was not used"));
        return;
    };
    for (key, series) in [("project", "coverage.lines"), ("patch", "coverage.patch")] {
        let Some(status) = root.pointer(&format!("/coverage/status/{key}")) else { continue };
        for (name, target, judged) in targets(status) {
            let whose = if name.is_empty() { format!("codecov {key}") } else { format!("codecov {key} {name}") };
            match target.map(percentage) {
                Some(Some(Limit::Percent(0))) => {
                    found.named.push(Named::new(&path, format!("{whose} asks 0%, which is nothing: not taken over")));
                }
                Some(Some(limit)) if name.is_empty() || name == "default" => {
                    let (series, place) = (series.to_owned(), path.clone());
                    found.asks.push(Ask { series, limit, place, whose, judged });
                }
                Some(Some(limit)) => {
                    let about = format!("{whose} asks {limit} of a part; coverage has components for that");
                    found.named.push(Named::new(&path, about));
                }
                // `auto` is the base, which coverage.lines is compared with where no goal holds.
                _ => found
                    .named
                    .push(Named::new(&path, format!("{whose} compares with the base: no number to take over"))),
            }
        }
    }
}

/// The statuses, their targets, and whether they block: `default`, or the ones that are named.
fn targets(status: &Node) -> Vec<(String, Option<&Node>, bool)> {
    if status.as_bool().is_some() {
        return Vec::new();
    }
    if status.get("target").is_some() {
        return vec![(String::new(), status.get("target"), blocks(status))];
    }
    let named = status
        .entries()
        .iter()
        .filter_map(|pair| Some((pair.key.as_str()?.to_owned(), pair.value.get("target"), blocks(&pair.value))));
    named.take(50).collect()
}

fn blocks(status: &Node) -> bool {
    status.get("informational").and_then(Node::as_bool) != Some(true)
}

/// `80`, `80%`, `80.5%`; none of `auto`.
fn percentage(target: &Node) -> Option<Limit> {
    let text =
        target.as_str().map(str::to_owned).or_else(|| target.as_number().map(|number| number.text().to_owned()))?;
    text.trim().trim_end_matches('%').trim().parse().ok().and_then(Limit::percent)
}
