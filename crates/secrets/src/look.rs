//! What is looked at, and in which order.

use std::collections::HashSet;

use tollgate_check::{CheckError, Context, FileKind, Globs, Tree, TreeFile};
use tollgate_digest::{Key, SALT, SHORTEST_SALT, canonical};
use tollgate_input::Digest;
use tollgate_model::{Cause, Problem, Report, Rule, Status, Word};
use tollgate_tree::{Repository, Scope};

use crate::comments::Comments;
use crate::compat::Compat;
use crate::engine::detector::Detect;
use crate::engine::scan::Scanner;
use crate::engine::set::Set;
use crate::gather::blobs::Blobs;
use crate::gather::files::Files;
use crate::gather::{self, Gathered, Secret, Seen, Values, stream};
use crate::options::{Mode, Options};
use crate::report::Telling;
use crate::{catalogue, own, suppress};

/// Most changed files whose earlier content is looked at.
const MOST_CHANGED: usize = 2_000;
/// What standard input is called.
const STDIN: &str = "(standard input)";

/// Looks, and reports.
pub(crate) fn look(ctx: &Context<'_>, options: &Options) -> Result<Report, CheckError> {
    let mode = options.mode().map_err(|(key, message)| CheckError::option(format!("secrets.{key}"), message))?;
    if let Some(name) = options.disable.iter().find(|name| !catalogue::knows(name)) {
        return Err(CheckError::option(
            "secrets.disable",
            format!("no rule is called {name:?}; see `tollgate rules list`"),
        ));
    }
    let compat = Compat::load(ctx, options)?;
    let unwanted = |id: &str, detect: &Detect| {
        let named = |name: &String| catalogue::is_called(id, &detect.aliases, name);
        options.disable.iter().any(named) || compat.disables(id, &detect.aliases)
    };
    let detectors = catalogue::detectors(&unwanted);
    let mut detectors =
        detectors.map_err(|(id, error)| CheckError::option("secrets.rules", format!("{id}: {error}")))?;
    let own = own::load(ctx, &options.rules)?;
    detectors.extend(own.detectors);
    detectors.extend(compat.detectors()?);
    let mut set = Set::new(detectors);
    compat.relate(&mut set);
    let eyes = Eyes {
        ctx,
        options,
        set: &set,
        compat: &compat,
        exclude: Globs::new("secrets.exclude", &options.exclude)?,
        only: Globs::new("secrets.paths", &options.paths)?,
    };
    let mut report = ctx.report("secrets", env!("CARGO_PKG_VERSION"), Word::Tree);
    let own_rules: Vec<Rule> = own.rules.into_iter().chain(compat.rules.iter().cloned()).collect();
    report.rules = own_rules.clone();
    report.findings = compat.remarks(ctx.tree())?;
    let seen = eyes.see(&mode)?;
    let entries = suppress::load(ctx.tree())?;
    let repository = seen.repository.as_ref();
    let mut gathered = seen.gathered;
    let before = gathered.secrets().count();
    gathered.retain(|secret, seen| !compat.allows(&set, secret, seen));
    let allowed = before - gathered.secrets().count();
    if allowed > 0 {
        gathered.notes.push(format!("{allowed} values are let pass by the lists of the gitleaks configuration"));
    }
    gathered.sort();
    // Where there is nothing to name, the first commit is not looked for.
    let first = repository.filter(|_| gathered.secrets().next().is_some()).and_then(Repository::first_commit);
    let key = Key::new(salt(ctx.tree())?.as_deref(), first.as_deref());
    let unpushed = eyes.unpushed(repository, &gathered, &mode);
    // What a hook or somebody at a terminal looks at is no change that others decide about yet.
    let comments = Comments::new(ctx.changes().ok().filter(|_| matches!(mode, Mode::Tree | Mode::Everything)));
    let telling = Telling {
        ctx,
        set: &set,
        key: &key,
        own: &own_rules,
        entries: &entries,
        excused: &|secret| comments.excuse(secret).or_else(|| compat.excuses(&set, secret)),
        known: seen.known.as_ref(),
        unpushed: &|secret| unpushed.contains(canonical(&secret.value).as_ref()),
        of_commits: !matches!(mode, Mode::Tree | Mode::Everything | Mode::History),
    };
    telling.tell(&mut report, &gathered);
    report.notes.extend(comments.note());
    if gathered.texts == 0 && report.problems.is_empty() && !eyes.may_be_empty(&mode) {
        report.status = Status::Empty;
        report.problems.push(Problem::new(Cause::NoEvidence, "there is no file here to look at"));
    }
    if gathered.texts == 0 && report.status == Status::Complete {
        ctx.record("nothing", ".", Digest::of(b""), Some(0));
    }
    Ok(report)
}

/// The committed salt.
fn salt(tree: &dyn Tree) -> Result<Option<Vec<u8>>, CheckError> {
    if !tree.contains(SALT)? {
        return Ok(None);
    }
    let salt = tree.read(SALT, 4096)?;
    let too_short = || {
        let message = format!(
            "{SALT}: at least {SHORTEST_SALT} characters are expected; `tollgate secrets salt --anew` writes one"
        );
        CheckError::Problem(Problem::new(Cause::Unreadable, message).at(SALT))
    };
    tollgate_digest::salt(&salt).map(|salt| Some(salt.to_vec())).ok_or_else(too_short)
}

struct Eyes<'a, 'c> {
    ctx: &'a Context<'c>,
    options: &'a Options,
    set: &'a Set,
    compat: &'a Compat,
    exclude: Globs,
    only: Globs,
}

struct SeenAll {
    gathered: Gathered,
    /// Values that were there before.
    known: Option<Values>,
    repository: Option<Repository>,
}

impl<'c> Eyes<'_, 'c> {
    fn see(&self, mode: &Mode) -> Result<SeenAll, CheckError> {
        let repository = Repository::discover(self.ctx.root().path())?;
        let within = |key: &str| {
            let none = || CheckError::option(format!("secrets.{key}"), "the folder lies in no git repository");
            repository.as_ref().ok_or_else(none)
        };
        let hides = |path: &str| self.hides(path);
        let part = |key: &str, scope: &Scope, what: &str| -> Result<_, CheckError> {
            Ok(self.blobs(within(key)?, &hides).part(scope, what)?)
        };
        let known = |(gathered, before): (Gathered, Values)| (gathered, Some(before));
        let (gathered, known) = match mode {
            Mode::Tree => self.tree(repository.as_ref())?,
            Mode::Everything => {
                let folder = tollgate_tree::folder(self.ctx.root());
                (self.files(folder.as_ref(), true)?, None)
            }
            Mode::Stdin => (self.stdin()?, None),
            Mode::Staged => part("staged", &Scope::Staged, "index").map(known)?,
            Mode::Range(from, to) => {
                part("range", &Scope::Range { from: from.clone(), to: to.clone() }, "range").map(known)?
            }
            Mode::Since(day) => {
                (self.before_the_change(part("since", &Scope::Since(*day), "history")?.0, &repository)?, None)
            }
            Mode::History => {
                (self.before_the_change(self.blobs(within("history")?, &hides).all()?, &repository)?, None)
            }
        };
        Ok(SeenAll { gathered, known, repository })
    }

    /// Whether it is no accident that nothing was looked at.
    fn may_be_empty(&self, mode: &Mode) -> bool {
        matches!(mode, Mode::Staged | Mode::Range(..) | Mode::Since(_) | Mode::History)
    }

    fn hides(&self, path: &str) -> bool {
        self.exclude.matches(path)
            || self.compat.hides(path)
            || !self.options.paths.is_empty()
                && !self.options.paths.iter().any(|only| only == ".")
                && !self.only.matches(path)
    }

    fn blobs<'b>(&'b self, repository: &'b Repository, hides: &'b dyn Fn(&str) -> bool) -> Blobs<'b, 'c> {
        Blobs { ctx: self.ctx, repository, set: self.set, hides }
    }

    /// The files as they are, and what the change's commits bring in.
    fn tree(&self, repository: Option<&Repository>) -> Result<(Gathered, Option<Values>), CheckError> {
        let tree = self.ctx.tree();
        let of_commit = repository.is_some_and(|repository| tree.commit() != repository.head());
        let mut gathered = self.files(tree, !of_commit)?;
        let Ok(changes) = self.ctx.changes() else { return Ok((gathered, None)) };
        if of_commit || Some(changes.base()) == tree.commit() && changes.files().is_empty() {
            return Ok((gathered, None));
        }
        // Commits of the change that hold what the tree holds no more.
        if let Some(repository) = repository.filter(|repository| repository.head() != Some(changes.base())) {
            let scope = Scope::Range { from: changes.base().to_owned(), to: "HEAD".to_owned() };
            let (mut passed, _) = self.blobs(repository, &|path| self.hides(path)).part(&scope, "range")?;
            passed.retain(|secret, seen| !gathered.has(&secret.value) && !seen.current);
            passed.texts = 0;
            passed.names.clear();
            passed.hidden = 0;
            gathered.merge(passed);
        }
        let known = self.known(&gathered)?;
        Ok((gathered, Some(known)))
    }

    /// What history holds without what came after the commit that is looked at, which is the base where it is not HEAD.
    fn before_the_change(
        &self,
        mut gathered: Gathered,
        repository: &Option<Repository>,
    ) -> Result<Gathered, CheckError> {
        let (Some(repository), Some(commit)) = (repository, self.ctx.tree().commit()) else { return Ok(gathered) };
        if repository.head().is_none_or(|head| head == commit) {
            return Ok(gathered);
        }
        let scope = Scope::Range { from: commit.to_owned(), to: "HEAD".to_owned() };
        let (came, before) = self.blobs(repository, &|path| self.hides(path)).part(&scope, "range")?;
        gathered.retain(|secret, _| !came.has(&secret.value) || before.contains(canonical(&secret.value).as_ref()));
        Ok(gathered)
    }

    /// Of the values, those that stand in a file that the change does not touch, or in what a touched one was before.
    fn known(&self, gathered: &Gathered) -> Result<Values, CheckError> {
        let mut known = HashSet::new();
        let Ok(changes) = self.ctx.changes() else { return Ok(known) };
        let key = |value: &[u8]| -> Box<[u8]> { canonical(value).as_ref().into() };
        for secret in gathered.secrets() {
            if secret.places.iter().any(|seen| seen.current && changes.file(&seen.path).is_none()) {
                known.insert(key(&secret.value));
            }
        }
        if gathered.secrets().all(|secret| known.contains(&key(&secret.value))) {
            return Ok(known);
        }
        let mut scanner = Scanner::new(self.set);
        for file in changes.files().iter().take(MOST_CHANGED) {
            let path = file.old_path.as_deref().unwrap_or(&file.path);
            let Some(bytes) = changes.read_base(path, 32 << 20)? else { continue };
            let kept = scanner.scan(&bytes);
            known.extend(crate::sight::sights(self.set, &bytes, &kept).iter().map(|sight| key(&sight.value)));
        }
        Ok(known)
    }

    fn files(&self, tree: &dyn Tree, on_disk: bool) -> Result<Gathered, CheckError> {
        let mut files: Vec<TreeFile> = tree.files()?;
        let all = files.len();
        if let Some(missing) = self.options.paths.iter().find(|path| {
            path.as_str() != "."
                && !files.iter().any(|file| Globs::new("", &[path]).is_ok_and(|glob| glob.matches(&file.path)))
        }) {
            return Err(CheckError::option(
                "secrets.paths",
                format!("{missing}: no file of the tree lies there; ignored ones need --no-ignore"),
            ));
        }
        let hidden = |file: &&TreeFile| self.exclude.matches(&file.path) || self.compat.hides(&file.path);
        let excluded = files.iter().filter(hidden).count() as u64;
        files.retain(|file| !self.hides(&file.path));
        let mut gathered = Files { ctx: self.ctx, tree, set: self.set, on_disk }.scan(&files);
        gathered.hidden += excluded;
        let submodules = files.iter().filter(|file| file.kind == FileKind::Submodule).count();
        if submodules > 0 {
            gathered.notes.push(format!("{submodules} submodules were not entered"));
        }
        if all > 0 && files.is_empty() {
            gathered.problems.push(Problem::new(Cause::NoEvidence, "every file is excluded, so nothing was looked at"));
        }
        Ok(gathered)
    }

    fn stdin(&self) -> Result<Gathered, CheckError> {
        let none = || CheckError::Problem(Problem::new(Cause::Missing, "nothing came in on standard input"));
        let path = self.ctx.input().ok_or_else(none)?;
        let trouble =
            |error: std::io::Error| CheckError::Problem(Problem::new(Cause::Unreadable, format!("{STDIN}: {error}")));
        let mut file = std::fs::File::open(path).map_err(trouble)?;
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut file, &mut hasher).map_err(trouble)?;
        let mut file = std::fs::File::open(path).map_err(trouble)?;
        let (sights, length) = stream::scan(self.set, &mut Scanner::new(self.set), &mut file).map_err(trouble)?;
        self.ctx.record("stdin", STDIN, Digest { blake3: hasher.finalize().to_hex().to_string(), bytes: length }, None);
        let mut gathered = Gathered::default();
        (gathered.texts, gathered.bytes) = (1, length);
        for sight in sights {
            let confidence = gather::confidence(self.set, &sight, "stdin.txt");
            let Some(confidence) = confidence else { continue };
            let line = sight.line.clone();
            gathered.add(
                &sight,
                Seen { path: STDIN.to_owned(), region: sight.region, commit: None, current: true, confidence, line },
            );
        }
        Ok(gathered)
    }

    /// Values of which it is certain that no remote repository has them: they came in with commits that were not pushed, or with
    /// none yet, and nothing that was pushed holds them.
    fn unpushed(&self, repository: Option<&Repository>, gathered: &Gathered, mode: &Mode) -> Values {
        let Some(repository) = repository.filter(|repository| repository.has_remotes()) else { return HashSet::new() };
        if !matches!(mode, Mode::Staged | Mode::Range(..)) {
            return HashSet::new();
        }
        let local =
            |seen: &Seen| seen.commit.as_ref().map_or(*mode == Mode::Staged, |commit| commit.pushed == Some(false));
        let candidates: Vec<&Secret> = gathered.secrets().filter(|secret| secret.places.iter().all(local)).collect();
        if candidates.is_empty() {
            return HashSet::new();
        }
        let Ok(all) = self.blobs(repository, &|_| false).all() else { return HashSet::new() };
        let pushed = |secret: &&Secret| {
            all.get(&secret.value).is_some_and(|known| {
                known.count > known.places.len() as u64
                    || known
                        .places
                        .iter()
                        .any(|seen| seen.commit.as_ref().is_none_or(|commit| commit.pushed != Some(false)))
            })
        };
        let complete = all.problems.is_empty();
        candidates
            .into_iter()
            .filter(|secret| complete && !pushed(secret))
            .map(|secret| canonical(&secret.value).as_ref().into())
            .collect()
    }
}
