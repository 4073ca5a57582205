//! What was asked, for tests to look at.

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path with its query, as it was sent.
    pub path: String,
    /// The status that was answered; `None` where the connection was dropped instead.
    pub status: Option<u16>,
    /// The body, as it was sent.
    pub body: Vec<u8>,
    /// The body that was answered.
    pub answer: Vec<u8>,
}

impl Request {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
