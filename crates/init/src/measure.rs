//! Every checker, run once: this program as `tollgate check` on a policy that lies outside the repository.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tollgate_model::Run;

use crate::InitError;

/// Largest run that is read, in bytes.
const LARGEST: u64 = 1 << 30;

/// How much of what it complains about is passed on, in characters.
const LONGEST: usize = 2_000;

/// What `program check` says of `root` by the policy `text`.
pub(crate) fn measure(program: &Path, root: &Path, text: &str) -> Result<Run, InitError> {
    let failed = |what: &str, error: &dyn std::fmt::Display| InitError::Failed(format!("init: {what}: {error}"));
    let folder = tempfile::tempdir().map_err(|e| failed("no temporary folder could be made", &e))?;
    let config = folder.path().join("tollgate.toml");
    fs::write(&config, text).map_err(|e| failed("the policy to try could not be written", &e))?;
    let complaints = tempfile::tempfile().map_err(|e| failed("no temporary file could be made", &e))?;
    let heard = complaints.try_clone().map_err(|e| failed("no temporary file could be made", &e))?;
    let mut child = Command::new(program)
        .args(["check", "--event", "local", "--format", "json", "--no-progress", "--root"])
        .arg(root)
        .arg("--config")
        .arg(&config)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(heard)
        .spawn()
        .map_err(|e| failed("the check could not be started", &e))?;
    let mut bytes = Vec::new();
    let read = child.stdout.take().map(|out| out.take(LARGEST).read_to_end(&mut bytes));
    // What was not read will not be waited for.
    let _ended = if bytes.len() as u64 == LARGEST { child.kill() } else { Ok(()) };
    let status = child.wait().map_err(|e| failed("the check did not end", &e))?;
    if let Some(Err(error)) = read {
        return Err(failed("the check could not be heard", &error));
    }
    serde_json::from_slice(&bytes).map_err(|_| {
        let said = complaints_of(complaints).unwrap_or_default();
        InitError::Failed(format!("init: the check gave no result ({status}): {said}"))
    })
}

fn complaints_of(mut file: fs::File) -> std::io::Result<String> {
    use std::io::Seek as _;
    file.rewind()?;
    let mut bytes = Vec::new();
    file.take(LONGEST as u64).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
}
