//! Text in TOML 1.0, the language of the configuration.

use std::fmt::Write as _;

/// `text` as a string of TOML: between apostrophes where it holds quotation marks and nothing that needs more, so that conditions
/// stay readable.
pub fn toml_string(text: &str) -> String {
    let plain = |c: char| !c.is_control() && c != '\'' && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    if text.contains('"') && text.chars().all(plain) {
        return format!("'{text}'");
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_stay_readable() {
        for (text, written) in [
            ("coverage.lines >= 80%", "\"coverage.lines >= 80%\""),
            ("bundle.size{type=\"js\"} <= 1 KB", "'bundle.size{type=\"js\"} <= 1 KB'"),
            ("it's \"so\"", "\"it's \\\"so\\\"\""),
            ("a\\b", "\"a\\\\b\""),
            ("\"\n\u{7f}", "\"\\\"\\u000A\\u007F\""),
            ("", "\"\""),
        ] {
            assert_eq!(toml_string(text), written);
        }
    }
}
