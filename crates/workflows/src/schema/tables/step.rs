//! The steps of a job.

use tollgate_input::Node;

use super::job::JOB;
use crate::schema::contexts::Contexts;
use crate::schema::shape::{BOOL, Choice, FILLED, FILLED_OR_LIST, Field, Keys, Map, Scalar, Shape, TEXT, field};

/// What is known on the runner, without secrets.
pub(super) const RUNNER_SIDE: Contexts =
    JOB.and(Contexts::STEPS).and(Contexts::JOB).and(Contexts::RUNNER).and(Contexts::ENV);
const STEP: Contexts = RUNNER_SIDE.and(Contexts::SECRETS);

/// `steps`.
pub(super) static STEPS: Shape = Shape::list(&ANY_STEP);
static ANY_STEP: Shape = Shape::scalar(Scalar::No).or_map(Map::Choice(choose));

fn choose(step: &Node) -> Choice {
    let has = |name| step.get(name).is_some();
    let kinds: [(bool, &'static Keys); 6] = [
        (has("run"), &RUN),
        (has("uses"), &USES),
        (has("wait"), &WAIT),
        (has("wait-all"), &WAIT),
        (has("cancel"), &WAIT),
        (has("parallel"), &PARALLEL),
    ];
    let mut found = kinds.iter().filter(|(has, _)| *has);
    match (found.next(), found.next()) {
        (Some((_, keys)), None) => Choice { keys, mistake: None },
        (Some(_), Some(_)) => Choice { keys: &EVERY_KEY, mistake: Some(both(step)) },
        (None, _) => Choice { keys: &EVERY_KEY, mistake: Some("the step has neither `run` nor `uses`: add one") },
    }
}

fn both(step: &Node) -> &'static str {
    if step.get("run").is_some() && step.get("uses").is_some() {
        "the step has both `run` and `uses`: make two steps of it"
    } else {
        "the step does two things at once: make two steps of it"
    }
}

static RUN: Keys = Keys::strict("a step that runs a script", &[COMMON, WORK, RUN_FIELDS]);
static USES: Keys = Keys::strict("a step that uses an action", &[COMMON, WORK, USES_FIELDS]);
static WAIT: Keys = Keys::strict("a step that waits", &[COMMON, WAIT_FIELDS]);
static PARALLEL: Keys = Keys::strict("a parallel group", &[&[PARALLEL_FIELD]]);
static EVERY_KEY: Keys =
    Keys::strict("a step", &[COMMON, WORK, RUN_FIELDS, USES_FIELDS, WAIT_FIELDS, &[PARALLEL_FIELD]]);

const COMMON: &[Field] = &[field("name", &NAME), field("id", &FILLED), field("continue-on-error", &CONTINUE)];
const WORK: &[Field] = &[
    field("if", &CONDITION),
    field("timeout-minutes", &MINUTES),
    field("env", &NAMED_TEXTS),
    field("background", &BOOL),
];
const RUN_FIELDS: &[Field] =
    &[field("run", &STEP_TEXT), field("shell", &FILLED), field("working-directory", &STEP_TEXT)];
const USES_FIELDS: &[Field] = &[field("uses", &FILLED), field("with", &NAMED_TEXTS)];
const WAIT_FIELDS: &[Field] = &[field("wait", &FILLED_OR_LIST), field("wait-all", &WAIT_ALL), field("cancel", &FILLED)];
const PARALLEL_FIELD: Field = field("parallel", &STEPS);

static NAME: Shape = Shape::scalar(Scalar::Text).with(STEP);
static CONDITION: Shape = Shape::condition(RUNNER_SIDE);
static STEP_TEXT: Shape = Shape::scalar(Scalar::Text).with(STEP);
static CONTINUE: Shape = Shape::scalar(Scalar::Bool).with(STEP);
static MINUTES: Shape = Shape::scalar(Scalar::Number).with(STEP);
static NAMED_TEXTS: Shape = Shape::free(&TEXT).with(STEP);
static WAIT_ALL: Shape = Shape::scalar(Scalar::NullOrBool);
