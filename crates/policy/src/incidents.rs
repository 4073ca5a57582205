//! Incident classes: by when a finding of some severity must be gone.

use tollgate_model::{Date, Severity};

/// A class of incidents, and how long one may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    /// One of [`Incidents::CLASSES`].
    pub class: &'static str,
    /// After how many days it is overdue; after none, at once.
    pub days: u16,
}

/// The class of each severity. A finding without a severity has none, and is never overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incidents {
    /// In the order of [`Severity::ALL`].
    of: [Incident; 4],
}

impl Default for Incidents {
    fn default() -> Self {
        let [p0, p1, p2, p3] = Self::CLASSES;
        let incident = |class, days| Incident { class, days };
        Self { of: [incident(p3, 90), incident(p2, 30), incident(p1, 7), incident(p0, 0)] }
    }
}

impl Incidents {
    /// The classes, worst first.
    pub const CLASSES: [&'static str; 4] = ["P0", "P1", "P2", "P3"];

    /// Longest time that can be given, in days.
    pub const LONGEST_DAYS: u16 = 365;

    /// The class of a severity.
    pub fn of(&self, severity: Severity) -> Incident {
        self.of[severity as usize]
    }

    /// Sets the class of a severity.
    pub fn set(&mut self, severity: Severity, incident: Incident) {
        self.of[severity as usize] = incident;
    }

    /// The first class that is given two deadlines.
    pub fn contradiction(&self) -> Option<(&'static str, [u16; 2])> {
        let mut pairs = self.of.iter().flat_map(|one| self.of.iter().map(move |other| (one, other)));
        let (one, other) = pairs.find(|(one, other)| one.class == other.class && one.days != other.days)?;
        Some((one.class, [one.days, other.days]))
    }
}

impl Incident {
    /// How many days too long a finding has stayed that was first seen on `first`; none where it may still stay.
    pub fn overdue(self, first: Date, today: Date) -> Option<i64> {
        let over = today.days() - first.days() - i64::from(self.days);
        (over > 0 || self.days == 0).then_some(over.max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_its_days_and_the_worst_none() {
        let incidents = Incidents::default();
        let day = |text: &str| Date::parse(text).unwrap();
        for (severity, first, overdue) in [
            (Severity::Critical, "2026-11-21", Some(0)),
            (Severity::Critical, "2026-11-20", Some(1)),
            (Severity::High, "2026-11-14", None),
            (Severity::High, "2026-11-13", Some(1)),
            (Severity::Medium, "2026-10-22", None),
            (Severity::Medium, "2026-10-21", Some(1)),
            (Severity::Low, "2026-08-23", None),
            (Severity::Low, "2025-08-23", Some(365)),
            // A clock that was ahead.
            (Severity::High, "2027-01-01", None),
            (Severity::Critical, "2027-01-01", Some(0)),
        ] {
            let incident = incidents.of(severity);
            assert_eq!(incident.overdue(day(first), day("2026-11-21")), overdue, "{severity} of {first}");
        }
        let classes: Vec<&str> = Severity::ALL.iter().map(|severity| incidents.of(*severity).class).collect();
        assert_eq!(classes, ["P3", "P2", "P1", "P0"]);
        assert_eq!(incidents.contradiction(), None);
    }

    #[test]
    fn one_class_has_one_deadline() {
        let mut incidents = Incidents::default();
        incidents.set(Severity::High, Incident { class: "P0", days: 1 });
        assert_eq!(incidents.contradiction(), Some(("P0", [1, 0])));
        incidents.set(Severity::High, Incident { class: "P0", days: 0 });
        assert_eq!(incidents.contradiction(), None);
    }
}
