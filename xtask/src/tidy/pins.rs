//! Every action that a workflow uses is pinned to a commit.

use anyhow::Result;

use crate::tidy::Breach;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Breach>> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| is_workflow(file)) {
        let text = workspace.read(file)?;
        for (at, line) in text.lines().enumerate() {
            if let Some(action) = used(line).filter(|action| !is_pinned(action)) {
                let message = format!("{action} is not pinned: write the commit's 40 hex digits after @");
                found.push(Breach::new(format!("{file}:{}", at + 1), message));
            }
        }
    }
    Ok(found)
}

/// Workflows and actions that run: ours and the examples', not the inputs of checkers.
fn is_workflow(file: &str) -> bool {
    let of_examples = file.starts_with("examples/workflows/") || file.contains("/.github/");
    let ours = file.starts_with(".github/") || (file.starts_with("examples/") && of_examples);
    let yaml = file.ends_with(".yml") || file.ends_with(".yaml");
    (ours && yaml) || file == "action.yml"
}

/// What a line `uses:`.
fn used(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let value = line.strip_prefix("- ").unwrap_or(line).trim_start().strip_prefix("uses:")?;
    let value = value.split(" #").next().unwrap_or(value).trim();
    Some(value.trim_matches(['"', '\'']))
}

/// Our own action, which is named by its major tag, and only so.
const OURS: [&str; 2] = ["tollgate/tollgate@v0", "tollgate/tollgate/.github/workflows/gate.yml@v0"];

/// Whether `action` names one content for ever: a path in the same repository, a commit, an image digest; or is ours.
fn is_pinned(action: &str) -> bool {
    let hex = |digits: &str, count| digits.len() == count && digits.chars().all(|c| c.is_ascii_hexdigit());
    match action.rsplit_once('@') {
        _ if action.starts_with("./") || OURS.contains(&action) => true,
        Some((_, digest)) if action.starts_with("docker://") => {
            digest.strip_prefix("sha256:").is_some_and(|digits| hex(digits, 64))
        }
        Some((_, commit)) => hex(commit, 40),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pinned_and_what_is_not() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert!(is_pinned(&format!("actions/checkout@{commit}")));
        assert!(is_pinned("./.github/actions/own"));
        assert!(is_pinned(&format!("docker://alpine@sha256:{}", "0".repeat(64))));
        assert!(!is_pinned("actions/checkout@v4"));
        assert!(!is_pinned("actions/checkout"));
        assert!(!is_pinned(&format!("actions/checkout@{}", &commit[..39])));
        assert!(!is_pinned("docker://alpine:3"));
        assert!(is_pinned("tollgate/tollgate@v0"));
        assert!(!is_pinned("tollgate/tollgate@v1"));
    }

    #[test]
    fn lines_are_read_as_people_write_them() {
        assert_eq!(used("      - uses: a/b@v1 # v1.0"), Some("a/b@v1"));
        assert_eq!(used("        uses: \"a/b@v1\""), Some("a/b@v1"));
        assert_eq!(used("        # uses: a/b@v1"), None);
        assert_eq!(used("      - run: echo uses: x"), None);
    }

    #[test]
    fn the_line_is_named_and_inputs_of_checkers_are_left_alone() {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1\n";
        let files = [
            (".github/workflows/ci.yml", text),
            ("examples/workflows/gate.yml", text),
            ("examples/x/.github/workflows/ci.yml", text),
            ("fixtures/x/.github/workflows/ci.yml", text),
        ];
        let (_dir, workspace) = Workspace::made_up(&files);
        let found = check(&workspace, &workspace.files().unwrap()).unwrap();
        let places: Vec<&str> = found.iter().map(|breach| breach.file.as_str()).collect();
        let expected =
            [".github/workflows/ci.yml:5", "examples/workflows/gate.yml:5", "examples/x/.github/workflows/ci.yml:5"];
        assert_eq!(places, expected);
    }
}
