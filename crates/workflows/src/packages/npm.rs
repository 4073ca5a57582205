//! npm.

use std::rc::Rc;

use super::manifest::Manifest;
use super::near::near;
use super::paths::{below, join, upwards};
use super::program::{self, remote};
use super::run::{Otherwise, Run, of_packages};
use super::words::{Options, Scan, Until, listed, scan};
use super::workspace::{Kind, Workspace};
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-s -q -d -dd -ddd -y -n -f -g -l -a -D -O -E -B -P -S -ws -iwr --silent --quiet --verbose --if-present \
            --workspaces --include-workspace-root --ignore-scripts --yes --no --force --foreground-scripts --offline \
            --prefer-offline --json --long --color --global --legacy-peer-deps --audit --fund --progress --timing \
            --update-notifier --parseable",
    valued: "-w -C -c -p --workspace --prefix --loglevel --userconfig --registry --cache --script-shell --omit \
            --include --tag --call --package --node-options --logs-dir",
};

/// npm's own commands.
const COMMANDS: &str = "\
    access add adduser audit author bugs c cache ci clean-install completion config create dedupe deprecate diff \
    dist-tag docs doctor edit explain explore find-dupes fund get help help-search hook i info init innit ins \
    install link list ll ln login logout ls org outdated owner pack ping pkg prefix profile prune publish query \
    rebuild remove repo rm root sbom search set shrinkwrap star token uninstall up update version view";

/// Those of another kind: `npm install-test` and the like install, then run `test`.
const TEST: &str = "test t tst it install-test cit clean-install-test sit install-ci-test";

/// What `npm` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    // The words of a program are not npm's; all else is.
    let first = scan(words, &OPTIONS, Until::Words(1));
    let Some(command) = first.words.first() else { return Ok(Call::Builtin) };
    if matches!(command.as_str(), "exec" | "x") {
        let before = words.len() - first.rest.len() - 1;
        return exec(at, &first, &words[..before], &first.rest);
    }
    let given = scan(words, &OPTIONS, Until::Dashes(2));
    let extra = |from: usize| -> Vec<String> { given.words.iter().skip(from).chain(&given.rest).cloned().collect() };
    match command.as_str() {
        "run" | "run-script" | "rum" | "urn" => {
            given.sure()?;
            match given.words.get(1).map(String::as_str) {
                None => Ok(Call::Builtin),
                Some(name) => run(at, &given, name, &extra(2)),
            }
        }
        command if listed(TEST, command) => {
            first.sure()?;
            run(at, &given, "test", &extra(1))
        }
        "start" | "stop" | "restart" => {
            first.sure()?;
            life(at, &given, command, &extra(1))
        }
        command if listed(COMMANDS, command) => Ok(Call::Builtin),
        command => {
            first.sure()?;
            unknown(at, command)
        }
    }
}

/// `start`, `stop`, `restart`, which npm knows what to do about when they are not defined.
fn life(at: &At<'_>, given: &Scan, name: &str, extra: &[String]) -> Answer {
    let answer = run(at, given, name, extra)?;
    match answer {
        Call::Missing { .. } if name == "start" && at.has_server() => at.start_server(),
        Call::Missing { .. } if name == "restart" => run(at, given, "start", extra),
        answer => Ok(answer),
    }
}

fn run(at: &At<'_>, given: &Scan, name: &str, extra: &[String]) -> Answer {
    if name == "env" {
        return Ok(Call::Builtin);
    }
    let place = place(at, given)?;
    let hooks = !given.has("--ignore-scripts") && at.packages.hooks(&place.cwd, None)?;
    let run = Run { runner: "npm", name, extra, hooks, if_present: given.has("--if-present") };
    match selected(&place, given)? {
        None => place.script_here(&run),
        Some((packages, workspace)) if packages.is_empty() => {
            workspace.sure()?;
            let asked = given.values("-w --workspace")?;
            let names = workspace.members.iter().filter_map(|package| package.name.as_deref());
            Ok(Call::Missing {
                what: format!("workspace `{}`", asked.join("`, `")),
                near: asked.first().and_then(|asked| near(asked, names)),
                looked_in: vec![workspace.file.clone()],
                silent: Some(false),
            })
        }
        Some((packages, workspace)) => match of_packages(&packages, &run, &Otherwise::Fails)? {
            missing @ Call::Missing { .. } => workspace.sure().map(|()| missing),
            answer => Ok(answer),
        },
    }
}

fn place<'p>(at: &At<'p>, given: &Scan) -> Result<At<'p>, Why> {
    match given.last("--prefix -C") {
        None => Ok(at.within(&at.cwd)),
        Some(folder) => {
            let place = at.moved(folder)?;
            match at.packages.manifest(&place.cwd)? {
                Some(_) => Ok(place),
                None => Err(format!("no package.json in `{}` is tracked", place.cwd)),
            }
        }
    }
}

/// Packages and the workspace that they are of.
type Selected = (Vec<Rc<Manifest>>, Rc<Workspace>);

/// The packages that `-w` and `--workspaces` select; none where neither is given.
fn selected(at: &At<'_>, given: &Scan) -> Result<Option<Selected>, Why> {
    let names = given.values("-w --workspace")?;
    let all = given.has("-ws --workspaces");
    if names.is_empty() && !all {
        return Ok(None);
    }
    let nearest = at.packages.nearest(&at.cwd)?.manifest;
    let mut workspace = None;
    for above in upwards(&nearest.folder) {
        let found = at.packages.workspace_at(Kind::Npm, above)?;
        workspace = found.filter(|found| {
            found.root == nearest.folder || found.members.iter().any(|package| package.folder == nearest.folder)
        });
        if workspace.is_some() {
            break;
        }
    }
    let workspace = workspace.ok_or_else(|| format!("{} lists no workspaces", nearest.file))?;
    let mut packages = Vec::new();
    if given.has("-iwr --include-workspace-root") {
        packages.extend(workspace.top.clone());
    }
    let folders: Vec<String> =
        names.iter().flat_map(|name| [join(&at.cwd, name), join(&workspace.root, name)]).flatten().collect();
    let wanted = |package: &Rc<Manifest>| {
        let named = package.name.as_deref().is_some_and(|name| names.contains(&name));
        named || folders.iter().any(|folder| !folder.is_empty() && below(folder, &package.folder).is_some())
    };
    let in_member = nearest.folder != workspace.root;
    let found = workspace.members.iter().filter(|package| match (names.is_empty(), in_member) {
        (true, true) => package.folder == nearest.folder,
        (true, false) => true,
        (false, _) => wanted(package),
    });
    packages.extend(found.cloned());
    Ok(Some((packages, workspace)))
}

/// `npm exec`: the options before and behind the word, then the program.
fn exec(at: &At<'_>, first: &Scan, before: &[String], rest: &[String]) -> Answer {
    first.sure()?;
    let given = scan(rest, &OPTIONS, Until::Words(0));
    given.sure()?;
    let all: Vec<String> = before.iter().chain(rest).cloned().collect();
    let all = scan(&all, &OPTIONS, Until::Words(0));
    let place = place(at, &all)?;
    if let Some(line) = all.last("-c --call") {
        return Ok(program::line(&place, "npm", line));
    }
    let Some((name, rest)) = given.rest.split_first() else { return Ok(Call::Builtin) };
    let name = remote(name, !all.values("-p --package")?.is_empty())?;
    let argv: Vec<String> = std::iter::once(name).chain(rest.iter().cloned()).collect();
    match selected(&place, &all)? {
        None => place.program(argv),
        Some((packages, _)) if packages.is_empty() => Err("no workspace of that name is known".to_owned()),
        Some((packages, _)) => place.program_in(&packages, "npm", &argv),
    }
}

/// A word that is none of npm's commands: certain only where it is a script's name.
fn unknown(at: &At<'_>, command: &str) -> Answer {
    let shortened =
        COMMANDS.split_ascii_whitespace().chain(TEST.split_ascii_whitespace()).any(|known| known.starts_with(command));
    let nearest = at.packages.nearest(&at.cwd)?.manifest;
    if shortened || !nearest.scripts.contains(command) {
        return Err(format!("`{command}` is not known as a command of npm"));
    }
    Ok(Call::Missing {
        what: format!("command `npm {command}`"),
        looked_in: vec![nearest.file.clone()],
        near: Some(format!("npm run {command}")),
        silent: Some(false),
    })
}
