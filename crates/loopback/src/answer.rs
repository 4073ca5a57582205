//! Answers, in GitHub's words.

use serde_json::{Value, json};

/// What a request is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The id of what the request created.
    pub(crate) made: Option<String>,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self { status, headers: Vec::new(), body: body.to_string().into_bytes(), made: None }
    }

    /// A thing that was created, with its id.
    pub(crate) fn created(status: u16, id: impl ToString, body: &Value) -> Self {
        Self { made: Some(id.to_string()), ..Self::json(status, body) }
    }

    pub(crate) fn empty() -> Self {
        Self { status: 204, headers: Vec::new(), body: Vec::new(), made: None }
    }

    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        let page = "https://docs.github.com/rest";
        Self::json(status, &json!({ "message": message, "documentation_url": page, "status": status.to_string() }))
    }

    pub(crate) fn not_found() -> Self {
        Self::refusal(404, "Not Found")
    }

    /// 422 for a field with an error of its own.
    pub(crate) fn invalid(resource: &str, code: &str, field: &str, message: &str) -> Self {
        let error = json!({ "resource": resource, "code": code, "field": field, "message": message });
        let page = "https://docs.github.com/rest";
        let body =
            json!({ "message": "Validation Failed", "errors": [error], "documentation_url": page, "status": "422" });
        Self::json(422, &body)
    }

    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Whether the request was granted.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
