//! An HTTP server on 127.0.0.1 of known delays and faults, for tests alone.
//!
//! [`Origin::start`] listens on a free port and answers by its [`Route`]s: after a delay that the test chose, with what the test chose, be it no HTTP at all.
//! It keeps what was asked ([`Origin::seen`]) and how long each request really stayed ([`Origin::residences`]), so that a probe can be judged against
//! the truth of the same run. With [`Origin::start_tls`] it shows a certificate that is valid or wrong in one way. It ends when it is dropped; no
//! connection lives longer than a minute.

mod answer;
mod certificate;
mod random;
mod serve;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use answer::{Answer, Delay, Route};
pub use certificate::Certificate;

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its target, with the query.
    pub target: String,
    /// Its headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
}

/// The server.
#[derive(Debug)]
pub struct Origin {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The authority that signed its certificate, where one did, in DER.
    authority: Option<Vec<u8>>,
    listener: Option<JoinHandle<()>>,
}

/// What its threads share.
#[derive(Debug)]
struct Shared {
    routes: Vec<Route>,
    /// The whole server answers nothing for the second duration at the end of each first one.
    stall: Option<(Duration, Duration)>,
    started: Instant,
    over: AtomicBool,
    seen: Mutex<Vec<Seen>>,
    residences: Mutex<BTreeMap<String, Vec<Duration>>>,
    tls: Option<Arc<rustls::ServerConfig>>,
}

impl Origin {
    /// Answers by `routes`; anything else with 404.
    ///
    /// # Errors
    /// Where the system gives no port.
    pub fn start(routes: Vec<Route>) -> io::Result<Self> {
        Self::with(routes, None, None)
    }

    /// The same, where the whole server answers nothing for `length` at the end of each `every`.
    ///
    /// # Errors
    /// Where the system gives no port.
    pub fn start_stalling(routes: Vec<Route>, every: Duration, length: Duration) -> io::Result<Self> {
        Self::with(routes, Some((every, length)), None)
    }

    /// The same over TLS, with such a certificate.
    ///
    /// # Errors
    /// Where the system gives no port.
    pub fn start_tls(routes: Vec<Route>, certificate: Certificate) -> io::Result<Self> {
        Self::with(routes, None, Some(certificate))
    }

    fn with(
        routes: Vec<Route>,
        stall: Option<(Duration, Duration)>,
        certificate: Option<Certificate>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let made = certificate.map(Certificate::made).transpose().map_err(io::Error::other)?;
        let (tls, authority) = made.map_or((None, None), |(config, authority)| (Some(config), authority));
        let shared = Arc::new(Shared {
            routes,
            stall,
            started: Instant::now(),
            over: AtomicBool::new(false),
            seen: Mutex::default(),
            residences: Mutex::default(),
            tls,
        });
        let own = Arc::clone(&shared);
        let listener = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if own.over.load(Ordering::Relaxed) {
                    break;
                }
                let own = Arc::clone(&own);
                std::thread::spawn(move || serve::connection(&own, stream));
            }
        });
        Ok(Self { address, shared, authority, listener: Some(listener) })
    }

    /// The address of `path` here.
    pub fn url(&self, path: &str) -> String {
        match self.shared.tls {
            Some(_) => format!("https://localhost:{}{path}", self.address.port()),
            None => format!("http://{}{path}", self.address),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority to trust, in DER.
    pub fn authority(&self) -> Option<&[u8]> {
        self.authority.as_deref()
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How long each request of `path` stayed, from when it was read to when its last byte was written, in order.
    pub fn residences(&self, path: &str) -> Vec<Duration> {
        let all = self.shared.residences.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(path).cloned().unwrap_or_default()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
    }
}
