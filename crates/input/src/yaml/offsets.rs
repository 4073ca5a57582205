//! Positions counted in characters to positions counted in bytes.

/// Every how many characters the byte is remembered.
const STEP: usize = 64;

/// Where the characters of a text begin.
pub(crate) struct Offsets<'a> {
    text: &'a str,
    /// The bytes at which the characters 0, 64, 128, … begin; empty when every character is one byte.
    marks: Vec<usize>,
}

impl<'a> Offsets<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let marks = if text.is_ascii() { Vec::new() } else { text.char_indices().step_by(STEP).map(|c| c.0).collect() };
        Self { text, marks }
    }

    /// The byte at which character `index` begins; the end for one past it.
    pub(crate) fn byte(&self, index: usize) -> usize {
        if self.marks.is_empty() {
            return index.min(self.text.len());
        }
        let rest = self.marks.get(index / STEP).and_then(|mark| self.text.get(*mark..)).unwrap_or_default();
        let length: usize = rest.chars().take(index % STEP).map(char::len_utf8).sum();
        self.text.len() - rest.len() + length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_found() {
        for text in ["", "plain", "naïve \u{1F600} text", &"aé\u{1F600}".repeat(100), &"é".repeat(STEP)] {
            let offsets = Offsets::new(text);
            for (index, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.byte(index), byte);
            }
            let count = text.chars().count();
            assert_eq!([offsets.byte(count), offsets.byte(count + 1000)], [text.len(); 2]);
        }
    }
}
