//! `${{ … }}` in scripts: put aside before the shell is parsed, since the runner replaces it before the shell sees it.

use std::ops::Range;

/// A script whose expressions are covered with letters of equal length, and where they stand.
pub(crate) struct Masked {
    /// The text for the parser, as long as the script.
    pub(crate) text: String,
    /// Where each expression stands, braces included.
    pub(crate) expressions: Vec<Range<usize>>,
}

/// Covers every `${{ … }}` of `script`.
pub(crate) fn mask(script: &str) -> Masked {
    let mut text = String::with_capacity(script.len());
    let mut expressions = Vec::new();
    let mut from = 0;
    while let Some(start) = script[from..].find("${{").map(|at| from + at) {
        let Some(end) = closing(script, start + 3) else { break };
        text.push_str(&script[from..start]);
        text.extend(std::iter::repeat_n('Q', end - start));
        expressions.push(start..end);
        from = end;
    }
    text.push_str(&script[from..]);
    Masked { text, expressions }
}

/// The byte after the `}}` that closes the expression whose inside begins at `from`; one in quotes closes nothing.
fn closing(script: &str, from: usize) -> Option<usize> {
    let bytes = script.as_bytes();
    let mut quoted = false;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at + 2),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_covered_byte_by_byte() {
        let script = "echo \"${{ github.ref }}\" ${{ format('}}', 'é') }} ${{ open";
        let masked = mask(script);
        assert_eq!(masked.text.len(), script.len());
        assert_eq!(masked.expressions.len(), 2);
        assert_eq!(&script[masked.expressions[1].clone()], "${{ format('}}', 'é') }}");
        assert!(masked.text.starts_with("echo \"QQQQ") && masked.text.ends_with(" ${{ open"));
        assert!(mask("no expression").expressions.is_empty());
    }
}
