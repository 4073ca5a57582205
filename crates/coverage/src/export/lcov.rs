//! LCOV, version 1 (`geninfo(1)`, section "TRACEFILE FORMAT").

use std::fmt::Write as _;

use super::listed;
use crate::tally::File;

/// The files as a trace file.
pub(super) fn write(files: &[File]) -> String {
    let mut text = String::new();
    for (path, coverage) in listed(files) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "TN:\nSF:{path}");
        for (line, hit, all) in coverage.branches.lines() {
            for branch in 0..all {
                let taken = if branch < hit { "1" } else { "0" };
                let _ = writeln!(text, "BRDA:{line},0,{branch},{taken}");
            }
        }
        let (hit, all) = coverage.branches.counts();
        if all > 0 {
            let _ = writeln!(text, "BRF:{all}\nBRH:{hit}");
        }
        for (line, hit) in coverage.lines.iter_within(0, u32::MAX) {
            let _ = writeln!(text, "DA:{line},{}", u8::from(hit));
        }
        let (hit, all) = coverage.lines.counts();
        let _ = writeln!(text, "LF:{all}\nLH:{hit}\nend_of_record");
    }
    text
}
