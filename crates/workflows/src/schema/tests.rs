use tollgate_input::{Limits, yaml};

use super::*;
use crate::mistake::MistakeKind::{self, DuplicateKey, Expression, Needs, Schema, Uses};

mod actions;

fn mistakes(text: &str) -> Vec<Mistake> {
    workflow(&yaml::parse("ci.yml", text, Limits::default()).unwrap())
}

/// The kinds of what GitHub refuses the file for.
fn refused(text: &str) -> Vec<MistakeKind> {
    mistakes(text).into_iter().filter(|mistake| mistake.fatal).map(|mistake| mistake.kind).collect()
}

/// A workflow with this under `on`.
fn on(on: &str) -> String {
    format!("on: {on}\njobs: {{a: {{runs-on: x, steps: [{{run: x}}]}}}}\n")
}

/// A workflow with one job that has these keys.
fn job(keys: &str) -> String {
    format!("on: push\njobs:\n  a: {{{keys}}}\n  b: {{runs-on: x, steps: [{{run: x}}]}}\n")
}

/// A workflow with these keys beside a job.
fn beside(keys: &str) -> String {
    format!("{keys}\non: push\njobs: {{a: {{runs-on: x, steps: [{{run: x}}]}}}}\n")
}

/// A workflow with one step.
fn step(step: &str) -> String {
    job(&format!("runs-on: x, steps: [{{{step}}}]"))
}

const EVERYTHING: &str = "
name: CI
run-name: ${{ github.actor }} ${{ inputs.x }} ${{ vars.Y }}
on:
  push: {branches: [main, '!x'], tags: v*, paths: ['**.rs']}
  pull_request: {types: [opened, stacked], branches-ignore: [x], paths-ignore: docs/**}
  merge_group:
  schedule: [{cron: '0 0 * * 1-5', timezone: Europe/Berlin}]
  workflow_run: {workflows: [A], types: completed}
  repository_dispatch: {types: [anything]}
  image_version: {names: [a], versions: ['1.*']}
  workflow_dispatch:
    inputs:
      a:
      b: {type: choice, options: [x, ''], default: x, required: true, description: d}
      c: {type: environment}
  workflow_call:
    inputs: {a: {type: boolean, default: true}, b: {type: string, default: '${{ github.ref }}', required: false}}
    secrets: {t: , u: {required: true, description: x}}
    outputs: {o: {value: '${{ jobs.build.outputs.o }}', description: d}}
permissions: {contents: read, id-token: write, models: read, attestations: write, artifact-metadata: write, checks: none}
env: {A: 1, B: , C: '${{ secrets.X }}'}
defaults: {run: {shell: bash, working-directory: x}}
concurrency: {group: '${{ github.ref }}', cancel-in-progress: '${{ github.ref != 1 }}', queue: max}
jobs:
  build:
    name: Build ${{ matrix.os }}
    needs: [call]
    if: always() && needs.call.result == 'success' && github.event_name != 'secrets.x'
    permissions: read-all
    runs-on: {group: org/big, labels: [a, '${{ matrix.os }}']}
    timeout-minutes: ${{ fromJSON(vars.T) }}
    cancel-timeout-minutes: 5
    continue-on-error: ${{ matrix.os == 'x' }}
    strategy:
      fail-fast: false
      max-parallel: 2
      matrix: {os: [a, b], include: [{os: a, x: [1, {y: z}]}], exclude: '${{ fromJSON(needs.call.outputs.x) }}'}
    container: {image: 'x:${{ matrix.os }}', env: {A: '${{ secrets.A }}'}, ports: [80], volumes: [a:b], options: --x}
    services:
      db: {image: postgres, credentials: {username: u, password: '${{ secrets.P }}'}, command: x, entrypoint: y}
      cache: redis:7
    env: {A: '${{ needs.call.outputs.x }}'}
    environment: {name: prod, url: '${{ steps.x.outputs.url }}', deployment: false}
    concurrency: ${{ matrix.os }}
    outputs: {o: '${{ steps.x.outputs.o }}'}
    defaults: {run: {shell: '${{ matrix.shell }}', working-directory: '${{ env.D }}'}}
    snapshot: {image-name: x, version: 1.*}
    steps: &steps
      - uses: actions/checkout@v4
        with: {fetch-depth: 0, token: '${{ secrets.T }}', empty: }
      - id: x
        name: ${{ env.X }} ${{ job.status }}
        if: steps.y.outcome == 'failure' && hashFiles('x') != '' && env.A && runner.os
        run: |
          echo ${{ secrets.X }} '${{ '}}' }}'
        shell: bash
        working-directory: ${{ matrix.d }}
        env: {A: '${{ runner.temp }}'}
        timeout-minutes: 5
        continue-on-error: true
        background: true
      - {wait: x}
      - {wait-all: , name: n}
      - {cancel: x}
      - parallel: [{run: a}, {uses: ./a, id: x2}]
      - uses: docker://alpine
      - run:
  call:
    uses: ./.github/workflows/x.yml
    with: {a: true, b: '${{ github.ref }}', m: '${{ matrix.x }}'}
    secrets: inherit
    strategy: {matrix: '${{ fromJSON(vars.M) }}'}
    permissions: {}
    concurrency: {group: x}
  again: {runs-on: [self-hosted, x], steps: *steps, needs: BUILD, environment: '', strategy: {matrix: {include: [{a: 1}]}}}
  remote: {uses: o/r/.github/workflows/x.yml@v1, secrets: {A: '${{ secrets.A }}'}, needs: [build, call]}
";

#[test]
fn nothing_is_wrong_with_a_workflow_that_uses_everything() {
    assert_eq!(mistakes(EVERYTHING), []);
    for text in ["push", "[push, pull_request]", "{push: , create: }", "{push: {branches: , tags: ''}}"] {
        assert_eq!(mistakes(&on(text)), [], "{text}");
    }
}

#[test]
fn events() {
    let table: &[(&str, &[MistakeKind])] = &[
        ("", &[Schema]),
        ("[]", &[Schema]),
        ("{}", &[Schema]),
        ("pull-request", &[Schema]),
        ("[push, [x]]", &[Schema]),
        ("1", &[Schema]),
        ("{pull_requests: }", &[Schema]),
        ("{push: main}", &[Schema]),
        ("{push: [main]}", &[Schema]),
        ("{push: {branches: {a: b}}}", &[Schema]),
        ("{push: {branches: [a], branches-ignore: [b]}}", &[Schema]),
        ("{push: {paths: [a], paths-ignore: [b]}}", &[Schema]),
        ("{push: {branches: ['${{ vars.B }}']}}", &[Expression]),
        ("{push: , Push: }", &[Schema, DuplicateKey]),
        ("{<<: {push: }}", &[Schema]),
        ("{schedule: {cron: '0 0 * * *'}}", &[Schema]),
        ("{schedule: }", &[Schema]),
        ("{schedule: [{}]}", &[Schema]),
        ("{schedule: [{cron: 0 0 * *}]}", &[Schema]),
        ("{workflow_call: {inputs: {a: {required: true}}}}", &[Schema]),
        ("{workflow_call: {inputs: {a: {type: choice}}}}", &[Schema]),
        ("{workflow_call: {inputs: {a: {type: string, deprecationMessage: x}}}}", &[Schema]),
        ("{workflow_call: {outputs: {o: {value: '${{ steps.x }}'}}}}", &[Expression]),
        ("{workflow_call: {outputs: {o: {}}}}", &[Schema]),
        ("{workflow_dispatch: {inputs: {a: {default: '${{ github.ref }}'}}}}", &[Expression]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(&on(text)), *expected, "{text}");
    }
}

#[test]
fn what_an_event_does_not_know_is_overlooked() {
    let table = [
        "{push: {types: [x]}}",
        "{push: {branch: main}}",
        "{create: {branches: [x]}}",
        "{pull_request: {types: [open]}}",
        "{push: {branches: ['!x']}}",
        "{workflow_run: }",
        "[schedule]",
        "{schedule: []}",
        "{schedule: [{cron: 0 0 * * 7}]}",
        "{workflow_dispatch: {input: {}}}",
        "{workflow_dispatch: {inputs: {a: {type: choice}}}}",
        "{workflow_dispatch: {inputs: {a: {type: text, required: 'true'}}}}",
    ];
    for text in table {
        let found = mistakes(&on(text));
        assert!(!found.is_empty() && found.iter().all(|mistake| !mistake.fatal), "{text}: {found:?}");
    }
}

#[test]
fn the_root() {
    let table: &[(&str, &[MistakeKind])] = &[
        ("", &[Schema]),
        ("x", &[Schema]),
        ("on: push", &[Schema]),
        ("on: push\njobs:", &[Schema]),
        ("on: push\njobs: {}", &[Schema]),
        ("on: push\njobs: []", &[Schema]),
        ("jobs: {a: {runs-on: x, steps: [{run: x}]}}", &[Schema]),
        ("true: push\njobs: {a: {runs-on: x, steps: [{run: x}]}}", &[Schema]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(text), *expected, "{text}");
    }
    let table: &[(&str, &[MistakeKind])] = &[
        ("x-anchors: {}", &[Schema]),
        ("env:", &[Schema]),
        ("env: {A: [1]}", &[Schema]),
        ("env: {A: '${{ env.B }}'}", &[Expression]),
        ("env: {A: 1, a: 1}", &[DuplicateKey]),
        ("name: '${{ github.ref }}'", &[Expression]),
        ("permissions: none", &[Schema]),
        ("permissions: {contents: admin}", &[Schema]),
        ("permissions: {id-token: read}", &[Schema]),
        ("permissions: {content: read}", &[Schema]),
        ("permissions: {workflows: write}", &[Schema]),
        ("permissions:", &[Schema]),
        ("permissions: {tea-kettle: write}", &[]),
        ("permissions: {}", &[]),
        ("defaults: {run: {shell: '${{ matrix.x }}'}}", &[Expression]),
        ("concurrency: {cancel-in-progress: true}", &[Schema]),
        ("concurrency: '${{ github.ref'", &[Expression]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(&beside(text)), *expected, "{text}");
    }
}

#[test]
fn jobs_and_matrices() {
    let run = |keys: &str| format!("runs-on: x, steps: [{{run: x}}], {keys}");
    let table: &[(&str, &[MistakeKind])] = &[
        ("steps: [{run: x}]", &[Schema]),
        ("name: x", &[Schema]),
        ("runs-on: x", &[Schema]),
        ("runs-on: x, steps: []", &[Schema]),
        ("runs-on: x, steps: {run: x}", &[Schema]),
        ("runs-on: x, steps: [x, ]", &[Schema]),
        ("runs-on: , steps: [{run: x}]", &[Schema]),
        ("runs-on: {group: a/b}, steps: [{run: x}]", &[Schema]),
        ("uses: ./.github/workflows/x.yml, runs-on: x", &[Schema]),
        ("uses: ./.github/workflows/x.yml, env: {A: b}", &[Schema]),
        ("uses: ./.github/workflows/x.yml, with: {a: '${{ env.X }}'}", &[Expression]),
        ("uses: ./.github/workflows/x.yml, secrets: all", &[Schema]),
        ("uses: ./.github/workflows/x.yml@v1", &[Uses]),
        ("uses: '${{ vars.X }}'", &[Expression]),
        ("uses: o/r@v1", &[Uses]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(&job(text)), *expected, "{text}");
    }
    let table: &[(&str, &[MistakeKind])] = &[
        ("if: env.X == 'y'", &[Expression]),
        ("if: '${{ secrets.X }}'", &[Expression]),
        ("if: matrix.os == 'y'", &[Expression]),
        ("if: steps.x.outcome == 'y'", &[Expression]),
        ("needs: [c]", &[Needs]),
        ("needs: [a]", &[Needs]),
        ("needs: '${{ vars.X }}'", &[Expression]),
        ("timeout-minutes: '5'", &[Schema]),
        ("continue-on-error: 'true'", &[Schema]),
        ("env: {A: '${{ runner.temp }}'}", &[Expression]),
        ("outputs: {o: '${{ jobs.x }}'}", &[Expression]),
        ("strategy: {matrix: {}}", &[Schema]),
        ("strategy: {matrix: {include: []}}", &[Schema]),
        ("strategy: {matrix: {os: []}}", &[Schema]),
        ("strategy: {matrix: {os: x}}", &[Schema]),
        ("strategy: {matrix: {os: '${{ fromJSON(vars.X) }}'}}", &[]),
        ("strategy: {matrix: {os: [x], include: [y]}}", &[Schema]),
        ("strategy: {os: [x]}", &[Schema]),
        ("services: {db: {ports: ['1']}}", &[Schema]),
        ("services: {db: ''}", &[Schema]),
        ("services: {db: {ports: ['${{ vars.P }}']}}", &[]),
        ("container: {image: x, network: y}", &[Schema]),
        ("environment: {url: x}", &[Schema]),
        ("unknown: x", &[Schema]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(&job(&run(text))), *expected, "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let deep = |levels: usize| {
        job(&format!(
            "runs-on: x, steps: [{{run: x}}], strategy: {{matrix: {{a: {}{}}}}}",
            "[".repeat(levels),
            "]".repeat(levels)
        ))
    };
    // Five mappings stand around it, and an empty list has no values.
    assert_eq!((refused(&deep(45)), refused(&deep(46))), (vec![], vec![Schema]));
    let lists =
        "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";
    let bomb = format!(
        "on: push\nx: {{{}}}\njobs: {{a: {{runs-on: x, steps: [{{run: x}}]}}}}",
        lists.trim().replace('\n', ", ")
    );
    assert_eq!(refused(&bomb), [Schema], "an unknown key, not the size");
    let bomb = bomb.replace("}\njobs", ", d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], e: [*d,*d,*d,*d,*d]}\njobs");
    assert_eq!(refused(&bomb), [Schema, Schema], "and the size");
}

#[test]
fn names_of_jobs() {
    for (name, good) in [("_", true), ("a-1_B", true), ("1a", false), ("a.b", false), ("__a", false), ("-a", false)] {
        let text = format!("on: push\njobs: {{{name}: {{runs-on: x, steps: [{{run: x}}]}}}}");
        assert_eq!(refused(&text).is_empty(), good, "{name}");
    }
    let long =
        |length: usize| format!("on: push\njobs: {{{}: {{runs-on: x, steps: [{{run: x}}]}}}}", "a".repeat(length));
    assert_eq!((refused(&long(99)), refused(&long(100))), (vec![], vec![Schema]));
}

#[test]
fn steps() {
    let table: &[(&str, &[MistakeKind])] = &[
        ("name: x", &[Schema]),
        ("run: x, uses: a/b@v1", &[Schema]),
        ("uses: a/b@v1, shell: bash", &[Schema]),
        ("uses: a/b@v1, working-directory: x", &[Schema]),
        ("run: x, with: {a: b}", &[Schema]),
        ("run: x, shell: '${{ matrix.shell }}'", &[Expression]),
        ("run: x, timeout_minutes: 5", &[Schema]),
        ("run: x, env:", &[Schema]),
        ("run: [x]", &[Schema]),
        ("run: '${{ github.ref'", &[Expression]),
        ("run: '${{ foo.bar }}'", &[Expression]),
        ("run: x, if: secrets.X != ''", &[Expression]),
        ("run: x, id: a.b", &[Schema]),
        ("uses: ''", &[Schema]),
        ("uses: a@v1", &[Uses]),
        ("uses: '${{ matrix.action }}'", &[Expression]),
        ("uses: a/b@v1, with: {x: [y]}", &[Schema]),
        ("uses: a/b@v1, with:", &[Schema]),
        ("wait: x, run: y", &[Schema]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(&step(text)), *expected, "{text}");
    }
    assert_eq!(refused(&job("runs-on: x, steps: [{run: x, id: a}, {run: x, id: A}]")), [Schema]);
    let aliased = "on: push\njobs:\n  a: {runs-on: x, steps: [&s {run: x, id: a}, *s]}";
    assert_eq!(refused(aliased), [Schema]);
}

#[test]
fn nothing_panics_and_nothing_fills_the_report() {
    // A workflow of which single bytes are lost, doubled or replaced.
    let mut state = 1_u64;
    let mut next = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    for _ in 0..400 {
        let mut bytes = EVERYTHING.as_bytes().to_vec();
        for _ in 0..1 + next(3) {
            let at = next(bytes.len());
            match next(3) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, b"{}[]'\"$:-*& \n"[next(13)]),
                _ => bytes[at] = b"{}[]'\"$:-*& \n"[next(13)],
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(root) = yaml::parse("ci.yml", &text, Limits::default()) {
            assert!(workflow(&root).len() <= 100);
            action(&root);
            crate::read::workflow("ci.yml", &root);
            crate::read::action(&root);
        }
    }
}
