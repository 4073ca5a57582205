//! Ctrl-C and termination: children are ended, unfinished files removed, nothing half-written stays.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// What must be undone when the process is interrupted.
#[derive(Default)]
struct Pending {
    children: BTreeSet<u32>,
    /// Those of them that report what they have where they are asked to stop.
    measuring: BTreeSet<u32>,
    files: BTreeSet<PathBuf>,
}

static PENDING: Mutex<Pending> =
    Mutex::new(Pending { children: BTreeSet::new(), measuring: BTreeSet::new(), files: BTreeSet::new() });

/// Whether somebody asked this process to stop, and it is coming to its end.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// The exit code of an interrupted process, as shells have it: 128 and the number of SIGINT.
const INTERRUPTED: i32 = 130;

fn pending() -> MutexGuard<'static, Pending> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interrupt ends the process in order. While something is measured, the first one only ends the measuring; what
/// was measured so far is told. Where the handler cannot be set, the system's default stays.
pub(crate) fn install() {
    let _ = ctrlc::set_handler(|| {
        let pending = pending();
        if !pending.measuring.is_empty() && !STOPPING.swap(true, Ordering::Relaxed) {
            pending.measuring.iter().for_each(|child| ask_to_stop(*child));
            return;
        }
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

/// Whether somebody asked this process to stop: nothing more is begun.
pub(crate) fn stopping() -> bool {
    STOPPING.load(Ordering::Relaxed)
}

/// Ends a child and everything it started.
pub(crate) fn kill(child: u32) {
    signal::send(child, signal::KILL);
}

/// Tells a child, and everything it started, to end.
pub(crate) fn ask_to_end(child: u32) {
    signal::send(child, signal::TERM);
}

/// Tells a child to report what it has.
fn ask_to_stop(child: u32) {
    signal::send(child, signal::INT);
}

#[cfg(unix)]
mod signal {
    use rustix::process::{Pid, Signal, kill_process_group};

    pub(super) const KILL: Signal = Signal::KILL;
    pub(super) const TERM: Signal = Signal::TERM;
    pub(super) const INT: Signal = Signal::INT;

    /// To the group that `child` leads.
    pub(super) fn send(child: u32, signal: Signal) {
        if let Some(pid) = i32::try_from(child).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(pid, signal);
        }
    }
}

#[cfg(not(unix))]
mod signal {
    pub(super) const KILL: () = ();
    pub(super) const TERM: () = ();
    pub(super) const INT: () = ();

    pub(super) fn send(_child: u32, _signal: ()) {}
}

/// Remembers that the child reports what it has where it is asked to stop, until the guard is dropped.
pub(crate) fn measuring(child: u32) -> impl Drop {
    pending().measuring.insert(child);
    Guard(move || {
        pending().measuring.remove(&child);
    })
}

/// Starts a child, which leads a process group of its own, and remembers it until the guard is dropped. No interrupt
/// comes between the two.
pub(crate) fn child(spawn: impl FnOnce() -> io::Result<Child>) -> io::Result<(Child, Remembered)> {
    let mut pending = pending();
    let child = spawn()?;
    let id = child.id();
    pending.children.insert(id);
    Ok((child, Remembered(id)))
}

/// A child that an interrupt ends, until this is dropped.
#[derive(Debug)]
pub(crate) struct Remembered(u32);

impl Drop for Remembered {
    fn drop(&mut self) {
        pending().children.remove(&self.0);
    }
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
