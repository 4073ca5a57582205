//! The manifests that speak of the whole build.

use std::collections::BTreeMap;

use tollgate_check::paths;
use tollgate_input::InputError;
use tollgate_input::json_stream::{Kind, Reader};
use tollgate_model::Problem;

use super::BUILD_MANIFEST;
use super::entries::address;
use crate::build::Build;

/// Which entry of the app router has which files.
pub(super) const APP_BUILD: &str = "app-build-manifest.json";

/// `build-manifest.json`: files that several pages share, and those of each page of the pages router, as written there.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// What every page of the app router loads.
    pub(super) root_main: Vec<String>,
    /// `_buildManifest.js` and its like, which every page of the pages router loads.
    pub(super) low_priority: Vec<String>,
    /// For browsers without modules.
    pub(super) polyfills: Vec<String>,
    /// Page of the pages router -> files.
    pub(super) pages: BTreeMap<String, Vec<String>>,
}

impl Shared {
    /// Reads it.
    ///
    /// # Errors
    /// It is not what it should be.
    pub(super) fn read(build: &Build<'_>) -> Result<Self, Problem> {
        build.json(&build.at(BUILD_MANIFEST), |reader| {
            let mut shared = Self::default();
            reader.object(|reader, key| {
                match key {
                    "rootMainFiles" => shared.root_main = strings(reader)?,
                    "lowPriorityFiles" => shared.low_priority = strings(reader)?,
                    "polyfillFiles" => shared.polyfills = strings(reader)?,
                    "pages" => {
                        reader.object(|reader, page| {
                            shared.pages.insert(page.to_owned(), strings(reader)?);
                            Ok(())
                        })?;
                    }
                    _ => {}
                }
                Ok(())
            })?;
            Ok(shared)
        })
    }

    /// Every file that it names.
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        self.root_main.iter().chain(&self.low_priority).chain(&self.polyfills).chain(self.pages.values().flatten())
    }

    /// Whether Turbopack built it, whose runtime has a name of its own.
    pub(super) fn is_turbopack(&self) -> bool {
        let mut files = self.root_main.iter().chain(self.pages.values().flatten());
        files.any(|file| paths::name(file).starts_with("turbopack-"))
    }
}

/// Pages and route handlers of the app router: (path in the folder `app`, path of the address), in the order of the manifest.
/// None in an application without that router.
///
/// # Errors
/// A manifest is not what it should be.
pub(super) fn app_paths(build: &Build<'_>) -> Result<Vec<(String, String)>, Problem> {
    let named = build.at("app-path-routes-manifest.json");
    let mut addresses = if build.has(&named) { build.json(&named, record)? } else { BTreeMap::new() };
    // What one of the manifests lacks another has.
    let paths = build.at("server/app-paths-manifest.json");
    let paths = if build.has(&paths) { build.json(&paths, record)? } else { BTreeMap::new() };
    for path in paths.into_keys().chain(app_build(build)?.into_keys().filter(|entry| entry.ends_with("/page"))) {
        let own = address(&path);
        addresses.entry(path).or_insert(own);
    }
    Ok(addresses.into_iter().collect())
}

/// `app-build-manifest.json`, which webpack writes up to 15: entry of the app router -> its files and those that all share. Empty
/// where there is none.
///
/// # Errors
/// It is not what it should be.
pub(super) fn app_build(build: &Build<'_>) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let manifest = build.at(APP_BUILD);
    let mut entries = BTreeMap::new();
    if build.has(&manifest) {
        build.json(&manifest, |reader| {
            reader.object(|reader, key| match key {
                "pages" => reader.object(|reader, entry| {
                    entries.insert(entry.to_owned(), strings(reader)?);
                    Ok(())
                }),
                _ => Ok(()),
            })
        })?;
    }
    Ok(entries)
}

/// `react-loadable-manifest.json` of webpack: module that is imported with `import()` -> its files.
///
/// # Errors
/// It is not what it should be.
pub(super) fn imports(build: &Build<'_>) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let mut imports: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let manifest = build.at("react-loadable-manifest.json");
    if !build.has(&manifest) {
        return Ok(imports);
    }
    build.json(&manifest, |reader| {
        reader.object(|reader, _| {
            let (mut module, mut files) = (None, Vec::new());
            reader.object(|reader, key| {
                match key {
                    "id" => module = id(reader)?,
                    "files" => files = strings(reader)?,
                    _ => {}
                }
                Ok(())
            })?;
            if let Some(module) = module {
                imports.entry(module).or_default().extend(files);
            }
            Ok(())
        })
    })?;
    Ok(imports)
}

/// The version of Next.js, which builds say since 15.
///
/// # Errors
/// The file that says it is not what it should be.
pub(super) fn version(build: &Build<'_>) -> Result<Option<String>, Problem> {
    let framework = build.at("diagnostics/framework.json");
    if !build.has(&framework) {
        return Ok(None);
    }
    Ok(build.json(&framework, record)?.remove("version"))
}

/// Where the application is served, by `routes-manifest.json`.
#[derive(Debug, Default)]
pub(super) struct Placement {
    /// `basePath`, empty by default.
    pub(super) base: String,
    /// How many locales the pages router knows.
    pub(super) locales: usize,
}

impl Placement {
    /// Reads it; a build without that manifest is served at the root.
    ///
    /// # Errors
    /// It is not what it should be.
    pub(super) fn read(build: &Build<'_>) -> Result<Self, Problem> {
        let manifest = build.at("routes-manifest.json");
        if !build.has(&manifest) {
            return Ok(Self::default());
        }
        build.json(&manifest, |reader| {
            let mut placement = Self::default();
            reader.object(|reader, key| {
                match key {
                    "basePath" => placement.base = reader.null_or(text)?.unwrap_or_default(),
                    "i18n" => placement.locales = reader.null_or(locales)?.unwrap_or_default(),
                    _ => {}
                }
                Ok(())
            })?;
            Ok(placement)
        })
    }
}

fn locales(reader: &mut Reader) -> Result<usize, InputError> {
    let mut locales = 0;
    reader.object(|reader, key| {
        if key == "locales" {
            locales = strings(reader)?.len();
        }
        Ok(())
    })?;
    Ok(locales)
}

/// An object of strings; what is no string is passed over.
fn record(reader: &mut Reader) -> Result<BTreeMap<String, String>, InputError> {
    let mut record = BTreeMap::new();
    reader.object(|reader, key| {
        if reader.kind()? == Kind::String {
            record.insert(key.to_owned(), text(reader)?);
        }
        Ok(())
    })?;
    Ok(record)
}

/// An array of strings.
pub(super) fn strings(reader: &mut Reader) -> Result<Vec<String>, InputError> {
    let mut strings = Vec::new();
    reader.array(|reader| {
        strings.push(text(reader)?);
        Ok(())
    })?;
    Ok(strings)
}

/// A string.
pub(super) fn text(reader: &mut Reader) -> Result<String, InputError> {
    Ok(reader.string()?.into_owned())
}

/// The id of a module: a number, or text where a build names modules.
pub(super) fn id(reader: &mut Reader) -> Result<Option<String>, InputError> {
    match reader.kind()? {
        Kind::Number => Ok(reader.number()?.as_u64().map(|id| id.to_string())),
        Kind::String => Ok(Some(text(reader)?)),
        _ => Ok(None),
    }
}
