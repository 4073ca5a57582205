//! Patterns of other tools as globs of ours.

use tollgate_check::{Globs, paths};
use tollgate_input::one_line;

/// How many patterns one budget may have, and how long each may be.
const MOST: usize = 200;
const LONGEST: usize = 1_000;

/// Signs that begin a choice of patterns in brackets, which globs here do not have.
const CHOICES: [&str; 5] = ["!(", "@(", "+(", "?(", "*("];

/// What a `!` before a pattern means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bang {
    /// It takes files away again: tinyglobby, of size-limit.
    Excludes,
    /// It is a part of the name: glob 7, of bundlesize and bundlewatch.
    Plain,
}

/// `patterns`, read in `folder`, as globs relative to the root, those with `!` at the end.
///
/// # Errors
/// Why they cannot be taken over, as half a sentence.
pub(super) fn globs(folder: &str, patterns: &[&str], bang: Bang) -> Result<Vec<String>, String> {
    if patterns.len() > MOST {
        return Err(format!("has more than {MOST} patterns"));
    }
    let (mut taken, mut away) = (Vec::new(), Vec::new());
    for pattern in patterns {
        match pattern.strip_prefix('!').filter(|rest| !rest.starts_with('(')) {
            Some(rest) if bang == Bang::Excludes => away.push(format!("!{}", glob(folder, rest)?)),
            _ => taken.extend(with_files_only(glob(folder, pattern)?)),
        }
    }
    if taken.is_empty() {
        return Err("names no file".to_owned());
    }
    taken.extend(away);
    Ok(taken)
}

fn glob(folder: &str, pattern: &str) -> Result<String, String> {
    let shown = one_line(pattern, 80, false).0;
    if pattern.len() > LONGEST || pattern.chars().any(tollgate_input::is_hidden) {
        return Err(format!("has the pattern `{shown}`, which is too long or has hidden characters"));
    }
    if pattern.starts_with('!') || CHOICES.iter().any(|choice| pattern.contains(choice)) {
        return Err(format!("has the pattern `{shown}`, which globs here cannot say"));
    }
    let glob = paths::normal(folder, pattern)
        .filter(|glob| !glob.is_empty() && glob != folder)
        .ok_or_else(|| format!("has the pattern `{shown}`, which names no file inside the checked folder"))?;
    match Globs::new("", std::slice::from_ref(&glob)) {
        Ok(_) => Ok(glob),
        Err(_) => Err(format!("has the pattern `{shown}`, which is no glob")),
    }
}

/// A glob of ours that matches a folder means all that lies in it. Other tools mean by `dist/*` the files of `dist` alone, so what
/// lies deeper is taken away again.
fn with_files_only(glob: String) -> Vec<String> {
    let last = paths::name(&glob);
    let is_flat = last.ends_with('*') && !last.contains('.') && !glob.contains("**");
    let deeper = is_flat.then(|| format!("!{glob}/**"));
    std::iter::once(glob).chain(deeper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(folder: &str, patterns: &[&str], bang: Bang) -> String {
        match globs(folder, patterns, bang) {
            Ok(globs) => globs.join(" "),
            Err(why) => why,
        }
    }

    #[test]
    fn patterns_become_globs_of_the_root() {
        for (folder, patterns, expected) in [
            ("", vec!["./dist/**/*.js"], "dist/**/*.js"),
            ("apps/web", vec!["dist/a.js", "../x/dist/b.js"], "apps/web/dist/a.js apps/x/dist/b.js"),
            ("", vec!["!dist/v.js", "dist/*.js"], "dist/*.js !dist/v.js"),
            ("", vec!["dist/*"], "dist/* !dist/*/**"),
            ("", vec!["dist/main-*", "dist/**"], "dist/main-* !dist/main-*/** dist/**"),
            ("", vec!["dist/{a,b}.js", "dist/a.*"], "dist/{a,b}.js dist/a.*"),
            ("", vec![".next/static/chunks/app/(shop)/*.js"], ".next/static/chunks/app/(shop)/*.js"),
        ] {
            assert_eq!(told(folder, &patterns, Bang::Excludes), expected);
        }
    }

    #[test]
    fn what_cannot_be_said_is_named() {
        let long = "a".repeat(LONGEST + 1);
        for (pattern, words) in [
            ("dist/+(a|b).js", "`dist/+(a|b).js`, which globs here cannot say"),
            ("!(a).js", "cannot say"),
            ("/etc/passwd", "names no file inside"),
            ("../../x.js", "names no file inside"),
            ("c:\\x.js", "names no file inside"),
            ("..", "names no file inside"),
            ("", "names no file inside"),
            ("dist/[a.js", "is no glob"),
            ("dist/{a.js", "is no glob"),
            ("dist/a\nb.js", "hidden"),
            ("!dist/a.js", "names no file"),
            (&long, "too long"),
        ] {
            let told = told("apps", &[pattern], Bang::Excludes);
            assert!(told.contains(words), "{pattern}: {told}");
        }
        assert!(told("", &["!dist/a.js"], Bang::Plain).contains("cannot say"));
        assert!(told("", &["a.js"; MOST + 1], Bang::Plain).contains("more than 200 patterns"));
    }
}
