//! What an expression mentions.

use super::scope::StatusFunction;
use super::tree::{Expr, Segment};

impl Expr {
    /// Every context it reads, as it is written and in its order: a filter is `*`, a computed index `?`.
    pub(crate) fn references(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let Self::Context(path) = expr {
                found.push(path.iter().map(Segment::written).collect());
            }
        });
        found
    }

    /// The names of the functions it calls, as they are written and in its order.
    pub(crate) fn functions(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.visit(&mut |expr| {
            if let Self::Call { name, .. } = expr {
                found.push(name.as_str());
            }
        });
        found
    }

    /// Whether it asks for the status; as a condition it otherwise means `success() && (…)`.
    pub(crate) fn mentions_status(&self) -> bool {
        self.functions().into_iter().any(|name| StatusFunction::named(name).is_some())
    }

    /// Whether it is a condition with text around `${{ }}`, which makes it a string that is never empty and so always
    /// true.
    pub(crate) fn is_always_true_text(&self) -> bool {
        let Self::Mixture(pieces) = self else { return false };
        pieces.iter().any(|piece| matches!(piece, Self::Literal(text) if text.truth() == Some(true)))
    }

    /// Shows `see` this expression and every one in it, in their order.
    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Literal(_) => {}
            Self::Context(path) => Self::visit_path(path, see),
            Self::Index(base, path) => {
                base.visit(see);
                Self::visit_path(path, see);
            }
            Self::Not(operand) => operand.visit(see),
            Self::Compare(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Self::Call { arguments: children, .. }
            | Self::And(children)
            | Self::Or(children)
            | Self::Mixture(children) => children.iter().for_each(|child| child.visit(see)),
        }
    }

    fn visit_path<'a>(path: &'a [Segment], see: &mut impl FnMut(&'a Self)) {
        for segment in path {
            if let Segment::Computed(index) = segment {
                index.visit(see);
            }
        }
    }
}

impl Segment {
    /// The segment in a path: a filter is `*`, a computed index `?`.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Every => "*".to_owned(),
            Self::Computed(_) => "?".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::{parse, parse_condition};

    #[test]
    fn references_are_as_written() {
        let cases: &[(&str, &[&str])] = &[
            ("'a'", &[]),
            ("Steps.X-1.outcome == 'success'", &["Steps/X-1/outcome"]),
            ("needs['build job'].result", &["needs/build job/result"]),
            ("needs.*.result", &["needs/*/result"]),
            ("github.event.commits[0].message", &["github/event/commits/0/message"]),
            ("steps[matrix.step].outcome", &["steps/?/outcome", "matrix/step"]),
            (
                "contains(github.event.labels[*].name, env.LABEL) && !inputs.x",
                &["github/event/labels/*/name", "env/LABEL", "inputs/x"],
            ),
            ("fromJSON(needs.a.outputs.b)[env.C].d", &["needs/a/outputs/b", "env/C"]),
            ("(github).event", &["github/event"]),
            ("x.true.null", &["x/true/null"]),
        ];
        for (text, expected) in cases {
            let paths: Vec<_> = parse(text).expect(text).references().iter().map(|path| path.join("/")).collect();
            assert_eq!(&paths, expected, "{text}");
        }
    }

    #[test]
    fn functions_and_status_are_found_anywhere() {
        let expr = parse("Contains(toJSON(a), 'x') || !x[Format('{0}', Failure())]").expect("reads");
        assert_eq!(expr.functions(), ["Contains", "toJSON", "Format", "Failure"]);
        let cases = [
            ("always()", true),
            ("github.ref == 'a' && ! CANCELLED ( )", true),
            ("format('{0}', success())", true),
            ("'always()'", false),
            ("steps.always.outcome", false),
            ("${{ github.actor }} == failure()", false),
            ("${{ failure() }} == true", true),
            ("", true),
        ];
        for (text, mentions) in cases {
            assert_eq!(parse_condition(text).expect(text).mentions_status(), mentions, "{text}");
        }
    }
}
