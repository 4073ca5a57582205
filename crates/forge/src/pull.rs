//! What a pull request is at this moment.

use serde_json::Value;

use crate::graphql::text;
use crate::{Client, ForgeError};

/// A pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Its head commit.
    pub head: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Its base branch.
    pub base: String,
}

/// Asks for pull request `number` (REST: get a pull request).
///
/// # Errors
/// The forge refused or did not answer.
pub fn get(client: &Client, number: u64) -> Result<Pull, ForgeError> {
    let what = format!("pull request {number}");
    let (pull, _) = client.get(&what, &format!("/pulls/{number}"))?;
    Ok(Pull {
        head: text(&what, &pull, "/head/sha")?.to_owned(),
        open: text(&what, &pull, "/state")? == "open",
        draft: pull["draft"] == Value::Bool(true),
        base: text(&what, &pull, "/base/ref")?.to_owned(),
    })
}
