//! The keys of the file that are not a checker's own: one table each, used to read, to describe and to document them.

use tollgate_policy::Incidents;

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// One or two sentences for the reference.
    pub about: &'static str,
}

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A list of conditions, each a string or `{ if = "…", when = […], on = […] }`.
    Conditions,
    /// A list of strings.
    Strings,
    /// A string or a list of strings.
    OneOrMore,
    /// A string.
    String,
    /// `true` or `false`.
    Bool,
    /// How old something may be: `"7 days"`.
    Age,
    /// A percentage: `"80%"`.
    Percent,
    /// A duration: `"10 min"`.
    Duration,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A day: `2027-01-15`.
    Date,
    /// A table of strings, under names that are nobody's business here.
    Texts,
    /// A string, or a table that is sent as JSON.
    Body,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A whole number from 1 to 1024.
    Number,
    /// A whole number from 1.
    Count,
    /// A whole number of days from 0 to 365.
    Days,
}

impl Kind {
    /// What is expected, in words.
    pub fn words(self) -> String {
        match self {
            Self::Conditions => "a list of conditions, such as [\"coverage.lines >= 80%\"]".to_owned(),
            Self::Strings => "a list of strings".to_owned(),
            Self::OneOrMore => "a string or a list of strings".to_owned(),
            Self::String => "a string".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Age => "an age in hours or days, such as \"7 days\"".to_owned(),
            Self::Percent => "a percentage, such as \"80%\"".to_owned(),
            Self::Duration => "a duration of at most a day, such as \"10 min\"".to_owned(),
            Self::Choice(words) => format!("\"{}\"", words.join("\" or \"")),
            Self::Date => "a date, such as 2027-01-15".to_owned(),
            Self::Texts => "a table of strings, such as { NAME = \"value\" }".to_owned(),
            Self::Body => "a string, or a table that is sent as JSON".to_owned(),
            Self::Table(keys) => {
                let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
                format!("a table with the keys {}", names.join(", "))
            }
            Self::Number => "a whole number from 1 to 1024".to_owned(),
            Self::Count => "a whole number from 1".to_owned(),
            Self::Days => format!("a whole number of days from 0 to {}", Incidents::LONGEST_DAYS),
        }
    }
}

const WHEN: &str = "Patterns of files: it concerns only changes that touch one of them.";
const ON: &str = "Events (pull_request, push, merge_group, local, …): it concerns only runs that one of them caused.";

/// Keys of `[gates.NAME]`.
pub const GATE_KEYS: &[Key] = &[
    Key { name: "conditions", kind: Kind::Conditions, about: "What must hold; where one fails, the gate fails." },
    Key { name: "warn", kind: Kind::Conditions, about: "What ought to hold; where one fails, the gate warns." },
    Key {
        name: "warn_at",
        kind: Kind::Percent,
        about: "From which share of an upper limit on a condition that still holds warns.",
    },
    Key {
        name: "too_close",
        kind: Kind::Choice(&["unknown", "warn"]),
        about: "What a number is that a measurement cannot tell from its limit. Default: unknown.",
    },
    Key {
        name: "optional",
        kind: Kind::Strings,
        about: "Checkers that need not be configured: their conditions then do not apply.",
    },
    Key { name: "when", kind: Kind::Strings, about: WHEN },
    Key { name: "on", kind: Kind::Strings, about: ON },
    Key {
        name: "mode",
        kind: Kind::Choice(&["enforce", "observe"]),
        about: "Whether a failure blocks, or is only shown until `enforce_from`. Default: what [adopt] says, else enforce.",
    },
    Key {
        name: "enforce_from",
        kind: Kind::Date,
        about: "The first day on which an observing gate blocks; at most 90 days ahead.",
    },
];

/// Keys of `[adopt]`.
pub const ADOPT_KEYS: &[Key] = &[
    Key {
        name: "mode",
        kind: Kind::Choice(&["enforce", "observe"]),
        about: "Whether failures block, or are only shown until `enforce_from`.",
    },
    Key { name: "enforce_from", kind: Kind::Date, about: "The first day on which gates block; at most 90 days ahead." },
];

/// Keys of `[incidents.SEVERITY]`.
pub const INCIDENT_KEYS: &[Key] = &[
    Key {
        name: "class",
        kind: Kind::Choice(&Incidents::CLASSES),
        about: "The class of findings of this severity. Default: P0 for critical, P1 high, P2 medium, P3 low.",
    },
    Key {
        name: "days",
        kind: Kind::Days,
        about: "How long one may stay before `findings.overdue` counts it; 0 is not at all. One class has one deadline. \
                Default: what the class has, 0 for P0, 7 for P1, 30 for P2, 90 for P3.",
    },
];

/// Keys of `[check]`.
pub const CHECK_KEYS: &[Key] = &[
    Key {
        name: "deadline",
        kind: Kind::Duration,
        about: "How long one checker may take before it counts as unfinished. Default: 10 min.",
    },
    Key { name: "jobs", kind: Kind::Number, about: "How many threads to use. Default: one per core." },
];

/// Keys of `[service]`.
pub const SERVICE_KEYS: &[Key] = &[
    Key {
        name: "start",
        kind: Kind::String,
        about: "The command that starts the program under test, run by the shell in the root. It is ended, with whatever it \
                started, once it was asked. Without it the program runs already.",
    },
    Key {
        name: "url",
        kind: Kind::String,
        about: "Where it answers. `${PORT}` in it is a free port that the command is given as PORT.",
    },
    Key {
        name: "ready",
        kind: Kind::String,
        about: "The path that answers with a success once it is ready. Default: `/`, where any answer will do.",
    },
    Key { name: "ready_timeout", kind: Kind::Duration, about: "How long it may take to get ready. Default: 2 min." },
    Key {
        name: "env",
        kind: Kind::Texts,
        about: "Variables of the environment for the command. `${NAME}` stands for a variable of tollgate's own.",
    },
    Key {
        name: "login",
        kind: Kind::Table(LOGIN_KEYS),
        about: "A request that is sent before anything is asked, and not measured; its answer holds a token.",
    },
];

/// Keys of `login` in `[service]`.
pub const LOGIN_KEYS: &[Key] = &[
    Key { name: "method", kind: Kind::String, about: "Default: POST." },
    Key { name: "path", kind: Kind::String, about: "Where it is sent to." },
    Key {
        name: "body",
        kind: Kind::Body,
        about: "What is sent. `${NAME}` in its texts stands for a variable of the environment.",
    },
    Key {
        name: "token",
        kind: Kind::String,
        about: "Where the answer has the token: a JSON pointer, such as `/access_token`.",
    },
    Key {
        name: "header",
        kind: Kind::String,
        about: "The header that carries it from then on. Default: authorization.",
    },
    Key { name: "prefix", kind: Kind::String, about: "What stands before it there. Default: `Bearer `." },
];

/// Keys of `[[sources]]`.
pub const SOURCE_KEYS: &[Key] = &[
    Key {
        name: "name",
        kind: Kind::String,
        about: "What the source is called; its metrics begin with it: `audit.findings`.",
    },
    Key {
        name: "files",
        kind: Kind::OneOrMore,
        about: "Where its reports lie, as patterns relative to the root. Where none matches, the source is unknown.",
    },
    Key {
        name: "tool",
        kind: Kind::String,
        about: "Which tool must have written them: `ESLint`, `npm-audit`. Says, too, whose an empty list is.",
    },
    Key {
        name: "max_age",
        kind: Kind::Age,
        about: "How old a report may be by its own word; one that does not say when it was written is too old.",
    },
    Key {
        name: "min_inputs",
        kind: Kind::Count,
        about: "How many things (files, packages, pages) the tool must say it looked at, in all reports together.",
    },
    Key {
        name: "upload",
        kind: Kind::Bool,
        about: "Whether its findings go into the files for code scanning. Default: false.",
    },
    Key { name: "when", kind: Kind::Strings, about: WHEN },
    Key { name: "on", kind: Kind::Strings, about: ON },
];

/// Keys that every checker's section has beside the checker's own.
pub const SECTION_KEYS: &[Key] = &[
    Key { name: "name", kind: Kind::String, about: "Name of this instance, where there are several: label `target`." },
    Key { name: "when", kind: Kind::Strings, about: WHEN },
    Key { name: "on", kind: Kind::Strings, about: ON },
];
