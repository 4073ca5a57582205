//! Prints what the tests of the engine say of services that do not exist, as the tables of docs/benchmarks.md.
//!
//! `cargo run --release -p tollgate-latency --example simulate`

use std::io::Write as _;

use tollgate_latency::engine::simulate::{GAP, Service, Tally, p95, tally};
use tollgate_latency::engine::{Method, Plan};

const RUNS: u32 = 2_000;

const RATIOS: [f64; 11] = [0.5, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.25, 1.6, 2.0];

fn cell(tally: Tally) -> String {
    format!("{:.1} / {:.1}, {:.0}", tally.pass() * 100.0, tally.fail() * 100.0, tally.mean)
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let head: Vec<String> = RATIOS.iter().map(|ratio| ratio.to_string()).collect();
    writeln!(out, "| method, sigma | {} |\n|---|{}", head.join(" | "), "---|".repeat(RATIOS.len()))?;
    for (name, method, sigma) in [
        ("strict, 0.3", Method::Strict, 0.3),
        ("strict, 0.5", Method::Strict, 0.5),
        ("strict, 1.0", Method::Strict, 1.0),
        ("tolerant, 0.5", Method::Tolerant, 0.5),
        ("100 requests, 0.5", Method::Fixed, 0.5),
    ] {
        let most = if method == Method::Fixed { 100 } else { 1_000 };
        let row = RATIOS.map(|ratio| cell(tally(p95(method, most), Service::Lognormal { ratio, sigma }, GAP, RUNS, 1)));
        writeln!(out, "| {name} | {} |", row.join(" | "))?;
    }
    let shares = [0.0183, 0.04, 0.055, 0.06, 0.1, 0.12, 0.2];
    let head: Vec<String> = shares.iter().map(|share| format!("{} %", share * 100.0)).collect();
    writeln!(out, "\n| mean spell, in gaps | {} |\n|---|{}", head.join(" | "), "---|".repeat(shares.len()))?;
    for spell in [0.1, 0.3, 0.8, 2.0, 8.0] {
        let service = |share: f64| Service::Spells { share, mean: spell * GAP };
        let row = shares.map(|share| cell(tally(p95(Method::Strict, 1_000), service(share), GAP, RUNS, 4)));
        writeln!(out, "| {spell} | {} |", row.join(" | "))?;
    }
    let service = |share: f64| Service::Spells { share, mean: 0.8 * GAP };
    let row = shares.map(|share| cell(tally(p95(Method::Tolerant, 1_000), service(share), GAP, RUNS, 4)));
    writeln!(out, "| 0.8, tolerant | {} |", row.join(" | "))?;
    let plan = Plan { spell_s: Some(8.0 * GAP), ..p95(Method::Strict, 3_000) };
    let row = shares.map(|share| cell(tally(plan, Service::Spells { share, mean: 8.0 * GAP }, GAP, RUNS, 5)));
    writeln!(out, "| 8, with `spell` of that | {} |", row.join(" | "))?;
    let ratios = [1.0, 1.03, 1.1, 1.2, 1.3];
    let head: Vec<String> = ratios.iter().map(|ratio| ratio.to_string()).collect();
    writeln!(out, "\n| head over base | {} |\n|---|{}", head.join(" | "), "---|".repeat(ratios.len()))?;
    let plan = Plan { theta0: 0.5, ..p95(Method::Strict, 1_000) };
    let row = ratios.map(|ratio| cell(tally(plan, Service::Pairs { ratio }, GAP, RUNS, 6)));
    writeln!(out, "| pairs | {} |", row.join(" | "))
}
