//! `jobs`.

use tollgate_input::Node;

use super::step::{RUNNER_SIDE, STEPS};
use super::workflow::{CONCURRENCY_KEYS, PERMISSIONS, RUN, RUN_DEFAULTS_KEYS};
use crate::schema::contexts::Contexts;
use crate::schema::shape::{
    ANY, BOOL, Choice, FILLED, FILLED_LIST, FILLED_OR_LIST, Field, Keys, Map, NUMBER, Scalar, Shape, TEXT, field,
    required,
};

/// What is known before the matrix is.
const PLAN: Contexts = RUN.and(Contexts::NEEDS);
/// What is known when a job is handed to a runner.
pub(super) const JOB: Contexts = PLAN.and(Contexts::STRATEGY).and(Contexts::MATRIX);

/// `jobs`.
pub(super) static JOBS: Shape = Shape::free(&ANY_JOB);
static ANY_JOB: Shape = Shape::scalar(Scalar::No).or_map(Map::Choice(choose));

fn choose(job: &Node) -> Choice {
    let calls = job.get("uses").is_some();
    let runs = job.get("steps").or_else(|| job.get("runs-on")).is_some();
    match (calls, runs) {
        (true, true) => Choice { keys: &EVERY_KEY, mistake: Some(BOTH) },
        (true, false) => Choice { keys: &CALL, mistake: None },
        (false, true) => Choice { keys: &RUN_KEYS, mistake: None },
        (false, false) => Choice { keys: &EVERY_KEY, mistake: Some(NEITHER) },
    }
}

const BOTH: &str = "the job has `uses` beside `runs-on` or `steps`: call a workflow, or run steps";
const NEITHER: &str = "the job has neither `runs-on` nor `uses`: name a runner, or a workflow to call";

static RUN_KEYS: Keys = Keys::strict("a job", &[COMMON, RUN_FIELDS, &[required("runs-on", &RUNS_ON)]]);
static CALL: Keys = Keys::strict("a job that calls a workflow", &[COMMON, CALL_FIELDS]);
static EVERY_KEY: Keys = Keys::strict("a job", &[COMMON, CALL_FIELDS, RUN_FIELDS, &[field("runs-on", &RUNS_ON)]]);

const COMMON: &[Field] = &[
    field("name", &NAME),
    field("needs", &FILLED_OR_LIST),
    field("if", &CONDITION),
    field("permissions", &PERMISSIONS),
    field("concurrency", &CONCURRENCY),
    field("strategy", &STRATEGY),
];
const CALL_FIELDS: &[Field] = &[field("uses", &FILLED), field("with", &WITH), field("secrets", &SECRETS)];
const RUN_FIELDS: &[Field] = &[
    field("timeout-minutes", &MINUTES),
    field("cancel-timeout-minutes", &MINUTES),
    field("continue-on-error", &CONTINUE),
    field("container", &CONTAINER),
    field("services", &SERVICES),
    field("env", &ENV),
    field("environment", &ENVIRONMENT),
    field("outputs", &OUTPUTS),
    field("defaults", &JOB_DEFAULTS),
    field("steps", &STEPS),
    field("snapshot", &SNAPSHOT),
];

static NAME: Shape = Shape::scalar(Scalar::Text).with(JOB);
static CONDITION: Shape = Shape::condition(PLAN);
static MINUTES: Shape = Shape::scalar(Scalar::Number).with(JOB);
static CONTINUE: Shape = Shape::scalar(Scalar::Bool).with(JOB);
static CONCURRENCY: Shape = Shape::scalar(Scalar::Filled).or_map(Map::Keys(&CONCURRENCY_KEYS)).with(JOB);
static ENV: Shape = Shape::free(&TEXT).with(JOB.and(Contexts::SECRETS));
static OUTPUTS: Shape = Shape::free(&TEXT).with(RUNNER_SIDE.and(Contexts::SECRETS));

static WITH: Shape = Shape::free(&TEXT).with(JOB);
static SECRETS: Shape = Shape::scalar(Scalar::Words(&["inherit"])).or_map(Map::Free(&SECRET));
static SECRET: Shape = Shape::scalar(Scalar::Text).with(JOB.and(Contexts::SECRETS));

static RUNS_ON: Shape = Shape::scalar(Scalar::Filled).or_list(&FILLED).or_map(Map::Keys(&RUNS_ON_KEYS)).with(JOB);
static RUNS_ON_KEYS: Keys = Keys::strict("`runs-on`", &[&[field("group", &FILLED), field("labels", &FILLED_OR_LIST)]]);

static STRATEGY: Shape = Shape::keys(&STRATEGY_KEYS).with(PLAN);
static STRATEGY_KEYS: Keys = Keys::strict(
    "`strategy`",
    &[&[field("fail-fast", &BOOL), field("max-parallel", &NUMBER), field("matrix", &MATRIX)]],
);
// What `include` and `exclude` hold is looked at with the other dimensions.
static MATRIX: Shape = Shape::free(&DIMENSION);
static DIMENSION: Shape = Shape::list(&ANY);

static JOB_DEFAULTS: Shape = Shape::keys(&Keys::strict("`defaults`", &[&[field("run", &JOB_RUN_DEFAULTS)]]));
static JOB_RUN_DEFAULTS: Shape = Shape::keys(&RUN_DEFAULTS_KEYS).with(JOB.and(Contexts::ENV));

static ENVIRONMENT: Shape = Shape::scalar(Scalar::Text).or_map(Map::Keys(&ENVIRONMENT_KEYS)).with(JOB);
static ENVIRONMENT_KEYS: Keys = Keys::strict(
    "`environment`",
    &[&[required("name", &TEXT), field("url", &ENVIRONMENT_URL), field("deployment", &BOOL)]],
);
static ENVIRONMENT_URL: Shape = Shape::scalar(Scalar::Text).with(RUNNER_SIDE);

static SNAPSHOT: Shape = Shape::scalar(Scalar::Filled).or_map(Map::Keys(&SNAPSHOT_KEYS)).with(JOB);
static SNAPSHOT_KEYS: Keys = Keys::strict(
    "`snapshot`",
    &[&[required("image-name", &FILLED), field("if", &SNAPSHOT_CONDITION), field("version", &FILLED)]],
);
static SNAPSHOT_CONDITION: Shape = Shape::condition(RUNNER_SIDE);

static CONTAINER: Shape = Shape::scalar(Scalar::Text).or_map(Map::Keys(&CONTAINER_KEYS)).with(JOB);
static CONTAINER_KEYS: Keys = Keys::strict("`container`", &[CONTAINER_FIELDS]);
static SERVICES: Shape = Shape::free(&SERVICE).with(JOB);
static SERVICE: Shape = Shape::scalar(Scalar::Text).or_map(Map::Keys(&SERVICE_KEYS));
static SERVICE_KEYS: Keys =
    Keys::strict("a service", &[CONTAINER_FIELDS, &[field("entrypoint", &TEXT), field("command", &TEXT)]]);
const CONTAINER_FIELDS: &[Field] = &[
    field("image", &TEXT),
    field("options", &TEXT),
    field("env", &CONTAINER_ENV),
    field("ports", &FILLED_LIST),
    field("volumes", &FILLED_LIST),
    field("credentials", &CREDENTIALS),
];
static CONTAINER_ENV: Shape = Shape::free(&CONTAINER_VARIABLE);
static CONTAINER_VARIABLE: Shape = Shape::scalar(Scalar::Text).with(RUNNER_SIDE.and(Contexts::SECRETS));
static CREDENTIALS: Shape = Shape::keys(&CREDENTIALS_KEYS).with(Contexts::SECRETS.and(Contexts::ENV));
static CREDENTIALS_KEYS: Keys =
    Keys::strict("`credentials`", &[&[field("username", &FILLED), field("password", &FILLED)]]);
