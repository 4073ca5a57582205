//! Which command lines and which GitHub Actions are checks, and how they can fail.
//!
//! The facts lie in `data/`: `tools/*.toml` by kind, `actions/*.toml` by role. They are embedded, read once, and asked
//! here. What is not in the catalogue is not known: that is no claim that it checks nothing.

mod action;
mod data;
mod index;
mod tool;
mod word;

#[cfg(test)]
mod tests;

pub(crate) use action::{Action, Role};
pub(crate) use tool::{Kind, Tool};

/// The tool that a command line runs: the longest match of its leading words wins.
///
/// `argv[0]` may be a path, an npm package with its scope and version, or carry `.exe`, `.cmd` or `.sh`. Up to three
/// options before each further word of a command are passed over.
pub(crate) fn tool(argv: &[&str]) -> Option<&'static Tool> {
    let (tool, _) = index::TOOLS.find(argv)?;
    Some(tool)
}

/// The action that `uses` names (`owner/repo/path@ref`), upper and lower case alike.
pub(crate) fn action(uses: &str) -> Option<&'static Action> {
    index::action(uses)
}

/// The program that a container image starts (`aquasec/trivy:latest` is `trivy`), if it is one of a tool.
pub(crate) fn program_of_image(image: &str) -> Option<&'static str> {
    index::program_of_image(image)
}

/// Whether any tool is started by this program.
pub(crate) fn knows(program: &str) -> bool {
    index::TOOLS.knows(program)
}
