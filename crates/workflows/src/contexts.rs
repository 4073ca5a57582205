//! The names under which jobs report, and what branch protection asks of them.
//!
//! A job reports a check of its name; of a job with a matrix one for each combination, of a job that calls a reusable
//! workflow one for each of that workflow's jobs, behind the caller's name (GitHub: "About status checks", "Reusing
//! workflows").

use std::collections::BTreeMap;

use crate::expr;
use crate::model::{Job, Text, Workflow};

/// More names than this are not worked out for one job.
const MOST: usize = 256;

/// A check that a job reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Its name as branch protection lists it; a `*` stands for what only the run knows.
    pub name: String,
    /// The workflow's file.
    pub workflow: String,
    /// The job's key.
    pub job: String,
    /// The line of the job.
    pub line: u32,
}

/// Every check that the jobs of `workflow` report. `line_of` gives the line of a text; `others` are the repository's
/// workflows by path, for calls.
pub(crate) fn reported(
    workflow: &Workflow,
    line_of: &dyn Fn(&Text) -> u32,
    others: &BTreeMap<&str, &Workflow>,
    depth: usize,
) -> Vec<Reported> {
    let mut all = Vec::new();
    for job in &workflow.jobs {
        let line = line_of(&job.id);
        let one = |name: String| Reported { name, workflow: workflow.path.clone(), job: job.id.text.clone(), line };
        let own = names(job);
        let Some(uses) = &job.uses else {
            all.extend(own.into_iter().map(one));
            continue;
        };
        let called = uses.text.strip_prefix("./").and_then(|path| others.get(path)).filter(|_| depth < 4);
        let inner: Vec<String> = match called {
            Some(called) => reported(called, line_of, others, depth + 1).into_iter().map(|one| one.name).collect(),
            None => vec!["*".to_owned()],
        };
        for name in own {
            all.extend(inner.iter().map(|inner| one(format!("{name} / {inner}"))));
        }
    }
    all.truncate(4 * MOST);
    all
}

/// The names of one job.
fn names(job: &Job) -> Vec<String> {
    let template = job.name.as_ref().map_or(job.id.text.as_str(), |name| name.text.as_str());
    let named = job.name.is_some();
    if !job.has_matrix {
        return vec![fill(template, &BTreeMap::new())];
    }
    let combinations = combinations(job);
    if combinations.is_empty() {
        return vec![if named { fill(template, &BTreeMap::new()) } else { format!("{template} (*)") }];
    }
    let mut all: Vec<String> = combinations
        .iter()
        .map(|combination| {
            let values: BTreeMap<&str, &str> =
                combination.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            if template.contains("${{") {
                fill(template, &values)
            } else {
                // Whether GitHub names what `include` adds to a combination too is not documented.
                let own = |name: &str| job.matrix.iter().any(|(dimension, _)| dimension == name);
                let of_its_own = !combination.iter().any(|(name, _)| own(name));
                let named = combination.iter().filter(|(name, _)| of_its_own || own(name));
                let list: Vec<&str> = named.map(|(_, value)| value.as_str()).collect();
                let rest = if list.len() < combination.len() { "*" } else { "" };
                format!("{template} ({}{rest})", list.join(", "))
            }
        })
        .collect();
    all.dedup();
    all
}

/// `template` with the matrix's values put in; `*` for what is not known.
fn fill(template: &str, values: &BTreeMap<&str, &str>) -> String {
    let mut name = String::new();
    for part in expr::parts(template) {
        match part {
            expr::Part::Text(text) => name.push_str(text),
            expr::Part::Expression { text, .. } => {
                let value = text.trim().strip_prefix("matrix.").and_then(|key| values.get(key));
                name.push_str(value.copied().unwrap_or("*"));
            }
        }
    }
    name
}

/// The combinations of a job's matrix, as far as they stand in the file; none where they do not.
pub(crate) fn combinations(job: &Job) -> Vec<Vec<(String, String)>> {
    let mut all: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for (name, values) in &job.matrix {
        if values.is_empty() {
            return Vec::new();
        }
        let mut next = Vec::new();
        for combination in &all {
            for value in values {
                let mut longer = combination.clone();
                longer.push((name.clone(), value.clone()));
                next.push(longer);
            }
        }
        all = next;
        if all.len() > MOST {
            return Vec::new();
        }
    }
    if job.matrix.is_empty() {
        all.clear();
    }
    let base = all.len();
    let dimension = |name: &str| job.matrix.iter().any(|(own, _)| own == name);
    for entry in &job.include {
        // An entry that contradicts no dimension of a combination extends it; one that fits none is a combination of its own.
        let fits = |combination: &[(String, String)]| {
            entry
                .iter()
                .filter(|(name, _)| dimension(name))
                .all(|(name, value)| combination.iter().any(|(own, other)| own == name && other == value))
        };
        let mut extended = false;
        for combination in all[..base].iter_mut().filter(|combination| fits(combination)) {
            extended = true;
            for (name, value) in entry.iter().filter(|(name, _)| !dimension(name)) {
                combination.retain(|(own, _)| own != name);
                combination.push((name.clone(), value.clone()));
            }
        }
        if !extended {
            all.push(entry.clone());
        }
    }
    // Of too many, some would stand for all.
    if all.len() > MOST { Vec::new() } else { all }
}

/// Whether a reported name is the required one; `*` stands for anything.
pub(crate) fn is(required: &str, reported: &str) -> bool {
    let (mut rest, mut first) = (required, true);
    let parts: Vec<&str> = reported.split('*').collect();
    if parts.len() == 1 {
        return required == reported;
    }
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        if first {
            let Some(behind) = rest.strip_prefix(part) else { return false };
            rest = behind;
            first = false;
        } else if last {
            return rest.ends_with(part);
        } else {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
    }
    true
}

/// What is wrong with how a required check is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// No job reports it.
    NoJob {
        /// A name that is reported and much alike.
        near: Option<String>,
    },
    /// Its workflow is not started by pull requests.
    NoPullRequest,
    /// Its workflow is started by some pull requests only.
    Filtered(&'static str),
    /// Its workflow is not started by the merge queue.
    NoMergeGroup,
}

/// What is wrong with how `required` is reported, and where.
pub(crate) fn lacks<'r>(
    required: &str,
    all: &'r [Reported],
    workflows: &BTreeMap<&str, &Workflow>,
    merge_queue: bool,
) -> Vec<(Lack, Option<&'r Reported>)> {
    let matching: Vec<&Reported> = all.iter().filter(|one| is(required, &one.name)).collect();
    if matching.is_empty() {
        let near = all.iter().map(|one| one.name.as_str()).filter(|name| near(required, name)).min();
        return vec![(Lack::NoJob { near: near.map(str::to_owned) }, None)];
    }
    let mut found = Vec::new();
    let event = |one: &Reported, names: &[&str]| {
        let workflow = workflows.get(one.workflow.as_str());
        let triggers = workflow.map(|workflow| workflow.triggers.as_slice()).unwrap_or_default();
        triggers.iter().find(|trigger| names.contains(&trigger.event.text.as_str())).cloned()
    };
    // Two jobs of one name, one behind `paths` and one behind the same `paths-ignore`, cover all together.
    let filters = |one: &Reported| {
        let trigger = event(one, &["pull_request", "pull_request_target"])?;
        let texts = |list: &[Text]| list.iter().map(|text| text.text.clone()).collect::<Vec<_>>();
        Some((texts(&trigger.paths), texts(&trigger.paths_ignore)))
    };
    let all_filters: Vec<_> = matching.iter().filter_map(|one| filters(one)).collect();
    let covered = all_filters
        .iter()
        .any(|(paths, _)| !paths.is_empty() && all_filters.iter().any(|(_, ignored)| ignored == paths));
    // One job that every pull request starts is enough.
    let mut worst: Option<(Lack, &Reported)> = None;
    for one in &matching {
        let lack = match event(one, &["pull_request", "pull_request_target"]) {
            None => Some(Lack::NoPullRequest),
            Some(trigger) if !trigger.paths.is_empty() => Some(Lack::Filtered("paths")),
            Some(trigger) if !trigger.paths_ignore.is_empty() => Some(Lack::Filtered("paths-ignore")),
            Some(_) => None,
        };
        match lack {
            None => {
                worst = None;
                break;
            }
            Some(lack) => worst = Some((lack, one)),
        }
    }
    found.extend(worst.filter(|_| !covered).map(|(lack, one)| (lack, Some(one))));
    if merge_queue && !matching.iter().any(|one| event(one, &["merge_group"]).is_some()) {
        found.push((Lack::NoMergeGroup, matching.first().copied()));
    }
    found
}

fn near(required: &str, name: &str) -> bool {
    let last = name.rsplit(" / ").next().unwrap_or(name);
    name.eq_ignore_ascii_case(required)
        || last.eq_ignore_ascii_case(required)
        || strsim::damerau_levenshtein(required, name) <= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_what_only_the_run_knows() {
        assert!(is("build (linux)", "build (*)") && is("ci / test", "ci / *") && is("Tests", "Tests"));
        assert!(!is("build", "build (*)") && !is("ci / test", "ci / lint") && !is("Test", "Tests"));
        assert!(is("a-x-b-y-c", "a-*-b-*-c") && !is("a-x-c", "a-*-b-*-c"));
    }

    #[test]
    fn combinations_are_those_that_run() {
        let names = |matrix: &str| {
            let text =
                format!("on: push\njobs:\n  t:\n    strategy: {{matrix: {matrix}}}\n    runs-on: x\n    steps: []\n");
            let root = tollgate_input::yaml::parse("a.yml", &text, tollgate_input::Limits::default()).unwrap();
            let workflow = crate::read::workflow("a.yml", &root).0.unwrap();
            super::names(&workflow.jobs[0])
        };
        assert_eq!(names("{os: [a, b], v: [1]}"), ["t (a, 1)", "t (b, 1)"]);
        assert_eq!(names("{os: [a, b], include: [{os: a, x: 1}]}"), ["t (a*)", "t (b)"]);
        assert_eq!(names("{os: [a, b], include: [{os: c, x: 1}]}"), ["t (a)", "t (b)", "t (c*)"]);
        assert_eq!(names("{os: [a, b], include: [{x: 1}]}"), ["t (a*)", "t (b*)"]);
        assert_eq!(names("{include: [{os: a, x: 1}, {os: b}]}"), ["t (a, 1)", "t (b)"]);
        let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        assert_eq!(names(&format!("{{a: [{0}], b: [{0}]}}", many.join(", "))), ["t (*)"]);
    }
}
