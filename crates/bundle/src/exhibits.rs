//! What is shown beside the numbers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tollgate_check::paths;
use tollgate_model::{Cell, Column, Exhibit, ExhibitData, Node, Unit, format};

use crate::Encoding;
use crate::account::{Account, Load, Start};
use crate::asset::Asset;
use crate::kind::Kind;
use crate::size::Size;

/// How many files the table of files names.
const MOST_FILES: usize = 50;

/// How many starts a table names.
const MOST_STARTS: usize = 200;

/// How many files of starts are listed.
const MOST_LOADED: usize = 2_000;

/// How many folders the tree has, the build folder included.
const MOST_FOLDERS: usize = 200;

/// First loads, sizes by type, the largest files, folders by size, and what each start loads.
pub(crate) fn exhibits(dir: &str, assets: &[Asset], account: Option<&Account>, encoding: Encoding) -> Vec<Exhibit> {
    let loads = account.map_or(&[][..], |account| &account.loads);
    let later = account.is_some_and(|account| !account.later_is_unknown);
    let mut all: Vec<Exhibit> = [Start::Route, Start::Entry]
        .into_iter()
        .filter_map(|start| starts(start, assets, loads, later, encoding))
        .collect();
    all.extend([types(assets, encoding), files(assets, encoding), folders(dir, assets, encoding)]);
    all.extend(loaded(assets, loads));
    all
}

/// The encodings that every file has a size in.
fn encodings(assets: &[Asset]) -> Vec<Encoding> {
    Encoding::ALL.into_iter().filter(|encoding| assets.iter().all(|asset| asset.size(*encoding).is_some())).collect()
}

fn title(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Raw => "Raw",
        Encoding::Gzip => "Gzip",
        Encoding::Brotli => "Brotli",
    }
}

/// A size, or the bound that is known of it.
fn cell(size: Size) -> Cell {
    match size.is_exact() {
        true => Cell::Bytes(size.high),
        false => Cell::Text(format!("up to {}", format::short_bytes(size.high))),
    }
}

fn sum(assets: &[&Asset], encoding: Encoding) -> Size {
    assets.iter().filter_map(|asset| asset.size(encoding)).sum()
}

fn starts(start: Start, assets: &[Asset], loads: &[Load], later: bool, encoding: Encoding) -> Option<Exhibit> {
    let of = |paths: &std::collections::BTreeSet<String>, kind: Option<Kind>| -> Size {
        let found = paths.iter().filter_map(|path| find(assets, path));
        let found: Vec<&Asset> = found.filter(|asset| kind.is_none_or(|kind| asset.kind == kind)).collect();
        sum(&found, encoding)
    };
    let mut ours: Vec<(Size, &Load)> =
        loads.iter().filter(|load| load.start == start).map(|load| (of(&load.initial, None), load)).collect();
    ours.sort_by(|a, b| b.0.high.cmp(&a.0.high).then_with(|| a.1.name.cmp(&b.1.name)));
    let most = ours.first()?.0.high;
    let row = |(first, load): &(Size, &Load)| {
        let mut row = vec![
            Cell::Text(load.name.clone()),
            cell(*first),
            Cell::Share(first.high, most),
            cell(of(&load.initial, Some(Kind::Js))),
            cell(of(&load.initial, Some(Kind::Css))),
        ];
        row.extend(later.then(|| cell(of(&load.lazy, None))));
        row
    };
    let rows = ours.iter().take(MOST_STARTS).map(row).collect();
    let omitted = ours.len().saturating_sub(MOST_STARTS) as u64;
    let (id, head) = match start {
        Start::Route => ("routes", "Route"),
        Start::Entry => ("entries", "Entry"),
    };
    let mut columns = vec![
        Column::text(head),
        Column::number("First load"),
        Column::text(""),
        Column::number("js"),
        Column::number("css"),
    ];
    columns.extend(later.then(|| Column::number("Later")));
    let title = format!("First load by {}, {}", start.label(), encoding.word());
    Some(Exhibit { id: id.to_owned(), title, data: ExhibitData::Table { columns, rows, omitted } })
}

fn find<'a>(assets: &'a [Asset], path: &str) -> Option<&'a Asset> {
    assets.binary_search_by(|asset| asset.path.as_str().cmp(path)).ok().map(|at| &assets[at])
}

fn types(assets: &[Asset], encoding: Encoding) -> Exhibit {
    let encodings = encodings(assets);
    let mut kinds: Vec<(Size, Kind, Vec<&Asset>)> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, assets.iter().filter(|a| a.kind == kind).collect::<Vec<_>>()))
        .filter(|(_, files)| !files.is_empty())
        .map(|(kind, files)| (sum(&files, encoding), kind, files))
        .collect();
    kinds.sort_by_key(|(size, kind, _)| (Reverse(size.high), *kind));
    let whole = kinds.iter().fold(0, |all: u64, (size, ..)| all.saturating_add(size.high));
    let rows = kinds.into_iter().map(|(size, kind, files)| {
        let mut row = vec![Cell::Text(kind.word().to_owned()), Cell::Count(files.len() as u64)];
        row.extend(encodings.iter().map(|encoding| cell(sum(&files, *encoding))));
        row.push(Cell::Share(size.high, whole));
        row
    });
    let mut columns = vec![Column::text("Type"), Column::number("Files")];
    columns.extend(encodings.iter().map(|encoding| Column::number(title(*encoding))));
    columns.push(Column::text(""));
    let title = "Size by type".to_owned();
    Exhibit { id: "types".to_owned(), title, data: ExhibitData::Table { columns, rows: rows.collect(), omitted: 0 } }
}

fn files(assets: &[Asset], encoding: Encoding) -> Exhibit {
    let encodings = encodings(assets);
    let size = |asset: &Asset| asset.size(encoding).map_or(0, |size| size.high);
    let mut largest: Vec<&Asset> = assets.iter().collect();
    largest.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.path.cmp(&b.path)));
    let most = largest.first().map_or(0, |asset| size(asset));
    let rows = largest.iter().take(MOST_FILES).map(|asset| {
        let mut row = vec![Cell::Text(asset.path.clone())];
        row.extend(encodings.iter().map(|encoding| asset.size(*encoding).map_or(Cell::Empty, cell)));
        row.push(Cell::Share(size(asset), most));
        row
    });
    let mut columns = vec![Column::text("File")];
    columns.extend(encodings.iter().map(|encoding| Column::number(title(*encoding))));
    columns.push(Column::text(""));
    let omitted = largest.len().saturating_sub(MOST_FILES) as u64;
    let data = ExhibitData::Table { columns, rows: rows.collect(), omitted };
    Exhibit { id: "files".to_owned(), title: "Largest files".to_owned(), data }
}

/// Each file that each start loads, at first or later.
fn loaded(assets: &[Asset], loads: &[Load]) -> Option<Exhibit> {
    let (mut rows, mut all) = (Vec::new(), 0_usize);
    for load in loads {
        for (paths, when) in [(&load.initial, "first"), (&load.lazy, "later")] {
            all += paths.len();
            for asset in paths.iter().filter_map(|path| find(assets, path)).take(MOST_LOADED - rows.len()) {
                let words = [load.start.label(), &load.name, &asset.path, when].map(|word| Cell::Text(word.to_owned()));
                rows.push(words.into_iter().chain([Cell::Bytes(asset.raw)]).collect::<Vec<_>>());
            }
        }
    }
    let columns = vec![
        Column::text("Start"),
        Column::text("Name"),
        Column::text("File"),
        Column::text("When"),
        Column::number("Raw"),
    ];
    let omitted = all.saturating_sub(rows.len()) as u64;
    let data = ExhibitData::Table { columns, rows, omitted };
    (!loads.is_empty()).then(|| Exhibit { id: "loads".to_owned(), title: "What each loads".to_owned(), data })
}

fn folders(dir: &str, assets: &[Asset], encoding: Encoding) -> Exhibit {
    let mut totals: BTreeMap<&str, u64> = BTreeMap::from([("", 0)]);
    for asset in assets {
        let size = asset.size(encoding).map_or(0, |size| size.high);
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
        label: paths::name(path).to_owned(),
        value: *size as f64,
        children: nodes(path, children),
    };
    of_parent.map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::sample::asset;

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
