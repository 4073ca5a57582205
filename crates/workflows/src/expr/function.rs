//! The functions GitHub documents.

use std::rc::Rc;

use super::case::fold;
use super::compare::compare;
use super::tree::Operator;
use super::value::{Abstract, Taint, Value};
use super::{MAX_LENGTH, json};

/// The result of a function; unknown where it is not one of GitHub's, what it is given is not known, or it would end in
/// an error.
pub(super) fn call(name: &str, arguments: &[Abstract]) -> Abstract {
    let taint = depends(arguments);
    let values: Vec<_> = arguments.iter().map(|argument| &argument.value).collect();
    let value = match (name.to_ascii_lowercase().as_str(), values.as_slice()) {
        ("case", _) => return case(arguments),
        ("format", _) => return format(arguments),
        ("contains", [search, item]) => contains(search, item).map(Value::Bool),
        ("startswith", [text, start]) => both(text, start, |text, start| text.starts_with(start)),
        ("endswith", [text, end]) => both(text, end, |text, end| text.ends_with(end)),
        ("join", [items]) => join(items, None),
        ("join", [items, separator]) => join(items, Some(separator)),
        ("tojson", [value]) => json::write(value).map(Rc::from).map(Value::String),
        ("fromjson", [text]) => text.to_text().and_then(|text| json::read(&text)),
        _ => None,
    };
    let value = match value {
        Some(Value::String(text)) if text.len() > MAX_LENGTH => Value::Unknown,
        Some(Value::Partial { truth, .. }) => Value::Partial { truth, taint },
        other => other.unwrap_or(Value::Unknown),
    };
    Abstract { value, taint }
}

fn depends(arguments: &[Abstract]) -> Taint {
    arguments.iter().fold(Taint::NONE, |taint, argument| taint.union(argument.whole_taint()))
}

/// A question about two texts, whatever their case; an array has none and the answer is no.
fn both(left: &Value, right: &Value, holds: impl Fn(&str, &str) -> bool) -> Option<Value> {
    if matches!(left, Value::List(_)) || matches!(right, Value::List(_)) {
        return Some(Value::Bool(false));
    }
    let (left, right) = (left.to_text()?, right.to_text()?);
    Some(Value::Bool(holds(&fold(&left), &fold(&right))))
}

fn contains(search: &Value, item: &Value) -> Option<bool> {
    let Value::List(items) = search else {
        return both(search, item, |text, part| text.contains(part))?.truth();
    };
    let mut known = Some(false);
    for found in items.iter().map(|candidate| compare(Operator::Equal, candidate, item)) {
        match found {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

fn join(items: &Value, separator: Option<&Value>) -> Option<Value> {
    let Value::List(items) = items else { return items.to_text().map(Value::String) };
    let separator = match separator {
        None | Some(Value::List(_)) => ",".into(),
        Some(_) if items.len() < 2 => "".into(),
        Some(separator) => separator.to_text()?,
    };
    let mut joined = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            joined.push_str(&separator);
        }
        joined.push_str(&item.to_text()?);
        if joined.len() > MAX_LENGTH {
            return None;
        }
    }
    Some(Value::text(&joined))
}

/// `format`, which depends on no argument that the text does not mention.
fn format(arguments: &[Abstract]) -> Abstract {
    let Some((template, arguments)) = arguments.split_first() else { return Abstract::unknown(Taint::NONE) };
    let Some(text) = template.value.to_text() else {
        return Abstract::unknown(depends(arguments).union(template.whole_taint()));
    };
    let mut taint = template.taint;
    let mut known = true;
    let mut result = String::new();
    let mut rest = &*text;
    while let Some(brace) = rest.find(['{', '}']) {
        result.push_str(&rest[..brace]);
        rest = &rest[brace..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            result.push_str(&rest[..1]);
            rest = &rest[2..];
            continue;
        }
        let mentioned = rest.split_once('}').and_then(|(number, after)| Some((number.strip_prefix('{')?, after)));
        let argument = mentioned.and_then(|(number, after)| {
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            let number: u8 = number.parse().ok().filter(|_| is_number)?;
            Some((arguments.get(usize::from(number))?, after))
        });
        // Anything else in braces is an error.
        let Some((argument, after)) = argument else { return Abstract::unknown(taint) };
        taint = taint.union(argument.whole_taint());
        match argument.value.to_text() {
            Some(text) if result.len() + text.len() <= MAX_LENGTH => result.push_str(&text),
            _ => known = false,
        }
        rest = after;
    }
    result.push_str(rest);
    let value = if known && result.len() <= MAX_LENGTH { Value::text(&result) } else { Value::Unknown };
    Abstract { value, taint }
}

/// `case`: the value behind the first condition that is `true`, else the last one.
fn case(arguments: &[Abstract]) -> Abstract {
    let mut taint = Taint::NONE;
    let mut rest = arguments;
    while let [condition, value, after @ ..] = rest {
        match condition.value {
            Value::Bool(true) => {
                return Abstract { taint: taint.union(condition.taint).union(value.taint), ..value.clone() };
            }
            Value::Bool(false) => taint = taint.union(condition.taint),
            // Not known, or no boolean, which is an error.
            _ => return Abstract::unknown(taint.union(depends(rest))),
        }
        rest = after;
    }
    match rest {
        [default] => Abstract { taint: taint.union(default.taint), ..default.clone() },
        _ => Abstract::unknown(taint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::evaluate::tests::World;
    use crate::expr::parse;

    fn evaluated(text: &str) -> Abstract {
        parse(text).expect(text).evaluate(&World::default())
    }

    #[test]
    fn results_are_the_documented_ones() {
        let cases = [
            ("contains('Hello world', 'llo')", "true"),
            ("contains('Hello world', 'WORLD')", "true"),
            ("contains('Hello', '')", "true"),
            ("contains('1234', 23)", "true"),
            ("contains(null, 'x')", "false"),
            ("contains(fromJSON('[\"push\", \"pull_request\"]'), 'PUSH')", "true"),
            ("contains(fromJSON('[\"push\"]'), 'pus')", "false"),
            ("contains(fromJSON('[1]'), '1')", "true"),
            ("contains('a', fromJSON('[]'))", "false"),
            ("startsWith('Hello world', 'he')", "true"),
            ("startsWith('Hello world', 'world')", "false"),
            ("startsWith(fromJSON('[]'), '')", "false"),
            ("endsWith('Hello world', 'LD')", "true"),
            ("endsWith(1.5, .5)", "false"),
            ("endsWith(1.5, 5)", "true"),
            ("format('Hello {0} {1} {2}', 'Mona', 'the', 'Octocat')", "Hello Mona the Octocat"),
            ("format('{{Hello {0} {1} {2}!}}', 'Mona', 'the', 'Octocat')", "{Hello Mona the Octocat!}"),
            ("format('{1}{0}{1}', 1, true)", "true1true"),
            ("format('{0}', '{1}')", "{1}"),
            ("format('}}{{{0}}}', null)", "}{}"),
            ("join(fromJSON('[\"bug\", null, 1.0, []]'), ', ')", "bug, , 1, Array"),
            ("join(fromJSON('[1, 2]'))", "1,2"),
            ("join('a', 'b')", "a"),
            ("join(fromJSON('[]'), tainted.a)", ""),
            ("join(fromJSON('[1, 2]'), fromJSON('[]'))", "1,2"),
            ("toJSON('a\"b')", "\"a\\\"b\""),
            ("toJSON(null)", "null"),
            ("toJSON(1.50)", "1.5"),
            ("toJSON(fromJSON('[1,[]]'))", "[\n  1,\n  []\n]"),
            ("fromJSON('true') == true", "true"),
            ("fromJSON('3') > 2", "true"),
            ("fromJSON('\"x\"')", "x"),
            ("fromJSON(false) == false", "true"),
            ("case(known.word == 'x', 'a', known.word == 'word', 'b', 'c')", "b"),
            ("case(false, 'a', 'c')", "c"),
        ];
        for (text, expected) in cases {
            assert_eq!(evaluated(text).value.to_text().as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_unknown_stays_unknown_and_depends_on_what_is_used() {
        let cases = [
            ("contains(tainted.a, 'x')", 1),
            ("contains('x', tainted.a)", 1),
            ("contains(tainted.a, '')", 1),
            ("startsWith(tainted.a, tainted.b)", 3),
            ("format('{0}', tainted.a, tainted.b)", 1),
            ("format(tainted.a, tainted.b)", 3),
            ("format('{0}', tainted.b || 1)", 2),
            ("join(known.*.result)", 8),
            ("join(fromJSON('[1, 2]'), tainted.a)", 1),
            ("toJSON(tainted.a)", 1),
            ("toJSON(known.*.result)", 8),
            ("fromJSON(tainted.a)", 1),
            ("case(tainted.a, 'x', tainted.b)", 3),
            ("case(false, tainted.a, tainted.b)", 2),
            // Errors.
            ("fromJSON('')", 0),
            ("fromJSON('{a')", 0),
            ("format('{0} {1}', 'x')", 0),
            ("format('{')", 0),
            ("format('}', 1)", 0),
            ("format('{+0}', 1)", 0),
            ("format('{0:d}', 1)", 0),
            ("format('{}', 1)", 0),
            ("format('{0}}', 1)", 0),
            ("format('{256}', 1)", 0),
            ("case('true', 1, 2)", 0),
            ("hashless()", 0),
        ];
        for (text, taint) in cases {
            assert_eq!(evaluated(text), Abstract::unknown(Taint(taint)), "{text}");
        }
    }

    #[test]
    fn results_do_not_grow_without_bound() {
        let mut text = "'xxxxxxxxxxxxxxxx'".to_owned();
        for _ in 0..40 {
            text = format!("format('{}', {text})", "{0}".repeat(20));
        }
        assert_eq!(evaluated(&text).value, Value::Unknown);
        let mut text = "'\"'".to_owned();
        for _ in 0..45 {
            text = format!("toJSON({text})");
        }
        assert_eq!(evaluated(&text).value, Value::Unknown);
    }
}
