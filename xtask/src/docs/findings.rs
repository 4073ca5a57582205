//! Which formats of findings are read, and what each tool's words for bad become.

use tollgate_ingest::findings::FORMATS;
use tollgate_model::MetricSpec;

/// Every format, its grades and its metrics.
pub(super) fn page() -> String {
    let mut text = "# Formats of findings\n\nBeside SARIF 2.1.0 and [results of tests](formats.md), a source may be in any of these. A report \
                    is known by its content; the name in the first column is what `tool` in `[[sources]]` takes, and says whose an empty \
                    list is. A word that is not in a table becomes an error without severity, with a note that names it.\n\n\
                    | name | format | written by |\n|---|---|---|\n"
        .to_owned();
    for format in FORMATS {
        text.push_str(&format!("| `{}` | {} | {} |\n", format.id, format.name, format.writers));
    }
    for format in FORMATS {
        text.push_str(&format!("\n## {}\n\n{}\n", format.name, format.about));
        if !format.grades.is_empty() {
            text.push_str("\n| its word | level | severity |\n|---|---|---|\n");
            for grade in format.grades {
                let severity = grade.severity.map_or("none", |severity| severity.word());
                text.push_str(&format!("| `{}` | {} | {severity} |\n", grade.word, grade.level));
            }
        }
        if !format.metrics.is_empty() {
            text.push_str("\n| metric | unit | labels | |\n|---|---|---|---|\n");
            format.metrics.iter().for_each(|metric| text.push_str(&row(metric)));
        }
    }
    text
}

fn row(metric: &MetricSpec) -> String {
    let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
    format!("| `<source>.{}` | {} | {} | {} |\n", metric.name, metric.unit.word(), labels.join(", "), metric.about)
}
