//! Builds that browsers load: what build scripts say they make, and what lies there.

use serde_json::Value;
use tollgate_check::paths;

use super::files::{Files, is_plain, join, normal};
use super::literal::{Literal, value_of};
use super::node::Package;
use super::{Found, Input, Named};

/// What a command makes: words of a build script, the folder, and the files that may say another.
struct Builder {
    words: &'static str,
    folder: &'static str,
}

const BUILDERS: [Builder; 13] = [
    Builder { words: "next build", folder: ".next/static" },
    Builder { words: "vite build", folder: "dist" },
    Builder { words: "react-scripts build", folder: "build" },
    Builder { words: "craco build", folder: "build" },
    Builder { words: "vue-cli-service build", folder: "dist" },
    Builder { words: "astro build", folder: "dist" },
    Builder { words: "gatsby build", folder: "public" },
    Builder { words: "nuxt build", folder: ".output/public" },
    Builder { words: "nuxt generate", folder: ".output/public" },
    Builder { words: "parcel build", folder: "dist" },
    Builder { words: "react-router build", folder: "build/client" },
    Builder { words: "remix vite:build", folder: "build/client" },
    Builder { words: "docusaurus build", folder: "build" },
];

/// Commands whose output is loaded by programs, not by browsers.
const OTHERS: [&str; 11] =
    ["nest build", "tsc", "tsup", "tsdown", "unbuild", "zshy", "tshy", "rollup", "babel", "swc", "ncc"];

/// How many builds are written down.
const MOST: usize = 10;

/// What its build script makes of the package, for browsers.
fn folder(files: &Files<'_>, package: &Package) -> Option<String> {
    let script = package.script("build")?;
    let builder = BUILDERS.iter().find(|builder| script.contains(builder.words))?;
    let text = |names: &[&str]| files.text(&files.first(&package.folder, names)?);
    let place = match builder.words {
        "next build" => {
            let names = ["next.config.js", "next.config.mjs", "next.config.ts"];
            let config = text(&names).unwrap_or_default();
            let word = |key: &str| value_of(&config, key).and_then(|value| value.text().map(str::to_owned));
            match (word("output").as_deref(), word("distDir")) {
                (Some("export"), own) => own.unwrap_or_else(|| "out".to_owned()),
                (_, Some(own)) => format!("{own}/static"),
                _ => builder.folder.to_owned(),
            }
        }
        "vite build" => {
            let names = ["vite.config.ts", "vite.config.mts", "vite.config.js", "vite.config.mjs"];
            let config = text(&names).unwrap_or_default();
            if matches!(value_of(&config, "lib"), Some(Literal::Table(_))) {
                return None;
            }
            let own = value_of(&config, "outDir").and_then(|value| value.text().map(str::to_owned));
            own.unwrap_or_else(|| builder.folder.to_owned())
        }
        _ => builder.folder.to_owned(),
    };
    normal(&package.folder, &place).filter(|path| is_plain(path))
}

/// Adds what the build scripts of a workspace make, and the command that makes it.
pub(super) fn of_scripts(files: &Files<'_>, root: &Package, members: &[Package], found: &mut Found) {
    let mut any = Vec::new();
    for package in std::iter::once(root).chain(members) {
        let Some(path) = folder(files, package) else { continue };
        if any.len() == MOST {
            let about = "is built too, and more than can be listed here: name it in [[bundle]] where its size matters";
            found.named.push(Named::new(path, about));
            continue;
        }
        let there = files.is_folder(&path);
        any.push(package);
        found.builds.push(Input { path, package: package.folder.clone(), there, by: "script build".to_owned() });
    }
    if any.is_empty() {
        return;
    }
    if root.script("build").is_some() {
        found.script.measure.push(root.manager.run(&root.folder, "build", ""));
        return;
    }
    found.script.measure.extend(any.iter().map(|package| package.manager.run(&package.folder, "build", "")));
}

/// Adds builds that lie there, unless what makes them makes them for programs.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    for path in tollgate_bundle::usual_builds(files.root()) {
        if found.builds.iter().any(|build| build.path == path || path.starts_with(&format!("{}/", build.path))) {
            continue;
        }
        let package = package_of(files, &path);
        let manifest = files.json(&join(package, "package.json"));
        let script =
            manifest.as_ref().and_then(|manifest| manifest.get("scripts")?.get("build")?.as_str()).unwrap_or("");
        let words: Vec<&str> = script.split(|c: char| c.is_whitespace() || c == '/').collect();
        if let Some(other) = OTHERS.iter().find(|other| other.split(' ').all(|word| words.contains(&word))) {
            let about = format!("is what `{other}` makes, which no browser loads; it was not taken for a bundle");
            found.named.push(Named::new(path, about));
            continue;
        }
        if manifest.as_ref().is_some_and(is_library) {
            found.named.push(Named::new(path, "is the output of a library; [bundle] names it where its size matters"));
            continue;
        }
        if found.builds.len() >= MOST {
            continue;
        }
        let package = package.to_owned();
        found.builds.push(Input { path, package, there: true, by: "it lies there".to_owned() });
    }
}

/// The nearest folder above `path` that has a manifest, `""` for the root.
pub(super) fn package_of<'a>(files: &Files<'_>, path: &'a str) -> &'a str {
    paths::above(path).find(|folder| files.has(&join(folder, "package.json"))).unwrap_or_default()
}

/// Whether a package is made to be installed by others.
fn is_library(manifest: &Value) -> bool {
    let is_private = manifest.get("private").and_then(Value::as_bool) == Some(true);
    !is_private && ["exports", "main", "bin", "module"].iter().any(|key| manifest.get(key).is_some())
}
