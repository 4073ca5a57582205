//! `[service]`: the program under test.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use crate::file::File;
use crate::keys::{LOGIN_KEYS, SERVICE_KEYS};
use crate::sections::Fields;
use crate::toml_json::json;

/// The program under test, as the file has it. `${NAME}` in its texts is still to be filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// The command that starts it.
    pub start: Option<String>,
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// The path that answers with a success once it is ready; none where any answer of `/` will do.
    pub ready: Option<String>,
    /// How long that may take.
    pub ready_timeout: Duration,
    /// Variables for the command.
    pub env: BTreeMap<String, String>,
    /// What is sent before anything is asked.
    pub login: Option<Login>,
}

/// A request whose answer holds a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Login {
    /// Its method.
    pub method: String,
    /// Where it goes, from the service's address on.
    pub path: String,
    /// What is sent: a text as it is, anything else as JSON.
    pub body: Option<Value>,
    /// JSON pointer of the token in the answer.
    pub token: String,
    /// The header that carries the token.
    pub header: String,
    /// What stands before the token there.
    pub prefix: String,
}

/// How long a service may take to get ready, unless configured.
const READY: Duration = Duration::from_secs(120);

/// Reads the table `[service]`.
pub(crate) fn read(file: &File<'_>, value: &Spanned<DeValue<'_>>) -> Option<Service> {
    let fields = Fields::of(file, "service", value, SERVICE_KEYS)?;
    let Some(url) = fields.string("url") else {
        file.mistake(
            value.span().start,
            "[service] needs `url`: where the program answers, such as \"http://127.0.0.1:3000\"",
        );
        return None;
    };
    let at = |key: &str| fields.at(key).map_or(0, |span| span.start);
    if !["http://", "https://"].iter().any(|scheme| url.starts_with(scheme) && url.len() > scheme.len()) {
        file.mistake(at("url"), "`url` begins with http:// or https:// and a host");
    }
    let ready = fields.string("ready");
    if ready.as_ref().is_some_and(|path| !path.starts_with('/')) {
        file.mistake(at("ready"), "`ready` is a path that begins with `/`, such as \"/health\"");
    }
    let login = fields.table("service.login", "login", LOGIN_KEYS).and_then(|login| {
        let (path, token) = (login.string("path"), login.string("token"));
        let (Some(path), Some(token)) = (path, token) else {
            file.mistake(
                at("login"),
                "`login` needs `path` and `token`: { path = \"/auth/login\", token = \"/access_token\" }",
            );
            return None;
        };
        for (key, text) in [("path", &path), ("token", &token)] {
            if !text.starts_with('/') {
                file.mistake(login.at(key).map_or(0, |span| span.start), format!("`{key}` of `login` begins with `/`"));
            }
        }
        Some(Login {
            method: login.string("method").unwrap_or_else(|| "POST".to_owned()),
            path,
            body: login.value("body").map(json),
            token,
            header: login.string("header").unwrap_or_else(|| "authorization".to_owned()),
            prefix: login.string("prefix").unwrap_or_else(|| "Bearer ".to_owned()),
        })
    });
    let texts = |table: &DeValue<'_>| -> BTreeMap<String, String> {
        let fields = table.as_table().into_iter().flat_map(|table| table.iter());
        let text = |value: &Spanned<DeValue<'_>>| value.get_ref().as_str().unwrap_or_default().to_owned();
        fields.map(|(name, value)| (name.get_ref().to_string(), text(value))).collect()
    };
    Some(Service {
        start: fields.string("start"),
        url: url.trim_end_matches('/').to_owned(),
        ready,
        ready_timeout: fields.duration("ready_timeout").unwrap_or(READY),
        env: fields.value("env").map(texts).unwrap_or_default(),
        login,
    })
}
