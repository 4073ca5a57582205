//! Texts with expressions in them.

use super::parse::parse;
use super::scope::Scope;
use super::value::{Abstract, Taint, Value};

/// How much longer than the text itself its result may be.
const MAX_GROWTH: usize = 1024 * 1024;

const OPEN: &str = "${{";

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Text as it is.
    Text(&'a str),
    /// `${{ … }}`.
    Expression {
        /// What stands between `${{` and `}}`.
        text: &'a str,
        /// Where `${{` starts, in bytes of the whole text.
        start: usize,
        /// Where `}}` ends.
        end: usize,
    },
}

impl Part<'_> {
    /// Where an expression's inside starts.
    pub(super) fn inside(start: usize) -> usize {
        start + OPEN.len()
    }
}

/// Cuts a text at its expressions. `}}` inside a string of the expression does not close it; what is never closed is
/// text.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(OPEN).map(|found| from + found) {
        let Some(length) = inside_length(&text[Part::inside(start)..]) else { break };
        if start > from {
            parts.push(Part::Text(&text[from..start]));
        }
        let close = Part::inside(start) + length;
        from = close + 2;
        parts.push(Part::Expression { text: &text[Part::inside(start)..close], start, end: from });
    }
    if from < text.len() {
        parts.push(Part::Text(&text[from..]));
    }
    parts
}

/// How far it is to the `}}` that closes. A doubled quote closes and opens a string, and so needs no case of its own.
fn inside_length(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().enumerate().find_map(|(at, byte)| {
        quoted ^= byte == b'\'';
        (!quoted && text.as_bytes()[at..].starts_with(b"}}")).then_some(at)
    })
}

/// Evaluates a text with the expressions in it: a string if every part is known, else unknown.
pub(crate) fn interpolate(text: &str, scope: &dyn Scope) -> Abstract {
    let mut taint = Taint::NONE;
    let mut result = Some(String::new());
    for part in parts(text) {
        let piece = match part {
            Part::Text(text) => Some(text.into()),
            Part::Expression { text, .. } => parse(text).ok().and_then(|expr| {
                let found = expr.evaluate(scope);
                taint = taint.union(found.whole_taint());
                found.value.to_text()
            }),
        };
        result = result.zip(piece).and_then(|(mut result, piece)| {
            result.push_str(&piece);
            (result.len() <= text.len() + MAX_GROWTH).then_some(result)
        });
    }
    Abstract { value: result.map_or(Value::Unknown, |result| Value::String(result.into())), taint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::evaluate::tests::World;

    #[test]
    fn cuts_at_expressions() {
        let expression = |text, start, end| Part::Expression { text, start, end };
        let cases = [
            ("", vec![]),
            ("plain }} text", vec![Part::Text("plain }} text")]),
            ("${{ a }}", vec![expression(" a ", 0, 8)]),
            (
                "é ${{a}}${{ b }}.",
                vec![Part::Text("é "), expression("a", 3, 9), expression(" b ", 9, 17), Part::Text(".")],
            ),
            ("${{ '}}' }}", vec![expression(" '}}' ", 0, 11)]),
            ("${{ 'it''s }}' }}!", vec![expression(" 'it''s }}' ", 0, 17), Part::Text("!")]),
            ("${{ a }}}", vec![expression(" a ", 0, 8), Part::Text("}")]),
            ("${{}}", vec![expression("", 0, 5)]),
            ("a ${{ b }", vec![Part::Text("a ${{ b }")]),
            ("${{ a }} ${{ 'b }}", vec![expression(" a ", 0, 8), Part::Text(" ${{ 'b }}")]),
            ("$ {{ a }}", vec![Part::Text("$ {{ a }}")]),
        ];
        for (text, expected) in cases {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_strings_when_every_part_is_known() {
        let world = World::default();
        let cases = [
            ("no expression", Some("no expression"), 0),
            ("", Some(""), 0),
            ("v${{ 1.50 }}-${{ null }}${{ true }}${{ known.word }}", Some("v1.5-trueWord"), 0),
            ("a ${{ tainted.a }} b ${{ tainted.b }}", None, 3),
            ("a ${{ tainted.a || 'x' }}", None, 1),
            ("${{ false && tainted.a }}", Some("false"), 0),
            ("${{ fromJSON('[1]') }}", Some("Array"), 0),
            ("${{ not an expression }}", None, 0),
            ("${{ }}", None, 0),
        ];
        for (text, expected, taint) in cases {
            let found = interpolate(text, &world);
            assert_eq!(found.value, expected.map_or(Value::Unknown, Value::text), "{text}");
            assert_eq!(found.taint, Taint(taint), "{text}");
        }
    }

    #[test]
    fn results_are_bounded() {
        let word = "x".repeat(60_000);
        let text = format!("${{{{ '{word}' }}}}").repeat(20);
        assert!(interpolate(&text, &World::default()).value.is_known());
        let text = format!("${{{{ format('{}', '{}') }}}}", "{0}".repeat(60), "x".repeat(1000)).repeat(40);
        assert_eq!(interpolate(&text, &World::default()).value, Value::Unknown);
    }
}
