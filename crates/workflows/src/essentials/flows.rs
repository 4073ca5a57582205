//! Which data an expression gives, and which it reads.

use std::ops::Range;

use crate::expr::{Expr, Part, Segment, Value, parse, parts};

/// A path whose value is in the text that an expression gives. `github.event.commits[0].message` is
/// `github.event.commits.*.message`: in lower case, since case does not matter, and an index is `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Flow {
    /// The path.
    pub(crate) path: String,
    /// It went through `toJSON`.
    pub(crate) json: bool,
}

/// Data that enters a text.
#[derive(Clone, Debug)]
pub(crate) struct Taken<'t> {
    /// What it is.
    pub(crate) flow: Flow,
    /// What stands between `${{` and `}}`.
    pub(crate) inner: &'t str,
    /// Where, in bytes of the text, braces included.
    pub(crate) at: Range<usize>,
}

/// The data in `text` and where it enters.
pub(crate) fn taken(text: &str) -> Vec<Taken<'_>> {
    let mut found = Vec::new();
    for part in parts(text) {
        let Part::Expression { text: inner, start, end } = part else { continue };
        let flows = parse(inner).map(|expr| of(&expr)).unwrap_or_default();
        found.extend(flows.into_iter().map(|flow| Taken { flow, inner, at: start..end }));
    }
    found
}

/// The paths whose values are in the text that `expr` gives. Comparisons and conditions give only `true` or `false`; of
/// `a && b` the left is given only when it is empty.
fn of(expr: &Expr) -> Vec<Flow> {
    let mut found = Vec::new();
    collect(expr, false, &mut found);
    found
}

fn collect(expr: &Expr, json: bool, found: &mut Vec<Flow>) {
    match expr {
        Expr::Context(segments) => found.push(Flow { path: path(segments), json }),
        Expr::Call { name, arguments } => match name.to_ascii_lowercase().as_str() {
            "format" | "join" | "fromjson" | "case" => arguments.iter().for_each(|a| collect(a, json, found)),
            "tojson" => arguments.iter().for_each(|a| collect(a, true, found)),
            _ => {}
        },
        Expr::Index(whole, _) => collect(whole, json, found),
        Expr::And(parts) => parts.last().into_iter().for_each(|p| collect(p, json, found)),
        Expr::Or(parts) | Expr::Mixture(parts) => parts.iter().for_each(|p| collect(p, json, found)),
        Expr::Literal(_) | Expr::Not(_) | Expr::Compare(..) => {}
    }
}

/// A context as a path.
pub(crate) fn path(segments: &[Segment]) -> String {
    alike(&segments.iter().map(Segment::written).collect::<Vec<_>>())
}

fn alike(names: &[String]) -> String {
    let is_index = |name: &str| name == "?" || name.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let name = |name: &String| if is_index(name) { "*".to_owned() } else { name.to_lowercase() };
    names.iter().map(name).collect::<Vec<_>>().join(".")
}

/// Every path that `expr` reads, at any depth.
pub(crate) fn read(expr: &Expr) -> Vec<String> {
    expr.references().iter().map(|names| alike(names)).collect()
}

/// Every text that is written in `expr`, at any depth.
pub(crate) fn texts(expr: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    expr.visit(&mut |expr| {
        if let Expr::Literal(Value::String(text)) = expr {
            found.push(&**text);
        }
    });
    found
}

/// Every path that the expressions in `text` read.
pub(crate) fn read_in(text: &str) -> Vec<String> {
    let expressions = parts(text).into_iter().filter_map(|part| match part {
        Part::Expression { text, .. } => parse(text).ok(),
        Part::Text(_) => None,
    });
    expressions.flat_map(|expr| read(&expr)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_alike() {
        for (text, expected) in [
            (" github.event.issue.title ", "github.event.issue.title"),
            ("GitHub.Event['Issue'].title", "github.event.issue.title"),
            ("github['head_ref']", "github.head_ref"),
            ("github.event.commits[0].message", "github.event.commits.*.message"),
            ("github.event.commits.*.message", "github.event.commits.*.message"),
            ("github.event.commits[matrix.n].message", "github.event.commits.*.message"),
            ("steps.a-b.outputs.c_d", "steps.a-b.outputs.c_d"),
        ] {
            let Ok(Expr::Context(segments)) = parse(text) else { panic!("{text}") };
            assert_eq!(path(&segments), expected, "{text}");
        }
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
            let flows = of(&parse(text).unwrap());
            let words: Vec<_> = flows.iter().map(|f| format!("{}{}", f.path, if f.json { "!" } else { "" })).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_taken_is_found_where_it_stands() {
        let text = "é ${{ A }} ${{ not one }} ${{ B || 'c' }}!";
        let found: Vec<_> = taken(text).into_iter().map(|t| (t.flow.path, t.inner, &text[t.at])).collect();
        assert_eq!(found, [("a".to_owned(), " A ", "${{ A }}"), ("b".to_owned(), " B || 'c' ", "${{ B || 'c' }}")]);
        assert_eq!(read_in("${{ secrets.A != '' && !x[b] }} ${{ C }}"), ["secrets.a", "x.*", "b", "c"]);
        assert_eq!(texts(&parse("f('a', b == 'c')").unwrap()), ["a", "c"]);
    }
}
