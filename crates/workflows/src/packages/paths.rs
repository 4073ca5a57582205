//! Folders and words of a command line.

use super::Why;
use crate::paths::CHECKOUT;
pub(super) use crate::paths::folder as parent;

/// Whether the shell or the workflow fills in a part of `word`.
pub(super) fn hidden(word: &str) -> bool {
    word.contains(['$', '`'])
}

/// `path` seen from `folder`, relative to the root; fails when it leaves the root or is not known.
pub(super) fn join(folder: &str, path: &str) -> Result<String, Why> {
    let at_checkout = CHECKOUT.iter().find_map(|name| path.strip_prefix(name));
    let (folder, path) = match at_checkout {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("", rest.trim_start_matches('/')),
        _ => (folder, path),
    };
    if hidden(path) || path.starts_with(['/', '~']) || path.contains('\\') {
        return Err(format!("the folder `{path}` is not known before the run"));
    }
    crate::paths::join(folder, path).ok_or_else(|| format!("the folder `{path}` lies outside the repository"))
}

/// The file `name` in `folder`.
pub(super) fn file(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `folder` and those above it, up to the root.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| parent(folder)))
}

/// `path` seen from `root`, which is above it or it.
pub(super) fn below<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    if root.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(root)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The name of the program that the first word of a line starts: of a path only where it is one of the system's.
pub(super) fn program(first: &str) -> Option<&str> {
    let (folder, name) = first.rsplit_once('/').unwrap_or(("", first));
    let of_system = folder.is_empty() && !first.starts_with('/') || folder.ends_with("/bin");
    (of_system && installed(first).is_none() && !hidden(first)).then(|| name.strip_suffix(".exe").unwrap_or(name))
}

/// The name of the program that a path into the installed packages means.
pub(super) fn installed(first: &str) -> Option<&str> {
    let (before, name) = first.rsplit_once('/')?;
    (before.ends_with("node_modules/.bin") || before == "vendor/bin" || before == "./vendor/bin").then_some(name)
}

/// `word` as one word of a shell line; none where the run fills it in.
pub(super) fn quoted(word: &str) -> Option<String> {
    if hidden(word) {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return Some(word.to_owned());
    }
    Some(format!("'{}'", word.replace('\'', r"'\''")))
}

/// `words` as the end of a shell line, a blank before each; words that the run fills in are left out.
pub(super) fn appended(words: &[String]) -> String {
    words.iter().filter_map(|word| quoted(word)).map(|word| format!(" {word}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_joined_within_the_root() {
        let cases = [
            ("", "apps/api", Some("apps/api")),
            ("apps/api", "../web/.", Some("apps/web")),
            ("apps/api", "./", Some("apps/api")),
            ("apps", "$GITHUB_WORKSPACE/docs", Some("docs")),
            ("apps", "${{ github.workspace }}", Some("")),
            ("apps", "../..", None),
            ("", "/tmp/x", None),
            ("", "~/x", None),
            ("", "$GITHUB_WORKSPACES/x", None),
            ("", "${{ matrix.dir }}", None),
            ("", r"apps\api", None),
        ];
        for (folder, path, joined) in cases {
            assert_eq!(join(folder, path).ok().as_deref(), joined, "{folder} {path}");
        }
    }

    #[test]
    fn folders_above_are_seen_up_to_the_root() {
        assert_eq!(upwards("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(upwards("").collect::<Vec<_>>(), [""]);
        assert_eq!((below("a", "a/b"), below("a", "a"), below("a", "ab"), below("", "x")), {
            (Some("b"), Some(""), None, Some("x"))
        });
    }

    #[test]
    fn a_path_is_a_program_where_it_is_the_systems() {
        let cases = [
            ("pnpm", Some("pnpm")),
            ("/usr/bin/make", Some("make")),
            ("./make", None),
            ("scripts/make", None),
            ("node_modules/.bin/turbo", None),
            ("$MAKE", None),
        ];
        for (first, name) in cases {
            assert_eq!(program(first), name, "{first}");
        }
        assert_eq!(installed("./node_modules/.bin/turbo"), Some("turbo"));
        assert_eq!(installed("apps/web/node_modules/.bin/eslint"), Some("eslint"));
        assert_eq!(installed("bin/eslint"), None);
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        let words = ["--fix", "a b", "it's", "$X", ""].map(str::to_owned);
        assert_eq!(appended(&words), r" --fix 'a b' 'it'\''s' ''");
    }
}
