//! TOML values as JSON.

use serde_json::{Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of the file, keys and values with their places.
pub(crate) type Table<'a> = DeTable<'a>;

/// A value of the file as JSON; dates become strings.
pub(crate) fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(digits) => i64::from_str_radix(&digits.as_str().replace('_', ""), digits.radix())
            .map_or_else(|_| Value::String(digits.as_str().to_owned()), |n| Value::Number(n.into())),
        DeValue::Float(digits) => {
            let number = digits.as_str().replace('_', "").parse().ok().and_then(Number::from_f64);
            number.map_or_else(|| Value::String(digits.as_str().to_owned()), Value::Number)
        }
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json(item.get_ref())).collect()),
        DeValue::Table(table) => {
            let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| -> (String, Value) {
                let key: &std::borrow::Cow<'_, str> = key.get_ref();
                (key.to_string(), json(value.get_ref()))
            };
            Value::Object(table.iter().map(entry).collect())
        }
    }
}
