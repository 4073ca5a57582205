use proptest::prelude::*;
use tollgate_model::{Cell, ExhibitData, Subject, Word};

use super::*;

fn file(path: &str, content: &str, size: u64) -> File {
    let blake3 = (!content.is_empty()).then(|| blake3::hash(content.as_bytes()).to_hex().to_string());
    File { path: path.to_owned(), blake3, size }
}

fn side(files: Vec<File>) -> Side {
    Side { total: files.iter().map(|file| file.size).sum(), files, ..Side::default() }
}

fn words(comparison: &Comparison) -> Vec<String> {
    let one = |pair: &Pair| {
        let was = pair.was.as_ref().map(|was| format!(" was {was}")).unwrap_or_default();
        format!("{}{was}: {:?} {:?}", pair.name, pair.before, pair.after).replace("Some", "").replace("None", "-")
    };
    comparison.files.iter().map(one).collect()
}

#[test]
fn a_new_hash_is_the_same_file() {
    let base = side(vec![file("app-11aa22bb.js", "a", 10), file("page-1234abcd.js", "p", 5), file("logo.svg", "l", 3)]);
    let head = side(vec![file("app-33cc44dd.js", "b", 12), file("page-1234abcd.js", "p", 5), file("new.js", "n", 1)]);
    let expected = ["app-[hash].js: (10) (12)", "logo.svg: (3) -", "new.js: - (1)", "page-[hash].js: (5) (5)"];
    assert_eq!(words(&compare(&base, &head)), expected);
}

#[test]
fn names_that_are_hashes_alone_meet_by_content() {
    let base = side(vec![
        file("css/1a2b3c4d5e6f7a8b.css", "one", 10),
        file("css/2a2b3c4d5e6f7a8b.css", "two", 20),
        file("css/3a2b3c4d5e6f7a8b.css", "three", 30),
    ]);
    // The first is the same file under the same name, the second has the same content, the third is what is left.
    let head = side(vec![
        file("css/1a2b3c4d5e6f7a8b.css", "one", 10),
        file("css/8a2b3c4d5e6f7a8b.css", "two", 20),
        file("css/9a2b3c4d5e6f7a8b.css", "other", 33),
    ]);
    assert_eq!(
        words(&compare(&base, &head)),
        [
            "css/1a2b3c4d5e6f7a8b.css: (10) (10)",
            "css/8a2b3c4d5e6f7a8b.css was css/2a2b3c4d5e6f7a8b.css: (20) (20)",
            "css/9a2b3c4d5e6f7a8b.css was css/3a2b3c4d5e6f7a8b.css: (30) (33)",
        ]
    );
    // Two left on each side are two gone and two new: nobody knows which is which.
    let base = side(vec![file("1a2b3c4d.css", "a", 1), file("2a2b3c4d.css", "b", 2)]);
    let head = side(vec![file("8a2b3c4d.css", "c", 3), file("9a2b3c4d.css", "d", 4)]);
    assert_eq!(
        words(&compare(&base, &head)),
        ["1a2b3c4d.css: (1) -", "2a2b3c4d.css: (2) -", "8a2b3c4d.css: - (3)", "9a2b3c4d.css: - (4)"]
    );
}

#[test]
fn a_renamed_file_says_what_it_was() {
    let base = side(vec![file("old-11aa22bb.js", "same", 10)]);
    let head = side(vec![file("new-33cc44dd.js", "same", 10)]);
    let comparison = compare(&base, &head);
    assert_eq!(words(&comparison), ["new-[hash].js was old-[hash].js: (10) (10)"]);
    assert!(!comparison.files[0].is_same());
}

#[test]
fn the_bases_report_is_a_side_too() {
    let subject = Subject { root: ".".to_owned(), commit: None, base: None, word: Word::OwnRun };
    let metrics = vec![
        Metric::bytes("bundle.gzip", 15),
        Metric::bytes("bundle.gzip", 10).label("path", "a-[hash].js").label("target", "web"),
        Metric::bytes("bundle.gzip", 10).label("path", "a-[hash].js").label("name", "group"),
        Metric::bytes("bundle.gzip", 10).label("path", "a-11aa22bb.js"),
        Metric::bytes("bundle.gzip", 8).label("route", "/"),
        Metric::bytes("bundle.raw", 99).label("path", "a-[hash].js"),
        Metric::count("bundle.count", 2),
    ];
    let report = Report { metrics, status: Status::Complete, ..Report::new("bundle", "0.1.0", subject) };
    let side = of_report(&report, Encoding::Gzip, "").unwrap();
    assert_eq!(side.files, [File { path: "a-[hash].js".to_owned(), blake3: None, size: 10 }]);
    assert_eq!(side.loads, BTreeMap::from([((Start::Route, "/".to_owned()), 8)]));
    // One of its two files is not known, and is no larger than the one that is.
    assert_eq!((side.floor, side.total), (10, 15));
    let head = Side {
        files: vec![file("a-12ab34cd.js", "x", 11), file("b.js", "y", 9), file("c.js", "z", 10)],
        ..Side::default()
    };
    assert_eq!(words(&compare(&side, &head)), ["a-[hash].js: (10) (11)", "c.js: - (10)"]);
    assert_eq!(of_report(&report, Encoding::Brotli, "").unwrap_err(), "the base's run did not measure brotli");
    let because = of_report(&report, Encoding::Gzip, "encoding gzip").unwrap_err();
    assert_eq!(because, "the base was measured with \"\", this with \"encoding gzip\"");
    let part = Report { status: Status::Incomplete, ..report.clone() };
    assert_eq!(of_report(&part, Encoding::Gzip, "").unwrap_err(), "the base's run did not see everything");
    let bounded = vec![Metric::bytes("bundle.gzip", 10).label("path", "a.js").within(1.0, 10.0)];
    let because = of_report(&Report { metrics: bounded, ..report }, Encoding::Gzip, "").unwrap_err();
    assert_eq!(because, "the base's run knows gzip sizes between bounds only");
}

#[test]
fn differences_are_shown_the_largest_first() {
    let base = side(vec![file("a.js", "", 1_000), file("b.js", "", 500), file("c.js", "", 7), file("d.js", "", 1)]);
    let head = side(vec![file("a.js", "", 1_032), file("b.js", "", 100), file("c.js", "", 7), file("e.js", "", 60)]);
    let base = Side { loads: BTreeMap::from([((Start::Route, "/".to_owned()), 1_500)]), ..base };
    let head = Side {
        loads: BTreeMap::from([((Start::Route, "/".to_owned()), 1_132), ((Start::Route, "/x".to_owned()), 60)]),
        ..head
    };
    let comparison = compare(&base, &head);
    let shown = exhibits(&comparison, Encoding::Raw);
    assert_eq!(shown.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["route-changes", "file-changes"]);
    assert_eq!(shown[1].title, "Against the base, raw: 2 changed, 1 new, 1 gone; 1 file unchanged");
    let ExhibitData::Table { rows, .. } = &shown[1].data else { panic!() };
    assert_eq!(
        rows[0],
        [
            Cell::Text("b.js".to_owned()),
            Cell::Bytes(500),
            Cell::Bytes(100),
            Cell::BytesChange(-400),
            Cell::Text("-80.0 %".to_owned())
        ]
    );
    assert_eq!(
        rows.iter().map(|row| row[4].clone()).collect::<Vec<_>>(),
        ["-80.0 %", "new", "+3.2 %", "gone"].map(|t| Cell::Text(t.to_owned()))
    );
    let headline = headline(&comparison, Encoding::Raw);
    assert_eq!(
        headline.text,
        "1.1 KB in all (raw), 309 B (20.4 %) less than at the base; first loads that changed: /x new with 60 B, / -368 B (-24.5 %)"
    );
    assert!(headline.news);
    let same = compare(&head, &head);
    assert!(exhibits(&same, Encoding::Raw).is_empty());
    assert_eq!(
        (super::headline(&same, Encoding::Raw).text.as_str(), super::headline(&same, Encoding::Raw).news),
        ("1.1 KB in all (raw), as much as at the base", false)
    );
}

fn builds() -> impl Strategy<Value = Vec<File>> {
    let name = "[ab](-[0-9a-f]{7}[0-9]|[ab])?\\.js";
    proptest::collection::btree_map(name, ("[xyz]?", 0_u64..9), 0..8)
        .prop_map(|files| files.into_iter().map(|(path, (content, size))| file(&path, &content, size)).collect())
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_counted_twice(base in builds(), head in builds()) {
        let (base, head) = (side(base), side(head));
        let comparison = compare(&base, &head);
        let sum = |side: &Side| side.files.iter().map(|file| file.size).sum::<u64>();
        let count = |of: fn(&Pair) -> Option<u64>| comparison.files.iter().filter_map(of).count();
        let total = |of: fn(&Pair) -> Option<u64>| comparison.files.iter().filter_map(of).sum::<u64>();
        prop_assert_eq!((count(|p| p.before), total(|p| p.before)), (base.files.len(), sum(&base)));
        prop_assert_eq!((count(|p| p.after), total(|p| p.after)), (head.files.len(), sum(&head)));
        prop_assert!(compare(&head, &head).files.iter().all(Pair::is_same));
    }
}
