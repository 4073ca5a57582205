//! Finding and reading tollgate.toml.

use serde_json::Value;
use tollgate_check::Tool;
use tollgate_config::{CheckerFace, Config, Known};
use tollgate_input::{InputError, read_named};
use tollgate_policy::Catalog;

use crate::arguments::Common;
use crate::session::Session;
use crate::sources;
use crate::usage::usage;

/// Name of the file in the checked folder.
pub(crate) const FILE: &str = "tollgate.toml";

/// Largest configuration that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// What conditions may name.
pub(crate) fn catalog(tools: &[&dyn Tool]) -> Catalog {
    let mut catalog = Catalog::default();
    for tool in tools {
        catalog.add(tool.name(), tool.metrics(), tool.rules(), tool.kinds());
    }
    catalog
}

/// The configuration and the name it goes by; none where there is none.
pub(crate) fn find(
    common: &Common,
    session: &Session,
    tools: &[&dyn Tool],
    catalog: &Catalog,
) -> anyhow::Result<Option<(Config, String)>> {
    let Some((shown, bytes)) = read(common, session)? else { return Ok(None) };
    load(&shown, bytes, session, tools, catalog).map(|config| Some((config, shown)))
}

/// The name that the configuration goes by, and its bytes; none where there is none.
pub(crate) fn read(common: &Common, session: &Session) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    if let Some(path) = &common.config {
        let bytes = read_named(path, LARGEST).map_err(|e| usage(format!("--config {e}")))?;
        return Ok(Some((path.display().to_string(), bytes)));
    }
    match session.root.read(FILE, LARGEST) {
        Ok((bytes, _)) => Ok(Some((FILE.to_owned(), bytes))),
        Err(InputError::Missing { .. }) => session.has_no_policy().map(|()| None),
        Err(error) => Err(usage(error.to_string())),
    }
}

/// The configuration in `bytes`, which is known as `shown`.
pub(crate) fn load(
    shown: &str,
    bytes: Vec<u8>,
    session: &Session,
    tools: &[&dyn Tool],
    catalog: &Catalog,
) -> anyhow::Result<Config> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        usage(format!("{shown}:{line}: not UTF-8; save the file as UTF-8"))
    })?;
    let verifiers: Vec<_> = tools.iter().map(|tool| verifier(*tool)).collect();
    let faces: Vec<CheckerFace<'_>> = tools
        .iter()
        .zip(&verifiers)
        .map(|(tool, verify)| CheckerFace { name: tool.name(), schema: tool.schema(), verify })
        .collect();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let known = Known { checkers: &faces, catalog, source_metrics: &sources::metrics(), today: session.today };
    let config = tollgate_config::load(shown, text, &known);
    config.map_err(|mistakes| usage(mistakes.to_string()))
}

/// Whether options make sense to `tool`.
fn verifier(tool: &dyn Tool) -> impl Fn(Value) -> Result<(), String> {
    let name = tool.name();
    move |options| match tool.defaults(options) {
        Ok(_) => Ok(()),
        Err(error) => {
            let message = error.to_string();
            Err(message.strip_prefix(&format!("{name}: ")).unwrap_or(&message).to_owned())
        }
    }
}
