//! Looks at everything once: sources, documents, claims.

use tollgate_check::{CheckError, Context, FileKind, Globs, TreeError};
use tollgate_input::{Digest, InputError};
use tollgate_model::{Cause, Problem, Rule, format};

use crate::attest::{self, Standing};
use crate::detect::{self, Document, Source};
use crate::evidence::Evidence;
use crate::options::Options;
use crate::own;
use crate::patterns::{self, Pattern};
use crate::probe;
use crate::program::{Program, Sources};
use crate::routes::{self, Table};

/// Everything that was seen.
pub(crate) struct Seen {
    pub(crate) evidence: Evidence,
    pub(crate) table: Table,
    pub(crate) claims: Vec<Standing>,
    /// Rules of the user's own.
    pub(crate) own: Vec<Rule>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) notes: Vec<String>,
    /// How many files and documents were looked at.
    pub(crate) sources: usize,
    pub(crate) documents: usize,
    /// How much was seen, in one line.
    pub(crate) words: String,
    /// Every route, or operation of a document, by method and path: what a claim of `routes` is about.
    pub(crate) surface: Vec<String>,
}

/// The largest file that is looked at to see whether it wants to be a document, bytes.
const LARGEST_OTHER: u64 = 64 << 20;

/// How many files a note names.
const MOST_NAMED: usize = 10;

/// Looks at all of it.
///
/// # Errors
/// The tree cannot be listed, or an option makes no sense.
pub(crate) fn look(ctx: &Context<'_>, options: &Options) -> Result<Seen, CheckError> {
    let only = Globs::new("owasp.sources", &options.sources)?;
    let except = Globs::new("owasp.exclude", &options.exclude)?;
    let public = Globs::new("owasp.public", &options.public)?;
    let sources = Sources::read(ctx.tree(), &only, &except)?;
    let mut problems: Vec<Problem> = Vec::new();
    let mut notes = Vec::new();
    if sources.len() > 0 {
        ctx.record("tree", ".", sources.digest(), Some(sources.len() as u64));
    }
    let program = Program::new(ctx.tree(), &sources)?;
    let table = routes::table(&program);
    let mut evidence = Evidence::default();
    let gaps = table.lost.iter().filter(|lost| lost.hides).count() + sources.broken().len() + sources.unreadable.len();
    if table.routes.iter().any(|route| route.served) {
        let look = Source { program: &program, table: &table, public: &public, gaps };
        detect::source(&look, &mut evidence);
    }
    let (own_patterns, own) = own::read(ctx, &options.rules, &mut problems)?;
    let all: Vec<&Pattern> = patterns::ours().iter().chain(&own_patterns).collect();
    evidence.drafts.extend(patterns::find(&sources, &all));

    let documents = documents(ctx, options, &mut problems)?;
    let mut operations = Vec::new();
    for document in &documents {
        let seen = detect::document(document, &mut evidence);
        for (path, digest) in document.inputs() {
            ctx.record("file", path, digest.clone(), None);
        }
        for trouble in &seen.troubles {
            let message = format!("{}: {}: {}", trouble.location, trouble.about(), trouble.because);
            problems.push(Problem::new(Cause::Unreadable, message).at(&trouble.location.path));
        }
        for (place, because) in document.flaws() {
            problems.push(Problem::new(Cause::Unreadable, format!("{place}: {because}")).at(&place.path));
        }
        detect::compare(&document.path, &seen.operations, &table, &mut evidence);
        operations.extend(seen.operations);
    }
    let mut probed = None;
    if options.probes() {
        let mut targets = probe::targets(&table);
        targets.extend(documents.iter().flat_map(Document::targets));
        targets.sort_by(|a, b| (&a.path, !a.protected).cmp(&(&b.path, !b.protected)));
        targets.dedup_by(|a, b| a.path == b.path);
        probed = Some(probe::probe(ctx, options, &targets, &mut evidence, &mut problems)?);
    }
    told(&sources, &table, &mut problems, &mut notes);

    let served = table.routes.iter().filter(|route| route.served);
    let mut surface: Vec<String> = served.map(|route| format!("{} {}", route.method, route.path)).collect();
    if surface.is_empty() {
        surface.extend(operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)));
    }
    surface.sort();
    surface.dedup();
    let claims = match attest::read(ctx) {
        Ok(claims) => attest::standing(ctx, claims, &surface)?,
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    for standing in &claims {
        if let Some(because) = &standing.lapsed {
            let claim = &standing.claim;
            notes.push(format!(
                "{}:{}: what {} says of {} does not count: {because}",
                attest::FILE,
                claim.line,
                claim.owner,
                claim.item
            ));
        }
    }
    let mut words = words(&sources, &table, documents.len(), operations.len());
    if let Some(sent) = probed {
        words.push_str(&format!("; {} to the running service", format::things(u64::from(sent), "request")));
    }
    Ok(Seen {
        evidence,
        table,
        claims,
        own,
        problems,
        notes,
        sources: sources.len(),
        documents: documents.len(),
        words,
        surface,
    })
}

/// `196 routes, 190 resolved; 857 files, 0 not parsed; 1 document of 40 operations`.
fn words(sources: &Sources, table: &Table, documents: usize, operations: usize) -> String {
    let served: Vec<_> = table.routes.iter().filter(|route| route.served).collect();
    let mut parts = Vec::new();
    if sources.len() > 0 {
        let mut frameworks: Vec<&str> = served.iter().map(|route| route.framework).collect();
        frameworks.sort_unstable();
        frameworks.dedup();
        let shares = frameworks.iter().map(|name| {
            let of = || served.iter().filter(|route| route.framework == *name);
            let resolved = of().filter(|route| route.unresolved.is_empty()).count();
            format!("{name} {resolved} of {} routes resolved", of().count())
        });
        parts.extend(shares);
        let unread = sources.broken().len() + sources.unreadable.len();
        parts.push(format!("{} looked at, {unread} not understood", format::things(sources.len() as u64, "file")));
    }
    if documents > 0 {
        let of = format::things(operations as u64, "operation");
        parts.push(format!("{} of {of}", format::things(documents as u64, "document")));
    }
    parts.join("; ")
}

/// What could not be followed or was left out, said to whoever reads the numbers.
fn told(sources: &Sources, table: &Table, problems: &mut Vec<Problem>, notes: &mut Vec<String>) {
    for (path, because) in &sources.unreadable {
        problems.push(Problem::new(Cause::Unreadable, format!("{path}: {because}")).at(path));
    }
    let broken = sources.broken();
    if !broken.is_empty() {
        let count = format::things(broken.len() as u64, "file");
        let named: Vec<String> = broken.iter().take(MOST_NAMED).map(|(path, line)| format!("{path}:{line}")).collect();
        let named = format::few(&named, broken.len());
        notes
            .push(format!("{count} with parts that the grammar does not know, what they hold may be missing: {named}"));
    }
    if !sources.skipped.is_empty() {
        let count = format::things(sources.skipped.len() as u64, "file");
        let named = sources.skipped.iter().take(MOST_NAMED).map(|(path, because)| format!("{path} ({because})"));
        let named = format::few(&named.collect::<Vec<String>>(), sources.skipped.len());
        notes.push(format!("{count} left out that nobody wrote by hand: {named}"));
    }
    for lost in table.lost.iter().take(20) {
        notes.push(format!("{}: {} ({})", lost.place, lost.what, lost.framework));
    }
    if table.lost.len() > 20 {
        notes
            .push(format!("{} that could not be followed", format::things(table.lost.len() as u64 - 20, "more thing")));
    }
}

/// Every document of the API.
fn documents(ctx: &Context<'_>, options: &Options, problems: &mut Vec<Problem>) -> Result<Vec<Document>, CheckError> {
    let (patterns, named) = options.documents();
    let globs = Globs::new("owasp.documents", &patterns)?;
    let read = |path: &str, limit: u64| match ctx.tree().read(path, limit) {
        Ok(bytes) => {
            let digest = Digest::of(&bytes);
            Ok((bytes, digest))
        }
        Err(TreeError { message, .. }) => {
            Err(InputError::Io { path: path.to_owned(), message: without(path, &message) })
        }
    };
    let mut all = Vec::new();
    let mut matched = 0;
    for file in ctx.tree().files()? {
        let is_file = matches!(file.kind, FileKind::File | FileKind::Executable);
        if !is_file || !globs.matches(&file.path) || !named && tollgate_check::paths::is_of_others(&file.path) {
            continue;
        }
        matched += 1;
        match Document::read(&read, &file.path) {
            Ok(document) => all.push(document),
            // A file that is only called so is none.
            Err(InputError::Malformed { message, .. }) if !named && message.starts_with("no OpenAPI document") => {}
            Err(_) if !named && !speaks_of_one(ctx, &file.path) => {}
            Err(error) => problems.push(Problem::new(Cause::Unreadable, error.to_string()).at(&file.path)),
        }
    }
    if named && matched == 0 {
        let message = format!("no file matches owasp.documents ({})", patterns.join(", "));
        problems.push(Problem::new(Cause::Missing, message));
    }
    Ok(all)
}

/// Whether a file that cannot be read as a document says at its top that it is one.
fn speaks_of_one(ctx: &Context<'_>, path: &str) -> bool {
    match ctx.tree().read(path, LARGEST_OTHER) {
        Ok(bytes) => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).to_ascii_lowercase();
            head.contains("openapi") || head.contains("swagger")
        }
        // One that is too large to be read is told.
        Err(_) => true,
    }
}

/// A message without the path that it begins with.
fn without(path: &str, message: &str) -> String {
    message.strip_prefix(path).map_or(message, |rest| rest.trim_start_matches([':', ' '])).to_owned()
}
