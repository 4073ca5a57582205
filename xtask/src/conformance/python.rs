//! A third-party program from Python's package index, fetched by pip into an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::workspace;

/// zizmor, which audits workflows and actions: its version, and the SHA-256 of its builds.
const ZIZMOR: &str = "zizmor==1.32.0 \
    --hash=sha256:84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071 \
    --hash=sha256:0cdd38fca6eb34ceb567548548d706332e3535ea66894b9168c048e03207b68c \
    --hash=sha256:0a999c98015becd9f69919ce01febadfb1c2be9b8ec2ce9ef7eb13ff23ba8eba \
    --hash=sha256:aa4b4e216321dd5cf202cd79fc83296468f0eed79d850cd65ac8187a6bbc5496\n";

/// Where zizmor lies in `folder`, after fetching it if need be: this content exactly, and nothing beside it.
pub(super) fn zizmor(folder: &Path) -> Result<PathBuf> {
    let place = folder.join("python");
    let (program, stamp) = (place.join("bin/zizmor"), place.join("requirements.txt"));
    if program.is_file() && fs::read_to_string(&stamp).is_ok_and(|pinned| pinned == ZIZMOR) {
        return Ok(program);
    }
    println!("fetching zizmor");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    let wanted = folder.join("requirements.txt");
    fs::write(&wanted, ZIZMOR)?;
    workspace::run(Command::new("python3").args(["-m", "venv"]).arg(&place))
        .context("conformance needs python3 with its modules venv and ensurepip")?;
    let arguments = ["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement"];
    workspace::run(Command::new(place.join("bin/pip")).args(arguments).arg(&wanted))
        .context("zizmor cannot be had; conformance needs the pip client and a network")?;
    fs::rename(&wanted, &stamp)?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_not_fetched() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("python");
        fs::create_dir_all(place.join("bin")).unwrap();
        fs::write(place.join("bin/zizmor"), "").unwrap();
        fs::write(place.join("requirements.txt"), ZIZMOR).unwrap();
        assert_eq!(zizmor(dir.path()).unwrap(), place.join("bin/zizmor"));
    }

    #[test]
    fn every_build_is_pinned_by_its_content() {
        let hashes: Vec<&str> =
            ZIZMOR.split_whitespace().filter_map(|word| word.strip_prefix("--hash=sha256:")).collect();
        assert!(!hashes.is_empty() && hashes.iter().all(|hash| hash.len() == 64), "{hashes:?}");
        assert!(ZIZMOR.starts_with("zizmor==") && ZIZMOR.ends_with('\n'));
    }
}
