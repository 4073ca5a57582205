//! Serves the API of the example shop (`examples/shop/apps/api`), so that it can be asked where there is no Node.
//!
//! It answers what the API's OpenAPI document says, and serves that document itself at `/openapi.yaml`. What is on the shelf is what the
//! API has when it starts; tanks and orders there are none. Whoever shows the token in `SHOP_TOKEN` is taken for a guest, who may look at
//! everything and write nothing. It listens on 127.0.0.1, on the port in `PORT` (3000 by default), and lives until it is ended.

mod api;
mod serve;

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;

fn main() -> ExitCode {
    let number = |name: &str, default: u16| match std::env::var(name).ok().filter(|text| !text.is_empty()) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| format!("{name}={text}: expected a whole number up to 65535")),
    };
    let started = number("PORT", 3000).and_then(|port| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|e| format!("port {port}: {e}"))?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let shop = api::Shop::new(std::env::var("SHOP_TOKEN").ok(), number("SHOP_REQUESTS_PER_MINUTE", 120)?);
        Ok((listener, address, shop))
    });
    match started {
        Ok((listener, address, shop)) => {
            let _ = writeln!(std::io::stdout(), "listening on http://{address}");
            serve::forever(&listener, shop);
            ExitCode::SUCCESS
        }
        Err(because) => {
            let _ = writeln!(std::io::stderr(), "error: {because}");
            ExitCode::FAILURE
        }
    }
}
