//! Whether one condition demands at least as much as another.
//!
//! A condition is a function of the base's number and the head's: pass, pass with a warning, fail. Both are constant
//! between the few points at which a limit or its warning begins, so trying these points and one between each two tries
//! them all.

use tollgate_model::{Unit, label_fits};

use crate::catalog::CHECKER;
use crate::condition::{Condition, Limit, Selector, Subject};
use crate::number::Number;
use crate::quantity::Quantity;

/// What a number comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Pass,
    Warn,
    Fail,
}

/// `constant + slope * base`.
#[derive(Clone, Copy, Debug)]
struct Line {
    constant: Number,
    slope: Number,
}

/// A condition with its limit as a line, and the share of it from which on it warns.
#[derive(Clone, Copy, Debug)]
struct Demand<'a> {
    condition: &'a Condition,
    limit: Line,
    warn_at: Option<Number>,
}

/// How the numbers that two conditions compare are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// They are one and the same.
    Same,
    /// Both count findings, and the head's condition counts all that the base's does.
    Wider,
}

/// Whether every number that `head` accepts is accepted by `base`, and without a warning where there is none by `head`.
/// Each comes with its gate's `warn_at`.
pub(super) fn implies(
    (head, head_warns): (&Condition, Option<&Quantity>),
    (base, base_warns): (&Condition, Option<&Quantity>),
) -> bool {
    let numbers = match (&head.subject, &base.subject) {
        (Subject::Metric(head), Subject::Metric(base)) => related(head, base, base.counts_findings()),
        // Of a checker that nobody configured nothing is known; of all there are, it may be.
        (Subject::Overdue(head), Subject::Overdue(base)) if head.labels.get(CHECKER) != base.labels.get(CHECKER) => {
            None
        }
        (Subject::Overdue(head), Subject::Overdue(base)) => related(head, base, true),
        (head, base) => (head == base).then_some(Numbers::Same),
    };
    let Some(numbers) = numbers else { return false };
    let measured = match (&head.limit, &base.limit) {
        (Limit::Success, Limit::Success) => return head.op == base.op && numbers == Numbers::Same,
        (Limit::Success, _) | (_, Limit::Success) => return false,
        // Until there is a base, what rests on it only warns.
        (Limit::Base { .. }, Limit::Quantity(_)) => return false,
        (Limit::Base { .. }, Limit::Base { .. }) | (Limit::Quantity(_), Limit::Base { .. }) => true,
        (Limit::Quantity(_), Limit::Quantity(_)) => false,
    };
    if measured && numbers == Numbers::Wider {
        return false;
    }
    let findings = match &base.subject {
        Subject::Metric(selector) => selector.counts_findings(),
        Subject::Overdue(_) | Subject::Relaxations => true,
        Subject::Step(_) | Subject::Need(_) => false,
    };
    let Some(readings) = readings(head, base, findings) else { return false };
    readings.into_iter().all(|points| {
        let demand = |condition, warn_at: Option<&Quantity>| {
            let limit = line(condition, points);
            limit.map(|limit| Demand { condition, limit, warn_at: warn_at.map(|at| at.number.times(1, 100)) })
        };
        match (demand(head, head_warns), demand(base, base_warns)) {
            (Some(head), Some(base)) => everywhere(&head, &base, numbers, findings),
            _ => false,
        }
    })
}

/// How the numbers of two selectors are related; none where nothing is known.
///
/// Of metrics, other labels mean other series: a series of a build's total says nothing of its scripts, and where more
/// series are meant, one that is missing is missed no longer. A count of `findings` with fewer labels counts more.
fn related(head: &Selector, base: &Selector, findings: bool) -> Option<Numbers> {
    if head.metric != base.metric {
        return None;
    }
    if head.labels == base.labels {
        return Some(Numbers::Same);
    }
    let kept = |(label, value): (&String, &String)| {
        base.labels.get(label).is_some_and(|before| match label.as_str() {
            "path" => label_fits(label, before, value),
            _ => before == value,
        })
    };
    (findings && head.labels.iter().all(kept)).then_some(Numbers::Wider)
}

/// Whether a percentage next to `base` may mean points (true) or a share (false); none where the limits do not fit
/// together.
fn readings(head: &Condition, base: &Condition, findings: bool) -> Option<Vec<bool>> {
    let unit = |limit: &Limit| match limit {
        Limit::Quantity(quantity) => Some(quantity.unit),
        Limit::Base { offset: Some((_, by)) } if by.unit != Unit::Percent => Some(by.unit),
        Limit::Base { .. } | Limit::Success => None,
    };
    let mut units = [unit(&head.limit), unit(&base.limit), findings.then_some(Unit::Count)].into_iter().flatten();
    let Some(first) = units.next() else { return Some(vec![true, false]) };
    units.all(|other| other == first).then(|| vec![first == Unit::Percent])
}

/// The limit of a condition as a line; none for an outcome.
fn line(condition: &Condition, points: bool) -> Option<Line> {
    let (none, one) = (Number::new(0, 1), Number::new(1, 1));
    match &condition.limit {
        Limit::Success => None,
        Limit::Quantity(quantity) => Some(Line { constant: quantity.number, slope: none }),
        Limit::Base { offset: None } => Some(Line { constant: none, slope: one }),
        Limit::Base { offset: Some((added, by)) } => {
            let signed = if *added { by.number } else { by.number.negative() };
            match by.unit != Unit::Percent || points {
                true => Some(Line { constant: signed, slope: one }),
                false => Some(Line { constant: none, slope: one.plus(signed.times(1, 100)) }),
            }
        }
    }
}

impl Line {
    fn at(self, base: Number) -> Number {
        self.constant.plus(self.slope.by(base))
    }

    fn times(self, share: Number) -> Self {
        Self { constant: self.constant.by(share), slope: self.slope.by(share) }
    }

    /// Where it meets another.
    fn meets(self, other: Self) -> Option<Number> {
        let rise = self.slope.plus(other.slope.negative());
        other.constant.plus(self.constant.negative()).over(rise)
    }
}

impl Demand<'_> {
    /// Where something begins: the limit, and its warning.
    fn lines(&self) -> impl Iterator<Item = Line> {
        [Some(self.limit), self.warn_at.map(|at| self.limit.times(at))].into_iter().flatten()
    }

    /// As the judge has it.
    fn rank(&self, base: Number, value: Number) -> Rank {
        use tollgate_model::Op;
        let limit = self.limit.at(base);
        let op = self.condition.op;
        if !op.holds(value.cmp(&limit)) {
            return Rank::Fail;
        }
        let upper = matches!(op, Op::Le | Op::Lt) && limit.is_positive();
        match self.warn_at.filter(|at| upper && value >= limit.by(*at)) {
            Some(_) => Rank::Warn,
            None => Rank::Pass,
        }
    }
}

/// Whether no number of any base is ranked better by `head` than by `base`.
fn everywhere(head: &Demand<'_>, base: &Demand<'_>, numbers: Numbers, findings: bool) -> bool {
    let zero = Number::new(0, 1);
    let lines: Vec<Line> = head.lines().chain(base.lines()).collect();
    let axis = Line { constant: zero, slope: zero };
    let literal = |demand: &Demand<'_>| matches!(demand.condition.limit, Limit::Quantity(_));
    let share = |demand: &Demand<'_>| matches!(&demand.condition.limit, Limit::Quantity(q) if q.unit == Unit::Percent);
    let bases = match literal(head) && literal(base) {
        true => vec![zero],
        false => {
            let all = || lines.iter().chain([&axis]);
            let crossings = all().flat_map(|a| all().filter_map(|b| a.meets(*b)));
            let most = (share(head) || share(base)).then(|| Number::new(100, 1));
            let mut bases = spread(crossings.chain([zero]).chain(most).collect());
            bases.retain(|b| *b >= zero && most.is_none_or(|most| *b <= most));
            bases
        }
    };
    bases.into_iter().all(|at| {
        let mut values = spread(lines.iter().map(|line| line.at(at)).chain([zero]).collect());
        if findings {
            // Nothing is counted in fractions; of a base's count only this is used, that it is not negative.
            if literal(head) && literal(base) {
                let rounded = |v: &Number| [v.floor(), v.ceil()].map(|whole| Number::new(whole, 1));
                values = values.iter().flat_map(rounded).collect();
            }
            values.retain(|v| *v >= zero);
        }
        values.iter().all(|value| match numbers {
            Numbers::Same => head.rank(at, *value) >= base.rank(at, *value),
            Numbers::Wider => {
                let fewer = values.iter().filter(|fewer| *fewer <= value);
                fewer.map(|fewer| base.rank(at, *fewer)).all(|rank| head.rank(at, *value) >= rank)
            }
        })
    })
}

/// The points, one between each two, and one beyond each end.
fn spread(mut points: Vec<Number>) -> Vec<Number> {
    points.sort();
    points.dedup();
    let between = points.windows(2).map(|pair| pair[0].plus(pair[1]).times(1, 2));
    let one = Number::new(1, 1);
    let ends = [points.first().map(|p| p.plus(one.negative())), points.last().map(|p| p.plus(one))];
    let mut all: Vec<Number> = between.chain(ends.into_iter().flatten()).collect();
    all.extend(points);
    all
}

#[cfg(test)]
mod tests;
