//! What conditions can name.

use tollgate_check::Tool;

/// Every metric of every checker.
pub(super) fn page(tools: &[&dyn Tool]) -> String {
    let mut text = "# Metrics\n\nWhat conditions can name. A metric without labels is the total; with a label, \
                    `name{label=\"value\"}`, every series that carries it must hold. `path` also matches what lies below a \
                    folder. Where the configuration names several instances of a checker, each series carries `target`.\n"
        .to_owned();
    text.push_str(
        "\n## All checkers and sources\n\n| metric | unit | labels | meaning |\n|---|---|---|---|\n\
         | `findings.overdue` | count | `class` `checker` `severity` `confidence` `path` | Findings that the base has had for \
         longer than their class allows. Needs the base's run. |\n\
         | `policy.relaxations` | count |  | What the change relaxes in the policy; every gate has the condition `== 0` for what \
         concerns it. |\n",
    );
    for tool in tools {
        let name = tool.name();
        text.push_str(&format!(
            "\n## {name}\n\n{}.\n\n| metric | unit | labels | meaning |\n|---|---|---|---|\n",
            tool.about()
        ));
        for metric in tool.metrics() {
            let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
            let of_change = if metric.of_change { " Needs a base." } else { "" };
            let option = metric.option.map_or(String::new(), |option| format!(" Needs `{option}`."));
            let (labels, unit) = (labels.join(" "), metric.unit.word());
            text.push_str(&format!(
                "| `{}` | {unit} | {labels} | {}.{of_change}{option} |\n",
                metric.name, metric.about
            ));
        }
        let labels = "`level` `severity` `confidence` `rule` `path` `state`";
        text.push_str(&format!(
            "| `{name}.findings` | count | {labels} | Findings that are neither suppressed nor only in the base. |\n"
        ));
    }
    text
}
