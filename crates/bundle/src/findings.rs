//! What a build folder should not hold.

use tollgate_model::{Finding, Fingerprinter, Location, format};

use crate::RULES;
use crate::asset::{Asset, within};
use crate::kind::is_source_map;
use crate::stale::Newer;
use crate::walk::Listing;

const SOURCE_MAP_SHIPPED: &str = "bundle/source-map-shipped";
const EMPTY_FILE: &str = "bundle/empty-file";
const STALE_BUILD: &str = "bundle/stale-build";

/// That the build `dir` is older than a source.
pub(crate) fn stale(dir: &str, newer: &Newer) -> Finding {
    let others = match newer.others {
        0 => String::new(),
        n => format!(" (and {} more)", format::things(n as u64, "file")),
    };
    let message = format!(
        "{}{others} was changed {} after {dir} was built: what is measured is not what the sources give now",
        newer.path,
        newer.words()
    );
    // Named after the folder: another source is the same old build.
    let fingerprint = Fingerprinter::default().next(STALE_BUILD, dir, "");
    Finding::of(&RULES, STALE_BUILD, message, Location::file(newer.path.as_str()), fingerprint)
}

/// How many files a message names.
const MOST_NAMED: usize = 5;

/// How many empty files have a finding of their own.
const MOST_EMPTY: usize = 100;

/// Findings about the build folder `dir`, and a note for those that are left out.
pub(crate) fn findings(dir: &str, listing: &Listing) -> (Vec<Finding>, Option<String>) {
    let mut names = Fingerprinter::default();
    let mut findings: Vec<Finding> = source_maps(dir, listing, &mut names).into_iter().collect();
    let empty: Vec<&Asset> = listing.assets.iter().filter(|a| a.raw == 0 && a.kind.is_page_text()).collect();
    findings.extend(empty.iter().take(MOST_EMPTY).map(|asset| {
        let path = within(dir, &asset.path);
        let message = format!("{path} is empty: what it should hold was not built");
        let fingerprint = names.next(EMPTY_FILE, &path, "");
        Finding::of(&RULES, EMPTY_FILE, message, Location::file(path), fingerprint)
    }));
    let left_out = empty.len().saturating_sub(MOST_EMPTY);
    let note = (left_out > 0).then(|| format!("{left_out} more empty files are not listed as findings"));
    (findings, note)
}

fn source_maps(dir: &str, listing: &Listing, names: &mut Fingerprinter) -> Option<Finding> {
    let counted = listing.assets.iter().map(|asset| asset.path.as_str());
    let excluded = listing.excluded.iter().map(|(path, _)| path.as_str());
    let mut maps: Vec<&str> = counted.chain(excluded).filter(|path| is_source_map(path)).collect();
    maps.sort_unstable();
    let first = *maps.first()?;
    let named = format::few(&maps[..maps.len().min(MOST_NAMED)], maps.len());
    let message = match maps.len() {
        1 => format!("{dir} holds a source map: {named}. Deployed, it shows your sources to everybody"),
        n => format!("{dir} holds {n} source maps: {named}. Deployed, they show your sources to everybody"),
    };
    // Named after the folder: hashes in file names change with every build.
    let fingerprint = names.next(SOURCE_MAP_SHIPPED, dir, "");
    Some(Finding::of(&RULES, SOURCE_MAP_SHIPPED, message, Location::file(within(dir, first)), fingerprint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(path: String, raw: u64) -> Asset {
        crate::asset::sample::asset(&path, raw)
    }

    #[test]
    fn every_rule_exists() {
        for rule in [SOURCE_MAP_SHIPPED, EMPTY_FILE, STALE_BUILD] {
            assert!(RULES.iter().any(|known| known.id == rule), "{rule}");
        }
        assert_eq!(RULES.len(), 3);
    }

    #[test]
    fn one_finding_names_a_handful_of_maps() {
        let listing = Listing {
            excluded: (0..7).map(|n| (format!("{n}.js.map"), 1)).collect(),
            assets: vec![asset("0.css.map".to_owned(), 1), asset("world.map".to_owned(), 1)],
            ..Listing::default()
        };
        let (found, note) = findings("dist", &listing);
        assert_eq!((found.len(), note), (1, None));
        assert_eq!(found[0].location, Some(Location::file("dist/0.css.map")));
        let named = "dist holds 8 source maps: 0.css.map, 0.js.map, 1.js.map, 2.js.map, 3.js.map and 3 more. ";
        assert!(found[0].message.starts_with(named), "{}", found[0].message);
    }

    #[test]
    fn a_source_map_keeps_its_fingerprint_when_its_hash_changes() {
        let of = |path: &str| {
            let listing = Listing { excluded: vec![(path.to_owned(), 1)], ..Listing::default() };
            findings("dist", &listing).0.remove(0).fingerprint
        };
        assert_eq!(of("app.11aa.js.map"), of("app.22bb.js.map"));
    }

    #[test]
    fn empty_page_files_are_named_up_to_a_bound() {
        let names = ["a.js", "b.css", "c.html", "d.png", ".nojekyll"];
        let mut assets: Vec<_> = names.into_iter().map(|name| asset(name.to_owned(), 0)).collect();
        assets.push(asset("full.js".to_owned(), 1));
        let (found, note) = findings(".", &Listing { assets, ..Listing::default() });
        let places: Vec<_> = found.iter().map(|f| f.location.as_ref().unwrap().path.as_str()).collect();
        assert_eq!((places.as_slice(), note), (["a.js", "b.css", "c.html"].as_slice(), None));
        let assets = (0..130).map(|n| asset(format!("{n:03}.js"), 0)).collect();
        let (found, note) = findings("dist", &Listing { assets, ..Listing::default() });
        assert_eq!(found.len(), 100);
        assert_eq!(note.as_deref(), Some("30 more empty files are not listed as findings"));
    }
}
