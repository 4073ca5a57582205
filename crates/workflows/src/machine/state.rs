//! Where a run stands on one of its paths.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::value::{File, Status, Value};
use crate::expr::Taint;
use crate::shell::ast::Block;

/// How many variables or files are kept.
const MOST_NAMES: usize = 2_000;

/// A table that is copied only when it changes.
pub(crate) type Table<V> = Rc<BTreeMap<Rc<str>, V>>;

/// Where a run stands on one of its paths.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct State {
    /// Shell variables.
    pub(crate) variables: Table<Value>,
    /// Files that the run wrote or removed, by path from the root.
    pub(crate) files: Table<File>,
    /// What was written to `$GITHUB_ENV`.
    pub(crate) exported: Table<Value>,
    /// What was written to `$GITHUB_OUTPUT`.
    pub(crate) outputs: Table<Value>,
    /// `$?`.
    pub(crate) status: Status,
    /// `${PIPESTATUS[…]}`.
    pub(crate) pipe: Rc<Vec<Status>>,
    /// What was printed and is being caught.
    pub(crate) printed: Value,
    /// What a command reads.
    pub(crate) input: Option<Value>,
    /// What the branches that led here depend on.
    pub(crate) control: Taint,
    /// What the choice of this path depends on, branches that are left included.
    pub(crate) path: Taint,
    /// What programs that cannot be looked into were given.
    pub(crate) opaque: Taint,
    /// `set -e`.
    pub(crate) errexit: bool,
    /// `set -o pipefail`.
    pub(crate) pipefail: bool,
    /// The folder that commands run in, from the root; none where it is not known.
    pub(crate) folder: Option<Rc<str>>,
}

impl State {
    /// The beginning of a run in `folder`.
    pub(crate) fn new(folder: Option<&str>) -> Self {
        Self {
            variables: Table::default(),
            files: Table::default(),
            exported: Table::default(),
            outputs: Table::default(),
            status: Status::OK,
            pipe: Rc::default(),
            printed: Value::known(""),
            input: None,
            control: Taint::default(),
            path: Taint::default(),
            opaque: Taint::default(),
            errexit: false,
            pipefail: false,
            folder: folder.map(Rc::from),
        }
    }

    /// The same where it was open whether this path is taken, and that depends on `status`.
    #[must_use]
    pub(crate) fn chosen(mut self, status: Status) -> Self {
        if status.ok.is_none() {
            self.path = self.path.union(status.taint);
        }
        self
    }

    /// Gives a variable a value; it depends on the branches that led here.
    pub(crate) fn assign(&mut self, name: &str, value: Value) {
        let value = value.tainted(self.control);
        if self.variables.get(name) == Some(&value) {
            return;
        }
        let variables = Rc::make_mut(&mut self.variables);
        if variables.len() < MOST_NAMES || variables.contains_key(name) {
            variables.insert(name.into(), value);
        }
    }

    /// Something unseen ran in this shell: any variable may be anything now.
    pub(crate) fn forget(&mut self) {
        let taint = self.control.union(super::value::MEASURED);
        for value in Rc::make_mut(&mut self.variables).values_mut() {
            *value = Value::unknown(value.taint.union(taint));
        }
    }

    /// Writes a file.
    pub(crate) fn write(&mut self, path: &str, mut file: File) {
        file.content.taint = file.content.taint.union(self.control);
        let files = Rc::make_mut(&mut self.files);
        if files.len() < MOST_NAMES || files.contains_key(path) {
            files.insert(path.into(), file);
        }
    }

    /// Adds an entry to one of the runner's files.
    pub(crate) fn tell(table: &mut Table<Value>, name: &str, value: Value) {
        let table = Rc::make_mut(table);
        if table.len() < MOST_NAMES {
            table.insert(name.into(), value);
        }
    }

    /// What is common to both, everything else unknown.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self {
            variables: join_tables(&self.variables, &other.variables, Value::join, |v| Value::unknown(v.taint)),
            files: join_tables(&self.files, &other.files, File::join, Clone::clone),
            exported: join_tables(&self.exported, &other.exported, Value::join, |v| Value::unknown(v.taint)),
            outputs: join_tables(&self.outputs, &other.outputs, Value::join, |v| Value::unknown(v.taint)),
            status: self.status.join(other.status),
            pipe: if self.pipe == other.pipe { Rc::clone(&self.pipe) } else { Rc::default() },
            printed: self.printed.join(&other.printed),
            input: if self.input == other.input { self.input.clone() } else { None },
            control: self.control.union(other.control),
            path: self.path.union(other.path),
            opaque: self.opaque.union(other.opaque),
            errexit: self.errexit || other.errexit,
            pipefail: self.pipefail || other.pipefail,
            folder: if self.folder == other.folder { self.folder.clone() } else { None },
        }
    }
}

fn join_tables<V: Clone + PartialEq>(
    a: &Table<V>,
    b: &Table<V>,
    join: impl Fn(&V, &V) -> V,
    alone: impl Fn(&V) -> V,
) -> Table<V> {
    if Rc::ptr_eq(a, b) || a == b {
        return Rc::clone(a);
    }
    let mut joined: BTreeMap<Rc<str>, V> = BTreeMap::new();
    for (name, value) in a.iter() {
        let value = b.get(name).map_or_else(|| alone(value), |other| join(value, other));
        joined.insert(Rc::clone(name), value);
    }
    for (name, value) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
        joined.insert(Rc::clone(name), alone(value));
    }
    Rc::new(joined)
}

/// Fewer paths that together can do all that `states` can: equal ones once, more than `most` joined into one.
pub(crate) fn settle(states: Vec<State>, most: usize) -> Vec<State> {
    settle_all(states, most, State::join)
}

/// As [`settle`], of anything that can be joined.
pub(crate) fn settle_all<S: Ord>(states: Vec<S>, most: usize, join: impl Fn(&S, &S) -> S) -> Vec<S> {
    let alike = states.into_iter().map(|state| (state, ())).collect();
    settle_by(alike, most, join).into_iter().map(|(state, ())| state).collect()
}

/// Fewer of `paths` that together can do the same: equal ones once, and where there are more than `most`, those that end
/// alike joined into one.
pub(crate) fn settle_by<S: Ord, E: Ord>(
    mut paths: Vec<(S, E)>,
    most: usize,
    join: impl Fn(&S, &S) -> S,
) -> Vec<(S, E)> {
    if paths.len() < 2 {
        return paths;
    }
    paths.sort();
    paths.dedup();
    if paths.len() <= most {
        return paths;
    }
    let mut by_end: BTreeMap<E, S> = BTreeMap::new();
    for (state, end) in paths {
        let joined = match by_end.remove(&end) {
            Some(other) => join(&other, &state),
            None => state,
        };
        by_end.insert(end, joined);
    }
    by_end.into_iter().map(|(end, state)| (state, end)).collect()
}

/// Functions that a script has defined so far.
pub(crate) type Functions = BTreeMap<String, Block>;

#[cfg(test)]
mod tests {
    use super::super::value::{CHECK, GIVEN};
    use super::*;

    #[test]
    fn what_is_assigned_in_a_branch_depends_on_it() {
        let mut state = State::new(Some(""));
        state.control = CHECK;
        state.assign("FAILED", Value::known("1"));
        assert_eq!(state.variables["FAILED"], Value::known("1").tainted(CHECK));
    }

    #[test]
    fn too_many_paths_become_one_that_knows_less() {
        let path = |n: usize| {
            let mut state = State::new(Some(""));
            state.assign("X", Value::known(&n.to_string()));
            state.assign("SAME", Value::known("s").tainted(GIVEN));
            state
        };
        let two = settle(vec![path(1), path(2), path(1)], 12);
        assert_eq!(two.len(), 2);
        let one = settle((0..20).map(path).collect(), 12);
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].variables["X"], Value::unknown(Taint::default()));
        assert_eq!(one[0].variables["SAME"].text(), Some("s"));
        let by_end = settle_by((0..20).map(|n| (path(n), n % 3)).collect(), 6, State::join);
        assert_eq!(by_end.iter().map(|(_, end)| *end).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
