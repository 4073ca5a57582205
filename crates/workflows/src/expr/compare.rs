//! Comparison of two values, after the types have been brought together.

use std::cmp::Ordering;

use super::case::fold;
use super::tree::Operator;
use super::value::Value;

/// Whether the comparison holds; none where that is not known.
pub(super) fn compare(operator: Operator, left: &Value, right: &Value) -> Option<bool> {
    if !left.is_known() || !right.is_known() {
        return None;
    }
    let order = match (left, right) {
        // Arrays are equal when they are the same one, which is not followed here.
        (Value::List(_), Value::List(_)) => return None,
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Some(fold(left).encode_utf16().cmp(fold(right).encode_utf16())),
        // Null with null, numbers, and any two types that differ.
        _ => left.to_number()?.partial_cmp(&right.to_number()?),
    };
    Some(match operator {
        Operator::Equal => order == Some(Ordering::Equal),
        Operator::NotEqual => order != Some(Ordering::Equal),
        Operator::Less => order == Some(Ordering::Less),
        Operator::LessOrEqual => order.is_some_and(Ordering::is_le),
        Operator::Greater => order == Some(Ordering::Greater),
        Operator::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_brought_together() {
        let (null, yes, no) = (Value::Null, Value::Bool(true), Value::Bool(false));
        let list = Value::List([].into());
        let cases = [
            (text("Main"), text("mAIN"), Some(Ordering::Equal)),
            (text("a"), text("B"), Some(Ordering::Less)),
            // Between the upper and the lower letters of ASCII: letters compare as upper ones.
            (text("_"), text("a"), Some(Ordering::Greater)),
            (text("10"), text("9"), Some(Ordering::Less)),
            (text("10"), Value::Number(9.0), Some(Ordering::Greater)),
            (null.clone(), null.clone(), Some(Ordering::Equal)),
            (null.clone(), Value::Number(0.0), Some(Ordering::Equal)),
            (null.clone(), text(""), Some(Ordering::Equal)),
            (null.clone(), no.clone(), Some(Ordering::Equal)),
            (yes.clone(), Value::Number(1.0), Some(Ordering::Equal)),
            (yes.clone(), text("1"), Some(Ordering::Equal)),
            (yes.clone(), text("true"), None),
            (no.clone(), yes.clone(), Some(Ordering::Less)),
            (Value::Number(f64::NAN), Value::Number(f64::NAN), None),
            (text("x"), Value::Number(0.0), None),
            (list.clone(), null.clone(), None),
            (list.clone(), text("Array"), None),
        ];
        for (left, right, order) in cases {
            let holds = |operator| compare(operator, &left, &right).expect("both are known");
            assert_eq!(holds(Operator::Equal), order == Some(Ordering::Equal), "{left:?} == {right:?}");
            assert_eq!(holds(Operator::NotEqual), order != Some(Ordering::Equal), "{left:?} != {right:?}");
            assert_eq!(holds(Operator::Less), order == Some(Ordering::Less), "{left:?} < {right:?}");
            assert_eq!(holds(Operator::LessOrEqual), order.is_some_and(Ordering::is_le), "{left:?} <= {right:?}");
            assert_eq!(holds(Operator::Greater), order == Some(Ordering::Greater), "{left:?} > {right:?}");
            assert_eq!(holds(Operator::GreaterOrEqual), order.is_some_and(Ordering::is_ge), "{left:?} >= {right:?}");
        }
    }

    #[test]
    fn the_unknown_is_not_compared() {
        assert_eq!(compare(Operator::Equal, &Value::Unknown, &Value::Unknown), None);
        assert_eq!(compare(Operator::NotEqual, &Value::Unknown, &Value::Null), None);
    }

    fn text(text: &str) -> Value {
        Value::text(text)
    }
}
