//! The parent's side: one child process per checker, each with a deadline. A child that crashes, is killed, takes too
//! long or talks nonsense gives an incomplete report; the others are not touched.

use std::borrow::Cow;
use std::io::{Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tollgate_check::Tool;
use tollgate_model::{Cause, Problem, Report, Status, format};

use crate::arguments::CHILD;
use crate::child::{Answer, Request, in_place, put_in_rules};
use crate::interrupt;
use crate::progress::Progress;
use crate::service::Host;

/// Largest answer that is read, in bytes.
const LARGEST_ANSWER: u64 = 512 << 20;

/// How much of what a child says on standard error is kept, in bytes.
const KEPT_WORDS: u64 = 16 << 10;

/// One child to run.
pub(crate) struct Job<'a> {
    pub(crate) tool: &'a dyn Tool,
    pub(crate) request: Request,
    /// Whether it looks at the base rather than at the change.
    pub(crate) of_base: bool,
    /// Whether it asks the program under test.
    pub(crate) asks_service: bool,
}

/// What came of it.
pub(crate) struct Finished {
    pub(crate) outcome: Result<Report, String>,
    pub(crate) elapsed: Duration,
}

/// Runs every job, at most `at_once` of them at a time, and after those each exclusive one alone. The results are in the
/// order of the jobs; an `Err` is an option that makes no sense.
pub(crate) fn run(
    jobs: &[Job<'_>],
    at_once: usize,
    deadline: Duration,
    progress: &Progress,
    host: &Host<'_>,
) -> Vec<Finished> {
    let results: Mutex<Vec<Option<Finished>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let finish = |index: usize| {
        let finished = one(&jobs[index], deadline, progress, host);
        results.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(finished);
    };
    let (alone, together): (Vec<usize>, Vec<usize>) = (0..jobs.len()).partition(|i| jobs[*i].tool.exclusive());
    let queue = Mutex::new(together.into_iter());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..at_once.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                while let Some(index) = next() {
                    finish(index);
                }
            });
        }
    });
    alone.into_iter().for_each(finish);
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().flatten().collect()
}

fn one(job: &Job<'_>, deadline: Duration, progress: &Progress, host: &Host<'_>) -> Finished {
    let started = Instant::now();
    progress.begin(&job.request);
    let mut request = Cow::Borrowed(&job.request);
    if job.asks_service {
        request.to_mut().service = host.service();
    }
    let outcome = match converse(job.tool, &request, deadline) {
        Ok(Answer::Report(mut report)) if report.checker == job.tool.name() => {
            put_in_rules(job.tool, &mut report);
            Ok(if job.asks_service { with_service(*report, host) } else { *report })
        }
        Ok(Answer::Report(report)) => {
            let message = format!("the process answered with a report of {}", report.checker);
            Ok(in_place(job.tool, &job.request, Cause::Unfinished, message))
        }
        Ok(Answer::Usage(message)) => Err(message),
        Err(because) => {
            let message = format!("{} did not finish: {because}", job.tool.name());
            Ok(in_place(job.tool, &job.request, Cause::Unfinished, message))
        }
    };
    progress.end(&job.request);
    Finished { outcome, elapsed: started.elapsed() }
}

/// The report of a checker that asked the service: whole only where that ran to the end.
fn with_service(mut report: Report, host: &Host<'_>) -> Report {
    if let Some(died) = host.died() {
        report.problems.push(Problem::new(Cause::Unfinished, died));
        report.status = Status::Incomplete;
    }
    report
}

/// Asks one child, and says why when there is no answer.
fn converse(tool: &dyn Tool, request: &Request, deadline: Duration) -> Result<Answer, String> {
    if interrupt::stopping() {
        return Err("it was not begun, for the run was interrupted".to_owned());
    }
    let line = serde_json::to_string(request).map_err(|e| e.to_string())? + "\n";
    let (mut child, _guard) = interrupt::child(spawn).map_err(|e| format!("the process could not be started: {e}"))?;
    let _measuring = tool.exclusive().then(|| interrupt::measuring(child.id()));
    let until = Instant::now() + deadline;
    let (answer, words) = (listen(child.stdout.take(), LARGEST_ANSWER), listen(child.stderr.take(), KEPT_WORDS));
    let mut stdin = child.stdin.take();
    // A child that never reads must not hold us up: the pipe is filled by a thread of its own, which keeps it open.
    let speaker = thread::spawn(move || {
        if let Some(pipe) = &mut stdin {
            let _ = pipe.write_all(line.as_bytes()).and_then(|()| pipe.flush());
        }
        stdin
    });
    let heard = answer.recv_timeout(until.saturating_duration_since(Instant::now()));
    let status = match heard {
        Ok(_) => wait(&mut child, until),
        Err(_) => None,
    };
    match status {
        // Whatever it started and left running ends with it.
        Some(_) => interrupt::kill(child.id()),
        None => end(&mut child),
    }
    drop(speaker.join());
    let words = words.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    match (heard, status) {
        (Ok(bytes), _) if bytes.len() as u64 >= LARGEST_ANSWER => {
            Err(format!("its report is larger than {LARGEST_ANSWER} bytes"))
        }
        (Ok(bytes), Some(status)) if status.success() => {
            serde_json::from_slice(&bytes).map_err(|e| format!("its report could not be read ({e})"))
        }
        (_, Some(status)) => Err(describe(status, &String::from_utf8_lossy(&words))),
        (Err(RecvTimeoutError::Disconnected), None) => Err("its output broke off".to_owned()),
        (_, None) => {
            let limit = format::milliseconds(deadline.as_secs_f64() * 1000.0);
            Err(format!("it was ended after its deadline of {limit}; [check] deadline gives it longer"))
        }
    }
}

fn spawn() -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(CHILD).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that what it starts ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}

/// Reads a pipe to its end in a thread of its own; of more than `limit` bytes, the first.
fn listen(pipe: Option<impl Read + Send + 'static>, limit: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.by_ref().take(limit).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// Waits for a child that has closed its output, which takes no longer than a moment unless it hangs.
fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn end(child: &mut Child) {
    interrupt::kill(child.id());
    let _ = child.kill();
    let _ = child.wait();
}

/// How a child ended, with the last thing it said.
fn describe(status: ExitStatus, words: &str) -> String {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let how = match (signal, status.code()) {
        (Some(6), _) if words.contains("overflowed its stack") => "it overflowed its stack".to_owned(),
        (Some(signal), _) => format!("it was ended by signal {signal}"),
        (None, Some(code)) => format!("it ended with code {code}"),
        (None, None) => "it ended".to_owned(),
    };
    // A panic says where on its first line and why on its second.
    let said: Vec<&str> = words.lines().map(str::trim).filter(|line| !line.is_empty()).take(2).collect();
    match said.is_empty() {
        true => how,
        false => format!("{how}; it said: {}", said.join(" ").chars().take(300).collect::<String>()),
    }
}
