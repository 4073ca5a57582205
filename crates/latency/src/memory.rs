//! How much memory the service takes: the resident sets of its process group together, read off /proc every quarter of a second.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(250);

/// Looks at a process group until it is dropped.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Before anything was asked, in bytes.
    pub(crate) idle: u64,
    peak: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
    watcher: Option<JoinHandle<()>>,
}

impl Memory {
    /// Of the group; none where the system does not tell.
    pub(crate) fn watch(group: u32) -> Option<Self> {
        let idle = resident(group).filter(|bytes| *bytes > 0)?;
        let (peak, done) = (Arc::new(AtomicU64::new(idle)), Arc::new(AtomicBool::new(false)));
        let (kept, over) = (Arc::clone(&peak), Arc::clone(&done));
        let watcher = thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                thread::sleep(EVERY);
                kept.fetch_max(resident(group).unwrap_or_default(), Ordering::Relaxed);
            }
        });
        Some(Self { idle, peak, done, watcher: Some(watcher) })
    }

    /// The most it was seen to take, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(watcher) = self.watcher.take() {
            let _ = watcher.join();
        }
    }
}

/// What the processes of a group hold, in bytes; none where the system does not tell.
fn resident(group: u32) -> Option<u64> {
    let processes = fs::read_dir("/proc").ok()?;
    let mut total = 0;
    for entry in processes.flatten() {
        let name = entry.file_name();
        if !name.as_encoded_bytes().iter().all(u8::is_ascii_digit) {
            continue;
        }
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        if group_of(&stat) == Some(group)
            && let Ok(status) = fs::read_to_string(entry.path().join("status"))
        {
            total += kilobytes(&status, "VmRSS:").unwrap_or_default() * 1024;
        }
    }
    Some(total)
}

/// The process group in the text of /proc/PID/stat (proc_pid_stat(5), field 5). The name before it may hold anything.
fn group_of(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(2)?.parse().ok()
}

fn kilobytes(status: &str, field: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_past_a_name_with_blanks_and_brackets() {
        assert_eq!(group_of("12 (a) b (c) S 3 77 77 0"), Some(77));
        assert_eq!(group_of("12"), None);
        assert_eq!(kilobytes("VmPeak:\t 9 kB\nVmRSS:\t  1234 kB\n", "VmRSS:"), Some(1234));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_group_of_nobody_takes_nothing() {
        assert_eq!(resident(u32::MAX), Some(0));
        assert!(Memory::watch(u32::MAX).is_none());
    }
}
