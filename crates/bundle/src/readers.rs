//! Readers of what bundlers say of their builds, one file each. A new bundler is a file and a line here.

mod esbuild;
pub(crate) mod graph;
pub(crate) mod html;
pub(crate) mod manifest;
pub(crate) mod next;
mod place;
mod rollup;
#[cfg(test)]
mod trial;
mod visualizer;
mod vite;
mod webpack;

use tollgate_model::Problem;

use crate::account::Account;
use crate::build::Build;

/// Reads the manifests of a build: none where it was not made by the bundler in question.
type Reader = fn(&Build<'_>) -> Result<Option<Account>, Problem>;

/// Every reader; the first that knows the build tells.
const READERS: &[Reader] =
    &[next::read, manifest::refuse, vite::read, webpack::read, esbuild::read, rollup::read, html::read];

/// What the build's own manifests say of it; none where it has none that is known.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    for reader in READERS {
        if let Some(account) = reader(build)? {
            return Ok(Some(account.bounded(build.dir)));
        }
    }
    Ok(None)
}
