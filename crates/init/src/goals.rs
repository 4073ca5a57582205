//! What ought to hold: the usual goals, and those that the repository asks for already.

use tollgate_model::{Op, format};

use crate::detect::{Ask, Found};
use crate::limit::Limit;

/// The four gates, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Secrets.
    Security,
    /// Checks of the pipeline.
    Quality,
    /// Sizes of builds.
    Performance,
    /// Coverage and results of tests.
    Tests,
}

impl Gate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Security, Self::Quality, Self::Performance, Self::Tests];

    /// Its name, which is what branch protection requires.
    pub fn name(self) -> &'static str {
        match self {
            Self::Security => "Security",
            Self::Quality => "Quality",
            Self::Performance => "Performance",
            Self::Tests => "Tests",
        }
    }
}

/// What must lie there for a goal to be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// Nothing but the tree.
    Tree,
    /// Every coverage report.
    Coverage,
    /// Every report of tests.
    Tests,
    /// The build of this number.
    Build(usize),
}

/// What kind of goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// About the state of the project: where it does not hold, the base is the limit for now.
    State,
    /// About a change alone.
    Change,
    /// About a change alone, and too grave to be put off.
    Always,
    /// About the state, and shown only.
    Shown,
}

/// One goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Whose it is.
    pub gate: Gate,
    /// What is measured, as conditions write it.
    pub series: String,
    /// How it is compared.
    pub op: Op,
    /// With what.
    pub limit: Limit,
    /// What kind.
    pub kind: Kind,
    /// What it rests on.
    pub rests: Rests,
    /// Who asks for it; nobody where it is the usual goal.
    pub asked: Option<Asked>,
    /// Whether the series exists whatever is measured: a type of files may be missing in a build.
    pub certain: bool,
}

impl Goal {
    /// As a condition.
    pub fn condition(&self) -> String {
        format!("{} {} {}", self.series, self.op.sign(), self.limit)
    }

    /// As a condition on the base.
    pub fn against_base(&self) -> String {
        let op = if self.op == Op::Eq { Op::Le } else { self.op };
        format!("{} {} base", self.series, op.sign())
    }
}

/// Who asks for a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Where the strictest stands.
    pub place: String,
    /// Milder ones, with their places.
    pub milder: Vec<String>,
}

impl Asked {
    /// All of them as half a sentence.
    pub(crate) fn words(&self) -> String {
        const SHOWN: usize = 3;
        let Self { place, milder } = self;
        let shown: Vec<&str> = milder.iter().take(SHOWN).map(String::as_str).collect();
        match shown.is_empty() {
            true => format!("asked in {place}"),
            false => format!("asked in {place}, the strictest ({})", format::few(&shown, milder.len())),
        }
    }
}

/// The goals of what was found.
pub fn goals(found: &Found) -> Vec<Goal> {
    let mut goals = vec![
        secret("secrets.findings{confidence=\"high\", state=\"new\"}", Kind::Always),
        secret("secrets.findings{confidence=\"high\"}", Kind::Shown),
        plain(Gate::Quality, "workflows.ineffective", Op::Eq, Limit::Count(0), Rests::Tree),
    ];
    for (at, build) in found.builds.iter().enumerate() {
        let name = (found.builds.len() > 1).then(|| names(found).swap_remove(at));
        builds(found, at, name.as_deref(), &build.package, &mut goals);
    }
    if !found.coverage.is_empty() {
        coverage(found, &mut goals);
    }
    if !found.tests.is_empty() {
        goals.push(plain(Gate::Tests, "tests.failed", Op::Eq, Limit::Count(0), Rests::Tests));
        goals.push(plain(Gate::Tests, "tests.run", Op::Ge, Limit::Count(1), Rests::Tests));
    }
    goals
}

fn plain(gate: Gate, series: &str, op: Op, limit: Limit, rests: Rests) -> Goal {
    Goal { gate, series: series.to_owned(), op, limit, kind: Kind::State, rests, asked: None, certain: true }
}

fn secret(series: &str, kind: Kind) -> Goal {
    Goal { kind, ..plain(Gate::Security, series, Op::Eq, Limit::Count(0), Rests::Tree) }
}

fn coverage(found: &Found, goals: &mut Vec<Goal>) {
    let usual = Limit::Percent(8_000);
    for (series, usual, kind) in [
        ("coverage.lines", Some(usual), Kind::State),
        ("coverage.branches", None, Kind::State),
        ("coverage.functions", None, Kind::State),
        ("coverage.statements", None, Kind::State),
        ("coverage.patch", Some(usual), Kind::Change),
    ] {
        let asked = asked(found, |ask| ask.series == series);
        let Some(limit) = asked.as_ref().map(|(limit, _)| *limit).or(usual) else { continue };
        let asked = asked.map(|(_, asked)| asked);
        // Not every format tells of branches, functions and statements.
        let certain = matches!(series, "coverage.lines" | "coverage.patch");
        let goal = plain(Gate::Tests, series, Op::Ge, limit, Rests::Coverage);
        goals.push(Goal { asked, kind, certain, ..goal });
    }
}

/// The usual budgets of a build: whether the series is there in any case, and bytes.
const BUDGETS: [(&str, bool, u64); 4] = [
    ("bundle.total", true, 600_000),
    ("bundle.size{type=\"js\"}", true, 500_000),
    ("bundle.size{type=\"css\"}", false, 100_000),
    ("bundle.size{type=\"image\"}", false, 200_000),
];

/// What others may ask beside.
const FURTHER: [&str; 2] = ["bundle.size{type=\"font\"}", "bundle.size{type=\"html\"}"];

fn builds(found: &Found, at: usize, name: Option<&str>, package: &str, goals: &mut Vec<Goal>) {
    // A limit that stands in another package is not about this build.
    let of_here = |ask: &Ask| {
        let folder = ask.place.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder.is_empty() || folder == package || !found.builds.iter().any(|build| build.package == folder)
    };
    let mut add = |series: &str, certain: bool, usual: Option<Limit>| {
        let asked = asked(found, |ask| ask.series == series && of_here(ask));
        let Some(limit) = asked.as_ref().map(|(limit, _)| *limit).or(usual) else { return };
        let asked = asked.map(|(_, asked)| asked);
        let goal = plain(Gate::Performance, &targeted(series, name), Op::Le, limit, Rests::Build(at));
        goals.push(Goal { asked, certain, ..goal });
    };
    for (series, certain, bytes) in BUDGETS {
        add(series, certain, Some(Limit::Bytes(bytes)));
    }
    for series in FURTHER {
        add(series, false, None);
    }
    let mut single: Vec<&str> = found.asks.iter().map(|ask| ask.series.as_str()).collect();
    single.retain(|series| series.starts_with("bundle.") && series.contains("{path="));
    single.sort_unstable();
    single.dedup();
    for series in single {
        add(series, false, None);
    }
}

/// The series of the build called `name`.
fn targeted(series: &str, name: Option<&str>) -> String {
    match (name, series.strip_suffix('}')) {
        (None, _) => series.to_owned(),
        (Some(name), None) => format!("{series}{{target=\"{name}\"}}"),
        (Some(name), Some(open)) => format!("{open}, target=\"{name}\"}}"),
    }
}

/// The strictest of the limits that `about` is true of, and who asks for it.
fn asked(found: &Found, about: impl Fn(&Ask) -> bool) -> Option<(Limit, Asked)> {
    let asks: Vec<&Ask> = found.asks.iter().filter(|ask| about(ask)).collect();
    let strictest = asks.iter().map(|ask| ask.limit).reduce(Limit::stricter)?;
    let first = asks.iter().find(|ask| ask.limit == strictest)?;
    let mut milder: Vec<String> = Vec::new();
    for ask in asks.iter().filter(|ask| ask.limit != strictest) {
        let one = format!("{} in {}", ask.limit, ask.place);
        if !milder.contains(&one) {
            milder.push(one);
        }
    }
    Some((strictest, Asked { place: first.place.clone(), milder }))
}

/// Names of the builds as instances of a checker, each once: the last folder of their package, in letters that a name may have.
pub(crate) fn names(found: &Found) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, build) in found.builds.iter().enumerate() {
        let last = build.package.rsplit('/').next().unwrap_or_default();
        let fits = !last.is_empty() && last.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let mut name = if fits { last.to_owned() } else { "root".to_owned() };
        while names.contains(&name) {
            name = format!("{name}-{}", at + 1);
        }
        names.push(name);
    }
    names
}
