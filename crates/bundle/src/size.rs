//! A number of bytes, known exactly or between bounds.

use std::iter::Sum;

/// A number of bytes that lies within `low..=high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// No fewer than this.
    pub(crate) low: u64,
    /// No more than this.
    pub(crate) high: u64,
}

impl Size {
    /// Exactly this many.
    pub(crate) const fn exact(bytes: u64) -> Self {
        Self { low: bytes, high: bytes }
    }

    /// Whether it is known exactly.
    pub(crate) fn is_exact(self) -> bool {
        self.low == self.high
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::exact(0), |sum, size| Self {
            low: sum.low.saturating_add(size.low),
            high: sum.high.saturating_add(size.high),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_add_up_and_never_overflow() {
        let sum: Size = [Size::exact(3), Size { low: 1, high: 9 }].into_iter().sum();
        assert_eq!((sum, sum.is_exact()), (Size { low: 4, high: 12 }, false));
        assert_eq!([Size::exact(u64::MAX), Size::exact(1)].into_iter().sum::<Size>(), Size::exact(u64::MAX));
    }
}
