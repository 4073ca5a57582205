//! One report of a source, whatever its format.

use std::sync::Arc;

use tollgate_digest::Digester;
use tollgate_ingest::{findings, results};
use tollgate_input::{Digest, InputError, Root, Window};
use tollgate_model::{Cause, Evidence, Foreign, Problem};
use tollgate_sarif::Bounds;

/// Largest report that is read, in bytes.
pub(crate) const LARGEST: u64 = 4 << 30;

/// The longest value that is read in one piece, in bytes.
pub(crate) const LONGEST: usize = 16 << 20;

/// A report that was read.
pub(crate) struct Read {
    pub(crate) foreign: Foreign,
    pub(crate) evidence: Evidence,
    /// The id of its format, of those that have one.
    pub(crate) format: Option<&'static str>,
    /// Of SARIF: the place of each finding among the results of the file.
    pub(crate) log: Option<Vec<u32>>,
}

/// The reports of one source that are SARIF, and which finding stands where in them.
pub(crate) struct Logs {
    pub(crate) source: String,
    pub(crate) upload: bool,
    pub(crate) files: Vec<Log>,
    /// Names the secrets in them.
    pub(crate) digester: Arc<Digester>,
    /// How many findings the reports before had.
    before: usize,
}

/// One of them.
pub(crate) struct Log {
    pub(crate) root: Root,
    pub(crate) path: String,
    /// The first of its findings among those of the source.
    pub(crate) first: usize,
    /// Of each of its findings the place among the results of the file.
    pub(crate) ordinals: Vec<u32>,
}

impl Logs {
    pub(crate) fn new(source: &str, upload: bool, digester: &Arc<Digester>) -> Self {
        Self { source: source.to_owned(), upload, files: Vec::new(), digester: Arc::clone(digester), before: 0 }
    }

    /// Adds a report with so many findings; `ordinals` where it is SARIF.
    pub(crate) fn add(&mut self, root: &Root, path: &str, ordinals: Option<Vec<u32>>, count: usize) {
        if let Some(ordinals) = ordinals {
            let (root, path) = (root.clone(), path.to_owned());
            self.files.push(Log { root, path, first: self.before, ordinals });
        }
        self.before += count;
    }
}

/// Reads the report at `path` below `root`; `tool` says whose it is where it does not say so itself. Secrets in
/// it are named by `digester`.
pub(crate) fn read(root: &Root, path: &str, tool: Option<&str>, digester: &Digester) -> Result<Read, Problem> {
    let problem = |error: InputError| error.problem();
    let window = root.window(path, LARGEST, LONGEST).map_err(problem)?;
    if window.bytes().trim_ascii().is_empty() {
        let message = format!("{path}: is empty; see why the tool wrote nothing, and have it write its report again");
        return Err(Problem::new(Cause::NoEvidence, message).at(path));
    }
    let Any { mut foreign, log, format, digest } = any(window, tool, digester).map_err(problem)?;
    let items = foreign.inputs.as_ref().map(|inputs| inputs.count);
    let evidence =
        Evidence { kind: "file".to_owned(), path: path.to_owned(), blake3: digest.blake3, bytes: digest.bytes, items };
    for note in &mut foreign.notes {
        *note = format!("{path}: {note}");
    }
    for problem in &mut foreign.problems {
        problem.message = format!("{path}: {}", problem.message);
        problem.path.get_or_insert_with(|| path.to_owned());
    }
    Ok(Read { foreign, evidence, format, log })
}

/// What a report says, in whatever format.
struct Any {
    foreign: Foreign,
    log: Option<Vec<u32>>,
    format: Option<&'static str>,
    digest: Digest,
}

/// What the report in `window` says.
fn any(window: Window, tool: Option<&str>, digester: &Digester) -> Result<Any, InputError> {
    if tollgate_sarif::knows(window.bytes()) {
        let (log, digest) = tollgate_sarif::read(window, &Bounds::default(), Some(digester))?;
        return Ok(Any { foreign: log.foreign, log: Some(log.ordinals), format: None, digest });
    }
    if results::knows(window.bytes()) {
        let (results, format, digest) = results::read(window)?;
        return Ok(Any { foreign: findings::of_results(&results, format.name), log: None, format: None, digest });
    }
    // An empty list says nothing of who wrote it: there, what the source says counts.
    let named = tool.and_then(|tool| {
        findings::FORMATS.iter().find(|format| [format.id, format.name].iter().any(|name| is_called(name, tool)))
    });
    let (mut foreign, format, digest) = match named.filter(|_| is_empty_list(window.bytes())) {
        Some(format) => findings::read_as(window, format.id, Some(digester))?,
        None => findings::read(window, Some(digester))?,
    };
    // What a format counts is part of what its numbers mean.
    foreign.definition = match foreign.definition.is_empty() {
        true => format.name.to_owned(),
        false => format!("{}: {}", format.name, foreign.definition),
    };
    Ok(Any { foreign, log: None, format: Some(format.id), digest })
}

fn is_empty_list(head: &[u8]) -> bool {
    let text: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(3).collect();
    text == b"[]"
}

/// Whether a tool or format that calls itself `name` is the one that is `wanted`: it has this name, or one that begins
/// with it and goes on with another word. Case does not matter, nor whether words are parted by blanks, `-` or `_`.
pub(crate) fn is_called(name: &str, wanted: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_'));
        words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let wanted = words(wanted);
    !wanted.is_empty() && words(name).starts_with(&wanted)
}

/// Whether what begins with `head` is a report of any tool.
pub(crate) fn knows(head: &[u8]) -> bool {
    tollgate_sarif::knows(head) || results::knows(head) || findings::knows(head)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use tollgate_input::Source;

    use super::*;

    #[test]
    fn a_tool_is_known_by_its_name_or_the_words_it_begins_with() {
        for (name, wanted, is) in [
            ("ESLint", "eslint", true),
            ("Trivy", "trivy", true),
            ("CodeQL command-line toolchain", "CodeQL", true),
            ("axe-core", "axe", true),
            ("npm-audit", "npm audit", true),
            ("cargo audit", "Cargo_Audit", true),
            ("osv-scanner", "OSV  Scanner", true),
            ("npm-audit", "pnpm-audit", false),
            ("pnpm-audit", "npm-audit", false),
            ("npm 6 or pnpm", "pnpm", false),
            ("yarn-npm-audit", "npm-audit", false),
            ("npm-audit", "audit", false),
            ("npm", "npm-audit", false),
            ("CodeQL command-line toolchain", "toolchain", false),
            ("CodeQL", "Code", false),
            ("C", "CodeQL", false),
            ("C++", "C", false),
            ("C", "C#", false),
            ("ESLint", "e", false),
            ("ESLint", "", false),
            ("ESLint", " -_", false),
            ("", "ESLint", false),
        ] {
            assert_eq!(is_called(name, wanted), is, "{name} {wanted}");
        }
    }

    #[test]
    fn an_empty_list_is_of_the_tool_that_is_named_and_of_no_other() {
        let format = |tool: &str| {
            let source = Source::new("report.json", Box::new(Cursor::new("[]")), LARGEST);
            let window = Window::new(source, LONGEST).unwrap();
            any(window, Some(tool), &Digester::new(|| None)).map(|any| any.format).ok().flatten()
        };
        for (tool, is) in [
            ("eslint", Some("eslint")),
            ("ESLint", Some("eslint")),
            ("axe-core", Some("axe")),
            ("pa11y", Some("pa11y")),
            // Its reports are objects: an empty list is none of them.
            ("pa11y-ci", None),
            ("e", None),
            ("lint", None),
            ("eslint-plugin", None),
        ] {
            assert_eq!(format(tool), is, "{tool}");
        }
    }
}
