//! What `env` hands on: a step's own over the job's over the workflow's.

use std::collections::BTreeMap;

use super::flows::{Flow, Taken, taken};
use crate::model::{Pairs, Text};

/// The variables of one `env`, by their names in lower case: expressions do not tell case apart.
pub(crate) struct Variables<'a> {
    all: BTreeMap<String, (&'a str, Vec<Flow>)>,
}

impl<'a> Variables<'a> {
    /// Those of `env`. Of two that are called alike the last counts.
    pub(crate) fn of(env: &'a Pairs) -> Self {
        let data = |text: &str| taken(text).into_iter().map(|taken| taken.flow).collect();
        let entry =
            |(name, value): &'a (Text, Text)| (name.text.to_lowercase(), (name.text.as_str(), data(&value.text)));
        Self { all: env.iter().map(entry).collect() }
    }
}

/// The variables that a step has, the nearest first.
#[derive(Clone, Copy)]
pub(crate) struct Env<'a> {
    near: [&'a Variables<'a>; 3],
}

impl<'a> Env<'a> {
    /// The variables of a step in a job of a workflow.
    pub(crate) fn of(step: &'a Variables<'a>, job: &'a Variables<'a>, workflow: &'a Variables<'a>) -> Self {
        Self { near: [step, job, workflow] }
    }

    /// The data in the variable `name`, in lower case.
    fn data(&self, name: &str) -> Option<&'a [Flow]> {
        self.near.iter().find_map(|variables| variables.all.get(name)).map(|(_, data)| data.as_slice())
    }

    /// The names of the variables with data of a path that `is` names.
    pub(crate) fn holding(&self, is: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let mut names = Vec::new();
        for (level, variables) in self.near.iter().enumerate() {
            for (key, (name, data)) in &variables.all {
                let hidden = || self.near.iter().take(level).any(|nearer| nearer.all.contains_key(key));
                if data.iter().any(|flow| is(&flow.path)) && !hidden() {
                    names.push(*name);
                }
            }
        }
        names
    }

    /// The data in `text` and where it enters; `env.X` is what the variable holds.
    pub(crate) fn taken<'t>(&self, text: &'t str) -> Vec<Taken<'t>> {
        let mut found = Vec::new();
        for one in taken(text) {
            match one.flow.path.strip_prefix("env.").and_then(|name| self.data(name)) {
                Some(data) => found.extend(data.iter().map(|held| {
                    let flow = Flow { path: held.path.clone(), json: one.flow.json || held.json };
                    Taken { flow, ..one.clone() }
                })),
                None => found.push(one),
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tollgate_input::Span;

    fn pairs(entries: &[(&str, &str)]) -> Pairs {
        let text = |text: &str| Text { text: text.to_owned(), span: Span { start: 0, end: 0 }, block: None };
        entries.iter().map(|(name, value)| (text(name), text(value))).collect()
    }

    #[test]
    fn the_nearest_variable_counts() {
        let step = pairs(&[("TITLE", "none"), ("A", "${{ secrets.A }}-${{ github.sha }}")]);
        let job = pairs(&[("title", "${{ github.event.issue.title }}"), ("B", "${{ secrets.B != '' }}")]);
        let workflow = pairs(&[("C", "${{ secrets.C }}"), ("A", "x")]);
        let [step, job, workflow] = [&step, &job, &workflow].map(Variables::of);
        let env = Env::of(&step, &job, &workflow);
        assert_eq!(env.holding(|path| path.starts_with("secrets.")), ["A", "C"]);
        let paths = |text| env.taken(text).into_iter().map(|taken| taken.flow.path).collect::<Vec<_>>();
        assert_eq!(paths("${{ env.c }} ${{ env.Title }} ${{ env.D }}"), ["secrets.c", "env.d"]);
        assert_eq!(paths("${{ env.A }}"), ["secrets.a", "github.sha"]);
    }
}
