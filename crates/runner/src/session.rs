//! What is checked, and what it is compared with: found out once, before any checker runs.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use tollgate_check::{ChangedFile, Changes as _, Context, Facts, Tree};
use tollgate_digest::Digester;
use tollgate_input::Root;
use tollgate_model::{Date, Report};
use tollgate_tree::Repository;

use crate::arguments::Common;
use crate::change::{ChangeList, Difference};
use crate::configuration;
use crate::digests;
use crate::event::Event;
use crate::former::{self, Former, Sought};
use crate::moves::Moves;
use crate::taken::{self, Taken};
use crate::usage::usage;

/// What is checked, and what it is compared with.
pub(crate) struct Session {
    pub(crate) root: Root,
    pub(crate) repository: Option<Repository>,
    pub(crate) event: Event,
    pub(crate) base: Base,
    /// The day by which policy is judged.
    pub(crate) today: Date,
    /// The second at which it began, since 1970-01-01 UTC: for the age of reports.
    pub(crate) now: i64,
    /// The policy's file from the top of the repository; none where it lies outside.
    pub(crate) policy: Option<String>,
    /// Names the secrets that others found.
    pub(crate) digester: Arc<Digester>,
    /// What the change's own run handed over; then the files are those of the commit, whatever else lies in the working copy.
    taken: Option<Taken>,
    difference: OnceLock<Difference>,
    moves: OnceLock<Moves>,
    /// Where root and policy lay where the change began, and at the tip of the base.
    began: OnceLock<Result<Former, String>>,
    tip: OnceLock<Option<Result<(String, Former), String>>>,
}

/// Branches that a change is usually merged into, where nothing says which.
const USUAL: [&str; 3] = ["refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master"];

/// The commit compared with, and how it was found.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// `commit` is where the change left the base; `tip` is what the base is now, whose policy holds.
    At {
        commit: String,
        tip: String,
        origin: String,
    },
    NotYet(String),
    Unknown(String),
}

/// The tip of the base branch, whose policy holds.
pub(crate) struct Tip<'a> {
    repository: &'a Repository,
    commit: &'a str,
    pub(crate) former: &'a Former,
}

impl Tip<'_> {
    /// Its files below the folder `root`; `.` for all.
    pub(crate) fn tree(&self, root: &str) -> Result<Box<dyn Tree>, String> {
        self.repository.commit_tree_at(self.commit, root).map_err(|e| e.to_string())
    }
}

impl Session {
    /// Finds everything out.
    pub(crate) fn open(common: &Common) -> anyhow::Result<Self> {
        let root = Root::new(&common.root).map_err(|e| usage(format!("--root: {e}")))?;
        let directory = std::env::var_os("PWD").map(PathBuf::from);
        if let Some(link) = former::linked(&common.root, directory.as_deref()) {
            let shown = link.display();
            let because = "whose policy holds is known by the folder's own name; name the folder that it leads to";
            return Err(usage(format!("--root: {shown} is a link within the repository, and {because}")));
        }
        let repository = Repository::discover(root.path()).map_err(|e| usage(e.to_string()))?;
        let event = Event::detect(common.event.as_deref(), |name| std::env::var(name).ok());
        let base = match &repository {
            Some(repository) => base(repository, common.base.as_deref(), &event)?,
            None if common.base.is_some() => {
                let folder = common.root.display();
                return Err(usage(format!("--base: {folder} lies in no git repository")));
            }
            None => Base::Unknown("the folder lies in no git repository".to_owned()),
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let today = Date::from_unix(now);
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let policy = repository.as_ref().and_then(|repository| match &common.config {
            Some(path) => former::within(repository.top(), path),
            None => Some(former::joined(repository.root_in_repository(), configuration::FILE)),
        });
        let digester = Arc::new(digests::digester(&root));
        let (difference, began, tip) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        let moves = OnceLock::new();
        Ok(Self {
            root,
            repository,
            event,
            base,
            today,
            now,
            policy,
            digester,
            taken: None,
            difference,
            moves,
            began,
            tip,
        })
    }

    /// Takes what the change's own run reported from `folder` into the root, and reads files from the commit from now on: what
    /// lies beside them is no part of the change. Returns what was not taken, in sentences.
    pub(crate) fn take(&mut self, folder: &Path) -> anyhow::Result<Vec<String>> {
        let named = || {
            usage(format!(
                "--reports {}: what is no report is read from the commit, and there is none",
                folder.display()
            ))
        };
        if self.head().is_none() {
            return Err(named());
        }
        let tree = self.committed_tree().ok_or_else(named)?.map_err(usage)?;
        let taken = taken::take(folder, &self.root, tree.as_ref())?;
        Ok(self.taken.insert(taken).refused.clone())
    }

    /// Makes a report incomplete that rests on what was not handed over, where that is what counts.
    pub(crate) fn refuse_leftovers(&self, report: &mut Report) {
        if let (Some(taken), Some(Ok(commit))) = (&self.taken, self.committed_tree()) {
            taken.refuse_leftovers(&self.root, commit.as_ref(), report);
        }
    }

    /// The commit that files are read from, where that is not the working copy.
    pub(crate) fn read_from(&self) -> Option<&str> {
        self.head().filter(|_| self.taken.is_some())
    }

    /// Whether the change began at the commit, or later.
    pub(crate) fn is_before_the_change(&self, commit: &str) -> bool {
        let (Some(repository), Base::At { commit: began, .. }) = (&self.repository, &self.base) else { return false };
        repository.merge_base(commit, began).is_ok_and(|met| met == commit)
    }

    fn committed_tree(&self) -> Option<Result<Box<dyn Tree>, String>> {
        let (repository, head) = (self.repository.as_ref()?, self.head()?);
        Some(repository.commit_tree(head).map_err(|e| e.to_string()))
    }

    /// Folders that the change moved.
    pub(crate) fn moves(&self) -> &Moves {
        self.moves.get_or_init(|| Moves::of(self))
    }

    /// What differs from the base; worked out when it is first asked for, since a wrong configuration never asks.
    pub(crate) fn difference(&self) -> &Difference {
        self.difference.get_or_init(|| match (&self.repository, &self.base) {
            (_, Base::NotYet(because)) => Difference::NotYet(because.clone()),
            (_, Base::Unknown(because)) => Difference::Unknown(because.clone()),
            (None, Base::At { .. }) => Difference::Unknown("the folder lies in no git repository".to_owned()),
            (Some(repository), Base::At { commit, .. }) => {
                let files = || -> Result<Vec<ChangedFile>, String> {
                    let root = self.root_at_base()?;
                    let changes = match self.read_from() {
                        Some(head) => repository.changes_between((commit, root), head),
                        None => repository.changes_from(commit, root),
                    };
                    let changes = changes.map_err(|e| e.to_string())?;
                    Ok(changes.files().to_vec())
                };
                match files() {
                    Ok(files) => Difference::Known(ChangeList { base: commit.clone(), files }),
                    Err(because) => Difference::Unknown(because),
                }
            }
        })
    }

    /// The commit that is judged, full hex.
    pub(crate) fn head(&self) -> Option<&str> {
        self.repository.as_ref().and_then(Repository::head)
    }

    /// Where the forge shows the files of that commit.
    pub(crate) fn files_at(&self) -> Option<String> {
        Some(format!("{}/blob/{}", self.event.repository_at.as_ref()?, self.head()?))
    }

    /// That a report is about commit `about`, unless that and the commit that is judged are the `same`, or there is none.
    pub(crate) fn about_another(&self, about: &str, same: fn(head: &str, about: &str) -> bool) -> Option<String> {
        let head = self.head().filter(|head| !same(head, about))?;
        let short = |commit: &str| commit.chars().take(12).collect::<String>();
        Some(format!("about commit {}, and this is {}", short(about), short(head)))
    }

    /// The root within the repository, `.` for its top.
    pub(crate) fn root_in_repository(&self) -> &str {
        self.repository.as_ref().map_or(".", Repository::root_in_repository)
    }

    /// The files as they are.
    pub(crate) fn tree(&self) -> Box<dyn Tree> {
        let committed = self.taken.is_some().then(|| self.committed_tree()).flatten().and_then(Result::ok);
        committed.unwrap_or_else(|| working_tree(self.repository.as_ref(), &self.root))
    }

    /// The files as the base has them.
    pub(crate) fn base_tree(&self) -> Option<Result<Box<dyn Tree>, String>> {
        let (Some(repository), Base::At { commit, .. }) = (&self.repository, &self.base) else { return None };
        Some(self.root_at_base().and_then(|root| repository.commit_tree_at(commit, root).map_err(|e| e.to_string())))
    }

    /// The root as the base has it: another folder where the change moved it.
    pub(crate) fn root_at_base(&self) -> Result<&str, String> {
        let (Some(repository), Base::At { commit, .. }) = (&self.repository, &self.base) else {
            return Ok(self.root_in_repository());
        };
        let former = self.began.get_or_init(|| self.former(repository, commit, commit));
        former.as_ref().map(|former| former.root.as_str()).map_err(String::clone)
    }

    /// The files as the tip of the base branch has them, whose policy holds. Of a push to the default branch, which is the base
    /// from now on, none but its own.
    pub(crate) fn tip_tree(&self) -> Option<Result<Box<dyn Tree>, String>> {
        match (&self.repository, &self.base) {
            (Some(_), Base::At { .. }) if self.event.lands => Some(Ok(self.tree())),
            _ => self.tip().map(|tip| tip.and_then(|tip| tip.tree(&tip.former.root))),
        }
    }

    /// The tip of the base branch; none where there is none, and for a push to the default branch.
    pub(crate) fn tip(&self) -> Option<Result<Tip<'_>, String>> {
        let repository = self.repository.as_ref()?;
        let tip = self.tip.get_or_init(|| {
            let found = self.tip_commit(repository)?.and_then(|commit| {
                let began = match &self.base {
                    Base::At { commit, .. } => commit,
                    Base::NotYet(_) | Base::Unknown(_) => &commit,
                };
                let former = self.former(repository, &commit, began)?;
                Ok((commit, former))
            });
            Some(found)
        });
        let tip = tip.as_ref()?.as_ref();
        Some(tip.map(|(commit, former)| Tip { repository, commit, former }).map_err(String::clone))
    }

    /// The commit whose policy holds, whether or not the change has anything in common with it.
    fn tip_commit(&self, repository: &Repository) -> Option<Result<String, String>> {
        let event = &self.event;
        if event.lands {
            return None;
        }
        // What a push to another branch is compared with is that branch; what it will be merged into is the default one.
        if let (Some(name), true) = (&event.default_branch, event.name == "push") {
            let because = |_| format!("origin/{name}, whose policy holds, was not fetched");
            return Some(repository.resolve(&format!("refs/remotes/origin/{name}")).map_err(because));
        }
        match &self.base {
            Base::At { tip, .. } => Some(Ok(tip.clone())),
            Base::Unknown(because) if event.is_of_others() => Some(Err(because.clone())),
            Base::NotYet(_) | Base::Unknown(_) => {
                let mut usual = USUAL.iter().filter_map(|name| repository.resolve(name).ok());
                usual.next().map(Ok)
            }
        }
    }

    fn former(&self, repository: &Repository, commit: &str, began: &str) -> Result<Former, String> {
        let sought = Sought { root: self.root_in_repository(), policy: self.policy.as_deref(), began };
        former::find(repository, sought, commit).map_err(|e| e.to_string())
    }

    /// Runs `f` with a context that only looks at names.
    pub(crate) fn with_context<T>(&self, f: impl FnOnce(&Context<'_>) -> T) -> T {
        let tree = self.tree();
        let facts = Facts {
            changes: Err(String::new()),
            root_in_repository: self.root_in_repository().to_owned(),
            today: self.today,
            ..Facts::plain()
        };
        f(&Context::new(&self.root, tree.as_ref(), facts))
    }

    /// How the base was found, or why there is none.
    pub(crate) fn base_origin(&self) -> String {
        match &self.base {
            Base::At { origin, .. } => origin.clone(),
            Base::NotYet(because) => format!("no base yet: {because}"),
            Base::Unknown(because) => format!("no base: {because}"),
        }
    }

    /// That there is no policy is no accident: the base has none either.
    pub(crate) fn has_no_policy(&self) -> anyhow::Result<()> {
        let Some(Ok(tree)) = self.base_tree() else { return Ok(()) };
        if !tree.contains(configuration::FILE).unwrap_or(false) {
            return Ok(());
        }
        let (file, root) = (configuration::FILE, self.root_at_base().unwrap_or("."));
        let place = if root == self.root_in_repository() { "one".to_owned() } else { former::joined(root, file) };
        Err(usage(format!(
            "{file}: not found, though the base has {place}; put it back, or name another with --config"
        )))
    }

    /// The policy in a folder above the root, which is not looked for there.
    pub(crate) fn policy_above(&self) -> Option<PathBuf> {
        let root = Path::new(self.root_in_repository());
        let depth = root.components().filter(|c| matches!(c, Component::Normal(_))).count();
        let above = self.root.path().ancestors().skip(1).take(depth);
        above.map(|folder| folder.join(configuration::FILE)).find(|file| file.is_file())
    }
}

/// The commit to compare with: the flag, else the event's, else where the branch left its upstream.
fn base(repository: &Repository, flag: Option<&str>, event: &Event) -> anyhow::Result<Base> {
    let Some(head) = repository.head() else {
        return Ok(Base::NotYet("the repository has no commit yet".to_owned()));
    };
    if let Some(rev) = flag {
        return match repository.resolve(rev) {
            Ok(commit) => Ok(met(repository, head, &commit, format!("--base {rev}"))),
            // History that was cut off may well hold it; anything else is a wrong name.
            Err(error) if repository.is_shallow() => Ok(Base::Unknown(format!("--base {rev}: {error}"))),
            Err(error) => Err(usage(format!("--base: {error}"))),
        };
    }
    if let Some(trouble) = &event.trouble {
        return Ok(Base::Unknown(trouble.clone()));
    }
    if let Some(sha) = &event.base {
        if event.name == "push" && sha.bytes().all(|b| b == b'0') {
            return Ok(of_new_branch(repository, head, event));
        }
        return Ok(match repository.resolve(sha) {
            Ok(commit) => met(repository, head, &commit, format!("the base of this {}", event.name)),
            Err(error) => Base::Unknown(error.to_string()),
        });
    }
    if let Some((name, commit)) = repository.upstream() {
        return Ok(met(repository, head, &commit, name));
    }
    let local = ["main", "master"].into_iter().filter(|name| repository.branch() != Some(*name));
    for name in local {
        if let Ok(commit) = repository.resolve(&format!("refs/heads/{name}")) {
            return Ok(met(repository, head, &commit, name.to_owned()));
        }
    }
    Ok(if repository.has_remotes() {
        Base::Unknown("the branch has no upstream and no main branch was fetched; name one with --base REV".to_owned())
    } else {
        Base::NotYet(
            "the repository has no remote, and no other branch main or master; --base REV names another".to_owned(),
        )
    })
}

/// The base of a branch that a push created: where it left the default branch. The default branch itself has none yet.
fn of_new_branch(repository: &Repository, head: &str, event: &Event) -> Base {
    const CREATED: &str = "this push created the branch";
    let Some(name) = event.default_branch.as_ref().filter(|_| !event.lands) else {
        return Base::NotYet(CREATED.to_owned());
    };
    match repository.resolve(&format!("refs/remotes/origin/{name}")) {
        Ok(commit) => met(repository, head, &commit, format!("{CREATED}, compared with origin/{name}")),
        Err(_) => Base::Unknown(format!(
            "{CREATED}, and origin/{name}, which it may have left, was not fetched; fetch it (fetch-depth: 0)"
        )),
    }
}

/// The files below `root` as they are.
pub(crate) fn working_tree(repository: Option<&Repository>, root: &Root) -> Box<dyn Tree> {
    repository.map_or_else(|| tollgate_tree::folder(root), Repository::working_copy)
}

/// Where `head` and `other` parted.
fn met(repository: &Repository, head: &str, other: &str, origin: String) -> Base {
    match repository.merge_base(head, other) {
        Ok(commit) => Base::At { commit, tip: other.to_owned(), origin },
        Err(error) => Base::Unknown(format!("{origin}: {error}")),
    }
}
