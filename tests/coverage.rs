//! Coverage of a working copy as time goes by.

use std::fs::File;
use std::time::{Duration, SystemTime};

use crate::support::{Sandbox, Tests, lcov};

pub(crate) fn tests() -> Tests {
    vec![("a_report_of_before_the_edit_is_told", a_report_of_before_the_edit_is_told)]
}

/// Sets when `path` was last written, in seconds after the report.
fn written(sandbox: &Sandbox, path: &str, seconds: i64) {
    let now = SystemTime::now() - Duration::from_secs(1_000_000);
    let later = now + Duration::from_secs(seconds.unsigned_abs());
    let at = if seconds < 0 { now - Duration::from_secs(seconds.unsigned_abs()) } else { later };
    let file = File::options().append(true).open(sandbox.join(path));
    file.and_then(|file| file.set_modified(at)).expect("a time");
}

/// The tests ran, then a function was appended: the report knows none of its lines, so that all new lines it knows are hit.
fn a_report_of_before_the_edit_is_told() {
    const POLICY: &str =
        "[coverage]\nreports = [\"out/lcov.info\"]\n[gates.Tests]\nconditions = [\"coverage.patch >= 80%\"]\n";
    const STRICT: &str = "[gates.Fresh]\nconditions = ['coverage.findings{rule=\"coverage/stale-report\"} == 0']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", &format!("{POLICY}{STRICT}")), ("src/a.ts", "one();\n")]);
    sandbox.write("src/a.ts", "one();\ntwo();\nthree();\n");
    sandbox.write("out/lcov.info", lcov("src/a.ts", &[1, 1]));
    for (path, seconds) in [("tollgate.toml", -500), ("out/lcov.info", 0), ("src/a.ts", -60)] {
        written(&sandbox, path, seconds);
    }
    sandbox.tollgate(&["check"]).exits(0);
    written(&sandbox, "src/a.ts", 300);
    for committed in [false, true] {
        if committed {
            sandbox.commit("edit");
        }
        let outcome = sandbox.tollgate(&["check"]).exits(1);
        let message =
            "src/a.ts was changed 5 min after out/lcov.info was written, which measures it: lines may be others";
        outcome.says(&["pass Tests", "fail Fresh", &format!("note: {message}")]);
    }
    // A checkout that came after the report wrote every file anew.
    written(&sandbox, "tollgate.toml", 300);
    written(&sandbox, ".gitignore", 300);
    sandbox.tollgate(&["check"]).exits(0);
    // The tests ran again.
    written(&sandbox, "out/lcov.info", 301);
    written(&sandbox, "tollgate.toml", -500);
    sandbox.tollgate(&["check"]).exits(0);
}
