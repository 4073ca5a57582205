//! What the user says about paths: `coverage.map`.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobMatcher};
use tollgate_check::CheckError;

use super::paths::{is_absolute, join};
use crate::options::PathMap;

/// The entries of `coverage.map`, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mappings {
    entries: Vec<Mapping>,
}

#[derive(Clone, Debug)]
struct Mapping {
    /// Without a slash at its end, unless it is nothing else; empty for every relative path.
    from: String,
    to: String,
    report: Option<GlobMatcher>,
    /// The entry in words.
    way: String,
}

impl Mappings {
    /// Reads the entries.
    ///
    /// # Errors
    /// A pattern that is none, and a target outside the root.
    pub(crate) fn new(maps: &[PathMap]) -> Result<Self, CheckError> {
        let entry = |map: &PathMap| {
            let clean = |text: &str| text.replace('\\', "/").trim_end_matches('/').to_owned();
            let to = clean(&map.to);
            let to = to.strip_prefix("./").unwrap_or(&to);
            let to = if to == "." { "" } else { to };
            if to.starts_with('/') || !to.is_empty() && join("", to).is_none() {
                let message = format!("`to = \"{}\"` leads outside the root; name a folder in it", map.to);
                return Err(CheckError::option("coverage.map", message));
            }
            let report = match &map.report {
                Some(glob) => {
                    let glob = GlobBuilder::new(glob)
                        .literal_separator(true)
                        .build()
                        .map_err(|e| CheckError::option("coverage.map", e.to_string()))?;
                    Some(glob.compile_matcher())
                }
                None => None,
            };
            let from = match clean(&map.from) {
                from if from.is_empty() && !map.from.is_empty() => "/".to_owned(),
                from => from,
            };
            let shown = if to.is_empty() { "the root" } else { to };
            let way = match from.as_str() {
                "" => format!("coverage.map: relative to {shown}"),
                from => format!("coverage.map: {from} is {shown}"),
            };
            Ok(Mapping { from, to: to.to_owned(), report, way })
        };
        Ok(Self { entries: maps.iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// Whether there is no entry.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where `path` of `report` leads by the first entry that fits it (none if outside the root), and that entry in words.
    pub(crate) fn apply(&self, report: &str, path: &str) -> Option<(Option<String>, String)> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.entries.iter().find_map(|entry| {
            if entry.report.as_ref().is_some_and(|glob| !glob.is_match(report)) {
                return None;
            }
            let rest = match entry.from.as_str() {
                "" if is_absolute(path) => return None,
                "" => path,
                "/" => path.strip_prefix('/')?,
                from => path.strip_prefix(from)?.strip_prefix('/')?,
            };
            Some((join(&entry.to, rest).map(Cow::into_owned), entry.way.clone()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stay_inside() {
        for to in ["/etc", "../x", "a/../../x"] {
            let map = PathMap { from: "/app".to_owned(), to: to.to_owned(), report: None };
            assert!(Mappings::new(&[map]).is_err(), "{to}");
        }
        let map = PathMap { from: "/app/".to_owned(), to: ".".to_owned(), report: None };
        let maps = Mappings::new(&[map]).unwrap();
        let file = |path: &str| maps.apply("r", path).map(|(file, _)| file);
        assert_eq!(file("/app/src/a.ts"), Some(Some("src/a.ts".to_owned())));
        assert_eq!(file("/application/a.ts"), None);
        assert_eq!(file("/app/../../etc/passwd"), Some(None));
        let map = PathMap { from: "/".to_owned(), to: "src".to_owned(), report: None };
        let maps = Mappings::new(&[map]).unwrap();
        let file = |path: &str| maps.apply("r", path).map(|(file, _)| file);
        assert_eq!((file("/a.c"), file("a.c")), (Some(Some("src/a.c".to_owned())), None));
    }
}
