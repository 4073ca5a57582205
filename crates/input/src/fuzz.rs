//! Doors for fuzzing.

use crate::{Limits, LineIndex, Node, json, utf8, yaml};

/// Reads `bytes` as YAML and visits all that came of it.
#[doc(hidden)]
pub fn fuzz_yaml(bytes: &[u8]) {
    let text = utf8(bytes);
    for node in yaml::parse_all("fuzz", &text, Limits::default()).iter().flatten() {
        visit(node, &text);
    }
}

/// Reads `bytes` as JSON and visits all that came of it.
#[doc(hidden)]
pub fn fuzz_json(bytes: &[u8]) {
    let text = utf8(bytes);
    if let Ok(node) = json::parse("fuzz", &text, Limits::default()) {
        visit(&node, &text);
    }
}

fn visit(root: &Node, text: &str) {
    let index = LineIndex::new(text);
    root.duplicate_keys();
    let mut nodes = vec![root];
    while let Some(node) = nodes.pop() {
        assert!(text.get(node.span.start..node.span.end).is_some(), "{:?} is no part of the text", node.span);
        let region = node.region(&index);
        if let (Some(block), Some(value)) = (node.block, node.as_str()) {
            for (number, line) in (block.first_line..).zip(value.lines()) {
                let written = index.line(number).and_then(|l| l.get(block.indent as usize..)).unwrap_or_default();
                assert_eq!(written, line, "line {number} of {region:?}");
            }
        }
        nodes.extend(node.items());
        nodes.extend(node.entries().iter().flat_map(|pair| [&pair.key, &pair.value]));
    }
}
