//! What is shown beside the numbers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tollgate_model::{Cell, Column, Exhibit, ExhibitData, Node, Unit};

use crate::Encoding;
use crate::asset::{Asset, sizes};
use crate::kind::Kind;
use crate::measure::ENGINE;

/// How many files the table names.
const MOST_FILES: usize = 50;

/// How many folders the tree has, the build folder included.
const MOST_FOLDERS: usize = 200;

/// Sizes by type, the largest files, and folders by size.
pub(crate) fn exhibits(dir: &str, assets: &[Asset], encoding: Encoding) -> Vec<Exhibit> {
    vec![types(assets), files(assets, encoding), folders(dir, assets, encoding)]
}

fn types(assets: &[Asset]) -> Exhibit {
    let mut kinds: Vec<(u64, Kind, Vec<&Asset>)> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, assets.iter().filter(|a| a.kind == kind).collect::<Vec<_>>()))
        .filter(|(_, files)| !files.is_empty())
        .map(|(kind, files)| (files.iter().map(|a| a.raw).sum(), kind, files))
        .collect();
    kinds.sort_by_key(|(raw, kind, _)| (Reverse(*raw), *kind));
    let rows = kinds.into_iter().map(|(raw, kind, files)| {
        let gzip: Option<u64> = files.iter().map(|asset| asset.gzip()).sum();
        vec![Cell::Text(kind.word().to_owned()), Cell::Count(files.len() as u64), Cell::Bytes(raw), optional(gzip)]
    });
    let columns = vec![Column::text("Type"), Column::number("Files"), Column::number("Raw"), Column::number("Gzip")];
    let title = format!("Size by type ({ENGINE})");
    Exhibit { id: "types".to_owned(), title, data: ExhibitData::Table { columns, rows: rows.collect(), omitted: 0 } }
}

fn files(assets: &[Asset], encoding: Encoding) -> Exhibit {
    let sizes = sizes(assets, encoding);
    let rows = sizes.iter().take(MOST_FILES).map(|(_, asset)| {
        let kind = asset.kind.word().to_owned();
        vec![Cell::Text(asset.path.clone()), Cell::Text(kind), Cell::Bytes(asset.raw), optional(asset.gzip())]
    });
    let columns = vec![Column::text("File"), Column::text("Type"), Column::number("Raw"), Column::number("Gzip")];
    let omitted = sizes.len().saturating_sub(MOST_FILES) as u64;
    let data = ExhibitData::Table { columns, rows: rows.collect(), omitted };
    Exhibit { id: "files".to_owned(), title: "Largest files".to_owned(), data }
}

fn folders(dir: &str, assets: &[Asset], encoding: Encoding) -> Exhibit {
    let mut totals: BTreeMap<&str, u64> = BTreeMap::from([("", 0)]);
    for asset in assets {
        let size = asset.size(encoding).unwrap_or(0);
        for end in std::iter::once(0).chain(asset.path.match_indices('/').map(|(at, _)| at)) {
            *totals.entry(&asset.path[..end]).or_default() += size;
        }
    }
    let all = totals.len();
    let mut largest: Vec<(&str, u64)> = totals.into_iter().collect();
    // A folder weighs no less than what lies in it, and comes before it where they weigh the same.
    largest
        .sort_by_key(|(path, size)| (Reverse(*size), path.matches('/').count() + usize::from(!path.is_empty()), *path));
    largest.truncate(MOST_FOLDERS);
    let mut children: BTreeMap<&str, Vec<(&str, u64)>> = BTreeMap::new();
    let whole = largest.first().map_or(0, |(_, size)| *size);
    for (path, size) in largest.iter().skip(1) {
        children.entry(path.rsplit_once('/').map_or("", |(parent, _)| parent)).or_default().push((path, *size));
    }
    let title = match all {
        n if n > MOST_FOLDERS => format!("Folders by size, {} ({MOST_FOLDERS} largest of {n})", encoding.word()),
        _ => format!("Folders by size, {}", encoding.word()),
    };
    let root = Node { label: dir.to_owned(), value: whole as f64, children: nodes("", &children) };
    Exhibit { id: "tree".to_owned(), title, data: ExhibitData::Tree { unit: Unit::Bytes, root } }
}

fn nodes(parent: &str, children: &BTreeMap<&str, Vec<(&str, u64)>>) -> Vec<Node> {
    let of_parent = children.get(parent).into_iter().flatten();
    let node = |(path, size): &(&str, u64)| Node {
        label: path.rsplit('/').next().unwrap_or(path).to_owned(),
        value: *size as f64,
        children: nodes(path, children),
    };
    of_parent.map(node).collect()
}

fn optional(size: Option<u64>) -> Cell {
    size.map_or(Cell::Empty, Cell::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(path: &str, raw: u64) -> Asset {
        Asset { path: path.to_owned(), real: path.into(), kind: Kind::of(path), raw, read: None }
    }

    fn tree(assets: &[Asset]) -> (String, Node) {
        let exhibit = folders("dist", assets, Encoding::Raw);
        match exhibit.data {
            ExhibitData::Tree { root, .. } => (exhibit.title, root),
            _ => panic!("not a tree"),
        }
    }

    fn count(node: &Node) -> usize {
        1 + node.children.iter().map(count).sum::<usize>()
    }

    #[test]
    fn folders_hold_their_folders_largest_first() {
        let (title, root) = tree(&[asset("a/b/x.js", 5), asset("a/y.js", 1), asset("c/z.js", 9), asset("top.js", 2)]);
        assert_eq!(title, "Folders by size, raw");
        let text = |node: &Node| format!("{} {}", node.label, node.value);
        assert_eq!(text(&root), "dist 17");
        assert_eq!(root.children.iter().map(text).collect::<Vec<_>>(), ["c 9", "a 6"]);
        assert_eq!(text(&root.children[1].children[0]), "b 5");
    }

    #[test]
    fn a_large_tree_is_bounded_and_whole() {
        let assets: Vec<_> = (0..900).map(|n| asset(&format!("p{}/q{n}/r/x.js", n % 30), 1)).collect();
        let (title, root) = tree(&assets);
        assert_eq!(title, "Folders by size, raw (200 largest of 1831)");
        assert_eq!(count(&root), MOST_FOLDERS);
        assert_eq!(root.children.len(), 30);
    }

    #[test]
    fn the_file_table_is_bounded() {
        let assets: Vec<_> = (0..60).map(|n| asset(&format!("{n}.js"), n)).collect();
        match files(&assets, Encoding::Raw).data {
            ExhibitData::Table { rows, omitted, columns } => {
                assert_eq!((rows.len(), omitted), (50, 10));
                assert_eq!(rows[0][0], Cell::Text("59.js".to_owned()));
                assert!(rows.iter().all(|row| row.len() == columns.len()));
            }
            _ => panic!("not a table"),
        }
    }
}
