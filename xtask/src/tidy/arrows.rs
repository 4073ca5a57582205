//! Which crate may use which. ARCHITECTURE.md draws the same arrows.

use crate::tidy::Breach;
use crate::workspace::{Package, Workspace};

/// What a room may use of the workspace.
#[derive(Clone, Copy)]
enum Reach {
    /// These rooms.
    These(&'static [&'static str]),
    /// Every room of [`ROOMS`] but the binaries; no checker.
    Rooms,
    /// Everything, checkers too.
    Everything,
}

/// Every room that is no checker, and what it may use.
const ROOMS: &[(&str, Reach)] = &[
    ("model", Reach::These(&[])),
    ("digest", Reach::These(&[])),
    ("rules", Reach::These(&["model"])),
    ("input", Reach::These(&["model"])),
    ("check", Reach::These(&["model", "input"])),
    ("ingest", Reach::These(&["digest", "model", "input"])),
    ("tree", Reach::These(&["model", "check", "input"])),
    ("sarif", Reach::These(&["digest", "input", "model"])),
    ("policy", Reach::These(&["model"])),
    ("config", Reach::These(&["input", "model", "policy"])),
    ("render", Reach::These(&["model"])),
    ("loopback", Reach::These(&[])),
    ("origin", Reach::These(&[])),
    ("http", Reach::These(&["origin"])),
    ("openapi", Reach::These(&["input", "model"])),
    ("shop-server", Reach::These(&["http", "openapi"])),
    ("forge", Reach::These(&["input", "loopback", "model"])),
    ("post", Reach::These(&["forge", "input", "loopback", "model", "render"])),
    (
        "init",
        Reach::These(&[
            "bundle",
            "check",
            "config",
            "coverage",
            "input",
            "model",
            "policy",
            "render",
            "secrets",
            "tree",
            "workflows",
        ]),
    ),
    ("runner", Reach::Rooms),
    ("tollgate", Reach::Everything),
    ("xtask", Reach::Everything),
];

/// What every other crate, which is a checker, may use.
const CHECKER: Reach = Reach::These(&["check", "ingest", "input", "model", "rules"]);

/// Rooms that only [`Reach::Everything`] reaches.
const BINARIES: &[&str] = &["init", "shop-server", "tollgate", "xtask"];

/// Foreign crates that only some rooms may use: `(name, rooms, why)`.
const CONFINED: &[(&str, &[&str], &str)] = &[
    ("gix", &["tree"], "repositories are read through tollgate-tree alone"),
    ("octocrab", &["forge"], "forges are spoken to by tollgate-forge alone"),
    ("anyhow", &["runner", "tollgate", "xtask"], "libraries have typed errors; take thiserror"),
];

/// The room of a package: its name without `tollgate-`.
pub(super) fn room(package: &str) -> &str {
    package.strip_prefix("tollgate-").unwrap_or(package)
}

/// Whether a room is a checker: whatever [`ROOMS`] does not list.
pub(super) fn is_checker(room: &str) -> bool {
    ROOMS.iter().all(|(name, _)| *name != room)
}

/// Names that no checker can have.
pub(crate) fn room_names() -> impl Iterator<Item = &'static str> {
    ROOMS.iter().map(|(name, _)| *name)
}

pub(super) fn check(workspace: &Workspace, packages: &[Package]) -> Vec<Breach> {
    let mut found = Vec::new();
    for package in packages {
        let from = room(&package.name);
        let file = package.manifest_path.strip_prefix(workspace.root()).unwrap_or(&package.manifest_path);
        let file = file.to_string_lossy().replace('\\', "/");
        for dependency in &package.dependencies {
            let ours = packages.iter().any(|p| p.name == dependency.name);
            if ours && !may_use(from, room(&dependency.name)) {
                let message = format!("{from} may not use {}; {}", room(&dependency.name), advice(from));
                found.push(Breach::new(&file, message));
            }
            for (name, rooms, why) in CONFINED {
                let same = dependency.name == *name || dependency.name.starts_with(&format!("{name}-"));
                if same && !rooms.contains(&from) {
                    found.push(Breach::new(&file, format!("{from} may not use {}: {why}", dependency.name)));
                }
            }
        }
    }
    found
}

/// Checkers that see more than a tree and reports: one that looks at history, one that asks a service.
const WIDER: &[(&str, Reach)] = &[
    ("latency", Reach::These(&["check", "http", "input", "model", "openapi", "origin", "rules"])),
    ("owasp", Reach::These(&["check", "http", "input", "model", "openapi", "origin", "rules"])),
    ("secrets", Reach::These(&["check", "digest", "input", "model", "rules", "tree"])),
];

fn reach(room: &str) -> Reach {
    ROOMS.iter().chain(WIDER).find(|(name, _)| *name == room).map_or(CHECKER, |(_, reach)| *reach)
}

fn may_use(from: &str, to: &str) -> bool {
    from == to
        || match reach(from) {
            Reach::These(rooms) => rooms.contains(&to),
            Reach::Rooms => !is_checker(to) && !BINARIES.contains(&to),
            Reach::Everything => true,
        }
}

fn advice(from: &str) -> String {
    match reach(from) {
        Reach::These([]) => "it may use no other room".to_owned(),
        Reach::These(rooms) => format!("it may use {}", rooms.join(", ")),
        Reach::Rooms | Reach::Everything => "it may use neither checkers nor binaries".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn package(name: &str, dependencies: &[&str]) -> Package {
        Package {
            name: name.to_owned(),
            manifest_path: format!("/w/crates/{}/Cargo.toml", room(name)).into(),
            dependencies: dependencies.iter().map(|d| Dependency { name: (*d).to_owned() }).collect(),
        }
    }

    fn found(user: &str, used: &str) -> Vec<String> {
        let (_dir, workspace) = Workspace::made_up(&[]);
        let mut packages = vec![package(user, &[used])];
        if used.starts_with("tollgate") && used != user {
            packages.push(package(used, &[]));
        }
        check(&workspace, &packages).iter().map(Breach::to_string).collect()
    }

    #[test]
    fn arrows_that_point_down_are_allowed() {
        for (user, used) in [
            ("tollgate-rules", "tollgate-model"),
            ("tollgate-tree", "tollgate-check"),
            ("tollgate-config", "tollgate-policy"),
            ("tollgate-coverage", "tollgate-check"),
            ("tollgate-coverage", "tollgate-rules"),
            ("tollgate-coverage", "tollgate-ingest"),
            ("tollgate-ingest", "tollgate-digest"),
            ("tollgate-secrets", "tollgate-digest"),
            ("tollgate-runner", "tollgate-tree"),
            ("tollgate", "tollgate-coverage"),
            ("tollgate", "tollgate-runner"),
            ("xtask", "tollgate"),
            ("tollgate-check", "tollgate-check"),
            ("tollgate-tree", "gix"),
            ("tollgate-runner", "anyhow"),
            ("tollgate-model", "serde"),
        ] {
            assert!(found(user, used).is_empty(), "{user} -> {used}");
        }
    }

    #[test]
    fn all_others_are_not() {
        for (user, used) in [
            ("tollgate-model", "tollgate-input"),
            ("tollgate-digest", "tollgate-model"),
            ("tollgate-coverage", "tollgate-digest"),
            ("tollgate-policy", "tollgate-input"),
            ("tollgate-render", "tollgate-policy"),
            ("tollgate-sarif", "tollgate-render"),
            ("tollgate-coverage", "tollgate-bundle"),
            ("tollgate-coverage", "tollgate-policy"),
            ("tollgate-coverage", "tollgate-runner"),
            ("tollgate-coverage", "tollgate-tree"),
            ("tollgate-runner", "tollgate-coverage"),
            ("tollgate-runner", "tollgate"),
            ("tollgate-check", "tollgate-tree"),
            ("tollgate-ingest", "tollgate-check"),
            ("tollgate-coverage", "gix"),
            ("tollgate-runner", "gix-hash"),
            ("tollgate-runner", "octocrab"),
            ("tollgate-model", "anyhow"),
        ] {
            assert_eq!(found(user, used).len(), 1, "{user} -> {used}");
        }
    }

    #[test]
    fn a_breach_names_the_manifest_and_the_way_out() {
        let message = &found("tollgate-coverage", "tollgate-policy")[0];
        assert!(message.contains("crates/coverage/Cargo.toml: coverage may not use policy"), "{message}");
        assert!(message.ends_with("it may use check, ingest, input, model, rules"), "{message}");
    }
}
