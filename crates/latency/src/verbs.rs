//! What `latency` does beside checking.

use std::fmt::Write as _;

use serde_json::Value;
use tollgate_check::{AnyVerb, CheckError, Context, Outcome, Verb};
use tollgate_model::{Cause, Problem, format, toml_string};
use tollgate_openapi::{Document, calls};

use crate::budgets::{self, Budgets};
use crate::{Latency, Options};

/// All of them.
pub(crate) const VERBS: &[&dyn AnyVerb<Latency>] = &[&Import];

/// Largest map of budgets that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// `tollgate latency import`.
struct Import;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
struct ImportArguments {
    /// An OpenAPI document, or a map of budgets such as performance-budget.json
    #[arg(value_name = "FILE")]
    file: String,
    /// Where in the file the map stands, as a JSON pointer; by default wherever response times are
    #[arg(long, value_name = "POINTER")]
    pointer: Option<String>,
    /// The limit that operations of a document are given
    #[arg(long, value_name = "DURATION", default_value = "500 ms")]
    limit: String,
}

impl Verb<Latency> for Import {
    const NAME: &'static str = "import";
    const ABOUT: &'static str = "Print [[latency.endpoints]] for an OpenAPI document or a map of budgets";

    type Arguments = ImportArguments;

    fn run(&self, ctx: &Context<'_>, _options: &Options, args: &ImportArguments) -> Result<Outcome, CheckError> {
        let bytes = ctx.read(&args.file, LARGEST.max(64 << 20))?;
        let text = String::from_utf8_lossy(&bytes);
        let document = serde_json::from_str::<Value>(&text).ok();
        let is_budgets =
            document.as_ref().is_some_and(|json| json.get("openapi").is_none() && json.get("swagger").is_none());
        if !is_budgets {
            return Ok(of_document(ctx, args));
        }
        match budgets::read(&args.file, &text, args.pointer.as_deref()) {
            Ok(found) => Ok(Outcome { text: of_budgets(&args.file, &found).into_bytes(), ..Outcome::default() }),
            Err(because) => Ok(Outcome {
                problems: vec![Problem::new(Cause::NoEvidence, because).at(&args.file)],
                ..Outcome::default()
            }),
        }
    }
}

/// A table for each budget. Which path it is a budget of, the file does not say.
fn of_budgets(file: &str, found: &Budgets) -> String {
    let mut text = format!(
        "# From {file}, which says neither which path each is a budget of nor of what it\n# is a limit: fill in `path`, and `statistic` where p95 is not meant.\n"
    );
    for entry in &found.entries {
        let _ = write!(
            text,
            "\n[[latency.endpoints]]\nname = {}\npath = \"\" # line {} of {file} names no path\nstatistic = \"p95\"\nlimit = \"{}\"\n",
            toml_string(&entry.key),
            entry.line,
            format::milliseconds(entry.limit_ms)
        );
    }
    for (key, line) in &found.left_out {
        text.push_str(&left_out(&format!("{key} (line {line}): no duration")));
    }
    text
}

/// What was left out, on one line whatever it says.
fn left_out(what: &str) -> String {
    format!("\n# left out: {}\n", what.replace(char::is_control, " "))
}

fn of_document(ctx: &Context<'_>, args: &ImportArguments) -> Outcome {
    let document = match Document::read(ctx.root(), &args.file) {
        Ok(document) => document,
        Err(error) => {
            let problem = Problem::new(Cause::Unreadable, error.to_string()).at(&args.file);
            return Outcome { problems: vec![problem], ..Outcome::default() };
        }
    };
    let (calls, left) = calls(&document);
    let mut text = format!("# From {}. Choose what is critical, and give each its limit.\n", args.file);
    for call in &calls {
        let _ = write!(
            text,
            "\n[[latency.endpoints]]\nmethod = {}\npath = {}\nstatistic = \"p95\"\nlimit = {}\n",
            toml_string(&call.method),
            toml_string(&format!("{}{}", call.base, call.path)),
            toml_string(&args.limit)
        );
        if call.needs_auth {
            text.push_str("# needs somebody who is logged in: `login` of [service], or `headers`\n");
        }
    }
    for left in &left {
        text.push_str(&left_out(&format!("{}: {}", left.about(), left.because)));
    }
    Outcome { text: text.into_bytes(), ..Outcome::default() }
}
