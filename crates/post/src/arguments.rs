//! The command line.

use std::path::PathBuf;

use clap::{Args, Command, FromArgMatches as _, ValueEnum};

use crate::PostError;
use tollgate_forge::comment::Category;

/// Where a decision can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// The page of the workflow's run (GITHUB_STEP_SUMMARY).
    Summary,
    /// Lines beside the code: at most 10 errors and 10 warnings.
    Annotations,
    /// Outputs of the step (GITHUB_OUTPUT).
    Outputs,
    /// The one comment on the pull request.
    Comment,
    /// Code scanning.
    Sarif,
    /// One commit status per gate.
    Statuses,
    /// One GitHub issue per gate that does not pass, on the default branch.
    Issues,
}

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder that `tollgate check --out DIR` wrote: run.json, summary.md, report.sarif, upload/.
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Where to put it, separated by commas.
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "summary,annotations,outputs,comment,sarif",
        hide_possible_values = false
    )]
    pub(crate) to: Vec<Target>,
    /// Keeps this comment, these statuses and issues apart from those of other calls. Letters, digits and `. _ / -`; statuses
    /// become NAME/GATE.
    #[arg(long, value_name = "NAME", value_parser = category)]
    pub(crate) category: Option<Category>,
    /// The pull request: its number, or a small file that holds it, alone or as {"pull_request": NUMBER}. For workflow_run events
    /// and calls outside of a workflow; the forge is asked whether its head is the commit that was judged.
    #[arg(long, value_name = "NUMBER|FILE")]
    pub(crate) pull_request: Option<String>,
    /// Only these gates: in statuses, issues and outputs. May be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) gate: Vec<String>,
}

const AFTER: &str = "\
Environment, as every workflow of GitHub Actions has it:
  TOLLGATE_TOKEN or GITHUB_TOKEN   by what comment, sarif, statuses and issues are allowed. Without one, comment and sarif are
                                   left out with a notice, and statuses end with exit code 3
  GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_GRAPHQL_URL, GITHUB_SERVER_URL
                                   where they go; an Enterprise Server is found by them
  GITHUB_EVENT_NAME, GITHUB_EVENT_PATH, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT
                                   what was judged. A run of another commit is refused; an older run never overwrites a newer one
  GITHUB_STEP_SUMMARY, GITHUB_OUTPUT
                                   the files of summary and outputs

Permissions of the job: pull-requests: write (comment), security-events: write (sarif), statuses: write, issues: write.

Exit codes: 0 posted (a comment, an upload or an issue that failed is a warning; one that the token may not write, as from a fork, a
notice); 2 the arguments do not go together; 3 a status was not set, or the run is not of the commit that the event is about. Whether
gates pass changes nothing: that is what `tollgate check` ends with.";

/// The command `post`.
pub fn command() -> Command {
    Options::augment_args(Command::new("post"))
        .about("Put a decision on the forge: summary, comment, code scanning, statuses")
        .after_help(AFTER)
}

impl Options {
    pub(crate) fn read(matches: &clap::ArgMatches) -> Result<Self, PostError> {
        Self::from_arg_matches(matches).map_err(|e| PostError::usage(e.to_string()))
    }

    pub(crate) fn wants(&self, target: Target) -> bool {
        self.to.contains(&target)
    }
}

fn category(text: &str) -> Result<Category, String> {
    Category::parse(text)
        .ok_or_else(|| "1 to 100 letters, digits, `.`, `_`, `/` and single `-` are possible".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Options, clap::Error> {
        let all = ["post"].iter().chain(arguments);
        command().try_get_matches_from(all).map(|matches| Options::read(&matches).unwrap())
    }

    #[test]
    fn the_command_is_whole() {
        command().debug_assert();
        let help = command().render_long_help().to_string();
        assert!(help.contains("GITHUB_STEP_SUMMARY") && help.contains("--pull-request"));
    }

    #[test]
    fn lists_and_what_is_not_said() {
        let usual = read(&["out"]).unwrap();
        assert_eq!(usual.to.len(), 5);
        assert!(!usual.wants(Target::Statuses) && !usual.wants(Target::Issues));
        let some =
            read(&["out", "--to", "statuses,issues", "--gate", "a", "--gate", "b", "--category", "apps/x"]).unwrap();
        assert_eq!((some.to, some.gate.len()), (vec![Target::Statuses, Target::Issues], 2));
        assert_eq!(some.category.unwrap().as_str(), "apps/x");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for arguments in
            [vec!["out", "--to", "mail"], vec!["out", "--category", "a b"], vec!["out", "--category", "a-->"], vec![]]
        {
            assert!(read(&arguments).is_err(), "{arguments:?}");
        }
    }
}
