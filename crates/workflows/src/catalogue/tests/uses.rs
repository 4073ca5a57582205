//! Actions with inputs, as their vendors document them.

use super::super::{Action, Role, action};

fn inputs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn known(uses: &str) -> &'static Action {
    action(uses).unwrap_or_else(|| panic!("{uses} is not known"))
}

/// Whether a finding fails the step.
fn fails(uses: &str, given: &[(&str, &str)]) -> bool {
    let action = known(uses);
    let inputs = inputs(given);
    action.is_check(&inputs) && action.can_fail(&inputs) && action.muted_by(&inputs).is_none()
}

#[test]
fn a_finding_fails_the_step_or_does_not() {
    for (uses, given, expected) in [
        ("aquasecurity/trivy-action@master", &[][..], false),
        ("aquasecurity/trivy-action@0.28.0", &[("exit-code", "0")], false),
        ("aquasecurity/trivy-action@0.28.0", &[("exit-code", "1")], true),
        ("aquasecurity/trivy-action@v1", &[("env.TRIVY_EXIT_CODE", "1")], true),
        ("aquasecurity/trivy-action@v1", &[("exit-code", "${{ inputs.code }}")], true),
        ("Anchore/Scan-Action@v3", &[], true),
        ("anchore/scan-action@v3", &[("fail-build", "false")], false),
        ("bridgecrewio/checkov-action@v12", &[("soft_fail", "true")], false),
        ("bridgecrewio/checkov-action@v12", &[("soft_fail", "${{ inputs.soft }}")], true),
        ("aquasecurity/tfsec-action@v1", &[("soft_fail", "false")], false),
        ("aquasecurity/tfsec-action@v1", &[("additional_args", "--soft-fail --verbose")], false),
        ("snyk/actions/node@master", &[], true),
        ("snyk/actions/node@master", &[("command", "monitor")], false),
        ("zaproxy/action-baseline@v0.12.0", &[], false),
        ("zaproxy/action-full-scan@v0.10.0", &[("fail_action", "true")], true),
        ("trufflesecurity/trufflehog@main", &[("extra_args", "--only-verified")], true),
        ("gitleaks/gitleaks-action@v2", &[], true),
        ("actions/dependency-review-action@v4", &[("warn-only", "true")], false),
        ("ossf/scorecard-action@v2", &[], false),
        ("zizmorcore/zizmor-action@v0.1", &[], false),
        ("zizmorcore/zizmor-action@v0.1", &[("advanced-security", "false")], true),
        ("golangci/golangci-lint-action@v6", &[("args", "--timeout=5m --issues-exit-code=0")], false),
        ("golangci/golangci-lint-action@v6", &[("args", "--issues-exit-code 0")], false),
        ("golangci/golangci-lint-action@v6", &[("install-only", "true")], false),
        ("golang/govulncheck-action@v1", &[("output-format", "sarif")], false),
        ("lycheeverse/lychee-action@v2", &[("fail", "false")], false),
        ("reviewdog/action-eslint@v1", &[], false),
        ("reviewdog/action-eslint@v1", &[("fail_level", "error")], true),
        ("super-linter/super-linter@v7", &[("env.DISABLE_ERRORS", "true")], false),
        ("dorny/test-reporter@v2", &[], true),
        ("dorny/test-reporter@v2", &[("fail-on-error", "false")], false),
        ("mikepenz/action-junit-report@v5", &[], false),
        ("EnricoMi/publish-unit-test-result-action@v2", &[("action_fail", "true")], true),
        ("treosh/lighthouse-ci-action@v12", &[("urls", "http://localhost")], false),
        ("treosh/lighthouse-ci-action@v12", &[("budgetPath", "./budget.json")], true),
        ("irongut/CodeCoverageSummary@v1.3.0", &[("thresholds", "60 80")], false),
        ("codecov/codecov-action@v5", &[("fail_ci_if_error", "true")], false),
        ("actions/checkout@v4", &[], false),
        ("re-actors/alls-green@release/v1", &[("jobs", "${{ toJSON(needs) }}")], true),
    ] {
        assert_eq!(fails(uses, given), expected, "{uses} {given:?}");
    }
}

#[test]
fn some_results_stop_a_merge_without_the_step() {
    let posts = |uses: &str, given: &[(&str, &str)]| known(uses).posts_status(&inputs(given));
    assert!(posts("codecov/codecov-action@v5", &[]));
    assert!(posts("EnricoMi/publish-unit-test-result-action@v2", &[]));
    assert!(!posts("EnricoMi/publish-unit-test-result-action@v2", &[("check_run", "false")]));
    assert!(posts("reviewdog/action-shellcheck@v1", &[]));
    assert!(!posts("reviewdog/action-eslint@v1", &[]));
    assert!(!posts("dorny/test-reporter@v2", &[]));
    assert!(posts("github/codeql-action/upload-sarif@v3", &[]));
    assert!(!posts("github/codeql-action/analyze@v3", &[("upload", "never")]));
}

#[test]
fn roles_keep_the_rest_from_being_taken_for_checks() {
    for (uses, role) in [
        ("actions/cache/restore@v4", Role::Cache),
        ("Swatinem/rust-cache@v2", Role::Cache),
        ("actions/upload-artifact@v4", Role::ArtifactUp),
        ("actions/download-artifact@v4", Role::ArtifactDown),
        ("actions/github-script@v7", Role::Script),
        ("actions/setup-node@v4", Role::Setup),
        ("marocchino/sticky-pull-request-comment@v2", Role::Comment),
        ("slackapi/slack-github-action@v2", Role::Notify),
        ("actions/deploy-pages@v4", Role::Deploy),
        ("softprops/action-gh-release@v2", Role::Release),
        ("nick-fields/retry@v3", Role::Run),
        ("SonarSource/sonarqube-scan-action@v5", Role::Service),
        ("github/codeql-action/upload-sarif@v3", Role::CodeScanning),
        ("docker/build-push-action@v6", Role::Other),
    ] {
        assert_eq!(known(uses).role, role, "{uses}");
        assert!(!known(uses).is_check(&[]), "{uses}");
    }
    for uses in
        ["sonarqube-quality-gate-action@master", "./.github/actions/setup", "docker://alpine", "", "@", "a/b@v1"]
    {
        assert!(action(uses).is_none(), "{uses}");
    }
}

#[test]
fn inputs_name_files_commands_and_tools() {
    let given = inputs(&[
        ("sarif_file", "a.sarif\nb.sarif"),
        ("command", "npm test"),
        ("tool", "nextest@0.9, just cargo-deny"),
    ]);
    assert_eq!(known("github/codeql-action/upload-sarif@v3").read_files(&given), ["a.sarif", "b.sarif"]);
    assert_eq!(known("nick-fields/retry@v3").command_input.as_deref(), Some("command"));
    assert_eq!(known("taiki-e/install-action@v2").installed(&given), ["nextest", "just", "cargo-deny"]);
    assert_eq!(known("actions/setup-node@v4").installed(&given).first(), Some(&"node"));
    let trivy = inputs(&[("output", "trivy.sarif"), ("format", "sarif")]);
    assert_eq!(known("aquasecurity/trivy-action@v1").report_files(&trivy), ["trivy.sarif"]);
    let muted = known("anchore/scan-action@v3").muted_by(&inputs(&[("fail-build", "false")]));
    assert_eq!(muted.as_deref(), Some("fail-build: false"));
    let empty = known("lycheeverse/lychee-action@v2").empty_by(&inputs(&[("failIfEmpty", "false")]));
    assert_eq!(empty.as_deref(), Some("failIfEmpty: false"));
    assert!(known("lycheeverse/lychee-action@v2").outputs.iter().any(|output| output == "exit_code"));
}
