//! Releases of the tollgate under test, as the action finds them.

use std::fs;
use std::process::Command;

use super::host::Host;

/// The version that the tollgate under test says it is.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The target of the runner.
pub(super) const TARGET: &str = "x86_64-unknown-linux-musl";
/// Where the release is said to lie.
pub(super) const URL: &str = "https://github.com/tollgate/tollgate/releases/download/v1/tollgate.tar.gz";

/// Makes the archive of a release, with the tollgate under test in it as `name`, and returns its SHA-256.
pub(super) fn archive(host: &Host, name: &str) -> String {
    let folder = host.join("release");
    fs::create_dir_all(&folder).expect("a folder");
    host.program(&folder.join(name), "tollgate", &runs());
    pack(host, name)
}

/// A script that is the tollgate under test.
pub(super) fn runs() -> String {
    format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_tollgate"))
}

/// Packs what lies in the folder `release` as `name`, and returns the archive's SHA-256.
pub(super) fn pack(host: &Host, name: &str) -> String {
    let archive = host.join("tollgate.tar.gz");
    let mut tar = Command::new("tar");
    tar.arg("-czf").arg(&archive).arg("-C").arg(host.join("release")).arg(name);
    assert!(tar.status().expect("tar").success());
    let sum = Command::new("sha256sum").arg(&archive).output().expect("sha256sum").stdout;
    String::from_utf8(sum).expect("ASCII")[..64].to_owned()
}

/// Lists releases in the copy of the manifest.
pub(super) fn list(host: &Host, lines: &[String]) {
    let place = host.join("action/action/releases.txt");
    let text = fs::read_to_string(&place).expect("the manifest");
    fs::write(&place, text + &lines.join("\n") + "\n").expect("the manifest");
}

/// A line of the manifest.
pub(super) fn line(version: &str, sum: &str) -> String {
    format!("{version} {TARGET} {sum} {URL}")
}

/// A release is listed, and its archive lies in the tool cache already.
pub(super) fn cached(host: &Host) {
    let sum = archive(host, "tollgate");
    list(host, &[line(VERSION, &sum)]);
    let place = host.join("tools/tollgate").join(VERSION).join(TARGET);
    fs::create_dir_all(&place).expect("a folder");
    fs::copy(host.join("tollgate.tar.gz"), place.join("tollgate.tar.gz")).expect("a copy");
}
