use std::fs;
use std::path::Path;

use super::*;

fn asset(folder: &Path, name: &str, raw: u64) -> Asset {
    Asset::new(name.to_owned(), folder.join(name), raw)
}

fn all(engine: Engine, count: usize) -> BTreeMap<Engine, Need> {
    let other = Engine::ALL.into_iter().find(|other| *other != engine).unwrap();
    BTreeMap::from([(engine, Need::Some((0..count).collect())), (other, Need::None)])
}

fn job<'a>(assets: &'a mut [Asset], needs: BTreeMap<Engine, Need>, digest_all: bool) -> Job<'a> {
    Job { assets, dir: "dist", needs, digest_all }
}

#[test]
fn what_vanished_or_changed_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.js"), "12345").unwrap();
    fs::write(dir.path().join("ok.js"), "12345").unwrap();
    for jobs in [1, 4] {
        let mut assets = vec![
            asset(dir.path(), "a.js", 4),
            asset(dir.path(), "gone.js", 9),
            asset(dir.path(), "ok.js", 5),
            asset(dir.path(), "a.js", 6),
        ];
        let needs = all(Engine::Gzip, 4);
        let problems = read_all(&mut [job(&mut assets, needs, false)], &Cache::none(), jobs);
        let messages: Vec<_> = problems[0].iter().map(|p| p.message.as_str()).collect();
        let changed = "dist/a.js: changed while it was measured; run again when the build has finished";
        assert_eq!(messages, [changed, "dist/gone.js: not found", changed]);
        assert!(assets[2].packed[&Engine::Gzip].is_exact());
        // What could not be read lies between its bounds.
        assert_eq!(assets[1].packed[&Engine::Gzip], Engine::Gzip.bounds(9));
    }
}

#[test]
fn one_content_is_compressed_once_and_kept_where_that_was_work() {
    let dir = tempfile::tempdir().unwrap();
    let long = "three".repeat(10_000);
    for (name, text) in [("a.js", "one"), ("b.js", "one"), ("c.js", long.as_str()), ("d.js", "four")] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let root = tempfile::tempdir().unwrap();
    let look = |cache: &Cache, last: &str, raw: u64| {
        let mut head = vec![asset(dir.path(), "a.js", 3), asset(dir.path(), "b.js", 3), asset(dir.path(), last, raw)];
        let mut base = vec![asset(dir.path(), "a.js", 3), asset(dir.path(), "d.js", 4)];
        let mut jobs = [job(&mut head, all(Engine::Brotli, 3), true), job(&mut base, all(Engine::Brotli, 2), true)];
        assert!(read_all(&mut jobs, cache, 2).iter().all(Vec::is_empty));
        head.iter().chain(&base).map(|asset| asset.packed[&Engine::Brotli]).collect::<Vec<_>>()
    };
    let kept = || {
        fs::read_to_string(root.path().join(crate::cache::FILE)).map_or(0, |text| text.split_whitespace().count() / 4)
    };
    // A handful of bytes is not worth a file.
    look(&Cache::open(root.path()), "d.js", 4);
    assert_eq!(kept(), 0);
    let sizes = look(&Cache::open(root.path()), "c.js", 50_000);
    assert_eq!(kept(), 3);
    assert_eq!(look(&Cache::open(root.path()), "c.js", 50_000), sizes);
    assert_eq!((kept(), look(&Cache::none(), "c.js", 50_000)), (3, sizes));
    // What the cache says is taken.
    let text = fs::read(dir.path().join("c.js")).unwrap();
    Cache::open(root.path()).keep(&[(blake3::hash(&text).to_hex().to_string(), Engine::Brotli, 7)], &BTreeSet::new());
    assert_eq!(look(&Cache::open(root.path()), "c.js", 50_000)[2], Size::exact(7));
}

#[test]
fn what_is_not_needed_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.js"), "one").unwrap();
    let mut assets = vec![asset(dir.path(), "a.js", 3), asset(dir.path(), "gone.js", 9)];
    let needs = BTreeMap::from([(Engine::Gzip, Need::Some(vec![0])), (Engine::Brotli, Need::None)]);
    let problems = read_all(&mut [job(&mut assets, needs, false)], &Cache::none(), 2);
    assert!(problems[0].is_empty());
    assert!(assets[0].packed[&Engine::Gzip].is_exact() && assets[1].blake3.is_none());
    assert_eq!(assets[1].packed[&Engine::Gzip], Engine::Gzip.bounds(9));
    assert!(!assets[0].packed.contains_key(&Engine::Brotli));
}
