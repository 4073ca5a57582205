//! Ctrl-C and termination: children are ended, unfinished files removed, nothing half-written stays.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// What must be undone when the process is interrupted.
#[derive(Default)]
struct Pending {
    children: BTreeSet<u32>,
    files: BTreeSet<PathBuf>,
}

static PENDING: Mutex<Pending> = Mutex::new(Pending { children: BTreeSet::new(), files: BTreeSet::new() });

/// The exit code of an interrupted process, as shells have it: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

fn pending() -> MutexGuard<'static, Pending> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interrupt ends the process in order. Where the handler cannot be set, the system's default stays.
pub(crate) fn install() {
    let _ = ctrlc::set_handler(|| {
        let pending = pending();
        for child in &pending.children {
            kill(*child);
        }
        for file in &pending.files {
            let _ = std::fs::remove_file(file);
        }
        // The lock is kept to the end, so that no new child or file can come up meanwhile.
        leave();
    });
}

#[expect(clippy::exit, reason = "the one place where an interrupt ends the process")]
fn leave() -> ! {
    std::process::exit(INTERRUPTED)
}

/// Ends a child and everything it started.
#[cfg(unix)]
pub(crate) fn kill(child: u32) {
    if let Some(pid) = i32::try_from(child).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
    }
}

/// Ends a child.
#[cfg(not(unix))]
pub(crate) fn kill(_child: u32) {}

/// Starts a child, which leads a process group of its own, and remembers it until the guard is dropped. No interrupt
/// comes between the two.
pub(crate) fn child(spawn: impl FnOnce() -> io::Result<Child>) -> io::Result<(Child, impl Drop)> {
    let mut pending = pending();
    let child = spawn()?;
    let id = child.id();
    pending.children.insert(id);
    Ok((
        child,
        Guard(move || {
            self::pending().children.remove(&id);
        }),
    ))
}

/// Makes an unfinished file in `folder` and remembers it until the guard is dropped. No interrupt comes between the two.
pub(crate) fn file(folder: &Path) -> io::Result<(NamedTempFile, impl Drop + use<>)> {
    let mut pending = pending();
    let file = tempfile::Builder::new().prefix(".tollgate-").tempfile_in(folder)?;
    let path = file.path().to_owned();
    pending.files.insert(path.clone());
    Ok((
        file,
        Guard(move || {
            self::pending().files.remove(&path);
        }),
    ))
}

struct Guard<F: FnMut()>(F);

impl<F: FnMut()> Drop for Guard<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
