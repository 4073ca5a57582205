//! What the verbs give.

use std::fs;
use std::path::Path;

use tollgate_check::Facts;
use tollgate_check::fixture::FolderTree;
use tollgate_input::Root;

use super::*;

fn run(folder: &Path, run: impl Fn(&Context<'_>, &Options) -> Result<Outcome, CheckError>) -> Outcome {
    try_run(folder, run).unwrap()
}

fn try_run(
    folder: &Path,
    run: impl Fn(&Context<'_>, &Options) -> Result<Outcome, CheckError>,
) -> Result<Outcome, CheckError> {
    let root = Root::new(folder).unwrap();
    let tree = FolderTree::new(root.clone());
    let ctx = Context::new(&root, &tree, Facts::plain());
    run(&ctx, &Options::default().with_defaults())
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const REPORT: &str = "SF:a.ts\nDA:1,4\nDA:2,0\nend_of_record\nSF:b.ts\nDA:1,1\nend_of_record\n";

#[test]
fn merging_unites_reports() {
    let dir = tempfile::tempdir().unwrap();
    let xml = "<coverage><packages><package><classes><class filename=\"a.ts\"><lines><line number=\"2\" hits=\"1\"/>\
               <line number=\"3\" hits=\"0\"/></lines></class></classes></package></packages></coverage>";
    write(dir.path(), &[("a.ts", ""), ("b.ts", ""), ("lcov.info", REPORT), ("coverage/cobertura.xml", xml)]);
    let to = |to, output: Option<&str>| {
        let arguments = MergeArguments { to, output: output.map(str::to_owned) };
        run(dir.path(), |ctx, options| Merge.run(ctx, options, &arguments))
    };
    let outcome = to(Target::Lcov, None);
    let text = String::from_utf8(outcome.text).unwrap();
    assert!(text.starts_with("TN:\nSF:a.ts\nDA:1,1\nDA:2,1\nDA:3,0\nLF:3\nLH:2\n"), "{text}");
    assert!(outcome.problems.is_empty() && outcome.files.is_empty());
    let outcome = to(Target::Cobertura, Some("out/c.xml"));
    assert!(outcome.text.is_empty());
    assert_eq!(outcome.files[0].path, "out/c.xml");
    assert_eq!(outcome.notes, ["out/c.xml: 2 files of 2 reports"]);
}

#[test]
fn nothing_is_written_of_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let counts = r#"{"total": 4, "covered": 0, "skipped": 0, "pct": 0}"#;
    let file = format!(r#"{{"lines": {counts}, "functions": {counts}}}"#);
    let summary = format!(r#"{{"total": {file}, "a.ts": {file}}}"#);
    write(dir.path(), &[("a.ts", ""), ("coverage-summary.json", &summary)]);
    let arguments = MergeArguments { to: Target::Cobertura, output: Some("out.xml".to_owned()) };
    let outcome = run(dir.path(), |ctx, _| {
        let options = Options { reports: vec!["*.json".to_owned()], ..Options::default() };
        Merge.run(ctx, &options, &arguments)
    });
    assert!(outcome.files.is_empty() && outcome.text.is_empty());
    assert!(outcome.problems[0].message.starts_with("no line that can be covered is known"), "{:?}", outcome.problems);
}

#[test]
fn a_report_that_is_read_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[("a.ts", ""), ("b.ts", ""), ("lcov.info", REPORT)]);
    for (output, refused) in [("lcov.info", true), ("./out/../lcov.info", true), ("lcov2.info", false)] {
        let arguments = MergeArguments { to: Target::Lcov, output: Some(output.to_owned()) };
        let outcome = try_run(dir.path(), |ctx, options| Merge.run(ctx, options, &arguments));
        assert_eq!(outcome.as_ref().is_err(), refused, "{output}");
        if let Err(error) = outcome {
            assert!(error.to_string().starts_with("--output: "), "{error}");
        }
    }
}

#[test]
fn floors_of_excluded_files_are_taken_out() {
    let dir = tempfile::tempdir().unwrap();
    let old = "[coverage]\n\"a.ts\" = \"1/2\"\n\"b.ts\" = \"1/1\"\n\"x.test.ts\" = \"1/1\"\n";
    write(dir.path(), &[("a.ts", ""), ("b.ts", ""), ("x.test.ts", ""), ("lcov.info", REPORT), (FILE, old)]);
    let outcome = run(dir.path(), |ctx, options| Ratchet.run(ctx, options, &RatchetArguments {}));
    assert_eq!(outcome.notes, [".tollgate/ratchet.toml: 2 floors: 2 unchanged, 1 of excluded files taken out"]);
    assert!(!String::from_utf8_lossy(&outcome.files[0].bytes).contains("x.test.ts"));
}

#[test]
fn nothing_is_written_of_a_damaged_report() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[("a.ts", ""), ("lcov.info", "SF:a.ts\nDA:1,4\n")]);
    let outcome = run(dir.path(), |ctx, options| Ratchet.run(ctx, options, &RatchetArguments {}));
    assert!(outcome.files.is_empty());
    assert_eq!(outcome.problems.len(), 1, "{:?}", outcome.problems);
    let arguments = MergeArguments { to: Target::Lcov, output: None };
    let outcome = run(dir.path(), |ctx, options| Merge.run(ctx, options, &arguments));
    assert!(outcome.text.is_empty() && !outcome.problems.is_empty());
}

#[test]
fn floors_rise_and_files_that_are_gone_lose_theirs() {
    let dir = tempfile::tempdir().unwrap();
    let old = "[coverage]\n\"a.ts\" = \"1/3\"\n\"b.ts\" = \"1/1\"\n\"gone.ts\" = \"1/1\"\n";
    write(dir.path(), &[("a.ts", ""), ("b.ts", ""), ("lcov.info", REPORT), (FILE, old)]);
    let ratchet = || run(dir.path(), |ctx, options| Ratchet.run(ctx, options, &RatchetArguments {}));
    let outcome = ratchet();
    let text = String::from_utf8(outcome.files[0].bytes.clone()).unwrap();
    assert!(text.ends_with("[coverage]\n\"a.ts\" = \"1/2\"\n\"b.ts\" = \"1/1\"\n"), "{text}");
    let note = ".tollgate/ratchet.toml: 2 floors: 1 raised, 1 unchanged, 1 of removed files taken out";
    assert_eq!(outcome.notes, [note]);
    write(dir.path(), &[(FILE, &text)]);
    assert!(ratchet().files.is_empty());
    write(dir.path(), &[("lcov.info", "SF:a.ts\nDA:1,0\nDA:2,0\nend_of_record\n")]);
    let outcome = ratchet();
    assert!(outcome.files.is_empty());
    assert!(outcome.notes[1].starts_with("1 file below"), "{:?}", outcome.notes);
}
