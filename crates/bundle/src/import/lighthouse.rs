//! Lighthouse: its `budget.json`, and the assertions of Lighthouse CI in `lighthouserc`.
//!
//! Budgets follow the page "Performance budgets" of Lighthouse's documentation: sizes are in KiB of what one page loads. Assertions
//! follow Lighthouse CI's page "Configuration": `resource-summary:TYPE:size` and `total-byte-weight` count bytes, `.` in a key is
//! `:`, a level `off` is none and a level `warn` does not fail.

use tollgate_input::{Node, one_line};
use tollgate_model::format;

use super::file::File;
use super::size::Size;
use super::{Budget, What, plain, shown};

const LIGHTHOUSE: &str = "Lighthouse";
const CI: &str = "Lighthouse CI";

/// How they weigh, and how that differs.
const PAGE: &str = "it weighs what one page loads as the server sends it, here the whole build counts, in `encoding`";

/// How many names of other things are told.
const MOST_NAMED: usize = 8;

/// Where a configuration keeps its parts.
const ROOMS: [&str; 3] = ["ci", "lhci", "ci:client"];

/// Reads a list of budgets, one a page.
pub(super) fn budgets(file: &mut File<'_>, root: &Node) {
    for page in root.items() {
        let pages = page.get("path").and_then(Node::as_str).unwrap_or("/");
        let sizes = page.get("resourceSizes").map(Node::items).unwrap_or_default();
        if !matches!(pages, "/" | "/*") && !sizes.is_empty() {
            of_some_pages(file, page, LIGHTHOUSE, pages);
        } else {
            sizes.iter().for_each(|entry| budget(file, entry));
        }
        for (key, name, what) in
            [("resourceCounts", "resourceType", "counts of requests"), ("timings", "metric", "times")]
        {
            let Some(list) = page.get(key) else { continue };
            let names = list.items().iter().filter_map(|entry| entry.get(name)?.as_str()).collect();
            others(file, list, LIGHTHOUSE, what, names);
        }
    }
}

fn budget(file: &mut File<'_>, entry: &Node) {
    let kind = entry.get("resourceType").and_then(Node::as_str).unwrap_or("a resource");
    let size = |limit: &Node| Size::of_number(limit.as_number()?, 1_024, "KiB");
    let limit = entry.get("budget");
    let sized = limit.and_then(|limit| Some((limit, size(limit)?)));
    match (plain::what(kind), sized) {
        (Some(what), Some((limit, size))) => {
            let written = format!("budget {}", shown(limit));
            file.take(of_page(file, what, LIGHTHOUSE, (limit, size), written, "budgets are in KiB"));
        }
        (what, _) => refuse(file, entry, LIGHTHOUSE, kind, what.is_some(), limit),
    }
}

/// Whether `root` is a configuration of Lighthouse CI.
pub(super) fn is_configuration(root: &Node) -> bool {
    ROOMS.iter().any(|room| root.get(room).is_some_and(|room| !room.entries().is_empty()))
}

/// Reads the assertions of a configuration.
pub(super) fn assertions(file: &mut File<'_>, root: &Node) {
    for assert in ROOMS.iter().filter_map(|room| root.get(room)?.get("assert")) {
        assert.get("assertions").into_iter().for_each(|list| list_of_assertions(file, list));
        for page in assert.get("assertMatrix").map(Node::items).unwrap_or_default() {
            let pages = page.get("matchingUrlPattern").and_then(Node::as_str).unwrap_or(".*");
            match page.get("assertions") {
                Some(list) if pages == ".*" => list_of_assertions(file, list),
                _ => of_some_pages(file, page, CI, pages),
            }
        }
        for (key, why) in
            [("budgetsFile", "is a file of its own: name it too"), ("preset", "is a list of audits, not of sizes")]
        {
            if let Some(node) = assert.get(key) {
                file.leave(Some(node), format!("{CI}: {key} {} {why}", shown(node)));
            }
        }
    }
    if let Some(node) = ROOMS.iter().find_map(|room| root.get(room)?.get("extends")) {
        file.leave(Some(node), format!("{CI}: what it extends, {}, was not read: name that file too", shown(node)));
    }
}

fn list_of_assertions(file: &mut File<'_>, list: &Node) {
    let mut rest = Vec::new();
    for pair in list.entries() {
        let name = pair.key.name().unwrap_or_default().replace('.', ":");
        let level = pair.value.as_str().or_else(|| pair.value.items().first()?.as_str()).unwrap_or_default();
        let kind = match name.strip_prefix("resource-summary:").and_then(|rest| rest.strip_suffix(":size")) {
            Some(kind) => kind,
            None if name == "total-byte-weight" => "total",
            None => "",
        };
        if level == "off" {
            continue;
        }
        let limit = pair.value.items().get(1).and_then(|options| options.get("maxNumericValue"));
        let sized = limit.and_then(|limit| Some((limit, Size::of_number(limit.as_number()?, 1, "B")?)));
        match (plain::what(kind), sized) {
            (Some(what), Some((limit, size))) => {
                let written = format!("{name} maxNumericValue {}", shown(limit));
                let budget = of_page(file, what, CI, (limit, size), written, "counts bytes");
                file.take(Budget { blocks: level != "warn", ..budget });
            }
            (what, _) if !kind.is_empty() => refuse(file, &pair.key, CI, kind, what.is_some(), limit),
            _ => rest.push(pair.key.name().unwrap_or_default()),
        }
    }
    others(file, list, CI, "assertions about other things than sizes", rest);
}

/// A budget of what a page loads.
fn of_page(
    file: &File<'_>,
    what: What,
    whose: &'static str,
    (limit, size): (&Node, Size),
    written: String,
    unit: &str,
) -> Budget {
    Budget {
        what,
        encoding: None,
        size,
        written: one_line(&written, 100, false).0,
        place: file.place(limit),
        whose,
        assumed: format!("{whose} {unit}; {PAGE}"),
        blocks: true,
    }
}

/// Tells why a limit on the resources called `kind` stays there.
fn refuse(file: &mut File<'_>, node: &Node, whose: &str, kind: &str, is_known: bool, limit: Option<&Node>) {
    let kind = one_line(kind, 60, false).0;
    let why = match (is_known, limit) {
        (false, _) => "is no type of built files here".to_owned(),
        (true, None) => "has no limit".to_owned(),
        (true, Some(limit)) => format!("has the limit {}, with which no size can be compared", shown(limit)),
    };
    file.leave(Some(node), format!("{whose}: `{kind}` {why}"));
}

/// Tells that limits of some pages stay there.
fn of_some_pages(file: &mut File<'_>, node: &Node, whose: &str, pages: &str) {
    let pages = one_line(pages, 80, false).0;
    let text =
        format!("{whose}: the limits of pages that match `{pages}` stay there; the label `route` names one page");
    file.leave(Some(node), text);
}

/// Names what is no size.
fn others(file: &mut File<'_>, node: &Node, whose: &str, what: &str, names: Vec<&str>) {
    let shown: Vec<String> = names.iter().take(MOST_NAMED).map(|name| one_line(name, 60, false).0).collect();
    if !names.is_empty() {
        file.leave(Some(node), format!("{whose}: {what} stay there: {}", format::few(&shown, names.len())));
    }
}
