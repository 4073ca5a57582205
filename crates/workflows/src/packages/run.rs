//! The scripts of one package or of many, as a runner runs them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::manifest::Manifest;
use super::near::near;
use super::paths::appended;
use super::words::listed;
use super::{Answer, At, Call, ScriptAt, Why};

/// Names of scripts that no dependency installs a program under, as far as known: where a runner also runs programs,
/// such a name that no package defines is neither.
const USUAL: &str = "\
    audit build check check-types ci clean coverage dev e2e format generate integration license-check lint lint-fix \
    preview release serve start stop test test-ci test-coverage test-e2e test-unit type-check typecheck types unit \
    validate";

/// What is asked of a package.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    /// Who runs it.
    pub(super) runner: &'static str,
    /// The name of the script.
    pub(super) name: &'r str,
    /// What is added to its text.
    pub(super) extra: &'r [String],
    /// Whether `pre…` and `post…` run too.
    pub(super) hooks: bool,
    /// Whether it need not be there.
    pub(super) if_present: bool,
}

/// What becomes of a name that no script has.
pub(super) enum Otherwise {
    /// The runner fails.
    Fails,
    /// The runner ends with 0.
    Nothing,
    /// One of both, by its version.
    Either,
}

impl Otherwise {
    fn silent(&self) -> Option<bool> {
        match self {
            Self::Fails => Some(false),
            Self::Nothing => Some(true),
            Self::Either => None,
        }
    }
}

impl Call {
    /// Scripts, run by `runner`, that are all there is to say.
    pub(super) fn scripts(runner: &'static str, scripts: Vec<ScriptAt>) -> Self {
        Self::Scripts {
            scripts,
            runner,
            ignores_failure: false,
            if_present: false,
            undefined: Vec::new(),
            skipped_packages: Vec::new(),
        }
    }
}

impl ScriptAt {
    /// The script `name` of the package in `folder`, defined in `file`.
    pub(super) fn new(file: &str, folder: &str, name: &str, lines: Vec<(u32, String)>) -> Self {
        let text: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        Self {
            file: file.to_owned(),
            package: folder.to_owned(),
            package_name: None,
            name: name.to_owned(),
            text: text.join("\n"),
            line: lines.first().map_or(0, |(line, _)| *line),
            lines,
            errexit: false,
            cwd: folder.to_owned(),
        }
    }

    /// A line of shell that stands in the call itself and runs in `folder`.
    pub(super) fn of_call(folder: &str, text: &str) -> Self {
        let lines = text.split('\n').map(|line| (0, line.to_owned())).collect();
        Self::new("", folder, text, lines)
    }
}

/// The script `run.name` of `package` with what runs before and after it; none where it has no such script.
pub(super) fn of_package(package: &Manifest, run: &Run<'_>) -> Result<Option<Vec<ScriptAt>>, Why> {
    let Some(lines) = package.script(run.name)? else { return Ok(None) };
    let at = |name: &str, lines| {
        let package_name = package.name.clone();
        ScriptAt { package_name, ..ScriptAt::new(&package.file, &package.folder, name, lines) }
    };
    let hook = |when: &str| {
        let name = format!("{when}{}", run.name);
        let lines = if run.hooks { package.script(&name)? } else { None };
        Ok::<_, Why>(lines.map(|lines| at(&name, lines)))
    };
    let lines = with_extra(lines, run.extra);
    let all = [hook("pre")?, Some(at(run.name, lines)), hook("post")?];
    Ok(Some(all.into_iter().flatten().collect()))
}

/// Lines with words added at the end of the last.
fn with_extra(mut lines: Vec<(u32, String)>, extra: &[String]) -> Vec<(u32, String)> {
    if let Some((_, last)) = lines.last_mut() {
        last.push_str(&appended(extra));
    }
    lines
}

/// The scripts of the `packages` that define `run.name`; the others are skipped.
pub(super) fn of_packages(packages: &[Rc<Manifest>], run: &Run<'_>, otherwise: &Otherwise) -> Answer {
    of_names(packages, &[run.name], run, otherwise)
}

/// The scripts called `names` of the `packages`, where one call runs several and passes over what is not there.
pub(super) fn of_names(packages: &[Rc<Manifest>], names: &[&str], run: &Run<'_>, otherwise: &Otherwise) -> Answer {
    let mut scripts = Vec::new();
    let mut undefined = Vec::new();
    let mut lacking: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        let before = scripts.len();
        for package in packages {
            match of_package(package, &Run { name, ..*run })? {
                Some(found) => scripts.extend(found),
                None => *lacking.entry(&package.folder).or_default() += 1,
            }
        }
        if scripts.len() == before {
            undefined.push((*name).to_owned());
        }
    }
    if scripts.is_empty() {
        return Ok(missing(packages, names, run, otherwise));
    }
    lacking.retain(|_, lacks| *lacks == names.len());
    Ok(Call::Scripts {
        scripts,
        runner: run.runner,
        ignores_failure: false,
        if_present: run.if_present,
        undefined,
        skipped_packages: lacking.into_keys().map(str::to_owned).collect(),
    })
}

/// That none of the `packages` defines any of `names`.
pub(super) fn missing(packages: &[Rc<Manifest>], names: &[&str], run: &Run<'_>, otherwise: &Otherwise) -> Call {
    let known = packages.iter().flat_map(|package| &package.scripts).map(String::as_str);
    Call::Missing {
        what: format!("script `{}`", names.join("`, `")),
        looked_in: packages.iter().map(|package| package.file.clone()).collect(),
        near: names.iter().find_map(|name| near(name, known.clone())),
        silent: if run.if_present { Some(true) } else { otherwise.silent() },
    }
}

/// That no package of the workspace is called `name`.
pub(super) fn no_package(name: &str, packages: &[Rc<Manifest>], looked_in: String, silent: Option<bool>) -> Call {
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package.name.as_deref()).collect();
    Call::Missing { what: format!("package `{name}`"), looked_in: vec![looked_in], near: near(name, names), silent }
}

impl At<'_> {
    /// The script `run.name` of the package here.
    pub(super) fn script_here(&self, run: &Run<'_>) -> Answer {
        let nearest = self.packages.nearest(&self.cwd)?;
        if !nearest.here && nearest.manifest.script(run.name)?.is_none() {
            // The run may write a package.json here.
            return Err(format!(
                "{} has no script `{}`, and lies above `{}`",
                nearest.manifest.file, run.name, self.cwd
            ));
        }
        of_packages(&[nearest.manifest], run, &Otherwise::Fails)
    }

    /// The script `run.name` of the package here, or else the program of that name.
    pub(super) fn script_or_program(&self, run: &Run<'_>) -> Answer {
        let nearest = self.packages.nearest(&self.cwd)?;
        if nearest.manifest.script(run.name)?.is_some() || run.if_present && run.name.contains(':') {
            return self.script_here(run);
        }
        self.program_unless_script(run, nearest.here)
    }

    /// The program called `run.name`, which no package here has as a script; fails where it is more like a script's.
    pub(super) fn program_unless_script(&self, run: &Run<'_>, here: bool) -> Answer {
        // No package manager installs a program with a colon in its name.
        if run.name.contains(':') && here {
            return self.script_here(run);
        }
        if run.name.contains(':') || listed(USUAL, run.name) {
            return Err(format!("no script `{}` is defined here; a dependency may install such a program", run.name));
        }
        let argv = std::iter::once(run.name.to_owned()).chain(run.extra.iter().cloned());
        self.program(argv.collect())
    }

    /// Whether there is what `start` runs where no script of that name is defined.
    pub(super) fn has_server(&self) -> bool {
        self.packages.files.contains(&super::paths::file(&self.cwd, "server.js"))
    }

    /// That `start` runs it.
    pub(super) fn start_server(&self) -> Answer {
        self.program(vec!["node".to_owned(), "server.js".to_owned()])
    }

    /// A program with its arguments, run in each of the `packages`.
    pub(super) fn program_in(&self, packages: &[Rc<Manifest>], runner: &'static str, argv: &[String]) -> Answer {
        match packages {
            [package] => self.within(&package.folder).program(argv.to_vec()),
            packages => {
                let text = appended(argv);
                let script = |package: &Rc<Manifest>| {
                    let package_name = package.name.clone();
                    ScriptAt { package_name, ..ScriptAt::of_call(&package.folder, text.trim_start()) }
                };
                if argv.iter().any(|word| super::paths::hidden(word)) {
                    return Err("a word of the program is filled in by the run".to_owned());
                }
                Ok(Call::scripts(runner, packages.iter().map(script).collect()))
            }
        }
    }
}
