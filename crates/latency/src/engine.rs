//! The statistics: whether the share of slow requests lies below or above a bound, by a test that may be looked at after each one.
//!
//! "p95 < 500 ms" says that the share `theta` of requests that take longer than 500 ms, or fail, is less than `theta0` = 0.05; nothing else
//! about the distribution of latencies matters. [`mixture`] weighs the alternatives on one side of `theta0` against it: the mixture of
//! likelihood ratios is a nonnegative supermartingale while the claim is false, so that it ever reaches 1/alpha has a chance of at most
//! alpha (Ville 1939; Robbins 1970). [`wald`] is the sequential probability ratio test between `theta0` and twice that (Wald 1945). [`binomial`]
//! judges a fixed number of requests once (Clopper and Pearson 1934), and gives the intervals of [`quantile`].
//!
//! All of them take requests for independent. [`clustering`] finds where slow ones come in runs, and by how much that makes every request count
//! for less; [`Test`] then judges as many fewer. What no look at the requests can show, that a whole run of slow ones fell outside of what
//! was measured, is told as the length of the runs that a pass covers ([`Outcome::covered_spell_s`]).

pub mod binomial;
pub mod clustering;
pub mod mixture;
pub mod quantile;
pub mod random;
pub mod simulate;
mod test;
pub mod wald;

pub use test::{Decision, Method, Observation, Outcome, Plan, Says, Test};
