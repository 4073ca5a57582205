//! pnpm.

use std::rc::Rc;

use super::filter::{Selection, Style, select};
use super::manifest::Manifest;
use super::paths::hidden;
use super::program::{line, remote_call};
use super::run::{Otherwise, Run, no_package, of_packages};
use super::words::{Options, Scan, Until, listed, scan};
use super::workspace::{Kind, Workspace};
use super::{Answer, At, Call, Why};

const OPTIONS: Options = Options {
    flags: "-r -w -s -c -P -D --recursive --workspace-root --if-present --bail --parallel --stream --aggregate-output \
            --silent --color --use-stderr --include-workspace-root --fail-if-no-match --sort --reverse \
            --report-summary --ignore-workspace --offline --prefer-offline --shell-emulator --enable-pre-post-scripts \
            --yes --shell-mode --frozen-lockfile --ignore-scripts --sequential --dangerously-allow-all-builds \
            --verbose -y -q --quiet",
    valued: "-C -F --dir --filter --filter-prod --reporter --loglevel --resume-from --workspace-concurrency \
            --test-pattern --changed-files-ignore-pattern --script-shell --package --allow-build --cpu --os --libc \
            --store-dir --registry --node-options",
};

/// pnpm's own commands, and those it hands to npm.
const COMMANDS: &str = "\
    access add adduser approve-builds audit bin bugs c cache cat-file cat-index ci clean-install completion config \
    create dedupe deploy deprecate dist-tag docs doctor edit env fetch find-hash get help i ignored-builds import \
    info init install install-clean la licenses link list ll ln login logout ls outdated owner pack patch \
    patch-commit patch-remove ping pkg prefix profile prune publish rb rebuild remove repo rm root rt runtime sbom \
    search self-update server set setup show star stars store team token un uninstall unlink unpublish up update \
    upgrade version view";

/// What the options before and behind the command say.
struct Asked<'s> {
    at: At<'s>,
    given: &'s [Scan],
    /// The lowest and the highest version it may be.
    version: (u32, u32),
}

/// What `pnpm` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let first = scan(words, &OPTIONS, Until::Words(1));
    let Some(command) = first.words.first().cloned() else { return Ok(Call::Builtin) };
    if listed(COMMANDS, &command) {
        return Ok(Call::Builtin);
    }
    first.sure()?;
    let rest = first.rest.clone();
    if matches!(command.as_str(), "recursive" | "multi" | "m") {
        let before = &words[..words.len() - rest.len() - 1];
        let all: Vec<String> = std::iter::once("-r".to_owned()).chain(before.iter().chain(&rest).cloned()).collect();
        return if rest.is_empty() { Ok(Call::Builtin) } else { at.program([vec!["pnpm".to_owned()], all].concat()) };
    }
    let second = scan(&rest, &OPTIONS, Until::Words(1));
    match command.as_str() {
        "run" | "run-script" | "rum" | "urn" => {
            second.sure()?;
            match second.words.first().cloned() {
                None => Ok(Call::Builtin),
                Some(name) => {
                    let extra = second.rest.clone();
                    place(at, &[first, second], |call| call.script(&name, &extra, false))
                }
            }
        }
        "test" | "t" | "tst" | "it" | "install-test" => place(at, &[first], |call| call.script("test", &rest, false)),
        "start" | "stop" | "restart" => place(at, &[first], |call| call.script(&command, &rest, false)),
        "exec" | "dlx" | "node" => {
            let own = scan(&rest, &OPTIONS, Until::Words(0));
            own.sure()?;
            place(at, &[first, own], |call| call.program(&command, &rest))
        }
        name => place(at, &[first], |call| call.script(name, &rest, true)),
    }
}

fn place(at: &At<'_>, given: &[Scan], answer: impl FnOnce(&Asked<'_>) -> Answer) -> Answer {
    let mut place = at.within(&at.cwd);
    for folder in given.iter().filter_map(|scan| scan.last("-C --dir")) {
        place = at.moved(folder)?;
    }
    if given.iter().any(|scan| scan.has("-w --workspace-root")) {
        let workspace = at.packages.workspace(Kind::Pnpm, &place.cwd)?;
        let root = workspace.map(|workspace| workspace.root.clone());
        place = at.within(&root.ok_or_else(|| "no pnpm-workspace.yaml is tracked here or above".to_owned())?);
    }
    let version = at.packages.pnpm(&place.cwd)?;
    answer(&Asked { at: place, given, version })
}

impl Asked<'_> {
    fn has(&self, names: &str) -> bool {
        self.given.iter().any(|scan| scan.has(names))
    }

    /// A script, or where `bare` a program that an installed package has.
    fn script(&self, name: &str, extra: &[String], bare: bool) -> Answer {
        if name.len() > 1 && name.starts_with('/') && name.ends_with('/') {
            return Err(format!("`{name}` names scripts by a pattern"));
        }
        let hooks = self
            .at
            .packages
            .hooks(&self.at.cwd, Some(super::manager::Manager::Pnpm(self.version.0, self.version.1)))?;
        let if_present = self.has("--if-present");
        let run = Run { runner: "pnpm", name, extra, hooks, if_present };
        if !self.recursive()? {
            return match if bare { self.at.script_or_program(&run)? } else { self.at.script_here(&run)? } {
                Call::Missing { .. } if name == "start" && self.at.has_server() => self.at.start_server(),
                answer => Ok(answer),
            };
        }
        let (workspace, selection) = self.selection()?;
        if selection.packages.is_empty() {
            return self.nothing_selected(&workspace, &selection);
        }
        let mut call = of_packages(&selection.packages, &run, &self.otherwise(name, &workspace, &selection.packages))?;
        match &mut call {
            Call::Missing { .. } => workspace.sure()?,
            Call::Scripts { undefined, .. } if workspace.doubt.is_none() => *undefined = selection.unmatched,
            _ => {}
        }
        Ok(call)
    }

    /// A program, or with `dlx` one of a package that need not be installed.
    fn program(&self, command: &str, rest: &[String]) -> Answer {
        let own = scan(rest, &OPTIONS, Until::Words(0));
        if command == "dlx" {
            return remote_call(&self.at, &own);
        }
        let mut argv = own.rest.clone();
        if command == "node" {
            argv = std::iter::once("node".to_owned()).chain(rest.iter().cloned()).collect();
        }
        if self.has("-c --shell-mode")
            && let [text] = argv.as_slice()
        {
            return Ok(line(&self.at, "pnpm", text));
        }
        if !self.recursive()? {
            return self.at.program(argv);
        }
        let (workspace, selection) = self.selection()?;
        if selection.packages.is_empty() {
            return self.nothing_selected(&workspace, &selection);
        }
        self.at.program_in(&selection.packages, "pnpm", &argv)
    }

    fn filters(&self) -> Result<Vec<&str>, Why> {
        let values = self.given.iter().map(|scan| scan.values("-F --filter --filter-prod"));
        Ok(values.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn recursive(&self) -> Result<bool, Why> {
        Ok(self.has("-r --recursive --parallel") || !self.filters()?.is_empty())
    }

    /// The packages to run in. The one at the top is left out unless it is asked for, before pnpm 10 even then.
    fn selection(&self) -> Result<(Rc<Workspace>, Selection), Why> {
        let packages = self.at.packages;
        let workspace = packages.workspace(Kind::Pnpm, &self.at.cwd)?;
        let workspace = workspace.ok_or_else(|| "no pnpm-workspace.yaml is tracked here or above".to_owned())?;
        let mut selection = select(&workspace, &self.filters()?, &self.at.cwd, Style::Lenient)?;
        let top = |package: &Rc<Manifest>| package.folder == workspace.root;
        let set = packages.pnpm_setting(&workspace.root, "include-workspace-root", "includeWorkspaceRoot")?;
        let included = self.has("--include-workspace-root") || set == Some(true);
        if !included && selection.packages.iter().any(top) {
            let (low, high) = self.version;
            let others = selection.packages.len() > 1;
            if selection.chosen && low < 10 && high >= 10 && !others {
                return Err("whether the package at the top is selected depends on the version of pnpm".to_owned());
            }
            if !selection.chosen || high < 10 {
                selection.packages.retain(|package| !top(package));
            }
        }
        Ok((workspace, selection))
    }

    fn nothing_selected(&self, workspace: &Workspace, selection: &Selection) -> Answer {
        workspace.sure()?;
        match selection.unmatched.first() {
            Some(name) if !hidden(name) => {
                let silent = !self.has("--fail-if-no-match");
                Ok(no_package(name, &workspace.everything(), workspace.file.clone(), Some(silent)))
            }
            _ => Err(format!("{} selects no package", workspace.file)),
        }
    }

    /// What becomes of a script that none of the packages has.
    fn otherwise(&self, name: &str, workspace: &Workspace, packages: &[Rc<Manifest>]) -> Otherwise {
        let (low, high) = self.version;
        match () {
            () if name == "test" => Otherwise::Nothing,
            () if low >= 10 || packages.len() == workspace.everything().len() => Otherwise::Fails,
            () if high < 10 => Otherwise::Nothing,
            () => Otherwise::Either,
        }
    }
}
