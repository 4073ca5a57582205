//! End-to-end tests: the real binaries on real folders.
//!
//! This program is also the faulty tool of its own tests: with `TOLLGATE_TEST_TOOLS` set it is a tollgate whose checkers
//! crash, hang and talk nonsense, and it runs them as children of itself, as every tollgate does.

mod action;
mod asks;
mod bad_input;
mod base;
mod bundle;
mod configuration;
mod coverage;
mod digests;
mod faults;
mod faulty;
mod given;
mod host;
mod init;
mod latency;
mod moved;
mod oracle;
mod outputs;
mod overdue;
mod owasp;
mod owners;
mod parity;
mod patch;
mod reports;
mod scribe;
mod secrets;
mod shop;
mod silence;
mod sources;
mod support;
mod verbs;
mod whose;
mod workflows;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    match std::env::var(support::FAULTY).as_deref() {
        Err(_) => {}
        // The binary of one checker, under its name.
        Ok(name) if name != support::UMBRELLA => return tollgate_runner::main_of(name, faulty::TOOLS),
        Ok(_) => return tollgate_runner::main(faulty::UMBRELLA),
    }
    let modules = [
        ("action", action::tests()),
        ("asks", asks::tests()),
        ("bad_input", bad_input::tests()),
        ("base", base::tests()),
        ("bundle", bundle::tests()),
        ("configuration", configuration::tests()),
        ("coverage", coverage::tests()),
        ("digests", digests::tests()),
        ("faults", faults::tests()),
        ("given", given::tests()),
        ("host", host::tests()),
        ("init", init::tests()),
        ("latency", latency::tests()),
        ("moved", moved::tests()),
        ("oracle", oracle::tests()),
        ("outputs", outputs::tests()),
        ("overdue", overdue::tests()),
        ("owasp", owasp::tests()),
        ("owners", owners::tests()),
        ("parity", parity::tests()),
        ("patch", patch::tests()),
        ("reports", reports::tests()),
        ("shop", shop::tests()),
        ("silence", silence::tests()),
        ("sources", sources::tests()),
        ("verbs", verbs::tests()),
        ("whose", whose::tests()),
        ("secrets", secrets::tests()),
        ("workflows", workflows::tests()),
    ];
    let trial = |module: &str, (name, test): (&str, fn())| {
        Trial::test(format!("{module}::{name}"), move || {
            test();
            Ok(())
        })
    };
    let trials = modules.into_iter().flat_map(|(module, tests)| tests.into_iter().map(move |t| trial(module, t)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
