//! A client of a few lines, over a plain socket.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::GitHub;

/// A connection, opened again when the server closed it, and what each request carries.
pub(super) struct Client {
    address: String,
    base: String,
    graphql: String,
    pub(super) headers: Vec<(&'static str, String)>,
    connection: Option<BufReader<TcpStream>>,
    /// How many connections were opened.
    pub(super) opened: usize,
}

pub(super) struct Response {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) json: Value,
}

impl Response {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn message(&self) -> &str {
        self.json["message"].as_str().unwrap_or_default()
    }

    /// The address of a page.
    pub(super) fn link(&self, rel: &str) -> Option<String> {
        let wanted = format!("rel=\"{rel}\"");
        let (address, _) = self.header("link")?.split(", ").find_map(|link| {
            let (address, rel) = link.split_once("; ")?;
            (rel == wanted).then_some((address, rel))
        })?;
        Some(address.trim_matches(['<', '>']).to_owned())
    }
}

impl Client {
    pub(super) fn new(github: &GitHub) -> Self {
        let setup = github.setup();
        let address = github.server_url().strip_prefix("http://").unwrap().to_owned();
        let path = |url: String| url.strip_prefix(&github.server_url()).unwrap().to_owned();
        Self {
            base: format!("{}/repos/{}", path(github.api_url()), setup.full_name()),
            graphql: path(github.graphql_url()),
            headers: vec![
                ("Host", address.clone()),
                ("User-Agent", "test".to_owned()),
                ("Accept", "application/vnd.github+json".to_owned()),
                ("X-GitHub-Api-Version", "2022-11-28".to_owned()),
                ("Authorization", format!("Bearer {}", setup.token)),
            ],
            address,
            connection: None,
            opened: 0,
        }
    }

    pub(super) fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| *name != header);
        self
    }

    pub(super) fn get(&mut self, path: &str) -> Response {
        self.request("GET", &format!("{}{path}", self.base), b"").unwrap()
    }

    pub(super) fn post(&mut self, path: &str, body: &Value) -> Response {
        self.send("POST", path, body)
    }

    pub(super) fn send(&mut self, method: &str, path: &str, body: &Value) -> Response {
        self.request(method, &format!("{}{path}", self.base), body.to_string().as_bytes()).unwrap()
    }

    pub(super) fn query(&mut self, query: &str, variables: Value) -> Response {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.request("POST", &self.graphql.clone(), body.as_bytes()).unwrap()
    }

    /// A request for a whole path or address.
    pub(super) fn request(&mut self, method: &str, path: &str, body: &[u8]) -> io::Result<Response> {
        let path = path.strip_prefix(&format!("http://{}", self.address)).unwrap_or(path);
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Sends bytes as they are and reads one answer.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> io::Result<Response> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                self.opened += 1;
                let stream = TcpStream::connect(&self.address)?;
                stream.set_read_timeout(Some(Duration::from_secs(30)))?;
                BufReader::new(stream)
            }
        };
        connection.get_mut().write_all(bytes)?;
        let response = read(&mut connection)?;
        if response.header("connection") != Some("close") {
            self.connection = Some(connection);
        }
        Ok(response)
    }
}

fn read(connection: &mut BufReader<TcpStream>) -> io::Result<Response> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let status = lines.remove(0).split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .iter()
        .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap())
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    let json = serde_json::from_slice(&body).unwrap_or_default();
    Ok(Response { status, headers, body, json })
}
