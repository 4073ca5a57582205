//! Against real git: repositories are made with it, and what it says is what must be found.

mod changes;
mod edges;
mod fixture;
mod history;
mod oracle;
mod random;
mod repositories;
mod trees;
