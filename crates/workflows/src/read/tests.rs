use tollgate_input::{Limits, yaml};

use super::*;
use crate::model::{Granted, Pairs, Text};

fn read(text: &str) -> Workflow {
    let root = yaml::parse("ci.yml", text, Limits::default()).unwrap();
    workflow(".github/workflows/ci.yml", &root).0.unwrap()
}

fn words(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| text.text.as_str()).collect()
}

fn named(pairs: &Pairs) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.text.as_str(), value.text.as_str())).collect()
}

fn plain(text: Option<&Text>) -> Option<&str> {
    text.map(|text| text.text.as_str())
}

const SAMPLE: &str = "name: CI
on:
  push: {branches: main, paths: [a, 'b/**']}
  pull_request:
  workflow_run: {workflows: [A, B], types: [completed]}
permissions: {contents: read, checks: write}
env: {A: 1, B: true, C: , D: [no]}
defaults: {run: {shell: bash}}
jobs:
  build:
    name: Build
    needs: [a, b]
    if: always()
    runs-on: {group: big, labels: [x, y]}
    continue-on-error: ${{ matrix.os == 'x' }}
    permissions: write-all
    environment: prod
    container: {image: 'x:1'}
    strategy:
      matrix: {os: [a, 1, [no]], v: '${{ fromJSON(1) }}', include: [{os: c, x: true, y: [no]}], exclude: [{os: a}]}
    outputs: {o: '${{ steps.x.outputs.o }}'}
    steps:
      - id: x
        if: success()
        run: |
          one
          two
        shell: pwsh
        working-directory: d
        continue-on-error: true
        env: {A: 3.10}
      - parallel: [{run: p1}, {uses: ./p2}]
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
  call:
    needs: build
    uses: ./.github/workflows/x.yml
    with: {a: b}
    secrets: inherit
";

#[test]
fn a_workflow_is_read_as_it_is_written() {
    let workflow = read(SAMPLE);
    assert_eq!(plain(workflow.name.as_ref()), Some("CI"));
    let events: Vec<&str> = workflow.triggers.iter().map(|trigger| trigger.event.text.as_str()).collect();
    assert_eq!(events, ["push", "pull_request", "workflow_run"]);
    assert_eq!(words(&workflow.triggers[0].branches), ["main"]);
    assert_eq!(words(&workflow.triggers[0].paths), ["a", "b/**"]);
    assert_eq!(words(&workflow.triggers[2].workflows), ["A", "B"]);
    assert_eq!(words(&workflow.triggers[2].types), ["completed"]);
    let Some(Granted::Scopes(scopes)) = workflow.permissions.as_ref().map(|permissions| &permissions.granted) else {
        panic!("scopes")
    };
    assert_eq!(named(scopes), [("contents", "read"), ("checks", "write")]);
    assert_eq!(named(&workflow.env), [("A", "1"), ("B", "true"), ("C", "")]);
    assert_eq!(plain(workflow.defaults.shell.as_ref()), Some("bash"));
}

#[test]
fn a_job_is_read_as_it_is_written() {
    let workflow = read(SAMPLE);
    let [build, call] = workflow.jobs.as_slice() else { panic!("two jobs") };
    assert_eq!(words(&build.needs), ["a", "b"]);
    assert_eq!(words(&build.runs_on), ["x", "y", "big"]);
    assert_eq!(plain(build.continue_on_error.as_ref()), Some("${{ matrix.os == 'x' }}"));
    assert!(matches!(build.permissions.as_ref().map(|it| &it.granted), Some(Granted::WriteAll)));
    assert!(build.environment && build.has_matrix);
    assert_eq!(plain(build.container.as_ref()), Some("x:1"));
    let dimension = |name: &str, values: &[&str]| {
        (name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(build.matrix, [dimension("os", &["a", "1"]), dimension("v", &[])]);
    assert_eq!(
        build.include,
        [[("os", "c"), ("x", "true"), ("y", "${{ }}")].map(|(name, value)| (name.to_owned(), value.to_owned()))]
    );
    assert_eq!(named(&build.outputs), [("o", "${{ steps.x.outputs.o }}")]);
    assert_eq!(plain(call.uses.as_ref()), Some("./.github/workflows/x.yml"));
    assert_eq!((words(&call.needs), named(&call.with)), (vec!["build"], vec![("a", "b")]));
}

#[test]
fn steps_are_read_as_they_are_written() {
    let workflow = read(SAMPLE);
    let steps = &workflow.jobs[0].steps;
    assert_eq!(steps.len(), 4, "those of a parallel group stand for themselves");
    let first = &steps[0];
    assert_eq!(plain(first.id.as_ref()), Some("x"));
    assert_eq!(plain(first.run.as_ref()), Some("one\ntwo\n"));
    assert_eq!(
        first.run.as_ref().and_then(|run| run.block).map(|block| (block.first_line, block.indent)),
        Some((26, 10))
    );
    assert_eq!(plain(first.continue_on_error.as_ref()), Some("true"));
    assert_eq!(plain(first.working_directory.as_ref()), Some("d"));
    assert_eq!(named(&first.env), [("A", "3.10")]);
    assert_eq!(plain(steps[2].uses.as_ref()), Some("./p2"));
    assert_eq!(named(&steps[3].with), [("fetch-depth", "0")]);
    assert!(SAMPLE[steps[3].span.start..steps[3].span.end].starts_with("uses: actions/checkout"));
}

#[test]
fn what_github_refuses_is_read_as_far_as_it_goes() {
    let root = yaml::parse(
        "ci.yml",
        "true: [push, pull_request]\nenv: x\njobs:\n  a: {steps: [{run: x}, y]}\n  b: 1\n",
        Limits::default(),
    );
    let (workflow, mistakes) = workflow("ci.yml", &root.unwrap());
    let workflow = workflow.unwrap();
    assert_eq!(workflow.triggers.len(), 2);
    assert_eq!((workflow.jobs.len(), workflow.jobs[0].steps.len(), workflow.env.len()), (1, 1, 0));
    assert!(mistakes.len() >= 4 && mistakes.iter().all(|mistake| mistake.fatal));
    let list = yaml::parse("ci.yml", "- a", Limits::default()).unwrap();
    let (none, mistakes) = super::workflow("ci.yml", &list);
    assert!(none.is_none() && mistakes.len() == 1);
}

#[test]
fn actions() {
    let text = "name: x
inputs: {a: {default: 1}, b: {required: true}, c: }
outputs: {o: {value: '${{ steps.x.outputs.y }}'}, p: }
runs: {using: Composite, steps: [{run: x, shell: bash, id: x}]}
";
    let root = yaml::parse("action.yml", text, Limits::default()).unwrap();
    let (action, mistakes) = action(&root);
    let action = action.unwrap();
    assert_eq!(mistakes, []);
    let inputs: Vec<(&str, Option<&str>)> =
        action.inputs.iter().map(|(name, default)| (name.text.as_str(), plain(default.as_ref()))).collect();
    assert_eq!(inputs, [("a", Some("1")), ("b", None), ("c", None)]);
    assert_eq!(named(&action.outputs), [("o", "${{ steps.x.outputs.y }}"), ("p", "")]);
    assert!(action.composite && action.steps.len() == 1);
    let root =
        yaml::parse("action.yml", "runs: {using: node24, main: x, steps: [{run: x}]}", Limits::default()).unwrap();
    let (other, _) = super::action(&root);
    assert!(other.is_some_and(|other| !other.composite && other.steps.is_empty()));
}
