//! The run that the base left behind: numbers that only a test run or a build can give.

use std::path::Path;

use tollgate_input::read_named;
use tollgate_model::{Date, Exhibit, ExhibitData, Metric, RUN_SCHEMA, Report, Run, Unit};
use tollgate_policy::{BaseReports, Seen};

use crate::child::Request;
use crate::forge::{BaseRecord, Forge};
use crate::session::{Base, Session};

/// Where a run is committed for later changes to compare with.
pub(crate) const COMMITTED: &str = ".tollgate/base.json";

/// Largest run that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// What is known of the base's own run.
#[derive(Debug)]
pub(crate) enum BaseRun {
    /// Its reports, when they saw what they found, and where they come from in words.
    Known(Vec<Report>, Seen, String),
    NotYet(String),
    Unknown(String),
}

impl BaseRun {
    /// The run named by a flag, else the committed one as the base has it, else the one that the forge knows.
    pub(crate) fn find(flag: Option<&Path>, session: &Session, forge: &Forge<'_>) -> Self {
        if let Some(path) = flag {
            return match read_named(path, LARGEST) {
                Ok(bytes) => Self::parse(&format!("--base-run {}", path.display()), &bytes, session.today),
                Err(error) => Self::Unknown(format!("--base-run {error}")),
            };
        }
        let tree = match (session.base_tree(), &session.base) {
            (Some(Ok(tree)), _) => tree,
            (Some(Err(because)), _) => return Self::Unknown(because),
            (None, Base::Unknown(because)) => return Self::Unknown(because.clone()),
            (None, Base::NotYet(because)) => return Self::NotYet(because.clone()),
            (None, Base::At { .. }) => return Self::NotYet("the folder lies in no git repository".to_owned()),
        };
        match tree.contains(COMMITTED) {
            Ok(true) => match tree.read(COMMITTED, LARGEST) {
                Ok(bytes) => Self::parse(&format!("{COMMITTED} of the base"), &bytes, session.today),
                Err(error) => Self::Unknown(error.to_string()),
            },
            Ok(false) => match forge.base_run(session) {
                Some(Ok(Some(BaseRecord { commit, bytes }))) => {
                    let name = format!("the run of {} on the base branch", commit.get(..12).unwrap_or(&commit));
                    Self::parse(&name, &bytes, session.today)
                }
                Some(Ok(None)) => Self::NotYet("no run of the base branch was kept before this change".to_owned()),
                Some(Err(because)) => Self::Unknown(format!("the base branch's run: {because}")),
                None => Self::NotYet(format!("no --base-run, and the base has no {COMMITTED}")),
            },
            Err(error) => Self::Unknown(error.to_string()),
        }
    }

    /// What policy makes of it.
    pub(crate) fn reports(&self) -> BaseReports<'_> {
        match self {
            Self::Known(reports, ..) => BaseReports::Known(reports),
            Self::NotYet(because) => BaseReports::NotYet(because.clone()),
            Self::Unknown(because) => BaseReports::Unknown(because.clone()),
        }
    }

    /// Where its numbers come from, where there are any.
    pub(crate) fn origin(&self) -> Option<&str> {
        let Self::Known(.., origin) = self else { return None };
        Some(origin)
    }

    /// What it says of the checker, and the instance of it, that `request` asks, if anything.
    pub(crate) fn report(&self, request: &Request) -> Option<Box<Report>> {
        let Self::Known(reports, ..) = self else { return None };
        let same = |one: &&Report| one.checker == request.checker && one.instance == request.instance;
        let report = reports.iter().find(same)?;
        let is_table = |exhibit: &&Exhibit| matches!(exhibit.data, ExhibitData::Table { .. });
        let exhibits = report.exhibits.iter().filter(is_table).cloned().collect();
        Some(Box::new(Report { exhibits, base: None, ..report.clone() }))
    }

    fn parse(name: &str, bytes: &[u8], today: Date) -> Self {
        match serde_json::from_slice::<Run>(bytes) {
            Ok(run) if run.schema == RUN_SCHEMA => {
                let mut reports = run.reports;
                let nonsense = reports.iter().find_map(senseless);
                if let Some(metric) = nonsense {
                    return Self::Unknown(format!("{name}: the value of {} makes no sense", metric.series()));
                }
                reports.sort_by(|a, b| (&a.checker, &a.instance).cmp(&(&b.checker, &b.instance)));
                let day = run.timing.map(|timing| Date::from_unix(timing.started_unix));
                let days = reports.iter().flat_map(|r| &r.findings).filter_map(|finding| finding.first_seen).chain(day);
                if let Some(day) = days.max().filter(|day| *day > today) {
                    return Self::Unknown(format!("{name}: it speaks of {day}, and today is {today}"));
                }
                let seen = Seen::of(&mut reports, day);
                let of = run.subject.commit.filter(|commit| !name.contains(commit.get(..12).unwrap_or(commit)));
                let of = of.map(|commit| format!(", of commit {}", commit.get(..8).unwrap_or(&commit)));
                Self::Known(reports, seen, format!("{name}{}", of.unwrap_or_default()))
            }
            Ok(run) => Self::Unknown(format!("{name}: its schema is {:?}, expected {RUN_SCHEMA:?}", run.schema)),
            Err(error) => Self::Unknown(format!("{name}: {error}")),
        }
    }
}

/// A number of the report that nobody can have measured.
pub(crate) fn senseless(report: &Report) -> Option<&Metric> {
    report.metrics.iter().find(|metric| !makes_sense(metric))
}

/// Whether a number can have been measured: finite, a percentage within its bounds, an interval in order.
fn makes_sense(metric: &Metric) -> bool {
    let percent = metric.unit == Unit::Percent;
    let ratio = match (metric.numerator, metric.denominator) {
        (Some(n), Some(d)) => percent && n <= d && d > 0,
        (None, None) => true,
        _ => false,
    };
    let within = |value: f64| value.is_finite() && value.abs() < 1e18 && (!percent || (0.0..=100.0).contains(&value));
    let interval =
        metric.interval.is_none_or(|[low, high]| within(low) && within(high) && (low..=high).contains(&metric.value));
    ratio && within(metric.value) && interval
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_run_is_unknown_not_absent() {
        for bytes in [&b""[..], b"{", b"[]", br#"{"schema": "tollgate.run/9"}"#] {
            assert!(matches!(BaseRun::parse("x", bytes, Date::from_unix(0)), BaseRun::Unknown(_)));
        }
    }

    #[test]
    fn numbers_that_nobody_measured_are_refused() {
        let ratio = |n, d| Metric { numerator: Some(n), denominator: Some(d), ..Metric::ratio("x.y", 1, 2).unwrap() };
        assert!(makes_sense(&ratio(1, 2)) && makes_sense(&Metric::bytes("x.y", 7)));
        let value = |value| Metric { value, ..Metric::bytes("x.y", 7) };
        let nonsense = [
            ratio(1, 0),
            ratio(3, 2),
            value(1e300),
            value(f64::NAN),
            Metric::bytes("x.y", 7).within(2.0, 1.0),
            Metric::bytes("x.y", 7).within(0.0, 6.0),
        ];
        assert!(nonsense.iter().all(|metric| !makes_sense(metric)));
    }
}
