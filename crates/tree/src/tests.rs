//! Against real git: repositories are made with it, and what it says is what must be found.

mod blobs;
mod changes;
mod crafted;
mod damage;
mod edges;
mod fixture;
mod history;
mod names;
mod oracle;
mod random;
mod repositories;
mod scopes;
mod trees;
mod unpack;
mod walk;
