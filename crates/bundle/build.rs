//! Embeds the rules of this checker, and which compressor it was built with: numbers are compared, and kept, under its name.

use std::fs;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    const LOCK: &str = "../../Cargo.lock";
    println!("cargo:rerun-if-changed={LOCK}");
    let lock = fs::read_to_string(LOCK)?;
    let version = lock
        .split_once("name = \"zlib-rs\"\nversion = \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(version, _)| version)
        .ok_or("Cargo.lock names no zlib-rs")?;
    println!("cargo:rustc-env=TOLLGATE_ZLIB_RS={version}");
    tollgate_rules::embed("bundle")
}
