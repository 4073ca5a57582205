//! What no file may contain: unfinished code, secrets, names of package hosts.
//!
//! The patterns are put together at run time, so that this file does not match itself.

use std::fs;

use anyhow::{Context as _, Result};

use crate::tidy::Breach;
use crate::tidy::bans::is_lock;
use crate::workspace::Workspace;

pub(super) fn check(workspace: &Workspace, files: &[String]) -> Result<Vec<Breach>> {
    let patterns = Patterns::new();
    let mut found = Vec::new();
    for file in files {
        let bytes = fs::read(workspace.path(file)).with_context(|| file.clone())?;
        for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            found.extend(patterns.judge(file, &line).map(|message| Breach::new(format!("{file}:{}", at + 1), message)));
        }
    }
    Ok(found)
}

/// What is looked for.
struct Patterns {
    unfinished: Vec<String>,
    hosts: Vec<String>,
    /// What stands before the characters of a token, and how many of those there are.
    tokens: Vec<(String, usize)>,
    /// What stands before and after the kind of a key.
    key: [String; 2],
}

impl Patterns {
    fn new() -> Self {
        let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!"));
        let attributes = ["#[", "#!["].map(|start| format!("{start}allow("));
        let hosts = ["registry.npmjs org", "registry.yarnpkg com", "pypi org", "pythonhosted org", "crates io"];
        let github = ["p", "o", "u", "s", "r"].map(|kind| (format!("gh{kind}_"), 36));
        Self {
            unfinished: macros.into_iter().chain(attributes).collect(),
            hosts: hosts.map(|host| host.replace(' ', ".")).into(),
            tokens: [(["AK", "IA"].concat(), 16)].into_iter().chain(github).collect(),
            key: [["-----BEG", "IN "].concat(), ["PRIVATE", " KEY-----"].concat()],
        }
    }

    /// What is wrong with a line of `file`; the first thing only.
    fn judge(&self, file: &str, line: &str) -> Option<String> {
        let has = |word: &&String| line.contains(word.as_str());
        if let Some(word) = self.unfinished.iter().find(has).filter(|_| file.ends_with(".rs")) {
            return Some(format!("`{word}`: finish it, or `#[expect(lint, reason = \"...\")]` where a lint is wrong"));
        }
        if self.is_secret(line) {
            let message = "looks like a secret: revoke it if it is real; a test puts its text together at run time";
            return Some(message.to_owned());
        }
        let host = self.hosts.iter().find(has).filter(|_| !is_lock(file))?;
        Some(format!("names the package host {host}: leave hosts to the package client's settings"))
    }

    fn is_secret(&self, line: &str) -> bool {
        let [start, end] = &self.key;
        let key = line.split_once(start.as_str()).is_some_and(|(_, after)| after.contains(end.as_str()));
        key || self.tokens.iter().any(|(start, count)| followed(line, start, *count))
    }
}

/// Whether `start` is followed by at least `count` letters and digits.
fn followed(line: &str, start: &str, count: usize) -> bool {
    let is_part = |c: &char| c.is_ascii_alphanumeric();
    line.match_indices(start).any(|(at, _)| line[at + start.len()..].chars().take_while(is_part).count() >= count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_code_is_found_in_sources_only() {
        let patterns = Patterns::new();
        for word in &patterns.unfinished {
            assert!(patterns.judge("src/a.rs", &format!("    {word}x)")).is_some(), "{word}");
            assert_eq!(patterns.judge("a.md", &format!("    {word}x)")), None);
        }
        assert_eq!(patterns.judge("src/a.rs", "#[expect(dead_code, reason = \"x\")]"), None);
    }

    #[test]
    fn secrets_are_found_everywhere() {
        let patterns = Patterns::new();
        let aws = ["AK", "IA"].concat() + &"A7".repeat(8);
        let token = format!("gh{}_{}", "p", "a".repeat(36));
        let key = ["-----BEG", "IN RSA ", "PRIVATE", " KEY-----"].concat();
        for line in [&aws, &token, &key] {
            assert!(patterns.judge("x.txt", &format!("k = \"{line}\"")).is_some(), "{line}");
        }
        let certificate = ["-----BEG", "IN CERTIFICATE-----"].concat();
        for line in [&aws[..19], &token[..39], &certificate] {
            assert_eq!(patterns.judge("x.txt", line), None);
        }
    }

    #[test]
    fn package_hosts_belong_into_lock_files_only() {
        let patterns = Patterns::new();
        for host in &patterns.hosts {
            let line = format!("source = \"https://{host}/x\"");
            assert!(patterns.judge("docs/a.md", &line).is_some(), "{host}");
            assert_eq!(patterns.judge("fuzz/Cargo.lock", &line), None);
        }
    }

    #[test]
    fn the_line_is_named() {
        let text = format!("one\ntwo {}\n", Patterns::new().hosts[0]);
        let (_dir, workspace) = Workspace::made_up(&[("a.txt", &text)]);
        let found = check(&workspace, &workspace.files().unwrap()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].file, "a.txt:2");
    }
}
