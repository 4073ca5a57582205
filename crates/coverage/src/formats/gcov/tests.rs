//! What gcov's JSON says.

use serde_json::json;

use crate::formats::testing::{counts, read};

#[test]
fn lines_of_several_instances_are_one_and_folders_are_kept() {
    // The order of keys is that of GCC 12: the file's name comes last.
    let line = |number: u32, function: &str, count: i64, branches: &[u32]| {
        let branches: Vec<_> =
            branches.iter().map(|count| json!({"count": count, "throw": false, "fallthrough": false})).collect();
        json!({"branches": branches, "count": count, "line_number": number, "unexecuted_block": count == 0,
               "function_name": function})
    };
    let function = |name: &str, demangled: &str, count: u32| {
        json!({"blocks": 3, "blocks_executed": 2, "demangled_name": demangled, "end_line": 6, "name": name,
               "execution_count": count, "start_line": 3})
    };
    let text = json!({
        "gcc_version": "12.2.0",
        "files": [{
            "lines": [line(3, "_Z1fIiEvv", 0, &[0, 0]), line(3, "_Z1fIdEvv", 2, &[2, 0]), line(4, "main", 1, &[])],
            "functions": [function("_Z1fIiEvv", "f<int>()", 0), function("_Z1fIdEvv", "f<double>()", 2),
                          function("_ZN1SC1Ev", "S::S()", 0), function("_ZN1SC2Ev", "S::S()", 1)],
            "file": "a.cpp",
        }, {"lines": [], "functions": [], "file": "/usr/include/stdio.h"}],
        "format_version": "1",
        "current_working_directory": "/build/src",
        "data_file": "a.gcda",
    });
    let mut reading = read("a.gcov.json", "gcov JSON", text.to_string().as_bytes()).unwrap();
    assert_eq!(reading.roots, ["/build/src"]);
    let files = counts(&mut reading);
    assert_eq!(files[0].0, "/usr/include/stdio.h");
    // Both kinds of a constructor are one function.
    assert_eq!(files[1], ("a.cpp".to_owned(), [(2, 2), (1, 4), (2, 3), (0, 0)]));
}

#[test]
fn one_that_names_no_compiler_is_told_by_its_lines() {
    let text = json!({"files": [{"file": "a.c", "lines": [{"branches": [], "count": 1, "line_number": 1,
                                                          "unexecuted_block": false}]}], "format_version": "2"});
    assert_eq!(read("r.json", "gcov JSON", text.to_string().as_bytes()).unwrap().sums().lines, (1, 1));
}

#[test]
fn several_reports_in_one_file_are_refused_with_advice() {
    let text = "{\"gcc_version\": \"12\", \"files\": []}\n{\"gcc_version\": \"12\", \"files\": []}\n";
    let message = read("r.json", "gcov JSON", text.as_bytes()).map(|_| ()).unwrap_err();
    assert!(message.starts_with("r.json:2: the report of another data file begins here"), "{message}");
    let message = read("r.json", "gcov JSON", b"{\"gcc_version\": \"12\", \"files\": []} 7").map(|_| ()).unwrap_err();
    assert!(message.contains("expected the end of the file, found `7`"), "{message}");
}
