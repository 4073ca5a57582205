//! Starting the program, waiting until it is ready, logging in, ending it.

use std::collections::VecDeque;
use std::io::Read;
use std::net::{TcpListener, ToSocketAddrs as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tollgate_check::{Service, fill};
use tollgate_config as config;
use tollgate_http::{Client, Request, Response, Settings};
use tollgate_model::format;

use crate::interrupt;

/// How much of what the program says is kept, in bytes.
const KEPT: usize = 64 << 10;

/// How long it may take to end after it was told to.
const GRACE: Duration = Duration::from_secs(5);

/// How long one answer may take while it gets ready.
const ANSWER: Duration = Duration::from_secs(10);

/// The running program.
pub(super) struct Running {
    pub(super) service: Service,
    process: Option<Process>,
}

struct Process {
    child: Child,
    said: Arc<Mutex<VecDeque<u8>>>,
    _guard: interrupt::Remembered,
}

impl Running {
    /// Starts what `config` tells of and waits until it is ready.
    ///
    /// # Errors
    /// Why it does not run, in words, with what the program last said.
    pub(super) fn start(config: &config::Service, root: &Path) -> Result<Self, String> {
        let port = config.url.contains("${PORT}").then(free_port).transpose()?;
        let lookup = |name: &str| match (name, port) {
            ("PORT", Some(port)) => Some(port.to_string()),
            _ => fill::environment(name),
        };
        let url = fill::text(&config.url, &lookup).map_err(|e| format!("`url` of [service]: {e}"))?;
        let process = match &config.start {
            Some(command) => {
                nobody_answers(&url)?;
                let mut env = Vec::new();
                for (name, value) in &config.env {
                    let value = fill::text(value, &lookup).map_err(|e| format!("`env.{name}` of [service]: {e}"))?;
                    env.push((name.clone(), value));
                }
                env.extend(port.map(|port| ("PORT".to_owned(), port.to_string())));
                Some(Process::start(command, root, env)?)
            }
            None => None,
        };
        let group = process.as_ref().map(|process| process.child.id());
        let service = Service { url, headers: Vec::new(), group, start: config.start.clone() };
        let mut running = Self { service, process };
        let asked = Asker::new()?;
        running.wait(config, &asked)?;
        if let Some(login) = &config.login {
            let header = log_in(login, &running.service.url, &asked).map_err(|e| running.with_words(e))?;
            running.service.headers.push(header);
        }
        Ok(running)
    }

    /// Waits until it answers.
    fn wait(&mut self, config: &config::Service, asked: &Asker) -> Result<(), String> {
        let url = format!("{}{}", self.service.url, config.ready.as_deref().unwrap_or("/"));
        let until = Instant::now() + config.ready_timeout;
        let mut pause = Duration::from_millis(20);
        loop {
            let last = match asked.ask(&Request::new("GET", &url).map_err(|e| e.to_string())?, until) {
                Ok(response) if config.ready.is_none() || (200..300).contains(&response.status) => break,
                Ok(response) => format!("it answered {}", response.status),
                Err(because) => because,
            };
            if let Some(died) = self.died() {
                return Err(died);
            }
            if Instant::now() + pause >= until {
                let limit = format::milliseconds(config.ready_timeout.as_secs_f64() * 1000.0);
                let text = format!("the service was not ready after {limit}: GET {url}: {last}");
                return Err(self.with_words(text));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(250));
        }
        // Whoever answered must be the one that was started.
        self.died().map_or(Ok(()), Err)
    }

    /// That it ended, and what it last said.
    pub(super) fn died(&mut self) -> Option<String> {
        let process = self.process.as_mut()?;
        let status = process.child.try_wait().ok().flatten()?;
        let text = format!(
            "the service ended by itself ({status}); `{}`, which started it, must stay in the foreground",
            process.command(&self.service)
        );
        Some(self.with_words(text))
    }

    fn with_words(&self, text: String) -> String {
        match self.process.as_ref().map(Process::last_words).filter(|words| !words.is_empty()) {
            Some(words) => format!("{text}; it last said: {words}"),
            None => text,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.end();
        }
    }
}

impl Process {
    fn start(command: &str, root: &Path, env: Vec<(String, String)>) -> Result<Self, String> {
        let spawn = || {
            let mut shell = shell(command);
            shell.current_dir(root).envs(env).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            // A group of its own, so that what it starts ends with it.
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut shell, 0);
            shell.spawn()
        };
        let (mut child, guard) =
            interrupt::child(spawn).map_err(|e| format!("the service could not be started: {command}: {e}"))?;
        let said = Arc::default();
        listen(child.stdout.take(), &said);
        listen(child.stderr.take(), &said);
        Ok(Self { child, said, _guard: guard })
    }

    fn command<'s>(&self, service: &'s Service) -> &'s str {
        service.start.as_deref().unwrap_or_default()
    }

    /// The last lines it wrote, on one line.
    fn last_words(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = said.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let last = lines.iter().rev().take(3).rev().copied().collect::<Vec<&str>>().join(" / ");
        let long = last.chars().count().saturating_sub(300);
        last.chars().skip(long).collect()
    }

    /// Tells it to end, waits a little, and makes it end.
    fn end(&mut self) {
        interrupt::ask_to_end(self.child.id());
        let until = Instant::now() + GRACE;
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        interrupt::kill(self.child.id());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.args(["/C", command]);
    shell
}

/// Keeps the last of what comes through `pipe`, in a thread of its own, so that the program never waits for a reader.
fn listen(pipe: Option<impl Read + Send + 'static>, said: &Arc<Mutex<VecDeque<u8>>>) {
    let (Some(mut pipe), said) = (pipe, Arc::clone(said)) else { return };
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = pipe.read(&mut bytes) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.extend(&bytes[..read]);
            let over = said.len().saturating_sub(KEPT);
            said.drain(..over);
        }
    });
}

/// A port of the loopback that nobody listens on.
fn free_port() -> Result<u16, String> {
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|e| format!("no free port was found for the service: {e}"))
}

/// What was running before would be asked in place of what is started.
fn nobody_answers(url: &str) -> Result<(), String> {
    let request = Request::new("GET", url).map_err(|e| format!("`url` of [service]: {e}"))?;
    let (Some(host), Some(port)) = (request.url.host_str(), request.url.port_or_known_default()) else {
        return Err(format!("`url` of [service], {url}, names no host"));
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses = (host, port).to_socket_addrs().map_err(|e| format!("`url` of [service]: {host}: {e}"))?;
    let taken = |address| std::net::TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok();
    match addresses.any(taken) {
        true => Err(format!(
            "something listens at {url} already, and would be asked in place of the service; end it, or let `url` of [service] have \
             ${{PORT}} for its port"
        )),
        false => Ok(()),
    }
}

/// Sends requests and waits for the answers.
struct Asker {
    runtime: tokio::runtime::Runtime,
    client: Client,
}

impl Asker {
    fn new() -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        let client = Client::new(Settings::default()).map_err(|e| e.to_string())?;
        Ok(Self { runtime, client })
    }

    fn ask(&self, request: &Request, until: Instant) -> Result<Response, String> {
        let deadline = until.min(Instant::now() + ANSWER);
        let exchange = self.runtime.block_on(self.client.send(request, deadline));
        exchange.outcome.map_err(|failure| failure.to_string())
    }
}

/// The header that the answer to `login` gives. No message tells of what was sent or answered.
fn log_in(login: &config::Login, url: &str, asked: &Asker) -> Result<(String, String), String> {
    let what = format!("the login, {} {}", login.method, login.path);
    let wrong = |because: String| format!("{what}: {because}");
    let path = fill::text(&login.path, &fill::environment).map_err(wrong)?;
    let mut request = Request::new(&login.method, &format!("{url}{path}")).map_err(|e| wrong(e.to_string()))?;
    let body = login.body.as_ref().map(|body| fill::json(body, &fill::environment)).transpose().map_err(wrong)?;
    request = match body {
        Some(serde_json::Value::String(text)) => request.body(text),
        Some(value) => {
            let request = request.header("content-type", "application/json").map_err(|e| wrong(e.to_string()))?;
            request.body(value.to_string())
        }
        None => request,
    };
    let response = asked.ask(&request, Instant::now() + ANSWER).map_err(wrong)?;
    if !(200..300).contains(&response.status) {
        return Err(wrong(format!("it was answered with {}, not with a success", response.status)));
    }
    let answer: serde_json::Value =
        serde_json::from_slice(&response.body).map_err(|_| wrong("the answer is no JSON".to_owned()))?;
    let token = match answer.pointer(&login.token) {
        Some(serde_json::Value::String(token)) if !token.is_empty() => token.clone(),
        Some(serde_json::Value::Number(token)) => token.to_string(),
        _ => return Err(wrong(format!("the answer has no text at {}", login.token))),
    };
    Ok((login.header.clone(), format!("{}{token}", login.prefix)))
}
