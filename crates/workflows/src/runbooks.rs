//! Shell blocks of Markdown files: commands that people are told to type.

use std::rc::Rc;

use crate::machine::site::{Link, shown};
use crate::machine::value::Value;
use crate::machine::{Machine, Trial, seen::Missing, site::Frame, site::Origin, state::State};
use crate::world::World;

/// Longest runbook that is read, bytes.
const LONGEST: usize = 1 << 20;

/// A shell block and the line of the file where it begins.
struct Fence {
    line: u32,
    text: String,
}

/// The scripts that the shell blocks of the Markdown file `path` call and that do not exist.
pub(crate) fn missing(world: &World<'_>, path: &str) -> Vec<(Link, Missing)> {
    let Some(text) = world.text(path).filter(|text| text.len() <= LONGEST) else { return Vec::new() };
    let mut found: Vec<(Link, Missing)> = Vec::new();
    for fence in fences(&text) {
        for (offset, line) in fence.text.lines().enumerate() {
            let number = fence.line + offset as u32;
            for one in of_line(world, path, number, line) {
                let link = Link { file: path.into(), line: number, text: shown(line).into() };
                found.push((link, one));
            }
        }
    }
    found
}

/// Each line by itself: a runbook is read, not run, and folders that people go into are not known.
fn of_line(world: &World<'_>, path: &str, number: u32, line: &str) -> Vec<Missing> {
    let line = line.trim().trim_start_matches("$ ").trim_start_matches("> ");
    if line.is_empty() || line.starts_with('#') || line.contains(['<', '…']) {
        return Vec::new();
    }
    let Some(parsed) = world.parse(line).filter(|parsed| parsed.script.broken.is_none()) else { return Vec::new() };
    let mut machine = Machine::new(world, Trial::Nothing);
    let frame = Frame {
        origin: Origin::line(path, line, number),
        arguments: Rc::new(vec![Value::known("sh")]),
        ..Frame::default()
    };
    machine.run(&parsed.script, frame, vec![State::new(Some(""))]);
    // People may stand in the folder of the runbook: what exists seen from there exists.
    let folder = crate::paths::folder(path);
    let own = ["package.json", "Makefile", "justfile"].iter().any(|name| world.contains(&format!("{folder}/{name}")));
    let here = |missing: &Missing| {
        let script = missing.what.strip_prefix("script ").and_then(|script| crate::paths::join(folder, script));
        script.is_some_and(|script| world.contains(&script)) || own && !folder.is_empty()
    };
    machine.missing.into_iter().filter(|missing| !here(missing)).collect()
}

/// The shell blocks of a Markdown text.
fn fences(text: &str) -> Vec<Fence> {
    let mut all = Vec::new();
    let mut open: Option<(String, bool, Fence)> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        match &mut open {
            Some((marker, shell, fence)) => {
                if trimmed.starts_with(marker.as_str()) && trimmed.trim_start_matches(['`', '~']).trim().is_empty() {
                    if *shell {
                        all.push(Fence { line: fence.line, text: std::mem::take(&mut fence.text) });
                    }
                    open = None;
                } else {
                    fence.text.push_str(line);
                    fence.text.push('\n');
                }
            }
            None => {
                let marker: String = trimmed.chars().take_while(|c| *c == '`').collect();
                let marker =
                    if marker.is_empty() { trimmed.chars().take_while(|c| *c == '~').collect() } else { marker };
                if marker.len() < 3 {
                    continue;
                }
                let language = trimmed[marker.len()..].split_whitespace().next().unwrap_or_default().to_lowercase();
                let shell = matches!(
                    language.as_str(),
                    "sh" | "bash" | "shell" | "console" | "zsh" | "shell-session" | "terminal"
                );
                open = Some((marker, shell, Fence { line: index as u32 + 2, text: String::new() }));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_blocks_are_found_with_their_lines() {
        let text = "# A\n\n```sh\nnpm test\n```\n\n~~~json\n{}\n~~~\n   ```bash title=x\n   ./run.sh\n   ```\n````md\n```sh\nno\n```\n````\n";
        let found: Vec<(u32, String)> = fences(text).into_iter().map(|fence| (fence.line, fence.text)).collect();
        assert_eq!(found, [(4, "npm test\n".to_owned()), (11, "   ./run.sh\n".to_owned())]);
    }
}
