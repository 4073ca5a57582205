//! The beginning of a report, looked at once for every format.

use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};

use crate::head;

/// Known roots of XML that holds something else, and what to write instead.
const ROOTS: &[(&str, &str)] = &[
    ("test-run", "NUnit's own XML; have JUnit XML written (`--logger junit`)"),
    ("test-results", "NUnit's own XML; have JUnit XML written (`--logger junit`)"),
    ("assemblies", "xUnit.net's own XML; have JUnit XML written (`--logger junit`)"),
    ("TestRun", "a Visual Studio test file (.trx); have JUnit XML written (`--logger junit`)"),
    ("testng-results", "TestNG's own XML; take the files of `junitreports`"),
    ("Site", "CTest's dashboard XML; run `ctest --output-junit FILE`"),
    ("robot", "Robot Framework's own XML; run it with `--xunit FILE`"),
    ("coverage", "a coverage report"),
    ("report", "a coverage report"),
    ("checkstyle", "Checkstyle findings"),
    ("html", "an HTML page"),
];

/// What the beginning of a report shows.
#[derive(Debug, Default)]
pub(super) struct Sniff<'a> {
    /// The first bytes.
    pub(super) head: &'a [u8],
    /// Of XML: the name of its first element, without prefix.
    root: Option<String>,
    /// Of JSON: the first keys of the object that it begins with. Of lines: those of the first line that is an object.
    keys: Vec<String>,
}

impl<'a> Sniff<'a> {
    /// Looks at `head`, which may end anywhere.
    pub(super) fn new(head: &'a [u8]) -> Self {
        let mut sniff = Self { head, ..Self::default() };
        let objects = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        // Where the beginning ends, or makes no sense, what was seen before is enough: the reader says the rest.
        let _ended = match head.trim_ascii_start().first() {
            Some(b'<') => sniff.find_root(),
            Some(b'{') => sniff.find_keys(head),
            _ => match objects().find(|line| line.starts_with(b"{\"")) {
                Some(line) => sniff.find_keys(line),
                None => Ok(()),
            },
        };
        sniff
    }

    /// Of XML: whether its root has this name.
    pub(super) fn is_root(&self, name: &str) -> bool {
        self.root.as_deref() == Some(name)
    }

    /// Of JSON: whether all of these are among the first keys.
    pub(super) fn has_keys(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.keys.iter().any(|known| known == key))
    }

    /// Why no format was found.
    pub(super) fn refusal(&self) -> String {
        let expected = "expected results of tests: JUnit XML, or the JSON of Jest, Vitest, Mocha, Playwright, \
                        `go test -json`, libtest or pytest-json-report";
        let head = self.head.trim_ascii_start();
        let known =
            ROOTS.iter().find(|(root, _)| self.root.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(root)));
        match (known, &self.root, head.first()) {
            (_, _, None) => "is empty; run the tests again".to_owned(),
            (Some((_, what)), _, _) => format!("is {what}; {expected}"),
            (None, Some(root), _) => {
                format!("is XML of no known kind, its first element being <{}>; {expected}", crate::text::name(root))
            }
            (None, None, _) if head.contains(&0) => format!("holds binary data or UTF-16; {expected}"),
            (None, None, Some(b'<')) => format!("looks like broken XML; {expected}"),
            (None, None, Some(b'{')) if self.has_keys(&["stats", "results"]) => {
                format!("looks like Mochawesome's JSON; run Mocha with `--reporter json`; {expected}")
            }
            (None, None, Some(b'{')) if self.has_keys(&["runs"]) => {
                format!("looks like SARIF, which holds findings; {expected}")
            }
            (None, None, Some(b'{')) => format!("is JSON of no known kind; {expected}"),
            (None, None, _) if head.starts_with(b"TAP version") || head.starts_with(b"1..") => {
                format!("looks like TAP, which is not read; {expected}")
            }
            (None, None, _) => format!("is no report that is known; {expected}"),
        }
    }

    fn find_root(&mut self) -> Result<(), InputError> {
        self.root = head::root(self.head)?;
        Ok(())
    }

    fn find_keys(&mut self, bytes: &[u8]) -> Result<(), InputError> {
        let mut reader = Reader::new(head::window(bytes)?);
        if reader.kind()? == Kind::Object { head::keys(&mut reader, &mut self.keys) } else { Ok(()) }
    }
}
