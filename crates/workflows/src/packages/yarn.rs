//! Yarn, both kinds.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::filter::matches;
use super::manager::Manager;
use super::manifest::Manifest;
use super::paths::below;
use super::program::remote_call;
use super::run::{Otherwise, Run, missing, no_package, of_packages};
use super::words::{Options, Until, listed, scan};
use super::workspace::{Kind, Workspace};
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-s -W -q --silent --verbose --offline --non-interactive --json --ignore-engines --pure-lockfile \
            --frozen-lockfile --prefer-offline --immutable --ignore-scripts --ignore-optional --production --force \
            --check-files --link-duplicates --no-progress --quiet",
    valued: "--cwd --mutex --network-timeout --registry --cache-folder --modules-folder --use-yarnrc",
};

const RUN: Options = Options {
    flags: "-T -B -s --top-level --binaries-only --silent --inspect --inspect-brk --verbose --json",
    valued: "--require --cwd",
};

const FOREACH: Options = Options {
    flags: "-A -R -W -v -p -i -t -n -a --all --recursive --worktree --verbose --parallel --interlaced --topological \
            --topological-dev --private --dry-run --since",
    valued: "-j --jobs --include --exclude --from",
};

/// Commands that both kinds have.
const COMMANDS: &str = "\
    add bin cache config dedupe help info init install link pack remove unlink up upgrade upgrade-interactive \
    version why";

/// Commands of Yarn 1.
const CLASSIC: &str = "\
    access audit autoclean check create generate-lock-entry global import licenses list login logout outdated owner \
    policies publish self-update tag team unplug update versions";

/// Commands of later ones.
const BERRY: &str = "\
    constraints explain npm patch patch-commit plugin rebuild search set stage unplug doctor sdks ci";

/// What `yarn` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    let Some(command) = given.words.first() else { return Ok(Call::Builtin) };
    if listed(COMMANDS, command) {
        return Ok(Call::Builtin);
    }
    given.sure()?;
    let place = match given.last("--cwd") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    let kind = at.packages.yarn(&place.cwd)?;
    let rest = &given.rest;
    match command.as_str() {
        "run" => run(&place, kind, rest),
        "workspace" => workspace(&place, kind, rest),
        "workspaces" => workspaces(&place, kind, rest),
        "exec" => place.program(rest.iter().skip_while(|word| *word == "--").cloned().collect()),
        "node" => place.program(std::iter::once("node".to_owned()).chain(rest.iter().cloned()).collect()),
        "dlx" => {
            let options = Options { flags: "-q --quiet", valued: "-p --package" };
            remote_call(&place, &scan(rest, &options, Until::Words(0)))
        }
        name => {
            let own = match kind {
                Some(Manager::Berry) => listed(BERRY, name),
                Some(_) => listed(CLASSIC, name),
                // A script of that name would run with the other kind.
                None => (listed(CLASSIC, name) || listed(BERRY, name)) && !defined(&place, name)?,
            };
            if own {
                return Ok(Call::Builtin);
            }
            script(&place, kind, name, rest)
        }
    }
}

fn defined(at: &At<'_>, name: &str) -> Result<bool, Why> {
    Ok(at.packages.nearest(&at.cwd)?.manifest.scripts.contains(name))
}

fn run(at: &At<'_>, kind: Option<Manager>, words: &[String]) -> Answer {
    let given = scan(words, &RUN, Until::Words(1));
    given.sure()?;
    let Some(name) = given.words.first() else { return Ok(Call::Builtin) };
    let mut place = match given.last("--cwd") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    if given.has("-T --top-level") {
        let workspace = at.packages.workspace(Kind::Npm, &place.cwd)?;
        place = workspace.map_or_else(|| at.within(""), |workspace| at.within(&workspace.root));
    }
    if given.has("-B --binaries-only") {
        return place.program(std::iter::once(name).chain(&given.rest).cloned().collect());
    }
    script(&place, kind, name, &given.rest)
}

/// A script of the package here, a program, or with later Yarns a script with a colon that one package has.
fn script(at: &At<'_>, kind: Option<Manager>, name: &str, extra: &[String]) -> Answer {
    let run = asked(at, kind, name, extra)?;
    if name.contains(':') && kind != Some(Manager::Classic) && !defined(at, name)? {
        let workspace = at.packages.workspace(Kind::Npm, &at.cwd)?;
        let everything = workspace.as_ref().map(|workspace| workspace.everything()).unwrap_or_default();
        let having: Vec<Rc<Manifest>> =
            everything.into_iter().filter(|package| package.scripts.contains(name)).collect();
        if !having.is_empty() {
            return match having.len() {
                1 if kind == Some(Manager::Berry) => of_packages(&having, &run, &Otherwise::Fails),
                _ => Err(format!("which package `{name}` runs in depends on the version of Yarn")),
            };
        }
        if let Some(workspace) = workspace {
            workspace.sure()?;
        }
    }
    at.script_or_program(&run)
}

fn asked<'r>(at: &At<'_>, kind: Option<Manager>, name: &'r str, extra: &'r [String]) -> Result<Run<'r>, Why> {
    let hooks = at.packages.hooks(&at.cwd, kind)?;
    Ok(Run { runner: "yarn", name, extra, hooks, if_present: false })
}

fn known(at: &At<'_>) -> Result<Rc<Workspace>, Why> {
    let workspace = at.packages.workspace(Kind::Npm, &at.cwd)?;
    workspace.ok_or_else(|| "no package.json here or above lists workspaces".to_owned())
}

/// `yarn workspace NAME …`.
fn workspace(at: &At<'_>, kind: Option<Manager>, words: &[String]) -> Answer {
    let [name, rest @ ..] = words else { return Ok(Call::Builtin) };
    if super::paths::hidden(name) || name.starts_with('-') {
        return Err(format!("the workspace `{name}` is not known before the run"));
    }
    let workspace = known(at)?;
    match workspace.named(name) {
        Some(package) => match rest.first().map(String::as_str) {
            Some("run") => run(&at.within(&package.folder), kind, &rest[1..]),
            Some(_) => call(&at.within(&package.folder), rest),
            None => Ok(Call::Builtin),
        },
        None => {
            workspace.sure()?;
            Ok(no_package(name, &workspace.everything(), workspace.file.clone(), Some(false)))
        }
    }
}

/// `yarn workspaces run …` of Yarn 1, `yarn workspaces foreach … run …` of later ones.
fn workspaces(at: &At<'_>, kind: Option<Manager>, words: &[String]) -> Answer {
    let Some((first, rest)) = words.split_first() else { return Ok(Call::Builtin) };
    match (first.as_str(), kind) {
        ("foreach", _) => foreach(at, kind, rest),
        ("run", Some(Manager::Berry)) => Err("`yarn workspaces run` is a command of Yarn 1".to_owned()),
        ("run", _) => {
            let given = scan(rest, &RUN, Until::Words(1));
            given.sure()?;
            let Some(name) = given.words.first() else { return Ok(Call::Builtin) };
            let workspace = known(at)?;
            let lacking: Vec<_> =
                workspace.members.iter().filter(|package| !package.scripts.contains(name)).cloned().collect();
            let run = asked(at, kind, name, &given.rest)?;
            if lacking.is_empty() {
                return of_packages(&workspace.members, &run, &Otherwise::Fails);
            }
            workspace.sure()?;
            // Yarn 1 fails at the first package without it; a program of that name would do.
            if name.contains(':') && kind == Some(Manager::Classic) {
                return Ok(missing(&lacking, &[name], &run, &Otherwise::Fails));
            }
            Err(format!("{} has no script `{name}`; a dependency may install such a program", lacking[0].file))
        }
        _ => Ok(Call::Builtin),
    }
}

fn foreach(at: &At<'_>, kind: Option<Manager>, words: &[String]) -> Answer {
    let given = scan(words, &FOREACH, Until::Words(1));
    given.sure()?;
    if given.has("--since") {
        return Err("`--since` depends on what changed".to_owned());
    }
    if given.has("-n --dry-run") {
        return Ok(Call::Builtin);
    }
    let workspace = known(at)?;
    let here = at.packages.nearest(&at.cwd)?.manifest;
    let mut packages = workspace.everything();
    let recursive = given.has("-R --recursive");
    if !given.has("-A -a --all") {
        let from = given.values("--from")?;
        let starts: Vec<&Rc<Manifest>> = match from.as_slice() {
            [] => vec![&here],
            from => workspace
                .members
                .iter()
                .chain(&workspace.top)
                .filter(|package| fits(&workspace, package, from))
                .collect(),
        };
        let reached: BTreeSet<String> =
            starts.iter().flat_map(|start| workspace.closure(&start.folder, false)).collect();
        packages.retain(|package| {
            let start = starts.iter().any(|start| start.folder == package.folder);
            let child = below(&here.folder, &package.folder).is_some();
            start || if recursive { reached.contains(&package.folder) } else { child }
        });
    }
    let (include, exclude) = (given.values("--include")?, given.values("--exclude")?);
    packages.retain(|package| {
        (include.is_empty() || fits(&workspace, package, &include)) && !fits(&workspace, package, &exclude)
    });
    if given.has("--no-private") {
        let private = |package: &Manifest| package.document.root.get("private").and_then(tollgate_input::Node::as_bool);
        packages.retain(|package| private(package) != Some(true));
    }
    match given.words.first().map(String::as_str) {
        Some("run") => {
            let inner = scan(&given.rest, &RUN, Until::Words(1));
            inner.sure()?;
            let Some(name) = inner.words.first() else { return Ok(Call::Builtin) };
            let run = asked(at, kind, name, &inner.rest)?;
            if packages.iter().any(|package| package.scripts.contains(name)) {
                return of_packages(&packages, &run, &Otherwise::Nothing);
            }
            workspace.sure()?;
            if name.contains(':') {
                return of_packages(&packages, &run, &Otherwise::Nothing);
            }
            Err(format!("no package has a script `{name}`; a dependency may install such a program"))
        }
        Some("exec") => at.program_in(&packages, "yarn", &given.rest),
        Some(_) => Ok(Call::Builtin),
        None => Err("`yarn workspaces foreach` is given no command".to_owned()),
    }
}

/// Whether the name of `package` or its folder fits one of `patterns`.
fn fits(workspace: &Workspace, package: &Manifest, patterns: &[&str]) -> bool {
    let folder = below(&workspace.root, &package.folder).unwrap_or_default();
    patterns
        .iter()
        .any(|pattern| package.name.as_deref().is_some_and(|name| matches(pattern, name)) || matches(pattern, folder))
}
