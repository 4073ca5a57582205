//! size-limit: the key `size-limit` of package.json, `.size-limit.json`, `.size-limit`.
//!
//! The format is that of its README; what it means follows the packages `size-limit` and `@size-limit/file`. Each check weighs the
//! sum of its files. Sizes are read by `bytes-iec` (KB is 1000 bytes) since version 5 and were read by `bytes` (KB is 1024)
//! before; brotli is the default since version 11, gzip was before. A limit with an `s` in it is a time. Plugins that bundle
//! weigh what they make of a file and not the file.

use tollgate_input::{Node, one_line};

use super::file::File;
use super::globs::{Bang, globs};
use super::size::{Size, Units};
use super::{Budget, What, shown};
use crate::Encoding;

const WHOSE: &str = "size-limit";

/// Options of a check that only plugins that bundle have.
const OF_BUNDLERS: [&str; 6] = ["import", "entry", "config", "modifyWebpackConfig", "modifyEsbuildConfig", "module"];

/// Words in the names of packages that bundle before they weigh.
const BUNDLERS: [&str; 4] = ["webpack", "esbuild", "rolldown", "-lib"];

/// What the package says of size-limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Setup {
    /// The first number of its version.
    major: Option<u64>,
    /// The package that bundles before anything is weighed.
    bundler: Option<String>,
    /// The file that is weighed where a check names none.
    main: Option<String>,
}

impl Setup {
    /// Of a package with this manifest.
    pub(super) fn of(manifest: Option<&Node>) -> Self {
        let Some(manifest) = manifest else { return Self::default() };
        let lists = ["devDependencies", "dependencies", "optionalDependencies"];
        let packages = || lists.iter().filter_map(|list| manifest.get(list)).flat_map(Node::entries);
        let version = packages().find(|pair| pair.key.name() == Some(WHOSE)).and_then(|pair| pair.value.as_str());
        let bundler = packages().filter_map(|pair| pair.key.name()).find(|name| {
            name.strip_prefix("@size-limit/").is_some_and(|name| BUNDLERS.iter().any(|word| name.contains(word)))
        });
        Self {
            major: version.and_then(major),
            bundler: bundler.map(|name| one_line(name, 60, false).0),
            main: manifest.get("main").and_then(Node::as_str).map(str::to_owned),
        }
    }

    /// How it reads units, and what it counts where a check does not say.
    fn habits(&self) -> (Units, Encoding) {
        match self.major {
            Some(0..=4) => (Units::Binary, Encoding::Gzip),
            Some(5..=10) => (Units::Iec, Encoding::Gzip),
            _ => (Units::Iec, Encoding::Brotli),
        }
    }
}

/// The first number of a range of versions: `^11.1.0`, `~8`, `>=5`.
fn major(range: &str) -> Option<u64> {
    let digits = range.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_range = range.len() - digits.len() <= 3;
    digits.split(|c: char| !c.is_ascii_digit()).next().filter(|_| is_range)?.parse().ok()
}

/// Reads the list of checks.
pub(super) fn read(file: &mut File<'_>, checks: &Node, setup: &Setup) {
    if checks.items().is_empty() {
        file.leave(Some(checks), format!("{WHOSE} expects a list of checks here, and this is none"));
    }
    for check in checks.items() {
        match budget(file, check, setup) {
            Ok(budget) => file.take(budget),
            Err(why) => file.leave(Some(check), format!("{WHOSE}: {} {why}", called(check))),
        }
        if check.get("time").is_some() || check.get("running").and_then(Node::as_bool) == Some(true) {
            file.leave(
                Some(check),
                format!("{WHOSE}: {} measures time beside the size, which stays there", called(check)),
            );
        }
    }
}

/// What a check is called: its name, else its first pattern.
fn called(check: &Node) -> String {
    let path = || patterns(check).first().copied();
    let text = check.get("name").and_then(Node::as_str).or_else(path).unwrap_or("a check");
    format!("`{}`", one_line(text, 80, false).0)
}

fn patterns(check: &Node) -> Vec<&str> {
    match check.get("path") {
        Some(path) => path.as_str().into_iter().chain(path.items().iter().filter_map(Node::as_str)).collect(),
        None => Vec::new(),
    }
}

fn budget(file: &File<'_>, check: &Node, setup: &Setup) -> Result<Budget, String> {
    let limit = check.get("limit").ok_or("has no limit")?;
    let (units, usual) = setup.habits();
    if limit.as_str().is_some_and(|text| text.contains(['s', 'S'])) {
        return Err(format!("has the limit {}, which is a time; no checker of sizes measures it", shown(limit)));
    }
    let size = match (limit.as_str(), limit.as_number()) {
        (Some(text), _) => Size::of_text(text, units),
        (None, Some(number)) => Size::of_number(number, 1, "B"),
        (None, None) => None,
    };
    let size = size.ok_or_else(|| format!("has the limit {}, which is no size", shown(limit)))?;
    weighs_files(check, setup)?;
    if check.get("path").is_some_and(|path| path.items().iter().any(|one| one.as_str().is_none())) {
        return Err("has a path that is no text".to_owned());
    }
    let mut named = patterns(check);
    if named.is_empty() {
        named.extend(setup.main.as_deref());
    }
    let globs = globs(file.folder(), &named, Bang::Excludes)?;
    let flag = |name: &str| check.get(name).and_then(Node::as_bool);
    let encoding = match (usual, flag("gzip"), flag("brotli")) {
        (Encoding::Brotli, Some(true), _) => Encoding::Gzip,
        (Encoding::Gzip, _, Some(true)) => Encoding::Brotli,
        (Encoding::Brotli, _, Some(false)) | (Encoding::Gzip, Some(false), _) => Encoding::Raw,
        (usual, _, _) => usual,
    };
    let version = match setup.major {
        Some(major) => format!("{WHOSE} {major}"),
        None => WHOSE.to_owned(),
    };
    let name = check.get("name").and_then(Node::as_str).map(str::to_owned);
    Ok(Budget {
        what: What::Files { name, globs, each: false },
        encoding: Some(encoding),
        size,
        written: format!("limit {}", shown(limit)),
        place: file.place(limit),
        whose: WHOSE,
        assumed: size.assumed(&version),
        blocks: true,
    })
}

/// Whether the files themselves are weighed.
fn weighs_files(check: &Node, setup: &Setup) -> Result<(), String> {
    let bundled = "bundles it first and weighs what comes of that, not a built file";
    if let Some(option) = OF_BUNDLERS.iter().find(|option| check.get(option).is_some()) {
        return Err(format!("has `{option}`: {WHOSE} {bundled}"));
    }
    let flags = ["webpack", "esbuild"].map(|name| (name, check.get(name).and_then(Node::as_bool)));
    if let Some((name, _)) = flags.iter().find(|(_, flag)| *flag == Some(true)) {
        return Err(format!("has `{name}: true`: {WHOSE} {bundled}"));
    }
    let disabled = check.get("disablePlugins").map(Node::items).unwrap_or_default();
    let is_off = flags.iter().any(|(_, flag)| *flag == Some(false))
        || disabled.iter().filter_map(Node::as_str).any(|name| BUNDLERS.iter().any(|word| name.contains(word)));
    match &setup.bundler {
        Some(bundler) if !is_off => Err(format!("is weighed with {bundler}, which {bundled}")),
        _ => Ok(()),
    }
}
