//! Texts of messages with their arguments.

use tollgate_input::one_line;

use crate::text::filled;

/// `text` with its arguments as one line of at most `most` characters.
pub(super) fn substitute(text: &str, arguments: &[String], most: usize) -> String {
    one_line(&filled(text, arguments, most.saturating_mul(4)), most, false).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_put_in() {
        let arguments = ["x".to_owned(), "{0}".to_owned()];
        for (text, expected) in [
            ("'{0}' is {1}", "'x' is {0}"),
            ("{{0}} {2} {-1} {} {a {0", "{0} {2} {-1} {} {a {0"),
            ("}}{", "}{"),
            ("{00}", "x"),
        ] {
            assert_eq!(substitute(text, &arguments, 100), expected, "{text}");
        }
        let long = ["y".repeat(1_000)];
        assert_eq!(substitute(&"{0}".repeat(1_000), &long, 50).chars().count(), 51);
    }
}
