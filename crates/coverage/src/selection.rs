//! Which files a number is about: all, those of a folder, of a component, those that a change adds.

use std::collections::BTreeSet;

use tollgate_check::{ChangeKind, Changes, CheckError, Context, Globs};
use tollgate_model::{Labels, Metric, NotApplicable, series};

use crate::options::Options;
use crate::tally;

/// Values of the label [`FILES`].
const NEW: &str = "new";
const OLD: &str = "old";

/// The label that tells files that the change adds from the others, and its values.
pub(crate) const FILES: (&str, &[&str]) = ("files", &[NEW, OLD]);

/// The labels of one series: any of `path`, `component` and `files`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Selection {
    /// A folder or a file.
    path: Option<String>,
    /// A name of `coverage.components`.
    component: Option<String>,
    /// `new` for files that the change adds, `old` for the others.
    files: Option<String>,
}

impl Selection {
    /// Everything.
    pub(crate) const ALL: Self = Self { path: None, component: None, files: None };

    /// A folder or a file.
    pub(crate) fn path(path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..Self::ALL }
    }

    fn component(name: &str) -> Self {
        Self { component: Some(name.to_owned()), ..Self::ALL }
    }

    fn labels(&self) -> Labels {
        let labels = [("path", &self.path), ("component", &self.component), ("files", &self.files)];
        labels.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect()
    }

    /// `metric` as the series of this selection.
    pub(crate) fn label(&self, mut metric: Metric) -> Metric {
        metric.labels = self.labels();
        metric
    }

    /// The proof that nothing of a change lies in it, for the metric `name`.
    pub(crate) fn untouched(&self, name: &str, because: String) -> NotApplicable {
        NotApplicable { what: series(name, &self.labels()), because }
    }

    /// The selection in words: `in apps/api`.
    pub(crate) fn words(&self) -> String {
        let component = self.component.as_ref().map(|name| format!("in component {name}"));
        let path = self.path.as_ref().map(|path| format!("in {path}"));
        let files = self.files.as_ref().map(|files| format!("in {files} files"));
        [files, component, path].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Whether it is about files that a change adds.
    pub(crate) fn is_new(&self) -> bool {
        self.files.as_deref() == Some(NEW)
    }

    /// Whether it needs to know what changed.
    pub(crate) fn needs_changes(&self) -> bool {
        self.files.is_some()
    }
}

/// Everything there is to know for choosing files.
pub(crate) struct Chooser<'a> {
    components: Vec<(&'a str, Globs)>,
    changes: Option<&'a dyn Changes>,
}

impl<'a> Chooser<'a> {
    /// The components of `options`, and the change, if it is known.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(crate) fn new(options: &'a Options, changes: Option<&'a dyn Changes>) -> Result<Self, CheckError> {
        let component = |(name, globs): (&'a String, &Vec<String>)| {
            Ok::<_, CheckError>((name.as_str(), Globs::new("coverage.components", globs)?))
        };
        let components = options.components.iter().map(component).collect::<Result<_, _>>()?;
        Ok(Self { components, changes })
    }

    /// Those of `items` (in order of the path that `name` gives) that `selection` is about.
    pub(crate) fn choose<'b, T>(
        &'b self,
        items: &'b [T],
        name: impl Fn(&T) -> &str + Copy + 'b,
        selection: &'b Selection,
    ) -> impl Iterator<Item = &'b T> {
        let items = match &selection.path {
            Some(path) => tally::below(items, name, path),
            None => items,
        };
        let wanted = selection.component.as_deref();
        let globs = self.components.iter().find(|(name, _)| Some(*name) == wanted).map(|(_, globs)| globs);
        items.iter().filter(move |item| {
            let path = name(item);
            (wanted.is_none() || globs.is_some_and(|globs| globs.matches(path)))
                && selection.files.as_deref().is_none_or(|files| self.is_new(path) == (files == NEW))
        })
    }

    /// Whether reports name any file that a selection is about, whatever changed: of a misspelt folder nothing is proven.
    pub(crate) fn knows(&self, files: &[tally::File], selection: &Selection) -> bool {
        let whatever = Selection { files: None, ..selection.clone() };
        self.choose(files, |(path, _)| path, &whatever).next().is_some()
    }

    fn is_new(&self, path: &str) -> bool {
        self.changes.and_then(|changes| changes.file(path)).is_some_and(|change| change.kind == ChangeKind::Added)
    }

    /// Every series that metrics on all files are given for, apart from folders: the whole, what options and conditions
    /// ask for, and components.
    pub(crate) fn asked(&self, ctx: &Context<'_>, options: &Options) -> BTreeSet<Selection> {
        let label = |labels: &Labels, name: &str| labels.get(name).cloned();
        let targets = ctx.targets().iter().filter(|target| target.metric.starts_with("coverage."));
        let targets = targets.map(|target| Selection {
            path: label(&target.labels, "path"),
            component: label(&target.labels, "component"),
            files: label(&target.labels, "files").filter(|files| [NEW, OLD].contains(&files.as_str())),
        });
        let paths = options.paths.iter().map(|path| Selection::path(path));
        let components = self.components.iter().map(|(name, _)| Selection::component(name));
        let mut asked: BTreeSet<Selection> = targets.chain(paths).chain(components).collect();
        asked.insert(Selection::ALL);
        asked.retain(|selection| self.changes.is_some() || !selection.needs_changes());
        asked
    }
}

#[cfg(test)]
mod tests {
    use tollgate_check::ChangedFile;
    use tollgate_check::fixture::FixedChanges;

    use super::*;

    const PATHS: [&str; 4] = ["apps/api/a.ts", "apps/api/b.ts", "apps/web/a.ts", "lib/a.ts"];

    #[test]
    fn labels_narrow_what_is_counted() {
        let added = ChangedFile {
            path: "apps/api/b.ts".to_owned(),
            kind: ChangeKind::Added,
            old_path: None,
            binary: false,
            link: false,
            added: Vec::new(),
            removed: 0,
        };
        let changes = FixedChanges::new("0".repeat(40), vec![added]);
        let components = [("apps".to_owned(), vec!["apps".to_owned()])].into();
        let options = Options { components, ..Options::default() };
        let chooser = Chooser::new(&options, Some(&changes)).unwrap();
        let chosen = |path: Option<&str>, component: Option<&str>, files: Option<&str>| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let selection = Selection { path: owned(path), component: owned(component), files: owned(files) };
            chooser.choose(&PATHS, |path| path, &selection).copied().collect::<Vec<_>>()
        };
        assert_eq!(chosen(None, None, None), PATHS);
        assert_eq!(chosen(None, Some("apps"), None), PATHS[..3]);
        assert_eq!(chosen(Some("apps/api"), Some("apps"), Some("new")), ["apps/api/b.ts"]);
        assert_eq!(chosen(None, None, Some("old")), ["apps/api/a.ts", "apps/web/a.ts", "lib/a.ts"]);
        assert!(chosen(None, Some("no such"), None).is_empty());
    }

    #[test]
    fn a_selection_has_words() {
        let selection = Selection { path: Some("a".into()), component: None, files: Some("new".into()) };
        assert_eq!(selection.words(), "in new files in a");
    }
}
