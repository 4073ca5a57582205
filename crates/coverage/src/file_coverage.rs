//! What reports say about one file, whatever their format.

use crate::lines::LineSet;
use crate::marks::Marks;
use crate::statements::Statements;

/// What reports say about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileCoverage {
    /// Its coverable lines.
    pub(crate) lines: LineSet,
    /// Its branches.
    pub(crate) branches: Marks,
    /// Its functions.
    pub(crate) functions: Marks,
    /// What few formats say.
    rare: Option<Box<Rare>>,
}

/// What few formats say about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rare {
    statements: Statements,
    totals: Totals,
    unlisted: bool,
}

/// How many were hit, and how many there are.
pub(crate) type Counts = (u64, u64);

/// Totals of one file, in a format that lists nothing else. There is nothing to recount, so they are taken as they are
/// where no other report lists the same things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Lines.
    pub(crate) lines: Counts,
    /// Branches.
    pub(crate) branches: Counts,
    /// Functions.
    pub(crate) functions: Counts,
    /// Statements.
    pub(crate) statements: Counts,
}

impl FileCoverage {
    /// A file with these lines, branches and functions.
    pub(crate) fn new(lines: LineSet, branches: Marks, functions: Marks) -> Self {
        Self { lines, branches, functions, rare: None }
    }

    /// The same with its statements.
    pub(crate) fn with_statements(mut self, statements: Statements) -> Self {
        if statements.counts().1 > 0 {
            self.rare.get_or_insert_default().statements = statements;
        }
        self
    }

    /// A file of which only totals are told.
    pub(crate) fn totals(totals: Totals) -> Self {
        Self { rare: Some(Box::new(Rare { totals, ..Rare::default() })), ..Self::default() }
    }

    /// The same, known to have lines that its record does not list though its format would: damage.
    pub(crate) fn unlisted(mut self) -> Self {
        self.rare.get_or_insert_default().unlisted = true;
        self
    }

    /// Whether a record declares lines that it should list and does not.
    pub(crate) fn is_unlisted(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.unlisted)
    }

    /// Whether nothing is known of single lines.
    pub(crate) fn is_totals_only(&self) -> bool {
        self.lines.last().is_none() && self.rare.as_ref().is_some_and(|r| r.totals != Totals::default() || r.unlisted)
    }

    /// Lines that were hit, and lines that can be.
    pub(crate) fn line_counts(&self) -> Counts {
        self.or_total(self.lines.counts(), |totals| totals.lines)
    }

    /// Branches that were taken, and branches.
    pub(crate) fn branch_counts(&self) -> Counts {
        self.or_total(self.branches.counts(), |totals| totals.branches)
    }

    /// Functions that were called, and functions.
    pub(crate) fn function_counts(&self) -> Counts {
        self.or_total(self.functions.counts(), |totals| totals.functions)
    }

    /// Statements that were run, and statements.
    pub(crate) fn statement_counts(&self) -> Counts {
        let listed = self.rare.as_ref().map_or((0, 0), |rare| rare.statements.counts());
        self.or_total(listed, |totals| totals.statements)
    }

    fn or_total(&self, listed: Counts, total: fn(&Totals) -> Counts) -> Counts {
        match &self.rare {
            Some(rare) if listed.1 == 0 => total(&rare.totals),
            _ => listed,
        }
    }

    /// The same, where a line that was not hit must be listed by both.
    pub(crate) fn merge_agreed(&mut self, mut other: Self) {
        let mut lines = std::mem::take(&mut self.lines);
        lines.merge_agreed(&std::mem::take(&mut other.lines));
        self.merge(&other);
        self.lines = lines;
    }

    /// Adds what another record says about the same file: the union of hits.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.lines.merge(&other.lines);
        self.branches.merge(&other.branches);
        self.functions.merge(&other.functions);
        if let Some(other) = &other.rare {
            self.rare.get_or_insert_default().merge(other);
        }
    }
}

impl Rare {
    fn merge(&mut self, other: &Self) {
        self.statements.merge(&other.statements);
        self.unlisted |= other.unlisted;
        // Which of them were hit is not known, so the greater number is all that is certain.
        let greater = |a: Counts, b: Counts| (a.0.max(b.0), a.1.max(b.1));
        self.totals = Totals {
            lines: greater(self.totals.lines, other.totals.lines),
            branches: greater(self.totals.branches, other.totals.branches),
            functions: greater(self.totals.functions, other.totals.functions),
            statements: greater(self.totals.statements, other.totals.statements),
        };
    }
}
