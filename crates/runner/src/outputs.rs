//! What is written, all or nothing: every file is made beside its place and renamed into it, `run.json` last.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::NamedTempFile;
use tollgate_model::Run;

use crate::arguments::{Common, Format};
use crate::base_run;
use crate::interrupt;
use crate::session::Session;
use crate::terminal;
use crate::usage::usage;

/// What git is to ignore in the folder `.tollgate`.
pub(crate) const IGNORED: &str = "cache/\nout/\n";

/// One file to write.
pub(crate) struct Output {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// Writes everything that was asked for: `shown`, and what only code scanning is sent from all of `run`.
pub(crate) fn write(
    run: &Run,
    shown: &Run,
    alone: bool,
    common: &Common,
    out: Option<&Path>,
    base: Option<&Session>,
) -> anyhow::Result<()> {
    let mut outputs = Vec::new();
    let mut add = |path: PathBuf, bytes: Vec<u8>| outputs.push(Output { path, bytes });
    if let Some(path) = &common.sarif {
        add(path.clone(), sarif(run)?);
    }
    if let Some(path) = &common.markdown {
        add(path.clone(), tollgate_render::markdown(shown).into_bytes());
    }
    if let Some(path) = &common.json {
        add(path.clone(), json(shown, alone)?.into_bytes());
    }
    if let Some(dir) = out {
        folder(dir, "*\n").with_context(|| format!("--out {}", dir.display()))?;
        add(dir.join("report.sarif"), sarif(run)?);
        add(dir.join("summary.md"), tollgate_render::markdown(shown).into_bytes());
        add(dir.join("run.json"), json(shown, false)?.into_bytes());
    }
    if let Some(session) = base {
        let path = session.root.path().join(base_run::COMMITTED);
        if let Some(own) = path.parent() {
            folder(own, IGNORED).with_context(|| format!("--write-base {}", own.display()))?;
        }
        let timeless = Run { timing: None, ..shown.clone() };
        add(path, json(&timeless, false)?.into_bytes());
    }
    commit(outputs, true)
}

/// Makes a folder of our own, with what git is to ignore in it: results of a run are no part of the change. A folder that
/// is there already is left as it is.
fn folder(path: &Path, ignored: &str) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path)?;
    fs::write(path.join(".gitignore"), ignored)
}

/// Makes every file beside its place, then renames them all. Where the `last_vouches` for the others, no old one of it
/// stands beside new ones of those, however it ends.
pub(crate) fn commit(outputs: Vec<Output>, last_vouches: bool) -> anyhow::Result<()> {
    let mut staged = Vec::new();
    for Output { path, bytes } in outputs {
        let failed = || format!("{} could not be written", path.display());
        // A pipe or a device is written to, a link is written through; only regular files are replaced.
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if fs::metadata(&real).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
            fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .and_then(|mut f| f.write_all(&bytes))
                .with_context(failed)?;
            continue;
        }
        let folder = real.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (mut file, guard) = interrupt::file(folder).with_context(failed)?;
        file.write_all(&bytes).and_then(|()| file.flush()).with_context(failed)?;
        readable(&file).with_context(failed)?;
        staged.push((file, guard, real));
    }
    if let [_, .., (_, _, last)] = staged.as_slice()
        && last_vouches
        && last.is_file()
    {
        fs::remove_file(last).with_context(|| format!("{} could not be replaced", last.display()))?;
    }
    for (file, _guard, path) in staged {
        file.persist(&path).with_context(|| format!("{} could not be written", path.display()))?;
    }
    Ok(())
}

/// Two outputs in one file would leave only one of them.
pub(crate) fn distinct(common: &Common) -> anyhow::Result<()> {
    let mut named: Vec<(&str, &PathBuf)> = Vec::new();
    for (flag, path) in [("--json", &common.json), ("--sarif", &common.sarif), ("--markdown", &common.markdown)] {
        let Some(path) = path else { continue };
        if let Some((other, _)) = named.iter().find(|(_, taken)| *taken == path) {
            return Err(usage(format!("{other} and {flag} both name {}", path.display())));
        }
        named.push((flag, path));
    }
    Ok(())
}

/// Temporary files are the owner's alone; results are for whoever may read the folder.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

/// Prints the run on standard output in the format asked for.
pub(crate) fn print(run: &Run, shown: &Run, alone: bool, common: &Common) -> anyhow::Result<()> {
    match common.format {
        Format::Text => {
            let style = terminal::style(common);
            terminal::print(tollgate_render::text(shown, &style).as_bytes())
        }
        Format::Json => terminal::print(json(shown, alone)?.as_bytes()),
        Format::Sarif => terminal::print(&sarif(run)?),
        Format::Markdown => terminal::print(tollgate_render::markdown(shown).as_bytes()),
        Format::Github => terminal::print(tollgate_render::annotations(shown).as_bytes()),
    }
}

/// The run; of a checker alone, its report, or the list of its instances' reports.
fn json(run: &Run, alone: bool) -> anyhow::Result<String> {
    let json = match run.reports.as_slice() {
        [report] if alone => tollgate_render::json(report),
        reports if alone => tollgate_render::json(&reports),
        _ => tollgate_render::json(run),
    };
    json.context("the JSON could not be made")
}

fn sarif(run: &Run) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    tollgate_sarif::write(&run.reports, &mut bytes).context("the SARIF log could not be made")?;
    Ok(bytes)
}
