//! What is written, all or nothing: every file is made beside its place and renamed into it, `run.json` last.

use std::fs::{self, File};
use std::io::{BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::NamedTempFile;
use tollgate_model::{Run, Timing};

use crate::archive::Archive;
use crate::arguments::{Common, Format};
use crate::base_run;
use crate::interrupt;
use crate::session::Session;
use crate::sources::Logs;
use crate::terminal;
use crate::usage::usage;

/// What git is to ignore in the folder `.tollgate`.
pub(crate) const IGNORED: &str = "cache/\nout/\n";

/// One file to write.
pub(crate) struct Output<'a> {
    pub(crate) path: PathBuf,
    pub(crate) content: Content<'a>,
}

/// Writes itself.
type Stream<'a> = Box<dyn Fn(&mut dyn Write) -> anyhow::Result<()> + 'a>;

/// What is written into a file.
pub(crate) enum Content<'a> {
    Bytes(Vec<u8>),
    /// What is too much to hold, written by itself.
    Stream(Stream<'a>),
    /// What was written into a file without a name, and is still to be put in its place.
    Spooled(File),
}

impl Content<'_> {
    fn write(self, out: &mut dyn Write) -> anyhow::Result<()> {
        match self {
            Self::Bytes(bytes) => out.write_all(&bytes)?,
            Self::Stream(write) => write(out)?,
            Self::Spooled(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                std::io::copy(&mut file, out)?;
            }
        }
        Ok(())
    }
}

impl Output<'_> {
    pub(crate) fn bytes(path: PathBuf, bytes: Vec<u8>) -> Self {
        Self { path, content: Content::Bytes(bytes) }
    }
}

/// Writes everything that was asked for: `shown`, and what only code scanning is sent from all of `run` and the foreign `logs`.
pub(crate) fn write(
    run: &Run,
    shown: &Run,
    logs: &[Logs],
    alone: bool,
    common: &Common,
    out: Option<&Path>,
    base: Option<&Session>,
) -> anyhow::Result<()> {
    let archive = Archive { run, logs };
    let stream = |path: PathBuf| {
        let write = |out: &mut dyn Write| archive.write(out).map(drop);
        Output { path, content: Content::Stream(Box::new(write)) }
    };
    let mut outputs = Vec::new();
    outputs.extend(common.sarif.clone().map(stream));
    let markdown = || tollgate_render::markdown(shown).into_bytes();
    outputs.extend(common.markdown.clone().map(|path| Output::bytes(path, markdown())));
    if let Some(path) = &common.json {
        outputs.push(Output::bytes(path.clone(), json(shown, alone)?.into_bytes()));
    }
    if let Some(dir) = out {
        folder(dir, "*\n").with_context(|| format!("--out {}", dir.display()))?;
        outputs.push(stream(dir.join("report.sarif")));
        outputs.extend(upload(&archive, dir)?);
        outputs.push(Output::bytes(dir.join("summary.md"), markdown()));
        outputs.push(Output::bytes(dir.join("run.json"), json(shown, false)?.into_bytes()));
    }
    if let Some(session) = base {
        let path = session.root.path().join(base_run::COMMITTED);
        if let Some(own) = path.parent() {
            folder(own, IGNORED).with_context(|| format!("--write-base {}", own.display()))?;
        }
        // Of its time only the day is kept: since when findings are known is counted from it.
        let day = |timing: &Timing| timing.started_unix / 86_400 * 86_400;
        let timing = shown.timing.as_ref().map(|timing| Timing { started_unix: day(timing), ..Timing::default() });
        let dated = Run { timing, ..shown.clone() };
        outputs.push(Output::bytes(path, json(&dated, false)?.into_bytes()));
    }
    commit(outputs, true)
}

/// The files for code scanning below `dir`, in place of those of an earlier run, and what was left out of them.
fn upload<'a>(archive: &Archive<'_>, dir: &Path) -> anyhow::Result<Vec<Output<'a>>> {
    let folder = dir.join("upload");
    let failed = || format!("{} could not be written", folder.display());
    if folder.is_dir() {
        fs::remove_dir_all(&folder).with_context(failed)?;
    }
    let mut files = Vec::new();
    let left_out = archive.upload(&mut |_| {
        let file = tempfile::tempfile()?;
        files.push(file.try_clone()?);
        Ok(Box::new(BufWriter::new(file)))
    })?;
    fs::create_dir_all(&folder).with_context(failed)?;
    let name = |at: usize| folder.join(format!("{:02}.sarif", at + 1));
    let spooled = |(at, file)| Output { path: name(at), content: Content::Spooled(file) };
    let mut outputs: Vec<Output<'a>> = files.into_iter().enumerate().map(spooled).collect();
    let text: String = left_out.iter().map(|sentence| format!("{sentence}\n")).collect();
    if !text.is_empty() {
        outputs.push(Output::bytes(folder.join("left-out.txt"), text.into_bytes()));
    }
    Ok(outputs)
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
pub(crate) fn commit(outputs: Vec<Output<'_>>, last_vouches: bool) -> anyhow::Result<()> {
    let mut staged = Vec::new();
    for Output { path, content } in outputs {
        let failed = || format!("{} could not be written", path.display());
        // A pipe or a device is written to, a link is written through; only regular files are replaced.
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if fs::metadata(&real).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
            let mut file = fs::OpenOptions::new().write(true).open(&path).with_context(failed)?;
            content.write(&mut file).with_context(failed)?;
            continue;
        }
        let folder = real.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (mut file, guard) = interrupt::file(folder).with_context(failed)?;
        let mut buffered = BufWriter::new(&mut file);
        content.write(&mut buffered).with_context(failed)?;
        buffered.flush().with_context(failed)?;
        drop(buffered);
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
pub(crate) fn print(run: &Run, shown: &Run, logs: &[Logs], alone: bool, common: &Common) -> anyhow::Result<()> {
    match common.format {
        Format::Text => {
            let style = terminal::style(common);
            terminal::print(tollgate_render::text(shown, &style).as_bytes())
        }
        Format::Json => terminal::print(json(shown, alone)?.as_bytes()),
        Format::Sarif => {
            let mut bytes = Vec::new();
            Archive { run, logs }.write(&mut bytes)?;
            terminal::print(&bytes)
        }
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
