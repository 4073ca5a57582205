//! Source files stay small.

use anyhow::Result;

use crate::tidy::Breach;
use crate::workspace::Workspace;

/// No source file has more lines.
const MOST: usize = 800;
/// At least half of them have no more.
const MEDIAN: usize = 200;

pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Breach>> {
    let mut sizes = Vec::new();
    for file in files.iter().filter(|file| file.ends_with(".rs")) {
        sizes.push((file.as_str(), workspace.read(file)?.lines().count()));
    }
    Ok(judge(&sizes))
}

fn judge(sizes: &[(&str, usize)]) -> Vec<Breach> {
    let mut found: Vec<Breach> = sizes
        .iter()
        .filter(|(_, lines)| *lines > MOST)
        .map(|(file, lines)| Breach::new(*file, format!("{lines} lines, at most {MOST}: split it by what it does")))
        .collect();
    let mut lines: Vec<usize> = sizes.iter().map(|(_, lines)| *lines).collect();
    lines.sort_unstable();
    if let Some(median) = lines.get(lines.len() / 2).filter(|median| **median > MEDIAN) {
        found.push(Breach::new(".", format!("half of the source files exceed {median} lines, aim: {MEDIAN}")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_exceeds_a_bound_is_named() {
        assert!(judge(&[]).is_empty());
        assert!(judge(&[("a.rs", 800), ("b.rs", 200), ("c.rs", 1)]).is_empty());
        let found = judge(&[("a.rs", 801), ("b.rs", 201), ("c.rs", 1)]);
        assert_eq!(found.len(), 2);
        assert!(found[0].to_string().starts_with("a.rs: 801 lines"));
        assert!(found[1].to_string().contains("201"));
    }

    #[test]
    fn only_sources_count() {
        let long = "x\n".repeat(900);
        let (_dir, workspace) =
            Workspace::made_up(&[("long.md", &long), ("long.rs", &long), ("a.rs", ""), ("b.rs", "")]);
        let found = check(&workspace, &workspace.files().unwrap()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].file, "long.rs");
    }
}
