//! A server that keeps how long each request really stayed, to hold clients against.
//!
//! `cargo run --release -p tollgate-latency --example truth -- lognormal|stall|thirty|fast`

use std::io::Write as _;
use std::time::Duration;

use tollgate_origin::{Delay, Origin, Route};

/// Prints its address; and, for every line of standard input, the truth of the requests since the last one.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let kind = std::env::args().nth(1).unwrap_or_else(|| "lognormal".to_owned());
    let lognormal = Delay::Lognormal { median: Duration::from_millis(48), sigma: 0.45, seed: 7 };
    let origin = match kind.as_str() {
        "stall" => {
            let routes = vec![Route::ok("/").after(Delay::Fixed(Duration::from_millis(5)))];
            Origin::start_stalling(routes, Duration::from_millis(2_500), Duration::from_millis(500))?
        }
        "thirty" => {
            let lognormal =
                |i: u64| Delay::Lognormal { median: Duration::from_millis(48), sigma: 0.45, seed: 1_000 * i };
            Origin::start((0..30).map(|i| Route::ok(&format!("/{i}")).after(lognormal(i))).collect())?
        }
        "fast" => Origin::start(vec![Route::ok("/")])?,
        _ => Origin::start(vec![Route::ok("/").after(lognormal)])?,
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", origin.url("/"))?;
    out.flush()?;
    let mut told = 0;
    for _ in std::io::stdin().lines() {
        let all = origin.residences("/");
        let mut new: Vec<f64> = all[told..].iter().map(|stay| stay.as_secs_f64() * 1_000.0).collect();
        told = all.len();
        new.sort_by(f64::total_cmp);
        let at = |p: f64| new.get(((new.len() as f64 - 1.0) * p) as usize).copied().unwrap_or(f64::NAN);
        writeln!(out, "truth: n {} p50 {:.2} p95 {:.2} p99 {:.2} ms", new.len(), at(0.5), at(0.95), at(0.99))?;
        out.flush()?;
    }
    Ok(())
}
