//! What is written is read back, and says the same.

use proptest::prelude::*;

use super::*;
use crate::file_coverage::FileCoverage;
use crate::formats::testing;
use crate::lines::LineGatherer;
use crate::marks::{COUNTED, MarkGatherer, Marks};

/// A file with these lines (number, whether hit, branches taken, branches).
fn file(lines: &[(u32, bool, u32, u32)]) -> FileCoverage {
    let (mut gatherer, mut branches) = (LineGatherer::default(), MarkGatherer::new(COUNTED));
    for (line, hit, taken, all) in lines {
        gatherer.add(*line, *hit);
        branches.count(*line, (*taken).min(*all), *all);
    }
    FileCoverage::new(gatherer.take(), branches.take(), Marks::default())
}

#[test]
fn a_report_is_written_plainly() {
    let files = [("src/a<b.ts".to_owned(), file(&[(1, true, 1, 2), (3, false, 0, 0)])), ("z.ts".to_owned(), file(&[]))];
    let lcov =
        "TN:\nSF:src/a<b.ts\nBRDA:1,0,0,1\nBRDA:1,0,1,0\nBRF:2\nBRH:1\nDA:1,1\nDA:3,0\nLF:2\nLH:1\nend_of_record\n";
    assert_eq!(Target::Lcov.write(&files), lcov);
    let xml = Target::Cobertura.write(&files);
    assert!(xml.contains("<class name=\"a&lt;b.ts\" filename=\"src/a&lt;b.ts\" line-rate=\"0.5000\""), "{xml}");
    assert!(xml.contains("<line number=\"1\" hits=\"1\" branch=\"true\" condition-coverage=\"50% (1/2)\"/>"), "{xml}");
    assert!(xml.contains("lines-covered=\"1\" lines-valid=\"2\""), "{xml}");
    assert!(!xml.contains("z.ts"));
}

#[test]
fn rates_are_rounded_down_and_nothing_of_nothing_is_none() {
    let lines: Vec<_> = (1..=100_000).map(|line| (line, line > 1, 0, 0)).collect();
    let text = Target::Cobertura.write(&[("a.ts".to_owned(), file(&lines))]);
    assert!(text.contains("line-rate=\"0.9999\" branch-rate=\"0.0000\" lines-covered=\"99999\""), "{}", &text[..400]);
    let whole = Target::Cobertura.write(&[("a.ts".to_owned(), file(&[(1, true, 2, 2)]))]);
    assert!(whole.contains("line-rate=\"1.0000\" branch-rate=\"1.0000\""), "{whole}");
}

#[test]
fn branches_of_lines_that_are_not_written_are_in_no_total() {
    let mut lines = LineGatherer::default();
    lines.add(2, true);
    let mut branches = MarkGatherer::new(COUNTED);
    for (line, taken, all) in [(1, 1, 4), (2, 1, 2), (9, 0, 3)] {
        branches.count(line, taken, all);
    }
    let file = FileCoverage::new(lines.take(), branches.take(), Marks::default());
    let text = Target::Cobertura.write(&[("src/a.ts".to_owned(), file)]);
    assert!(text.contains("branches-covered=\"1\" branches-valid=\"2\""), "{text}");
    let mut reading = testing::read("r", "Cobertura XML", text.as_bytes()).unwrap();
    assert_eq!(reading.disagreements.count, 0);
    assert_eq!(reading.take_files()[0].1.branch_counts(), (1, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(
        files in prop::collection::btree_map(
            "[a-z&<\" é]{1,8}(/[a-z]{1,4}){0,2}\\.ts",
            prop::collection::vec((1_u32..300, any::<bool>(), 0_u32..4, 0_u32..4), 1..40),
            1..6,
        ),
    ) {
        let files: Vec<_> = files.into_iter().map(|(path, lines)| (path.trim().to_owned(), file(&lines))).collect();
        let counts = |files: &[File]| -> Vec<_> {
            files.iter().map(|(path, file)| (path.clone(), file.line_counts(), file.branch_counts())).collect()
        };
        for (target, name) in [(Target::Lcov, "LCOV"), (Target::Cobertura, "Cobertura XML")] {
            let mut reading = testing::read("r", name, target.write(&files).as_bytes()).unwrap();
            prop_assert_eq!(reading.disagreements.count, 0);
            let mut expected = counts(&files);
            expected.sort();
            prop_assert_eq!(counts(&reading.take_files()), expected);
        }
    }
}
