//! What one command costs.

use std::env;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::compare::MeasureArguments;
use crate::workspace;

/// What one run of a command cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Measurement {
    /// User plus system time, seconds.
    pub(super) cpu_seconds: f64,
    /// Largest resident set of one of its processes, bytes. Never below the few megabytes of the process that starts it.
    pub(super) peak_bytes: u64,
    /// Its exit code; none when a signal ended it.
    pub(super) exit: Option<i32>,
}

/// Measures `command` in a process that has no other child.
pub(super) fn in_fresh_process(command: &[String]) -> Result<Measurement> {
    let own = env::current_exe().context("the path of this program")?;
    let text = workspace::run(Command::new(own).arg("__measure").arg("--").args(command))?;
    serde_json::from_str(&text).context("what __measure wrote")
}

/// `__measure`: runs the command with its output thrown away and prints the measurement as JSON.
pub(crate) fn main(arguments: &MeasureArguments) -> Result<()> {
    let (program, rest) = arguments.command.split_first().context("no command")?;
    let status = Command::new(program)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {program}"))?;
    let (cpu_seconds, peak_bytes) = usage_of_children()?;
    println!("{}", serde_json::to_string(&Measurement { cpu_seconds, peak_bytes, exit: status.code() })?);
    Ok(())
}

/// CPU seconds and peak bytes of the children that ended.
#[cfg(unix)]
fn usage_of_children() -> Result<(f64, u64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).context("getrusage")?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // Linux counts kibibytes, the Apple systems bytes.
    let scale = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    Ok((micros as f64 / 1e6, u64::try_from(usage.max_rss()).unwrap_or(0) * scale))
}

#[cfg(not(unix))]
fn usage_of_children() -> Result<(f64, u64)> {
    anyhow::bail!("this system does not say what a finished child cost; compare needs Unix")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_works_costs_something() {
        let before = usage_of_children().unwrap();
        let status = Command::new("git").arg("--version").stdout(Stdio::null()).status().unwrap();
        assert!(status.success());
        let after = usage_of_children().unwrap();
        assert!(after.0 >= before.0);
        assert!(after.1 > 100_000, "{} bytes", after.1);
    }
}
