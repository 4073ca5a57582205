//! From a host to a connection that requests can be sent over.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::client::{Http2, Settings};
use crate::exchange::Phases;
use crate::failure::{Failure, Waiting};
use crate::tls::{self, Tls, TlsFacts, TlsFault};
use crate::watched::{Count, Stream, Watched};

/// A connection that requests can be sent over.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) sender: Sender,
    /// How many bytes were read from it so far.
    pub(crate) read: Count,
    pub(crate) remote: SocketAddr,
    pub(crate) tls: Option<Arc<TlsFacts>>,
}

#[derive(Debug)]
pub(crate) enum Sender {
    One(http1::SendRequest<Full<Bytes>>),
    Many(http2::SendRequest<Full<Bytes>>),
}

impl Sender {
    /// Whether it can take a request, as far as is known without sending one.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::One(sender) => !sender.is_closed(),
            Self::Many(sender) => !sender.is_closed(),
        }
    }
}

/// Looks the host of `url` up, connects and agrees on keys; what each took goes to `phases`.
pub(crate) async fn open(
    settings: &Settings,
    tls: &Tls,
    url: &Url,
    deadline: Instant,
    phases: &mut Phases,
) -> Result<Connection, Failure> {
    let (addresses, took) = within(deadline, Waiting::Connect, look_up(url)).await??;
    phases.dns = took;
    let began = Instant::now();
    let (stream, remote) = connect(settings, &addresses, deadline).await?;
    phases.tcp = Some(began.elapsed());
    let _ = stream.set_nodelay(true);
    if url.scheme() != "https" {
        let many = settings.http2 == Http2::PriorKnowledge;
        return hand_shake(settings, Stream::Plain(stream), many, remote, None, deadline).await;
    }
    let began = Instant::now();
    let (config, seen) = tls.connection().map_err(Failure::Other)?;
    let name = server_name(url)?;
    let agreed = within(deadline, Waiting::Connect, TlsConnector::from(config).connect(name, stream)).await?;
    let stream = agreed.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionReset => Failure::Reset { bytes_read: 0 },
        _ => Failure::Tls(TlsFault::of_io(&error, &seen)),
    })?;
    phases.tls = Some(began.elapsed());
    let facts = tls::facts(stream.get_ref().1, &seen);
    let many = facts.alpn.as_deref() == Some("h2");
    hand_shake(settings, Stream::Tls(Box::new(stream)), many, remote, Some(Arc::new(facts)), deadline).await
}

/// `work`, unless time is up first.
pub(crate) async fn within<T>(
    deadline: Instant,
    waiting: Waiting,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    tokio::time::timeout_at(deadline.into(), work).await.map_err(|_| Failure::Timeout(waiting))
}

async fn look_up(url: &Url) -> Result<(Vec<SocketAddr>, Option<Duration>), Failure> {
    let port = url.port_or_known_default().unwrap_or(80);
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return Ok((vec![SocketAddr::new(IpAddr::V4(address), port)], None)),
        Some(Host::Ipv6(address)) => return Ok((vec![SocketAddr::new(IpAddr::V6(address), port)], None)),
        Some(Host::Domain(name)) => name,
        None => return Err(Failure::Dns { host: String::new(), because: "there is none".to_owned() }),
    };
    let began = Instant::now();
    let failed = |because: String| Failure::Dns { host: name.to_owned(), because };
    let found = tokio::net::lookup_host((name, port)).await.map_err(|e| failed(e.to_string()))?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(failed("it has no address".to_owned()));
    }
    Ok((addresses, Some(began.elapsed())))
}

/// Connects to the first address that takes it.
async fn connect(
    settings: &Settings,
    addresses: &[SocketAddr],
    deadline: Instant,
) -> Result<(TcpStream, SocketAddr), Failure> {
    let mut last = Failure::Other("there is no address".to_owned());
    for address in addresses {
        let until = deadline.min(Instant::now() + settings.connect_timeout);
        last = match tokio::time::timeout_at(until.into(), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, *address)),
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Failure::Refused(*address),
            Ok(Err(error)) => Failure::Unreachable { address: *address, because: error.to_string() },
            Err(_) if Instant::now() >= deadline => return Err(Failure::Timeout(Waiting::Connect)),
            Err(_) => Failure::ConnectTimeout(*address),
        };
    }
    Err(last)
}

fn server_name(url: &Url) -> Result<ServerName<'static>, Failure> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(host.to_owned())
        .map_err(|_| Failure::Tls(TlsFault::Other(format!("{host} is no name that a certificate can have"))))
}

async fn hand_shake(
    settings: &Settings,
    stream: Stream,
    many: bool,
    remote: SocketAddr,
    tls: Option<Arc<TlsFacts>>,
    deadline: Instant,
) -> Result<Connection, Failure> {
    let (io, read) = Watched::new(stream);
    let io = TokioIo::new(io);
    let failed = |error: hyper::Error| Failure::of_hyper(&error, 0);
    let sender = if many {
        let shake = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(settings.max_header_bytes).unwrap_or(u32::MAX))
            .handshake(io);
        let (sender, connection) = within(deadline, Waiting::Connect, shake).await?.map_err(failed)?;
        tokio::spawn(connection);
        Sender::Many(sender)
    } else {
        let shake = http1::Builder::new().max_buf_size(settings.max_header_bytes.max(8_192)).handshake(io);
        let (sender, connection) = within(deadline, Waiting::Connect, shake).await?.map_err(failed)?;
        tokio::spawn(connection);
        Sender::One(sender)
    };
    Ok(Connection { sender, read, remote, tls })
}
