//! `tollgate suppress`: one more line in `.tollgate/suppressions.toml`.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches as _};
use tollgate_check::NewFile;
use tollgate_config::suppressions::{self, Entry, FILE, LONGEST_DAYS, NotAdded};
use tollgate_input::InputError;
use tollgate_model::{Date, Exit};

use crate::arguments::Common;
use crate::inside;
use crate::outputs::IGNORED;
use crate::session::Session;
use crate::silence::{LARGEST, decoded};
use crate::terminal;
use crate::usage::usage;

/// How long what is accepted stays accepted unless said otherwise, in days.
const DAYS: i64 = 90;

/// Longest name of a finding of another tool, in characters.
const LONGEST: usize = 200;

/// Its arguments.
#[derive(Clone, Debug, Args)]
pub(crate) struct Suppress {
    /// The finding, as `-v` and the JSON output name it: v1:…, s1:… or another tool's
    #[arg(value_name = "FINGERPRINT")]
    fingerprint: String,
    /// Why it does not count
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Accept it as it is: asked of an error of high confidence; needs an owner and a last day
    #[arg(long)]
    accept: bool,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The last day it holds; with --accept 90 days from now by default
    #[arg(long, value_name = "DATE", conflicts_with = "days")]
    expires: Option<String>,
    /// The same as a number of days from now, at most 366
    #[arg(long, value_name = "N")]
    days: Option<u16>,
    /// The finding's rule, for whoever reads the list
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// The finding's file, for whoever reads the list
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// The checked folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

/// Its command line.
pub(crate) fn command() -> Command {
    Suppress::augment_args(Command::new("suppress"))
        .about("Write down that a finding does not count, and why")
        .after_help("The line is added to .tollgate/suppressions.toml and counts once the base branch has it.")
}

/// Runs it.
///
/// # Errors
/// An argument or the list is wrong, or the list has the fingerprint: nothing is written then.
pub(crate) fn run(matches: &ArgMatches) -> anyhow::Result<Exit> {
    let given = Suppress::from_arg_matches(matches)?;
    let session = Session::open(&Common { root: given.root.clone(), ..Common::defaults()? })?;
    let entry = entry(given, session.today).map_err(usage)?;
    let old = match session.root.read(FILE, LARGEST) {
        Ok((bytes, _)) => Some(decoded(bytes).map_err(usage)?),
        Err(InputError::Missing { .. }) => None,
        Err(error) => return Err(usage(error.to_string())),
    };
    let (mark, text) = match old.as_deref() {
        Some(old) => old.strip_prefix('\u{feff}').map_or(("", Some(old)), |text| ("\u{feff}", Some(text))),
        None => ("", None),
    };
    let (new, line) = suppressions::add(FILE, text, &entry, session.today).map_err(|why| match why {
        NotAdded::Known(line) => {
            usage(format!("{FILE}:{line}: {} stands there already; nothing was written", entry.fingerprint))
        }
        NotAdded::Form => usage(format!("{FILE}: {why}")),
        NotAdded::Mistakes(mistakes) => usage(mistakes.to_string()),
    })?;
    let mut files = vec![NewFile { path: FILE.to_owned(), bytes: format!("{mark}{new}").into_bytes() }];
    let folder = Path::new(FILE).parent().unwrap_or(Path::new("."));
    if !session.root.path().join(folder).exists() {
        let ignore = folder.join(".gitignore").display().to_string();
        files.push(NewFile { path: ignore, bytes: IGNORED.as_bytes().to_vec() });
    }
    inside::write(&session.root, files)?;
    terminal::print(said(&entry, &new, line).as_bytes())?;
    Ok(Exit::Pass)
}

/// What was written, and what to do.
fn said(entry: &Entry, text: &str, line: u32) -> String {
    let written = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().trim();
    let written = if written.starts_with("[[") { &entry.fingerprint } else { written.trim_end_matches(',') };
    let mut said = format!("{FILE}:{line}: {written}\n");
    if let Some(day) = entry.expires {
        said.push_str(&format!("It holds until {day}; then the finding counts again.\n"));
    }
    if !entry.accepted && !entry.fingerprint.starts_with("s1:") {
        said.push_str("An error of high confidence counts all the same, unless it is accepted: --accept.\n");
    }
    said.push_str("Commit the file: the line counts once the base has it.\n");
    said
}

/// The entry that the arguments describe.
fn entry(given: Suppress, today: Date) -> Result<Entry, String> {
    let Suppress { fingerprint, reason, accept, owner, expires, days, rule, path, .. } = given;
    if !is_name(&fingerprint) {
        return Err(format!(
            "{fingerprint:?} is no fingerprint: v1: or s1: with 32 hexadecimal digits is expected, or what another tool \
             calls its finding, in at most {LONGEST} characters; `tollgate check -v` shows them"
        ));
    }
    let texts = [
        ("--reason", Some(&reason)),
        ("--owner", owner.as_ref()),
        ("--rule", rule.as_ref()),
        ("--path", path.as_ref()),
    ];
    for (flag, text) in texts.into_iter().filter_map(|(flag, text)| Some((flag, text?))) {
        if text.trim().is_empty() {
            let hint = if flag == "--reason" { "; say why it does not count" } else { "" };
            return Err(format!("{flag} is empty{hint}"));
        }
        if text.chars().any(char::is_control) {
            return Err(format!("{flag}: one line of text is expected"));
        }
    }
    let ahead = |days: i64| Date::from_unix(((today.days() + days).max(0) * 86_400).unsigned_abs());
    let expires = match (expires, days) {
        (Some(text), _) => {
            let day =
                Date::parse(&text).ok_or_else(|| format!("--expires {text}: a day such as 2026-12-31 is expected"))?;
            if day < today {
                return Err(format!("--expires {text}: that day has passed; today is {today}"));
            }
            Some(day)
        }
        (None, Some(days)) => Some(ahead(i64::from(days))),
        (None, None) => accept.then(|| ahead(DAYS)),
    };
    if expires.is_some_and(|day| suppressions::too_far(day, today).is_some()) {
        return Err(format!("a last day is at most {LONGEST_DAYS} days ahead; today is {today}"));
    }
    if accept && owner.is_none() {
        return Err("--accept needs --owner: who answers for it".to_owned());
    }
    let reason = reason.trim().to_owned();
    Ok(Entry { fingerprint, reason, accepted: accept, owner, expires, rule, path, line: 0 })
}

/// Whether `text` can be the name of a finding.
fn is_name(text: &str) -> bool {
    let digits = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match text.strip_prefix("v1:").or_else(|| text.strip_prefix("s1:")) {
        Some(hex) => digits(hex),
        None => !text.trim().is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Result<Entry, String> {
        let all = ["suppress"].iter().chain(arguments);
        let matches = command().try_get_matches_from(all).map_err(|e| e.to_string())?;
        entry(Suppress::from_arg_matches(&matches).unwrap(), Date::parse("2026-11-21").unwrap())
    }

    #[test]
    fn names_of_findings_have_a_form() {
        let hex = "0123456789abcdef0123456789abcdef";
        for (name, wanted) in [
            (format!("v1:{hex}"), true),
            (format!("s1:{hex}"), true),
            ("GHSA-xxxx yyyy".to_owned(), true),
            ("é".repeat(200), true),
            ("é".repeat(201), false),
            (format!("v1:{}", &hex[1..]), false),
            (format!("s1:{hex}0"), false),
            (format!("v1:{}", hex.to_uppercase()), false),
            (" ".to_owned(), false),
            ("a\nb".to_owned(), false),
        ] {
            assert_eq!(is_name(&name), wanted, "{name:?}");
        }
    }

    #[test]
    fn what_is_accepted_gets_a_last_day() {
        let day = |arguments: &[&str]| {
            let all = [&["x", "--reason", " r "], arguments].concat();
            given(&all).map(|entry| entry.expires.map(|day| day.to_string()).unwrap_or_default())
        };
        assert_eq!(day(&[]).unwrap(), "");
        assert_eq!(day(&["--accept", "--owner", "o"]).unwrap(), "2027-02-19");
        assert_eq!(day(&["--days", "366"]).unwrap(), "2027-11-22");
        assert_eq!(day(&["--days", "0"]).unwrap(), "2026-11-21");
        assert_eq!(day(&["--expires", "2026-12-31"]).unwrap(), "2026-12-31");
        let cases: [(&[&str], &str); 7] = [
            (&["--days", "367"], "at most 366 days ahead"),
            (&["--expires", "2026-11-20"], "that day has passed"),
            (&["--expires", "soon"], "a day such as 2026-12-31 is expected"),
            (&["--expires", "2026-12-31", "--days", "3"], "cannot be used with"),
            (&["--accept"], "--accept needs --owner"),
            (&["--owner", ""], "--owner is empty"),
            (&["--rule", "a\nb"], "--rule: one line of text is expected"),
        ];
        for (arguments, wanted) in cases {
            let error = day(arguments).unwrap_err();
            assert!(error.contains(wanted), "{arguments:?}: {error}");
        }
        assert!(given(&["x", "--reason", "  "]).unwrap_err().contains("say why"));
        assert!(given(&["v1:0", "--reason", "r"]).unwrap_err().contains("is no fingerprint"));
        assert_eq!(given(&["x", "--reason", " r "]).unwrap().reason, "r");
    }
}
