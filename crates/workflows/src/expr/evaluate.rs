//! A tree to a value.

use super::compare::compare;
use super::function;
use super::scope::{Scope, StatusFunction};
use super::tree::{Expr, Segment};
use super::value::{Abstract, Taint, Value};

impl Expr {
    /// Evaluates the expression in a scope.
    pub(crate) fn evaluate(&self, scope: &dyn Scope) -> Abstract {
        match self {
            Self::Literal(value) => Abstract::known(value.clone()),
            Self::Context(path) => context(path, scope),
            Self::Index(base, path) => {
                path.iter().fold(base.evaluate(scope), |from, segment| take(from, segment, scope))
            }
            Self::Call { name, arguments } => {
                let arguments: Vec<_> = arguments.iter().map(|argument| argument.evaluate(scope)).collect();
                call(name, &arguments, scope)
            }
            Self::Not(operand) => {
                let operand = operand.evaluate(scope);
                let value = operand.truth().map_or(Value::Unknown, |truth| Value::Bool(!truth));
                Abstract { value, taint: operand.taint }
            }
            Self::Compare(operator, left, right) => {
                let (left, right) = (left.evaluate(scope), right.evaluate(scope));
                let holds = compare(*operator, &left.value, &right.value);
                let taint = left.whole_taint().union(right.whole_taint());
                Abstract { value: holds.map_or(Value::Unknown, Value::Bool), taint }
            }
            Self::And(operands) => chain(operands, false, scope),
            Self::Or(operands) => chain(operands, true, scope),
            Self::Mixture(pieces) => mixture(pieces, scope),
        }
    }
}

impl Abstract {
    /// `self && right`, if a value that counts as `stop` = false ends it; `self || right`, if one that counts as true
    /// does. What follows such a value is not evaluated, and has no part in the result.
    pub(super) fn then(self, stop: bool, right: impl FnOnce() -> Self) -> Self {
        match self.truth() {
            Some(truth) if truth == stop => self,
            Some(_) => {
                let right = right();
                Self { taint: self.taint.union(right.taint), ..right }
            }
            None => {
                let right = right();
                let taint = self.taint.union(right.whole_taint());
                if right.truth() == Some(stop) {
                    // The left one counts as `stop` and is the result, or the right one is.
                    Self { value: Value::Partial { truth: stop, taint }, taint: right.taint }
                } else {
                    Self::unknown(taint)
                }
            }
        }
    }
}

fn chain(operands: &[Expr], stop: bool, scope: &dyn Scope) -> Abstract {
    let start = Abstract::known(Value::Bool(!stop));
    operands.iter().fold(start, |left, right| left.then(stop, || right.evaluate(scope)))
}

fn context(path: &[Segment], scope: &dyn Scope) -> Abstract {
    let mut taint = Taint::NONE;
    let names: Vec<_> = path
        .iter()
        .map(|segment| match segment {
            Segment::Computed(index) => {
                let index = index.evaluate(scope);
                taint = taint.union(index.whole_taint());
                match index.value {
                    Value::String(name) => name.to_string(),
                    Value::Number(number) => super::number::write(number),
                    // Nobody indexes with anything else.
                    _ => segment.written(),
                }
            }
            Segment::Name(_) | Segment::Every => segment.written(),
        })
        .collect();
    let found = scope.context(&names);
    Abstract { taint: taint.union(found.taint), ..found }
}

/// What a segment takes from a value that is no context.
fn take(from: Abstract, segment: &Segment, scope: &dyn Scope) -> Abstract {
    let index = match segment {
        Segment::Name(name) => Abstract::known(Value::text(name)),
        Segment::Computed(index) => index.evaluate(scope),
        // Items of a filter are taken from one by one from here on, which is not followed.
        Segment::Every => return Abstract::unknown(from.whole_taint()),
    };
    let taint = from.whole_taint().union(index.whole_taint());
    let value = match &from.value {
        Value::List(items) => index.value.to_number().map(|index| item(items, index)),
        value if value.is_known() => Some(Value::Null),
        _ => None,
    };
    Abstract { value: value.unwrap_or(Value::Unknown), taint }
}

fn item(items: &[Value], index: f64) -> Value {
    let found =
        items.iter().enumerate().find(|(at, _)| u32::try_from(*at).is_ok_and(|at| f64::from(at) == index.floor()));
    found.map_or(Value::Null, |(_, item)| item.clone())
}

fn call(name: &str, arguments: &[Abstract], scope: &dyn Scope) -> Abstract {
    let Some(function) = StatusFunction::named(name) else {
        return scope.call(name, arguments).unwrap_or_else(|| function::call(name, arguments));
    };
    let status = scope.status(function);
    if arguments.is_empty() {
        return status;
    }
    // The status of the jobs that are named, which the scope is not asked for.
    Abstract::unknown(arguments.iter().fold(status.taint, |taint, argument| taint.union(argument.whole_taint())))
}

/// A condition that is a text: only whether it is empty counts, and one piece that is not empty settles that.
fn mixture(pieces: &[Expr], scope: &dyn Scope) -> Abstract {
    let pieces: Vec<_> = pieces.iter().map(|piece| piece.evaluate(scope)).collect();
    let taint = pieces.iter().fold(Taint::NONE, |taint, piece| taint.union(piece.whole_taint()));
    let has_text = |piece: &&Abstract| match piece.value.to_text() {
        Some(text) => !text.is_empty(),
        None => piece.truth() == Some(true),
    };
    if let Some(settles) = pieces.iter().filter(has_text).min_by_key(|piece| piece.taint) {
        return Abstract { value: Value::Partial { truth: true, taint }, taint: settles.taint };
    }
    let value = if pieces.iter().all(|piece| piece.value.is_known()) { Value::text("") } else { Value::Unknown };
    Abstract { value, taint }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::expr::parse;

    /// `known.…` is known, `tainted.a` and `tainted.b` are not and depend on bits 1 and 2; a job that goes well.
    pub(in crate::expr) struct World {
        pub(in crate::expr) success: Option<bool>,
    }

    impl Default for World {
        fn default() -> Self {
            Self { success: Some(true) }
        }
    }

    impl Scope for World {
        fn context(&self, path: &[String]) -> Abstract {
            let path: Vec<_> = path.iter().map(|name| name.to_ascii_lowercase()).collect();
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            match path.as_slice() {
                ["known", "word"] => Abstract::known(Value::text("Word")),
                ["known", "a"] => Abstract { value: Value::text("A"), taint: Taint(4) },
                ["known", "*", "result"] => {
                    let items = [Value::text("success"), Value::Unknown, Value::text("failure")];
                    Abstract { value: Value::List(items.into()), taint: Taint(8) }
                }
                ["tainted", "a"] => Abstract::unknown(Taint(1)),
                ["tainted", "b"] => Abstract::unknown(Taint(2)),
                ["known", "none"] => Abstract::known(Value::Null),
                _ => Abstract::unknown(Taint::NONE),
            }
        }

        fn status(&self, function: StatusFunction) -> Abstract {
            let truth = match function {
                StatusFunction::Success => self.success,
                StatusFunction::Failure => self.success.map(|success| !success),
                StatusFunction::Always => Some(true),
                StatusFunction::Cancelled => Some(false),
            };
            Abstract::known(truth.map_or(Value::Unknown, Value::Bool))
        }

        fn call(&self, name: &str, _arguments: &[Abstract]) -> Option<Abstract> {
            name.eq_ignore_ascii_case("hashFiles").then(|| Abstract { value: Value::text(""), taint: Taint(16) })
        }
    }

    /// Value, truth and taint of an expression.
    fn evaluated(text: &str) -> (Option<String>, Option<bool>, u16) {
        let found = parse(text).expect(text).evaluate(&World::default());
        (found.value.to_text().map(|text| text.to_string()), found.truth(), found.taint.0)
    }

    #[test]
    fn known_values_are_githubs() {
        let cases = [
            ("711", "711"),
            ("0xff", "255"),
            ("-2.99e-2", "-0.0299"),
            ("'It''s open source!'", "It's open source!"),
            ("'a' && 'b'", "b"),
            ("'' && 'b'", ""),
            ("0 || null || 'c'", "c"),
            ("false || ''", ""),
            ("true && 'yes' || 'no'", "yes"),
            ("false && 'yes' || 'no'", "no"),
            ("!'' == true", "true"),
            ("KNOWN.Word == 'wORD'", "true"),
            ("known.none == 0", "true"),
            ("null < 1 && 'b' > 'A'", "true"),
            ("NaN == NaN", "false"),
            ("'abc' >= 1", "false"),
            ("fromJSON('[\"a\", \"b\"]')[1]", "b"),
            ("fromJSON('[\"a\", \"b\"]')['1']", "b"),
            ("fromJSON('[\"a\", \"b\"]')[true]", "b"),
            ("fromJSON('[\"a\", \"b\"]')[null]", "a"),
            ("fromJSON('[\"a\", \"b\"]')[2]", ""),
            ("fromJSON('[\"a\", \"b\"]')[-1]", ""),
            ("fromJSON('[\"a\", \"b\"]').name", ""),
            ("format('x').y", ""),
            ("('x')[0]", ""),
            ("Always()", "true"),
            ("failure()", "false"),
            ("cancelled()", "false"),
            ("hashFILES('x')", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(evaluated(text).0.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn truth_is_known_where_the_outcomes_agree_and_depends_on_what_decides_it() {
        let cases = [
            ("tainted.a", None, 1),
            ("!tainted.a", None, 1),
            ("false && tainted.a", Some(false), 0),
            ("true || tainted.a", Some(true), 0),
            ("true && tainted.a", None, 1),
            ("tainted.a && false", Some(false), 0),
            ("tainted.a || 'x'", Some(true), 0),
            ("!(tainted.a && false)", Some(true), 0),
            ("tainted.a && tainted.b", None, 3),
            ("tainted.a && tainted.b && ''", Some(false), 0),
            ("tainted.a && false && tainted.b", Some(false), 0),
            ("tainted.a && '1' || '2'", Some(true), 0),
            ("tainted.a && hashFiles('x')", Some(false), 16),
            ("known.a && tainted.b", None, 6),
            ("known.a || tainted.b", Some(true), 4),
            ("known.a == 'A'", Some(true), 4),
            ("tainted.a == tainted.a", None, 1),
            ("tainted.a == tainted.b", None, 3),
            ("(tainted.a || 'x') == 'x'", None, 1),
            ("contains(tainted.a, 'x')", None, 1),
            ("contains(known.*.result, 'failure')", Some(true), 8),
            ("contains(known.*.result, 'skipped')", None, 8),
            ("contains(fromJSON('[\"push\"]'), known.word)", Some(false), 0),
            ("tainted[known.a]", None, 5),
            ("tainted['A']", None, 1),
            ("tainted[format('{0}', 'b')]", None, 2),
            ("known[true]", None, 0),
            ("known[tainted.b]", None, 2),
            ("fromJSON(tainted.a).x", None, 1),
            ("fromJSON('{}')", Some(true), 0),
            ("fromJSON('{}').x", None, 0),
            ("success('job')", None, 0),
            ("unheard(tainted.a, tainted.b)", None, 3),
        ];
        for (text, truth, taint) in cases {
            let (_, found, depends) = evaluated(text);
            assert_eq!((found, depends), (truth, taint), "{text}");
        }
    }
}
