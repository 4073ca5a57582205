use proptest::prelude::*;
use tollgate_model::{Bucket, Cell, Column, Exhibit, ExhibitData, Node, Point, Unit};

use super::{lines, markdown};

fn exhibit(data: ExhibitData) -> Exhibit {
    Exhibit { id: "x".to_owned(), title: "A | title".to_owned(), data }
}

fn table() -> Exhibit {
    let path = "apps/web/src/components/dashboard/widgets/tank-level/gauge-with-a-long-name.ts";
    exhibit(ExhibitData::Table {
        columns: vec![Column::text("File"), Column::number("Lines"), Column::number("Size"), Column::number("Change")],
        rows: vec![
            vec![
                Cell::Text(path.to_owned()),
                Cell::Ratio(7_997, 10_000),
                Cell::Bytes(612_345),
                Cell::BytesChange(1500),
            ],
            vec![Cell::Text("a|b.ts".to_owned()), Cell::Count(1234), Cell::Empty, Cell::BytesChange(-20)],
        ],
        omitted: 3,
    })
}

#[test]
fn a_table_fits_its_columns() {
    assert_eq!(
        lines(&table(), 60),
        [
            "File                                Lines      Size   Change",
            "apps/web/s…e-with-a-long-name.ts  79.97 %  612.3 KB  +1.5 KB",
            "a|b.ts                              1,234              -20 B",
            "… 3 more rows",
        ]
    );
}

#[test]
fn a_table_in_markdown_is_a_table() {
    let long = "apps/web/src/components/dashboard/widgets/tank-level/gauge-with-a-long-name.ts";
    assert_eq!(
        markdown(&table()),
        format!(
            "**A &#124; title**\n\n| File | Lines | Size | Change |\n|---|---:|---:|---:|\n\
             | {long} | 79.97 % | 612.3 KB | +1.5 KB |\n| a&#124;b.ts | 1,234 |  | -20 B |\n\n… 3 more rows\n"
        )
    );
}

#[test]
fn a_tree_has_branches() {
    let leaf = |label: &str, value: f64| Node { label: label.to_owned(), value, children: Vec::new() };
    let assets = Node {
        label: "assets".to_owned(),
        value: 600_000.0,
        children: vec![leaf("index.js", 500_000.0), leaf("index.css", 100_000.0)],
    };
    let root =
        Node { label: "dist".to_owned(), value: 612_345.0, children: vec![assets, leaf("index.html", 12_345.0)] };
    let drawing = lines(&exhibit(ExhibitData::Tree { unit: Unit::Bytes, root }), 60);
    assert_eq!(
        drawing,
        [
            "dist             612.3 KB  100 %",
            "├─ assets          600 KB   97 %",
            "│  ├─ index.js     500 KB   81 %",
            "│  └─ index.css    100 KB   16 %",
            "└─ index.html     12.3 KB    2 %",
        ]
    );
}

#[test]
fn a_distribution_has_bars() {
    let bucket = |from: f64, count| Bucket { from, to: from + 10.0, count };
    let buckets = vec![bucket(0.0, 800), bucket(10.0, 150), bucket(20.0, 0), bucket(30.0, 1)];
    let drawing = lines(&exhibit(ExhibitData::Distribution { unit: Unit::Milliseconds, buckets }), 60);
    assert_eq!(
        drawing,
        [
            "0 us to 10 ms   800  ███████████████████████████████████████",
            "10 ms to 20 ms  150  ███████▎",
            "20 ms to 30 ms    0",
            "30 ms to 40 ms    1  ▏",
        ]
    );
}

#[test]
fn a_series_shows_its_end() {
    let points = (0..40).map(|i| Point { label: format!("run {i}"), value: f64::from(i) }).collect();
    let drawing = lines(&exhibit(ExhibitData::Series { unit: Unit::Count, points }), 60);
    assert_eq!(drawing.len(), 31);
    assert_eq!(drawing[0], "… 10 values before");
    assert!(drawing[30].starts_with("run 39  39  ████"), "{}", drawing[30]);
}

/// Counts characters by their first bytes, apart from the code under test.
fn columns_of(line: &str) -> usize {
    line.bytes().filter(|byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

fn any_node() -> impl Strategy<Value = Node> {
    let leaf = (any::<String>(), any::<f64>()).prop_map(|(label, value)| Node { label, value, children: Vec::new() });
    leaf.prop_recursive(8, 60, 6, |inner| {
        (any::<String>(), any::<f64>(), proptest::collection::vec(inner, 0..6))
            .prop_map(|(label, value, children)| Node { label, value, children })
    })
}

fn any_exhibit() -> impl Strategy<Value = Exhibit> {
    let cell = prop_oneof![
        any::<String>().prop_map(Cell::Text),
        any::<u64>().prop_map(Cell::Count),
        any::<u64>().prop_map(Cell::Bytes),
        any::<i64>().prop_map(Cell::BytesChange),
        any::<f32>().prop_map(|ms| Cell::Milliseconds(f64::from(ms))),
        (any::<u64>(), any::<u64>()).prop_map(|(n, d)| Cell::Ratio(n, d)),
        Just(Cell::Empty),
    ];
    let column = (any::<String>(), any::<bool>()).prop_map(|(title, numeric)| Column { title, numeric });
    let rows = proptest::collection::vec(proptest::collection::vec(cell, 0..12), 0..40);
    let table = (proptest::collection::vec(column, 0..12), rows, any::<u64>())
        .prop_map(|(columns, rows, omitted)| ExhibitData::Table { columns, rows, omitted });
    let unit = proptest::sample::select(vec![Unit::Count, Unit::Percent, Unit::Bytes, Unit::Milliseconds]);
    let size = any::<f64>();
    let bucket = (size, size, any::<u64>()).prop_map(|(from, to, count)| Bucket { from, to, count });
    let point = (any::<String>(), size).prop_map(|(label, value)| Point { label, value });
    let tree = (unit.clone(), any_node()).prop_map(|(unit, root)| ExhibitData::Tree { unit, root });
    let buckets = (unit.clone(), proptest::collection::vec(bucket, 0..60))
        .prop_map(|(unit, buckets)| ExhibitData::Distribution { unit, buckets });
    let series =
        (unit, proptest::collection::vec(point, 0..60)).prop_map(|(unit, points)| ExhibitData::Series { unit, points });
    prop_oneof![table, tree, buckets, series].prop_map(exhibit)
}

proptest! {
    #[test]
    fn every_exhibit_fits_and_is_bounded(exhibit in any_exhibit()) {
        let drawing = lines(&exhibit, 76);
        prop_assert!(drawing.len() <= super::ROWS + 3);
        for line in &drawing {
            prop_assert!(columns_of(line) <= 76, "{line}");
            prop_assert!(!line.contains(|c: char| c.is_control()));
        }
    }

    #[test]
    fn markdown_tables_have_as_many_cells_in_every_row(exhibit in any_exhibit()) {
        if let ExhibitData::Table { columns, .. } = &exhibit.data {
            let text = markdown(&exhibit);
            let bars = columns.len().min(8) + 1;
            for line in text.lines().filter(|line| line.starts_with('|')) {
                prop_assert_eq!(line.matches('|').count(), bars, "{}", line);
            }
        }
    }
}
