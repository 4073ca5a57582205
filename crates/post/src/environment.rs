//! What a workflow says of itself in environment variables.

use std::path::PathBuf;

use tollgate_forge::comment::RunKey;
use tollgate_forge::{Repository, Settings, Token};
use tollgate_model::is_commit;

use crate::PostError;

/// The variables; one that is empty is not set.
pub(crate) struct Environment<'e>(&'e dyn Fn(&str) -> Option<String>);

impl<'e> Environment<'e> {
    pub(crate) fn new(variable: &'e dyn Fn(&str) -> Option<String>) -> Self {
        Self(variable)
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// Whether lines on standard output are commands to GitHub Actions.
    pub(crate) fn in_actions(&self) -> bool {
        self.get("GITHUB_ACTIONS").as_deref() == Some("true")
    }

    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }

    /// The commit of the event, where it is one.
    pub(crate) fn commit(&self) -> Option<String> {
        self.get("GITHUB_SHA").filter(|text| is_commit(text))
    }

    /// Which run this is; outside of a workflow, one that is older than every other.
    pub(crate) fn key(&self) -> RunKey {
        let number = |name: &str| self.get(name).and_then(|text| text.parse().ok());
        RunKey { run: number("GITHUB_RUN_ID").unwrap_or(0), attempt: number("GITHUB_RUN_ATTEMPT").unwrap_or(1) }
    }

    /// The page of run `run`.
    pub(crate) fn run_page(&self, run: u64) -> Option<String> {
        let repository = Repository::parse(&self.get("GITHUB_REPOSITORY")?).ok()?;
        let server = self.get("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '-' | '_');
        let fits = (server.starts_with("https://") || server.starts_with("http://")) && server.chars().all(plain);
        (fits && run > 0).then(|| format!("{}/{repository}/actions/runs/{run}", server.trim_end_matches('/')))
    }

    pub(crate) fn token(&self) -> Option<Token> {
        Token::of_workflow(&|name| self.get(name))
    }

    /// How the forge is reached by this token.
    pub(crate) fn settings(&self, token: Token) -> Result<Settings, PostError> {
        let repository = self.get("GITHUB_REPOSITORY");
        let repository =
            repository.ok_or_else(|| PostError::usage("GITHUB_REPOSITORY is not set; expected `owner/name`"))?;
        let repository = Repository::parse(&repository).map_err(|e| PostError::usage(e.to_string()))?;
        Ok(Settings::of_workflow(&|name| self.get(name), repository, token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_named_only_by_addresses_that_are_safe_to_show() {
        for (server, page) in [
            ("https://github.com", Some("https://github.com/octo/shop/actions/runs/5")),
            ("https://ghe.example:8443/", Some("https://ghe.example:8443/octo/shop/actions/runs/5")),
            ("", Some("https://github.com/octo/shop/actions/runs/5")),
            ("javascript:alert(1)", None),
            ("https://x)](y", None),
        ] {
            let get = |name: &str| match name {
                "GITHUB_REPOSITORY" => Some("octo/shop".to_owned()),
                "GITHUB_SERVER_URL" => Some(server.to_owned()),
                _ => None,
            };
            assert_eq!(Environment::new(&get).run_page(5).as_deref(), page, "{server}");
        }
    }
}
