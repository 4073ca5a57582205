//! One page per rule, and their index.

use tollgate_check::Tool;
use tollgate_model::{Example, Rule};

/// All rules, by checker.
pub(super) fn index(tools: &[&dyn Tool]) -> String {
    let mut text =
        "# Rules\n\nWhat checkers can find. `tollgate explain RULE` says the same at a terminal.\n".to_owned();
    for tool in tools.iter().filter(|tool| !tool.rules().is_empty()) {
        text.push_str(&format!("\n## {}\n\n| rule | level | finds |\n|---|---|---|\n", tool.name()));
        for rule in tool.rules() {
            text.push_str(&format!("| [{0}]({0}.md) | {1} | {2} |\n", rule.id, rule.level, rule.title));
        }
    }
    text
}

/// The page of one rule.
pub(super) fn page(rule: &Rule) -> String {
    let mut facts = vec![format!("level {}", rule.level)];
    facts.extend(rule.severity.map(|severity| format!("severity {severity}")));
    facts.push(format!("confidence {}", rule.confidence));
    let mut text = format!("# {}\n\n{}: {}.\n", rule.id, rule.title, facts.join(", "));
    for (title, words) in [("Why", &rule.why), ("How to mend", &rule.mend)] {
        text.push_str(&format!("\n## {title}\n\n{}\n", words.trim()));
    }
    examples(&mut text, "Found", &rule.examples);
    examples(&mut text, "Not found", &rule.counter_examples);
    if !rule.references.is_empty() {
        text.push_str("\n## Read more\n\n");
        for reference in &rule.references {
            text.push_str(&format!("- <{reference}>\n"));
        }
    }
    text
}

fn examples(text: &mut String, title: &str, examples: &[Example]) {
    if examples.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n"));
    for example in examples {
        // Longer than any run of backticks within, so that the block cannot end early.
        let fence = "`".repeat(3.max(longest_run(&example.text) + 1));
        let source = example.source.as_ref().map(|source| format!(" ([source]({source}))")).unwrap_or_default();
        let about = &example.about;
        text.push_str(&format!("\n{about}{source}:\n\n{fence}text\n{}\n{fence}\n", example.text.trim_end()));
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}
