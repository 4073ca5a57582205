//! Random repositories, edits and reports: the figures of a change against a second way of counting, which asks git which
//! lines are new and looks each of them up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Sandbox, Tests};

pub(crate) fn tests() -> Tests {
    vec![("patch_figures_are_those_of_git_and_the_records", patch_figures)]
}

/// How many repositories are tried.
const REPOSITORIES: u64 = 24;

const NAMES: [&str; 6] = ["a.c", "pkg/a.c", "pkg/sub/b.py", "with space/c.js", "é/d.rs", "e.ts"];

/// Lines of files.
type Lines = BTreeSet<(String, u32)>;

/// Hits by line, by file.
type Hits = BTreeMap<&'static str, BTreeMap<u32, u32>>;

fn patch_figures() {
    let mut judged = 0;
    for seed in 1..=REPOSITORIES {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (sandbox, files) = repository(&mut random);
        let hits = cover(&files, &mut random);
        for (name, text) in reports(&hits, &mut random) {
            sandbox.write(&name, text);
        }
        let (covered, missed) = expected(&sandbox, &hits);
        let report = sandbox.tollgate(&["coverage", "--report", "out/*", "--base", "base", "--format", "json"]).json();
        assert_eq!(report["problems"], Value::Array(Vec::new()), "seed {seed}");
        let total = covered.len() + missed.len();
        assert_eq!(figure(&report), (total > 0).then_some((covered.len(), total)), "seed {seed}");
        assert_eq!(lines_of_findings(&report, &hits), missed, "seed {seed}");
        judged += u64::from(total > 0);
    }
    assert!(judged * 3 > REPOSITORIES * 2, "only {judged} repositories had a line to judge");
}

/// A repository whose branch `base` was edited at random; the files as they are now.
fn repository(random: &mut Random) -> (Sandbox, BTreeMap<&'static str, String>) {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "-b", "main"]);
    sandbox.git(&["config", "core.quotePath", "false"]);
    sandbox.write(".gitignore", "/out\n");
    let mut files = BTreeMap::new();
    for name in NAMES {
        if random.below(5) > 0 {
            files.insert(name, text(random));
        }
    }
    write(&sandbox, &files);
    sandbox.commit("base");
    sandbox.git(&["branch", "base"]);
    for _ in 0..=random.below(2) {
        edit(&mut files, random);
        write(&sandbox, &files);
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "edit"]);
    }
    (sandbox, files)
}

fn write(sandbox: &Sandbox, files: &BTreeMap<&'static str, String>) {
    for name in NAMES {
        match files.get(name) {
            Some(text) => sandbox.write(name, text),
            None if sandbox.join(name).exists() => sandbox.remove(name),
            None => {}
        }
    }
}

/// Lines with and without a line feed at the end, some of them alike.
fn text(random: &mut Random) -> String {
    let mut text: String = (0..random.below(40)).map(|_| format!("line{}();\n", random.below(30))).collect();
    if random.below(3) == 0 {
        text.push_str("last();");
    }
    text
}

fn edit(files: &mut BTreeMap<&'static str, String>, random: &mut Random) {
    for name in NAMES {
        match (random.below(8), files.contains_key(name)) {
            (0, true) => drop(files.remove(name)),
            (0, false) => drop(files.insert(name, text(random))),
            (1..=4, true) => {
                let old = files.get(name).cloned().unwrap_or_default();
                let mut lines: Vec<&str> = old.split_inclusive('\n').collect();
                for _ in 0..=random.below(3) {
                    let at = random.below(lines.len() as u64 + 1) as usize;
                    match random.below(3) {
                        0 => lines.insert(at, "inserted();\n"),
                        1 if at < lines.len() => drop(lines.remove(at)),
                        _ if at < lines.len() => lines[at] = "changed();\n",
                        _ => {}
                    }
                }
                files.insert(name, lines.concat());
            }
            _ => {}
        }
    }
}

/// Hits on about two of three lines of every file.
fn cover(files: &BTreeMap<&'static str, String>, random: &mut Random) -> Hits {
    let mut hits = Hits::new();
    for (name, text) in files {
        let lines = (1..=text.lines().count() as u32).filter(|_| random.below(3) > 0).collect::<Vec<_>>();
        // Of a file without a record nobody can tell; here every file has at least one.
        let lines = if lines.is_empty() && !text.is_empty() { vec![1] } else { lines };
        hits.insert(name, lines.into_iter().map(|line| (line, random.below(3) as u32)).collect());
    }
    hits.retain(|_, lines| !lines.is_empty());
    hits
}

/// The hits as reports: LCOV and Cobertura, each record in one of them or split over both.
fn reports(hits: &Hits, random: &mut Random) -> Vec<(String, String)> {
    let (mut lcov, mut classes) = (String::from("TN:\n"), String::new());
    for (name, lines) in hits {
        let (mut left, mut right) = (String::new(), String::new());
        for (line, count) in lines {
            let which = random.below(4);
            if which < 3 {
                left.push_str(&format!("DA:{line},{count}\n"));
            }
            if which > 1 {
                right.push_str(&format!("<line number=\"{line}\" hits=\"{count}\"/>"));
            }
        }
        lcov.push_str(&format!("SF:{name}\n{left}end_of_record\n"));
        classes.push_str(&format!("<class name=\"x\" filename=\"{name}\"><methods/><lines>{right}</lines></class>"));
    }
    let xml = format!("<coverage><packages><package><classes>{classes}</classes></package></packages></coverage>");
    let mut reports = Vec::new();
    if !hits.is_empty() {
        reports.push(("out/lcov.info".to_owned(), lcov));
        reports.push(("out/cobertura.xml".to_owned(), xml));
    } else {
        reports.push(("out/lcov.info".to_owned(), "SF:.gitignore\nDA:1,1\nend_of_record\n".to_owned()));
    }
    reports
}

/// New lines that were hit and that were missed: what git calls added, looked up in the hits.
fn expected(sandbox: &Sandbox, hits: &Hits) -> (Lines, Lines) {
    let (mut covered, mut missed) = (BTreeSet::new(), BTreeSet::new());
    for name in NAMES {
        // With -M over everything, so that a renamed file's unchanged lines are not new.
        let diff = sandbox.git(&["diff", "-U0", "-M", "--no-color", "--no-ext-diff", "base", "HEAD"]);
        for line in added(&diff, name) {
            match hits.get(name).and_then(|lines| lines.get(&line)) {
                Some(0) => drop(missed.insert((name.to_owned(), line))),
                Some(_) => drop(covered.insert((name.to_owned(), line))),
                None => {}
            }
        }
    }
    (covered, missed)
}

/// Numbers of the added lines of the file `name` in a diff without context.
fn added(diff: &str, name: &str) -> Vec<u32> {
    let mut lines = Vec::new();
    let mut ours = false;
    for line in diff.lines() {
        if let Some(path) = line.strip_prefix("+++ ") {
            ours = path.trim_end_matches('\t').trim_matches('"') == format!("b/{name}");
        } else if let Some(hunk) = line.strip_prefix("@@ ")
            && ours
        {
            let new = hunk.split(' ').nth(1).expect("a range").trim_start_matches('+');
            let (start, count) = new.split_once(',').unwrap_or((new, "1"));
            let (start, count): (u32, u32) = (start.parse().expect("a line"), count.parse().expect("a count"));
            lines.extend(start..start + count);
        }
    }
    lines
}

/// `coverage.patch` of the whole.
fn figure(report: &Value) -> Option<(usize, usize)> {
    let metrics = report["metrics"].as_array().expect("metrics");
    let metric = metrics.iter().find(|m| m["name"] == "coverage.patch" && m["labels"] == serde_json::json!({}))?;
    let count = |name: &str| metric[name].as_u64().expect("a ratio") as usize;
    Some((count("numerator"), count("denominator")))
}

/// Lines within the findings on uncovered lines that can be covered.
fn lines_of_findings(report: &Value, hits: &Hits) -> Lines {
    let mut lines = BTreeSet::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["rule"] == "coverage/uncovered-lines" {
            let (path, region) =
                (finding["location"]["path"].as_str().expect("a path"), &finding["location"]["region"]);
            let line = |name: &str| region[name].as_u64().expect("a line") as u32;
            let known = hits.get(path).expect("a file of the report");
            lines.extend(known.range(line("start_line")..=line("end_line")).map(|(line, _)| (path.to_owned(), *line)));
        }
    }
    lines
}

/// Marsaglia's xorshift: equal on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}
