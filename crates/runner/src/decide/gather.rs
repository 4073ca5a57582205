//! The reports that were handed over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use tollgate_check::search::{Kind, is_file, walk};
use tollgate_config::Source;
use tollgate_input::{Root, read_named};
use tollgate_model::{Report, format};
use tollgate_policy::Scope;

use crate::handed::{self, LARGEST};
use crate::judge::Measured;
use crate::session::Session;
use crate::sources::{self, OneFile};
use crate::usage::usage;

/// How much of a file is looked at to tell what it is, in bytes.
const HEAD: u64 = 64 << 10;
/// How many files that no source names are named.
const MOST_NAMED: usize = 10;

/// The reports that were handed over.
pub(crate) struct Gathered {
    pub(crate) measured: Measured,
    /// The sources that they are of: those of the configuration, or one per tool.
    pub(crate) sources: Vec<Source>,
    /// What lies there and was not judged, in sentences.
    pub(crate) passed_over: Vec<String>,
}

/// A file: the folder that it is named from, and its name there.
struct Named {
    root: Root,
    path: String,
    /// Its name from the checked folder, where it lies below that.
    inside: Option<String>,
    /// Whether somebody named it, and not only the folder that it is in.
    meant: bool,
}

/// Reads everything at `paths`. Reports of foreign tools belong to the one of `sources` whose patterns match; where nothing is
/// `configured`, each tool is a source, whose name is none of `reserved`.
pub(crate) fn gather(
    paths: &[PathBuf],
    session: &Session,
    sources: Vec<Source>,
    configured: bool,
    reserved: &[&str],
) -> anyhow::Result<Gathered> {
    let mut measured = Measured::nothing();
    let mut passed_over = Vec::new();
    let mut of_source: BTreeMap<usize, Vec<Named>> = BTreeMap::new();
    let (mut sources, mut unnamed) = (sources, Vec::new());
    let patterns: Vec<Scope> =
        sources.iter().map(|source| Scope::new(source.files.clone(), Vec::new())).collect::<Result<_, _>>()?;
    for named in list(paths, session)? {
        let head = head(&named)?;
        if is_ours(&head) {
            ours(&named, session, &mut measured.reports)?;
            continue;
        }
        let matches = |scope: &Scope| {
            let names = [Some(&named.path), named.inside.as_ref()];
            names.into_iter().flatten().any(|name| scope.matches(name))
        };
        match patterns.iter().position(matches) {
            Some(at) => of_source.entry(at).or_default().push(named),
            None if !named.meant && !sources::knows(&head) => {}
            None => unnamed.push(named),
        }
    }
    if configured {
        let names: Vec<&str> = unnamed.iter().take(MOST_NAMED).map(|named| named.path.as_str()).collect();
        if !names.is_empty() {
            let named = format::few(&names, unnamed.len());
            passed_over.push(format!("{named}: no [[sources]] names it, so no gate rests on it"));
        }
    } else {
        let mut by_tool: BTreeMap<String, Vec<OneFile>> = BTreeMap::new();
        for named in unnamed {
            let file = OneFile::read(&named.root, &named.path, None, session);
            let own = || {
                Path::new(&named.path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
            };
            let tool = file.tool().map_or_else(own, str::to_owned);
            by_tool.entry(tool).or_default().push(file);
        }
        for (tool, files) in by_tool {
            let taken: BTreeSet<String> = sources
                .iter()
                .map(|source| source.name.clone())
                .chain(reserved.iter().map(|name| (*name).to_owned()))
                .collect();
            let source = Source::named(sources::name_of(&tool, &taken));
            measured.add(sources::report(&source, session, files));
            sources.push(source);
        }
    }
    for (at, files) in of_source {
        let Some(source) = sources.get(at) else { continue };
        let read = |named: Named| OneFile::read(&named.root, &named.path, source.tool.as_deref(), session);
        measured.add(sources::report(source, session, files.into_iter().map(read).collect()));
    }
    Ok(Gathered { measured, sources, passed_over })
}

/// Every file at `paths`, each once, in order.
fn list(paths: &[PathBuf], session: &Session) -> anyhow::Result<Vec<Named>> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        let shown = path.display();
        let real = fs::canonicalize(path).map_err(|e| usage(format!("{shown}: {e}")))?;
        let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(Path::new("/")) };
        let root = Root::new(folder).map_err(|e| usage(e.to_string()))?;
        let mut names = Vec::new();
        if real.is_dir() {
            let mut problems = Vec::new();
            walk(
                &root,
                "",
                |_| false,
                &mut problems,
                |name, kind| {
                    if kind == Kind::File && is_file(&root, name) {
                        names.push(name.to_owned());
                    }
                },
            );
            if let Some(problem) = problems.first() {
                return Err(usage(format!("{shown}: {}", problem.message)));
            }
        } else {
            let name = real.file_name().and_then(|name| name.to_str());
            names.push(name.ok_or_else(|| usage(format!("{shown}: its name is not UTF-8")))?.to_owned());
        }
        names.sort();
        for name in names {
            let full = root.path().join(&name);
            if !seen.insert(full.clone()) {
                continue;
            }
            let inside = full.to_str().and_then(|full| session.root.relative(full));
            all.push(Named { root: root.clone(), path: name, inside, meant: !real.is_dir() });
        }
    }
    Ok(all)
}

/// The first bytes of a file.
fn head(named: &Named) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let path = named.root.path().join(&named.path);
    let read = File::open(&path).and_then(|file| file.take(HEAD).read_to_end(&mut bytes));
    read.map_err(|e| usage(format!("{}: {e}", path.display())))?;
    Ok(bytes)
}

/// Whether a file that begins with `head` is a report or a run of ours: `schema` is their first key.
fn is_ours(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).take(200).collect();
    plain.trim_start_matches('[').starts_with("{\"schema\":\"tollgate.")
}

/// Adds the reports of one of our files.
fn ours(named: &Named, session: &Session, reports: &mut Vec<Report>) -> anyhow::Result<()> {
    let path = named.root.path().join(&named.path);
    let bytes = read_named(&path, LARGEST).map_err(|e| usage(e.to_string()))?;
    for report in handed::reports(&named.path, &bytes, session).map_err(usage)? {
        if reports.iter().any(|other| other.checker == report.checker && other.instance == report.instance) {
            let (shown, name) = (&named.path, &report.checker);
            return Err(usage(format!("{shown}: a second report of {name}; hand over one, or name instances apart")));
        }
        reports.push(report);
    }
    Ok(())
}
