//! What somebody gains by the code of their pull request.

use tollgate_model::Confidence;

/// How far the author of the code comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To secrets, and to a token that writes.
    Everything,
    /// To a token that reads, and the cache.
    Reading,
    /// Somebody inside must act.
    Guarded,
    /// It is not known what started the run before.
    PerhapsTrusted,
    /// It is not known whether actions/checkout refuses.
    PerhapsRefused,
    /// actions/checkout refuses.
    Refused,
    /// Only to a branch of this repository.
    Name,
}

impl Reach {
    /// How sure it is that somebody comes there.
    pub(super) fn confidence(self) -> Confidence {
        match self {
            Self::Everything => Confidence::High,
            Self::Reading | Self::Guarded | Self::PerhapsTrusted | Self::PerhapsRefused => Confidence::Medium,
            Self::Refused | Self::Name => Confidence::Low,
        }
    }

    /// Who can use it, and for what.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Everything => {
                "Its author, who can be anybody, runs commands with this job's secrets, token and cache."
            }
            Self::Reading => {
                "Its author, who can be anybody, runs commands here; the token only reads, but the cache is shared \
                 with the default branch."
            }
            Self::Guarded => {
                "Whoever passes the guard in front of it lets the author run commands with this job's secrets and \
                 token, and commits that are pushed later may run unseen."
            }
            Self::PerhapsTrusted => {
                "If the run before can be one of a pull request, its author runs commands with this job's secrets and \
                 token."
            }
            Self::PerhapsRefused => {
                "If this commit of actions/checkout is older than July 2026, it does not refuse forks, and anybody \
                 runs commands with this job's secrets and token."
            }
            Self::Refused => {
                "This version of actions/checkout refuses forks here, so that the job fails for them instead."
            }
            Self::Name => {
                "That is a branch of this repository; versions of actions/checkout before July 2026 could be brought \
                 to take a commit of the fork."
            }
        }
    }
}
