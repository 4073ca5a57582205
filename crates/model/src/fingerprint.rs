//! Names for findings that survive edits elsewhere in the file.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stable name of one finding: `v1:` and 32 hex digits.
///
/// Made from the rule, the path, the text that was found with its white space folded, and a counter for equal ones in
/// the same file; not from line numbers, so lines added above leave it unchanged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hands out fingerprints, counting equal ones. Feed it findings in file order.
#[derive(Debug, Default)]
pub struct Fingerprinter {
    seen: HashMap<[u8; 32], u32>,
}

impl Fingerprinter {
    /// The fingerprint of the next finding of `rule` in `path` whose text is `context`.
    pub fn next(&mut self, rule: &str, path: &str, context: &str) -> Fingerprint {
        let mut hasher = blake3::Hasher::new();
        for part in [rule, path] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        for word in context.split_whitespace() {
            hasher.update(word.as_bytes());
            hasher.update(b" ");
        }
        let occurrence = self.seen.entry(*hasher.finalize().as_bytes()).or_insert(0);
        hasher.update(&occurrence.to_le_bytes());
        *occurrence += 1;
        let hex = hasher.finalize().to_hex();
        Fingerprint(format!("v1:{}", &hex.as_str()[..32]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_does_not_matter_and_text_does() {
        let name = |context: &str| Fingerprinter::default().next("a/b", "x.ts", context);
        assert_eq!(name("if (a) {\n  b()"), name("  if (a)  {\r\n\tb()"));
        assert_ne!(name("if (a)"), name("if (b)"));
    }

    #[test]
    fn equal_ones_are_counted() {
        let mut names = Fingerprinter::default();
        let first = names.next("a/b", "x.ts", "call()");
        let second = names.next("a/b", "x.ts", "call()");
        assert_ne!(first, second);
        assert_eq!(first, Fingerprinter::default().next("a/b", "x.ts", "call()"));
        assert_ne!(first, names.next("a/b", "y.ts", "call()"));
    }
}
