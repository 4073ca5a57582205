//! Which coverage reports are read.

use tollgate_coverage::{FORMATS, Figures};

/// Every format, and what can be counted from it.
pub(super) fn page() -> String {
    let mut text = "# Coverage formats\n\nA report is known by its content, whatever its name. What is counted is counted from \
                    its records; what it declares as its totals is compared and not believed, except where a format has \
                    nothing else: then single lines are not known, and a change cannot be judged by it. What a format \
                    does not tell of gives no number.\n\n\
                    | format | lines | branches | functions | statements | new lines | written by |\n\
                    |---|---|---|---|---|---|---|\n"
        .to_owned();
    for format in FORMATS {
        let Figures { lines, branches, functions, statements, patch } = format.figures;
        let cells = [lines, branches, functions, statements, patch].map(|has| if has { "yes" } else { "no" });
        text.push_str(&format!("| {} | {} | {} |\n", format.name, cells.join(" | "), format.writers));
    }
    text.push_str("\n## What counts\n");
    for format in FORMATS {
        text.push_str(&format!("\n**{}.** {}\n", format.name, format.about));
    }
    text.push_str(
        "\n## The metrics\n\n\
         `coverage.lines`, `coverage.branches`, `coverage.functions` and `coverage.statements` are what was hit of what can \
         be; `coverage.patch` is that of new lines, `coverage.file` that of the file covered least. [Metrics](metrics.md) \
         has their labels.\n",
    );
    text
}
