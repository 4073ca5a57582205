//! The canary: a server of our own on the loopback that answers at once, asked on the same schedule by the same client. What it takes
//! is the noise of the machine and of the probe.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// How long a connection may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// Starts it; it ends with the process. Gives the address.
pub(crate) fn start() -> std::io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(format!("http://{address}/"))
}

/// Answers each request, which is all that is sent before a pause.
fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    let mut bytes = [0; 4096];
    let mut seen = 0;
    loop {
        let read = stream.read(&mut bytes)?;
        if read == 0 {
            return Ok(());
        }
        // The blank line that ends a request may come in parts.
        for byte in &bytes[..read] {
            seen = match (seen, byte) {
                (0 | 2, b'\r') => seen + 1,
                (1, b'\n') => 2,
                (3, b'\n') => 4,
                _ => 0,
            };
            if seen == 4 {
                stream.write_all(ANSWER)?;
                seen = 0;
            }
        }
    }
}
