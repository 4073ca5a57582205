//! The project's own chores: `cargo xtask <chore>`, one file per chore.
//!
//! `tidy` checks what the compiler cannot see, `docs` writes the reference pages, `new-checker` lays out a checker,
//! `conformance` asks third-party descriptions and tools, `compare` measures two commands side by side, `browser` compares
//! reports with what a browser downloads.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod browser;
mod compare;
mod conformance;
mod docs;
mod new_checker;
mod tidy;
mod workspace;

use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Check arrows between crates, sizes of files, rules, bans, pins and forbidden words
    Tidy,
    /// Write the reference pages from the code, or check that they are fresh
    Docs(docs::Arguments),
    /// Lay out a checker: crate, rule, fixture, registration
    NewChecker(new_checker::Arguments),
    /// Check outputs and workflows with third-party schemas and tools, obtained by npm and pip
    Conformance,
    /// Compare what `tollgate bundle` says of sample applications with what Chromium downloads of them
    Browser(browser::Arguments),
    /// Run two commands alternately and compare CPU time and peak memory
    Compare(compare::Arguments),
    /// Run one command and print what it cost, for `compare`
    #[command(name = "__measure", hide = true)]
    Measure(compare::MeasureArguments),
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    match chore {
        Chore::Tidy => tidy::main(&Workspace::find()?),
        Chore::Docs(arguments) => docs::main(&Workspace::find()?, &arguments),
        Chore::NewChecker(arguments) => new_checker::main(&Workspace::find()?, &arguments),
        Chore::Conformance => conformance::main(&Workspace::find()?),
        Chore::Browser(arguments) => browser::main(&Workspace::find()?, &arguments),
        Chore::Compare(arguments) => compare::main(&arguments),
        Chore::Measure(arguments) => compare::measure_main(&arguments),
    }
}
