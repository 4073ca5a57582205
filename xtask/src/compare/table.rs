//! A comparison as text and as a row of docs/benchmarks.md.

use std::fmt::Write as _;

use crate::compare::measure::Measurement;
use crate::compare::stats::Summary;

/// Two commands and what their runs cost.
pub(super) struct Comparison<'a> {
    /// What is compared.
    pub(super) name: &'a str,
    /// Bytes of input, where known.
    pub(super) input: Option<u64>,
    /// Each command's program and runs.
    pub(super) sides: [(String, &'a [Measurement]); 2],
}

impl Comparison<'_> {
    /// For a terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}: {} runs each, input {}\n", self.name, self.sides[0].1.len(), self.input_text());
        for (letter, (program, runs)) in ["A", "B"].iter().zip(&self.sides) {
            let (cpu, peak) = (cpu(runs), peak(runs));
            let _ = writeln!(
                text,
                "  {letter} {program}: CPU {:.3} s ({:.3}–{:.3}), peak {:.1} MB ({:.1}–{:.1}), exit {}",
                cpu.median,
                cpu.least,
                cpu.greatest,
                peak.median,
                peak.least,
                peak.greatest,
                exits(runs)
            );
        }
        let [(_, a), (_, b)] = &self.sides;
        let _ = writeln!(
            text,
            "  A / B: CPU {}, peak {}",
            ratio(cpu(a).median, cpu(b).median),
            ratio(peak(a).median, peak(b).median)
        );
        text
    }

    /// For docs/benchmarks.md: name, input, then CPU and peak as `A / B = ratio`, then runs and exit codes.
    pub(super) fn markdown(&self) -> String {
        let [(program_a, a), (program_b, b)] = &self.sides;
        let pair = |of: fn(&[Measurement]) -> Summary, digits: usize, unit: &str| {
            let (x, y) = (of(a).median, of(b).median);
            format!("{x:.digits$} / {y:.digits$} {unit} = {}", ratio(x, y))
        };
        format!(
            "| {}: {program_a} / {program_b} | {} | {} | {} | {} | {} / {} |\n",
            self.name,
            self.input_text(),
            pair(cpu, 3, "s"),
            pair(peak, 1, "MB"),
            a.len(),
            exits(a),
            exits(b)
        )
    }

    fn input_text(&self) -> String {
        self.input.map_or_else(|| "not stated".to_owned(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
    }
}

/// CPU seconds.
fn cpu(runs: &[Measurement]) -> Summary {
    summary(runs.iter().map(|run| run.cpu_seconds))
}

/// Peak memory, megabytes.
fn peak(runs: &[Measurement]) -> Summary {
    summary(runs.iter().map(|run| run.peak_bytes as f64 / 1e6))
}

fn summary(values: impl IntoIterator<Item = f64>) -> Summary {
    Summary::of(values).unwrap_or(Summary { median: f64::NAN, least: f64::NAN, greatest: f64::NAN })
}

fn ratio(a: f64, b: f64) -> String {
    if b > 0.0 { format!("{:.2}", a / b) } else { "not defined".to_owned() }
}

/// Every exit code that occurred, in order of value.
fn exits(runs: &[Measurement]) -> String {
    let mut codes: Vec<Option<i32>> = runs.iter().map(|run| run.exit).collect();
    codes.sort_unstable();
    codes.dedup();
    let words = codes.iter().map(|code| code.map_or_else(|| "signal".to_owned(), |code| code.to_string()));
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(cpu_seconds: f64, megabytes: u64, exit: Option<i32>) -> Measurement {
        Measurement { cpu_seconds, peak_bytes: megabytes * 1_000_000, exit }
    }

    #[test]
    fn medians_ratio_size_and_exit_codes_are_shown() {
        let a = [run(0.5, 50, Some(0)), run(0.4, 60, Some(0)), run(0.9, 55, Some(1))];
        let b = [run(2.0, 200, Some(0)), run(2.0, 220, None), run(2.1, 210, None)];
        let sides = [("ours".to_owned(), a.as_slice()), ("theirs".to_owned(), b.as_slice())];
        let comparison = Comparison { name: "lcov", input: Some(46_000_000), sides };
        assert_eq!(
            comparison.text(),
            "lcov: 3 runs each, input 46.0 MB\n  \
             A ours: CPU 0.500 s (0.400–0.900), peak 55.0 MB (50.0–60.0), exit 0, 1\n  \
             B theirs: CPU 2.000 s (2.000–2.100), peak 210.0 MB (200.0–220.0), exit signal, 0\n  \
             A / B: CPU 0.25, peak 0.26\n"
        );
        assert_eq!(
            comparison.markdown(),
            "| lcov: ours / theirs | 46.0 MB | 0.500 / 2.000 s = 0.25 | 55.0 / 210.0 MB = 0.26 | 3 | 0, 1 / signal, 0 |\n"
        );
    }

    #[test]
    fn a_command_that_costs_nothing_has_no_ratio() {
        assert_eq!(ratio(1.0, 0.0), "not defined");
    }
}
