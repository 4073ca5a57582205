//! The core schema of YAML 1.2.2, section 10.3: what an unquoted scalar is.

use std::borrow::Cow;

use saphyr_parser::Tag;

use crate::Number;
use crate::document::Value;

/// The prefix of the tags that the schema defines.
const CORE: &str = "tag:yaml.org,2002:";

/// What a scalar is: `plain` when it has no quotes and is no block.
///
/// A tag of the schema decides against the form; the error names what it asks for. Other tags say nothing here.
pub(crate) fn resolve(text: &str, plain: bool, tag: Option<&Tag>) -> Result<Value, &'static str> {
    let tag = tag.map_or(Cow::Borrowed(""), |tag| Cow::Owned(format!("{}{}", tag.handle, tag.suffix)));
    let wanted = match tag.strip_prefix(CORE) {
        Some("null") => "null",
        Some("bool") => "boolean",
        Some("int" | "float") => "number",
        Some("str") => return Ok(Value::String(text.to_owned())),
        _ if tag == "!" || !plain => return Ok(Value::String(text.to_owned())),
        _ => return Ok(untagged(text)),
    };
    match (untagged(text), wanted) {
        (value @ Value::Null, "null") | (value @ Value::Bool(_), "boolean") | (value @ Value::Number(_), "number") => {
            Ok(value)
        }
        _ => Err(wanted),
    }
}

/// What a plain scalar without a tag is. `on`, `yes` and `012` are not special: two strings and twelve.
fn untagged(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(Number::new(text)),
        _ => Value::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|b| matches!(b, b'0'..=b'7'));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(value: &Value) -> &'static str {
        match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Seq(_) | Value::Map(_) => "collection",
        }
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let table = [
            ("null", vec!["", "~", "null", "Null", "NULL"]),
            ("bool", vec!["true", "True", "TRUE", "false", "False", "FALSE"]),
            ("number", vec!["0", "-0", "+12", "012", "0o17", "0x1F", "1.", ".5", "-1.5e+3", "1e3", "1.E2"]),
            ("number", vec![".inf", "-.INF", "+.Inf", ".nan", ".NaN", "123456789012345678901234567890"]),
            ("string", vec!["on", "off", "yes", "No", "y", "tRUE", "nUll", "0o8", "0x", "-0x1", "1_000", "0b1"]),
            ("string", vec![".", "-", "+", "e3", "1e", "1e+", "1.2.3", ".e1", "-.nan", ".iNF", "1 2", "12:30", "inf"]),
            ("string", vec!["2026-01-01", "١", "${{ x }}"]),
        ];
        for (expected, texts) in table {
            for text in texts {
                assert_eq!(resolve(text, true, None).map(|v| kind(&v)), Ok(expected), "{text}");
                assert_eq!(resolve(text, false, None), Ok(Value::String(text.to_owned())), "{text} in quotes");
            }
        }
    }

    #[test]
    fn tags_of_the_schema_decide() {
        let tag = |suffix: &str| Tag { handle: CORE.to_owned(), suffix: suffix.to_owned() };
        let tagged = |text, suffix| resolve(text, true, Some(&tag(suffix))).map(|v| kind(&v));
        assert_eq!(tagged("1", "str"), Ok("string"));
        assert_eq!(tagged("", "str"), Ok("string"));
        assert_eq!(tagged("1", "int"), Ok("number"));
        assert_eq!(tagged("one", "int"), Err("number"));
        assert_eq!(tagged("yes", "bool"), Err("boolean"));
        assert_eq!(tagged("1", "binary"), Ok("number"));
        let quoted = resolve("1", false, Some(&tag("float"))).map(|v| kind(&v));
        assert_eq!(quoted, Ok("number"));
        let local = |handle: &str, suffix: &str| Tag { handle: handle.to_owned(), suffix: suffix.to_owned() };
        assert_eq!(resolve("1", true, Some(&local("", "!"))).map(|v| kind(&v)), Ok("string"));
        assert_eq!(resolve("1", true, Some(&local("!", "own"))).map(|v| kind(&v)), Ok("number"));
        let verbatim = local("", "tag:yaml.org,2002:str");
        assert_eq!(resolve("1", true, Some(&verbatim)).map(|v| kind(&v)), Ok("string"));
    }
}
