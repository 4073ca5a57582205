//! HTTP/1.1, as much as is needed: a thread for each connection, which is kept.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::api::{Answer, Request, Shop};

/// Most connections at once.
const MOST: usize = 256;

/// Largest head and largest body of a request, in bytes.
const LARGEST: u64 = 64 << 10;

/// How long a connection may say nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// Answers whoever connects.
pub(crate) fn forever(listener: &TcpListener, shop: Shop) {
    let (shop, open) = (Arc::new(shop), Arc::new(AtomicUsize::new(0)));
    for stream in listener.incoming().flatten() {
        if open.fetch_add(1, Ordering::Relaxed) >= MOST {
            open.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let (shop, open) = (Arc::clone(&shop), Arc::clone(&open));
        std::thread::spawn(move || {
            let _ = connection(&shop, stream);
            open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

fn connection(shop: &Shop, stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        let mut bounded = reader.by_ref().take(LARGEST);
        while bounded.read_line(&mut head)? > 2 {}
        if !head.ends_with("\r\n\r\n") {
            return Ok(());
        }
        let header = |name: &str| {
            let line = |line: &'_ str| {
                line.split_once(':').filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
            };
            head.lines().skip(1).find_map(line)
        };
        let length: u64 = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        if length > LARGEST || header("transfer-encoding").is_some() {
            return Ok(());
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        let mut words = head.lines().next().unwrap_or_default().split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let authorization = header("authorization");
        let answer = shop.answer(&Request { method, target, authorization: authorization.as_deref() });
        write(&mut writer, method, &answer)?;
        if header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
            return Ok(());
        }
    }
}

fn write(stream: &mut TcpStream, method: &str, answer: &Answer) -> io::Result<()> {
    let Answer { status, headers, kind, body } = answer;
    let mut text =
        format!("HTTP/1.1 {status} {}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n", reason(*status), body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    if method != "HEAD" {
        text.push_str(body);
    }
    stream.write_all(text.as_bytes())
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        _ => "",
    }
}
