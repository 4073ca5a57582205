//! Bun.

use super::manifest::Manifest;
use super::paths::join;
use super::program::npx;
use super::run::{Otherwise, Run, no_package, of_packages};
use super::words::{Options, Scan, Until, listed, scan};
use super::workspace::Kind;
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-b -i --bun --silent --if-present --watch --hot --smol --workspaces --no-install --prefer-offline \
            --parallel --sequential",
    valued: "-F -c -r --filter --cwd --config --preload --env-file --shell --elide-lines --tsconfig-override --install \
            --conditions",
};

/// Commands of Bun that run no script.
const COMMANDS: &str = "\
    a add audit c completions create i info init install link list outdated patch patch-commit pm publish remove \
    repl rm unlink update upgrade why discord help ci";

/// What `bun` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let first = scan(words, &OPTIONS, Until::Words(1));
    let Some(command) = first.words.first().cloned() else { return Ok(Call::Itself) };
    match command.as_str() {
        "test" | "build" | "exec" => return Ok(Call::Itself),
        "x" => return npx(at, &first.rest),
        command if listed(COMMANDS, command) => return Ok(Call::Builtin),
        _ => first.sure()?,
    }
    let (name, extra, scans) = if command == "run" {
        let second = scan(&first.rest, &OPTIONS, Until::Words(1));
        second.sure()?;
        let Some(name) = second.words.first().cloned() else { return Ok(Call::Builtin) };
        (name, second.rest.clone(), vec![first, second])
    } else {
        let rest = first.rest.clone();
        (command, rest, vec![first])
    };
    script(at, &name, &extra, &scans)
}

fn script(at: &At<'_>, name: &str, extra: &[String], given: &[Scan]) -> Answer {
    let has = |names: &str| given.iter().any(|scan| scan.has(names));
    let mut place = at.within(&at.cwd);
    for folder in given.iter().filter_map(|scan| scan.last("--cwd")) {
        place = at.moved(folder)?;
    }
    let run = Run { runner: "bun", name, extra, hooks: true, if_present: has("--if-present") };
    let filters: Vec<&str> =
        given.iter().map(|scan| scan.values("-F --filter")).collect::<Result<Vec<_>, Why>>()?.concat();
    if filters.is_empty() && !has("--workspaces") {
        // A file to run, in whatever language.
        if name.contains(['/', '.', '\\']) && !place.packages.nearest(&place.cwd)?.manifest.scripts.contains(name) {
            return Ok(Call::Itself);
        }
        return place.script_or_program(&run);
    }
    let workspace = place.packages.workspace(Kind::Npm, &place.cwd)?;
    let workspace = workspace.ok_or_else(|| "no package.json here or above lists workspaces".to_owned())?;
    let wanted = |package: &Manifest| -> bool {
        let (takes, drops): (Vec<&str>, Vec<&str>) = filters.iter().partition(|filter| !filter.starts_with('!'));
        let fits = |filter: &&str| {
            let by_name = package.name.as_deref().is_some_and(|name| super::filter::matches(filter, name));
            let folder = filter.starts_with('.').then(|| join(&place.cwd, filter).ok()).flatten();
            by_name || folder.is_some_and(|folder| super::filter::matches(&folder, &package.folder))
        };
        (takes.is_empty() || takes.iter().any(fits))
            && !drops.iter().any(|filter| fits(&filter.trim_start_matches('!')))
    };
    let packages: Vec<_> = workspace.members.iter().filter(|package| wanted(package)).cloned().collect();
    if packages.is_empty() {
        workspace.sure()?;
        let name = filters.join("`, `");
        return Ok(no_package(&name, &workspace.members, workspace.file.clone(), Some(false)));
    }
    match of_packages(&packages, &run, &Otherwise::Fails)? {
        missing @ Call::Missing { .. } => workspace.sure().map(|()| missing),
        answer => Ok(answer),
    }
}
