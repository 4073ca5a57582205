//! What stands under `if:`.

use super::ExprError;
use super::parse::parse;
use super::scope::{Scope, StatusFunction};
use super::template::{Part, parts};
use super::tree::Expr;
use super::value::{Abstract, Value};

/// Reads an `if:`: bare, wholly in `${{ }}`, or `${{ }}` with text around it, which is a string. What is empty means
/// `success()`. A line break after `${{ }}` is text too, so the value has to be given as YAML gives it.
pub(crate) fn parse_condition(text: &str) -> Result<Expr, ExprError> {
    let parts = parts(text);
    let mut at = 0;
    for part in &parts {
        match part {
            Part::Text(plain) => match plain.find("${{") {
                Some(open) => return Err(ExprError::new(at + open, "`${{` is not closed: close it with `}}`")),
                None => at += plain.len(),
            },
            Part::Expression { end, .. } => at = *end,
        }
    }
    match parts.as_slice() {
        [] => Ok(success()),
        [Part::Text(plain)] => bare(plain),
        [Part::Expression { text, start, .. }] => match inside(text, *start)? {
            // GitHub takes a string for what it would be without `${{ }}`.
            Expr::Literal(Value::String(text)) => bare(&text).map_err(|error| ExprError { offset: *start, ..error }),
            expr => Ok(expr),
        },
        mixture => mixture
            .iter()
            .map(|part| match part {
                Part::Text(plain) => Ok(Expr::Literal(Value::text(plain))),
                Part::Expression { text, start, .. } => inside(text, *start),
            })
            .collect::<Result<_, _>>()
            .map(Expr::Mixture),
    }
}

/// What a condition that is left out means.
fn success() -> Expr {
    Expr::Call { name: "success".to_owned(), arguments: Vec::new() }
}

fn bare(text: &str) -> Result<Expr, ExprError> {
    if text.trim().is_empty() { Ok(success()) } else { parse(text) }
}

fn inside(text: &str, start: usize) -> Result<Expr, ExprError> {
    parse(text).map_err(|error| ExprError { offset: Part::inside(start) + error.offset, ..error })
}

impl Expr {
    /// Evaluates a condition as GitHub does: unless it asks for the status itself, `success() && (…)`.
    pub(crate) fn evaluate_condition(&self, scope: &dyn Scope) -> Abstract {
        if self.mentions_status() {
            return self.evaluate(scope);
        }
        scope.status(StatusFunction::Success).then(false, || self.evaluate(scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Taint;
    use crate::expr::evaluate::tests::World;

    #[test]
    fn conditions_are_read_as_github_reads_them() {
        // Text, what it counts as, what that depends on, whether it is text that is always true.
        let cases = [
            ("known.word == 'word'", Some(true), 0, false),
            ("${{ known.word == 'other' }}", Some(false), 0, false),
            ("  true\n", Some(true), 0, false),
            ("${{ known.word }} == 'other'", Some(true), 0, true),
            ("${{ tainted.a }} && ${{ false }}", Some(true), 0, true),
            ("!${{ true }}", Some(true), 0, true),
            ("${{ false }}\n", Some(true), 0, true),
            (" ${{ false }}", Some(true), 0, true),
            ("${{ tainted.a }}${{ tainted.b }}", None, 3, false),
            ("${{ tainted.a }}${{ known.word }}", Some(true), 0, false),
            ("${{ '' }}${{ null }}", Some(false), 0, false),
            ("${{ 'false' }}", Some(false), 0, false),
            ("${{ 'known.word == ''x''' }}", Some(false), 0, false),
            ("${{ '' }}", Some(true), 0, false),
            ("", Some(true), 0, false),
            ("0", Some(false), 0, false),
        ];
        for (text, truth, taint, always) in cases {
            let expr = parse_condition(text).expect(text);
            let found = expr.evaluate(&World::default());
            assert_eq!((found.truth(), found.taint), (truth, Taint(taint)), "{text}");
            assert_eq!(expr.is_always_true_text(), always, "{text}");
        }
    }

    #[test]
    fn errors_count_from_the_start_of_the_condition() {
        let cases = [
            ("a == ", 5),
            ("${{ a == }}", 9),
            ("x ${{ a }} ${{ }}", 14),
            ("x ${{ a + }}", 8),
            ("a ${{ b", 2),
            ("${{ a }} ${{ 'b }}", 9),
            ("a == ${{ b", 5),
            ("${{ 'a b' }}", 0),
        ];
        for (text, offset) in cases {
            let error = parse_condition(text).expect_err(text);
            assert_eq!(error.offset, offset, "{text}: {error}");
        }
    }

    #[test]
    fn success_is_asked_for_unless_the_status_is_mentioned() {
        let failed = World { success: Some(false) };
        let unknown = World { success: None };
        let cases = [
            ("true", Some(false), None),
            ("false", Some(false), Some(false)),
            ("always()", Some(true), Some(true)),
            ("failure() && true", Some(true), None),
            ("${{ true }} text", Some(false), None),
            ("${{ always() }} text", Some(true), Some(true)),
            ("", Some(false), None),
            ("!failure()", Some(false), None),
        ];
        for (text, after_failure, after_unknown) in cases {
            let expr = parse_condition(text).expect(text);
            assert_eq!(expr.evaluate_condition(&failed).truth(), after_failure, "{text}");
            assert_eq!(expr.evaluate_condition(&unknown).truth(), after_unknown, "{text}");
        }
    }
}
