//! Values that may be unknown, with what they depend on.

use std::rc::Rc;

use super::number;

/// What a value depends on: a set of bits whose meaning is the caller's.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Taint(pub(crate) u16);

impl Taint {
    /// Depends on nothing.
    pub(crate) const NONE: Self = Self(0);

    /// What either depends on.
    #[must_use]
    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it depends on nothing.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every bit of the other is in it.
    pub(crate) fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(Rc<str>),
    /// An array; items may be unknown.
    List(Rc<[Self]>),
    /// Not known but for its truth: `x || 'a'` is true whatever `x` is. The taint is what the rest of it depends on.
    Partial {
        /// Whether it counts as true.
        truth: bool,
        /// What the value depends on, where its truth does not.
        taint: Taint,
    },
    /// Could be anything.
    Unknown,
}

impl Value {
    /// A string.
    pub(crate) fn text(text: &str) -> Self {
        Self::String(text.into())
    }

    /// Whether it counts as true in a condition, if that is known.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Number(number) => Some(*number != 0.0 && !number.is_nan()),
            Self::String(text) => Some(!text.is_empty()),
            Self::List(_) => Some(true),
            Self::Partial { truth, .. } => Some(*truth),
            Self::Unknown => None,
        }
    }

    /// Whether the value itself is known, not its truth alone.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Partial { .. })
    }

    /// The value as a string, as `${{ }}` in a text and the functions see it.
    pub(crate) fn to_text(&self) -> Option<Rc<str>> {
        Some(match self {
            Self::Null => "".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Number(number) => number::write(*number).into(),
            Self::String(text) => Rc::clone(text),
            // What GitHub writes in its place.
            Self::List(_) => "Array".into(),
            Self::Partial { .. } | Self::Unknown => return None,
        })
    }

    /// The value as a number, as comparisons and indices see it.
    pub(crate) fn to_number(&self) -> Option<f64> {
        Some(match self {
            Self::Null | Self::Bool(false) => 0.0,
            Self::Bool(true) => 1.0,
            Self::Number(number) => *number,
            Self::String(text) => number::read(text),
            Self::List(_) => f64::NAN,
            Self::Partial { .. } | Self::Unknown => return None,
        })
    }
}

/// A value and what it depends on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Abstract {
    /// The value.
    pub(crate) value: Value,
    /// What it depends on. Of a [`Value::Partial`] this is what its truth depends on.
    pub(crate) taint: Taint,
}

impl Abstract {
    /// A value that depends on nothing.
    pub(crate) fn known(value: Value) -> Self {
        Self { value, taint: Taint::NONE }
    }

    /// Any value, depending on this.
    pub(crate) fn unknown(taint: Taint) -> Self {
        Self { value: Value::Unknown, taint }
    }

    /// Whether it counts as true in a condition, if that is known.
    pub(crate) fn truth(&self) -> Option<bool> {
        self.value.truth()
    }

    /// What the value depends on, its truth and the rest of it.
    pub(crate) fn whole_taint(&self) -> Taint {
        match self.value {
            Value::Partial { taint, .. } => self.taint.union(taint),
            _ => self.taint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falsy_is_what_github_lists() {
        let falsy = [Value::Null, Value::Bool(false), Value::Number(0.0), Value::Number(-0.0), Value::text("")];
        for value in falsy {
            assert_eq!(value.truth(), Some(false), "{value:?}");
        }
        let truthy = [Value::Bool(true), Value::Number(-1.0), Value::text("false"), Value::text("0"), list(&[])];
        for value in truthy {
            assert_eq!(value.truth(), Some(true), "{value:?}");
        }
        assert_eq!(Value::Number(f64::NAN).truth(), Some(false));
        assert_eq!(Value::Unknown.truth(), None);
        assert_eq!(Value::Partial { truth: true, taint: Taint::NONE }.truth(), Some(true));
    }

    #[test]
    fn strings_and_numbers_are_cast_as_documented() {
        let cases = [
            (Value::Null, "", Some(0.0)),
            (Value::Bool(true), "true", Some(1.0)),
            (Value::Bool(false), "false", Some(0.0)),
            (Value::Number(1.5), "1.5", Some(1.5)),
            (Value::text(" 12 "), " 12 ", Some(12.0)),
            (Value::text(""), "", Some(0.0)),
            (Value::text("twelve"), "twelve", None),
            (list(&[Value::Null]), "Array", None),
        ];
        for (value, text, number) in cases {
            assert_eq!(value.to_text().as_deref(), Some(text));
            assert_eq!(value.to_number().filter(|number| !number.is_nan()), number, "{value:?}");
        }
        assert_eq!(Value::Unknown.to_text(), None);
        assert_eq!(Value::Unknown.to_number(), None);
    }

    #[test]
    fn taints_are_sets() {
        let (a, b) = (Taint(1), Taint(2));
        assert!(a.union(b).contains(a) && a.union(b).contains(b) && !a.contains(b));
        assert!(Taint::default().is_empty() && a.contains(Taint::NONE) && !a.is_empty());
        let partial = Abstract { value: Value::Partial { truth: false, taint: a }, taint: b };
        assert_eq!(partial.whole_taint(), Taint(3));
    }

    fn list(items: &[Value]) -> Value {
        Value::List(items.into())
    }
}
