//! Runs the cases of `fixtures/coverage/`.

use std::path::Path;

use tollgate_check::fixture;
use tollgate_coverage::Coverage;

#[test]
fn every_case_gives_the_report_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage");
    let cases = fixture::run(&Coverage, &folder).unwrap_or_else(|message| panic!("{message}"));
    assert!(cases >= 15, "only {cases} cases were found");
}
