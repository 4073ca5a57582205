//! The data hold together, and known command lines and actions are answered as their vendors document them.

mod commands;
mod facts;
mod uses;
