//! What is there and that no checker uses, or uses without being told.

use super::files::{Files, is_of_others};
use super::{Found, Named};

/// How many files of one kind are named.
const MOST: usize = 5;

/// How many descriptions of services are opened.
const OPENED: usize = 40;

/// Names what is there.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    openapi(files, found);
    let about: [(&[&str], &str); 3] = [
        (&[".gitleaks.toml"], "is read by secrets as it is; `tollgate secrets -v` names what in it hides findings"),
        (&[".gitleaksignore"], "is read by secrets as it is"),
        (
            &[
                "lighthouserc.js",
                "lighthouserc.cjs",
                "lighthouserc.json",
                "lighthouserc.yml",
                "lighthouserc.yaml",
                ".lighthouserc.js",
                ".lighthouserc.cjs",
                ".lighthouserc.json",
                ".lighthouserc.yml",
                ".lighthouserc.yaml",
                "lighthouse.config.js",
            ],
            "is Lighthouse's; [[sources]] reads the reports that Lighthouse writes",
        ),
    ];
    for (names, about) in about {
        found.named.extend(files.first("", names).map(|path| Named::new(path, about)));
    }
}

fn openapi(files: &Files<'_>, found: &mut Found) {
    let named = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let (stem, ending) = name.split_once('.').unwrap_or((&name, ""));
        let ending = ending.rsplit('.').next().unwrap_or_default();
        matches!(ending, "json" | "yaml" | "yml") && (stem.starts_with("openapi") || stem.starts_with("swagger"))
    };
    let paths = files.names().iter().filter(named).filter(|path| !is_of_others(path)).take(OPENED);
    let described = paths.filter(|path| {
        files.head(path).is_some_and(|head| {
            ["openapi:", "\"openapi\"", "'openapi'", "swagger:", "\"swagger\""].iter().any(|word| head.contains(word))
        })
    });
    let about = |path: &str| {
        format!(
            "is an OpenAPI document; `tollgate latency import {path}` prints an endpoint for each operation that only reads"
        )
    };
    found.named.extend(described.take(MOST).map(|path| Named::new(path, about(path))));
}
