//! Where encoded text may stand.

use std::ops::Range;

use crate::decode::base64;

/// Shortest run of base64 digits that is decoded.
const SHORTEST: usize = 20;
/// Longest run that is looked at, and longest word.
const LONGEST: usize = 1 << 20;
const LONGEST_WORD: usize = 4096;

/// Runs of base64 digits (hexadecimal ones are among them), with padding.
pub(crate) fn digits(text: &[u8], range: Range<usize>, found: &mut dyn FnMut(Range<usize>)) {
    // Of any `SHORTEST` bytes in a row one is looked at: no run can hide between.
    let mut at = range.start;
    let end = range.end.min(text.len());
    while at < end {
        let probe = (at + SHORTEST - 1).min(text.len() - 1);
        if !base64::is_digit(text[probe]) {
            at = probe + 1;
            continue;
        }
        let back = text[..=probe].iter().rev().take(LONGEST).take_while(|byte| base64::is_digit(**byte)).count();
        let start = probe + 1 - back;
        let on = text[probe..].iter().take(LONGEST).take_while(|byte| base64::is_digit(**byte)).count();
        let stop = probe + on;
        let padding = text[stop..].iter().take(2).take_while(|byte| **byte == b'=').count();
        if stop - start >= SHORTEST && start < end {
            found(start..stop + padding);
        }
        at = (stop + 1).max(at + 1);
    }
}

/// Words in which at least three characters are written as `%41`, `\x41` or `\u0041`.
pub(crate) fn escapes(text: &[u8], range: Range<usize>, found: &mut dyn FnMut(Range<usize>)) {
    let mut done = range.start;
    let end = range.end.min(text.len());
    let Some(window) = text.get(range.start..end) else { return };
    for at in memchr::memchr2_iter(b'%', b'\\', window).map(|at| at + range.start) {
        if at < done || !is_escape(&text[at..]) {
            continue;
        }
        let inside = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'<' | b'>');
        let start = at - text[..at].iter().rev().take(LONGEST_WORD).take_while(inside).count();
        let stop = at + text[at..].iter().take(LONGEST_WORD).take_while(inside).count();
        let many =
            (start..stop).filter(|at| matches!(text[*at], b'%' | b'\\') && is_escape(&text[*at..stop])).take(3).count();
        if many == 3 {
            found(start..stop);
        }
        done = stop;
    }
}

fn is_escape(text: &[u8]) -> bool {
    let hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    match text {
        [b'%', a, b, ..] | [b'\\', b'x', a, b, ..] | [b'\\', b'u', b'0', b'0', a, b, ..] => hex(&[*a, *b]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_run_is_missed(text in "[aB1/ .=]{0,120}|[a-z0-9]{0,60}( [a-z0-9]{0,40}){0,3}", from in 0usize..40, len in 0usize..120) {
            let text = text.as_bytes();
            let range = from.min(text.len())..(from + len).min(text.len());
            let mut found = Vec::new();
            digits(text, range.clone(), &mut |span| found.push(span.start));
            let mut expected = Vec::new();
            let mut at = 0;
            while at < text.len() {
                let run = text[at..].iter().take_while(|byte| base64::is_digit(**byte)).count();
                if run >= SHORTEST && at < range.end && at + run > range.start {
                    expected.push(at);
                }
                at += run + 1;
            }
            // A run that ends shortly after the beginning of the range may be found or not: what is new in it is what counts.
            expected.retain(|start| found.contains(start) || *start >= range.start);
            prop_assert_eq!(found, expected);
        }
    }
}
