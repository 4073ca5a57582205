//! Turborepo.

mod tasks;

use std::collections::BTreeSet;
use std::rc::Rc;

use tollgate_input::Node;

use self::tasks::{Tasks, Walk};
use super::document::{Document, Format};
use super::filter::{Style, select};
use super::manifest::{Manifest, major};
use super::near::near;
use super::paths::{file, upwards};
use super::run::no_package;
use super::words::{Options, Scan, Until, listed, scan};
use super::workspace::Workspace;
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-v -vv -vvv --affected --continue --only --parallel --force --dry --dry-run --graph --no-cache --daemon \
            --no-daemon --summarize --framework-inference --include-dependencies --no-deps --remote-only --skip-infer \
            --no-update-notifier --preflight --experimental-rust-codepath --color --no-color --single-package \
            --remote-cache-read-only --json --help --version --cache-read-only",
    valued: "-F --filter --scope --ignore --since --concurrency --cache --cache-dir --cache-workers --cwd --env-mode \
            --global-deps --log-order --log-prefix --output-logs --ui --token --team --api --login --profile \
            --anon-profile --remote-cache-timeout --heap --trace --verbosity --pkg-inference-root --root-turbo-json \
            --experimental-workspace --experimental-env-mode",
};

/// Turbo's own commands.
const COMMANDS: &str = "\
    bin boundaries clone completion config daemon devtools docs gen generate g info link login logout ls prune query \
    scan telemetry unlink watch help studio";

/// A repository with a `turbo.json`.
pub(super) struct Repository {
    /// The folder.
    pub(super) root: String,
    /// The `turbo.json` at the top.
    pub(super) config: Rc<Document>,
    /// The packages; none where there is only the one at the top.
    pub(super) workspace: Option<Rc<Workspace>>,
    /// The package at the top.
    pub(super) top: Rc<Manifest>,
}

/// What `turbo` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Dashes(usize::MAX));
    let mut asked: Vec<&str> = given.words.iter().map(String::as_str).collect();
    match asked.first() {
        None => return Ok(Call::Builtin),
        Some(first) if listed(COMMANDS, first) => return Ok(Call::Builtin),
        Some(&"run") => drop(asked.remove(0)),
        Some(_) => {}
    }
    given.sure()?;
    if given.has("--dry --dry-run --graph --help --version") {
        return Ok(Call::Builtin);
    }
    if given.has("--affected") || given.last("--since").is_some() {
        return Err("which packages it runs in depends on what changed".to_owned());
    }
    if given.last("--root-turbo-json --ignore --pkg-inference-root").is_some() {
        return Err("an option of turbo is not understood".to_owned());
    }
    if asked.is_empty() {
        return Ok(Call::Builtin);
    }
    let place = match given.last("--cwd") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    run(&place, &given, &asked)
}

fn run(at: &At<'_>, given: &Scan, asked: &[&str]) -> Answer {
    let repository = repository(at)?;
    let tasks = Tasks::new(at.packages, &repository)?;
    for task in asked {
        if !tasks.defines(task) {
            tasks.sure()?;
            return Ok(Call::Missing {
                what: format!("task `{task}`"),
                looked_in: tasks.files(),
                near: near(task, tasks.names()),
                silent: Some(false),
            });
        }
    }
    let scope = match scope(at, given, &repository, &tasks, asked)? {
        Ok(scope) => scope,
        Err(call) => return Ok(call),
    };
    let only = given.has("--only").then(|| scope.iter().map(|package| package.folder.clone()).collect());
    let mut walk = Walk::new(at.packages, &repository, &tasks, asked, &given.rest, only)?;
    for task in asked {
        match task.split_once('#') {
            Some((name, task)) => walk.one(name, task)?,
            None => walk.all(&scope, task)?,
        }
    }
    let mut defining = walk.defining;
    let mut undefined: Vec<String> =
        asked.iter().filter(|task| !defining.contains_key(**task)).map(|task| (*task).to_owned()).collect();
    // A task that only gathers others runs those.
    if undefined.len() == asked.len() && !walk.scripts.is_empty() {
        undefined.clear();
    } else if undefined.len() == asked.len() {
        if let Some(workspace) = &repository.workspace {
            workspace.sure()?;
        }
        let known = scope.iter().flat_map(|package| &package.scripts).map(String::as_str);
        return Ok(Call::Missing {
            what: format!("script `{}`", asked.join("`, `")),
            near: asked.iter().find_map(|task| near(task, known.clone())),
            looked_in: scope.iter().map(|package| package.file.clone()).collect(),
            silent: Some(true),
        });
    }
    if repository.workspace.as_ref().is_some_and(|workspace| workspace.doubt.is_some()) {
        undefined.clear();
    }
    let ran: BTreeSet<String> = std::mem::take(&mut defining).into_values().flatten().collect();
    let by_name = asked.iter().all(|task| !task.contains('#'));
    let skipped =
        scope.iter().filter(|_| by_name).map(|package| package.folder.clone()).filter(|folder| !ran.contains(folder));
    Ok(Call::Scripts {
        skipped_packages: skipped.collect(),
        scripts: walk.scripts,
        runner: "turbo",
        ignores_failure: false,
        if_present: false,
        undefined,
    })
}

/// The repository that turbo, called here, works on.
fn repository(at: &At<'_>) -> Result<Repository, Why> {
    at.packages.tracked(&at.cwd)?;
    for above in upwards(&at.cwd) {
        for name in ["turbo.json", "turbo.jsonc"] {
            let Some(config) = at.packages.document(&file(above, name), Format::JsonWithComments)? else { continue };
            if config.root.get("extends").is_some() {
                continue;
            }
            let top =
                at.packages.manifest(above)?.ok_or_else(|| format!("no package.json lies beside {}", config.file))?;
            let workspace = at.packages.any_workspace_at(above)?;
            return Ok(Repository { root: above.to_owned(), config, workspace, top });
        }
    }
    Err("no turbo.json here or above is tracked".to_owned())
}

/// The packages that the tasks run in, or that a filter names none.
fn scope(
    at: &At<'_>,
    given: &Scan,
    repository: &Repository,
    tasks: &Tasks,
    asked: &[&str],
) -> Result<Result<Vec<Rc<Manifest>>, Call>, Why> {
    let Some(workspace) = &repository.workspace else { return Ok(Ok(vec![Rc::clone(&repository.top)])) };
    let of_top = asked.iter().any(|task| tasks.of_top(task));
    let filters = given.values("-F --filter --scope")?;
    if filters.is_empty() {
        if let Some(package) = workspace.holding(&at.cwd) {
            return Ok(Ok(vec![Rc::clone(package)]));
        }
        let top = of_top.then(|| Rc::clone(&repository.top));
        return Ok(Ok(top.into_iter().chain(workspace.members.iter().cloned()).collect()));
    }
    // The first turbo found a name without its scope, the second does not.
    let version = repository.top.dependencies.get("turbo").and_then(|version| major(version));
    let style = if version == Some(1) { Style::Lenient } else { Style::Strict };
    let filters: Vec<&str> = filters.into_iter().map(|filter| if filter == "//" { "{.}" } else { filter }).collect();
    let mut selection = select(workspace, &filters, &at.cwd, style)?;
    if !of_top {
        selection.packages.retain(|package| package.folder != repository.root);
    }
    let plain = |name: &&String| !name.contains(['*', '{', '.']) && !name.starts_with('!');
    let exact = selection.unmatched.iter().find(plain);
    if let (true, Some(name)) = (version != Some(1), exact) {
        workspace.sure()?;
        let lenient = select(workspace, &[name], &at.cwd, Style::Lenient)?;
        if version.is_none() && !lenient.packages.is_empty() {
            return Err(format!("whether `{name}` names a package depends on the version of turbo"));
        }
        let silent = if version.is_some() { Some(false) } else { None };
        return Ok(Err(no_package(name, &workspace.everything(), workspace.file.clone(), silent)));
    }
    if selection.packages.is_empty() {
        workspace.sure()?;
        return match selection.unmatched.first() {
            Some(name) if !name.starts_with(['.', '!', '{']) => {
                Ok(Err(no_package(name, &workspace.everything(), workspace.file.clone(), Some(true))))
            }
            _ => Err("the filter selects no package".to_owned()),
        };
    }
    Ok(Ok(selection.packages))
}

/// `tasks`, which the first turbo called `pipeline`.
fn entries(config: &Document) -> &[tollgate_input::Pair] {
    let root = &config.root;
    root.get("tasks").or_else(|| root.get("pipeline")).map_or(&[][..], Node::entries)
}
