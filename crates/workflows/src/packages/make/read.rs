//! The lines of a makefile.

/// Logical lines of a makefile, one after another.
pub(super) struct Reader<'t> {
    lines: std::iter::Peekable<std::iter::Enumerate<std::str::Lines<'t>>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { lines: text.lines().enumerate().peekable() }
    }

    /// The next line and those that `\` continues it with, each with its number; a comment ends nothing.
    pub(super) fn next(&mut self, in_recipe: bool) -> Option<(u32, Vec<(u32, String)>)> {
        let (at, first) = self.lines.next()?;
        let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let of_recipe = in_recipe && first.starts_with('\t');
        let mut line = vec![(number(at), first.to_owned())];
        while continued(line.last().map_or("", |(_, text)| text)) {
            let Some((at, next)) = self.lines.next() else { break };
            let next = if of_recipe { next } else { next.trim_start() };
            line.push((number(at), next.to_owned()));
        }
        Some((number(at), line))
    }

    /// Passes over the rest of a `define`.
    pub(super) fn skip_definition(&mut self) {
        let mut open = 1_usize;
        for (_, line) in self.lines.by_ref() {
            match line.split_whitespace().next() {
                Some("define") => open += 1,
                Some("endef") => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

/// Whether a line goes on in the next: it ends with an odd number of `\`.
fn continued(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Where the comment of a line begins, or its end.
pub(super) fn comment_start(line: &str) -> usize {
    let bytes = line.as_bytes();
    (0..bytes.len()).find(|at| bytes[*at] == b'#' && (*at == 0 || bytes[at - 1] != b'\\')).unwrap_or(bytes.len())
}

/// `NAME = value`: the name, the operator, the value.
pub(super) fn assignment(code: &str) -> Option<(&str, &str, &str)> {
    let mut code = code.trim();
    for word in ["override", "export", "private"] {
        if let Some(rest) = code.strip_prefix(word).filter(|rest| rest.starts_with([' ', '\t'])) {
            code = rest.trim_start();
        }
    }
    let end = code.find(|c: char| c.is_whitespace() || "=:?+!#$()".contains(c))?;
    let (name, rest) = code.split_at(end);
    let rest = rest.trim_start();
    let operator =
        [":::=", "::=", ":=", "?=", "+=", "!=", "="].into_iter().find(|operator| rest.starts_with(operator))?;
    (!name.is_empty()).then(|| (name, operator, rest[operator.len()..].trim()))
}

/// `targets: needed` or `targets:: needed`: the targets, whether the colon is double, what is needed.
pub(super) fn parts(code: &str) -> Option<(&str, bool, &str)> {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                let double = code[at + 1..].starts_with(':');
                let targets = code[..at].trim_end_matches('&').trim();
                return Some((targets, double, code[at + 1 + usize::from(double)..].trim()));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(assignment("export A ?= b c"), Some(("A", "?=", "b c")));
        assert_eq!(assignment("A:=b"), Some(("A", ":=", "b")));
        assert_eq!(assignment("A = b:c"), Some(("A", "=", "b:c")));
        assert_eq!(assignment("all: a = b"), None);
        assert_eq!(assignment("$(A) = b"), None);
        assert_eq!(parts("a b:: c"), Some(("a b", true, "c")));
        assert_eq!(parts("$(A:x=y): c"), Some(("$(A:x=y)", false, "c")));
        assert_eq!(parts("a b &: c"), Some(("a b", false, "c")));
        assert_eq!(parts("no rule"), None);
        assert_eq!(comment_start(r"a\#b # c"), 5);
    }
}
