//! `coverage`: project and patch figures from coverage reports.
//!
//! Reports are found (`search`), read by the format that their content shows (`formats`), recounted from their
//! records and put together by union of hits (`reading`, `measure`); their paths are matched with files
//! (`resolve`). From that come the figures of the project (`tally`) and of what a change adds (`patch`).
//!
//! A line counts as covered when it was hit, also where a branch of it was not: branches are a metric of their own. What
//! a report declares as its totals is compared and never used. Nothing out of nothing is no number.

mod against;
mod blocks;
mod checker;
mod declared;
mod exhibits;
mod expected;
mod export;
mod file_coverage;
mod floors;
mod formats;
mod lines;
mod marks;
mod measure;
mod numbers;
mod oddities;
mod options;
mod patch;
mod paths;
mod reading;
mod resolve;
mod results;
mod scope;
mod search;
mod selection;
mod source;
mod stale;
mod statements;
mod tally;
mod target;
mod verbs;

pub use checker::Coverage;
pub use formats::{FORMATS, Figures, Format};
pub use options::{Expected, Options, PathMap};

/// The reports that lie where they usually do, relative to `root`, in order: what a check reads where no option names any.
pub fn usual_reports(root: &tollgate_input::Root) -> Vec<String> {
    search::search_usual_places(root).reports.into_iter().collect()
}

/// Reads `bytes` as a report of the format called `name`, whatever they look like. For fuzzing: it must come back.
#[doc(hidden)]
pub fn fuzz(name: &str, bytes: &[u8]) {
    let source = tollgate_input::Source::new("fuzz", Box::new(std::io::Cursor::new(bytes.to_vec())), u64::MAX);
    let Some(format) = FORMATS.iter().find(|format| format.name == name) else { return };
    if let Ok(window) = tollgate_input::Window::new(source, 1 << 20)
        && let Ok((mut reading, digest)) = (format.read)(window)
    {
        assert_eq!(digest.bytes, bytes.len() as u64, "a report is read to its end");
        reading.sums();
        reading.take_files();
    }
}

/// What a report says, for trying readers out by hand: the format, and per kind (hit, all) of lines, branches, functions
/// and statements over all files; or why it is refused.
#[doc(hidden)]
pub struct Counted {
    pub format: &'static str,
    pub files: usize,
    pub sums: [(u64, u64); 4],
    pub totals_only: bool,
    pub notes: Vec<String>,
}

#[doc(hidden)]
pub fn count(path: &str, bytes: Vec<u8>) -> Result<Counted, String> {
    let source = tollgate_input::Source::new(path, Box::new(std::io::Cursor::new(bytes)), u64::MAX);
    let window = tollgate_input::Window::new(source, 1 << 20).map_err(|error| error.to_string())?;
    let (format, reading, _) = measure::read_window(window).map_err(|problem| problem.message)?;
    let sums = reading.sums();
    let mut notes = reading.notes.clone();
    notes.extend(reading.malformed.first.as_ref().map(|(line, message)| format!("malformed at {line}: {message}")));
    notes.extend(
        reading
            .disagreements
            .worst
            .iter()
            .map(|d| format!("{} {} declared {}, counted {}", d.path, d.total, d.declared, d.counted)),
    );
    notes.push(format!("{:?}", reading.oddities));
    Ok(Counted {
        format: FORMATS[format].name,
        files: reading.len(),
        sums: [sums.lines, sums.branches, sums.functions, sums.statements],
        totals_only: reading.is_totals_only(),
        notes,
    })
}

/// A context for tests: everything in `root`, nothing changed that is known.
#[cfg(test)]
pub(crate) fn context<'a>(
    root: &'a tollgate_input::Root,
    tree: &'a dyn tollgate_check::Tree,
) -> tollgate_check::Context<'a> {
    tollgate_check::Context::new(root, tree, tollgate_check::Facts::plain())
}
