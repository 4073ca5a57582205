//! How tollgate comes onto a runner.

use std::fs;

use super::events::{Event, Project, act, project};
use super::host::{Host, Left};
use super::release::{self, TARGET, URL, VERSION};
use crate::support::{Sandbox, Tests};

pub(super) fn tests() -> Tests {
    vec![
        ("install_a_release_is_fetched_verified_and_kept", a_release_is_fetched_verified_and_kept),
        ("install_what_is_not_what_was_listed_is_refused", what_is_not_what_was_listed_is_refused),
        ("install_a_tampered_cache_is_noticed", a_tampered_cache_is_noticed),
        ("install_sums_are_taken_by_what_is_there", sums_are_taken_by_what_is_there),
        ("install_attestations_are_verified_where_they_can_be", attestations_are_verified_where_they_can_be),
        ("install_versions_are_chosen_and_named", versions_are_chosen_and_named),
        ("install_source_is_built_away_from_the_change", source_is_built_away_from_the_change),
    ]
}

/// Gives curl's answer: a copy of the archive into the file after `--output`.
const FETCHES: &str = r#"
while [ "$1" != --output ]; do shift; done
cp "$ARCHIVE" "$2""#;

/// What the action left behind, on a runner that has been made ready.
fn installed(host: &mut Host, with: &[(&str, &str)]) -> Left {
    let sandbox =
        Sandbox::repository(&[("tollgate.toml", "[secrets]\n[gates.G]\nconditions = [\"secrets.findings == 0\"]\n")]);
    let sandbox = Project::of(sandbox);
    let event = Event::of_default_branch(&sandbox, "workflow_dispatch");
    act(host, &sandbox, &event, "main", with)
}

/// A runner for which curl fetches the release that is listed.
fn online() -> Host {
    let mut host = Host::bare();
    let sum = release::archive(&host, "tollgate");
    release::list(&host, &[release::line(VERSION, &sum)]);
    let archive = host.join("tollgate.tar.gz").to_str().expect("UTF-8").to_owned();
    host.env.insert("ARCHIVE".to_owned(), archive);
    host.shim("curl", FETCHES);
    host
}

#[track_caller]
fn refused(left: &Left, code: i32, said: &str) {
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (code, "unknown"), "{}", left.log);
    assert!(left.summary.contains(said) && left.log.contains(said), "{said:?}: {}", left.log);
}

fn a_release_is_fetched_verified_and_kept() {
    let mut host = online();
    for turn in 0..2 {
        let left = installed(&mut host, &[]);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
        assert_eq!(left.log.contains("fetching tollgate"), turn == 0, "{}", left.log);
    }
    let calls = host.calls_of("curl");
    assert_eq!(calls.len(), 1, "the second time it comes from the tool cache");
    let pairs: Vec<&[String]> = calls[0].windows(2).collect();
    for option in ["--proto =https", "--retry 5", "--max-time 300"] {
        let (name, value) = option.split_once(' ').expect("two words");
        assert!(pairs.iter().any(|pair| pair[0] == name && pair[1] == value), "{option}: {calls:?}");
    }
    for option in ["--tlsv1.2", "--fail", "--location"] {
        assert!(calls[0].iter().any(|word| word == option), "{option}: {calls:?}");
    }
    assert_eq!(calls[0].last().map(String::as_str), Some(URL));
    host.shim("curl", "echo no route >&2; exit 7");
    fs::remove_dir_all(host.join("tools/tollgate")).expect("the cache is emptied");
    let left = installed(&mut host, &[]);
    refused(&left, 3, "could not be fetched from https://github.com/");
    assert!(left.log.contains("no route"), "{}", left.log);
}

fn what_is_not_what_was_listed_is_refused() {
    let mut host = online();
    fs::write(host.join("tollgate.tar.gz"), "something else").expect("another archive");
    let left = installed(&mut host, &[]);
    refused(&left, 3, "It was not used");
    assert!(host.calls_of("tollgate").is_empty(), "nothing of it was run");
    assert!(super::files::walk(&host.join("tools")).is_empty(), "nothing of it was kept");
    assert!(!super::files::walk(&host.join("temp")).iter().any(|path| path.ends_with("tollgate.tar.gz")));
    // The sum is right, and what is in it is not.
    for (name, script, code, said) in [
        ("other", "exit 0", 3, "holds no tollgate"),
        ("tollgate", "exit 1", 3, "does not start on this runner"),
        ("tollgate", "echo tollgate 9.9.9", 3, "says that it is \"tollgate 9.9.9\""),
    ] {
        let mut host = online();
        host.program(&host.join("release").join(name), "tollgate", script);
        let sum = release::pack(&host, name);
        release::list(&host, &[release::line("0.2.0", &sum)]);
        refused(&installed(&mut host, &[]), code, said);
    }
    // A link in place of the program reaches nothing.
    let mut host = online();
    fs::remove_file(host.join("release/tollgate")).expect("it was there");
    std::os::unix::fs::symlink("/bin/true", host.join("release/tollgate")).expect("a link");
    let sum = release::pack(&host, "tollgate");
    release::list(&host, &[release::line("0.2.0", &sum)]);
    refused(&installed(&mut host, &[]), 3, "holds no tollgate");
}

fn a_tampered_cache_is_noticed() {
    let mut host = online();
    assert_eq!(installed(&mut host, &[]).code, 0);
    let cached = host.join("tools/tollgate").join(VERSION).join(TARGET).join("tollgate.tar.gz");
    let good = fs::read(&cached).expect("it is kept");
    let folder = host.join("release");
    host.program(&folder.join("tollgate"), "evil", "exit 0");
    let kept = host.join("tollgate.tar.gz.good");
    fs::rename(host.join("tollgate.tar.gz"), &kept).expect("put aside");
    release::pack(&host, "tollgate");
    fs::copy(host.join("tollgate.tar.gz"), &cached).expect("tampered with");
    host.env.insert("ARCHIVE".to_owned(), kept.to_str().expect("UTF-8").to_owned());
    let left = installed(&mut host, &[]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
    assert!(left.log.contains("::warning title=tollgate::the tool cache holds another tollgate"), "{}", left.log);
    assert!(host.calls_of("evil").is_empty(), "what was in the cache was not run");
    assert_eq!(fs::read(&cached).expect("it is kept"), good);
}

fn sums_are_taken_by_what_is_there() {
    const NEEDED: [&str; 21] = [
        "awk", "bash", "cat", "chmod", "cp", "cut", "dirname", "git", "gzip", "head", "mkdir", "mktemp", "mv", "od",
        "rm", "sed", "sh", "tail", "tar", "touch", "tr",
    ];
    for tool in ["sha256sum", "shasum", "openssl"] {
        let mut host = online();
        // The other tools may be missing on this machine; what they print is known.
        host.only(&[&NEEDED[..], &["sha256sum"]].concat());
        let sum = host.join("programs/sha256sum");
        let real = fs::read_link(&sum).expect("a link");
        fs::remove_file(&sum).expect("it was there");
        host.shim(tool, &format!("{} | sed 's/ .*/ *stdin/'", real.display()));
        let left = installed(&mut host, &[]);
        assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{tool}: {}", left.log);
        let expected: &[&str] = match tool {
            "shasum" => &["-a", "256"],
            "openssl" => &["dgst", "-sha256", "-r"],
            _ => &[],
        };
        assert_eq!(host.calls_of(tool)[0], expected);
    }
    let mut host = online();
    host.only(&NEEDED);
    refused(&installed(&mut host, &[]), 3, "none of sha256sum, shasum and openssl is on the PATH");
    assert!(host.calls_of("curl").is_empty(), "nothing is fetched that cannot be verified");
}

fn attestations_are_verified_where_they_can_be() {
    let mut host = online();
    host.shim("gh", "exit 0");
    let left = installed(&mut host, &[]);
    assert_eq!(left.code, 0, "{}", left.log);
    let calls = host.calls_of("gh");
    let verify = calls.last().expect("a call");
    assert_eq!(verify[..2], ["attestation", "verify"]);
    assert_eq!(verify[3..], ["--repo", "tollgate/tollgate"]);
    assert!(!left.log.contains("not verified") && !left.log.contains("loopback-token"), "{}", left.log);

    let mut host = online();
    host.shim("gh", "case $* in *--help) exit 0;; esac; echo no attestations >&2; exit 1");
    refused(&installed(&mut host, &[]), 3, "does not verify");
    assert!(host.calls_of("tollgate").is_empty() && super::files::walk(&host.join("tools")).is_empty());

    for (script, with, server, said) in [
        ("exit 1", None, "https://github.com", "this gh knows no attestations"),
        ("exit 0", Some(("token", "")), "https://github.com", "there is no token"),
        ("exit 0", None, "https://git.example.org", "this server is not github.com"),
    ] {
        let mut host = online();
        host.shim("gh", script);
        let sandbox = project();
        let event = Event::pull_request(&sandbox, "o/r");
        host.env.extend(event.variables(&host));
        let with: Vec<_> = with.into_iter().chain([("gate", "Security")]).collect();
        let left = on_server(&mut host, &sandbox, &event, server, &with);
        assert_eq!(left.code, 0, "{}", left.log);
        let line = format!("the attestation was not verified: {said}");
        assert!(left.log.contains(&line), "{line}: {}", left.log);
        assert!(host.calls_of("gh").iter().all(|call| call.last().map(String::as_str) == Some("--help")));
    }
}

/// The action on another server than github.com.
fn on_server(host: &mut Host, sandbox: &Project, event: &Event, server: &str, with: &[(&str, &str)]) -> Left {
    let mut event = event.clone();
    event.server = server.to_owned();
    act(host, sandbox, &event, &event.sha, with)
}

fn versions_are_chosen_and_named() {
    let mut host = Host::bare();
    refused(&installed(&mut host, &[]), 2, "there is no release of tollgate yet: set build-from-source: true");
    let mut host = online();
    let sum = "0".repeat(64);
    release::list(
        &host,
        &[format!("0.3.0 aarch64-apple-darwin {sum} {URL}"), format!("1.0.0-rc.1 {TARGET} {sum} {URL}")],
    );
    refused(
        &installed(&mut host, &[("version", "9.9.9")]),
        2,
        "tollgate 9.9.9 is not listed in action/releases.txt; there are: 0.1.0 0.3.0 1.0.0-rc.1.",
    );
    refused(&installed(&mut host, &[]), 2, "release 0.3.0 has no build for x86_64-unknown-linux-musl");
    assert_eq!(installed(&mut host, &[("version", VERSION)]).code, 0);
    refused(&installed(&mut host, &[("version", "1.0.0-rc.1")]), 3, "It was not used");
    for broken in
        [format!("0.4.0 {TARGET} {sum} http://x.y/z"), format!("0.4.0 {TARGET} abc {URL}"), "0.4.0".to_owned()]
    {
        let mut host = Host::bare();
        release::list(&host, &[broken]);
        refused(&installed(&mut host, &[]), 3, "expected VERSION TARGET SHA256 URL");
    }
}

fn source_is_built_away_from_the_change() {
    let mut host = Host::bare();
    let script = format!(
        "pwd > \"$RUNNER_TEMP/where\"; env > \"$RUNNER_TEMP/env\"\n\
         for last; do :; done\nmkdir -p \"$last/bin\"; cp '{}' \"$last/bin/tollgate\"",
        host.join("built").display()
    );
    host.program(&host.join("built"), "tollgate", &release::runs());
    host.shim("cargo", &script);
    let left = installed(&mut host, &[("build-from-source", "true")]);
    assert_eq!((left.code, left.outputs["verdict"].as_str()), (0, "pass"), "{}", left.log);
    let calls = host.calls_of("cargo");
    let path = host.join("action/crates/tollgate");
    assert_eq!(calls[0][..5], ["install", "--locked", "--path", path.to_str().expect("UTF-8"), "--bin"]);
    // Cargo reads `.cargo/config.toml` and toolchains from where it is started.
    let read = |name: &str| fs::read_to_string(host.join("temp").join(name)).expect("a file");
    assert_eq!(read("where").trim(), fs::canonicalize(host.join("action")).expect("a path").to_str().expect("UTF-8"));
    assert!(!read("env").contains("loopback-token"), "the token is none of cargo's business");

    host.shim("cargo", "exit 101");
    refused(&installed(&mut host, &[("build-from-source", "true")]), 3, "could not be built");
    let left = installed(&mut host, &[("build-from-source", "true"), ("version", VERSION)]);
    refused(&left, 2, "version and build-from-source exclude each other");
}
