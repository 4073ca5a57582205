//! What leads from the name of a module to a file: `tsconfig.json` and the packages of the repository.

use std::collections::BTreeMap;

use tollgate_check::Tree;
use tollgate_check::paths::{above, below, is_of_others, join, name, parent};
use tollgate_input::{Limits, json, utf8};

use crate::syntax::{Expr, Stmt, parse};

/// Largest `tsconfig.json` or `package.json` that is read, bytes.
const LARGEST: u64 = 1 << 20;

/// Most files that one `tsconfig.json` may extend, one after the other.
const MOST_EXTENDED: usize = 8;

/// How names of modules are mapped below one folder.
#[derive(Debug, Clone, Default)]
struct Mapping {
    /// The folder that names without a dot are looked up in.
    base: Option<String>,
    /// Patterns with at most one `*`, and what they stand for: paths below the root.
    paths: Vec<(String, Vec<String>)>,
}

/// A package of the repository.
#[derive(Debug, Clone, Default)]
struct Package {
    folder: String,
    /// What it calls its entry, in the order in which it is asked.
    entries: Vec<String>,
}

/// What all of them say.
#[derive(Debug, Default)]
pub(super) struct Config {
    /// By folder.
    mappings: BTreeMap<String, Mapping>,
    packages: BTreeMap<String, Package>,
}

impl Config {
    /// Reads them all.
    pub(super) fn read(tree: &dyn Tree, paths: &[String]) -> Self {
        let mut config = Self::default();
        for path in paths.iter().filter(|path| !is_of_others(path)) {
            match name(path) {
                "package.json" => config.package(tree, path),
                "tsconfig.json" | "jsconfig.json" => {
                    let mapping = mapping(tree, path, 0);
                    config.mappings.entry(parent(path).to_owned()).or_insert(mapping);
                }
                _ => {}
            }
        }
        config
    }

    fn package(&mut self, tree: &dyn Tree, path: &str) {
        let Ok(bytes) = tree.read(path, LARGEST) else { return };
        let Ok(root) = json::parse(path, &utf8(&bytes), Limits::default()) else { return };
        let Some(name) = root.get("name").and_then(|name| name.as_str()) else { return };
        let mut entries = Vec::new();
        let exports = root.get("exports").map(|exports| exports.get(".").unwrap_or(exports));
        for key in ["source", "types", "import", "default", "require"] {
            entries.extend(exports.and_then(|node| node.get(key)).and_then(|node| node.as_str()));
        }
        entries.extend(exports.and_then(|node| node.as_str()));
        for key in ["source", "types", "module", "main"] {
            entries.extend(root.get(key).and_then(|node| node.as_str()));
        }
        let package =
            Package { folder: parent(path).to_owned(), entries: entries.into_iter().map(str::to_owned).collect() };
        self.packages.entry(name.to_owned()).or_insert(package);
    }

    /// Where the module that the file `from` calls `module` may lie, without endings, the most likely first.
    pub(super) fn candidates(&self, from: &str, module: &str) -> Vec<String> {
        if module.starts_with('.') {
            return below(parent(from), module).into_iter().collect();
        }
        let mut all = Vec::new();
        if let Some(mapping) = above(from).find_map(|folder| self.mappings.get(folder)) {
            for (pattern, places) in &mapping.paths {
                let star = match pattern.split_once('*') {
                    Some((before, after)) => module.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)),
                    None => (module == pattern).then_some(""),
                };
                all.extend(star.into_iter().flat_map(|star| places.iter().map(|place| place.replacen('*', star, 1))));
            }
            all.extend(mapping.base.iter().map(|base| join(base, module)));
        }
        all.extend(self.of_package(module));
        all
    }

    fn of_package(&self, module: &str) -> Vec<String> {
        let slash =
            if module.starts_with('@') { module.match_indices('/').nth(1) } else { module.match_indices('/').next() };
        let (name, rest) = slash.map_or((module, ""), |(at, _)| (&module[..at], &module[at + 1..]));
        let Some(package) = self.packages.get(name) else { return Vec::new() };
        if !rest.is_empty() {
            return vec![join(&package.folder, &format!("src/{rest}")), join(&package.folder, rest)];
        }
        let mut all = Vec::new();
        for entry in &package.entries {
            let entry = entry.trim_start_matches("./");
            // What is built lies where its source does, in another folder.
            for built in ["dist/", "build/", "lib/"] {
                if let Some(rest) = entry.strip_prefix(built) {
                    all.push(join(&package.folder, &format!("src/{rest}")));
                }
            }
            all.push(join(&package.folder, entry));
        }
        all.extend(["src/index", "index"].map(|entry| join(&package.folder, entry)));
        all
    }
}

fn mapping(tree: &dyn Tree, path: &str, depth: usize) -> Mapping {
    let Ok(bytes) = tree.read(path, LARGEST) else { return Mapping::default() };
    // It is JSON with comments and loose commas, which an expression of JavaScript is too.
    let file = parse("tsconfig.ts", &format!("export default (\n{}\n)", utf8(&bytes)));
    let Some(Stmt::Var { value: Some(root), .. }) = file.body.first() else { return Mapping::default() };
    let folder = parent(path);
    let extended = root.get("extends").and_then(Expr::as_text).filter(|text| text.starts_with('.'));
    let mut mapping = match extended.and_then(|text| below(folder, text)) {
        Some(place) if depth < MOST_EXTENDED => {
            let place = if place.ends_with(".json") { place } else { format!("{place}.json") };
            mapping(tree, &place, depth + 1)
        }
        _ => Mapping::default(),
    };
    let Some(options) = root.get("compilerOptions") else { return mapping };
    let base = options.get("baseUrl").and_then(Expr::as_text).and_then(|base| below(folder, base));
    let of_paths = base.clone().unwrap_or_else(|| folder.to_owned());
    mapping.base = base.or(mapping.base);
    if let Some(paths) = options.get("paths") {
        mapping.paths = paths
            .properties()
            .iter()
            .filter_map(|property| {
                let crate::syntax::ExprKind::Array(places) = &property.value.kind else { return None };
                let places = places.iter().filter_map(|place| below(&of_paths, place.as_text()?));
                Some((property.name.clone()?, places.collect()))
            })
            .collect();
    }
    mapping
}
