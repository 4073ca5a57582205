//! tollgate.toml as text.

use std::fmt::Write as _;

use tollgate_model::{Date, toml_string};
use tollgate_render::escape;

use crate::goals::Gate;

/// Events of workflows: what a run on somebody's machine is none of.
pub(crate) const IN_WORKFLOWS: [&str; 3] = ["pull_request", "push", "merge_group"];

/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 160;

/// What is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicyFile {
    /// Lines at the top.
    pub(crate) about: Vec<String>,
    pub(crate) coverage: Option<CoverageSection>,
    pub(crate) bundles: Vec<BundleSection>,
    pub(crate) gates: Vec<GateSection>,
}

/// `[coverage]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CoverageSection {
    /// Paths, with who writes them.
    pub(crate) reports: Vec<(String, String)>,
    pub(crate) tests: Vec<(String, String)>,
    pub(crate) place: Place,
}

/// `[bundle]`, `[[bundle]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BundleSection {
    pub(crate) name: Option<String>,
    pub(crate) dir: String,
    pub(crate) by: String,
    pub(crate) place: Place,
}

/// Where a section is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Wherever tollgate is run.
    #[default]
    Everywhere,
    /// In workflows, since what it reads did not lie here.
    Workflows,
}

/// `[gates.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GateSection {
    pub(crate) gate: Gate,
    /// Until when it only shows.
    pub(crate) observe: Option<Date>,
    pub(crate) conditions: Vec<Line>,
    pub(crate) warn: Vec<Line>,
    /// What may be added once it is known to be there.
    pub(crate) later: Vec<Line>,
}

/// A condition with what was measured beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) condition: String,
    pub(crate) comment: String,
    pub(crate) place: Place,
}

impl PolicyFile {
    /// The text of the file.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.about {
            comment(&mut out, line);
        }
        if let Some(section) = &self.coverage {
            section.write(&mut out);
        }
        for (at, section) in self.bundles.iter().enumerate() {
            section.write(&mut out, at == 0);
        }
        for gate in &self.gates {
            gate.write(&mut out);
        }
        out
    }
}

impl CoverageSection {
    fn write(&self, out: &mut String) {
        out.push_str("\n[coverage]\n");
        self.place.write(out);
        for (key, paths) in [("reports", &self.reports), ("tests", &self.tests)] {
            if paths.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{key} = [");
            for (path, by) in paths {
                let _ = writeln!(out, "  {},  # {}", toml_string(&pattern(path)), line(by));
            }
            out.push_str("]\n");
        }
    }
}

impl BundleSection {
    fn write(&self, out: &mut String, is_first: bool) {
        match &self.name {
            Some(name) => _ = writeln!(out, "\n[[bundle]]\nname = {}", toml_string(name)),
            None => out.push_str("\n[bundle]\n"),
        }
        self.place.write(out);
        let _ = writeln!(out, "dir = {}  # {}", toml_string(&self.dir), line(&self.by));
        if is_first {
            comment(out, "Sizes are of the files as built; encoding = \"gzip\" counts what most servers send.");
        }
    }
}

impl Place {
    fn write(self, out: &mut String) {
        if self == Self::Workflows {
            comment(out, "Did not all lie here: judged in workflows alone, until the next line is taken out.");
            let _ = writeln!(out, "on = {}", events());
        }
    }
}

impl GateSection {
    fn write(&self, out: &mut String) {
        let _ = writeln!(out, "\n[gates.{}]", self.gate.name());
        if let Some(day) = self.observe {
            comment(out, "Shown as if it blocked, until this day.");
            let _ = writeln!(out, "mode = \"observe\"\nenforce_from = {day}");
        }
        for (key, lines) in [("conditions", &self.conditions), ("warn", &self.warn)] {
            if lines.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{key} = [");
            for Line { condition, comment, place } in lines {
                let condition = toml_string(condition);
                let condition = match place {
                    Place::Everywhere => condition,
                    Place::Workflows => format!("{{ if = {condition}, on = {} }}", events()),
                };
                let _ = writeln!(out, "  {condition},  # {}", line(comment));
            }
            out.push_str("]\n");
        }
        for Line { condition, comment: about, .. } in &self.later {
            comment(out, &format!("{}  ({about})", toml_string(condition)));
        }
    }
}

fn events() -> String {
    format!("[{}]", IN_WORKFLOWS.map(toml_string).join(", "))
}

fn comment(out: &mut String, text: &str) {
    let text = line(text);
    let _ = if text.is_empty() { writeln!(out, "#") } else { writeln!(out, "# {text}") };
}

/// `text` as one line that no reader of TOML stumbles over.
fn line(text: &str) -> String {
    let safe = escape::terminal(text);
    match safe.char_indices().nth(LONGEST_COMMENT) {
        Some((end, _)) => format!("{}…", &safe[..end]),
        None => safe.into_owned(),
    }
}

/// A path as a pattern that matches it alone.
fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for c in path.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}') {
            pattern.extend(['[', c, ']']);
        } else {
            pattern.push(c);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_is_a_pattern_of_itself() {
        assert_eq!(pattern("a[b]*.info"), "a[[]b[]][*].info");
    }

    /// Any text, with what terminals and readers of TOML obey.
    fn hostile() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            any::<char>(),
            prop::sample::select(vec!['\n', '\r', '\t', '\0', '\u{1b}', '\u{7f}', '"', '\'', '\\', '#'])
        ];
        prop::collection::vec(one, 0..40).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(text in hostile(), about in hostile()) {
            let section = CoverageSection {
                reports: vec![(text.clone(), about.clone())],
                tests: Vec::new(),
                place: Place::Workflows,
            };
            let line = Line { condition: text.clone(), comment: about.clone(), place: Place::Workflows };
            let gate = GateSection {
                gate: Gate::Tests,
                observe: None,
                conditions: vec![line.clone()],
                warn: vec![Line { place: Place::Everywhere, ..line.clone() }],
                later: vec![line],
            };
            let bundles = vec![BundleSection { name: Some(text.clone()), dir: text.clone(), by: about.clone(), place: Place::Everywhere }];
            let file = PolicyFile { about: vec![about.clone()], coverage: Some(section), bundles, gates: vec![gate] };
            let table: toml::Table = file.text().parse().map_err(|e| TestCaseError::fail(format!("{e}\n{}", file.text())))?;
            let report = pattern(&text);
            prop_assert_eq!(table["coverage"]["reports"][0].as_str(), Some(report.as_str()));
            prop_assert_eq!(table["bundle"][0]["dir"].as_str(), Some(text.as_str()));
            prop_assert_eq!(table["gates"]["Tests"]["conditions"][0]["if"].as_str(), Some(text.as_str()));
            prop_assert_eq!(table["gates"]["Tests"]["warn"][0].as_str(), Some(text.as_str()));
            prop_assert_eq!(table.len(), 3);
        }
    }
}
