//! The contexts that expressions read from, and a light scan for those that a text names.

/// A set of contexts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contexts(u16);

const NAMES: [&str; 12] =
    ["env", "github", "inputs", "job", "jobs", "matrix", "needs", "runner", "secrets", "steps", "strategy", "vars"];

/// An expression may be at most this long, and so may a text that holds one.
const LONGEST: usize = 21_000;

impl Contexts {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ENV: Self = Self(1);
    pub(super) const GITHUB: Self = Self(1 << 1);
    pub(super) const INPUTS: Self = Self(1 << 2);
    pub(super) const JOB: Self = Self(1 << 3);
    pub(super) const JOBS: Self = Self(1 << 4);
    pub(super) const MATRIX: Self = Self(1 << 5);
    pub(super) const NEEDS: Self = Self(1 << 6);
    pub(super) const RUNNER: Self = Self(1 << 7);
    pub(super) const SECRETS: Self = Self(1 << 8);
    pub(super) const STEPS: Self = Self(1 << 9);
    pub(super) const STRATEGY: Self = Self(1 << 10);
    pub(super) const VARS: Self = Self(1 << 11);

    /// Both sets together.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn named(name: &str) -> Option<Self> {
        NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)).map(|index| Self(1 << index))
    }

    /// The names, as a message lists them.
    pub(super) fn names(self) -> String {
        let names = NAMES.iter().enumerate().filter(|(index, _)| self.0 & (1 << index) != 0).map(|(_, name)| *name);
        names.collect::<Vec<_>>().join(", ")
    }
}

/// What is wrong with the expressions of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault<'a> {
    /// `${{` without `}}`.
    Open,
    /// Nothing between `${{` and `}}`.
    Empty,
    /// Too long for GitHub.
    Long,
    /// No expression is allowed here at all.
    Forbidden,
    /// A double quote: strings stand in single ones.
    Quote,
    /// No such context.
    Unknown(&'a str),
    /// The context exists, though not here.
    Absent(&'a str),
}

/// Whether `text` holds an expression.
pub(super) fn has_expression(text: &str) -> bool {
    text.contains("${{")
}

/// What is wrong with the expressions in `text`, where those in `allowed` may be named. A `condition` is an expression
/// without `${{ }}` too.
pub(super) fn faults(text: &str, allowed: Contexts, condition: bool) -> Vec<Fault<'_>> {
    let mut faults = Vec::new();
    if !has_expression(text) {
        if condition {
            check(text, allowed, &mut faults);
        }
        return faults;
    }
    if text.len() > LONGEST && text.chars().nth(LONGEST).is_some() {
        faults.push(Fault::Long);
    }
    for segment in segments(text) {
        match segment {
            None => faults.push(Fault::Open),
            Some(expression) if expression.trim().is_empty() => faults.push(Fault::Empty),
            Some(expression) if is_literal(expression) || is_insert(expression) => {}
            Some(_) if allowed == Contexts::NONE => faults.push(Fault::Forbidden),
            Some(expression) => check(expression, allowed, &mut faults),
        }
    }
    faults
}

fn check<'a>(expression: &'a str, allowed: Contexts, faults: &mut Vec<Fault<'a>>) {
    let Some(names) = named(expression) else {
        faults.push(Fault::Quote);
        return;
    };
    for name in names {
        match Contexts::named(name) {
            None => faults.push(Fault::Unknown(name)),
            Some(context) if allowed.and(context) != allowed => faults.push(Fault::Absent(name)),
            Some(_) => {}
        }
    }
}

/// What stands between `${{` and `}}`; none for the last one when it is not closed.
pub(super) fn segments(text: &str) -> impl Iterator<Item = Option<&str>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let inner = rest?.split_once("${{")?.1;
        let Some(end) = end_of_expression(inner) else {
            rest = None;
            return Some(None);
        };
        rest = Some(&inner[end + 2..]);
        Some(Some(&inner[..end]))
    })
}

/// Where `}}` stands outside of a string.
fn end_of_expression(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut before = b' ';
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'}' if !quoted && before == b'}' => return Some(index - 1),
            _ => {}
        }
        before = byte;
    }
    None
}

/// A string and nothing else is as good as the string: `${{ '{{' }}`.
fn is_literal(expression: &str) -> bool {
    let inner = expression.trim().strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
}

/// The one directive there is: a key `${{ insert }}` takes over the entries of a mapping.
fn is_insert(expression: &str) -> bool {
    expression.trim() == "insert"
}

/// The names that begin a path: no property, no function, nothing inside a string. None when there is a double quote.
fn named(expression: &str) -> Option<Vec<&str>> {
    let bytes = expression.as_bytes();
    let mut names = Vec::new();
    let mut at = 0;
    // The last byte that is no blank: after a dot comes a property.
    let mut before = b' ';
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'\'' => at = bytes[at + 1..].iter().position(|b| *b == b'\'').map_or(bytes.len(), |len| at + len + 2),
            b if b.is_ascii_alphabetic() || b == b'_' => {
                at = word_end(bytes, at);
                let word = &expression[start..at];
                let call = bytes[at..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'(');
                if before != b'.' && !call && !is_constant(word) {
                    names.push(word);
                }
            }
            b'"' => return None,
            b if b.is_ascii_digit() => at = word_end(bytes, at),
            _ => at += 1,
        }
        let last = bytes[start..at].iter().rev().find(|b| !b.is_ascii_whitespace());
        before = last.copied().unwrap_or(before);
    }
    Some(names)
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let length = bytes[start..].iter().position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'-'));
    length.map_or(bytes.len(), |length| start + length)
}

fn is_constant(word: &str) -> bool {
    ["true", "false", "null", "NaN", "Infinity"].iter().any(|constant| constant.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Contexts = Contexts::GITHUB.and(Contexts::NEEDS);

    #[test]
    fn contexts_are_those_that_begin_a_path() {
        let table: &[(&str, &[&str])] = &[
            ("github.event.secrets.env", &["github"]),
            ("needs['secrets'].result", &["needs"]),
            ("needs.*.result", &["needs"]),
            ("contains(matrix.os, 'env.x') && always ()", &["matrix"]),
            ("a == 'it''s env' || b", &["a", "b"]),
            ("GitHub . event_name == TRUE && null", &["GitHub"]),
            ("0x1F + 1e3 -2 < NaN", &[]),
            ("steps.a-b.outputs.x-y[matrix.i]", &["steps", "matrix"]),
            ("!secrets.TOKEN", &["secrets"]),
            ("'open secrets", &[]),
            ("fromJSON('[]')[0].é.env", &[]),
        ];
        for (expression, expected) in table {
            assert_eq!(named(expression).as_deref(), Some(*expected), "{expression}");
        }
    }

    #[test]
    fn faults_name_what_github_would() {
        let table: &[(&str, &[Fault<'_>])] = &[
            ("secrets.X in a plain text", &[]),
            ("${{ github.ref }}-${{needs.a.result}}", &[]),
            ("${{ secrets.X }} ${{ foo }}", &[Fault::Absent("secrets"), Fault::Unknown("foo")]),
            ("${{ '}}' }}", &[]),
            ("${{ format('}}', github.ref) }} ${{ }}", &[Fault::Empty]),
            ("a ${{ github.ref } }", &[Fault::Open]),
            ("${{ 'it''s' }} ${{ insert }}", &[]),
            ("${{{ github.ref }}", &[]),
            ("${{ github.ref == \"refs\" }}", &[Fault::Quote]),
            ("${{ github.ref == 'a \" b' }}", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(faults(text, HERE, false), *expected, "{text}");
        }
        assert_eq!(faults("env.X == ''", HERE, true), [Fault::Absent("env")]);
        assert_eq!(faults("${{ format('x') }}", Contexts::NONE, false), [Fault::Forbidden]);
        assert_eq!(faults("${{ '' }}", Contexts::NONE, false), []);
        let long = format!("${{{{ github.ref }}}}{}", "x".repeat(LONGEST));
        assert_eq!(faults(&long, HERE, false), [Fault::Long]);
        assert_eq!(faults(&long[17..], HERE, false), []);
    }

    #[test]
    fn names_are_listed_in_order() {
        assert_eq!(Contexts::NEEDS.and(Contexts::ENV).names(), "env, needs");
        assert_eq!(Contexts::NONE.names(), "");
        assert_eq!(Contexts::named("VARS"), Some(Contexts::VARS));
    }
}
