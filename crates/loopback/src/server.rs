//! The socket: a thread that accepts, a thread for each connection, and an end to all of them.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::http::{self, Broken, Message, Reply};

/// A connection on which nothing is said for so long ends.
const SILENCE: Duration = Duration::from_secs(60);
/// How much of a refused request is still read, so that its sender comes to read the answer.
const DRAINED: u64 = 64 << 20;

/// What answers requests.
pub(crate) type Handler = dyn Fn(&Message) -> Reply + Send + Sync;

/// A listening socket. Dropping it closes every connection and waits for every thread.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    open: Arc<Open>,
    accepting: Option<JoinHandle<()>>,
}

/// The connections that are open.
#[derive(Debug, Default)]
struct Open {
    ended: AtomicBool,
    streams: Mutex<BTreeMap<u64, TcpStream>>,
}

impl Open {
    fn streams(&self) -> MutexGuard<'_, BTreeMap<u64, TcpStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a connection, to close it at the end; `false` where the end has come.
    fn keep(&self, id: u64, stream: &TcpStream) -> bool {
        let mut streams = self.streams();
        match stream.try_clone() {
            Ok(clone) if !self.ended.load(Ordering::SeqCst) => {
                streams.insert(id, clone);
                true
            }
            _ => false,
        }
    }
}

impl Server {
    /// Listens on a free port of 127.0.0.1.
    pub(crate) fn bind() -> io::Result<(TcpListener, SocketAddr)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    /// Answers what comes in on `listener`.
    pub(crate) fn start(listener: TcpListener, handler: Arc<Handler>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let open = Arc::new(Open::default());
        let shared = Arc::clone(&open);
        let accept = move || accept(&listener, &shared, &handler);
        let accepting = thread::Builder::new().name("loopback".to_owned()).spawn(accept)?;
        Ok(Self { address, open, accepting: Some(accepting) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        {
            let streams = self.open.streams();
            self.open.ended.store(true, Ordering::SeqCst);
            for stream in streams.values() {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        // The thread that accepts is woken by a connection of our own.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(5));
        if let Some(thread) = self.accepting.take().filter(|_| woken.is_ok()) {
            let _ = thread.join();
        }
    }
}

fn accept(listener: &TcpListener, open: &Arc<Open>, handler: &Arc<Handler>) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    for (id, stream) in (0..).zip(listener.incoming()) {
        if open.ended.load(Ordering::SeqCst) {
            break;
        }
        let Ok(stream) = stream else { continue };
        threads.retain(|thread| !thread.is_finished());
        let (open, handler) = (Arc::clone(open), Arc::clone(handler));
        let serve = move || {
            if open.keep(id, &stream) {
                serve(&stream, &*handler);
                let _ = stream.shutdown(Shutdown::Both);
                open.streams().remove(&id);
            }
        };
        threads.extend(thread::Builder::new().name(format!("loopback-{id}")).spawn(serve));
    }
    for thread in threads {
        let _ = thread.join();
    }
}

/// Answers one request after another until either side has enough.
fn serve(stream: &TcpStream, handler: &Handler) {
    let prepared = stream.set_read_timeout(Some(SILENCE)).and_then(|()| stream.set_nodelay(true));
    let (mut input, mut out) = (BufReader::new(stream), stream);
    while prepared.is_ok() {
        let reply = match http::read(&mut input, &mut out) {
            Ok(message) => handler(&message),
            Err(Broken::Over) => return,
            Err(Broken::Refused(status, why)) => {
                let bytes = http::answer(status, &[], why.as_bytes(), true);
                let _ = out.write_all(&bytes).and_then(|()| stream.shutdown(Shutdown::Write));
                let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
                let _ = io::copy(&mut input.take(DRAINED), &mut io::sink());
                return;
            }
        };
        if out.write_all(&reply.bytes).is_err() || reply.last {
            return;
        }
    }
}
