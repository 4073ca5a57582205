//! What a gate can answer, and what the process answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer of a condition, a gate or a run. Ordered from best to worst; a group is as good as its worst member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Proven to hold.
    Pass,
    /// Does not hold, or is not proven, but does not block.
    Warn,
    /// Proven not to hold.
    Fail,
    /// Could not tell.
    Unknown,
}

impl Verdict {
    /// The word people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// The exit codes of every tollgate binary, the same for each output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Every gate passes (warnings allowed).
    Pass = 0,
    /// A gate fails.
    Fail = 1,
    /// Usage or configuration is wrong; nothing was judged.
    Usage = 2,
    /// A verdict is unknown: an input is missing or unreadable, a checker did not finish, nothing was examined.
    Unknown = 3,
}

impl Exit {
    /// All of them, in order, for the reference page.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Usage, Self::Unknown];

    /// The number the process exits with.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// One sentence saying what it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Pass => "every gate passes (warnings allowed)",
            Self::Fail => "a gate fails",
            Self::Usage => "usage or configuration is wrong (unknown key, metric, label, unit); nothing was judged",
            Self::Unknown => {
                "a verdict is unknown: an input is missing or unreadable, a checker did not finish, nothing was examined"
            }
        }
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass | Verdict::Warn => Self::Pass,
            Verdict::Fail => Self::Fail,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_ordered_from_best_to_worst() {
        assert!(Verdict::Pass < Verdict::Warn);
        assert!(Verdict::Warn < Verdict::Fail);
        assert!(Verdict::Fail < Verdict::Unknown);
    }

    #[test]
    fn unknown_outranks_fail_in_exit_codes() {
        assert_eq!(Exit::from(Verdict::Unknown).code(), 3);
        assert!(Exit::Unknown > Exit::Fail);
    }
}
