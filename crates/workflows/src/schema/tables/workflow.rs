//! The root of a workflow, and what jobs have in common with it.

use super::job::JOBS;
use super::trigger::ON;
use crate::schema::contexts::Contexts;
use crate::schema::shape::{BOOL, FILLED, Field, Keys, Map, Others, Scalar, Shape, TEXT, field, required};

/// What the whole workflow knows when it starts.
pub(super) const RUN: Contexts = Contexts::GITHUB.and(Contexts::INPUTS).and(Contexts::VARS);

/// A workflow.
pub(in crate::schema) static ROOT: Shape = Shape::keys(&ROOT_KEYS);

static ROOT_KEYS: Keys = Keys::strict(
    "a workflow",
    &[&[
        field("name", &TEXT),
        field("description", &TEXT),
        field("run-name", &RUN_NAME),
        // That it is there is looked at with the events.
        field("on", &ON),
        field("permissions", &PERMISSIONS),
        field("env", &ENV),
        field("defaults", &DEFAULTS),
        field("concurrency", &CONCURRENCY),
        required("jobs", &JOBS),
    ]],
);

static RUN_NAME: Shape = Shape::scalar(Scalar::Text).with(RUN);
static ENV: Shape = Shape::free(&TEXT).with(RUN.and(Contexts::SECRETS));
static CONCURRENCY: Shape = Shape::scalar(Scalar::Text).or_map(Map::Keys(&CONCURRENCY_KEYS)).with(RUN);

/// `concurrency` as a mapping.
pub(super) static CONCURRENCY_KEYS: Keys = Keys::strict(
    "`concurrency`",
    &[&[required("group", &FILLED), field("cancel-in-progress", &BOOL), field("queue", &QUEUE)]],
);
static QUEUE: Shape = Shape::scalar(Scalar::Words(&["single", "max"]));

/// `defaults`.
pub(super) static DEFAULTS: Shape = Shape::keys(&Keys::strict("`defaults`", &[&[field("run", &RUN_DEFAULTS)]]));
static RUN_DEFAULTS: Shape = Shape::keys(&RUN_DEFAULTS_KEYS);

/// `defaults.run`.
pub(super) static RUN_DEFAULTS_KEYS: Keys =
    Keys::strict("`defaults.run`", &[&[field("shell", &FILLED), field("working-directory", &FILLED)]]);

/// `permissions`.
pub(super) static PERMISSIONS: Shape =
    Shape::scalar(Scalar::Words(&["read-all", "write-all"])).or_map(Map::Keys(&SCOPES));

static SCOPES: Keys = Keys {
    what: "`permissions`",
    fields: &[SCOPE_FIELDS],
    // What an app may be granted, and the token of a workflow may not.
    others: Others::RefusedIfLike(&[
        "administration",
        "codespaces",
        "dependabot",
        "environments",
        "members",
        "metadata",
        "secrets",
        "variables",
        "webhooks",
        "workflows",
    ]),
};

const SCOPE_FIELDS: &[Field] = &[
    field("actions", &LEVEL),
    field("artifact-metadata", &LEVEL),
    field("attestations", &LEVEL),
    field("checks", &LEVEL),
    field("code-quality", &LEVEL),
    field("contents", &LEVEL),
    field("copilot-requests", &LEVEL),
    field("deployments", &LEVEL),
    field("discussions", &LEVEL),
    field("drives", &LEVEL),
    field("id-token", &WRITE_LEVEL),
    field("issues", &LEVEL),
    field("models", &LEVEL),
    field("packages", &LEVEL),
    field("pages", &LEVEL),
    field("pull-requests", &LEVEL),
    field("repository-projects", &LEVEL),
    field("security-events", &LEVEL),
    field("statuses", &LEVEL),
    field("vulnerability-alerts", &LEVEL),
];

static LEVEL: Shape = Shape::scalar(Scalar::Words(&["read", "write", "none"]));
static WRITE_LEVEL: Shape = Shape::scalar(Scalar::Words(&["write", "none"]));
