//! What was taken over, as lines of a tollgate.toml.

use std::fmt::Write as _;

use tollgate_input::one_line;
use tollgate_model::toml_string;

use super::Left;
use super::builds::{Arranged, Condition, Instance};

/// Longest line of a comment, in characters.
const LONGEST: usize = 400;

/// The lines: the builds, a gate, and as comments what stays in `paths`, the files that were read.
pub(crate) fn write(paths: &[String], arranged: &Arranged, left: &[Left]) -> String {
    let mut page = String::new();
    comment(&mut page, "", &format!("Budgets of {}, for tollgate.toml.", paths.join(", ")));
    comment(&mut page, "", "The line above each condition says where the limit stands and which unit was assumed.");
    arranged.builds.iter().for_each(|build| section(&mut page, build));
    page.push_str("\n[gates.Performance]\n");
    for (key, blocks) in [("conditions", true), ("warn", false)] {
        let all = arranged.builds.iter().flat_map(|build| &build.conditions);
        let of_key: Vec<&Condition> = all.filter(|condition| condition.blocks == blocks).collect();
        if of_key.is_empty() {
            continue;
        }
        let _ = writeln!(page, "{key} = [");
        for condition in of_key {
            condition.comments.iter().for_each(|text| comment(&mut page, "  ", text));
            let _ = writeln!(page, "  {},", toml_string(&condition.text));
        }
        page.push_str("]\n");
    }
    if !left.is_empty() {
        page.push('\n');
        comment(&mut page, "", "Not taken over:");
        left.iter().for_each(|left| comment(&mut page, "", &format!("- {left}")));
    }
    page
}

fn section(page: &mut String, build: &Instance) {
    let several = build.name.is_some();
    let _ = writeln!(page, "\n{}", if several { "[[bundle]]" } else { "[bundle]" });
    if let Some(name) = &build.name {
        let _ = writeln!(page, "name = {}", toml_string(name));
    }
    match &build.dir {
        Some(dir) => _ = writeln!(page, "dir = {}", toml_string(dir)),
        None => comment(page, "", "dir = \"…\": no usual folder holds a build now; name yours unless one will"),
    }
    if let Some(encoding) = build.encoding {
        let _ = writeln!(page, "encoding = {}", toml_string(encoding.word()));
    }
    for group in &build.groups {
        let globs: Vec<String> = group.globs.iter().map(|glob| toml_string(glob)).collect();
        let _ =
            writeln!(page, "\n[[bundle.files]]\nname = {}\nglobs = [{}]", toml_string(&group.name), globs.join(", "));
        if group.each {
            page.push_str("each = true\n");
        }
    }
}

fn comment(page: &mut String, indent: &str, text: &str) {
    let _ = writeln!(page, "{indent}# {}", one_line(text, LONGEST, false).0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_one_line() {
        let mut page = String::new();
        comment(&mut page, "  ", "a\nb = 1\u{202e}\r\u{7}c");
        assert_eq!(page, "  # a b = 1 c\n");
    }
}
