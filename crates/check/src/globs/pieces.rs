//! What a path must have for a pattern to match it, so that most paths need no look by the patterns themselves.

use aho_corasick::{AhoCorasick, AhoCorasickKind, packed};

/// How many patterns one with braces may stand for.
const MOST: usize = 64;

/// Texts of which one is in every path that a set of patterns matches, if a slash is put before the path.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    anywhere: Search,
    /// Those that begin with a slash, without it.
    at_start: Vec<String>,
}

/// A search for any of them.
#[derive(Clone, Debug)]
enum Search {
    /// Of sixteen bytes at a time, where there are few pieces and the machine can.
    Packed(packed::Searcher),
    Bytewise(AhoCorasick),
}

impl Search {
    fn new(pieces: &[String]) -> Option<Self> {
        // Paths are short, and full of the bytes that a search for rare ones would stop at.
        let bytewise = || AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).prefilter(false).build(pieces).ok();
        packed::Searcher::new(pieces).map(Self::Packed).or_else(|| bytewise().map(Self::Bytewise))
    }

    fn finds(&self, path: &str) -> bool {
        match self {
            Self::Packed(search) => search.find(path).is_some(),
            Self::Bytewise(search) => search.is_match(path),
        }
    }
}

impl Pieces {
    /// Of a set; none where one of the patterns matches paths that have nothing in common.
    pub(super) fn new(patterns: &[String]) -> Option<Self> {
        let mut pieces = Vec::new();
        for pattern in patterns {
            let mut plain = Vec::new();
            expand(pattern, &mut plain)?;
            for pattern in plain {
                pieces.push(longest(&pattern)?);
            }
        }
        let at_start = pieces.iter().filter_map(|piece| piece.strip_prefix('/').map(str::to_owned)).collect();
        Some(Self { anywhere: Search::new(&pieces)?, at_start })
    }

    /// Whether `path` has one of them.
    pub(super) fn are_in(&self, path: &str) -> bool {
        let first = path.as_bytes().first();
        let begins = |piece: &String| piece.as_bytes().first() == first && path.starts_with(piece);
        self.at_start.iter().any(begins) || self.anywhere.finds(path)
    }
}

/// Adds the patterns without braces that `pattern` stands for. None where there are too many, and where it has a class or an
/// escape, which few have.
fn expand(pattern: &str, plain: &mut Vec<String>) -> Option<()> {
    if plain.len() >= MOST || pattern.contains(['[', ']', '\\']) {
        return None;
    }
    let Some(start) = pattern.find('{') else {
        plain.push(pattern.to_owned());
        return Some(());
    };
    let (mut depth, mut from) = (0_usize, start + 1);
    let mut choices = Vec::new();
    for (at, byte) in pattern.bytes().enumerate().skip(start) {
        match byte {
            b'{' => depth += 1,
            b',' if depth == 1 => {
                choices.push(&pattern[from..at]);
                from = at + 1;
            }
            b'}' if depth == 1 => {
                choices.push(&pattern[from..at]);
                return choices
                    .iter()
                    .try_for_each(|choice| expand(&[&pattern[..start], choice, &pattern[at + 1..]].concat(), plain));
            }
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The longest text in `pattern`, which has no braces, with a slash before it.
fn longest(pattern: &str) -> Option<String> {
    // `**/` stands for nothing too, so that the slashes on both of its sides are one: each may be looked for.
    let whole = format!("/{pattern}");
    let piece = whole.split(['*', '?']).max_by_key(|piece| piece.len())?;
    (piece.len() > 1).then(|| piece.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_what_is_certain() {
        for (pattern, expected) in [
            ("src", Some(vec!["/src"])),
            ("**/*.{test,spec}.*", Some(vec![".test.", ".spec."])),
            ("{a,b{c,d}}/x", Some(vec!["/a/x", "/bc/x", "/bd/x"])),
            ("a/**/long", Some(vec!["/long"])),
            ("**/.*rc.*", Some(vec!["rc."])),
            ("/usr/**", Some(vec!["//usr/"])),
            ("**", None),
            ("*a*", None),
            ("a[bc]d", None),
            ("a\\*d", None),
            ("a{b", None),
            ("{a,*}", None),
        ] {
            let mut plain = Vec::new();
            let found = expand(pattern, &mut plain).and_then(|()| plain.iter().map(|p| longest(p)).collect());
            let expected = expected.map(|pieces: Vec<&str>| pieces.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(found, expected, "{pattern}");
        }
        assert_eq!(expand(&"{a,b}".repeat(10), &mut Vec::new()), None);
    }
}
