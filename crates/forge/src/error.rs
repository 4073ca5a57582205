//! What can go wrong between here and the forge.

use tollgate_input::one_line;

/// Longest text of the forge's that is passed on, in characters.
const LONGEST: usize = 300;

/// What went wrong. Messages say what was being done, what came of it and what to do; texts of the forge in them are one
/// line without control characters, not escaped for any format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgeError {
    /// An address or a name could not be used.
    #[error("{what}: {message}")]
    Address {
        /// What was given.
        what: String,
        /// What was expected.
        message: String,
    },
    /// The token may not do it. Asking again would not help.
    #[error("{what}: not allowed ({status}: {message}); {}", permissions(.needs.as_deref()))]
    NotAllowed {
        /// What was tried.
        what: String,
        /// The status answered.
        status: u16,
        /// The forge's words.
        message: String,
        /// The permissions that would be enough, where the forge names them.
        needs: Option<String>,
    },
    /// The repository, the pull request or the comment is not there, or the token may not see it.
    #[error("{what}: not found; it is gone, or the token may not see it ({message})")]
    NotFound {
        /// What was tried.
        what: String,
        /// The forge's words.
        message: String,
    },
    /// The repository has the function switched off.
    #[error("{what}: switched off in this repository ({message})")]
    NotEnabled {
        /// What was tried.
        what: String,
        /// The forge's words.
        message: String,
    },
    /// The forge understood, and refused.
    #[error("{what}: refused ({status}: {message})")]
    Refused {
        /// What was tried.
        what: String,
        /// The status answered.
        status: u16,
        /// The forge's words.
        message: String,
    },
    /// A rate limit lasts longer than there is time.
    #[error(
        "{what}: the forge's rate limit lasts until {until} ({seconds} s), longer than this command waits; run it again then"
    )]
    Limited {
        /// What was tried.
        what: String,
        /// How long the wait would be, in seconds.
        seconds: u64,
        /// When it is over, as a time of day.
        until: String,
    },
    /// All the time that a command may take is used up.
    #[error("{what}: given up after {seconds} s, the most that this command takes; run it again later")]
    OutOfTime {
        /// What was tried.
        what: String,
        /// How long that is, in seconds.
        seconds: u64,
    },
    /// No answer, though it was asked for more than once.
    #[error("{what}: no answer after {tries} tries ({message}); run it again later")]
    Unreachable {
        /// What was tried.
        what: String,
        /// How often.
        tries: u32,
        /// How the last one ended.
        message: String,
    },
    /// It was sent once, and may or may not have taken effect.
    #[error("{what}: it is not known whether it took effect ({message})")]
    Unclear {
        /// What was tried.
        what: String,
        /// How it ended.
        message: String,
    },
    /// The forge answered a query with errors.
    #[error("{what}: the query was answered with an error ({message})")]
    Query {
        /// What was asked.
        what: String,
        /// The forge's words.
        message: String,
        /// Whether the forge does not know a field of it.
        unknown_field: bool,
    },
    /// The answer is not as documented.
    #[error("{what}: the answer is not as the forge documents it ({message})")]
    Answer {
        /// What was asked.
        what: String,
        /// What is missing or wrong.
        message: String,
    },
    /// More than may be sent, or more than is read.
    #[error("{what}: too large ({bytes} bytes, at most {limit})")]
    TooLarge {
        /// What was tried.
        what: String,
        /// How much, in bytes.
        bytes: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// Others kept changing the same thing.
    #[error("{what}: other runs kept writing at the same time; the next run puts it right")]
    Unsettled {
        /// What was tried.
        what: String,
    },
}

impl ForgeError {
    pub(crate) fn address(what: &str, message: &str) -> Self {
        Self::Address { what: clean(what), message: message.to_owned() }
    }

    pub(crate) fn answer(what: &str, message: impl Into<String>) -> Self {
        Self::Answer { what: what.to_owned(), message: message.into() }
    }

    /// Whether it is a matter of what the token may do or what the repository has switched on, so that no later try helps.
    pub fn is_settings(&self) -> bool {
        matches!(self, Self::NotAllowed { .. } | Self::NotEnabled { .. })
    }
}

/// A text of the forge's as part of a message: one line, no control characters, bounded.
pub(crate) fn clean(text: &str) -> String {
    one_line(text, LONGEST, false).0
}

fn permissions(names: Option<&str>) -> String {
    match names {
        Some(names) => format!("the token needs {names}"),
        None => "the token of a change from a fork may only read; else see `permissions:` of the job".to_owned(),
    }
}
