//! GitHub, asked by a run in a workflow: who approved a change, and what the base branch's run left behind.

use tollgate_forge::artifact::{self, Sought};
use tollgate_forge::{Client, ForgeError, Repository, Settings, Token, reviews};
use tollgate_runner::{Approval, Approvals, BaseRecord, Host};

/// The artifact in which a run on the base branch leaves its record, unless `TOLLGATE_BASE_ARTIFACT` names another.
const ARTIFACT: &str = "tollgate-base";

/// The record's name in it.
const FILE: &str = "run.json";

/// Reads a variable of the environment; one that is set to nothing is not set.
type Variable = fn(&str) -> Option<String>;

/// The GitHub whose workflow this is.
pub(crate) struct GitHub {
    variable: Variable,
}

impl GitHub {
    /// As the process's environment names it.
    pub(crate) const fn of_the_environment() -> Self {
        Self { variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()) }
    }

    /// A client; none outside a workflow, and where no token was handed over.
    fn client(&self) -> Option<Result<Client, ForgeError>> {
        (self.variable)("GITHUB_ACTIONS").filter(|value| value == "true")?;
        let (token, repository) = (Token::of_workflow(&self.variable)?, (self.variable)("GITHUB_REPOSITORY")?);
        let settings = |repository| Settings::of_workflow(&self.variable, repository, token);
        Some(Repository::parse(&repository).map(settings).and_then(Client::new))
    }

    fn ask<T>(&self, ask: impl FnOnce(&Client) -> Result<T, ForgeError>) -> Option<Result<T, String>> {
        let client = self.client()?;
        Some(client.and_then(|client| ask(&client)).map_err(|error| error.to_string()))
    }
}

impl Host for GitHub {
    fn approvals(&self, pull_request: u64) -> Option<Result<Approvals, String>> {
        self.ask(|client| {
            let found = reviews::of(client, pull_request)?;
            let approval = |one: reviews::Approval| Approval { by: one.by, commit: one.commit };
            Ok(Approvals {
                author: found.author,
                approvals: found.approvals.into_iter().map(approval).collect(),
                code_owner_review: found.code_owner_review,
                head: Some(found.head),
            })
        })
    }

    fn base_run(&self, branch: &str, before: &dyn Fn(&str) -> bool) -> Option<Result<Option<BaseRecord>, String>> {
        let artifact = (self.variable)("TOLLGATE_BASE_ARTIFACT").unwrap_or_else(|| ARTIFACT.to_owned());
        let sought = Sought { artifact: &artifact, file: FILE, branch };
        self.ask(|client| {
            let left = artifact::newest(client, sought, before)?;
            Ok(left.map(|left| BaseRecord { commit: left.commit, bytes: left.bytes }))
        })
    }
}
