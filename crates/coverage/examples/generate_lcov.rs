//! Writes an LCOV report of any size, for measuring: the same arguments give the same bytes.
//!
//! ```text
//! cargo run --release -p tollgate-coverage --example generate_lcov -- FOLDER FILES LINES [--sources]
//! ```
//!
//! `FOLDER/lcov.info` then names `FILES` files (`src/pkg0012/mod0034/file0005678.ts`), each with `LINES` coverable lines
//! of which about one in eight was not hit. With `--sources` the files themselves are written as well, one line of code
//! per coverable line. 100,000 files of 50 lines are 5 million records, about 46 MB.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: generate_lcov FOLDER FILES LINES [--sources]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (sources, plain): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| *argument == "--sources");
    let [folder, files, lines] = plain.as_slice() else { return failed(USAGE) };
    let (Ok(files), Ok(lines)) = (files.parse(), lines.parse()) else { return failed(USAGE) };
    match generate(Path::new(folder), files, lines, !sources.is_empty()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!("{folder}: {error}")),
    }
}

fn failed(message: &str) -> ExitCode {
    // Nothing can be done where even this cannot be written.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::FAILURE
}

fn generate(folder: &Path, files: u32, lines: u32, sources: bool) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut report = BufWriter::with_capacity(1 << 20, File::create(folder.join("lcov.info"))?);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for file in 0..files {
        let path = path(file);
        write!(report, "TN:\nSF:{path}\n")?;
        let mut hit = 0;
        for line in 1..=lines {
            let missed = random.below(8) == 0;
            let count = if missed { 0 } else { 1 + random.below(9) };
            hit += u32::from(!missed);
            writeln!(report, "DA:{line},{count}")?;
        }
        write!(report, "LF:{lines}\nLH:{hit}\nend_of_record\n")?;
        if sources {
            source(&folder.join(&path), lines)?;
        }
    }
    report.flush()
}

fn path(file: u32) -> String {
    format!("src/pkg{:04}/mod{:04}/file{file:07}.ts", file / 2000, file / 40 % 50)
}

fn source(path: &PathBuf, lines: u32) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let text: String = (1..=lines).map(|line| format!("export const value{line} = {line};\n")).collect();
    fs::write(path, text)
}

/// Marsaglia's xorshift: equal on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
