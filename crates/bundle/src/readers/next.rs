//! Next.js: which scripts and style sheets each page asks for, by the manifests that `next build` leaves in its folder.
//!
//! The documentation of Next.js does not describe these manifests. Their shapes here are those of 13.5 to 16, as built by
//! webpack and by Turbopack from sample applications, and what counts is what Chromium downloaded of these.
//!
//! A page of the app router loads the files that all pages share, and the chunks of client components and the style sheets
//! of itself, its layouts and the files around it (`error`, `loading`, `template`, `not-found`). A page of the pages router
//! loads its own files, those of `_app` and two manifests. What comes later is what the loaded scripts `import()`.

mod app;
mod chunks;
mod entries;
mod manifests;
mod mentions;
mod pages;
mod references;
#[cfg(test)]
mod tests;

use tollgate_input::Entry;
use tollgate_model::{Cause, Problem, format};

use crate::account::Account;
use crate::build::Build;
use chunks::Chunks;
use manifests::{Placement, Shared};

/// What every build has.
const BUILD_MANIFEST: &str = "build-manifest.json";

/// Where `next dev` writes, and no production build does.
const OF_DEV: &str = "static/development/";

/// Reads the build folder of Next.js, `.next` by default.
///
/// # Errors
/// The build is that of `next dev`, or a manifest that every build has is not what it should be.
pub(crate) fn read(build: &Build<'_>) -> Result<Option<Account>, Problem> {
    let manifest = build.at(BUILD_MANIFEST);
    if !build.files.iter().any(|file| file.starts_with("static/")) {
        return Ok(None);
    }
    if !build.has(&manifest) {
        let serves = build.root.entry(&build.at("server")) == Ok(Entry::Folder);
        if !(serves && build.has(&build.at("BUILD_ID"))) {
            return Ok(None);
        }
        let message = format!("{manifest}: not found, in a build of Next.js; run `next build`");
        return Err(Problem::new(Cause::Missing, message).at(manifest));
    }
    let id = build.at("BUILD_ID");
    if !build.has(&id) && build.files.iter().any(|file| file.starts_with(OF_DEV)) {
        let message = format!("{id}: is not there, so this is no production build; run `next build`");
        return Err(Problem::new(Cause::NoEvidence, message).at(id));
    }
    let shared = Shared::read(build)?;
    let placement = Placement::read(build)?;
    let bundler = bundler(manifests::version(build)?.as_deref(), &shared);
    let mut chunks = Chunks::new(build, shared.is_turbopack())?;
    chunks.present(&manifest, shared.all());
    let paths = manifests::app_paths(build)?;
    let (routes, passed_over) = app::routes(&paths);
    let listed = manifests::app_build(build)?;
    chunks.present(&build.at(manifests::APP_BUILD), listed.values().flatten());
    let mut problems = Vec::new();
    if shared.root_main.is_empty() && !routes.is_empty() {
        let message = format!(
            "{manifest}: names no files that all pages share, and there are pages of the app router; build again"
        );
        problems.push(Problem::new(Cause::NoEvidence, message).at(&manifest));
    }
    let mut loads = app::loads(&mut chunks, &shared, &routes, &listed);
    loads.extend(pages::loads(&mut chunks, &shared));
    let later_is_unknown = chunks.lost_imports();
    problems.extend(chunks.into_problems());
    if loads.is_empty() && problems.is_empty() {
        problems.push(Problem::new(Cause::NoEvidence, format!("{manifest}: names no page; build again")).at(manifest));
    }
    let mut notes = notes(&shared, &placement, passed_over);
    if later_is_unknown {
        notes.push(
            "what comes later is not known: the build's manifest of imports lacks modules that its scripts import"
                .to_owned(),
        );
    }
    if let Some(named) = build.manifest {
        notes.push(format!("{named} is not read: what Next.js itself wrote about the build tells more"));
    }
    Ok(Some(Account { bundler, loads, later_is_unknown, notes, problems }))
}

/// `Next.js 15 (webpack)`; without the number where the build does not say it.
fn bundler(version: Option<&str>, shared: &Shared) -> String {
    let major = version.and_then(|version| version.split('.').next()).filter(|major| !major.is_empty());
    let major = major.map(|major| format!(" {major}")).unwrap_or_default();
    format!("Next.js{major} ({})", if shared.is_turbopack() { "Turbopack" } else { "webpack" })
}

/// What people should know of the names and of what was left out.
fn notes(shared: &Shared, placement: &Placement, passed_over: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if !shared.polyfills.is_empty() {
        notes.push("scripts for browsers without modules are not part of a load".to_owned());
    }
    if passed_over > 0 {
        let count = format::things(passed_over as u64, "intercepting route");
        notes.push(format!("{count} left out: no address leads to one on a first visit"));
    }
    if !placement.base.is_empty() {
        notes.push(format!("the application is served under {}, which names of routes leave out", placement.base));
    }
    if placement.locales > 1 {
        let locales = placement.locales;
        notes.push(format!("a page of the pages router stands for its {locales} locales, which load the same files"));
    }
    notes
}
