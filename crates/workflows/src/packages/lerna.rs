//! Lerna.

use super::filter::matches;
use super::run::{Otherwise, Run, no_package, of_names};
use super::words::{Options, Until, scan};
use super::workspace::Kind;
use super::{Answer, At, Call};

const OPTIONS: Options = Options {
    flags: "--stream --parallel --bail --sort --prefix --include-dependencies --include-dependents --private --verbose \
            --profile --reject-cycles --load-env-files --include-merged-tags --skip-nx-cache --ci --yes --progress \
            --continue-if-no-match",
    valued: "--scope --ignore --concurrency --loglevel --npm-client --max-buffer --profile-location",
};

/// What `lerna` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Dashes(2));
    let Some(command) = given.words.first() else { return Ok(Call::Builtin) };
    if command != "run" && command != "exec" {
        return Ok(Call::Builtin);
    }
    if words.iter().any(|word| word.starts_with("--since") || word.starts_with("--exclude-dependents")) {
        return Err("`--since` depends on what changed".to_owned());
    }
    given.sure()?;
    let workspace = at.packages.workspace(Kind::Lerna, &at.cwd)?;
    let workspace = workspace.ok_or_else(|| "no lerna.json is tracked here or above".to_owned())?;
    let (scope, ignore) = (given.values("--scope")?, given.values("--ignore")?);
    if scope.iter().chain(&ignore).any(|pattern| pattern.contains(['{', '(', '!'])) {
        return Err("a pattern of package names is not understood".to_owned());
    }
    let fits = |name: &str, patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, name));
    let wanted = |name: &str| (scope.is_empty() || fits(name, &scope)) && !fits(name, &ignore);
    let members = workspace.members.iter();
    let mut packages: Vec<_> = members.filter(|package| package.name.as_deref().is_some_and(wanted)).cloned().collect();
    for (flag, turned) in [("--include-dependencies", false), ("--include-dependents", true)] {
        if given.has(flag) {
            let more: Vec<_> = packages.iter().flat_map(|package| workspace.closure(&package.folder, turned)).collect();
            let known = |folder: &str| packages.iter().any(|package| package.folder == folder);
            let new: Vec<_> = workspace.members.iter().filter(|package| !known(&package.folder)).cloned().collect();
            packages.extend(new.into_iter().filter(|package| more.contains(&package.folder)));
        }
    }
    if given.has("--no-private") {
        let private = |node: &tollgate_input::Node| node.get("private").and_then(tollgate_input::Node::as_bool);
        packages.retain(|package| private(&package.document.root) != Some(true));
    }
    if packages.is_empty() {
        workspace.sure()?;
        return match scope.first() {
            Some(name) => Ok(no_package(name, &workspace.members, workspace.file.clone(), Some(false))),
            None => Err(format!("{} lists no packages that are tracked", workspace.file)),
        };
    }
    if command == "exec" {
        let argv: Vec<String> = given.words.iter().skip(1).chain(&given.rest).cloned().collect();
        return at.program_in(&packages, "lerna", &argv);
    }
    let Some(names) = given.words.get(1) else { return Ok(Call::Builtin) };
    let names: Vec<&str> = names.split(',').collect();
    let hooks = at.packages.hooks(&workspace.root, at.packages.manager(&workspace.root)?)?;
    let run = Run { runner: "lerna", name: names[0], extra: &given.rest, hooks, if_present: false };
    let mut call = of_names(&packages, &names, &run, &Otherwise::Nothing)?;
    match &mut call {
        Call::Missing { .. } => workspace.sure()?,
        Call::Scripts { undefined, .. } if workspace.doubt.is_some() => undefined.clear(),
        _ => {}
    }
    Ok(call)
}
