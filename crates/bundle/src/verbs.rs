//! What bundle does beside checking: `import`.

use std::collections::BTreeSet;

use clap::Args;
use tollgate_check::search::is_file;
use tollgate_check::{AnyVerb, CheckError, Context, FileKind, Outcome, Verb, paths};
use tollgate_input::utf8;
use tollgate_model::{Cause, Problem};

use crate::import::{self, Budget, Left, MANIFEST, NAMES, Package, Taken};
use crate::options::Options;
use crate::{Bundle, usual_builds};

/// Every verb.
pub(crate) const VERBS: &[&dyn AnyVerb<Bundle>] = &[&Import];

/// Largest file of budgets that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// How many files are read where none is named.
const MOST_FILES: usize = 2_000;

/// Writes budgets of other tools as a policy.
struct Import;

/// Arguments of `import`.
#[derive(Args)]
struct ImportArguments {
    /// Files of budgets, relative to the root; without any, those with usual names are looked for
    #[arg(value_name = "FILE")]
    budgets: Vec<String>,
}

impl Verb<Bundle> for Import {
    const NAME: &'static str = "import";
    const ABOUT: &'static str =
        "Print the budgets of size-limit, bundlesize, bundlewatch and Lighthouse as lines of tollgate.toml";

    type Arguments = ImportArguments;

    fn run(&self, ctx: &Context<'_>, options: &Options, arguments: &ImportArguments) -> Result<Outcome, CheckError> {
        let mut outcome = Outcome::default();
        let files: BTreeSet<String> = if arguments.budgets.is_empty() {
            search(ctx, &mut outcome.problems)?
        } else {
            let relative = |path: &String| ctx.root().relative(path).unwrap_or_else(|| path.clone());
            arguments.budgets.iter().map(relative).collect()
        };
        let (mut budgets, mut left, mut read): (Vec<Budget>, Vec<Left>, Vec<String>) = Default::default();
        for path in files {
            match file(ctx, &path) {
                Ok(taken) if taken == Taken::default() && arguments.budgets.is_empty() => {}
                Ok(taken) => {
                    budgets.extend(taken.budgets);
                    left.extend(taken.left);
                    read.push(path);
                }
                Err(problem) => outcome.problems.push(problem),
            }
        }
        let arranged = import::arrange(&budgets, options.dir.as_deref(), &usual_builds(ctx.root()));
        left.extend(arranged.left.iter().cloned());
        outcome.notes.extend(left.iter().map(|left| format!("not taken over: {left}")));
        if arranged.builds.is_empty() {
            outcome.problems.extend(nothing(&read, outcome.problems.is_empty()));
        } else {
            outcome.text = import::write(&read, &arranged, &left).into_bytes();
        }
        Ok(outcome)
    }
}

/// What the file at `path` gives.
fn file(ctx: &Context<'_>, path: &str) -> Result<Taken, Problem> {
    let text = |path: &str| ctx.read(path, LARGEST).map(|bytes| utf8(&bytes).into_owned());
    let own = text(path).map_err(|error| error.problem())?;
    let found = paths::above(path)
        .map(|folder| (folder, paths::join(folder, MANIFEST)))
        .find(|(_, path)| is_file(ctx.root(), path));
    let manifest = found.and_then(|(folder, path)| Some((folder, text(&path).ok()?)));
    let package = manifest.as_ref().map(|(folder, manifest)| Package { folder, manifest });
    import::read(path, &own, package).map_err(|error| error.problem())
}

/// The files of the project that have a usual name.
fn search(ctx: &Context<'_>, problems: &mut Vec<Problem>) -> Result<BTreeSet<String>, CheckError> {
    let is_regular = |kind| matches!(kind, FileKind::File | FileKind::Executable);
    let is_ours = |path: &str| !paths::is_of_others(path) && (import::is_named(path) || paths::name(path) == MANIFEST);
    let all = ctx.tree().files()?.into_iter().filter(|file| is_regular(file.kind)).map(|file| file.path);
    let mut files: BTreeSet<String> = all.filter(|path| is_ours(path)).collect();
    if let Some(first) = files.iter().nth(MOST_FILES).cloned() {
        let message =
            format!("more than {MOST_FILES} files may hold budgets, and the rest was not read: name those that do");
        problems.push(Problem::new(Cause::Unfinished, message));
        files.split_off(&first);
    }
    Ok(files)
}

/// That there is no budget in the files `read`; nothing where another problem says why and no file was read.
fn nothing(read: &[String], is_alone: bool) -> Option<Problem> {
    let message = match read {
        [] if !is_alone => return None,
        [] => format!(
            "no budgets found: looked for {}, and for size-limit, bundlesize and bundlewatch in {MANIFEST}; name the file",
            NAMES.join(", ")
        ),
        read => format!(
            "{}: no limit on the size of built files that can be taken over; name another file",
            read.join(", ")
        ),
    };
    Some(Problem::new(Cause::NoEvidence, message))
}

#[cfg(test)]
mod tests;
