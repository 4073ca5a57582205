//! Budgets of size that others judge, as `bundle` reads them: size-limit, bundlesize, bundlewatch, Lighthouse's `budget.json`,
//! `performance-budget.json` and its like.

use tollgate_bundle::import::{self, Budget, MANIFEST, Package};
use tollgate_check::paths;

use super::builds::package_of;
use super::files::{Files, is_of_others, is_plain, join};
use super::{Ask, Found, Named};
use crate::limit::Limit;

/// How many files of budgets are read.
const MOST_FILES: usize = 20;

/// Adds what budgets ask of builds.
pub(super) fn detect(files: &Files<'_>, found: &mut Found) {
    // What is Lighthouse CI's is named elsewhere.
    let is_ours = |path: &&String| import::is_named(path) && !is_of_others(path) && !path.contains("lighthouserc");
    let own = files.names().iter().filter(is_ours).take(MOST_FILES).cloned();
    let mut manifests: Vec<String> = found.builds.iter().map(|build| join(&build.package, MANIFEST)).collect();
    manifests.push(MANIFEST.to_owned());
    manifests.sort();
    manifests.dedup();
    for path in own.chain(manifests) {
        read(files, &path, found);
    }
}

/// Adds what the file at `path` asks.
fn read(files: &Files<'_>, path: &str, found: &mut Found) {
    let is_manifest = paths::name(path) == MANIFEST;
    let Some(text) = files.text(path) else { return };
    let folder = package_of(files, path);
    let manifest = if is_manifest { None } else { files.text(&join(folder, MANIFEST)) };
    let package = manifest.as_ref().map(|manifest| Package { folder, manifest });
    let Ok(taken) = import::read(path, &text, package) else {
        // Whoever reads packages says so of manifests.
        if !is_manifest {
            found.named.push(Named::new(path, "is not JSON, and was not used"));
        }
        return;
    };
    if taken.budgets.is_empty() && taken.left.is_empty() && !is_manifest {
        found.named.push(Named::new(path, "holds no budget of a build that could be read"));
    }
    for budget in &taken.budgets {
        ask(budget, found);
    }
    found.named.extend(taken.left.iter().map(|left| Named::new(path, left.text())));
}

/// Adds one budget: of a whole build, or of one file of a build that is known.
fn ask(budget: &Budget, found: &mut Found) {
    let (place, limit) = (budget.path().to_owned(), Limit::Bytes(budget.bytes()));
    if let Some(series) = budget.series() {
        let whose = format!("{} ({})", budget.whose(), budget.assumed());
        found.asks.push(Ask { series, limit, place, whose, judged: false });
        return;
    }
    let Some((metric, globs)) = budget.files() else { return };
    let inside = match globs {
        [one] if is_plain(one) => {
            found.builds.iter().find_map(|build| one.strip_prefix(&build.path)?.strip_prefix('/'))
        }
        _ => None,
    };
    let whose = budget.whose().to_owned();
    match inside {
        Some(inside) => {
            let series = format!("{metric}{{path=\"{inside}\"}}");
            found.asks.push(Ask { series, limit, place, whose, judged: true });
        }
        None => {
            let of = globs.join(" ");
            let about = format!(
                "{whose} asks {limit} of {of}, which is no one file of a build; `tollgate bundle import` takes it over"
            );
            found.named.push(Named::new(place, about));
        }
    }
}
