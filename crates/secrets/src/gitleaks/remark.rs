//! What somebody should know about a file that was read.

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A key or table that nothing reads, or that stands there twice.
    UnknownKey,
    /// `extend.url`, which is parsed and never fetched.
    ExtendUrl,
    /// A path expression that hides files whose name merely contains the word.
    BroadPath,
    /// An allowlist expression that drops real secrets.
    LooseExpression,
    /// A stopword that drops real secrets, or none.
    LooseStopword,
    /// An expression that cannot be compiled within bounds.
    TooLarge,
    /// A rule without expression and path.
    InertRule,
    /// Two rules of one file with the same id.
    DuplicateRule,
    /// A rule is named that does not exist.
    UnknownRule,
    /// An abbreviated commit, which is never equal to a full one.
    ShortCommit,
    /// Something that is lost where one file extends another.
    Lost,
    /// The file asks for a gitleaks newer than the one whose format is read.
    NewerVersion,
    /// A line of `.gitleaksignore` that says nothing.
    MalformedIgnore,
    /// An entry of `.gitleaksignore` for a file that is not tracked.
    StaleIgnore,
    /// More to judge, or more remarks, than is bearable.
    NotJudged,
}

/// Something that has no effect, or more than it seems to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) kind: Kind,
    /// The file that it is about.
    pub(crate) file: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// What happens now, and what to write instead.
    pub(crate) message: String,
    /// How many files are hidden by it.
    pub(crate) hidden: Option<u64>,
}

impl Remark {
    /// A remark that counts no files.
    pub(crate) fn new(kind: Kind, file: &str, line: u32, message: String) -> Self {
        Self { kind, file: file.to_owned(), line, message, hidden: None }
    }
}

/// Text of a file for a message: on one line, and not longer than some forty characters.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", clip(text, 40))
}

/// `text` on one line, at most `longest` characters of it.
pub(crate) fn clip(text: &str, longest: usize) -> String {
    let mut short: String = text.chars().take(longest).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(longest).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quoted_text_is_short_and_on_one_line() {
        assert_eq!(quote("dist"), "`dist`");
        assert_eq!(quote("a\nb"), "`a\u{fffd}b`");
        assert_eq!(quote(&"ä".repeat(50)).chars().count(), 43);
    }
}
