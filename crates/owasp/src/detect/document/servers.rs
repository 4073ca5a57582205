//! Where the API is served.

use tollgate_input::Node;
use tollgate_openapi::At;

use super::Look;
use crate::detect::is_near;

/// Looks at every server of the document, its paths and its operations.
pub(super) fn servers(look: &mut Look<'_>) {
    let root = look.document.root();
    let of_paths = look.all().flat_map(|(_, placed)| placed.items.iter().copied().chain([placed.at]));
    let mut seen = std::collections::BTreeSet::new();
    let all: Vec<At<'_>> =
        [root].into_iter().chain(of_paths).filter_map(|at| at.get("servers")).flat_map(At::items).collect();
    for server in all {
        if seen.insert(server.node.span.start) {
            let url = server.node.get("url").and_then(Node::as_str).unwrap_or_default();
            address(look, url, server);
        }
    }
    // Swagger 2.0 has one host, and ways to it.
    if let (Some(host), Some(schemes)) = (root.get("host"), root.get("schemes")) {
        let plain = schemes.node.items().iter().any(|scheme| scheme.as_str() == Some("http"));
        if plain {
            address(look, &format!("http://{}", host.node.as_str().unwrap_or_default()), schemes);
        }
    }
}

fn address(look: &mut Look<'_>, url: &str, at: At<'_>) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let shown = format!("`{}`", url.replace(authority, host));
    if authority.contains('@') {
        look.hit("credentials-in-query", shown.clone(), at);
    }
    match (is_near(host), url.starts_with("http://")) {
        (true, _) => look.mild("local-server", shown, at),
        (false, true) => look.hit("http-server", shown, at),
        _ => {}
    }
}
