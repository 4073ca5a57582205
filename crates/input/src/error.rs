//! Why an input could not be read.

use tollgate_model::{Cause, Problem};

/// Why an input could not be read. Each message names the file and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Nothing lies there.
    #[error("{path}: not found")]
    Missing {
        /// Relative to the root.
        path: String,
    },
    /// It may not be read.
    #[error("{path}: permission denied; check who owns it and how it was written")]
    Denied {
        /// Relative to the root.
        path: String,
    },
    /// It lies, or a symbolic link leads, outside the root.
    #[error("{path}: lies outside the checked folder and is not read")]
    Outside {
        /// As it was asked for.
        path: String,
    },
    /// It is larger than the bound.
    #[error("{path}: larger than {limit} bytes, the bound for this kind of input")]
    TooLarge {
        /// Relative to the root.
        path: String,
        /// The bound, bytes.
        limit: u64,
    },
    /// It is not what it should be.
    #[error("{path}{}: {message}", place(*.line, *.column))]
    Malformed {
        /// Relative to the root.
        path: String,
        /// Where, from 1.
        line: Option<u64>,
        /// Where in the line, from 1, in UTF-16 code units; only with a line.
        column: Option<u64>,
        /// What was expected and what was found.
        message: String,
    },
    /// The system refused.
    #[error("{path}: {message}")]
    Io {
        /// Relative to the root.
        path: String,
        /// The system's words.
        message: String,
    },
}

impl InputError {
    /// The same as a problem of a report.
    pub fn problem(&self) -> Problem {
        let (cause, path) = match self {
            Self::Missing { path } => (Cause::Missing, path),
            Self::Denied { path } => (Cause::NoPermission, path),
            Self::Outside { path }
            | Self::TooLarge { path, .. }
            | Self::Malformed { path, .. }
            | Self::Io { path, .. } => (Cause::Unreadable, path),
        };
        Problem::new(cause, self.to_string()).at(path.clone())
    }

    /// `path` is not what it should be: at `line`, if one can be named.
    pub fn malformed(path: &str, line: Option<u64>, message: impl Into<String>) -> Self {
        Self::Malformed { path: path.to_owned(), line, column: None, message: message.into() }
    }

    /// The error for what the system said about `path`.
    pub fn io(path: &str, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::Missing { path },
            std::io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Io { path, message: error.to_string() },
        }
    }
}

/// `:line:column`, as far as they are known.
fn place(line: Option<u64>, column: Option<u64>) -> String {
    [line, line.and(column)].into_iter().flatten().map(|number| format!(":{number}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_where_as_far_as_known() {
        let error = |line, column| {
            InputError::Malformed { path: "a.json".to_owned(), line, column, message: "no".to_owned() }.to_string()
        };
        assert_eq!(error(Some(3), Some(7)), "a.json:3:7: no");
        assert_eq!(error(Some(3), None), "a.json:3: no");
        assert_eq!(error(None, Some(7)), "a.json: no");
        assert_eq!(InputError::malformed("a.json", Some(3), "no").to_string(), "a.json:3: no");
    }
}
