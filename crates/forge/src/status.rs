//! Commit statuses: what protection of a branch can require.

use serde_json::json;
use tollgate_input::one_line;
use tollgate_model::{Verdict, is_commit};

use crate::{Client, ForgeError};

/// Most characters of a description.
const DESCRIPTION: usize = 140;
/// Most characters of a context.
const CONTEXT: usize = 255;

/// A status.
#[derive(Clone, Debug)]
pub struct Status<'a> {
    /// The commit, in full.
    pub commit: &'a str,
    /// The name it goes by, which protection names too. The forge does not tell cases apart.
    pub context: &'a str,
    /// What it says.
    pub verdict: Verdict,
    /// One sentence for people. What is too long is cut at a word.
    pub description: &'a str,
    /// Where more is said.
    pub url: Option<&'a str>,
}

/// Sets it (REST: create a commit status). The latest of a context is what counts, so it may be set again at will.
///
/// # Errors
/// The forge refused or did not answer; then the verdict is not there.
pub fn set(client: &Client, status: &Status<'_>) -> Result<(), ForgeError> {
    let what = format!("status `{}`", context(status.context));
    if !is_commit(status.commit) {
        return Err(ForgeError::address(status.commit, "is not the full name of a commit"));
    }
    let mut body = json!({
        "state": state(status.verdict),
        "context": context(status.context),
        "description": description(status.description),
    });
    if let Some(url) = status.url {
        body["target_url"] = url.into();
    }
    client.post_again(&what, &format!("/statuses/{}", status.commit), &body).map(drop)
}

/// The name that a status goes by on the forge: one line, bounded.
pub fn context(text: &str) -> String {
    one_line(text, CONTEXT - 1, false).0
}

/// Unknown is an error, not a failure: nobody has judged.
fn state(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass | Verdict::Warn => "success",
        Verdict::Fail => "failure",
        Verdict::Unknown => "error",
    }
}

fn description(text: &str) -> String {
    let line = one_line(text, usize::MAX / 8, false).0;
    let Some((end, _)) = line.char_indices().nth(DESCRIPTION) else { return line };
    // Room for the ellipsis, which counts as one of them.
    let room = line[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let head = &line[..room];
    let whole =
        if line[room..].starts_with(' ') { head } else { head.rsplit_once(' ').map_or(head, |(words, _)| words) };
    format!("{}…", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unknown_is_an_error() {
        assert_eq!(
            [Verdict::Pass, Verdict::Warn, Verdict::Fail, Verdict::Unknown].map(state),
            ["success", "success", "failure", "error"]
        );
    }

    #[test]
    fn descriptions_end_with_a_whole_word() {
        let words = "abcd ".repeat(40);
        let cut = description(&words);
        assert_eq!(cut.chars().count(), 140);
        assert!(cut.ends_with(" abcd…"));
        assert_eq!(description(&"x".repeat(200)), format!("{}…", "x".repeat(139)));
        assert_eq!(description(&"x".repeat(140)), "x".repeat(140));
        assert_eq!(description("a\n\u{1b}[31mb"), "a b");
        assert_eq!(context(&"x".repeat(300)).chars().count(), 255);
    }

    proptest! {
        #[test]
        fn descriptions_fit(text in any::<String>(), word in "[a-zé ]{0,200}") {
            for text in [text, word] {
                let cut = description(&text);
                prop_assert!(cut.chars().count() <= 140 && !cut.contains(char::is_control));
            }
        }
    }
}
