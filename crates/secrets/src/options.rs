//! Flags and section of the configuration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `secrets` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Only these files and folders. Without any, the whole tree and what the change's commits bring in.
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,

    /// Also what ignore rules name: everything below the root but `.git`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub no_ignore: Option<bool>,

    /// What a commit made now would bring in: the index against HEAD.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub staged: Option<bool>,

    /// What commits bring in that `B` has and `A` has not, merges included.
    #[arg(long, value_name = "A..B")]
    pub range: Option<String>,

    /// Everything that any branch, tag or other reference leads to.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub history: Option<bool>,

    /// What commits since this day bring in, whatever reference leads to them.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<String>,

    /// What comes in on standard input.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub stdin: Option<bool>,

    /// Rule files of your own, relative to the root; see `tollgate rules check`.
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<String>,

    /// Rules that are not to be used, by id or by the id that gitleaks gives them.
    #[arg(long, value_name = "RULE")]
    pub disable: Vec<String>,

    /// Files that are not looked at, as globs relative to the root. How many that hides is counted.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// A configuration of gitleaks, relative to the root: its rules and lists count beside ours.
    #[arg(long, value_name = "FILE")]
    pub gitleaks_config: Option<String>,

    /// A report of gitleaks in JSON, relative to the root: what it lists is known.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Tree,
    Everything,
    Staged,
    Range(String, String),
    History,
    Since(i64),
    Stdin,
}

impl Options {
    /// With every default filled in.
    pub(crate) fn with_defaults(mut self) -> Self {
        for flag in [&mut self.no_ignore, &mut self.staged, &mut self.history, &mut self.stdin] {
            flag.get_or_insert(false);
        }
        self
    }

    /// What is looked at.
    ///
    /// # Errors
    /// Two things at once, or a range or day that is none: which option, and why.
    pub(crate) fn mode(&self) -> Result<Mode, (&'static str, String)> {
        let on = |flag: Option<bool>| flag == Some(true);
        let asked = [
            ("no_ignore", on(self.no_ignore)),
            ("staged", on(self.staged)),
            ("range", self.range.is_some()),
            ("history", on(self.history)),
            ("since", self.since.is_some()),
            ("stdin", on(self.stdin)),
        ];
        let asked: Vec<&'static str> = asked.into_iter().filter(|(_, on)| *on).map(|(name, _)| name).collect();
        match asked.as_slice() {
            [] => Ok(Mode::Tree),
            ["no_ignore"] => Ok(Mode::Everything),
            ["staged"] => Ok(Mode::Staged),
            ["history"] => Ok(Mode::History),
            ["stdin"] => Ok(Mode::Stdin),
            ["range"] => self.ends(),
            ["since"] => self.day(),
            [first, second, ..] => Err((second, format!("stands beside `{first}`; look at one thing at a time"))),
            [other] => Err((other, "is not known".to_owned())),
        }
    }

    fn ends(&self) -> Result<Mode, (&'static str, String)> {
        let range = self.range.as_deref().unwrap_or_default();
        let wrong = || ("range", format!("{range:?}: two ends are expected, such as origin/main..HEAD"));
        let (from, to) = range.split_once("..").ok_or_else(wrong)?;
        let to = to.trim_start_matches('.');
        if from.is_empty() {
            return Err(wrong());
        }
        Ok(Mode::Range(from.to_owned(), if to.is_empty() { "HEAD".to_owned() } else { to.to_owned() }))
    }

    fn day(&self) -> Result<Mode, (&'static str, String)> {
        let day = self.since.as_deref().unwrap_or_default();
        let date = tollgate_model::Date::parse(day);
        let date = date.ok_or_else(|| ("since", format!("{day:?}: a day is expected, such as 2026-01-31")))?;
        Ok(Mode::Since(date.days() * 86_400))
    }
}
