//! A target for each kind of file that the checker of workflows reads.

use super::Target;

/// The survey of a repository in which the input stands where `kind` says.
macro_rules! file {
    ($target:literal, $kind:literal, $ending:literal, $seeds:expr, $tokens:expr) => {
        Target {
            name: $target,
            run: |bytes| tollgate_workflows::fuzz($kind, bytes),
            seeds: &$seeds,
            folders: &[("fixtures/workflows", $ending)],
            tokens: &$tokens,
        }
    };
}

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    file!("workflows_workflow", "workflow", ".yml", [], ["jobs:\n", "steps:\n", "      - run: ", "        if: ", "${{ ", " }}", "needs: [", "uses: ./", "matrix:", "continue-on-error: true", "<<: *a", "&a "]),
    file!("workflows_action", "action", "action.yml", [], ["runs:\n", "  using: composite\n", "    - run: ", "      shell: bash\n", "uses: ./", "${{ inputs.a }}"]),
    file!("workflows_script", "script", ".sh", ["set +e\nnpm test\nRC=$?\nif [ $RC -ne 0 ]; then exit 1; fi\n", "f() { eslint . || return 1; }\nfor i in 1 2; do f && break; done | tee x\n", "X=$(jq -r '.a // 0' r.json 2>/dev/null || echo 0)\n(( X > 3 )) && exit 1\ncat <<EOF > a.json\n{\"a\": $X}\nEOF\n"], ["if ", "; then ", "fi\n", " | ", " || ", " && ", "$(", ")", "${X:-0}", "<<EOF\n", "EOF\n", "exit 1\n", "while read l; do ", "done\n", "case $X in a) ", ";; esac\n", "[ \"$X\" -gt 0 ]", "set +e\n", "eval ", "jq '.a[] | length' f", "grep -c '[' f"]),
    file!("workflows_package", "package", "package.json", ["{\"scripts\":{\"test\":\"npm run a && npm run b\",\"a\":\"jest\",\"b\":\"npm test\"},\"workspaces\":[\"p/*\",\"!p/x\"]}"], ["\"scripts\":", "\"workspaces\":[\"**\"]", "npm run ", "turbo run ", " && ", "pnpm -r ", "--filter ..."]),
    file!("workflows_turbo", "turbo", "turbo.json", ["{\"tasks\":{\"test\":{\"dependsOn\":[\"^build\",\"lint\"]},\"lint\":{\"dependsOn\":[\"test\"]}}}"], ["\"tasks\":", "\"dependsOn\":[\"", "\"pipeline\":", "//#"]),
    file!("workflows_makefile", "makefile", "Makefile", ["check: lint\n\t-eslint .\n\t@$(MAKE) test\nlint test:\n\techo $(X)\nX = $(X)$(X)\n"], ["check:", "\n\t", "$(", ")", "include ", ".PHONY:", "%: ", "define ", "endef\n", ":= "]),
    file!("workflows_runbook", "runbook", ".md", [], ["```sh\n", "```\n", "~~~bash\n", "$ ", "./s.sh ", "npm run "]),
    file!("workflows_hook", "hook", "pre-commit", [], ["#!/bin/sh -e\n", "command -v x >/dev/null || exit 0\n", "npx lint-staged\n"]),
];
