//! Paths as text.

/// How a workflow or a script names the folder of the checkout.
pub(crate) const CHECKOUT: [&str; 4] =
    ["$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "${{github.workspace}}"];

pub(crate) use tollgate_check::paths::{below as join, name as base, parent as folder};

/// Whether a file of this name may hold the result of a check.
pub(crate) fn like_report(path: &str) -> bool {
    let name = base(path).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(
        ending,
        "json" | "xml" | "sarif" | "txt" | "csv" | "log" | "html" | "out" | "info" | "lcov" | "tap" | "yml" | "yaml"
    ) || ["report", "result", "coverage", "findings", "summary"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_root() {
        assert_eq!(join("apps/web", "../api/./x.json").as_deref(), Some("apps/api/x.json"));
        assert_eq!(join("", "a//b/").as_deref(), Some("a/b"));
        assert_eq!(join("a", "../..").as_deref(), None);
        assert_eq!((base("a/b.sh"), folder("a/b.sh"), folder("b")), ("b.sh", "a", ""));
    }
}
