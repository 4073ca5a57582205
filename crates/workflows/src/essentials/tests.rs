mod examples;
mod rules;

use tollgate_input::{Limits, LineIndex, yaml};

use super::{File, Seen, look};
use crate::model::Workflow;
use crate::read;

/// The workflow in `source`.
fn workflow(path: &str, source: &str) -> Workflow {
    let root = yaml::parse(path, source, Limits::default()).unwrap();
    read::workflow(path, &root).0.unwrap()
}

/// What is found in `source`, alone in its repository.
fn found(source: &str) -> Vec<Seen> {
    found_beside(source, &[], Some("our-org"))
}

/// What is found in `source` beside other workflows.
fn found_beside(source: &str, others: &[&str], own_owner: Option<&str>) -> Vec<Seen> {
    let siblings: Vec<_> = others.iter().map(|text| workflow("other.yml", text)).collect();
    let workflow = workflow("x.yml", source);
    let lines = LineIndex::new(source);
    look(
        &File { workflow: &workflow, source, lines: &lines, siblings: &siblings },
        &own_owner.map(str::to_owned).into_iter().collect::<Vec<_>>(),
    )
}
