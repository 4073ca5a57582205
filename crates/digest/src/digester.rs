//! Names for values that come by one by one, from whoever quotes them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::key::{Key, is_guessable};

/// Most slow digests of one run: three seconds.
const MOST_SLOW: usize = 64;

/// Where a key comes from, when it is first asked for.
type Source = Box<dyn FnOnce() -> Option<Key> + Send>;

/// Names values, each the same whenever it comes. It never holds one.
pub struct Digester {
    key: LazyLock<Option<Key>, Source>,
    /// Slow digests by what stands for the value.
    slow: Mutex<HashMap<[u8; 32], String>>,
    most: usize,
}

impl Digester {
    /// With the key that `source` gives, which is asked for when the first value comes. Without a key nothing has a name.
    pub fn new(source: impl FnOnce() -> Option<Key> + Send + 'static) -> Self {
        Self { key: LazyLock::new(Box::new(source)), slow: Mutex::default(), most: MOST_SLOW }
    }

    /// The digest of `value`. None of what is no value but stands for one, and of what could be guessed once 64 of those
    /// were named.
    pub fn name(&self, value: &[u8]) -> Option<String> {
        if is_shortened(value) {
            return None;
        }
        let key = self.key.as_ref()?;
        if !is_guessable(&crate::canonical(value)) {
            return Some(key.digest(value));
        }
        let mark = key.mark(value);
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = slow.get(&mark) {
            return Some(known.clone());
        }
        (slow.len() < self.most).then(|| slow.entry(mark).or_insert_with(|| key.digest(value)).clone())
    }
}

/// Whether `text` is no value, but what a tool, or somebody who shares its report, put in its place: nothing, a word, stars,
/// the first characters with dots behind them, a digest as our own archive has it.
pub fn is_shortened(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.eq_ignore_ascii_case(b"redacted")
        || text.starts_with(b"redacted (s1:")
        || text.ends_with(b"...")
        || text.ends_with("…".as_bytes())
        || text.windows(3).any(|part| part == b"***")
        || text.iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digester() -> Digester {
        Digester::new(|| Some(Key::new(Some(b"a salt of the repository"), None)))
    }

    #[test]
    fn a_name_is_the_digest_of_the_key() {
        let (digester, key) = (digester(), Key::new(Some(b"a salt of the repository"), None));
        for value in ["hunter22", "q8W2nT5xLk9ZbV3mRc7Pq8W2nT5xLk9ZbV3mRc7P"] {
            assert_eq!(digester.name(value.as_bytes()), Some(key.digest(value.as_bytes())));
            assert_eq!(digester.name(value.as_bytes()), Some(key.digest(value.as_bytes())), "again");
        }
        assert_eq!(Digester::new(|| None).name(b"hunter22"), None, "no key");
    }

    #[test]
    fn slow_names_are_few_and_stay() {
        let digester = Digester { most: 2, ..digester() };
        let names = |digester: &Digester| ["one1", "two2", "three3"].map(|value| digester.name(value.as_bytes()));
        let first = names(&digester);
        assert!(first[0].is_some() && first[1].is_some() && first[2].is_none(), "{first:?}");
        assert_eq!(names(&digester), first);
        assert!(digester.name(b"q8W2nT5xLk9ZbV3mRc7Pq8W2nT5xLk9ZbV3mRc7P").is_some(), "quick ones have no bound");
    }

    #[test]
    fn what_stands_for_a_value_has_no_name_and_asks_for_no_key() {
        let unasked = Digester::new(|| unreachable!("nothing is named"));
        for text in
            ["", "REDACTED", "redacted", "redacted (s1:00)", "*", "****", "ab***yz", "ghp_01...", "ghp_01…", "  "]
        {
            assert!(is_shortened(text.as_bytes()), "{text}");
            assert_eq!(unasked.name(text.as_bytes()), None, "{text}");
        }
        for text in ["hunter22", "a*b*c", "redacted1", "..."] {
            assert_eq!(is_shortened(text.as_bytes()), text == "...", "{text}");
        }
    }
}
