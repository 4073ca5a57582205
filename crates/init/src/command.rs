//! The command line.

use std::path::PathBuf;

use clap::{Args, Command, ValueEnum};

/// Which workflow is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WorkflowKind {
    /// Calls the workflow that tollgate provides; checks are named `tollgate / Tests`.
    #[default]
    Reusable,
    /// Two jobs that use the action; checks are named `Tests`.
    Composite,
    /// None.
    None,
}

/// What `init` is told.
#[derive(Clone, Debug, Args)]
pub struct Arguments {
    /// The folder to write for
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Replace files that are there; lines of CODEOWNERS are added to it
    #[arg(long)]
    pub force: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Which workflow to write
    #[arg(long, value_name = "KIND", value_enum, default_value_t)]
    pub workflow: WorkflowKind,
    /// Write no CODEOWNERS
    #[arg(long)]
    pub no_codeowners: bool,
    /// Who is asked about changes of the policy: @user, @org/team
    #[arg(long, value_name = "NAME", conflicts_with = "no_codeowners")]
    pub owner: Option<String>,
}

const AFTER: &str = "\
Runs every checker once. What holds is enforced at once; what does not is
compared with the base, and its gate only observes for 30 days. Asks nothing:
of limits that contradict each other it takes the strictest and names them all.
Exit codes: 0 written; 2 usage, or there is a policy already; 3 it could not
tell, and no file was written.";

/// Its command line.
pub fn command() -> Command {
    Arguments::augment_args(Command::new("init"))
        .about("Write a first policy from what holds today, a workflow, and lines for CODEOWNERS")
        .after_help(AFTER)
}
