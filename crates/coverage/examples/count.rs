//! Says what coverage reports hold, one JSON object a line: `cargo run -p tollgate-coverage --example count -- FILE…`.

use std::io::Write as _;
use std::{env, fs, io};

use serde_json::json;

fn main() -> io::Result<()> {
    for path in env::args().skip(1) {
        let value = match tollgate_coverage::count(&path, fs::read(&path)?) {
            Ok(counted) => json!({
                "file": path,
                "format": counted.format,
                "files": counted.files,
                "lines": counted.sums[0],
                "branches": counted.sums[1],
                "functions": counted.sums[2],
                "statements": counted.sums[3],
                "totals_only": counted.totals_only,
                "notes": counted.notes,
            }),
            Err(message) => json!({ "file": path, "refused": message }),
        };
        writeln!(io::stdout(), "{value}")?;
    }
    Ok(())
}
