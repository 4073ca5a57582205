//! Names of objects.

use std::fmt;

use gix::ObjectId;

/// The name of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(crate) ObjectId);

impl Id {
    /// The name with these hex digits, all of them; none where they are no name.
    pub fn from_hex(digits: &str) -> Option<Self> {
        ObjectId::from_hex(digits.as_bytes()).ok().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_name_when_there_are_enough() {
        for digits in ["0123456789abcdef0123456789abcdef01234567", &"5".repeat(64)] {
            let id = Id::from_hex(digits).unwrap();
            assert_eq!((id.to_string(), format!("{id:?}")), (digits.to_owned(), digits.to_owned()));
        }
        for digits in ["", "0123", &"g".repeat(40), &"5".repeat(41)] {
            assert_eq!(Id::from_hex(digits), None, "{digits}");
        }
    }
}
