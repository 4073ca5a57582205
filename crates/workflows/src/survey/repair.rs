//! Files that are no YAML, made to be read all the same: to tell which checks never run because of it.

/// A text that may be YAML where `text` is not, with the same line numbers; and the first line that was moved.
///
/// The mistake that is met is a here-document whose lines stand at the left edge inside a block of script, which ends the
/// block. Such lines are moved to the right.
pub(super) fn repaired(text: &str) -> Option<(String, u32)> {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut changed = None;
    let mut block: Option<usize> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let indent = line.len() - line.trim_start().len();
        let blank = line.trim().is_empty();
        if let Some(of) = block
            && !blank
            && indent <= of
        {
            if is_structure(line, indent) {
                block = None;
            } else {
                out.push_str(&" ".repeat(of + 2 - indent.min(of + 2)));
                changed.get_or_insert(number);
            }
        }
        if block.is_none() && (line.trim_end().ends_with('|') || line.trim_end().ends_with("|-")) && line.contains(':')
        {
            block = Some(indent + if line.trim_start().starts_with("- ") { 2 } else { 0 });
        }
        out.push_str(line);
        out.push('\n');
    }
    changed.map(|line| (out, line))
}

/// Whether a line to the left of a block belongs to the file and not to the script.
fn is_structure(line: &str, indent: usize) -> bool {
    let trimmed = line.trim_start();
    if indent == 0 {
        let key = trimmed.split(':').next().unwrap_or_default();
        return matches!(key, "name" | "on" | "jobs" | "env" | "permissions" | "defaults" | "concurrency" | "run-name");
    }
    let trimmed = trimmed.strip_prefix("- ").unwrap_or(trimmed);
    let key = trimmed.split(':').next().unwrap_or_default();
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    trimmed.starts_with('#') || plain && (trimmed.ends_with(':') || trimmed.contains(": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn here_documents_at_the_edge_are_moved_into_their_block() {
        let text = "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          cat > f << EOF\n# Title\ntext\nEOF\n          echo\n      - run: npm test\n";
        let (repaired, line) = repaired(text).unwrap();
        assert_eq!(line, 7);
        assert_eq!(repaired.lines().count(), text.lines().count());
        assert!(repaired.contains("          # Title") && repaired.contains("\n      - run: npm test\n"));
        assert!(tollgate_input::yaml::parse("x", &repaired, Default::default()).is_ok());
        assert_eq!(super::repaired("on: push\n"), None);
    }
}
