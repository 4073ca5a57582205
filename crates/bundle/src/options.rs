//! Flags and section of the configuration.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tollgate_check::{CheckError, Globs};

/// What `bundle` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Folder of the build output, relative to the root. Without it the one of dist, build, out, public/build,
    /// apps/*/dist, apps/*/build and apps/*/out that holds built files.
    #[arg(long, value_name = "DIR")]
    pub dir: Option<String>,

    /// What `bundle.total` and `bundle.size` count: raw (the default) or gzip. `bundle.raw` and `bundle.gzip` always count
    /// what their name says.
    #[arg(long, value_enum, value_name = "ENCODING")]
    pub encoding: Option<Encoding>,

    /// Files that are not shipped, as globs relative to the build folder; `*` stays within a folder, `**` does not. Your
    /// list replaces the default, `**/*.map` (source maps). How much is left out is said in the report.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// What the bundler wrote about the build, relative to the root: statistics of webpack or Rspack, a metafile of esbuild, a
    /// manifest of Vite. Those of Next.js and Vite are found by themselves where they usually lie.
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<String>,

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
    /// Which files, as globs relative to the build folder; `!` before one takes away again what those before it matched.
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
    /// Bytes after brotli, quality 11.
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

    /// What is left out.
    pub(crate) fn exclusion(&self) -> Result<Globs, CheckError> {
        Globs::new("bundle.exclude", &self.exclude)
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
