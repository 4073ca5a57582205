//! `${NAME}` in texts of the configuration: what must not stand there in the clear.

use serde_json::Value;

/// `text` with each `${NAME}` replaced by what `lookup` says.
///
/// # Errors
/// The name that nothing is known of, in a sentence.
pub fn text(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            return Err("a `${` has no `}`".to_owned());
        };
        let value = lookup(name).ok_or_else(|| format!("the environment variable {name} is not set"))?;
        filled.push_str(&value);
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The same for every text within `value`.
///
/// # Errors
/// As for [`text`].
pub fn json(value: &Value, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Value, String> {
    Ok(match value {
        Value::String(inner) => Value::String(text(inner, lookup)?),
        Value::Array(items) => Value::Array(items.iter().map(|item| json(item, lookup)).collect::<Result<_, _>>()?),
        Value::Object(fields) => {
            let filled = fields.iter().map(|(key, value)| Ok((key.clone(), json(value, lookup)?)));
            Value::Object(filled.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

/// What the environment says of `name`; what is empty is not set.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lookup(name: &str) -> Option<String> {
        (name == "WHO").then(|| "me".to_owned())
    }

    #[test]
    fn names_are_replaced_wherever_they_stand() {
        assert_eq!(text("a ${WHO} b ${WHO}$", &lookup).unwrap(), "a me b me$");
        assert_eq!(text("$WHO {WHO}", &lookup).unwrap(), "$WHO {WHO}");
        let filled = super::json(&json!({"a": ["${WHO}", 1], "${WHO}": null}), &lookup).unwrap();
        assert_eq!(filled, json!({"a": ["me", 1], "${WHO}": null}));
    }

    #[test]
    fn what_is_not_set_is_named() {
        assert_eq!(text("${WHO}${NOBODY}", &lookup).unwrap_err(), "the environment variable NOBODY is not set");
        assert!(text("${WHO", &lookup).is_err());
    }
}
