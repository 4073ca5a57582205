//! What kind of GitHub is started.

use std::time::Duration;

/// How a [`GitHub`](crate::GitHub) is set up. The default is github.com with a token of a workflow that may write
/// everything.
#[derive(Debug, Clone)]
pub struct Setup {
    /// An Enterprise Server: REST under `/api/v3`, GraphQL at `/api/graphql`, no rate-limit headers.
    pub enterprise: bool,
    /// Login of the repository's owner.
    pub owner: String,
    /// Name of the repository.
    pub name: String,
    /// Name of its default branch.
    pub default_branch: String,
    /// The one token that is known.
    pub token: String,
    /// Whose token it is, as REST spells it: `github-actions[bot]`.
    pub login: String,
    /// What the token may do.
    pub permissions: Permissions,
    /// Whether code scanning is switched on.
    pub code_scanning: bool,
    /// Most items on a page, whatever is asked for; so that few items make many pages.
    pub page: usize,
    /// An answer takes up to this long, by a rule that depends on the number of the request alone; its effect happens
    /// at a moment within. Zero: at once.
    pub latency: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            enterprise: false,
            owner: "octo".to_owned(),
            name: "shop".to_owned(),
            default_branch: "main".to_owned(),
            token: "loopback-token".to_owned(),
            login: "github-actions[bot]".to_owned(),
            permissions: Permissions::default(),
            code_scanning: true,
            page: 100,
            latency: Duration::ZERO,
        }
    }
}

impl Setup {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// What stands before the REST paths.
    pub(crate) fn api_path(&self) -> &'static str {
        if self.enterprise { "/api/v3" } else { "" }
    }

    /// The path of the GraphQL endpoint.
    pub(crate) fn graphql_path(&self) -> &'static str {
        if self.enterprise { "/api/graphql" } else { "/graphql" }
    }

    /// How long request `number` waits before and after its effect; together at most [`latency`](Self::latency).
    pub(crate) fn waits(&self, number: u64) -> (Duration, Duration) {
        let mixed = mix(number);
        let share = |bits: u64| self.latency / 2 * u32::from(bits as u16) / u32::from(u16::MAX);
        (share(mixed), share(mixed >> 16))
    }
}

/// Spreads neighbouring numbers (the finalizer of splitmix64).
fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What a token may do with one kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing.
    None,
    /// Look.
    Read,
    /// Look and change.
    Write,
}

/// The permissions of a token, by their names in a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Permissions {
    /// `contents`
    pub contents: Access,
    /// `pull-requests`
    pub pull_requests: Access,
    /// `issues`
    pub issues: Access,
    /// `statuses`
    pub statuses: Access,
    /// `security-events`
    pub security_events: Access,
    /// `actions`
    pub actions: Access,
}

impl Default for Permissions {
    fn default() -> Self {
        Self::all(Access::Write)
    }
}

impl Permissions {
    /// The same for everything. `Access::Read` is what a pull request from a fork gets.
    pub fn all(access: Access) -> Self {
        Self {
            contents: access,
            pull_requests: access,
            issues: access,
            statuses: access,
            security_events: access,
            actions: access,
        }
    }

    /// What is granted under a name as the header `x-accepted-github-permissions` spells it.
    pub(crate) fn of(&self, name: &str) -> Access {
        match name {
            "contents" => self.contents,
            "pull_requests" => self.pull_requests,
            "issues" => self.issues,
            "statuses" => self.statuses,
            "security_events" => self.security_events,
            "actions" => self.actions,
            _ => Access::Read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_but_stay_within_the_latency() {
        let setup = Setup { latency: Duration::from_millis(40), ..Setup::default() };
        let waits: Vec<_> = (0..200).map(|number| setup.waits(number)).collect();
        assert!(waits.iter().all(|(before, after)| *before + *after <= setup.latency));
        assert!(waits.iter().any(|(before, _)| *before > Duration::from_millis(15)));
        assert!(waits.iter().any(|(before, _)| *before < Duration::from_millis(5)));
        assert_eq!(waits[7], setup.waits(7));
        assert_eq!(Setup::default().waits(3), (Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn permissions_are_looked_up_by_name() {
        let permissions = Permissions { statuses: Access::None, ..Permissions::default() };
        assert_eq!(permissions.of("statuses"), Access::None);
        assert_eq!(permissions.of("security_events"), Access::Write);
        assert_eq!(permissions.of("metadata"), Access::Read);
    }
}
