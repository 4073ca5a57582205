//! Random edits, compared with git hunk by hunk.

use super::fixture::Fixture;
use super::oracle;

/// A small generator of pseudo-random numbers (xorshift64*), so that a failure can be repeated.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// Lines as code has them: few distinct ones, indented, some empty, so that hunks can slide.
    fn line(&mut self) -> String {
        let words = ["}", "", "return x;", "if (x) {", "else {", "call();", "// note", "end"];
        let indent = ["", "  ", "    ", "\t", "        "][self.below(5)];
        match self.below(4) {
            0 => format!("{indent}unique {}", self.below(100_000)),
            1 => String::new(),
            _ => format!("{indent}{}", words[self.below(words.len())]),
        }
    }

    pub(super) fn lines(&mut self, most: usize) -> Vec<String> {
        (0..self.below(most)).map(|_| self.line()).collect()
    }

    /// Replaces, removes, doubles or adds blocks.
    pub(super) fn edit(&mut self, lines: &mut Vec<String>) {
        for _ in 0..=self.below(8) {
            let start = self.below(lines.len() + 1);
            let end = (start + self.below(6)).min(lines.len());
            let new = match self.below(4) {
                0 => Vec::new(),
                1 => [&lines[start..end], &lines[start..end]].concat(),
                _ => self.lines(7),
            };
            lines.splice(start..end, new);
        }
    }

    pub(super) fn text(&mut self, lines: &[String]) -> String {
        let end = if self.below(6) == 0 { "\r\n" } else { "\n" };
        let mut text: String = lines.iter().flat_map(|line| [line.as_str(), end]).collect();
        if self.below(5) == 0 {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        text
    }
}

/// A commit of many files, each edited (or removed, or moved), in both forms: uncommitted and committed.
fn round(seed: u64, files: usize, most_lines: usize) -> usize {
    let mut random = Random(seed);
    let fixture = Fixture::empty();
    fixture.write(".gitattributes", "*.crlf text eol=crlf\n*.auto text=auto\n");
    let mut all = Vec::new();
    for number in 0..files {
        let ending = ["txt", "txt", "txt", "crlf", "auto"][random.below(5)];
        let lines = random.lines(most_lines);
        let path = format!("d{}/f{number}.{ending}", number % 7);
        let text = random.text(&lines);
        fixture.write(&path, &text);
        all.push((path, lines));
    }
    let base = fixture.commit();
    for (path, mut lines) in all {
        match random.below(12) {
            0 => fixture.remove(&path),
            1 => {
                fixture.remove(&path);
                random.edit(&mut lines);
                let text = random.text(&lines);
                fixture.write(&format!("moved/{}", path.replace('/', "-")), text);
            }
            _ => {
                random.edit(&mut lines);
                let text = random.text(&lines);
                fixture.write(&path, text);
            }
        }
    }
    let changed = oracle::agree(&fixture, &base);
    let head = fixture.commit();
    oracle::agree_between(&fixture, &base, &head);
    changed.len()
}

#[test]
fn random_edits_of_short_files() {
    let changed: usize = (1..=6).map(|seed| round(seed, 60, 40)).sum();
    assert!(changed > 300, "{changed}");
}

#[test]
fn random_edits_of_long_files() {
    let changed: usize = (11..=14).map(|seed| round(seed, 40, 1500)).sum();
    assert!(changed > 140, "{changed}");
}
