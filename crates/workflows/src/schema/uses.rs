//! What `uses` names.

use tollgate_input::Node;

use super::contexts;
use crate::mistake::{MistakeKind, Mistakes, shown};

const ACTION: &str = "write `owner/repository@ref`, `./path` or `docker://image`";
const WORKFLOW: &str = "write `owner/repository/.github/workflows/file.yml@ref` or `./.github/workflows/file.yml`";

/// `uses` of a step.
pub(super) fn of_step(node: &Node, mistakes: &mut Mistakes) {
    let Some(text) = text_of(node) else { return };
    match action(text) {
        Ok(()) => {}
        Err((fatal, said)) => {
            mistakes.add(MistakeKind::Uses, node.span, format!("{} {said}: {ACTION}", shown(text)), fatal);
        }
    }
}

/// `uses` of a job.
pub(super) fn of_job(node: &Node, mistakes: &mut Mistakes) {
    let Some(text) = text_of(node) else { return };
    match workflow(text) {
        Ok(()) => {}
        Err((fatal, said)) => {
            mistakes.add(MistakeKind::Uses, node.span, format!("{} {said}: {WORKFLOW}", shown(text)), fatal);
        }
    }
}

/// What is no text, empty or an expression is told of with the types.
fn text_of(node: &Node) -> Option<&str> {
    node.as_str().filter(|text| !text.is_empty() && !contexts::has_expression(text))
}

/// Whether GitHub refuses the file, and why.
type Verdict = Result<(), (bool, &'static str)>;

fn action(text: &str) -> Verdict {
    if let Some(image) = text.strip_prefix("docker://") {
        return if image.trim().is_empty() { Err((false, "names no image")) } else { Ok(()) };
    }
    if text.starts_with("./") || text.starts_with(".\\") {
        return if text.contains('@') { Err((false, "is a path with a ref, and looked for as it is")) } else { Ok(()) };
    }
    // A path in the repository of the workflow itself.
    if let Some(path) = text.strip_prefix("$/") {
        return if path.is_empty() { Err((true, "names no path")) } else { Ok(()) };
    }
    let (path, git_ref) = at_one_ref(text)?;
    let mut parts = path.split(['/', '\\']).filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (Some(_), Some(_)) if git_ref.is_empty() => Err((true, "has no ref after `@`")),
        (Some(owner), Some(repository)) => spelling(&[owner, repository], text),
        _ => Err((true, "names no owner and repository")),
    }
}

fn workflow(text: &str) -> Verdict {
    if let Some(path) = text.strip_prefix("./").or_else(|| text.strip_prefix("$/")) {
        return if path.contains('@') { Err((true, "is a path with a ref")) } else { workflow_file(path) };
    }
    let (path, git_ref) = at_one_ref(text)?;
    let mut parts = path.splitn(3, '/');
    let (Some(owner), Some(repository)) = (parts.next(), parts.next()) else {
        return Err((true, "names no owner and repository"));
    };
    if owner.is_empty() || repository.is_empty() {
        return Err((true, "names no owner and repository"));
    }
    if git_ref.is_empty() {
        return Err((true, "has no ref after `@`"));
    }
    workflow_file(parts.next().unwrap_or_default())?;
    spelling(&[owner, repository], text)
}

fn workflow_file(path: &str) -> Verdict {
    match path.strip_prefix(".github/workflows/") {
        None => Err((true, "is no file in `.github/workflows`")),
        Some("") => Err((true, "names no file")),
        Some(file) if file.contains('/') => Err((true, "lies in a folder below `.github/workflows`")),
        Some(file) if !file.ends_with(".yml") && !file.ends_with(".yaml") => Err((false, "is no YAML file")),
        Some(_) => Ok(()),
    }
}

fn at_one_ref(text: &str) -> Result<(&str, &str), (bool, &'static str)> {
    let (path, git_ref) = text.split_once('@').ok_or((true, "has no ref"))?;
    if git_ref.contains('@') { Err((true, "has more than one `@`")) } else { Ok((path, git_ref)) }
}

/// GitHub looks for what is written, and the job fails.
fn spelling(names: &[&str], text: &str) -> Verdict {
    let good = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if text.contains(char::is_whitespace) {
        return Err((false, "holds a blank"));
    }
    if names.iter().all(|name| good(name)) { Ok(()) } else { Err((false, "is no name of a repository")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fatal(verdict: Verdict) -> Option<bool> {
        verdict.err().map(|(fatal, _)| fatal)
    }

    #[test]
    fn actions() {
        let good = [
            "actions/checkout@v4",
            "github/codeql-action/init@v3",
            "docker://alpine:3.20",
            "docker://ghcr.io/a/b@sha256:0",
            "./.github/actions/setup",
            "./",
            ".\\action",
            "$/action",
            "owner/repo\\path@main",
            "owner/repo@release/1.x",
        ];
        for text in good {
            assert_eq!(fatal(action(text)), None, "{text}");
        }
        let refused = [
            "sonarqube-quality-gate-action@master",
            "actions/checkout",
            "actions/checkout@",
            "/checkout@v4",
            "../action",
            "actions/checkout@v4@v5",
            "alpine:3.20",
            "$/",
            "@v4",
        ];
        for text in refused {
            assert_eq!(fatal(action(text)), Some(true), "{text}");
        }
        for text in ["actions/checkout @v4", "actions/checkout@v4 # v4", "docker://", "./a@v1", "a,b/c@v1"] {
            assert_eq!(fatal(action(text)), Some(false), "{text}");
        }
    }

    #[test]
    fn workflows() {
        for text in ["./.github/workflows/a.yml", "o/r/.github/workflows/a.yaml@main", "$/.github/workflows/a.yml"] {
            assert_eq!(fatal(workflow(text)), None, "{text}");
        }
        let refused = [
            "o/r@v1",
            "o/r/.github/workflows/a.yml",
            "o/r/.github/workflows/a.yml@",
            "o/r/workflows/a.yml@v1",
            "o/r/.github/workflows/sub/a.yml@v1",
            "./.github/workflows/a.yml@main",
            "./workflows/a.yml",
            "./.github/workflows/",
            ".github/workflows/a.yml",
            "a.yml",
            "a.yml@main",
            "/r/.github/workflows/a.yml@main",
        ];
        for text in refused {
            assert_eq!(fatal(workflow(text)), Some(true), "{text}");
        }
        assert_eq!(fatal(workflow("o/r/.github/workflows/a@v1")), Some(false));
    }
}
