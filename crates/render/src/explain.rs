//! A rule for people on a terminal.

use tollgate_model::{Example, Rule, format};

use crate::text::{Page, TextStyle};

/// The rule with its reasons, its remedy and its examples. Markdown is shown as it is written: paragraphs are wrapped,
/// lists, tables and code keep their lines.
pub fn explain(rule: &Rule, style: &TextStyle) -> String {
    let mut page = Page::new(style);
    page.say("", 2, &format!("{}: {}", rule.id, rule.title));
    let severity = rule.severity.map(|severity| format!(", severity {severity}")).unwrap_or_default();
    let tags = if rule.tags.is_empty() { String::new() } else { format!(", {}", rule.tags.join(", ")) };
    page.say("", 2, &format!("level {}{severity}, confidence {}{tags}", rule.level, rule.confidence));
    page.blank();
    prose(&mut page, &rule.why);
    page.blank();
    page.line("How to mend it");
    prose(&mut page, &rule.mend);
    examples(&mut page, "It finds", &rule.examples);
    examples(&mut page, "It does not find", &rule.counter_examples);
    if !rule.references.is_empty() {
        page.blank();
        page.line(&format!("{} to read", format::things(rule.references.len() as u64, "page")));
        for reference in &rule.references {
            page.say("  ", 2, reference);
        }
    }
    page.finish()
}

/// Paragraphs, each wrapped behind so many blanks; an empty one is an empty line.
pub fn paragraphs(all: &[(usize, String)], style: &TextStyle) -> String {
    let mut page = Page::new(style);
    for (indent, text) in all {
        match text.is_empty() {
            true => page.blank(),
            false => page.say(&" ".repeat(*indent), indent + 2, text),
        }
    }
    page.finish()
}

fn examples(page: &mut Page, title: &str, examples: &[Example]) {
    for example in examples {
        page.blank();
        page.say("", 2, &format!("{title}: {}", example.about));
        for line in example.text.trim_end().lines() {
            page.line(&format!("    {}", crate::escape::terminal(line)));
        }
    }
}

/// Paragraphs are joined and wrapped; lines that begin a list, a table, a heading or code stay lines.
fn prose(page: &mut Page, markdown: &str) {
    let mut paragraph = String::new();
    let mut code = false;
    for line in markdown.trim().lines() {
        let fence = line.trim_start().starts_with("```");
        let indented = line.starts_with("    ") || line.starts_with('\t');
        if code || fence || indented {
            flush(page, &mut paragraph);
            page.line(&format!("    {}", crate::escape::terminal(line)));
            code ^= fence;
        } else if line.trim().is_empty() {
            flush(page, &mut paragraph);
            page.blank();
        } else {
            let item = line.trim_start();
            let number = item.trim_start_matches(|c: char| c.is_ascii_digit());
            let numbered = number.len() < item.len() && number.starts_with(". ");
            if numbered || item.starts_with(['-', '*', '#', '|', '>']) {
                flush(page, &mut paragraph);
            }
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    flush(page, &mut paragraph);
}

fn flush(page: &mut Page, paragraph: &mut String) {
    if !paragraph.is_empty() {
        let hang = if paragraph.starts_with(['-', '*']) { 4 } else { 2 };
        page.say("  ", hang, paragraph);
        paragraph.clear();
    }
}

#[cfg(test)]
mod tests {
    use tollgate_model::{Confidence, Level, Severity};

    use super::*;

    #[test]
    fn a_rule_is_readable() {
        let rule = Rule {
            id: "coverage/uncovered-lines".to_owned(),
            title: "New lines that no test runs".to_owned(),
            why: "A line that no test has run\nmay do anything on the day it is first run.\n\n- once\n- twice"
                .to_owned(),
            mend: "Write a test that runs them:\n\n```ts\ntest(\"tank\")\n```".to_owned(),
            level: Level::Warning,
            severity: Some(Severity::Medium),
            confidence: Confidence::High,
            tags: vec!["tests".to_owned()],
            of_change: false,
            of_evidence: false,
            references: vec!["https://example.org/coverage".to_owned()],
            examples: vec![Example {
                about: "a hit count of 0".to_owned(),
                text: "DA:3,0\n\u{1b}[2J\n".to_owned(),
                source: None,
            }],
            counter_examples: Vec::new(),
        };
        let style = TextStyle { width: 60, ..TextStyle::default() };
        assert_eq!(
            explain(&rule, &style),
            r#"coverage/uncovered-lines: New lines that no test runs
level warning, severity medium, confidence high, tests

  A line that no test has run may do anything on the day it
  is first run.

  - once
  - twice

How to mend it
  Write a test that runs them:

    ```ts
    test("tank")
    ```

It finds: a hit count of 0
    DA:3,0
    \u{1b}[2J

1 page to read
  https://example.org/coverage
"#
        );
    }
}
