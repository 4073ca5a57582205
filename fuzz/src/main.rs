//! A bounded fuzzer on stable Rust: random input for everything that reads foreign input.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml -- --seconds 5` gives each target of [`targets`] five seconds of mutated
//! seeds. Each target runs in a process of its own, so that a stack overflow or an abort is seen as well as a panic. What
//! brings a target down, or takes too long, is written to `fuzz/crashes/` and the exit code is 1. Same seed number, same
//! inputs.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

use clap::Parser;

mod child;
mod mutate;
mod seeds;
mod targets;

use targets::{Target, all};

#[derive(Parser)]
#[command(about = "Random input for everything that reads foreign input")]
struct Arguments {
    /// How long each target runs
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Only this target
    #[arg(long)]
    target: Option<String>,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Give this file to --target once, and nothing else
    #[arg(long, value_name = "FILE", requires = "target")]
    reproduce: Option<PathBuf>,
    /// Run --target in this very process, keeping each input here while it runs
    #[arg(long, value_name = "FILE", requires = "target", hide = true)]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every target stood.
fn run(arguments: &Arguments) -> io::Result<bool> {
    let chosen = choose(arguments.target.as_deref())?;
    if let Some(file) = &arguments.reproduce {
        let input = fs::read(file)?;
        for target in chosen {
            println!("{}: {} bytes", target.name, input.len());
            (target.run)(&input);
            println!("{}: stood", target.name);
        }
        return Ok(true);
    }
    if let Some(keep) = &arguments.keep {
        for target in chosen {
            child::run(target, arguments.seconds, arguments.seed, keep)?;
        }
        return Ok(true);
    }
    let crashes = folder().join("crashes");
    let mut stood = 0;
    for target in &chosen {
        stood += usize::from(watch(target, arguments, &crashes)?);
    }
    println!("fuzz: {stood} of {} targets stood", chosen.len());
    Ok(stood == chosen.len())
}

/// The target of that name; without one, all.
fn choose(name: Option<&str>) -> io::Result<Vec<&'static Target>> {
    let chosen: Vec<&Target> = all().filter(|target| name.is_none_or(|name| name == target.name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = all().map(|target| target.name).collect();
        return Err(io::Error::other(format!("no such target; there are {}", names.join(", "))));
    }
    Ok(chosen)
}

/// Runs one target in a process of its own; keeps the input that brought it down, if one did.
fn watch(target: &Target, arguments: &Arguments, crashes: &Path) -> io::Result<bool> {
    let keep = env::temp_dir().join(format!("tollgate-fuzz-{}-{}", target.name, std::process::id()));
    let status = Command::new(env::current_exe()?)
        .args(["--target", target.name])
        .args(["--seconds", &arguments.seconds.to_string()])
        .args(["--seed", &arguments.seed.to_string()])
        .arg("--keep")
        .arg(&keep)
        .status()?;
    if status.success() {
        return Ok(true);
    }
    println!("{}: fell ({status})", target.name);
    if let Ok(input) = fs::read(&keep) {
        fs::create_dir_all(crashes)?;
        let path = crashes.join(format!("{}-{:016x}", target.name, mutate::hash(&input)));
        fs::write(&path, &input)?;
        fs::remove_file(&keep)?;
        let shown = path.display();
        println!("  cargo run --manifest-path fuzz/Cargo.toml -- --target {} --reproduce {shown}", target.name);
    }
    Ok(false)
}

/// The folder of this crate.
fn folder() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_chosen_by_name() {
        assert_eq!(choose(None).unwrap().len(), all().count());
        assert_eq!(choose(Some("coverage_lcov")).unwrap().len(), 1);
        assert!(choose(Some("gone")).is_err_and(|error| error.to_string().contains("lcov")));
    }
}
