//! Cases beyond the rule files: how sure, where, and what stays unsaid.

use tollgate_model::Confidence::{self, High, Low, Medium};

use super::{found, found_beside};
use crate::essentials::{Seen, look_at_action};
use crate::model::Action;

const CHECKOUT: &str = "workflows/untrusted-checkout";
const INJECTION: &str = "workflows/script-injection";
const PINS: &str = "workflows/unpinned-action";
const PERMISSIONS: &str = "workflows/broad-permissions";
const ARTIFACT: &str = "workflows/secrets-in-artifact";

fn only(rule: &str, found: Vec<Seen>) -> Vec<Seen> {
    found.into_iter().filter(|seen| seen.rule == rule).collect()
}

/// The confidence of the one finding of `rule`.
fn sure(rule: &str, source: &str) -> Option<Confidence> {
    let found = only(rule, found(source));
    assert!(found.len() < 2, "{found:#?}");
    found.first().map(|seen| seen.confidence)
}

/// A job with `head` before its steps.
fn workflow(on: &str, head: &str, steps: &str) -> String {
    let indent = |text: &str, by: &str| text.lines().map(|line| format!("{by}{line}\n")).collect::<String>();
    format!("on: {on}\njobs:\n  a:\n{}    steps:\n{}", indent(head, "    "), indent(steps, "      "))
}

const HEAD: &str = "- uses: actions/checkout@v4.2.2\n  with:\n    ref: ${{ github.event.pull_request.head.sha }}\n";

#[test]
fn how_sure_a_checkout_is() {
    let make = format!("{HEAD}- run: make");
    let with = |from: &str, to: &str| make.replace(from, to);
    let commit = "0".repeat(40);
    for (on, head, steps, expected) in [
        ("pull_request_target", "", make.clone(), Some(High)),
        ("[push, pull_request_target]", "", make.clone(), Some(High)),
        ("{pull_request_target: {types: [labeled]}}", "", make.clone(), Some(Medium)),
        ("{pull_request_target: {types: [labeled, opened]}}", "", make.clone(), Some(High)),
        ("pull_request", "", make.clone(), None),
        ("pull_request_target", "environment: review", make.clone(), Some(Medium)),
        ("pull_request_target", "permissions: {contents: read}", make.clone(), Some(Medium)),
        (
            "pull_request_target",
            "permissions: {contents: read}\nenv: {A: '${{ secrets.A }}'}",
            make.clone(),
            Some(High),
        ),
        ("pull_request_target", "permissions: {id-token: write}", make.clone(), Some(High)),
        ("pull_request_target", "permissions: {}\nruns-on: [self-hosted]", make.clone(), Some(High)),
        ("pull_request_target", "if: github.event_name == 'push'", make.clone(), None),
        ("pull_request_target", "", with("v4.2.2", "v4"), Some(Low)),
        ("pull_request_target", "", with("v4.2.2", "v4.4.0"), Some(Low)),
        ("pull_request_target", "", with("v4.2.2", "main"), Some(Low)),
        ("pull_request_target", "", with("v4.2.2", "v1"), Some(High)),
        ("pull_request_target", "", with("v4.2.2", &commit), Some(Medium)),
        ("pull_request_target", "", with("v4.2.2", &format!("{commit} # v4.2.2")), Some(High)),
        ("pull_request_target", "", with("v4.2.2", &format!("{commit} # v6.1.0")), Some(Low)),
        ("pull_request_target", "", with("ref:", "allow-unsafe-pr-checkout: true\n    ref:"), Some(High)),
        ("pull_request_target", "", with("head.sha", "head.ref"), Some(Low)),
        (
            "pull_request_target",
            "",
            with("ref:", "repository: '${{ github.event.pull_request.head.repo.full_name }}'\n    ref:"),
            Some(High),
        ),
        ("pull_request_target", "", with("head.sha", "base.sha"), None),
        ("pull_request_target", "", with("make", "git log"), None),
        ("pull_request_target", "", with("- run", "- if: github.event_name == 'push'\n  run"), None),
        ("pull_request_target", "", with("- run", "- shell: python\n  run"), None),
        ("pull_request_target", "", format!("- run: make\n{HEAD}"), None),
        ("pull_request_target", "", format!("{HEAD}- uses: actions/checkout@v4\n- run: make"), None),
        ("pull_request_target", "", format!("- uses: x/check-permission@v1\n{make}"), Some(Medium)),
        // Empty under this event, so that the default branch is checked out.
        ("issue_comment", "", make.clone(), None),
        ("workflow_run", "", with("pull_request.head.sha", "workflow_run.head_sha"), Some(Medium)),
        (
            "workflow_run",
            "if: github.event.workflow_run.event == 'push'",
            with("pull_request.head.sha", "workflow_run.head_sha"),
            None,
        ),
    ] {
        let source = workflow(on, head, &steps);
        assert_eq!(sure(CHECKOUT, &source), expected, "{source}");
    }
}

#[test]
fn code_fetched_by_commands() {
    let event = "- run: |\n    gh pr checkout $N\n    npm ci\n  env: {N: '${{ github.event.issue.number }}'}";
    let fetch = "- run: git fetch origin pull/${{ github.event.number }}/head:pr\n";
    for (on, steps, expected) in [
        ("issue_comment", event.to_owned(), Some(High)),
        ("issue_comment", event.replace("npm ci", "gh pr diff"), None),
        ("pull_request_target", fetch.to_owned() + "- run: make", None),
        ("pull_request_target", fetch.replace(":pr", ":pr && git checkout pr") + "- run: make", Some(High)),
        (
            "pull_request_target",
            "- env: {SHA: '${{ github.event.pull_request.head.sha }}'}\n  run: git fetch origin $SHA; \
             git checkout $SHA\n- run: make"
                .to_owned(),
            Some(High),
        ),
        ("pull_request_target", "- run: git fetch origin main && git checkout main && make".to_owned(), None),
    ] {
        assert_eq!(sure(CHECKOUT, &workflow(on, "", &steps)), expected, "{steps}");
    }
}

#[test]
fn a_guard_in_a_job_before() {
    let steps = format!("      {}      - run: make\n", HEAD.replace('\n', "\n      ").trim_end_matches("      "));
    let source = |first: &str| {
        format!(
            "on: pull_request_target\njobs:\n  first:\n    steps: [{{run: '{first}'}}]\n  a:\n    needs: first\n    \
             steps:\n{steps}"
        )
    };
    assert_eq!(sure(CHECKOUT, &source("echo")), Some(High));
    assert_eq!(sure(CHECKOUT, &source("gh api repos/x/collaborators/y/permission")), Some(Medium));
    assert_eq!(sure(CHECKOUT, &source("echo").replace("first", "authorize")), Some(Medium));
}

#[test]
fn what_came_before_a_run_counts() {
    let steps = HEAD.replace("pull_request.head.sha", "workflow_run.head_sha") + "- run: make";
    let source = workflow("{workflow_run: {workflows: [CI]}}", "", &steps);
    let sure = |other: &str| {
        let found = only(CHECKOUT, found_beside(&source, &[other], None));
        found.first().map(|seen| seen.confidence)
    };
    assert_eq!(sure("name: CI\non: [push, pull_request]\n"), Some(High));
    assert_eq!(sure("name: CI\non: push\n"), None);
    assert_eq!(sure("name: Other\non: push\n"), Some(Medium));
}

#[test]
fn how_sure_an_injection_is() {
    for (on, head, script, expected) in [
        ("issues", "", "echo ${{ github.event.issue.body }}", Some(High)),
        ("pull_request", "", "echo ${{ github.event.pull_request.body }}", Some(Medium)),
        ("[pull_request, pull_request_target]", "", "echo ${{ github.head_ref }}", Some(High)),
        ("push", "", "echo ${{ github.event.commits[0].message }}", Some(Medium)),
        ("push", "", "echo ${{ github.head_ref }}", None),
        ("workflow_run", "", "echo ${{ github.event.workflow_run.head_branch }}", Some(Medium)),
        (
            "workflow_run",
            "if: github.event.workflow_run.event == 'push'",
            "echo ${{ github.event.workflow_run.head_branch }}",
            None,
        ),
        (
            "issue_comment",
            "if: github.event.comment.author_association == 'OWNER'",
            "echo ${{ github.event.comment.body }}",
            None,
        ),
        (
            "issue_comment",
            "if: github.event.comment.author_association == 'OWNER'",
            "echo ${{ github.event.issue.title }}",
            Some(Medium),
        ),
        ("issues", "", "echo ${{ toJSON(github.event) }}", Some(High)),
        ("issues", "", "echo ${{ github.event.issue.title && 'a' || 'b' }}", None),
        ("issues", "", "# ${{ github.event.issue.title }}\necho", None),
        ("issues", "", "# ${{ github.event.issue.body }}\necho", Some(High)),
        ("issues", "", "cat <<'X' > f\n${{ github.event.issue.title }}\nX", None),
        ("issues", "", "cat <<'X' > f\n${{ github.event.issue.body }}\nX", Some(High)),
        ("issues", "", "cat <<X > f\n${{ github.event.issue.title }}\nX", Some(High)),
        ("issues", "", "echo ${{ github.event.issue.user.login }}", None),
        ("issues", "", "echo ${{ broken", None),
    ] {
        let steps = format!("- run: |\n{}", script.lines().map(|line| format!("    {line}\n")).collect::<String>());
        let source = workflow(on, head, &steps);
        assert_eq!(sure(INJECTION, &source), expected, "{source}");
    }
}

#[test]
fn an_injection_is_told_once_for_a_job_with_each_place() {
    let steps = "- run: |\n    echo a\n    echo ${{ github.head_ref }}\n- run: echo ${{ github.head_ref }}";
    let source = workflow("pull_request_target", "", steps);
    let found = only(INJECTION, found(&source));
    let [seen] = found.as_slice() else { panic!("{found:#?}") };
    let at =
        |span: tollgate_input::Span| (source[..span.start].matches('\n').count() + 1, &source[span.start..span.end]);
    assert_eq!(at(seen.place), (7, "${{ github.head_ref }}"));
    assert_eq!(seen.related.iter().map(|span| at(*span)).collect::<Vec<_>>(), [(8, "${{ github.head_ref }}")]);
    assert_eq!(seen.context, "a github.head_ref");
}

#[test]
fn pins_are_told_once_for_a_name_and_not_of_ones_own() {
    let steps = "- uses: A/b@v1\n- uses: a/b/sub@v1\n- uses: a/b@v2\n- uses: Our-Org/x@v1\n- uses: actions/cache@v4\n\
                 - uses: docker://ghcr.io/our-org/x:1";
    let found = only(PINS, found(&workflow("push", "", steps)));
    let told: Vec<_> = found.iter().map(|s| (s.context.as_str(), s.confidence, s.related.len())).collect();
    assert_eq!(told, [("A/b@v1", Medium, 1), ("a/b@v2", Medium, 0), ("actions/cache@v4", Low, 0)]);
}

#[test]
fn a_composite_action_is_looked_at_for_foreign_actions() {
    let source = workflow("push", "", "- uses: a/b@v1\n- run: echo ${{ github.event.issue.title }}");
    let steps = super::workflow("x.yml", &source).jobs.remove(0).steps;
    let (inputs, outputs) = (Vec::new(), Vec::new());
    let action = Action { inputs, outputs, steps, composite: true };
    let found = look_at_action(&action, &[]);
    assert_eq!(found.iter().map(|seen| (seen.rule, seen.context.as_str())).collect::<Vec<_>>(), [(PINS, "a/b@v1")]);
}

#[test]
fn permissions_that_are_not_stated_are_told_once() {
    let source = "on: [issue_comment, pull_request_target]\njobs:\n  a: {steps: []}\n  b: {permissions: {}}\n  \
                  c: {steps: []}\n";
    let found = only(PERMISSIONS, found(source));
    let [seen] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((seen.confidence, seen.related.len()), (Medium, 2));
    assert!(seen.message.starts_with("No `permissions` for the jobs a, c, "), "{}", seen.message);
    assert_eq!(&source[seen.place.start..seen.place.end], "issue_comment");
}

#[test]
fn an_artifact_points_at_both_steps() {
    let steps = "- run: |\n    echo a\n    echo ${{ secrets.KEY }} > out/key\n- uses: actions/upload-artifact@v4\n  \
                 with:\n    path: out";
    let source = workflow("push", "", steps);
    let found = only(ARTIFACT, found(&source));
    let [seen] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(&source[seen.place.start..seen.place.end], "echo ${{ secrets.KEY }}");
    assert_eq!(&source[seen.related[0].start..seen.related[0].end], "out");
    assert!(
        seen.message.starts_with("secrets.KEY is written to out/key, and the upload in line 10 "),
        "{}",
        seen.message
    );
    // What a job writes another job does not upload.
    let split = source.replace("      - uses", "  b:\n    steps:\n      - uses");
    assert_eq!(only(ARTIFACT, super::found(&split)), []);
}

#[test]
fn hostile_workflows_end() {
    let many = |part: &str| part.repeat(3_000);
    for source in [
        workflow("issues", "", &format!("- run: \"{}\"", many("${{ github.event.issue.title }} "))),
        workflow("pull_request_target", "", &format!("{HEAD}- run: \"{}\"", many("$(( `make <<E "))),
        workflow("pull_request_target", &format!("if: \"{}true\"", many("!(")), &format!("{HEAD}- run: make")),
        workflow(
            "push",
            "",
            &format!(
                "- run: \"{}\"\n- uses: actions/upload-artifact@v4\n  with: {{path: '{}'}}",
                many("echo ${{ secrets.A }} > a/*b; "),
                many("**/*a")
            ),
        ),
        format!(
            "on: issue_comment\njobs:\n{}",
            (0..3_000)
                .map(|n| format!(
                    "  j{n}: {{needs: [j{}, j{}], steps: [{{run: 'echo ${{{{ github.event.comment.body }}}}'}}]}}\n",
                    n + 1,
                    n / 2
                ))
                .collect::<String>()
        ),
    ] {
        let _ = found(&source);
    }
}
