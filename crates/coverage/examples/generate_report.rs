//! Writes a coverage report of any size, for measuring: the same arguments give the same bytes.
//!
//! ```text
//! cargo run --release -p tollgate-coverage --example generate_report -- FOLDER FILES LINES [--sources] [--to FORMAT]
//! ```
//!
//! The report names `FILES` files (`src/pkg0012/mod0034/file0005678.ts`), each with `LINES` coverable lines of which about
//! one in eight was not hit: `FOLDER/lcov.info`, or with `--to cobertura` `FOLDER/cobertura.xml`, or with `--to istanbul`
//! `FOLDER/coverage-final.json` (a statement in each line, a function of five lines, a branch every ten). With `--sources`
//! the files themselves are written as well, one line of code per coverable line. 100,000 files of 50 lines are 5 million
//! records: 46 MB of LCOV, 290 MB of Cobertura.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: generate_report FOLDER FILES LINES [--sources] [--to lcov|cobertura|istanbul]";

type Out = BufWriter<File>;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let sources = arguments.iter().position(|argument| argument == "--sources").map(|at| arguments.remove(at));
    let to = arguments.iter().position(|argument| argument == "--to").map(|at| arguments.drain(at..).nth(1));
    let format = match to.as_ref().map_or(Some("lcov"), Option::as_deref) {
        Some("lcov") => LCOV,
        Some("cobertura") => COBERTURA,
        Some("istanbul") => ISTANBUL,
        _ => return failed(USAGE),
    };
    let [folder, files, lines] = arguments.as_slice() else { return failed(USAGE) };
    let (Ok(files), Ok(lines)) = (files.parse(), lines.parse()) else { return failed(USAGE) };
    match generate(Path::new(folder), files, lines, sources.is_some(), &format) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&format!("{folder}: {error}")),
    }
}

fn failed(message: &str) -> ExitCode {
    // Nothing can be done where even this cannot be written.
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::FAILURE
}

/// A format that is written: the file's name, what it begins and ends with, and one file with the count of each line.
struct Format {
    name: &'static str,
    head: &'static str,
    tail: &'static str,
    file: fn(&mut Out, u32, &str, &[u64]) -> io::Result<()>,
}

const LCOV: Format = Format { name: "lcov.info", head: "", tail: "", file: lcov };

const COBERTURA: Format = Format {
    name: "cobertura.xml",
    head: "<?xml version=\"1.0\"?>\n<coverage line-rate=\"0.875\" branch-rate=\"0\" version=\"1\" timestamp=\"1\">\n\
           <sources><source>.</source></sources>\n<packages>\n<package name=\"src\" line-rate=\"0.875\">\n<classes>\n",
    tail: "</classes>\n</package>\n</packages>\n</coverage>\n",
    file: cobertura,
};

const ISTANBUL: Format = Format { name: "coverage-final.json", head: "{", tail: "}\n", file: istanbul };

fn generate(folder: &Path, files: u32, lines: u32, sources: bool, format: &Format) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut report = BufWriter::with_capacity(1 << 20, File::create(folder.join(format.name))?);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    report.write_all(format.head.as_bytes())?;
    for file in 0..files {
        let path = path(file);
        let count = |_| if random.below(8) == 0 { 0 } else { 1 + random.below(9) };
        let counts: Vec<u64> = (0..lines).map(count).collect();
        (format.file)(&mut report, file, &path, &counts)?;
        if sources {
            source(&folder.join(&path), lines)?;
        }
    }
    report.write_all(format.tail.as_bytes())?;
    report.flush()
}

fn lcov(report: &mut Out, _: u32, path: &str, counts: &[u64]) -> io::Result<()> {
    write!(report, "TN:\nSF:{path}\n")?;
    for (at, count) in counts.iter().enumerate() {
        writeln!(report, "DA:{},{count}", at + 1)?;
    }
    let hit = counts.iter().filter(|count| **count > 0).count();
    write!(report, "LF:{}\nLH:{hit}\nend_of_record\n", counts.len())
}

fn cobertura(report: &mut Out, file: u32, path: &str, counts: &[u64]) -> io::Result<()> {
    writeln!(report, "<class name=\"file{file}\" filename=\"{path}\" line-rate=\"0.875\"><methods/><lines>")?;
    for (at, count) in counts.iter().enumerate() {
        writeln!(report, "<line number=\"{}\" hits=\"{count}\"/>", at + 1)?;
    }
    writeln!(report, "</lines></class>")
}

fn istanbul(report: &mut Out, file: u32, path: &str, counts: &[u64]) -> io::Result<()> {
    let place = |line: usize, end: usize| {
        format!("{{\"start\":{{\"line\":{line},\"column\":0}},\"end\":{{\"line\":{end},\"column\":24}}}}")
    };
    let list = |items: Vec<String>| items.join(",");
    let each = |step: usize, item: &dyn Fn(usize, usize) -> String| {
        let lines = (1..=counts.len()).step_by(step).enumerate();
        list(lines.map(|(at, line)| format!("\"{at}\":{}", item(at, line))).collect())
    };
    let count = |line: usize| counts[line - 1];
    let function = |at: usize, line: usize| {
        let (decl, loc) = (place(line, line), place(line, line + 4));
        format!("{{\"name\":\"f{at}\",\"decl\":{decl},\"loc\":{loc},\"line\":{line}}}")
    };
    let branch = |_: usize, line: usize| {
        let arm = place(line, line);
        format!("{{\"loc\":{arm},\"type\":\"if\",\"locations\":[{arm},{arm}],\"line\":{line}}}")
    };
    writeln!(
        report,
        "{}\"{path}\":{{\"path\":\"{path}\",\"statementMap\":{{{}}},\"fnMap\":{{{}}},\"branchMap\":{{{}}},\"s\":{{{}}},\
         \"f\":{{{}}},\"b\":{{{}}}}}",
        if file == 0 { "" } else { "," },
        each(1, &|_, line| place(line, line)),
        each(5, &function),
        each(10, &branch),
        each(1, &|_, line| count(line).to_string()),
        each(5, &|_, line| count(line).to_string()),
        each(10, &|_, line| format!("[{},{}]", count(line), count(line) / 2)),
    )
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
