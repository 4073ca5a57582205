//! `--pull-request`: a number, or a file that may hold anything.

use std::path::Path;

use serde_json::Value;
use tollgate_input::read_named;

use crate::PostError;

/// Largest file, in bytes.
const LARGEST: u64 = 1_024;
/// Most digits.
const DIGITS: usize = 10;

/// The number that was given, or that the file holds.
pub(crate) fn number(given: &str) -> Result<u64, PostError> {
    if let Some(number) = digits(given) {
        return Ok(number);
    }
    let bytes = read_named(Path::new(given), LARGEST).map_err(|e| PostError::refused(format!("--pull-request {e}")))?;
    let text = String::from_utf8_lossy(&bytes);
    let inner = || {
        let value: Value = serde_json::from_str(&text).ok()?;
        let number = value.as_object()?.get("pull_request")?;
        digits(&number.as_str().map_or_else(|| number.to_string(), str::to_owned))
    };
    digits(text.trim()).or_else(inner).ok_or_else(|| {
        let expected = r#"a number, or {"pull_request": NUMBER}"#;
        PostError::refused(format!("--pull-request {given}: holds no number of a pull request; expected {expected}"))
    })
}

fn digits(text: &str) -> Option<u64> {
    let plain = (1..=DIGITS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_believed_nothing_but_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n.txt");
        for (text, expected) in [
            ("12\n", Some(12)),
            (r#"{"pull_request": 12}"#, Some(12)),
            (r#"{"pull_request": "12"}"#, Some(12)),
            ("0", None),
            ("-1", None),
            ("1e3", None),
            ("12; rm -rf /", None),
            ("99999999999", None),
            (r#"{"pull_request": 1.5}"#, None),
            (r#"{"pull_request": [1]}"#, None),
            ("", None),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(number(path.to_str().unwrap()).ok(), expected, "{text}");
        }
        std::fs::write(&path, "1".repeat(2_000)).unwrap();
        assert!(number(path.to_str().unwrap()).unwrap_err().to_string().contains("larger than"));
        std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert!(number(path.to_str().unwrap()).is_err());
        assert!(number(folder.path().join("gone").to_str().unwrap()).is_err());
    }

    #[test]
    fn a_number_is_a_number() {
        assert_eq!(number("7").unwrap(), 7);
    }
}
