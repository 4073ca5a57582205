//! The hidden first line by which a run knows the comment of the runs before it.

use std::fmt;

use tollgate_model::is_commit;

/// Which run wrote something. Later runs are larger, and so are later attempts at the same run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// `GITHUB_RUN_ID`.
    pub run: u64,
    /// `GITHUB_RUN_ATTEMPT`, from 1.
    pub attempt: u64,
}

/// Names one of several comments on a pull request, or sets of statuses: letters, digits, `.`, `_`, `/` and `-`, at most 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category(String);

impl Category {
    /// None where it holds anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'/' | b'-');
        // Two dashes would end a comment of HTML early for strict readers.
        let fits = (1..=100).contains(&text.len()) && text.bytes().all(known) && !text.contains("--");
        fits.then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Category {
    /// `tollgate`
    fn default() -> Self {
        Self("tollgate".to_owned())
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the first line of a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    pub(crate) category: Category,
    pub(crate) key: RunKey,
    pub(crate) head: String,
}

impl Marker {
    /// The marker in the first line of `body`; a marker anywhere else is none.
    pub(crate) fn read(body: &str) -> Option<Self> {
        let line = body.lines().next()?.trim_end();
        let mut words = line.strip_prefix("<!-- tollgate:comment ")?.strip_suffix(" -->")?.split(' ');
        let category = Category::parse(words.next()?)?;
        let mut value = |name: &str| words.next()?.strip_prefix(name)?.strip_prefix('=');
        let run = value("run")?.parse().ok()?;
        let attempt = value("attempt")?.parse().ok()?;
        let head = value("head").filter(|head| is_commit(head))?.to_owned();
        words.next().is_none().then_some(Self { category, key: RunKey { run, attempt }, head })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { category, key: RunKey { run, attempt }, head } = self;
        write!(f, "<!-- tollgate:comment {category} run={run} attempt={attempt} head={head} -->")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker() -> Marker {
        let key = RunKey { run: 12_345_678_901, attempt: 2 };
        Marker { category: Category::parse("apps/api").unwrap(), key, head: "a".repeat(40) }
    }

    #[test]
    fn a_marker_reads_as_it_is_written() {
        let line = marker().to_string();
        assert_eq!(Marker::read(&format!("{line}\ntext")), Some(marker()));
        assert_eq!(Marker::read(&format!("{line}\r\ntext")), Some(marker()));
    }

    #[test]
    fn anything_else_is_none() {
        let line = marker().to_string();
        for text in [
            String::new(),
            format!("\n{line}"),
            format!("> {line}"),
            line.replace(" -->", " more -->"),
            line.replace("run=", "run=-"),
            line.replace("run=1", "run=99999999999999999999"),
            line.replace(&"a".repeat(40), "main"),
            line.replace("apps/api", "apps api"),
            line.replace("apps/api", ""),
        ] {
            assert_eq!(Marker::read(&text), None, "{text}");
        }
    }

    #[test]
    fn a_category_cannot_end_the_marker() {
        for text in ["", "a b", "a-->", "a--b", "a\nb", "ä", "a>", &"a".repeat(101)] {
            assert_eq!(Category::parse(text), None, "{text}");
        }
        assert!(Category::parse("apps/web-2_x.y").is_some());
    }

    #[test]
    fn later_runs_are_larger() {
        let key = |run, attempt| RunKey { run, attempt };
        assert!(key(2, 1) > key(1, 9) && key(2, 2) > key(2, 1));
    }
}
