//! The page of the workflow's run.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use tollgate_forge::{Unit, fit};

/// Most bytes of a step's summary, everything that a step wrote together: one more, and nothing of it is shown.
pub(crate) const LIMIT: u64 = 1_048_576;
/// Room that is left to whoever writes after us.
const SPARE: u64 = 4_096;

/// Adds `text` to the file, as far as there is room; what does not fit is replaced by the line `cut`.
pub(crate) fn append(path: &Path, text: &str, cut: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let there = file.metadata()?.len();
    // A blank line, so that a list before it does not go on.
    let before = if there == 0 { "" } else { "\n\n" };
    let room = LIMIT.saturating_sub(SPARE + there + before.len() as u64);
    let text = fit(text, usize::try_from(room).unwrap_or(usize::MAX), Unit::Bytes, cut);
    let all = format!("{before}{}\n", text.trim_end());
    if there + all.len() as u64 >= LIMIT {
        let message = format!("it holds {there} bytes already, and GitHub takes {LIMIT}");
        return Err(std::io::Error::other(message));
    }
    file.write_all(all.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays_and_all_together_fits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        append(&path, "one\n", "CUT").unwrap();
        append(&path, "two", "CUT").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n\n\ntwo\n");
        append(&path, &"a line\n".repeat(200_000), "CUT").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.len() < 1_048_576 && text.len() > 1_000_000);
        assert!(text.ends_with("a line\n\nCUT\n"), "{}", &text[text.len() - 40..]);
        let error = loop {
            if let Err(error) = append(&path, &"x\n".repeat(1_000), "CUT") {
                break error;
            }
        };
        assert!(error.to_string().contains("1048576"), "{error}");
        assert!(std::fs::metadata(&path).unwrap().len() < 1_048_576);
    }
}
