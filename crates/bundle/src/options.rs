//! Flags and section of the configuration.

use std::collections::BTreeSet;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tollgate_check::{CheckError, Globs};

use crate::asset::Asset;
use crate::engine::Engine;

/// What `bundle` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Folder of the build output, relative to the root. Without it the one of dist, build, out, .next, public/build, and dist,
    /// build, out and .next in apps/*, that holds built files.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<String>,

    /// What the metrics of sizes count: raw (the default), gzip or brotli. `bundle.raw`, `bundle.gzip` and `bundle.brotli`
    /// always count what their name says.
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub encoding: Option<Encoding>,

    /// Files that are not shipped, as globs relative to the build folder; `*` stays within a folder, `**` does not. Your
    /// list replaces the default, `**/*.map` (source maps). How much is left out is said in the report.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// What the bundler wrote about the build, relative to the root: statistics of webpack or Rspack, a metafile of esbuild, a
    /// manifest of Vite, the output bundle of Rollup or data of its visualizer. Those in their usual places are found by themselves.
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<String>,

    /// The same build of the base, to be compared with: its folder, relative to the root or absolute. It is measured beside this
    /// one, and stands for the base in conditions.
    #[arg(long, value_name = "DIR")]
    pub base_dir: Option<String>,

    /// Compress again what was compressed before, instead of taking its size from .tollgate/cache
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub no_cache: Option<bool>,

    /// Files that have a budget of their own, each group under a name: `bundle.files{name="…"}`.
    #[arg(skip)]
    pub files: Vec<FileGroup>,
}

/// Files of a build that are looked at together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileGroup {
    /// What conditions call it.
    pub name: String,
    /// Which files, as globs relative to the build folder; one with `!` before it takes files away.
    pub globs: Vec<String>,
    /// Whether each file has a series of its own, instead of one for their sum.
    #[serde(default)]
    pub each: bool,
}

/// How a size is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// Bytes on the disk.
    #[default]
    Raw,
    /// Bytes after gzip, level 9.
    Gzip,
    /// Bytes after brotli, quality 11, window 22.
    Brotli,
}

impl Encoding {
    /// The word that options use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Gzip => "gzip",
            Self::Brotli => "brotli",
        }
    }

    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Raw, Self::Gzip, Self::Brotli];

    /// What compresses so; none for bytes on the disk.
    pub(crate) fn engine(self) -> Option<Engine> {
        match self {
            Self::Raw => None,
            Self::Gzip => Some(Engine::Gzip),
            Self::Brotli => Some(Engine::Brotli),
        }
    }

    /// The metric that counts so whatever the options say.
    pub(crate) fn metric(self) -> &'static str {
        match self {
            Self::Raw => "bundle.raw",
            Self::Gzip => "bundle.gzip",
            Self::Brotli => "bundle.brotli",
        }
    }
}

impl Options {
    /// With every default filled in, except the folder, which is looked for.
    pub(crate) fn with_defaults(mut self) -> Self {
        self.encoding.get_or_insert_default();
        if self.exclude.is_empty() {
            self.exclude.push("**/*.map".to_owned());
        }
        self
    }

    /// Refuses names of folders and files that say nothing: what a variable left empty would be the whole root.
    ///
    /// # Errors
    /// One that is empty.
    pub(crate) fn named(&self) -> Result<(), CheckError> {
        let names =
            [("bundle.dir", &self.dir), ("bundle.base_dir", &self.base_dir), ("bundle.manifest", &self.manifest)];
        match names.into_iter().find(|(_, name)| name.as_ref().is_some_and(|name| name.trim().is_empty())) {
            Some((key, _)) => Err(CheckError::option(key, "is empty; name a path, or leave it out")),
            None => Ok(()),
        }
    }

    /// What is left out.
    pub(crate) fn exclusion(&self) -> Result<Globs, CheckError> {
        Globs::new("bundle.exclude", &self.exclude)
    }

    /// The groups of files.
    ///
    /// # Errors
    /// One without a name or globs, two of one name, a glob that is none.
    pub(crate) fn groups(&self) -> Result<Vec<Group>, CheckError> {
        let mut names = BTreeSet::new();
        let compile = |group: &FileGroup| {
            let key = format!("bundle.files {:?}", group.name);
            if group.name.trim().is_empty() {
                return Err(CheckError::option("bundle.files", "each needs a `name` that conditions can use"));
            }
            if !names.insert(group.name.clone()) {
                return Err(CheckError::option(key, "is there twice; give each its own name"));
            }
            let (without, with): (Vec<&str>, Vec<&str>) =
                group.globs.iter().map(String::as_str).partition(|glob| glob.starts_with('!'));
            if with.is_empty() {
                return Err(CheckError::option(key, "`globs` says of no file that it belongs to the group"));
            }
            let without: Vec<&str> = without.iter().map(|glob| &glob[1..]).collect();
            let (with, without) = (Globs::new(&key, &with)?, Globs::new(&key, &without)?);
            Ok(Group { name: group.name.clone(), each: group.each, with, without })
        };
        self.files.iter().map(compile).collect()
    }
}

/// A group of files, ready to be looked for.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// What conditions call it.
    pub(crate) name: String,
    /// Whether each file has a series of its own.
    pub(crate) each: bool,
    with: Globs,
    without: Globs,
}

impl Group {
    /// Positions of its files among `assets`.
    pub(crate) fn members(&self, assets: &[Asset]) -> Vec<usize> {
        let ours = |path: &str| self.with.matches(path) && !self.without.matches(path);
        assets.iter().enumerate().filter(|(_, asset)| ours(&asset.path)).map(|(at, _)| at).collect()
    }

    /// Its globs as they were written.
    pub(crate) fn words(&self) -> String {
        let without = self.without.patterns().iter().map(|glob| format!("!{glob}"));
        self.with.patterns().iter().cloned().chain(without).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusion(globs: &[&str]) -> Result<Globs, CheckError> {
        Options { exclude: globs.iter().map(|g| (*g).to_owned()).collect(), ..Options::default() }.exclusion()
    }

    #[test]
    fn defaults_leave_out_source_maps() {
        let options = Options::default().with_defaults();
        assert_eq!(options.encoding, Some(Encoding::Raw));
        let exclusion = options.exclusion().unwrap();
        assert!(exclusion.matches("app.js.map") && exclusion.matches("a/b/app.css.map"));
        assert!(!exclusion.matches("app.js") && !exclusion.matches("map/app.js"));
    }

    #[test]
    fn a_star_stays_within_a_folder() {
        let exclusion = exclusion(&["*.txt", "vendor/"]).unwrap();
        assert!(exclusion.matches("a.txt") && !exclusion.matches("a/a.txt"));
        assert!(exclusion.matches("vendor/x/y.js") && !exclusion.matches("vendors/x"));
    }

    #[test]
    fn a_bad_glob_is_named() {
        let message = exclusion(&["a[".to_owned().as_str()]).unwrap_err().to_string();
        assert!(message.starts_with("bundle.exclude: ") && message.contains("a["), "{message}");
    }
}
