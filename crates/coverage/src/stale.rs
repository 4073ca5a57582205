//! Whether a report tells of files as they were before.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use tollgate_check::paths::is_in;
use tollgate_check::times::{MARGIN, was_there, whole, written};
use tollgate_check::{ChangeKind, Changes, CheckError, Context};
use tollgate_model::{Confidence, Finding, Fingerprinter, Location, format};

use crate::checker::RULES;
use crate::paths::some_names;
use crate::resolve::{is_absolute, is_dependency, package_of};
use crate::source::{Sources, is_written_by_tools};
use crate::tally::File;

const RULE: &str = "coverage/stale-report";

/// Holds reports against the change.
pub(crate) struct Staleness<'a, 'b> {
    ctx: &'a Context<'b>,
    /// When the files with new lines were written; found out once, for any number of reports.
    times: OnceCell<Vec<(&'a str, SystemTime)>>,
    /// Names that the change took away, each with the new one.
    renames: OnceCell<BTreeMap<&'a str, &'a str>>,
}

impl<'a, 'b> Staleness<'a, 'b> {
    pub(crate) fn new(ctx: &'a Context<'b>) -> Self {
        Self { ctx, times: OnceCell::new(), renames: OnceCell::new() }
    }

    /// Names that the change took away, each with the new one.
    pub(crate) fn renames(&self) -> &BTreeMap<&'a str, &'a str> {
        self.renames.get_or_init(|| self.ctx.changes().map(renamed).unwrap_or_default())
    }

    /// The name that the change gave to the file that a report of `package` calls `name`, and that is no more.
    pub(crate) fn new_name(&self, package: &str, name: &str) -> Option<&'a str> {
        let renames = self.renames();
        if renames.is_empty() || is_dependency(name) {
            return None;
        }
        let in_package = format!("{package}/{name}");
        let is_absolute = is_absolute(name);
        // What lies there, though git does not count it (an output, say), is what the report is about.
        let lies = |path: &str| !is_absolute && self.ctx.root().path().join(path).is_file();
        if lies(name) || lies(&in_package) {
            return None;
        }
        let ends = name.match_indices('/').filter(|_| is_absolute).map(|(at, _)| &name[at + 1..]);
        [name, &in_package].into_iter().chain(ends).find_map(|name| renames.get(name).copied())
    }

    /// The finding that files of the change, which the report at `path` measures, are not those that its tests ran on: it is
    /// committed and the base's, or it was written before they were.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub(crate) fn of_coverage(&self, path: &str, measured: &[File]) -> Result<Option<Finding>, CheckError> {
        let of_it = |changed: Changed<'a>| {
            let both = |(file, _): &File| changed.get_key_value(file.as_str()).map(|(file, by)| (*file, *by));
            measured.iter().filter_map(both).collect()
        };
        self.finding(path, of_it, "measures", "lines may be others")
    }

    /// The same of results of tests, which may rest on any source file of their package.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub(crate) fn of_results(&self, path: &str) -> Result<Option<Finding>, CheckError> {
        let (package, sources) = (package_of(self.ctx, path)?, Sources::default());
        let rests_on = |file: &str| {
            (package.is_empty() || is_in(file, package)) && sources.contain(file) && !is_written_by_tools(file)
        };
        let of_it = |changed: Changed<'a>| changed.into_iter().filter(|(file, _)| rests_on(file)).collect();
        self.finding(path, of_it, "may test", "tests may end otherwise now")
    }

    /// The finding on the report at `path`, which does what `relation` says to those of the changed files that `of_it` picks.
    fn finding(
        &self,
        path: &str,
        of_it: impl FnOnce(Changed<'a>) -> Changed<'a>,
        relation: &str,
        so: &str,
    ) -> Result<Option<Finding>, CheckError> {
        let Ok(changes) = self.ctx.changes() else { return Ok(None) };
        // A checkout writes files in any order, so their times tell nothing about a report that is committed.
        let (because, confidence) = if self.ctx.tree().tracks(path)? {
            let changed =
                if changes.file(path).is_none() { new_lines(changes).map(untimed).collect() } else { Changed::new() };
            (of_base(path, &of_it(changed), relation), Confidence::High)
        } else {
            (self.written_before(path, changes, of_it, relation)?, Confidence::Medium)
        };
        Ok(because.map(|because| {
            let fingerprint = Fingerprinter::default().next(RULE, path, "");
            let finding = Finding::of(&RULES, RULE, format!("{because}: {so}"), Location::file(path), fingerprint);
            Finding { confidence, ..finding }
        }))
    }

    /// That files were written after the report at `path`.
    fn written_before(
        &self,
        path: &str,
        changes: &'a dyn Changes,
        of_it: impl FnOnce(Changed<'a>) -> Changed<'a>,
        relation: &str,
    ) -> Result<Option<String>, CheckError> {
        let Some(made) = written(self.ctx, path) else { return Ok(None) };
        let after = |at: &SystemTime| at.duration_since(made).ok().filter(|by| *by > MARGIN);
        let time = |file: &'a str| Some((file, written(self.ctx, file)?));
        let times = self.times.get_or_init(|| new_lines(changes).filter_map(time).collect());
        let newer: Changed<'a> = times.iter().filter_map(|(file, at)| Some((*file, after(at)?))).collect();
        let newer = if newer.is_empty() { newer } else { of_it(newer) };
        let Some(most) = newer.values().max() else { return Ok(None) };
        if !was_there(self.ctx, made)? {
            return Ok(None);
        }
        let names: Vec<&str> = newer.keys().copied().collect();
        let (count, by) = (names.len() as u64, whole(*most));
        let (were, up_to, it) = if count == 1 { ("was", "", "it") } else { ("were", "up to ", "them") };
        let names = some_names(&names, count);
        Ok(Some(format!("{names} {were} changed {up_to}{by} after {path} was written, which {relation} {it}")))
    }
}

/// Names that the change took away from files, each with the one that the file has now.
pub(crate) fn renamed(changes: &dyn Changes) -> BTreeMap<&str, &str> {
    let renamed = changes.files().iter().filter(|file| file.kind == ChangeKind::Renamed);
    renamed.filter_map(|file| Some((file.old_path.as_deref()?, file.path.as_str()))).collect()
}

/// Files of the change by path, each with how long after a report it was written.
type Changed<'a> = BTreeMap<&'a str, Duration>;

fn untimed(path: &str) -> (&str, Duration) {
    (path, Duration::ZERO)
}

/// The files of the change that have new lines.
fn new_lines(changes: &dyn Changes) -> impl Iterator<Item = &str> {
    changes.files().iter().filter(|change| !change.added.is_empty()).map(|change| change.path.as_str())
}

/// That the report at `path` is the base's, though these files changed.
fn of_base(path: &str, changed: &Changed<'_>, relation: &str) -> Option<String> {
    let files = format::things(changed.len() as u64, "file");
    (!changed.is_empty()).then(|| format!("{path} is the base's, though {files} that it {relation} changed"))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File as DiskFile};
    use std::path::Path;

    use tollgate_check::fixture::FixedChanges;
    use tollgate_check::{ChangeKind, ChangedFile, Facts, Tree, TreeError, TreeFile};
    use tollgate_input::Root;

    use super::*;
    use crate::file_coverage::FileCoverage;

    /// A repository that has all of `0` under version control.
    struct Repository(Vec<&'static str>);

    impl Tree for Repository {
        fn files(&self) -> Result<Vec<TreeFile>, TreeError> {
            let file = |path: &&str| TreeFile {
                path: (*path).to_owned(),
                tracked: true,
                kind: tollgate_check::FileKind::File,
            };
            Ok(self.0.iter().map(file).collect())
        }

        fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, TreeError> {
            Err(TreeError::new(tollgate_model::Cause::Missing, path))
        }

        fn contains(&self, path: &str) -> Result<bool, TreeError> {
            Ok(self.0.contains(&path))
        }

        fn commit(&self) -> Option<&str> {
            Some("c0ffee")
        }
    }

    fn write(root: &Path, path: &str, second: u64) {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + second);
        DiskFile::create(root.join(path)).unwrap().set_modified(at).unwrap();
    }

    fn changed(path: &str, kind: ChangeKind) -> ChangedFile {
        let added = if kind == ChangeKind::Deleted { Vec::new() } else { vec![(1, 2).into()] };
        let (path, old_path) = (path.to_owned(), None);
        ChangedFile { path, kind, old_path, binary: false, link: false, added, removed: 0 }
    }

    /// What is said of a report of second 100 on a.ts and b.ts, of which b.ts is changed as c.ts is, where `files` were written
    /// at these seconds.
    fn said(files: &[(&'static str, u64)], tracked: &[&'static str]) -> Option<String> {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "lcov.info", 100);
        files.iter().for_each(|(path, second)| write(dir.path(), path, *second));
        let root = Root::new(dir.path()).unwrap();
        let tree = Repository(tracked.to_vec());
        let changes = FixedChanges::new(
            "c0ffee",
            vec![
                changed("b.ts", ChangeKind::Modified),
                changed("c.ts", ChangeKind::Added),
                changed("gone.ts", ChangeKind::Deleted),
            ],
        );
        let facts = Facts { changes: Ok(&changes), ..Facts::plain() };
        let ctx = Context::new(&root, &tree, facts);
        let measured = ["a.ts", "b.ts", "gone.ts"].map(|path| (path.to_owned(), FileCoverage::default()));
        let finding = Staleness::new(&ctx).of_coverage("lcov.info", &measured).unwrap()?;
        assert_eq!((finding.rule.as_str(), finding.location), (RULE, Some(Location::file("lcov.info"))));
        Some(finding.message)
    }

    #[test]
    fn an_edit_after_the_tests_ran_is_told() {
        let tracked = ["a.ts", "b.ts", "c.ts", "gone.ts"];
        let after = |seconds: u64| {
            Some(format!(
                "b.ts was changed {seconds} s after lcov.info was written, which measures it: lines may be others"
            ))
        };
        // By more than a clock's step; no other file is measured and changed.
        assert_eq!(said(&[("a.ts", 9), ("b.ts", 130), ("c.ts", 190)], &tracked), after(30));
        assert_eq!(said(&[("a.ts", 9), ("b.ts", 102), ("c.ts", 190)], &tracked), None);
        assert_eq!(said(&[("a.ts", 9), ("b.ts", 99)], &tracked), None);
        // Checked out after a report that another job handed over.
        assert_eq!(said(&[("a.ts", 130), ("b.ts", 130), ("c.ts", 130)], &tracked), None);
        // A file that no report measures may be what is older, and so may one of the change.
        assert_eq!(said(&[("a.ts", 130), ("b.ts", 130), ("z.md", 1)], &["a.ts", "b.ts", "z.md"]), after(30));
        assert_eq!(said(&[("b.ts", 130), ("c.ts", 1)], &["b.ts", "c.ts"]), after(30));
        assert_eq!(said(&[("b.ts", 130), ("z.md", 1)], &["b.ts"]), None, "it is not under version control");
    }

    #[test]
    fn results_rest_on_the_sources_of_their_package() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            "api/package.json",
            "api/src/a.ts",
            "api/README.md",
            "api/dist/a.js",
            "web/b.ts",
            "api/junit.xml",
            "all.xml",
        ];
        for path in files {
            write(dir.path(), path, if path.ends_with(".xml") { 100 } else { 160 });
        }
        write(dir.path(), "old.ts", 1);
        let root = Root::new(dir.path()).unwrap();
        let said = |tracked: &[&'static str], path: &str| {
            let tree = Repository([tracked, &["old.ts", "api/package.json"]].concat());
            let mut changes: Vec<ChangedFile> =
                files[1..5].iter().map(|path| changed(path, ChangeKind::Modified)).collect();
            changes.sort_by(|a, b| a.path.cmp(&b.path));
            let changes = FixedChanges::new("c0ffee", changes);
            let ctx = Context::new(&root, &tree, Facts { changes: Ok(&changes), ..Facts::plain() });
            Staleness::new(&ctx).of_results(path).unwrap().map(|finding| finding.message)
        };
        let so = "tests may end otherwise now";
        let api = format!("api/src/a.ts was changed 1 min after api/junit.xml was written, which may test it: {so}");
        assert_eq!(said(&[], "api/junit.xml"), Some(api));
        let all = format!(
            "api/src/a.ts, web/b.ts were changed up to 1 min after all.xml was written, which may test them: {so}"
        );
        assert_eq!(said(&[], "all.xml"), Some(all));
        let base = format!("api/junit.xml is the base's, though 1 file that it may test changed: {so}");
        assert_eq!(said(&["api/junit.xml"], "api/junit.xml"), Some(base));
        write(dir.path(), "api/junit.xml", 160);
        assert_eq!(said(&[], "api/junit.xml"), None);
    }

    #[test]
    fn a_committed_report_is_told_by_the_change_alone() {
        let base = "lcov.info is the base's, though 1 file that it measures changed: lines may be others";
        for second in [9, 130] {
            let said = said(&[("a.ts", 9), ("b.ts", second)], &["a.ts", "b.ts", "lcov.info"]);
            assert_eq!(said.as_deref(), Some(base));
        }
    }
}
