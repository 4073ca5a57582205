//! HTTP/1.1, as much as a client of GitHub speaks: keep-alive, bodies by length or in chunks, bounds on both.

use std::fmt::Write as _;
use std::io::{self, BufRead, Read as _, Write};

/// Most bytes of a request line and its headers together.
const HEAD: usize = 64 << 10;
/// Most bytes of a body.
const BODY: usize = 32 << 20;

/// A request as it came.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub(crate) method: String,
    /// Path and query, as they were sent.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The client wants no further request on this connection.
    pub(crate) last: bool,
}

impl Message {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn lists(&self, name: &str, word: &str) -> bool {
        self.header(name).is_some_and(|list| list.split(',').any(|item| item.trim().eq_ignore_ascii_case(word)))
    }
}

/// What goes back on the connection.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    /// Nothing more is said on this connection.
    pub(crate) last: bool,
}

/// Why no request was read.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The client closed the connection, or said nothing for too long.
    Over,
    /// What it said is answered with this status and closed.
    Refused(u16, &'static str),
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Over
    }
}

/// Reads one request. `out` is told to go on where the client asks whether it may send its body.
pub(crate) fn read(input: &mut impl BufRead, out: &mut impl Write) -> Result<Message, Broken> {
    let mut message = head(input)?;
    let length = length(&message)?;
    if message.lists("expect", "100-continue") {
        out.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    match length {
        Length::Known(size) => {
            message.body = vec![0; size];
            input.read_exact(&mut message.body)?;
        }
        Length::Chunks => message.body = chunks(input)?,
    }
    Ok(message)
}

fn head(input: &mut impl BufRead) -> Result<Message, Broken> {
    let mut left = HEAD;
    let mut first = line(input, &mut left)?;
    if first.is_empty() {
        first = line(input, &mut left)?;
    }
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Broken::Refused(400, "the first line is no request"));
    };
    if !target.starts_with('/') || !version.starts_with("HTTP/1.") {
        return Err(Broken::Refused(400, "the first line is no request for a path by HTTP/1"));
    }
    let mut message = Message { method: method.to_owned(), target: target.to_owned(), ..Message::default() };
    loop {
        let header = line(input, &mut left)?;
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':').filter(|(name, _)| !name.is_empty() && !name.contains(' '))
        else {
            return Err(Broken::Refused(400, "a line is no header"));
        };
        message.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    message.last = message.lists("connection", "close") || version == "HTTP/1.0";
    Ok(message)
}

/// A line without its end. Takes its bytes from `left`.
fn line(input: &mut impl BufRead, left: &mut usize) -> Result<String, Broken> {
    let mut bytes = Vec::new();
    let read = input.take(*left as u64).read_until(b'\n', &mut bytes)?;
    *left -= read;
    match bytes.strip_suffix(b"\n") {
        Some(line) => String::from_utf8(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            .map_err(|_| Broken::Refused(400, "the head is no UTF-8")),
        None if *left == 0 => Err(Broken::Refused(431, "the head is larger than 64 KiB")),
        None => Err(Broken::Over),
    }
}

enum Length {
    Known(usize),
    Chunks,
}

fn length(message: &Message) -> Result<Length, Broken> {
    let lengths: Vec<&str> = message
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map(|(_, value)| value.as_str())
        .collect();
    let chunked = message.lists("transfer-encoding", "chunked");
    match lengths.as_slice() {
        [] if chunked => Ok(Length::Chunks),
        [] if message.header("transfer-encoding").is_some() => Err(Broken::Refused(501, "an unknown transfer coding")),
        [] => Ok(Length::Known(0)),
        [length] if !chunked => match length.parse() {
            Ok(size) if size <= BODY => Ok(Length::Known(size)),
            Ok(_) => Err(Broken::Refused(413, "the body is larger than 32 MiB")),
            Err(_) => Err(Broken::Refused(400, "content-length is no number")),
        },
        _ => Err(Broken::Refused(400, "the length of the body is said twice")),
    }
}

fn chunks(input: &mut impl BufRead) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    loop {
        let size = line(input, &mut HEAD.clone())?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| Broken::Refused(400, "a chunk has no size"))?;
        if size > BODY - body.len() {
            return Err(Broken::Refused(413, "the body is larger than 32 MiB"));
        }
        if size == 0 {
            break;
        }
        let start = body.len();
        body.resize(start + size, 0);
        input.read_exact(&mut body[start..])?;
        if !line(input, &mut HEAD.clone())?.is_empty() {
            return Err(Broken::Refused(400, "a chunk is longer than it says"));
        }
    }
    let mut left = HEAD;
    while !line(input, &mut left)?.is_empty() {}
    Ok(body)
}

/// A whole answer; without a length where the status allows no body.
pub(crate) fn answer(status: u16, headers: &[(String, String)], body: &[u8], last: bool) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason(status));
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if status != 204 && status != 304 {
        let _ = write!(head, "content-length: {}\r\n", body.len());
    }
    head.push_str(if last { "connection: close\r\n\r\n" } else { "\r\n" });
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Payload Too Large",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Message, Broken> {
        read(&mut text.as_bytes(), &mut Vec::new())
    }

    fn refused(text: &str) -> u16 {
        match of(text) {
            Err(Broken::Refused(status, _)) => status,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn requests_are_read_one_after_the_other() {
        let text = "POST /a?b=c HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: 3\r\n\r\nabcGET /d HTTP/1.1\r\nConnection: close\r\n\r\n";
        let mut input = text.as_bytes();
        let first = read(&mut input, &mut Vec::new()).unwrap();
        assert_eq!((first.method.as_str(), first.target.as_str(), first.last), ("POST", "/a?b=c", false));
        assert_eq!((first.body.as_slice(), first.header("HOST")), (&b"abc"[..], Some("x")));
        let second = read(&mut input, &mut Vec::new()).unwrap();
        assert_eq!((second.method.as_str(), second.body.len(), second.last), ("GET", 0, true));
        assert!(matches!(read(&mut input, &mut Vec::new()), Err(Broken::Over)));
    }

    #[test]
    fn chunks_are_put_together() {
        let chunks = "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
        let text = format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        assert_eq!(of(&text).unwrap().body, b"abc0123456789");
        let start = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(refused(&format!("{start}zz\r\n")), 400);
        assert_eq!(refused(&format!("{start}2\r\nabc\r\n")), 400);
        assert_eq!(refused(&format!("{start}ffffffff\r\n")), 413);
    }

    #[test]
    fn who_asks_first_is_told_to_go_on() {
        let text = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx";
        let mut out = Vec::new();
        read(&mut text.as_bytes(), &mut out).unwrap();
        assert_eq!(out, b"HTTP/1.1 100 Continue\r\n\r\n");
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert_eq!(refused("GET /\r\n\r\n"), 400);
        assert_eq!(refused("GET x HTTP/1.1\r\n\r\n"), 400);
        assert_eq!(refused("GET / HTTP/1.1\r\nno header\r\n\r\n"), 400);
        assert_eq!(refused("GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"), 400);
        assert_eq!(refused("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
        assert_eq!(refused("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
        assert_eq!(refused("GET / HTTP/1.1\r\nContent-Length: 33554433\r\n\r\n"), 413);
        assert_eq!(refused(&format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(HEAD))), 431);
        assert!(matches!(of("GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx"), Err(Broken::Over)));
    }

    #[test]
    fn an_answer_says_its_length_unless_it_has_no_body() {
        let headers = [("x".to_owned(), "y".to_owned())];
        let text = String::from_utf8(answer(200, &headers, b"abc", true)).unwrap();
        assert_eq!(text, "HTTP/1.1 200 OK\r\nx: y\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc");
        assert_eq!(answer(204, &[], b"", false), b"HTTP/1.1 204 No Content\r\n\r\n");
    }
}
