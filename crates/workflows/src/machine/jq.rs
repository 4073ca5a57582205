//! A small part of jq: what gates use to take a number out of a report.
//!
//! Paths, `//`, `|`, `length`, `add`, `keys`, `map`, `select`, `[ … ]`, comparisons, literals. Anything else is not known.

mod parse;

use serde_json::Value as Json;

use self::parse::Reader;

/// How many values one filter may give.
const MOST: usize = 1_000;

/// What a filter gives: values, or an error that ends jq.
pub(super) type Given = Result<Vec<Json>, JqError>;

/// Why there are no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JqError {
    /// jq would say so and end with a failure.
    Fails,
    /// It is not known what jq would do.
    NotKnown,
}

/// A filter.
#[derive(Clone, Debug)]
enum Filter {
    Identity,
    Literal(Json),
    Field(Box<Self>, String),
    Index(Box<Self>, i64),
    Each(Box<Self>),
    Try(Box<Self>),
    Pipe(Box<Self>, Box<Self>),
    Comma(Box<Self>, Box<Self>),
    Alternative(Box<Self>, Box<Self>),
    Collect(Option<Box<Self>>),
    Call(String, Option<Box<Self>>),
    Compare(String, Box<Self>, Box<Self>),
    Both(bool, Box<Self>, Box<Self>),
}

/// What `filter` gives for the document `text`.
pub(super) fn run(filter: &str, text: &str) -> Given {
    let parsed = Reader::new(filter).whole().ok_or(JqError::NotKnown)?;
    let mut all = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Json>() {
        let document = document.map_err(|_| JqError::Fails)?;
        all.extend(evaluate(&parsed, &document)?);
    }
    Ok(all)
}

/// Whether a value counts as true.
pub(super) fn is_true(value: &Json) -> bool {
    !matches!(value, Json::Null | Json::Bool(false))
}

fn evaluate(filter: &Filter, input: &Json) -> Given {
    let all = match filter {
        Filter::Identity => vec![input.clone()],
        Filter::Literal(value) => vec![value.clone()],
        Filter::Field(of, name) => over(of, input, |value| match value {
            Json::Object(map) => Ok(map.get(name).cloned().unwrap_or(Json::Null)),
            Json::Null => Ok(Json::Null),
            _ => Err(JqError::Fails),
        })?,
        Filter::Index(of, index) => over(of, input, |value| match value {
            Json::Array(items) => {
                let at = if *index < 0 { items.len() as i64 + index } else { *index };
                Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Json::Null))
            }
            Json::Null => Ok(Json::Null),
            _ => Err(JqError::Fails),
        })?,
        Filter::Each(of) => {
            let mut all = Vec::new();
            for value in evaluate(of, input)? {
                match value {
                    Json::Array(items) => all.extend(items),
                    Json::Object(map) => all.extend(map.into_iter().map(|(_, value)| value)),
                    _ => return Err(JqError::Fails),
                }
            }
            all
        }
        Filter::Try(inner) => match evaluate(inner, input) {
            Err(JqError::Fails) => Vec::new(),
            given => given?,
        },
        Filter::Pipe(left, right) => {
            let mut all = Vec::new();
            for value in evaluate(left, input)? {
                all.extend(evaluate(right, &value)?);
            }
            all
        }
        Filter::Comma(left, right) => {
            let mut all = evaluate(left, input)?;
            all.extend(evaluate(right, input)?);
            all
        }
        Filter::Alternative(left, right) => {
            let good: Vec<Json> = match evaluate(left, input) {
                Ok(values) => values.into_iter().filter(is_true).collect(),
                Err(JqError::Fails) => Vec::new(),
                Err(error) => return Err(error),
            };
            if good.is_empty() { evaluate(right, input)? } else { good }
        }
        Filter::Collect(inner) => {
            vec![Json::Array(inner.as_ref().map_or(Ok(Vec::new()), |inner| evaluate(inner, input))?)]
        }
        Filter::Call(name, argument) => call(name, argument.as_deref(), input)?,
        Filter::Compare(operator, left, right) => {
            let (a, b) = (one(left, input)?, one(right, input)?);
            vec![Json::Bool(compare(operator, &a, &b).ok_or(JqError::NotKnown)?)]
        }
        Filter::Both(or, left, right) => {
            let a = is_true(&one(left, input)?);
            let value = if a == *or { a } else { is_true(&one(right, input)?) };
            vec![Json::Bool(value)]
        }
    };
    if all.len() > MOST { Err(JqError::NotKnown) } else { Ok(all) }
}

fn over(of: &Filter, input: &Json, map: impl Fn(&Json) -> Result<Json, JqError>) -> Given {
    evaluate(of, input)?.iter().map(map).collect()
}

fn one(filter: &Filter, input: &Json) -> Result<Json, JqError> {
    match evaluate(filter, input)?.as_slice() {
        [value] => Ok(value.clone()),
        _ => Err(JqError::NotKnown),
    }
}

fn call(name: &str, argument: Option<&Filter>, input: &Json) -> Given {
    let one = match (name, argument, input) {
        ("length", None, Json::Null) => Json::from(0),
        ("length", None, Json::Array(items)) => Json::from(items.len()),
        ("length", None, Json::Object(map)) => Json::from(map.len()),
        ("length", None, Json::String(text)) => Json::from(text.chars().count()),
        ("length", None, Json::Number(_)) => input.clone(),
        ("length" | "keys" | "add", None, Json::Bool(_)) => return Err(JqError::Fails),
        ("keys", None, Json::Object(map)) => Json::Array(map.keys().map(|key| Json::from(key.as_str())).collect()),
        ("keys", None, Json::Null) => return Err(JqError::Fails),
        ("not", None, _) => Json::Bool(!is_true(input)),
        ("empty", None, _) => return Ok(Vec::new()),
        ("add", None, Json::Array(items)) => add(items)?,
        ("add", None, Json::Null) => Json::Null,
        ("tonumber", None, Json::Number(_)) => input.clone(),
        ("tonumber", None, Json::String(text)) => {
            text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Json::Number).ok_or(JqError::Fails)?
        }
        ("tostring", None, Json::String(_)) => input.clone(),
        ("tostring", None, _) => Json::String(input.to_string()),
        ("select", Some(condition), _) => {
            let mut all = Vec::new();
            for value in evaluate(condition, input)? {
                if is_true(&value) {
                    all.push(input.clone());
                }
            }
            return Ok(all);
        }
        ("map", Some(inner), Json::Array(items)) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(evaluate(inner, item)?);
            }
            Json::Array(all)
        }
        ("map", Some(_), Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) => return Err(JqError::Fails),
        _ => return Err(JqError::NotKnown),
    };
    Ok(vec![one])
}

fn add(items: &[Json]) -> Result<Json, JqError> {
    let mut sum = 0.0;
    for item in items {
        sum += item.as_f64().ok_or(JqError::NotKnown)?;
    }
    if items.is_empty() {
        return Ok(Json::Null);
    }
    if sum.fract() == 0.0 { Ok(Json::from(sum as i64)) } else { Ok(Json::from(sum)) }
}

fn compare(operator: &str, a: &Json, b: &Json) -> Option<bool> {
    let ordering = match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?)?,
        (Json::String(a), Json::String(b)) => a.cmp(b),
        _ if operator == "==" => return Some(a == b),
        _ if operator == "!=" => return Some(a != b),
        // null < false < true < numbers < strings < arrays < objects.
        _ => rank(a).cmp(&rank(b)),
    };
    Some(match operator {
        "==" => ordering.is_eq(),
        "!=" => ordering.is_ne(),
        "<" => ordering.is_lt(),
        "<=" => ordering.is_le(),
        ">" => ordering.is_gt(),
        _ => ordering.is_ge(),
    })
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::Bool(false) => 1,
        Json::Bool(true) => 2,
        Json::Number(_) => 3,
        Json::String(_) => 4,
        Json::Array(_) => 5,
        Json::Object(_) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(filter: &str, text: &str) -> Result<String, JqError> {
        run(filter, text).map(|all| all.iter().map(Json::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn gates_take_their_numbers_so() {
        const AUDIT: &str =
            r#"{"metadata":{"vulnerabilities":{"critical":2,"high":0}},"list":[{"s":"HIGH"},{"s":"LOW"}]}"#;
        const ERROR: &str = r#"{"error":{"code":"E"}}"#;
        for (filter, text, expected) in [
            (".metadata.vulnerabilities.critical // 0", AUDIT, Ok("2")),
            (".metadata.vulnerabilities.critical // 0", ERROR, Ok("0")),
            (".metadata.vulnerabilities.critical", ERROR, Ok("null")),
            (".metadata.vulnerabilities.high // 7", AUDIT, Ok("0")),
            ("[.list[] | select(.s == \"HIGH\")] | length", AUDIT, Ok("1")),
            (".list | map(select(.s==\"HIGH\" or .s == \"LOW\")) | length", AUDIT, Ok("2")),
            (".list | length", ERROR, Ok("0")),
            ("[.list[]?] | length", ERROR, Ok("0")),
            (".list[]", ERROR, Err(JqError::Fails)),
            (".list[0].s, .list[-1].s", AUDIT, Ok("\"HIGH\" \"LOW\"")),
            ("[1, 2.5] | add", ERROR, Ok("3.5")),
            (".total.lines.pct", "", Ok("")),
            (".a", "{ not json", Err(JqError::Fails)),
            ("reduce .[] as $x (0; . + $x)", ERROR, Err(JqError::NotKnown)),
            (".a | test(\"x\")", ERROR, Err(JqError::NotKnown)),
            ("..", ERROR, Err(JqError::NotKnown)),
            (".[\"error\"].code", ERROR, Ok("\"E\"")),
        ] {
            assert_eq!(given(filter, text), expected.map(str::to_owned), "{filter}");
        }
        assert_eq!(given(&"(".repeat(1_000), "{}"), Err(JqError::NotKnown));
    }
}
