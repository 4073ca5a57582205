//! What `metrics` declares, and what was counted.

use tollgate_input::xml::Element;

use crate::declared::Disagreements;
use crate::file_coverage::Counts;
use crate::numbers::number;

/// What a file or project declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Metrics {
    pub(super) statements: Option<u64>,
    statements_hit: Option<u64>,
    branches: Option<u64>,
    branches_hit: Option<u64>,
    methods: Option<u64>,
    elements: Option<u64>,
}

/// What was counted in a file or project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) statements: Counts,
    pub(super) branches: Counts,
    pub(super) methods: u64,
    /// All conditions are told as Clover's own do.
    pub(super) ways: bool,
    /// A file is told as ReportGenerator does.
    pub(super) generated: bool,
}

impl Metrics {
    /// What a `metrics` element declares.
    pub(super) fn read(element: &Element<'_>) -> Result<Self, &'static str> {
        let told = |name| match element.attribute(name) {
            Some(value) => number(value.raw())
                .map(Some)
                .ok_or("metrics need whole numbers, as in statements=\"3\" coveredstatements=\"1\""),
            None => Ok(None),
        };
        Ok(Self {
            statements: told("statements")?,
            statements_hit: told("coveredstatements")?,
            branches: told("conditionals")?,
            branches_hit: told("coveredconditionals")?,
            methods: told("methods")?,
            elements: told("elements")?,
        })
    }

    /// Whether these are of ReportGenerator, which declares lines as statements and as elements. By Clover's own rule
    /// elements are statements, methods and conditionals together.
    pub(super) fn of_report_generator(&self) -> bool {
        let more = self.methods.is_some_and(|all| all > 0) || self.branches.is_some_and(|all| all > 0);
        more && self.elements.is_some() && self.elements == self.statements
    }

    /// Compares with what was counted of `path`, as far as both count the same.
    ///
    /// ReportGenerator adds up classes, several of which may share a line. Istanbul declares methods without listing any,
    /// and branches of lines that it does not list. To PHPUnit a method is covered if all of it is.
    pub(super) fn compare(&self, path: &str, counted: Counted, to: &mut Disagreements) {
        if counted.generated {
            return;
        }
        let branches = |told: Option<u64>| told.filter(|_| counted.ways);
        let totals = [
            ("statements", self.statements, counted.statements.1),
            ("coveredstatements", self.statements_hit, counted.statements.0),
            ("conditionals", branches(self.branches), counted.branches.1),
            ("coveredconditionals", branches(self.branches_hit), counted.branches.0),
            ("methods", self.methods.filter(|_| counted.methods > 0), counted.methods),
        ];
        to.compare(path, &totals);
    }
}

impl Counted {
    pub(super) fn add(&mut self, file: Self) {
        let add = |a: Counts, b: Counts| (a.0 + b.0, a.1 + b.1);
        // Conditions of another kind among them, and the sum is of neither.
        let ways = match (self.branches.1, file.branches.1) {
            (_, 0) => self.ways,
            (0, _) => file.ways,
            _ => self.ways && file.ways,
        };
        *self = Self {
            statements: add(self.statements, file.statements),
            branches: add(self.branches, file.branches),
            methods: self.methods + file.methods,
            ways,
            generated: self.generated || file.generated,
        };
    }
}
