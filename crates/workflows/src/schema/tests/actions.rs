use tollgate_input::{Limits, yaml};

use super::*;

#[test]
fn actions() {
    let refused = |text: &str| -> Vec<MistakeKind> {
        let found = action(&yaml::parse("action.yml", text, Limits::default()).unwrap());
        found.into_iter().filter(|mistake| mistake.fatal).map(|mistake| mistake.kind).collect()
    };
    let composite = |steps: &str| format!("name: x\nruns: {{using: composite, steps: [{steps}]}}");
    let good = "
name: x
description: y
author: z
branding: {icon: i, color: c}
inputs: {a: {description: d, default: '${{ github.token }}', required: true, type: x}, b: }
outputs: {o: {value: '${{ steps.x.outputs.y }}', description: d}}
runs:
  using: composite
  steps:
    - {id: x, run: 'echo ${{ inputs.a }}', shell: '${{ inputs.shell }}', if: inputs.a && runner.os}
    - {uses: a/b@v1, with: {a: '${{ env.X }}'}, continue-on-error: true}
    - {uses: ./.github/actions/x}
";
    assert_eq!(refused(good), []);
    assert_eq!(refused("name: x\nruns: {using: node24, main: x.js, pre-if: always()}"), []);
    assert_eq!(refused("name: x\nruns: {using: docker, image: x, args: ['${{ inputs.a }}'], env: {A: b}}"), []);
    let table: &[(String, &[MistakeKind])] = &[
        ("name: x".into(), &[Schema]),
        ("name: x\nruns: {using: composite}".into(), &[Schema]),
        (composite("{run: x}"), &[Schema]),
        (composite("{run: x, shell: bash, timeout-minutes: 5}"), &[Schema]),
        (composite("{run: '${{ secrets.X }}', shell: bash}"), &[Expression]),
        (composite("{uses: a@v1}"), &[Uses]),
        (composite("{uses: a/b@v1, id: x}, {uses: a/b@v1, id: X}"), &[Schema]),
        (composite("{name: x}"), &[Schema]),
    ];
    for (text, expected) in table {
        assert_eq!(refused(text), *expected, "{text}");
    }
}
