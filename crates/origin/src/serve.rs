//! One connection.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::answer::{Answer, Route};
use crate::{Seen, Shared};

/// How long a connection may live.
const LIFE: Duration = Duration::from_secs(60);

/// Largest head of a request, in bytes.
const LARGEST: u64 = 64 << 10;

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Answers requests until either side has enough.
pub(crate) fn connection(shared: &Arc<Shared>, stream: TcpStream) {
    let _ = serve(shared, stream);
}

fn serve(shared: &Arc<Shared>, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LIFE))?;
    stream.set_write_timeout(Some(LIFE))?;
    let socket = stream.try_clone()?;
    let stream: Box<dyn Stream> = match &shared.tls {
        None => Box::new(stream),
        Some(config) => {
            let connection = rustls::ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            Box::new(rustls::StreamOwned::new(connection, stream))
        }
    };
    let mut stream = BufReader::new(stream);
    let mut carried = 0;
    while let Some(seen) = request(&mut stream)? {
        let read = Instant::now();
        let path = seen.target.split('?').next().unwrap_or_default().to_owned();
        let route = shared.routes.iter().find(|route| route.method == seen.method && route.path == path);
        let echo = seen.headers.get("x-echo").cloned();
        shared.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
        let goes_on = match route {
            None => write(stream.get_mut(), 404, &[], b"not here").map(|()| true)?,
            Some(route) => {
                let n = route.count();
                std::thread::sleep(route.wait(n));
                if let Some((every, length)) = shared.stall {
                    stall(shared.started.elapsed(), every, length);
                }
                answer(stream.get_mut(), &socket, route, n, carried, echo)?
            }
        };
        let stayed = read.elapsed();
        shared.residences.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default().push(stayed);
        carried += 1;
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// Sleeps to the end of the stall, if there is one now.
fn stall(since: Duration, every: Duration, length: Duration) {
    let within = since.as_secs_f64() % every.as_secs_f64();
    let begins = (every - length).as_secs_f64();
    if within >= begins {
        std::thread::sleep(Duration::from_secs_f64(every.as_secs_f64() - within));
    }
}

fn request(stream: &mut BufReader<Box<dyn Stream>>) -> io::Result<Option<Seen>> {
    let mut lines = Vec::new();
    let mut head = stream.by_ref().take(LARGEST);
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" if lines.is_empty() => {}
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines[0].split(' ');
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let header =
        |line: &String| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
    let headers: BTreeMap<String, String> = lines[1..].iter().filter_map(header).collect();
    let length: u64 = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = Vec::new();
    stream.by_ref().take(length.min(LARGEST)).read_to_end(&mut body)?;
    Ok(Some(Seen { method, target, headers, body }))
}

fn write(stream: &mut dyn Stream, status: u16, headers: &[(String, String)], body: &[u8]) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut all = (head + "\r\n").into_bytes();
    all.extend_from_slice(body);
    stream.write_all(&all)?;
    stream.flush()
}

fn say(stream: &mut dyn Stream, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Answers; whether the connection goes on.
fn answer(
    stream: &mut dyn Stream,
    socket: &TcpStream,
    route: &Route,
    n: u64,
    carried: u64,
    echo: Option<String>,
) -> io::Result<bool> {
    const GZIP: &str = "content-encoding";
    let ok = |stream: &mut dyn Stream| write(stream, 200, &[], b"{}");
    match &route.answer {
        Answer::Http { status, headers, body } => {
            let mut headers = headers.clone();
            headers.extend(echo.map(|echo| ("x-echo".to_owned(), echo)));
            write(stream, *status, &headers, body)?;
        }
        Answer::Then(good, status) => write(stream, if n < *good { 200 } else { *status }, &[], b"{}")?,
        Answer::FailsEvery(every) => write(stream, if (n + 1).is_multiple_of(*every) { 503 } else { 200 }, &[], b"{}")?,
        Answer::EarlyHints => {
            say(stream, "HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n")?;
            std::thread::sleep(Duration::from_millis(5));
            ok(stream)?;
        }
        Answer::CloseWhenKept if carried == 0 => ok(stream)?,
        Answer::Close | Answer::CloseWhenKept => return Ok(false),
        Answer::Reset(bytes) => {
            let text = "HTTP/1.1 200 X\r\ncontent-length: 5000\r\n\r\n".to_owned() + &"x".repeat(5_000);
            say(stream, text.get(..*bytes).unwrap_or(&text))?;
            std::thread::sleep(Duration::from_millis(20));
            socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
        Answer::Truncated => {
            say(stream, &format!("HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{}", "x".repeat(50)))?;
            return Ok(false);
        }
        Answer::SlowBody(bytes, pause) => {
            say(stream, &format!("HTTP/1.1 200 X\r\ncontent-length: {bytes}\r\n\r\n"))?;
            for _ in 0..*bytes {
                std::thread::sleep(*pause);
                say(stream, "x")?;
            }
        }
        Answer::EndlessBody => {
            say(stream, "HTTP/1.1 200 X\r\n\r\n")?;
            let chunk = "x".repeat(64 << 10);
            let until = Instant::now() + LIFE;
            while Instant::now() < until {
                say(stream, &chunk)?;
            }
            return Ok(false);
        }
        Answer::EndlessHeaders => {
            say(stream, "HTTP/1.1 200 X\r\n")?;
            let until = Instant::now() + LIFE;
            while Instant::now() < until {
                say(stream, &format!("x-more: {}\r\n", "x".repeat(1_000)))?;
            }
            return Ok(false);
        }
        Answer::Hang => {
            // Until the other side has enough.
            let _ = io::copy(&mut socket.try_clone()?, &mut io::sink());
            return Ok(false);
        }
        Answer::Garbage => {
            say(stream, "220 mail.example ESMTP ready\r\n")?;
            return Ok(false);
        }
        Answer::BrokenGzip => write(stream, 200, &[(GZIP.to_owned(), "gzip".to_owned())], b"0123456789")?,
        Answer::Bomb(megabytes) => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            let zeros = vec![0; 1 << 20];
            for _ in 0..*megabytes {
                encoder.write_all(&zeros)?;
            }
            write(stream, 200, &[(GZIP.to_owned(), "gzip".to_owned())], &encoder.finish()?)?;
        }
    }
    Ok(true)
}
