//! Where an API is served (OpenAPI 3.1, 4.8.5; in Swagger 2.0 `host` and `basePath`).

use std::collections::HashSet;

use tollgate_input::Node;
use url::{Host, Url};

use crate::document::{At, shown};

/// What relative addresses are completed with; nobody is there (RFC 2606).
const NOWHERE: &str = "http://document.invalid/";

/// Where an operation is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Served {
    /// Below this path of the API's own host; empty for the whole of it.
    Below(String),
    /// On another host than the rest of the API.
    Elsewhere(String),
    /// At an address that makes no sense, or has a variable without a value.
    Nowhere(String),
}

/// The servers of a document.
#[derive(Debug)]
pub(crate) struct OfRoot {
    usual: Served,
    hosts: HashSet<String>,
}

/// One server: its address, where that can be read.
struct Server {
    shown: String,
    url: Option<Url>,
}

impl Server {
    fn of(node: &Node) -> Self {
        let mut text = node.get("url").and_then(Node::as_str).unwrap_or("/").to_owned();
        let variables = node.get("variables").map(Node::entries).unwrap_or_default();
        for pair in variables {
            if let (Some(name), Some(value)) = (pair.key.name(), pair.value.get("default").and_then(Node::name)) {
                text = text.replace(&format!("{{{name}}}"), value);
            }
        }
        let url = Url::parse(NOWHERE).and_then(|base| base.join(&text)).ok();
        let url = url.filter(|url| !text.contains('{') && ["http", "https"].contains(&url.scheme()));
        Self { shown: shown(&text), url }
    }

    /// The host, where it names one.
    fn host(&self) -> Option<String> {
        let url = self.url.as_ref()?;
        (!url.as_str().starts_with(NOWHERE)).then(|| url.host_str().unwrap_or_default().to_owned())
    }

    /// Whether it is where the document is, or on this machine.
    fn is_near(&self) -> bool {
        match self.url.as_ref().and_then(Url::host) {
            Some(Host::Domain(name)) => name == "localhost" || self.host().is_none(),
            Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
            Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
            None => false,
        }
    }

    fn served(&self) -> Served {
        match &self.url {
            Some(url) => Served::Below(url.path().trim_end_matches('/').to_owned()),
            None => Served::Nowhere(self.shown.clone()),
        }
    }
}

/// That of several which is near, else the first.
fn chosen(servers: &[Server]) -> Option<&Server> {
    servers.iter().find(|server| server.is_near()).or(servers.first())
}

/// The servers of the whole document.
pub(crate) fn of_root(root: At<'_>) -> OfRoot {
    let listed: Vec<Server> =
        root.get("servers").into_iter().flat_map(At::items).map(|at| Server::of(at.node)).collect();
    let base = root.node.get("basePath").and_then(Node::as_str).map(|path| path.trim_end_matches('/').to_owned());
    let usual = chosen(&listed).map(Server::served).or(base.map(Served::Below));
    let usual = usual.unwrap_or_else(|| Served::Below(String::new()));
    OfRoot { usual, hosts: listed.iter().filter_map(Server::host).collect() }
}

impl OfRoot {
    /// Where an operation is served, by the servers of its own or of its path.
    pub(crate) fn of(&self, own: Option<At<'_>>) -> Served {
        let own: Vec<Server> = own.into_iter().flat_map(At::items).map(|at| Server::of(at.node)).collect();
        let Some(server) = chosen(&own) else { return self.usual.clone() };
        match server.host() {
            Some(host) if !server.is_near() && !self.hosts.contains(&host) => Served::Elsewhere(server.shown.clone()),
            _ => server.served(),
        }
    }
}
