//! One expression: read at once, compiled when it is first needed.

use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{Cache, Regex};
use regex_automata::util::captures::Captures;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};

/// Largest program that an expression may become, in bytes.
pub(crate) const LARGEST: usize = 4 << 20;

/// One expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    group: Option<usize>,
    /// How many groups are around the whole.
    around: usize,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The expression `source`, of which `group` is wanted: by default the first where there is one, else the whole match.
    pub(crate) fn new(source: String, group: Option<usize>) -> Self {
        Self { source, group, around: 0, regex: OnceLock::new() }
    }

    /// The same, where what follows a match is no part of a word: of several lengths the one that ends there is taken.
    pub(crate) fn bounded(&self) -> Self {
        let source = format!(r"({})(?:[^A-Za-z0-9_-]|\z)", self.source);
        Self { source, group: self.group.map(|group| group + 1), around: 1, regex: OnceLock::new() }
    }

    /// The expression as it was written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The compiled expression.
    ///
    /// # Errors
    /// It is too large, or wrong.
    pub(crate) fn compile(source: &str) -> Result<Regex, String> {
        let config = Regex::config().nfa_size_limit(Some(LARGEST)).onepass(false).hybrid_cache_capacity(1 << 20);
        let syntax = syntax::Config::new().unicode(false).utf8(false).nest_limit(100);
        let built = Regex::builder().configure(config).syntax(syntax).build(source);
        built.map_err(|error| match error.size_limit() {
            Some(limit) => format!("it becomes a program of more than {limit} bytes; make its repetitions shorter"),
            None => error.to_string(),
        })
    }

    pub(crate) fn regex(&self) -> Option<&Regex> {
        // Rules are verified before they are used; what cannot be compiled then finds nothing.
        self.regex.get_or_init(|| Self::compile(&self.source).ok()).as_ref()
    }

    /// Whether it matches anywhere in `text`.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// The first match in `span` of `text`: the whole of it and the wanted group. `anchored`: only where `span` begins.
    pub(crate) fn find(
        &self,
        text: &[u8],
        span: Range<usize>,
        anchored: bool,
        work: &mut Work,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let regex = self.regex()?;
        let work = work.0.get_or_insert_with(|| Box::new((regex.create_cache(), regex.create_captures())));
        let mode = if anchored { Anchored::Yes } else { Anchored::No };
        let input = Input::new(text).range(span).anchored(mode);
        regex.search_half_with(&mut work.0, &input)?;
        regex.search_captures_with(&mut work.0, &input, &mut work.1);
        let whole = work.1.get_match()?.range();
        let inner = usize::from(regex.captures_len() > 1 + self.around);
        let group = self.group.unwrap_or(inner + self.around);
        let wanted = work.1.get_group(group).map_or_else(|| self.any_group(&work.1, regex), |span| Some(span.range()));
        Some((whole.clone(), wanted.unwrap_or(whole)))
    }

    /// The first group that took part, where the wanted one did not.
    fn any_group(&self, captures: &Captures, regex: &Regex) -> Option<Range<usize>> {
        if self.group.is_some() {
            return None;
        }
        let inner = (1 + self.around..regex.captures_len()).chain(1..=self.around);
        inner.into_iter().find_map(|group| captures.get_group(group)).map(|span| span.range())
    }
}

/// What one thread needs to run one pattern.
#[derive(Debug, Default)]
pub(crate) struct Work(Option<Box<(Cache, Captures)>>);
