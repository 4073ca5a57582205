//! Which files a step with actions/upload-artifact takes.

use tollgate_input::Span;

use super::writes::located;
use crate::essentials::pins::Version;
use crate::model::{Step, Text};

/// Versions of actions/upload-artifact from which on hidden files are left out, as major and minor version.
const LEAVING_HIDDEN: &[(u32, u32)] = &[(3, 2), (4, 4)];

/// How many patterns of one step are looked at.
const MOST_PATTERNS: usize = 50;

/// One upload.
pub(super) struct Upload<'a> {
    path: &'a Text,
    hidden: bool,
}

/// Whether `uses` is actions/upload-artifact.
pub(super) fn is_upload(uses: &str) -> bool {
    uses.trim().to_lowercase().starts_with("actions/upload-artifact@")
}

impl<'a> Upload<'a> {
    /// What `step` uploads.
    pub(super) fn of(step: &'a Step, source: &str) -> Option<Self> {
        let uses = step.uses.as_ref().filter(|uses| is_upload(&uses.text))?;
        let input = |name: &str| step.with.iter().find(|(key, _)| key.text == name).map(|(_, value)| value);
        let asked = input("include-hidden-files").map(|value| value.text.trim().to_lowercase());
        // What is not known is taken for the newest version.
        let leaves = Version::of(uses, source).is_none_or(|version| version.since(LEAVING_HIDDEN));
        Some(Self { path: input("path")?, hidden: asked.map_or(!leaves, |asked| asked == "true") })
    }

    /// The `path` of the step.
    pub(super) fn place(&self) -> Span {
        self.path.span
    }

    /// Whether the file at `path` is among what is uploaded.
    pub(super) fn takes(&self, path: &str) -> bool {
        let mut taken = false;
        for line in self.path.text.lines().map(str::trim).take(MOST_PATTERNS) {
            // The last pattern that fits decides.
            if let Some(excluded) = line.strip_prefix('!') {
                taken &= !pattern(excluded).is_some_and(|pattern| fits(&pattern, path, true));
            } else if !line.is_empty() && !line.starts_with('#') {
                taken |= pattern(line).is_some_and(|pattern| fits(&pattern, path, self.hidden));
            }
        }
        taken
    }
}

/// The segments of a pattern; none of one that is not understood.
fn pattern(line: &str) -> Option<Vec<String>> {
    if line.contains(['[', '\\', '`']) {
        return None;
    }
    // Wildcards stand in for letters while the path is brought to one form.
    let path = located("", &line.replace('*', "\u{1}").replace('?', "\u{2}"))?;
    Some(path.split('/').map(|part| part.replace('\u{1}', "*").replace('\u{2}', "?")).collect())
}

/// Whether `path`, or a folder above it, is what `pattern` names.
fn fits(pattern: &[String], path: &str, hidden: bool) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let rooted = |part: Option<&str>| matches!(part, Some("" | "~"));
    let whole = matches!(pattern, [only] if only.is_empty());
    if !whole && rooted(pattern.first().map(String::as_str)) != rooted(parts.first().copied()) {
        return false;
    }
    let matched = if whole {
        !rooted(parts.first().copied())
    } else {
        (1..=parts.len()).any(|end| parts.get(..end).is_some_and(|above| segments(pattern, above)))
    };
    // The search begins below the segments without wildcards, and leaves out what is hidden from there on.
    let literal = pattern.iter().take_while(|part| !part.contains(['*', '?'])).count();
    let from = if whole { 0 } else { literal.saturating_sub(1) };
    matched && (hidden || !parts.iter().skip(from).any(|part| part.starts_with('.')))
}

fn segments(pattern: &[String], parts: &[&str]) -> bool {
    // Whether the pattern so far fits the first n parts.
    let mut fits: Vec<bool> = std::iter::once(true).chain(parts.iter().map(|_| false)).collect();
    for segment in pattern {
        let mut next = vec![false; fits.len()];
        for at in 0..fits.len() {
            let before = at.checked_sub(1);
            let here = fits.get(at).copied().unwrap_or_default();
            let through = before.and_then(|b| next.get(b)).copied().unwrap_or_default();
            let last = before.and_then(|b| fits.get(b)).copied().unwrap_or_default();
            let part = before.and_then(|b| parts.get(b)).copied().unwrap_or_default();
            let value = if segment == "**" { here || through } else { last && wildcard(segment, part) };
            if let Some(slot) = next.get_mut(at) {
                *slot = value;
            }
        }
        fits = next;
    }
    fits.last().copied().unwrap_or_default()
}

/// `*` is any text, `?` one character.
fn wildcard(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut fits: Vec<bool> = std::iter::once(true).chain(text.iter().map(|_| false)).collect();
    for sign in pattern.chars() {
        let mut any = false;
        let mut last = false;
        for (at, slot) in fits.iter_mut().enumerate() {
            let here = *slot;
            any |= here;
            let letter = at.checked_sub(1).and_then(|before| text.get(before));
            *slot = match sign {
                '*' => any,
                '?' => last && letter.is_some(),
                sign => last && letter == Some(&sign),
            };
            last = here;
        }
    }
    fits.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(path: &str, file: &str, hidden: bool) -> bool {
        let text = Text { text: path.to_owned(), span: Span { start: 0, end: 0 }, block: None };
        Upload { path: &text, hidden }.takes(file)
    }

    #[test]
    fn patterns_name_files_and_folders_above() {
        for (path, file, expected) in [
            ("key.pem", "key.pem", true),
            ("./key.pem", "key.pem", true),
            ("a/b", "a/b/c", true),
            ("a/b/", "a/b/c", true),
            ("a/bc", "a/b", false),
            (".", "a/b", true),
            ("./", "a/b", true),
            ("${{ github.workspace }}", "a/b", true),
            ("${{ github.workspace }}/a", "a/b", true),
            ("*.pem", "key.pem", true),
            ("*.pem", "a/key.pem", false),
            ("**/*.pem", "a/b/key.pem", true),
            ("**", "a/b", true),
            ("a/*", "a/b/c", true),
            ("a/?", "a/b", true),
            ("a/?", "a/bc", false),
            ("a\nb", "b", true),
            ("a\n!a/b", "a/b", false),
            ("a\n!a/b", "a/c", true),
            ("${{ env.X }}", "a", false),
            ("$X", "a", false),
            ("/tmp/x", "/tmp/x/y", true),
            ("tmp", "/tmp/x", false),
            (".", "/tmp/x", false),
            ("~/x", "~/x", true),
            ("", "a", false),
        ] {
            assert_eq!(takes(path, file, true), expected, "{path:?} {file}");
        }
    }

    #[test]
    fn hidden_files_are_left_out_unless_asked_for() {
        for (path, file, expected) in [
            (".env", ".env", false),
            (".", ".env", false),
            (".env*", ".env", false),
            ("a/.b", "a/.b/c", false),
            ("a/.b/c", "a/.b/c", true),
            (".b/*.json", ".b/c.json", false),
            ("a", "a/b", true),
        ] {
            assert_eq!(takes(path, file, false), expected, "{path:?} {file}");
            assert!(takes(path, file, true), "{path:?} {file}");
        }
    }
}
