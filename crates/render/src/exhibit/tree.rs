//! Trees.

use tollgate_model::{Node, Unit, format};

use super::{ROWS, short};
use crate::escape;
use crate::layout::{shorten, width};

/// How deep a tree is drawn.
const DEPTH: usize = 6;

/// One line: branches and label, size, share of the whole.
struct Line {
    label: String,
    value: String,
    share: String,
}

pub(super) fn lines(unit: Unit, root: &Node, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left_out = 0;
    let mut draw = Drawing { unit, whole: root.value, lines: &mut lines, left_out: &mut left_out };
    draw.node(root, "", "", 0);
    let values = lines.iter().map(|line| width(&line.value)).max().unwrap_or(0);
    let shares = lines.iter().map(|line| width(&line.share)).max().unwrap_or(0);
    let natural = lines.iter().map(|line| width(&line.label)).max().unwrap_or(0);
    let labels = natural.min(columns.saturating_sub(values + shares + 4));
    let mut drawn: Vec<String> = lines
        .iter()
        .map(|line| {
            let label = shorten(&line.label, labels);
            let blanks = " ".repeat(labels - width(&label));
            format!("{label}{blanks}  {:>values$}  {:>shares$}", line.value, line.share).trim_end().to_owned()
        })
        .collect();
    if left_out > 0 {
        drawn.push(format!("… {}", format::things(left_out, "more part")));
    }
    drawn
}

struct Drawing<'a> {
    unit: Unit,
    whole: f64,
    lines: &'a mut Vec<Line>,
    left_out: &'a mut u64,
}

impl Drawing<'_> {
    /// Draws `node` after `branch`; its parts are drawn below `below`.
    fn node(&mut self, node: &Node, branch: &str, below: &str, depth: usize) {
        self.lines.push(Line {
            label: format!("{branch}{}", escape::terminal(&node.label)),
            value: short(node.value, self.unit),
            share: share(node.value, self.whole),
        });
        for (i, part) in node.children.iter().enumerate() {
            if self.lines.len() >= ROWS || depth >= DEPTH {
                *self.left_out += (node.children.len() - i) as u64;
                return;
            }
            let (branch, stem) = if i + 1 == node.children.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.node(part, &format!("{below}{branch}"), &format!("{below}{stem}"), depth + 1);
        }
    }
}

fn share(value: f64, whole: f64) -> String {
    match value / whole {
        share if (0.0..=1.0).contains(&share) => format!("{} %", (share * 100.0).floor()),
        _ => String::new(),
    }
}
