//! Names of files without the hashes that bundlers put into them, so that one file keeps its name from build to build.
//!
//! What bundlers write: 8 to 64 hexadecimal digits anywhere in a name (webpack, Rspack, Next.js, Parcel, Angular); 8 characters of
//! base64url at its end, after a `-` or a dot (Rollup, Vite); 8 capitals or digits there (esbuild); a folder of 16 characters or more
//! in small letters, capitals and digits (the build's id of Next.js). What looks like one and is none only makes a name less
//! telling: two files that would share a name keep their full ones, and so does one whose name is a hash alone.

use std::collections::BTreeMap;

use tollgate_check::paths;

/// What stands for a hash.
pub(crate) const HASH: &str = "[hash]";

/// Shortest hash in hexadecimal digits, and the length of one in base64url.
const SHORTEST: usize = 8;

/// Shortest name of a folder that is a hash.
const FOLDER: usize = 16;

/// Endings that stand behind a hash.
const ENDINGS: [&str; 4] = ["chunk", "min", "module", "bundle"];

/// The names of the files at `paths`, each by position: without hashes, or the path itself where another would have the same.
pub(crate) fn of<'a>(paths: impl Iterator<Item = &'a str> + Clone) -> Names {
    let plain: Vec<String> = paths.clone().map(without_hashes).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    plain.iter().for_each(|name| *counts.entry(name).or_default() += 1);
    let tells = |name: &str| counts[name] == 1 && !is_bare(name);
    let kept = |name: &str| !tells(name) && name.contains(HASH);
    let shared: Vec<(String, usize)> =
        counts.iter().filter(|(name, _)| kept(name)).map(|(name, count)| ((*name).to_owned(), *count)).collect();
    let one = |(path, name): (&'a str, &String)| if tells(name) { name.clone() } else { path.to_owned() };
    let names = paths.zip(&plain).map(one).collect();
    Names { names, shared }
}

/// Whether a name without hashes says nothing of its file: `css/[hash].css`.
pub(crate) fn is_bare(name: &str) -> bool {
    let file = paths::name(name);
    let stem = file[..end_of_stem(file)].replace(HASH, "");
    file.contains(HASH) && !stem.contains(|c: char| c.is_alphanumeric())
}

/// Names by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// What each is called: no two alike.
    pub(crate) names: Vec<String>,
    /// Names without hashes that tell too little, and how many files would have each, by name.
    pub(crate) shared: Vec<(String, usize)>,
}

/// `path` with `[hash]` for each hash in it.
pub(crate) fn without_hashes(path: &str) -> String {
    let (folders, file) = path.rsplit_once('/').map_or((None, path), |(folders, file)| (Some(folders), file));
    let mut name = String::with_capacity(path.len());
    for folder in folders.into_iter().flat_map(|folders| folders.split('/')) {
        match is_build_id(folder) {
            true => name.push_str(HASH),
            false => hex(folder, &mut name),
        }
        name.push('/');
    }
    let end = end_of_stem(file);
    match last_hash(&file[..end]) {
        Some(at) => {
            hex(&file[..at], &mut name);
            name.push_str(HASH);
            name.push_str(&file[end..]);
        }
        None => hex(file, &mut name),
    }
    name
}

/// Where the endings of a file's name begin: `.chunk.js`.
fn end_of_stem(file: &str) -> usize {
    let mut end = file.rfind('.').unwrap_or(file.len());
    while let Some(dot) = file[..end].rfind('.').filter(|dot| ENDINGS.contains(&&file[dot + 1..end])) {
        end = dot;
    }
    end
}

/// Where the hash in base64url or capitals begins that ends `stem`.
fn last_hash(stem: &str) -> Option<usize> {
    let at = stem.len().checked_sub(SHORTEST).filter(|at| stem.is_char_boundary(*at))?;
    let before = stem[..at].chars().next_back()?;
    let token = &stem.as_bytes()[at..];
    let any = |is: fn(&u8) -> bool| token.iter().any(is);
    let allowed = token.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let digit = any(u8::is_ascii_digit);
    let (upper, lower) = (any(u8::is_ascii_uppercase), any(u8::is_ascii_lowercase));
    // `Settings` is a word with a capital; `sEttings` is none.
    let mixed = lower && token[1..].iter().any(u8::is_ascii_uppercase);
    let random = mixed || (digit && lower) || (upper && !lower);
    (matches!(before, '-' | '.') && allowed && random).then_some(at)
}

/// Adds `text` with `[hash]` for each run of hexadecimal digits that is long and has both digits and letters.
fn hex(text: &str, name: &mut String) {
    for run in runs(text) {
        let long =
            run.len() >= SHORTEST && run.len() <= 64 && run.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let both = run.bytes().any(|b| b.is_ascii_digit()) && run.bytes().any(|b| b.is_ascii_lowercase());
        name.push_str(if long && both { HASH } else { run });
    }
}

/// `text` in runs of ASCII letters and digits and runs of everything else.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let kind = rest.chars().next()?.is_ascii_alphanumeric();
        let end = rest.find(|c: char| c.is_ascii_alphanumeric() != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

fn is_build_id(folder: &str) -> bool {
    let any = |is: fn(&u8) -> bool| folder.as_bytes().iter().any(is);
    folder.len() >= FOLDER
        && folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && any(u8::is_ascii_digit)
        && any(u8::is_ascii_uppercase)
        && any(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashes_are_told_from_words() {
        for (path, name) in [
            ("static/chunks/117-8e6e1ba2cd1d5c1f.js", "static/chunks/117-[hash].js"),
            ("static/chunks/app/(shop)/page-0a1b2c3d4e5f6071.js", "static/chunks/app/(shop)/page-[hash].js"),
            ("static/css/3f2a9c0d1e4b5a67.css", "static/css/[hash].css"),
            ("static/media/e4af272ccee01ff0-s.p.woff2", "static/media/[hash]-s.p.woff2"),
            ("static/YgQZ6Vd0a4kJx1nUo-9Ty/_buildManifest.js", "static/[hash]/_buildManifest.js"),
            ("assets/index-DiwrgTda.js", "assets/index-[hash].js"),
            ("assets/index-B-4_xY9z.css", "assets/index-[hash].css"),
            ("app-KQ7JX2AB.js", "app-[hash].js"),
            ("chunk-ABCDEFGH.js", "chunk-[hash].js"),
            ("js/main.0123abcd.chunk.js", "js/main.[hash].chunk.js"),
            ("main.4f2d1c0a9b8e7d6c5b4a.js", "main.[hash].js"),
            ("index.1a2b3c4d.js", "index.[hash].js"),
            // These are words, versions and dates.
            ("assets/page-settings.js", "assets/page-settings.js"),
            ("assets/page-Settings.js", "assets/page-Settings.js"),
            ("jquery-3.6.0.min.js", "jquery-3.6.0.min.js"),
            ("report-20260102.js", "report-20260102.js"),
            ("deadbeef.js", "deadbeef.js"),
            ("117.js", "117.js"),
            ("app/userSettings.js", "app/userSettings.js"),
            ("chunk-vendors.js", "chunk-vendors.js"),
            ("käse-ÄÖÜßäöüß.js", "käse-ÄÖÜßäöüß.js"),
            ("", ""),
            ("a/", "a/"),
        ] {
            assert_eq!(without_hashes(path), name, "{path}");
        }
    }

    #[test]
    fn two_files_never_become_one() {
        let paths = ["css/1a2b3c4d5e6f7a8b.css", "css/2b3c4d5e6f7a8b9c.css", "app-1a2b3c4d.js"];
        let names = of(paths.into_iter());
        assert_eq!(names.names, ["css/1a2b3c4d5e6f7a8b.css", "css/2b3c4d5e6f7a8b9c.css", "app-[hash].js"]);
        assert_eq!(names.shared, [("css/[hash].css".to_owned(), 2)]);
        // A hash alone says nothing of its file, even where it is the only one.
        let names = of(["css/1a2b3c4d5e6f7a8b.css", "js/3-1a2b3c4d.js"].into_iter());
        assert_eq!(names.names, ["css/1a2b3c4d5e6f7a8b.css", "js/3-[hash].js"]);
        assert_eq!(names.shared, [("css/[hash].css".to_owned(), 1)]);
    }

    proptest! {
        #[test]
        fn names_are_as_many_as_files(paths in proptest::collection::btree_set("([a-f0-9]{8}/)?[a-z]{1,2}-[A-Za-z0-9]{8}\\.js", 0..30)) {
            let names = of(paths.iter().map(String::as_str));
            let different: std::collections::BTreeSet<&String> = names.names.iter().collect();
            prop_assert_eq!(different.len(), paths.len());
        }

        #[test]
        fn another_hash_is_the_same_name(hash in "[0-9a-f]{7}[0-9][a-f]", other in "[0-9a-f]{7}[0-9][a-f]", path in "[a-z/]{0,8}[a-z]") {
            prop_assert_eq!(without_hashes(&format!("{path}.{hash}.js")), without_hashes(&format!("{path}.{other}.js")));
        }

        #[test]
        fn any_name_is_taken(path in any::<String>()) {
            let _ = without_hashes(&path);
        }
    }
}
