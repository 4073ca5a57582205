//! The events that start a workflow, and what may stand below them.

use super::workflow::RUN;
use crate::schema::contexts::Contexts;
use crate::schema::shape::{ANY, BOOL, FILLED, Keys, Map, Others, Scalar, Shape, TEXT, field, required};

/// An event.
pub(in crate::schema) struct Event {
    /// Its name.
    pub(in crate::schema) name: &'static str,
    /// The filters it knows.
    pub(in crate::schema) filters: &'static [&'static str],
    /// The values of its `types`; none when it has no such filter, or takes any.
    pub(in crate::schema) types: &'static [&'static str],
}

const fn event(name: &'static str, filters: &'static [&'static str], types: &'static [&'static str]) -> Event {
    Event { name, filters, types }
}

const NONE: &[&str] = &[];
const TYPES: &[&str] = &["types"];
const BRANCHES: &[&str] = &["types", "branches", "branches-ignore"];
const CHANGES: &[&str] = &["types", "branches", "branches-ignore", "paths", "paths-ignore"];
const PUSHES: &[&str] = &["branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore"];
const RUNS: &[&str] = &["types", "workflows", "branches", "branches-ignore"];
const WRITTEN: &[&str] = &["created", "edited", "deleted"];
const DISCUSSION: &[&str] = &[
    "created",
    "edited",
    "deleted",
    "transferred",
    "pinned",
    "unpinned",
    "labeled",
    "unlabeled",
    "locked",
    "unlocked",
    "category_changed",
    "answered",
    "unanswered",
];
const ISSUE: &[&str] = &[
    "opened",
    "edited",
    "deleted",
    "transferred",
    "pinned",
    "unpinned",
    "closed",
    "reopened",
    "assigned",
    "unassigned",
    "labeled",
    "unlabeled",
    "locked",
    "unlocked",
    "milestoned",
    "demilestoned",
    "field_added",
    "field_removed",
    "typed",
    "untyped",
];
const PULL_REQUEST: &[&str] = &[
    "assigned",
    "unassigned",
    "labeled",
    "unlabeled",
    "opened",
    "edited",
    "closed",
    "reopened",
    "synchronize",
    "converted_to_draft",
    "locked",
    "unlocked",
    "enqueued",
    "dequeued",
    "milestoned",
    "demilestoned",
    "ready_for_review",
    "review_requested",
    "review_request_removed",
    "auto_merge_enabled",
    "auto_merge_disabled",
    "stacked",
];
const RELEASE: &[&str] = &["published", "unpublished", "created", "edited", "deleted", "prereleased", "released"];

/// All events, by name.
pub(in crate::schema) static EVENTS: &[Event] = &[
    event("branch_protection_rule", TYPES, WRITTEN),
    event("check_run", TYPES, &["created", "rerequested", "completed", "requested_action"]),
    event("check_suite", TYPES, &["completed"]),
    event("create", NONE, NONE),
    event("delete", NONE, NONE),
    event("deployment", NONE, NONE),
    event("deployment_status", NONE, NONE),
    event("discussion", TYPES, DISCUSSION),
    event("discussion_comment", TYPES, WRITTEN),
    event("dynamic", NONE, NONE),
    event("fork", NONE, NONE),
    event("gollum", NONE, NONE),
    event("image_version", &["types", "names", "versions"], &["created", "ready", "deleted"]),
    event("interactive_component", NONE, NONE),
    event("issue_comment", TYPES, WRITTEN),
    event("issues", TYPES, ISSUE),
    event("label", TYPES, WRITTEN),
    event("member", TYPES, NONE),
    event("merge_group", BRANCHES, &["checks_requested"]),
    event("milestone", TYPES, &["created", "closed", "opened", "edited", "deleted"]),
    event("page_build", NONE, NONE),
    event("project", TYPES, &["created", "closed", "reopened", "edited", "deleted"]),
    event("project_card", TYPES, &["created", "moved", "converted", "edited", "deleted"]),
    event("project_column", TYPES, &["created", "updated", "moved", "deleted"]),
    event("public", NONE, NONE),
    event("pull_request", CHANGES, PULL_REQUEST),
    event("pull_request_comment", TYPES, WRITTEN),
    event("pull_request_review", TYPES, &["submitted", "edited", "dismissed"]),
    event("pull_request_review_comment", TYPES, WRITTEN),
    event("pull_request_target", CHANGES, PULL_REQUEST),
    event("push", PUSHES, NONE),
    event("registry_package", TYPES, &["published", "updated"]),
    event("release", TYPES, RELEASE),
    event("repository_dispatch", TYPES, NONE),
    event("schedule", NONE, NONE),
    event("status", NONE, NONE),
    event("watch", TYPES, &["started"]),
    event("workflow_call", NONE, NONE),
    event("workflow_dispatch", NONE, NONE),
    event("workflow_run", RUNS, &["requested", "completed", "in_progress"]),
];

/// `on`.
pub(super) static ON: Shape = Shape::scalar(Scalar::Text).or_list(&ANY).or_map(Map::Keys(&ON_KEYS));
// Names of events are looked at elsewhere.
static ON_KEYS: Keys = Keys {
    what: "`on`",
    fields: &[&[field("schedule", &SCHEDULE), field("workflow_call", &CALL), field("workflow_dispatch", &DISPATCH)]],
    others: Others::Passed(&CONFIG),
};

/// What stands below an event.
static CONFIG: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&CONFIG_KEYS));

// GitHub overlooks keys that the event does not know.
static CONFIG_KEYS: Keys = Keys {
    what: "an event",
    fields: &[&[
        field("branches", &PATTERNS),
        field("branches-ignore", &PATTERNS),
        field("tags", &PATTERNS),
        field("tags-ignore", &PATTERNS),
        field("paths", &PATTERNS),
        field("paths-ignore", &PATTERNS),
        field("workflows", &PATTERNS),
        field("types", &PATTERNS),
        field("names", &PATTERNS),
        field("versions", &PATTERNS),
    ]],
    others: Others::Passed(&ANY),
};
static PATTERNS: Shape = Shape::scalar(Scalar::Text).or_list(&FILLED);

/// `schedule`.
static SCHEDULE: Shape = Shape::list(&TIME);
static TIME: Shape = Shape::keys(&TIME_KEYS);
static TIME_KEYS: Keys = Keys {
    what: "an entry of `schedule`",
    fields: &[&[required("cron", &FILLED), field("timezone", &FILLED)]],
    others: Others::Passed(&ANY),
};

/// `workflow_call`.
static CALL: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&CALL_KEYS));
static CALL_KEYS: Keys = Keys::strict(
    "`workflow_call`",
    &[&[field("inputs", &CALL_INPUTS), field("secrets", &CALL_SECRETS), field("outputs", &CALL_OUTPUTS)]],
);
static CALL_INPUTS: Shape = Shape::free(&CALL_INPUT);
static CALL_INPUT: Shape = Shape::keys(&CALL_INPUT_KEYS);
static CALL_INPUT_KEYS: Keys = Keys::strict(
    "an input of `workflow_call`",
    &[&[
        field("description", &TEXT),
        required("type", &CALL_TYPE),
        field("required", &BOOL),
        field("default", &CALL_DEFAULT),
    ]],
);
static CALL_TYPE: Shape = Shape::scalar(Scalar::Words(&["boolean", "number", "string"]));
static CALL_DEFAULT: Shape = Shape::scalar(Scalar::Text).with(RUN);
static CALL_SECRETS: Shape = Shape::free(&CALL_SECRET);
static CALL_SECRET: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&CALL_SECRET_KEYS));
static CALL_SECRET_KEYS: Keys =
    Keys::strict("a secret of `workflow_call`", &[&[field("description", &TEXT), field("required", &BOOL)]]);
static CALL_OUTPUTS: Shape = Shape::free(&CALL_OUTPUT);
static CALL_OUTPUT: Shape = Shape::keys(&CALL_OUTPUT_KEYS);
static CALL_OUTPUT_KEYS: Keys = Keys::strict(
    "an output of `workflow_call`",
    &[&[field("description", &TEXT), required("value", &CALL_OUTPUT_VALUE)]],
);
static CALL_OUTPUT_VALUE: Shape = Shape::scalar(Scalar::Text).with(RUN.and(Contexts::JOBS));

/// `workflow_dispatch`.
static DISPATCH: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&DISPATCH_KEYS)).lenient();
static DISPATCH_KEYS: Keys = Keys::strict("`workflow_dispatch`", &[&[field("inputs", &DISPATCH_INPUTS)]]);
static DISPATCH_INPUTS: Shape = Shape::scalar(Scalar::Null).or_map(Map::Free(&DISPATCH_INPUT));
static DISPATCH_INPUT: Shape = Shape::scalar(Scalar::Null).or_map(Map::Keys(&DISPATCH_INPUT_KEYS));
static DISPATCH_INPUT_KEYS: Keys = Keys::strict(
    "an input of `workflow_dispatch`",
    &[&[
        field("description", &TEXT),
        field("type", &DISPATCH_TYPE),
        field("required", &BOOL),
        field("default", &TEXT),
        field("options", &OPTIONS),
        field("deprecationMessage", &ANY),
    ]],
);
static OPTIONS: Shape = Shape::list(&TEXT);
static DISPATCH_TYPE: Shape = Shape::scalar(Scalar::Words(&["boolean", "choice", "environment", "number", "string"]));
