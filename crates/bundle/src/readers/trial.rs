//! Readers tried on builds that are written for it.

use tollgate_model::Problem;

use crate::account::Account;
use crate::build::{Build, sample};
use crate::fuzz::hold;

/// What the readers say, line by line, of a build in `dist` made of `files` (path relative to the root, text), `manifest`
/// being named in the configuration.
pub(crate) fn told(manifest: Option<&str>, files: &[(&str, &str)]) -> Vec<String> {
    sample::build("dist", files, |build| {
        let build = Build { manifest, ..*build };
        let said = super::read(&build);
        if let Ok(Some(account)) = &said {
            hold(account, build.files);
        }
        lines(said)
    })
}

/// The same with `manifest` in `stats.json`, named, and empty files at `paths` below `dist`.
pub(crate) fn told_of(manifest: &str, paths: &[&str]) -> Vec<String> {
    let mut files = vec![("stats.json".to_owned(), manifest)];
    files.extend(paths.iter().map(|path| (format!("dist/{path}"), "")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    told(Some("stats.json"), &files)
}

fn lines(said: Result<Option<Account>, Problem>) -> Vec<String> {
    let account = match said {
        Ok(Some(account)) => account,
        Ok(None) => return vec!["none".to_owned()],
        Err(problem) => return vec![format!("refused: {}", problem.message)],
    };
    let mut lines = vec![account.bundler];
    for load in account.loads {
        let join = |paths: std::collections::BTreeSet<String>| paths.into_iter().collect::<Vec<_>>().join(" ");
        lines.push(format!("{}: {} | {}", load.name, join(load.initial), join(load.lazy)));
    }
    lines.extend(account.notes.into_iter().map(|note| format!("note: {note}")));
    lines.extend(account.problems.into_iter().map(|problem| format!("problem: {}", problem.message)));
    lines
}
