//! The GitHub Action and the workflows around it: read, evaluated and executed step by step, as a runner would.

mod events;
mod expression;
mod files;
mod fixed;
mod flow;
mod host;
mod inputs;
mod install;
mod release;
mod steps;
mod workflows;

use crate::support::Tests;

pub(crate) fn tests() -> Tests {
    let expressions =
        vec![("expressions_mean_what_the_host_means", expression::expressions_mean_what_the_host_means as fn())];
    [expressions, events::tests(), fixed::tests(), inputs::tests(), install::tests(), workflows::tests()].concat()
}
