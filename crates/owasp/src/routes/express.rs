//! Express: what is put before what, in the order in which it is written, through routers, functions and files.
//!
//! Every file that makes an application or a router is read in its order (`build`), functions of the repository are followed where
//! they are called; then each application is gone through with the middleware that stands before each route (`flat`).

mod build;
mod flat;
mod handler;
pub(super) mod middleware;

pub(super) use handler::body;

use super::{Framework, Table};
use crate::program::Program;

/// The framework.
pub(crate) struct Express;

const NAME: &str = "Express";

impl Framework for Express {
    fn find(&self, program: &Program<'_>, table: &mut Table) {
        let built = build::all(program);
        flat::routes(program, &built, table);
    }
}
