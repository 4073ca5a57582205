//! Builds: first loads, the base beside the head, what is compressed and kept, budgets taken over.

use std::fs::File;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tollgate_input::Digest;

use crate::support::{Sandbox, Tests, gate};

pub(crate) fn tests() -> Tests {
    vec![
        ("first_loads_are_compared_with_the_base_beside_them", first_loads_are_compared_with_the_base_beside_them),
        ("a_base_that_is_not_there_is_unknown", a_base_that_is_not_there_is_unknown),
        ("the_bases_own_run_is_compared_file_by_file", the_bases_own_run_is_compared_file_by_file),
        ("where_the_base_lies_is_policy", where_the_base_lies_is_policy),
        ("instances_have_their_bases_from_where_they_say", instances_have_their_bases_from_where_they_say),
        ("what_the_disk_answers_is_not_compressed", what_the_disk_answers_is_not_compressed),
        ("compressed_sizes_are_kept_and_not_believed_from_a_commit", compressed_sizes_are_kept),
        ("a_group_without_files_is_unknown", a_group_without_files_is_unknown),
        ("an_old_build_is_told", an_old_build_is_told),
        ("budgets_of_other_tools_become_a_policy", budgets_of_other_tools_become_a_policy),
        ("a_manifest_that_lies_is_unknown", a_manifest_that_lies_is_unknown),
        ("a_base_known_by_its_bound_is_no_number", a_base_known_by_its_bound_is_no_number),
        ("a_report_does_not_say_what_its_base_was", a_report_does_not_say_what_its_base_was),
        ("a_build_is_not_its_own_base", a_build_is_not_its_own_base),
        ("statistics_beside_the_build_have_a_base_too", statistics_beside_the_build_have_a_base_too),
    ]
}

const MANIFEST: &str = r#"{
  "index.html": {"file": "assets/index-HASH.js", "isEntry": true, "imports": ["_vendor.js"],
    "dynamicImports": ["src/chart.ts"], "css": ["assets/index-3f2a9c0d.css"]},
  "_vendor.js": {"file": "assets/vendor-1a2b3c4d.js"},
  "src/chart.ts": {"file": "assets/chart-5e6f7a8b.js", "isDynamicEntry": true}
}"#;

/// A build of Vite whose entry has this hash and size.
fn build(sandbox: &Sandbox, dir: &str, hash: &str, bytes: usize) {
    let write = |path: &str, bytes: usize| sandbox.write(&format!("{dir}/{path}"), "x".repeat(bytes));
    write(&format!("assets/index-{hash}.js"), bytes);
    write("assets/vendor-1a2b3c4d.js", 500);
    write("assets/chart-5e6f7a8b.js", 900);
    write("assets/index-3f2a9c0d.css", 100);
    sandbox.write(&format!("{dir}/.vite/manifest.json"), MANIFEST.replace("HASH", hash));
}

fn policy(bundle: &str, conditions: &[&str]) -> String {
    let conditions: Vec<String> = conditions.iter().map(|condition| format!("'{condition}'")).collect();
    format!("[bundle]\ndir = \"out/dist\"\n{bundle}\n[gates.Performance]\nconditions = [{}]\n", conditions.join(", "))
}

const GROWS: &str = "bundle.entry{entry=\"index.html\"} <= base + 10 B";

fn exhibit<'a>(run: &'a Value, id: &str) -> &'a Value {
    let all = run["reports"][0]["exhibits"].as_array().expect("exhibits");
    all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}: {all:#?}"))
}

fn first_loads_are_compared_with_the_base_beside_them() {
    let toml = policy(
        "",
        &[GROWS, "bundle.entry_async{entry=\"index.html\"} <= 900 B", "bundle.raw{entry=\"index.html\"} <= 2 KB"],
    );
    let sandbox = Sandbox::repository(&[("tollgate.toml", &toml)]);
    build(&sandbox, "out/dist", "33cc44dd", 1_011);
    build(&sandbox, "out/base", "11aa22bb", 1_000);
    let base = sandbox.join("out/base").display().to_string();
    sandbox.tollgate(&["check"]).exits(0).says(&["warn", "no base yet"]);
    let run = sandbox.tollgate(&["bundle", "--base-dir", &base]).exits(1);
    run.says(&[
        "bundle.entry{entry=\"index.html\"} is 1.6 KB (1,611 B): 1 B over 10 B above the base (1.6 KB)",
        "assets/index-[hash].js 1 KB (+11 B)",
        "bundle: 2.5 KB in all (raw), 11 B (0.4 %) more than at the base; first loads that changed: index.html +11 B (+0.6 %)",
    ]);
    build(&sandbox, "out/dist", "55ee66ff", 1_010);
    sandbox.remove("out/dist/assets/index-33cc44dd.js");
    let run = sandbox.tollgate(&["bundle", "--base-dir", "out/base", "--format", "json"]).exits(0).json();
    let rows = |id: &str| -> Vec<String> {
        let all = run["exhibits"].as_array().expect("exhibits");
        let one = all.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}"));
        one["data"]["rows"].as_array().expect("rows").iter().map(Value::to_string).collect()
    };
    assert_eq!(
        rows("file-changes"),
        [r#"[{"text":"assets/index-[hash].js"},{"bytes":1000},{"bytes":1010},{"bytes-change":10},{"text":"+1.0 %"}]"#]
    );
    assert_eq!(
        rows("entry-changes"),
        [r#"[{"text":"index.html"},{"bytes":1600},{"bytes":1610},{"bytes-change":10},{"text":"+0.6 %"}]"#]
    );
    assert_eq!(run["base"]["status"], "complete");
    let comment = sandbox.tollgate(&["bundle", "--base-dir", "out/base", "--format", "markdown"]).exits(0).stdout;
    assert!(comment.contains("- bundle: 2.5 KB in all (raw), 10 B (0.4 %) more than at the base"), "{comment}");
}

fn a_base_that_is_not_there_is_unknown() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy("", &[GROWS, "bundle.total <= 9 KB"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    let run = sandbox.tollgate(&["bundle", "--base-dir", "out/gone"]).exits(3);
    run.says(&["base_dir out/gone: not found; name the folder of the base", "1 other condition holds"]);
    sandbox.write("out/empty/.keep", "");
    sandbox.tollgate(&["bundle", "--base-dir", "out/empty"]).exits(3).says(&["0 bytes; build first"]);
}

fn the_bases_own_run_is_compared_file_by_file() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy("encoding = \"gzip\"", &["bundle.total <= base"]))]);
    build(&sandbox, "out/dist", "11aa22bb", 1_000);
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    build(&sandbox, "out/dist", "33cc44dd", 60_000);
    sandbox.remove("out/dist/assets/index-11aa22bb.js");
    let run = sandbox.tollgate(&["check", "--base-run", "out/run.json", "--format", "json"]).exits(1).json();
    let table = exhibit(&run, "file-changes");
    assert_eq!(table["title"], "Against the base, gzip: 1 changed; 3 files unchanged");
    assert_eq!(table["data"]["rows"][0][0]["text"], "assets/index-[hash].js");
    let entry = exhibit(&run, "entry-changes");
    assert_eq!(entry["data"]["rows"][0][0]["text"], "index.html");
    // A base that counted otherwise says nothing of files.
    let run =
        sandbox.tollgate(&["bundle", "--base-run", "out/run.json", "--encoding", "brotli", "--format", "json"]).json();
    let notes = run["notes"].to_string();
    assert!(notes.contains("not compared with the base: the base's run did not measure brotli"), "{notes}");
}

fn where_the_base_lies_is_policy() {
    let files = [("tollgate.toml", policy("", &["bundle.total <= base"]))];
    let sandbox = Sandbox::repository(&[("tollgate.toml", &files[0].1)]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    // A change that compares itself with a build of its own choice.
    build(&sandbox, "out/dist", "33cc44dd", 9_000);
    build(&sandbox, "heavy", "33cc44dd", 90_000);
    sandbox.git(&["checkout", "-q", "-b", "feature"]);
    sandbox.write("tollgate.toml", policy("base_dir = \"heavy\"", &["bundle.total <= base"]));
    sandbox.commit("heavy");
    let run = sandbox.tollgate(&["check", "--base-run", "out/run.json", "--format", "json"]).exits(1).json();
    assert_eq!(gate(&run, "Performance")["verdict"], "fail");
    assert!(run["decision"]["relaxations"].to_string().contains("base_dir"), "{}", run["decision"]["relaxations"]);
}

fn instances_have_their_bases_from_where_they_say() {
    let toml = "[[bundle]]\nname = \"web\"\ndir = \"out/web\"\n[[bundle]]\nname = \"docs\"\ndir = \"out/docs\"\nbase_dir = \"out/base\"\n\
        [gates.Performance]\nconditions = ['bundle.total{target=\"web\"} <= base', 'bundle.total{target=\"docs\"} <= base']\n";
    let sandbox = Sandbox::repository(&[("tollgate.toml", toml)]);
    build(&sandbox, "out/web", "33cc44dd", 1_000);
    build(&sandbox, "out/docs", "33cc44dd", 1_000);
    build(&sandbox, "out/base", "33cc44dd", 1_000);
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0).says(&["no base yet"]);
    sandbox.tollgate(&["check", "--base-run", "out/run.json"]).exits(0).says(&["pass"]);
    build(&sandbox, "out/web", "33cc44dd", 1_001);
    sandbox
        .tollgate(&["check", "--base-run", "out/run.json"])
        .exits(1)
        .says(&["bundle.total{target=\"web\"} is", "1 B over the base"]);
    build(&sandbox, "out/web", "33cc44dd", 1_000);
    build(&sandbox, "out/base", "33cc44dd", 999);
    sandbox
        .tollgate(&["check", "--base-run", "out/run.json"])
        .exits(1)
        .says(&["bundle.total{target=\"docs\"} is", "1 B over the base"]);
}

fn what_the_disk_answers_is_not_compressed() {
    let conditions = ["bundle.brotli <= 600 KB", "bundle.brotli{type=\"js\"} <= 2 KB"];
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy("", &conditions))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    let run = sandbox.tollgate(&["bundle", "-v"]).exits(0);
    run.says(&["bundle.brotli is at most", "not everything was compressed with brotli"]);
    let report = sandbox.tollgate(&["bundle", "--format", "json"]).exits(0).json();
    let metrics = report["metrics"].as_array().expect("metrics");
    let brotli = |labels: Value| {
        metrics.iter().find(|m| m["name"] == "bundle.brotli" && m["labels"] == labels).expect("a series").clone()
    };
    // 2,400 bytes of scripts may be more than 2 KB, so they are compressed; the style sheet is not.
    assert!(brotli(serde_json::json!({"type": "js"})).get("interval").is_none());
    assert!(brotli(serde_json::json!({"type": "css"})).get("interval").is_some());
    // Where a warning is near, the number is wanted.
    let near =
        Sandbox::repository(&[("tollgate.toml", &(policy("", &["bundle.brotli <= 3 KB"]) + "warn_at = \"80%\"\n"))]);
    build(&near, "out/dist", "33cc44dd", 1_000);
    let exact = near.tollgate(&["bundle", "-v"]).exits(0);
    assert!(!exact.stdout.contains("at most 2") && !exact.stdout.contains("not everything"), "{}", exact.stdout);
}

fn compressed_sizes_are_kept() {
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy("encoding = \"gzip\"", &["bundle.total <= 100 KB"]))]);
    sandbox.write("out/dist/app.js", "let value = 1;\n".repeat(100_000));
    let first = sandbox.tollgate(&["bundle", "--format", "json"]).exits(0).stdout;
    assert_eq!(sandbox.read(".tollgate/cache/bundle-sizes").lines().filter(|line| line.contains("gzip-9")).count(), 1);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    assert_eq!(sandbox.tollgate(&["bundle", "--format", "json"]).exits(0).stdout, first);
    // What a cache says of a content is taken, so one that came with a commit must not be asked.
    let text = sandbox.read(".tollgate/cache/bundle-sizes");
    let entry = text.lines().find(|line| !line.is_empty()).expect("a line");
    let words: Vec<&str> = entry.split(' ').collect();
    let forged = format!("{} {} 7", words[0], words[1]);
    let forged = format!("\n{forged} {}\n", &Digest::of(forged.as_bytes()).blake3[..16]);
    sandbox.write(".tollgate/cache/bundle-sizes", &forged);
    sandbox.tollgate(&["bundle", "-v"]).exits(0).says(&["bundle.total is 7 B"]);
    sandbox.tollgate(&["bundle", "-v", "--no-cache"]).exits(0).says(&["bundle.total is 2.9 KB"]);
    sandbox.git(&["add", "-f", ".tollgate/cache/bundle-sizes"]);
    sandbox.commit("a cache");
    let believed = sandbox.tollgate(&["bundle", "-v"]).exits(0);
    let believed = believed.says(&["is under version control, and was not believed", "bundle.total is 2.9 KB"]);
    assert!(!believed.stdout.contains("is 7 B"), "{}", believed.stdout);
    // The same in a repository of its own within this one.
    sandbox.git(&["rm", "-q", "--cached", ".tollgate/cache/bundle-sizes"]);
    sandbox.commit("none");
    let inner = |arguments: &[&str]| sandbox.git(&[&["-C", ".tollgate"], arguments].concat());
    inner(&["init", "-q"]);
    inner(&["add", "-f", "cache/bundle-sizes"]);
    inner(&["commit", "-q", "-m", "inner"]);
    sandbox.git(&["add", "-f", ".tollgate"]);
    sandbox.commit("inner");
    sandbox.tollgate(&["bundle", "-v"]).exits(0).says(&["bundle.total is 2.9 KB"]);
    sandbox.tollgate(&["bundle", "--dir", ""]).exits(2).complains(&["bundle.dir: is empty"]);
}

fn a_group_without_files_is_unknown() {
    let group = "[[bundle.files]]\nname = \"polyfills\"\nglobs = [\"assets/polyfills-*.js\"]\n";
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy(group, &["bundle.files{name=\"polyfills\"} <= 1 KB"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    sandbox.tollgate(&["check"]).exits(3).says(&["bundle.files \"polyfills\" matches no file (assets/polyfills-*.js)"]);
    sandbox.write("out/dist/assets/polyfills-12ab34cd.js", "x".repeat(1_001));
    sandbox.tollgate(&["check"]).exits(1).says(&["bundle.files{name=\"polyfills\"} is 1 KB (1,001 B): 1 B over 1 KB"]);
}

fn an_old_build_is_told() {
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy("", &["bundle.total <= 9 KB"])), ("src/app.ts", "x")]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    let report = sandbox.tollgate(&["bundle", "--format", "json"]).exits(0).json();
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0));
    let later = SystemTime::now() + Duration::from_secs(600);
    File::options()
        .append(true)
        .open(sandbox.join("src/app.ts"))
        .and_then(|file| file.set_modified(later))
        .expect("a time");
    let report = sandbox.tollgate(&["bundle", "--format", "json"]).exits(0).json();
    assert_eq!(report["findings"][0]["rule"], "bundle/stale-build");
    assert_eq!(report["findings"][0]["location"]["path"], "src/app.ts");
}

fn budgets_of_other_tools_become_a_policy() {
    let budgets = r#"[{"name": "app", "path": "dist/assets/*.js", "limit": "1.2 kB"}, {"path": "dist/assets/*.css", "limit": "2 kB", "gzip": true}]"#;
    let package = r#"{"devDependencies": {"size-limit": "^11.0.0", "@size-limit/file": "^11.0.0"}}"#;
    let sandbox = Sandbox::repository(&[
        (".size-limit.json", budgets),
        ("package.json", package),
        (".gitignore", "/dist\n/out\n"),
    ]);
    build(&sandbox, "dist", "33cc44dd", 1_000);
    let printed = sandbox.tollgate(&["bundle", "import"]).exits(0).stdout;
    assert!(
        printed.contains("bundle.brotli{name=\"app\"} <= 1200 B")
            || printed.contains("bundle.brotli{name=\"app\"} <= 1.2 KB"),
        "{printed}"
    );
    sandbox.write("tollgate.toml", &printed);
    sandbox.tollgate(&["check", "-v"]).exits(0).says(&["bundle.brotli{name=\"app\"} is", "pass"]);
    // Noise does not shrink: 4 KB of it are over the limit.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
    .take(4_000)
    .collect();
    sandbox.write("dist/assets/index-33cc44dd.js", noise);
    sandbox.tollgate(&["check"]).exits(1).says(&["bundle.brotli{name=\"app\"} is 4", "over 1200 B"]);
    sandbox.remove(".size-limit.json");
    sandbox.tollgate(&["bundle", "import"]).exits(3);
}

fn a_manifest_that_lies_is_unknown() {
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy("", &["bundle.entry{entry=\"index.html\"} <= 9 KB"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    sandbox.tollgate(&["check"]).exits(0);
    sandbox.remove("out/dist/assets/vendor-1a2b3c4d.js");
    let run = sandbox.tollgate(&["check"]).exits(3);
    run.says(&["names files that the build does not have: assets/vendor-1a2b3c4d.js"]);
    sandbox.write("out/dist/.vite/manifest.json", "{\"index.html\": {\"file\": ");
    sandbox.tollgate(&["check"]).exits(3).says(&["out/dist/.vite/manifest.json"]);
}

fn a_base_known_by_its_bound_is_no_number() {
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", &policy("encoding = \"brotli\"", &["bundle.total <= 600 KB"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 9_000);
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    let asks = Sandbox::repository(&[("tollgate.toml", &policy("encoding = \"brotli\"", &["bundle.total <= base"]))]);
    build(&asks, "out/dist", "33cc44dd", 9_000);
    let run = sandbox.join("out/run.json").display().to_string();
    asks.tollgate(&["check", "--base-run", &run]).exits(3).says(&["known to lie below an upper bound only"]);
    // Nobody measured a value outside its own bounds.
    let forged = sandbox
        .read("out/run.json")
        .replace("\"value\": 10", "\"value\": 99910")
        .replace("\"value\":10", "\"value\":99910");
    assert_ne!(forged, sandbox.read("out/run.json"));
    asks.write("out/forged.json", forged);
    asks.tollgate(&["check", "--base-run", "out/forged.json"]).exits(3).says(&["makes no sense"]);
}

fn a_report_does_not_say_what_its_base_was() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy("", &["bundle.total <= base"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    sandbox.tollgate(&["check", "--json", "out/run.json"]).exits(0);
    build(&sandbox, "out/dist", "33cc44dd", 9_000);
    build(&sandbox, "out/heavy", "33cc44dd", 90_000);
    sandbox.tollgate(&["bundle", "--base-dir", "out/heavy", "--json", "out/report.json"]).exits(0);
    sandbox
        .tollgate(&["decide", "out/report.json", "--base-run", "out/run.json"])
        .exits(1)
        .says(&["over the base (2.5 KB)"]);
}

fn a_build_is_not_its_own_base() {
    let sandbox = Sandbox::repository(&[("tollgate.toml", &policy("", &["bundle.total <= base"]))]);
    build(&sandbox, "out/dist", "33cc44dd", 1_000);
    for dir in ["out/dist", ".", "out", "out/dist/assets"] {
        let run = sandbox.tollgate(&["bundle", "--base-dir", dir]).exits(3);
        run.says(&["holds the build that is judged, or lies in it"]);
    }
    sandbox.tollgate(&["bundle", "--base-dir", ""]).exits(2).complains(&["bundle.base_dir: is empty"]);
}

fn statistics_beside_the_build_have_a_base_too() {
    let sandbox = Sandbox::repository(&[(
        "tollgate.toml",
        &policy("manifest = \"./out/stats.json\"", &["bundle.entry{entry=\"main\"} <= base + 5 B"]),
    )]);
    let write = |folder: &str, bytes: usize| {
        sandbox.write(&format!("{folder}/dist/main.js"), "x".repeat(bytes));
        let stats = r#"{"outputPath": "/ci/dist", "entrypoints": {"main": {"assets": [{"name": "main.js"}], "chunks": [1]}}, "chunks": [{"id": 1, "files": ["main.js"], "children": []}]}"#;
        sandbox.write(&format!("{folder}/stats.json"), stats);
    };
    write("out", 105);
    write("out/before", 100);
    sandbox.tollgate(&["bundle", "--base-dir", "out/before/dist"]).exits(0).says(&["pass"]);
    write("out", 106);
    sandbox.tollgate(&["bundle", "--base-dir", "out/before/dist"]).exits(1).says(&["1 B over 5 B above the base"]);
    sandbox.remove("out/before/stats.json");
    sandbox.tollgate(&["bundle", "--base-dir", "out/before/dist"]).exits(3).says(&["stats.json"]);
}
