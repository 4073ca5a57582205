//! `tollgate.toml`, key by key.

use anyhow::{Context as _, Result};
use serde_json::Value;
use tollgate_check::Tool;
use tollgate_config::{
    ADOPT_KEYS, CHECK_KEYS, GATE_KEYS, INCIDENT_KEYS, Key, LOGIN_KEYS, SECTION_KEYS, SERVICE_KEYS, SOURCE_KEYS,
};

const INTRODUCTION: &str = "# Configuration

`tollgate.toml` lies in the checked folder. An unknown key, a wrong unit or a metric that nobody reports is an error with
its line and column, and nothing runs. `tollgate check --print-config` shows what applies and where each value comes from;
`tollgate schema config` prints a JSON Schema for editors.

Flags beat the environment beats the file beats defaults. A variable is named after its flag: `--base` is `TOLLGATE_BASE`,
`--report` of coverage is `TOLLGATE_COVERAGE_REPORT`. Lists are replaced, not joined.

How conditions are written and judged is told in [policy.md](policy.md).
";

/// Every key of the file.
pub(super) fn page(tools: &[&dyn Tool]) -> Result<String> {
    let mut text = INTRODUCTION.to_owned();
    keys(&mut text, "[gates.NAME]", "What must hold. The name is what a branch protection rule requires.", GATE_KEYS);
    keys(&mut text, "[adopt]", "How gates are introduced: shown as if enforced, without blocking.", ADOPT_KEYS);
    keys(
        &mut text,
        "[incidents.SEVERITY]",
        "By when findings must be gone, for `findings.overdue`; one section, or one line `critical = { class = \"P0\", days = 0 }` \
         below `[incidents]`, for each severity: critical, high, medium, low. [policy.md](policy.md) tells more.",
        INCIDENT_KEYS,
    );
    keys(&mut text, "[[sources]]", "Reports of other tools; [sources.md](sources.md) tells more.", SOURCE_KEYS);
    keys(
        &mut text,
        "[service]",
        "The program under test, started once for every checker that asks it; [latency.md](latency.md) tells more.",
        SERVICE_KEYS,
    );
    keys(&mut text, "login of [service]", "What is sent before anything is asked.", LOGIN_KEYS);
    keys(&mut text, "[check]", "How checkers are run.", CHECK_KEYS);
    keys(
        &mut text,
        "Every checker's section",
        "A section `[coverage]` configures one instance of a checker; `[[coverage]]`, each with a `name`, several.",
        SECTION_KEYS,
    );
    for tool in tools {
        options(&mut text, *tool)?;
    }
    Ok(text)
}

fn keys(text: &mut String, title: &str, about: &str, keys: &[Key]) {
    text.push_str(&format!("\n## {}\n\n{about}\n\n| key | value | meaning |\n|---|---|---|\n", heading(title)));
    for key in keys {
        text.push_str(&format!("| `{}` | {} | {} |\n", key.name, cell(&key.kind.words()), cell(key.about)));
    }
}

fn heading(title: &str) -> String {
    if title.starts_with('[') { format!("`{title}`") } else { title.to_owned() }
}

fn options(text: &mut String, tool: &dyn Tool) -> Result<()> {
    let (name, schema) = (tool.name(), tool.schema());
    let properties = schema["properties"].as_object().with_context(|| format!("{name} has no options"))?;
    let defaults = tool.defaults(Value::Object(serde_json::Map::new()))?;
    let command = tollgate_runner::standalone(tool);
    text.push_str(&format!(
        "\n## `[{name}]`\n\n{}.\n\n| key | flag | default | meaning |\n|---|---|---|---|\n",
        tool.about()
    ));
    for (key, property) in properties {
        let flag = command.get_arguments().find(|arg| arg.get_id().as_str() == key).and_then(|arg| arg.get_long());
        let flag = flag.map_or(String::new(), |flag| format!("`--{flag}`"));
        let default = match &defaults[key] {
            Value::Null => "none".to_owned(),
            Value::Array(items) => items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(" "),
            value => format!("`{value}`"),
        };
        let about = property["description"].as_str().unwrap_or_default();
        text.push_str(&format!("| `{key}` | {flag} | {} | {} |\n", cell(&default), cell(about)));
    }
    if !tool.limits().is_empty() {
        text.push_str("\nLimit flags, for a run of this checker alone:\n\n| flag | condition |\n|---|---|\n");
        for limit in tool.limits() {
            let condition = format!("{} {} {}", limit.metric, limit.op.sign(), limit.value_name);
            text.push_str(&format!("| `--{} {}` | `{}` |\n", limit.flag, limit.value_name, cell(&condition)));
        }
    }
    Ok(())
}

/// Text as one cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}
