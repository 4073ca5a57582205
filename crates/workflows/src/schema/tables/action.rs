//! `action.yml`, as the runner reads it.

use tollgate_input::Node;

use crate::schema::contexts::Contexts;
use crate::schema::shape::{ANY, Choice, FILLED, Field, Keys, Map, Others, Scalar, Shape, TEXT, field, required};

/// What the steps of an action know: neither secrets nor variables nor needs, they come as inputs.
const STEP: Contexts = Contexts::GITHUB
    .and(Contexts::INPUTS)
    .and(Contexts::STRATEGY)
    .and(Contexts::MATRIX)
    .and(Contexts::STEPS)
    .and(Contexts::JOB)
    .and(Contexts::RUNNER)
    .and(Contexts::ENV);
const DEFAULT: Contexts =
    Contexts::GITHUB.and(Contexts::STRATEGY).and(Contexts::MATRIX).and(Contexts::JOB).and(Contexts::RUNNER);

/// An action.
pub(in crate::schema) static ROOT: Shape = Shape::keys(&ROOT_KEYS);

static ROOT_KEYS: Keys = Keys {
    what: "an action",
    fields: &[&[
        field("name", &TEXT),
        field("inputs", &INPUTS),
        field("outputs", &OUTPUTS),
        required("runs", &RUNS),
        // What the runner does not read is not looked at.
        field("description", &TEXT),
    ]],
    others: Others::Passed(&ANY),
};

static INPUTS: Shape = Shape::scalar(Scalar::Null).or_map(Map::Free(&INPUT));
static INPUT: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&INPUT_KEYS));
static INPUT_KEYS: Keys =
    Keys { what: "an input", fields: &[&[field("default", &INPUT_DEFAULT)]], others: Others::Passed(&ANY) };
static INPUT_DEFAULT: Shape = Shape::scalar(Scalar::Text).with(DEFAULT);

static OUTPUTS: Shape = Shape::scalar(Scalar::Null).or_map(Map::Free(&OUTPUT));
static OUTPUT: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&OUTPUT_KEYS));
static OUTPUT_KEYS: Keys =
    Keys { what: "an output", fields: &[&[field("value", &OUTPUT_VALUE)]], others: Others::Passed(&ANY) };
static OUTPUT_VALUE: Shape = Shape::scalar(Scalar::Text).with(STEP);

static RUNS: Shape = Shape::scalar(Scalar::No).or_map(Map::Choice(choose_runs));

fn choose_runs(runs: &Node) -> Choice {
    let composite = runs.get("using").and_then(Node::name).is_some_and(|using| using.eq_ignore_ascii_case("composite"));
    Choice { keys: if composite { &COMPOSITE } else { &OTHER }, mistake: None }
}

static COMPOSITE: Keys = Keys {
    what: "`runs`",
    fields: &[&[required("using", &FILLED), required("steps", &STEPS)]],
    others: Others::Passed(&ANY),
};
static OTHER: Keys = Keys {
    what: "`runs`",
    // Expressions stand in arguments and variables; what else there is, the runner decides by its version.
    fields: &[&[required("using", &FILLED), field("args", &OPEN), field("env", &OPEN)]],
    others: Others::Passed(&ANY),
};
static OPEN: Shape = Shape::scalar(Scalar::Text).or_list(&ANY).or_map(Map::Free(&ANY)).with(Contexts::INPUTS);

static STEPS: Shape = Shape::list(&ANY_STEP);
static ANY_STEP: Shape = Shape::scalar(Scalar::No).or_map(Map::Choice(choose));

fn choose(step: &Node) -> Choice {
    let both = Some("the step has both `run` and `uses`: make two steps of it");
    let neither = Some("the step has neither `run` nor `uses`: add one");
    match (step.get("run").is_some(), step.get("uses").is_some()) {
        (true, false) => Choice { keys: &RUN, mistake: None },
        (false, true) => Choice { keys: &USES, mistake: None },
        (true, true) => Choice { keys: &EVERY_KEY, mistake: both },
        (false, false) => Choice { keys: &EVERY_KEY, mistake: neither },
    }
}

static RUN: Keys = Keys::strict(
    "a step of an action that runs a script",
    &[COMMON, &[field("run", &STEP_TEXT), required("shell", &STEP_TEXT), field("working-directory", &STEP_TEXT)]],
);
static USES: Keys = Keys::strict(
    "a step of an action that uses an action",
    &[COMMON, &[field("uses", &FILLED), field("with", &NAMED)]],
);
static EVERY_KEY: Keys = Keys::strict(
    "a step of an action",
    &[
        COMMON,
        &[field("run", &STEP_TEXT), field("shell", &STEP_TEXT), field("working-directory", &STEP_TEXT)],
        &[field("uses", &FILLED), field("with", &NAMED)],
    ],
);

const COMMON: &[Field] = &[
    field("name", &STEP_TEXT),
    field("id", &FILLED),
    field("if", &CONDITION),
    field("env", &NAMED),
    field("continue-on-error", &CONTINUE),
];
static STEP_TEXT: Shape = Shape::scalar(Scalar::Text).with(STEP);
static CONDITION: Shape = Shape::condition(STEP);
static CONTINUE: Shape = Shape::scalar(Scalar::Bool).with(STEP);
static NAMED: Shape = Shape::free(&TEXT).with(STEP);
