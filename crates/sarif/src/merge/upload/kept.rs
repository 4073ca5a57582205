//! The worst results of a run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How loud a result is (§3.27.10), mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Note,
    Warning,
    Error,
}

impl Level {
    /// The level of this word.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "note" => Some(Self::Note),
            "warning" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }

    /// The word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A result that goes to the host. The larger, the worse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kept<T> {
    pub(super) level: Level,
    /// `security-severity` of the rule, in hundredths.
    pub(super) severity: u32,
    /// Its place in the file.
    pub(super) ordinal: Reverse<u64>,
    /// What else is known of it. Places differ, so it never decides.
    pub(super) more: T,
}

/// The worst results so far, at most a given number.
pub(super) struct Worst<T> {
    heap: BinaryHeap<Reverse<Kept<T>>>,
    most: usize,
    /// How many there were beyond.
    pub(super) over: u64,
}

impl<T: Ord> Worst<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { heap: BinaryHeap::new(), most, over: 0 }
    }

    pub(super) fn add(&mut self, kept: Kept<T>) {
        self.heap.push(Reverse(kept));
        if self.heap.len() > self.most {
            self.heap.pop();
            self.over += 1;
        }
    }

    /// All of them, the worst first.
    pub(super) fn sorted(self) -> Vec<Kept<T>> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(kept)| kept).collect()
    }
}

/// The largest number up to `most` for which `fits` has something, nearly: about one in 64 of `most` too small at
/// worst. None if not even 0 fits.
///
/// # Errors
/// What `fits` says.
pub(super) fn largest<T, E>(
    most: usize,
    mut fits: impl FnMut(usize) -> Result<Option<T>, E>,
) -> Result<Option<(usize, T)>, E> {
    if let Some(all) = fits(most)? {
        return Ok(Some((most, all)));
    }
    if most == 0 {
        return Ok(None);
    }
    let Some(none) = fits(0)? else { return Ok(None) };
    let (mut low, mut high, mut best) = (0, most, none);
    while high - low > 1 + most / 64 {
        let middle = low + (high - low) / 2;
        match fits(middle)? {
            Some(found) => (low, best) = (middle, found),
            None => high = middle,
        }
    }
    Ok(Some((low, best)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_are_kept() {
        let mut worst = Worst::new(3);
        for (ordinal, (level, severity)) in [
            (Level::Note, 900),
            (Level::Error, 0),
            (Level::Warning, 500),
            (Level::Error, 700),
            (Level::Warning, 500),
            (Level::None, 0),
        ]
        .into_iter()
        .enumerate()
        {
            worst.add(Kept { level, severity, ordinal: Reverse(ordinal as u64), more: () });
        }
        assert_eq!(worst.over, 3);
        assert_eq!(worst.sorted().iter().map(|kept| kept.ordinal.0).collect::<Vec<_>>(), [3, 1, 2]);
    }

    #[test]
    fn the_largest_that_fits_is_found() {
        for (most, bound, expected) in [(10, 10, Some(10)), (10, 7, Some(7)), (10, 0, Some(0)), (0, 0, Some(0))] {
            let found = largest(most, |n| Ok::<_, ()>((n <= bound).then_some(n))).unwrap();
            assert_eq!(found, expected.map(|n| (n, n)));
        }
        assert_eq!(largest(5, |_| Ok::<_, ()>(None::<()>)), Ok(None));
        let (found, _) = largest(5000, |n| Ok::<_, ()>((n <= 1234).then_some(n))).unwrap().unwrap();
        assert!((1234 - 79..=1234).contains(&found), "{found}");
    }
}
