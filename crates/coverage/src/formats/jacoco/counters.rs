//! What counters declare.

use tollgate_input::xml::Element;

use crate::declared::Disagreements;
use crate::file_coverage::Counts;
use crate::numbers::number;

/// What a counter counts, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Instruction,
    Line,
    Branch,
    Method,
}

/// Counters of one element, each as (covered, all).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) instructions: Option<Counts>,
    pub(super) lines: Option<Counts>,
    pub(super) branches: Option<Counts>,
    pub(super) methods: Option<Counts>,
}

/// What a `counter` element says; none if it counts something else.
pub(super) fn read(element: &Element<'_>) -> Result<Option<(Kind, Counts)>, &'static str> {
    const EXPECTED: &str = "a counter needs whole numbers, as in type=\"LINE\" missed=\"1\" covered=\"2\"";
    let kind = match element.attribute("type").ok_or(EXPECTED)?.raw() {
        b"INSTRUCTION" => Kind::Instruction,
        b"LINE" => Kind::Line,
        b"BRANCH" => Kind::Branch,
        b"METHOD" => Kind::Method,
        _ => return Ok(None),
    };
    // Of more than that no sum would be right.
    let told = |name| {
        let count = element.attribute(name).and_then(|value| number(value.raw()));
        count.filter(|count| *count <= u32::MAX.into()).ok_or(EXPECTED)
    };
    let (missed, covered) = (told("missed")?, told("covered")?);
    Ok(Some((kind, (covered, missed + covered))))
}

impl Counters {
    pub(super) fn set(&mut self, kind: Kind, counts: Counts) {
        let counter = match kind {
            Kind::Instruction => &mut self.instructions,
            Kind::Line => &mut self.lines,
            Kind::Branch => &mut self.branches,
            Kind::Method => &mut self.methods,
        };
        *counter = Some(counts);
    }

    /// Compares lines, branches and methods of what is called `path` with what was counted.
    pub(super) fn compare(&self, path: &str, [lines, branches, methods]: [Counts; 3], to: &mut Disagreements) {
        let all = |counter: Option<Counts>| counter.map(|(_, all)| all);
        let hit = |counter: Option<Counts>| counter.map(|(hit, _)| hit);
        let totals = [
            ("LINE missed + covered", all(self.lines), lines.1),
            ("LINE covered", hit(self.lines), lines.0),
            ("BRANCH missed + covered", all(self.branches), branches.1),
            ("BRANCH covered", hit(self.branches), branches.0),
            ("METHOD missed + covered", all(self.methods), methods.1),
            ("METHOD covered", hit(self.methods), methods.0),
        ];
        to.compare(path, &totals);
    }
}
