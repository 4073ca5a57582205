//! The workflow: one job that measures, and the gates that read what it leaves.
//!
//! Whatever comes from the repository is put in only where it is plain: nothing in it can end a string, a line or a command, or be
//! taken for an expression.

use crate::command::WorkflowKind;
use crate::detect::{Found, Script, is_plain};
use crate::goals::Gate;

/// Where it is written, from the top of the repository.
pub(crate) const PATH: &str = ".github/workflows/tollgate.yml";

/// The action, and the workflow that it comes with.
const ACTION: &str = "tollgate/tollgate@v0";
const REUSABLE: &str = "tollgate/tollgate/.github/workflows/gate.yml@v0";

/// Actions that the composite form uses, pinned.
const CHECKOUT: &str = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
const UPLOAD: &str = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0";
const DOWNLOAD: &str = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1";

/// Name of the calling job: it stands before each gate's name.
const CALLER: &str = "tollgate";

/// A workflow that is written.
pub(crate) struct Workflow {
    pub(crate) text: String,
    /// What branch protection is to require.
    pub(crate) contexts: Vec<String>,
}

/// The workflow for what was found, judged by `gates`; `branch` is where changes are merged into.
pub(crate) fn workflow(kind: WorkflowKind, found: &Found, gates: &[Gate], branch: Option<&str>) -> Option<Workflow> {
    let names: Vec<&str> = gates.iter().map(|gate| gate.name()).collect();
    let body = match kind {
        WorkflowKind::None => return None,
        WorkflowKind::Reusable => reusable(found, &names),
        WorkflowKind::Composite => composite(found, &names),
    };
    let context =
        |name: &&str| if kind == WorkflowKind::Reusable { format!("{CALLER} / {name}") } else { (*name).to_owned() };
    Some(Workflow { text: format!("{}{body}", head(branch)), contexts: names.iter().map(context).collect() })
}

fn head(branch: Option<&str>) -> String {
    let branch = branch.filter(|branch| is_plain(branch) && !branch.contains(['+', ':', '@']));
    let push = branch.map(|branch| format!("  push:\n    branches: ['{branch}']\n")).unwrap_or_default();
    format!(
        "name: tollgate\n\
         on:\n  pull_request:\n  merge_group:\n{push}\
         permissions:\n  contents: read\n\
         concurrency:\n  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}\n  \
         cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}\n\
         jobs:\n"
    )
}

fn reusable(found: &Found, gates: &[&str]) -> String {
    let mut text = format!(
        "  {CALLER}:\n    permissions:\n      contents: read\n      pull-requests: write # the comment\n      \
         security-events: write # code scanning\n    uses: {REUSABLE}\n    with:\n      gates: '{}'\n",
        list(gates)
    );
    if let Some(script) = script(&found.script) {
        text.push_str(&block("      run: |", 8, &script));
        text.push_str(&block("      reports: |", 8, &reports(found)));
    }
    text
}

fn composite(found: &Found, gates: &[&str]) -> String {
    let mut text = String::new();
    let script = script(&found.script);
    if let Some(script) = &script {
        // A file at the top keeps the paths of the reports whole: an artifact begins where all of its files have something in
        // common.
        let marked: Vec<String> =
            std::iter::once(": > tollgate-measured".to_owned()).chain(script.iter().cloned()).collect();
        let uploaded: Vec<String> = std::iter::once("tollgate-measured".to_owned()).chain(reports(found)).collect();
        text.push_str(&format!(
            "  measure: # runs the change's code, with nothing worth stealing\n    runs-on: ubuntu-latest\n    \
             timeout-minutes: 60\n    steps:\n      - uses: {CHECKOUT}\n        with:\n          \
             persist-credentials: false\n"
        ));
        text.push_str(&block("      - run: |", 10, &marked));
        text.push_str(&format!(
            "      - uses: {UPLOAD}\n        if: always()\n        with:\n          name: tollgate-reports\n          \
             include-hidden-files: true\n          if-no-files-found: ignore\n"
        ));
        text.push_str(&block("          path: |", 12, &uploaded));
    }
    let needs = if script.is_some() { "    needs: measure\n    if: always()\n" } else { "" };
    let fetch = format!(
        "      - uses: {CHECKOUT}\n        with:\n          fetch-depth: 0\n          persist-credentials: false\n"
    );
    let take = match &script {
        Some(_) => format!(
            "      - uses: {DOWNLOAD}\n        with:\n          pattern: tollgate-*\n          merge-multiple: true\n          \
             path: ${{{{ runner.temp }}}}/tollgate-reports\n"
        ),
        None => String::new(),
    };
    let given = match &script {
        Some(_) => {
            "          reports: ${{ runner.temp }}/tollgate-reports\n          needs: ${{ toJSON(needs) }}\n".to_owned()
        }
        None => String::new(),
    };
    text.push_str(&format!(
        "  judge: # runs none of the change's code\n{needs}    strategy:\n      fail-fast: false\n      matrix:\n        \
         gate: {}\n    name: ${{{{ matrix.gate }}}}\n    runs-on: ubuntu-latest\n    timeout-minutes: 20\n    \
         permissions:\n      contents: read\n      pull-requests: read\n    steps:\n{fetch}{take}      \
         - uses: {ACTION}\n        with:\n          gate: ${{{{ matrix.gate }}}}\n{given}",
        list(gates)
    ));
    let own = "github.event.pull_request.head.repo.full_name == github.repository";
    text.push_str(&format!(
        "  comment:\n{}    if: always() && github.event_name == 'pull_request' && {own}\n    runs-on: ubuntu-latest\n    \
         timeout-minutes: 20\n    permissions:\n      contents: read\n      pull-requests: write\n      \
         security-events: write\n    steps:\n{fetch}{take}      - uses: {ACTION}\n        with:\n          \
         command: post\n{given}",
        if script.is_some() { "    needs: measure\n" } else { "" }
    ));
    text
}

/// `["a", "b"]`, which YAML and JSON read alike.
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[{}]", quoted.join(", "))
}

/// A block of lines below `key`.
fn block(key: &str, indent: usize, lines: &[String]) -> String {
    let mut text = format!("{key}\n");
    for line in lines {
        text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
    text
}

/// The script as lines: what measures is run in any case, and the worst of it is how the script ends.
fn script(script: &Script) -> Option<Vec<String>> {
    let mut lines = script.install.clone();
    match script.measure.as_slice() {
        [] => return None,
        [one] => lines.push(one.clone()),
        several => {
            lines.push("status=0".to_owned());
            lines.extend(several.iter().map(|line| format!("{line} || status=$?")));
            lines.push("exit \"$status\"".to_owned());
        }
    }
    Some(lines)
}

/// What the gates read of the run.
fn reports(found: &Found) -> Vec<String> {
    let inputs = found.coverage.iter().chain(&found.tests).chain(&found.builds);
    inputs.map(|input| input.path.clone()).filter(|path| is_plain(path)).collect()
}

/// The reports whose names do not belong in a workflow.
pub(crate) fn left_out(found: &Found) -> impl Iterator<Item = &str> {
    let inputs = found.coverage.iter().chain(&found.tests).chain(&found.builds);
    inputs.map(|input| input.path.as_str()).filter(|path| !is_plain(path))
}

#[cfg(test)]
mod tests {
    use tollgate_input::{Limits, yaml};

    use super::*;
    use crate::detect::Input;

    fn found(paths: &[&str]) -> Found {
        let input =
            |path: &&str| Input { path: (*path).to_owned(), package: String::new(), there: false, by: String::new() };
        let script = Script {
            install: vec!["npm ci".to_owned()],
            measure: vec!["npm run test -- --coverage".to_owned(), "npm run build".to_owned()],
        };
        Found { coverage: paths.iter().map(input).collect(), script, ..Found::default() }
    }

    #[test]
    fn a_caller_is_short_and_well_formed() {
        let found = found(&["coverage/lcov.info"]);
        let made = workflow(WorkflowKind::Reusable, &found, &Gate::ALL, Some("main")).unwrap();
        assert!(made.text.lines().count() <= 40, "{}", made.text);
        let root = yaml::parse("t.yml", &made.text, Limits::default()).unwrap();
        let at = |pointer: &str| root.pointer(pointer).and_then(|node| node.as_str()).unwrap_or_default().to_owned();
        assert_eq!(at("/jobs/tollgate/uses"), REUSABLE);
        assert_eq!(at("/on/push/branches/0"), "main");
        assert_eq!(at("/jobs/tollgate/with/gates"), "[\"Security\", \"Quality\", \"Performance\", \"Tests\"]");
        let run = at("/jobs/tollgate/with/run");
        assert_eq!(
            run,
            "npm ci\nstatus=0\nnpm run test -- --coverage || status=$?\nnpm run build || status=$?\nexit \"$status\"\n"
        );
        assert_eq!(at("/jobs/tollgate/with/reports"), "coverage/lcov.info\n");
        assert_eq!(
            made.contexts,
            ["tollgate / Security", "tollgate / Quality", "tollgate / Performance", "tollgate / Tests"]
        );
    }

    #[test]
    fn the_composite_form_names_bare_gates() {
        for found in [found(&["coverage/lcov.info"]), Found::default()] {
            let made = workflow(WorkflowKind::Composite, &found, &[Gate::Security, Gate::Tests], None).unwrap();
            let root = yaml::parse("t.yml", &made.text, Limits::default()).unwrap();
            assert_eq!(made.contexts, ["Security", "Tests"]);
            assert_eq!(root.pointer("/jobs/judge/strategy/matrix/gate/1").unwrap().as_str(), Some("Tests"));
            assert_eq!(root.pointer("/jobs/measure").is_some(), !found.coverage.is_empty());
            assert_eq!(root.pointer("/on/push"), None);
            let judge = root.pointer("/jobs/judge/steps").unwrap().items().last().unwrap();
            assert_eq!(judge.pointer("/uses").unwrap().as_str(), Some(ACTION));
            assert_eq!(judge.pointer("/with/reports").is_some(), !found.coverage.is_empty());
        }
    }

    #[test]
    fn names_with_a_meaning_stay_out() {
        let hostile = ["a b/lcov.info", "${{ github.token }}/lcov.info", "x\n  evil: y/lcov.info", "ok/lcov.info"];
        let found = found(&hostile);
        for kind in [WorkflowKind::Reusable, WorkflowKind::Composite] {
            let made = workflow(kind, &found, &Gate::ALL, Some("x'y: ${{ z }}")).unwrap();
            for word in ["evil", "github.token", "a b/", "${{ z"] {
                assert!(!made.text.contains(word), "{word}: {}", made.text);
            }
            assert!(made.text.contains("ok/lcov.info"));
        }
        assert_eq!(left_out(&found).count(), 3);
    }
}
