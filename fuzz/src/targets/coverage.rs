//! A target for each format of coverage reports.

use super::Target;

/// The reader of the format `name`, given what is no report of that format as well. `files` is how the names of its
/// samples end.
macro_rules! reader {
    ($target:literal, $name:literal, $files:literal, $tokens:expr) => {
        Target {
            name: $target,
            run: |bytes| tollgate_coverage::fuzz($name, bytes),
            seeds: &[],
            folders: &[("fixtures/coverage", $files), ("examples", $files)],
            tokens: &$tokens,
        }
    };
}

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    reader!("coverage_lcov", "LCOV", ".info", ["TN:", "SF:", "DA:", "FN:", "FNDA:", "BRDA:", "LF:", "end_of_record\n", "=====", ",e0,"]),
    reader!("coverage_cobertura", "Cobertura XML", "cobertura.xml", ["<class filename=\"a\">", "<line number=\"1\" hits=\"", "condition-coverage=\"50% (1/2)\"", "<source>", "undefined", "-1", "1e3"]),
    reader!("coverage_jacoco", "JaCoCo XML", "jacoco.xml", ["<group name=\"", "<sourcefile name=\"", "<line nr=\"1\" ci=\"", "<counter type=\"LINE\" missed=\"", "\" mb=\"", "-1"]),
    reader!("coverage_clover", "Clover XML", "clover.xml", ["<file path=\"", "<line num=\"1\" type=\"cond\" ", "truecount=\"", "count=\"", "<metrics ", "-1"]),
    reader!("coverage_istanbul", "Istanbul JSON", "coverage-final.json", ["\"statementMap\":", "\"branchMap\":", "\"s\":", "\"start\":{\"line\":", "null", "{}", "-1", "1e3"]),
    reader!("coverage_istanbul_summary", "Istanbul summary", "coverage-summary.json", ["\"total\":", "\"covered\":", "\"pct\":\"Unknown\"", "-1", "null"]),
    reader!("coverage_coverage_py", "coverage.py JSON", "coverage.json", ["\"executed_lines\":", "\"missing_branches\":[[", "-1", "\"totals\":", "null"]),
    reader!("coverage_llvm", "llvm-cov JSON", "llvm.json", ["\"segments\":[[", "\"functions\":", "\"filenames\":", "true", "false", "-1", "4294967296"]),
    reader!("coverage_go", "Go coverprofile", "coverage.out", ["mode: count\n", ".go:", "1.1,2.2 1 1\n", "4294967295.1", ",", "."]),
    reader!("coverage_simplecov", "SimpleCov", ".resultset.json", ["\"coverage\":", "\"lines\":[", "\"branches\":", "[:if, 0, 1, 2, 3, 4]", "null", "\"ignored\""]),
    reader!("coverage_gcovr", "gcovr JSON", "gcovr.json", ["\"gcovr/format_version\":", "\"line_number\":", "\"count\":", "\"branches\":[", "-1"]),
    reader!("coverage_gcovr_summary", "gcovr summary", "summary.json", ["\"line_total\":", "\"filename\":", "-1"]),
    reader!("coverage_gcov", "gcov JSON", ".gcov.json", ["\"format_version\":", "\"line_number\":", "\"execution_count\":", "-1"]),
    reader!("coverage_opencover", "OpenCover XML", "opencover.xml", ["<Module skippedDueTo=\"", "<File uid=\"", "<SequencePoint vc=\"", "fileid=\"", "sl=\"", "-1"]),
    reader!("coverage_dotcover", "dotCover XML", "dotcover.xml", ["<Statement FileIndex=\"", "Covered=\"True\"", "EndLine=\"", "<File Index=\"", "4294967296"]),
    reader!("coverage_visual_studio", "Visual Studio XML", "vs.xml", ["<range source_id=\"", "start_line=\"", "covered=\"partial\"", "<source_file id=\"", "4294967296"]),
    reader!("coverage_bullseye", "Bullseye XML", "bullseye.xml", ["<probe line=\"", "kind=\"decision\"", "event=\"full\"", "fn_cov=\"", "<folder name=\"", "-1"]),
    reader!("coverage_sonar", "SonarQube generic XML", "sonar.xml", ["<file path=\"", "<lineToCover lineNumber=\"", "covered=\"true\"", "branchesToCover=\"", "-1"]),
    reader!("coverage_coveralls", "Coveralls JSON", "coveralls.json", ["\"source_files\":", "\"coverage\":[", "\"branches\":[", "null", "-1"]),
    reader!("coverage_codecov", "Codecov JSON", "codecov.json", ["\"coverage\":{", "\"1/2\"", "\"0\"", "null", "true", "-1"]),
];
