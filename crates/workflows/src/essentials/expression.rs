//! Expressions between `${{` and `}}`: where they stand, what they are, which data comes out of them.

mod parse;

pub(crate) use parse::parse;

/// One `${{ … }}` in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder<'a> {
    /// The byte of `${{`.
    pub(crate) start: usize,
    /// The byte after `}}`.
    pub(crate) end: usize,
    /// What stands between.
    pub(crate) inner: &'a str,
}

/// An expression. Names are in lower case, since case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// `'text'`.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`, a number: what is no text.
    Other,
    /// `github.event.commits[0].message` as `github.event.commits.*.message`: an index is `*`, a name in brackets is a
    /// name.
    Path(String),
    /// `contains(…)`.
    Call(String, Vec<Self>),
    /// `fromJSON(…).x`: something out of the result.
    Part(Box<Self>),
    /// `!x`.
    Not(Box<Self>),
    /// `a == b`.
    Equal(Box<Self>, Box<Self>),
    /// `a != b`.
    Unequal(Box<Self>, Box<Self>),
    /// `a < b` and its like.
    Ordered,
    /// `a && b && …`.
    All(Vec<Self>),
    /// `a || b || …`.
    Any(Vec<Self>),
}

/// A path whose value is in the text that an expression gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flow {
    /// The path.
    pub(crate) path: String,
    /// It went through `toJSON`.
    pub(crate) json: bool,
}

/// The placeholders in `text`. `}}` within `'…'` ends none; what is never ended is none.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("${{")) {
        let start = at + open;
        let Some(inner) = text.get(start + 3..).and_then(inner) else { break };
        at = start + 3 + inner.len() + 2;
        found.push(Placeholder { start, end: at, inner });
    }
    found
}

/// Where the placeholder ends with which `text` begins.
pub(crate) fn ending(text: &str) -> Option<usize> {
    text.strip_prefix("${{").and_then(inner).map(|inner| inner.len() + 5)
}

/// `text` up to the `}}` that ends it.
fn inner(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\'' {
            quoted = !quoted;
        } else if !quoted && *byte == b'}' && bytes.get(at + 1) == Some(&b'}') {
            return text.get(..at);
        }
    }
    None
}

impl Expression {
    /// The paths whose values are in the text that this gives. Comparisons and conditions give only `true` or `false`;
    /// of `a && b` the left is given only when it is empty.
    pub(crate) fn flows(&self) -> Vec<Flow> {
        let mut found = Vec::new();
        self.collect(false, &mut found);
        found
    }

    fn collect(&self, json: bool, found: &mut Vec<Flow>) {
        match self {
            Self::Path(path) => found.push(Flow { path: path.clone(), json }),
            Self::Call(name, arguments) => match name.as_str() {
                "format" | "join" | "fromjson" | "case" => arguments.iter().for_each(|a| a.collect(json, found)),
                "tojson" => arguments.iter().for_each(|a| a.collect(true, found)),
                _ => {}
            },
            Self::Part(whole) => whole.collect(json, found),
            Self::All(parts) => parts.last().into_iter().for_each(|p| p.collect(json, found)),
            Self::Any(parts) => parts.iter().for_each(|p| p.collect(json, found)),
            _ => {}
        }
    }

    /// Every path and every text in it, at any depth.
    pub(crate) fn leaves(&self) -> (Vec<&str>, Vec<&str>) {
        let mut leaves = (Vec::new(), Vec::new());
        let mut open = vec![self];
        while let Some(expression) = open.pop() {
            match expression {
                Self::Path(path) => leaves.0.push(path.as_str()),
                Self::Text(text) => leaves.1.push(text.as_str()),
                Self::Call(_, parts) | Self::All(parts) | Self::Any(parts) => open.extend(parts),
                Self::Part(part) | Self::Not(part) => open.push(part),
                Self::Equal(a, b) | Self::Unequal(a, b) => open.extend([&**a, &**b]),
                Self::Bool(_) | Self::Other | Self::Ordered => {}
            }
        }
        leaves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_end_at_the_first_braces_outside_of_a_text() {
        let inner = |text| placeholders(text).iter().map(|p| p.inner.to_owned()).collect::<Vec<_>>();
        assert_eq!(inner("a ${{ b }} c ${{d}}"), [" b ", "d"]);
        assert_eq!(inner("${{ format('}}{0}''}}', x) }}"), [" format('}}{0}''}}', x) "]);
        assert_eq!(inner("${{ open ' }} ${{ x }}"), [" open ' }} ${{ x "; 0]);
        assert_eq!(inner("$ {{ x }} ${ { y }}"), [""; 0]);
        let text = "é ${{ x }}!";
        let found = placeholders(text)[0];
        assert_eq!(&text[found.start..found.end], "${{ x }}");
    }

    #[test]
    fn only_what_becomes_text_flows() {
        for (text, expected) in [
            ("github.head_ref", "github.head_ref"),
            ("a || b", "a b"),
            ("a && b", "b"),
            ("a == 'x' && b || c", "b c"),
            ("contains(a, 'x')", ""),
            ("!a", ""),
            ("a != b", ""),
            ("format('{0}{1}', a, contains(b, 'x'))", "a"),
            ("join(a.*.b, ',')", "a.*.b"),
            ("fromJSON(toJSON(a)).x", "a!"),
            ("toJSON(a)", "a!"),
            ("hashFiles(a)", ""),
        ] {
            let flows = parse(text).unwrap().flows();
            let words: Vec<_> = flows.iter().map(|f| format!("{}{}", f.path, if f.json { "!" } else { "" })).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
