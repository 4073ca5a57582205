//! Results and their places.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Complaints, check_level};

pub(super) fn check(result: &Value, run: &Value, rules: &BTreeMap<&str, usize>, at: &str, complaints: &mut Complaints) {
    let rule = complaints.text(result, "ruleId", at, 255);
    let place = rules.get(rule).copied();
    complaints.demand(place.is_some(), at, "`ruleId` is not among the driver's rules");
    if let Some(index) = result.get("ruleIndex") {
        complaints.demand(
            index.as_u64() == place.map(|place| place as u64),
            at,
            "`ruleIndex` is not the place of `ruleId`",
        );
    }
    complaints.text(&result["message"], "text", at, 65_535);
    check_level(&result["level"], at, complaints);
    complaints.text(&result["partialFingerprints"], "primaryLocationLineHash", at, 255);
    let state = result["baselineState"].as_str();
    let known = state.is_none_or(|word| ["new", "unchanged", "updated", "absent"].contains(&word));
    complaints.demand(known, at, "`baselineState` is none of new, unchanged, updated, absent");
    let locations = complaints.array(result, "locations", at, 1000);
    complaints.demand(!locations.is_empty(), at, "no location: the host refuses the whole file");
    let related = complaints.array(result, "relatedLocations", at, 1000);
    for location in locations.iter().chain(related) {
        check_location(location, run, at, complaints);
    }
}

pub(super) fn check_location(location: &Value, run: &Value, at: &str, complaints: &mut Complaints) {
    let physical = &location["physicalLocation"];
    let artifact = &physical["artifactLocation"];
    match artifact["uri"].as_str() {
        Some(uri) => check_uri(uri, at, complaints),
        None => complaints.add(at, "no `artifactLocation.uri`: the host refuses the whole file"),
    }
    if let Some(base) = artifact["uriBaseId"].as_str() {
        let known = !run["originalUriBaseIds"][base].is_null();
        complaints.demand(known, at, "`uriBaseId` is not among `originalUriBaseIds`");
    }
    if let Some(region) = physical.get("region") {
        check_region(region, at, complaints);
    }
}

fn check_uri(uri: &str, at: &str, complaints: &mut Complaints) {
    complaints.demand(!uri.is_empty(), at, "the address is empty");
    let clean = uri.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>^`{|}[]#?".contains(&b));
    complaints.demand(clean, at, "the address holds characters that must be percent-encoded");
    let first = uri.split('/').next().unwrap_or_default();
    complaints.demand(!uri.starts_with('/') && !first.contains(':'), at, "the address is not relative");
    match decode(uri) {
        Some(path) => {
            let plain = path.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
            complaints.demand(plain, at, "the address has an empty, `.` or `..` segment");
        }
        None => complaints.add(at, "the address is not percent-encoded UTF-8"),
    }
}

fn decode(uri: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (rest.next()?, rest.next()?);
                u8::from_str_radix(std::str::from_utf8(&[high, low]).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Start line, end line, start column, end column; those that are given.
fn numbers(region: &Value) -> [Option<u64>; 4] {
    ["startLine", "endLine", "startColumn", "endColumn"].map(|key| region[key].as_u64())
}

fn check_region(region: &Value, at: &str, complaints: &mut Complaints) {
    let numbers = numbers(region);
    complaints.demand(numbers.iter().flatten().all(|n| *n >= 1), at, "lines and columns count from 1");
    let [Some(start), end, start_column, end_column] = numbers else {
        return complaints.add(at, "a region without `startLine`");
    };
    let end = end.unwrap_or(start);
    complaints.demand(end >= start, at, "the region ends before it begins");
    let ordered = end > start || end_column.is_none_or(|column| column >= start_column.unwrap_or(1));
    complaints.demand(ordered, at, "the region's columns end before they begin");
}

/// Counts lines and UTF-16 columns by hand.
pub(super) fn check_sources(
    result: &Value,
    source: &dyn Fn(&str) -> Option<String>,
    at: &str,
    complaints: &mut Complaints,
) {
    let places = ["locations", "relatedLocations"].map(|key| result[key].as_array());
    for location in places.into_iter().flatten().flatten() {
        let physical = &location["physicalLocation"];
        let Some(region) = physical.get("region") else { continue };
        let path = physical["artifactLocation"]["uri"].as_str().and_then(decode).unwrap_or_default();
        let Some(text) = source(&path) else {
            complaints.add(at, format_args!("{path} is not a known file"));
            continue;
        };
        let [start, end, start_column, end_column] = numbers(region);
        let start = start.unwrap_or(1);
        for (line, column) in [(start, start_column), (end.unwrap_or(start), end_column)] {
            match columns_of(&text, line) {
                None => complaints.add(at, format_args!("{path} has no line {line}")),
                Some(columns) if column.is_some_and(|column| column > columns) => {
                    complaints.add(at, format_args!("line {line} of {path} has no column {}", column.unwrap_or(0)));
                }
                Some(_) => {}
            }
        }
    }
}

/// The column after the last character of line `number` and its line end; none when there is no such line. An empty
/// file has one line, as editors show it.
fn columns_of(text: &str, number: u64) -> Option<u64> {
    let mut line = 1;
    let mut columns = 1;
    for c in text.chars() {
        if line == number {
            columns += c.len_utf16() as u64;
        }
        if c == '\n' {
            if line == number {
                return Some(columns);
            }
            line += 1;
        }
    }
    let ends_open = !text.ends_with('\n') || text.is_empty();
    (line == number && ends_open).then_some(columns)
}
