//! End-to-end tests: the real binaries on real folders.
//!
//! This program is also the faulty tool of its own tests: with `TOLLGATE_TEST_TOOLS` set it is a tollgate whose checkers
//! crash, hang and talk nonsense, and it runs them as children of itself, as every tollgate does.

mod bad_input;
mod base;
mod configuration;
mod faults;
mod faulty;
mod outputs;
mod parity;
mod shop;
mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if std::env::var_os(support::FAULTY).is_some() {
        return tollgate_runner::main(faulty::TOOLS);
    }
    let modules = [
        ("bad_input", bad_input::tests()),
        ("base", base::tests()),
        ("configuration", configuration::tests()),
        ("faults", faults::tests()),
        ("outputs", outputs::tests()),
        ("parity", parity::tests()),
        ("shop", shop::tests()),
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
