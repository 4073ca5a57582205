use proptest::prelude::*;

use super::{all, read};
use crate::document::tests::plain;
use crate::{LineIndex, Node, fuzz_yaml};

fn values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[\\x20-\\x7E]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A tree to be written as YAML.
#[derive(Clone, Debug)]
enum Tree {
    /// A scalar on one line.
    Line(&'static str),
    /// The lines of a literal block.
    Block(Vec<&'static str>),
    List(Vec<(Dress, Self)>),
    Mapping(Vec<(Dress, Self)>),
    /// A list in brackets.
    Flow(Vec<&'static str>),
}

/// What stands before and behind a value.
#[derive(Clone, Copy, Debug)]
struct Dress {
    before: &'static str,
    behind: &'static str,
}

const LINES: [&str; 16] = [
    "abc",
    "two words",
    "é\u{1F600}",
    "12",
    "-1",
    "~",
    "true",
    "'it''s | x'",
    "\"q\\\" # > é\"",
    "\"\"",
    "a#b",
    "x:y",
    "'- a'",
    "on",
    "\"a: b\"",
    "-x",
];

fn trees() -> impl Strategy<Value = Tree> {
    let dress = (
        prop::sample::select(vec!["", "", "&a1 ", "!t ", "&b|c !t ", "!!x &d "]),
        prop::sample::select(vec!["", "", " ", " # c | > - 'x"]),
    )
        .prop_map(|(before, behind)| Dress { before, behind });
    let line = prop::sample::select(LINES.to_vec());
    let block = prop::sample::select(vec!["x", "  é y", "", "# no comment", "\u{1F600}: |", "- z\t"]);
    let leaf = prop_oneof![
        3 => line.clone().prop_map(Tree::Line),
        1 => prop::collection::vec(block, 0..4).prop_map(Tree::Block),
        1 => prop::collection::vec(line, 0..4).prop_map(Tree::Flow),
    ];
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let children = prop::collection::vec((dress.clone(), inner), 1..4);
        prop_oneof![children.clone().prop_map(Tree::List), children.prop_map(Tree::Mapping)]
    })
}

/// Writes trees and remembers what the scalars look like in the source, in their order.
struct Writer {
    text: String,
    scalars: Vec<String>,
    end: &'static str,
    /// Whether a list in a mapping stands no deeper than its key.
    flush: bool,
}

impl Writer {
    fn scalar(&mut self, text: &str) {
        self.text += text;
        self.scalars.push(text.to_owned());
    }

    fn value(&mut self, tree: &Tree, dress: Dress, indent: usize, in_mapping: bool) {
        self.text += " ";
        self.text += dress.before;
        match tree {
            Tree::Line(line) => self.scalar(line),
            Tree::Flow(items) => {
                self.text += "[ ";
                for item in items {
                    self.scalar(item);
                    self.text += " , ";
                }
                self.text += "]";
            }
            Tree::Block(lines) => {
                let begin = self.text.len();
                // One blank more than the parent, which stands one before `indent`.
                self.text += &format!("|1{}", if dress.behind.len() > 1 { dress.behind } else { "" });
                let mut until = self.text.len();
                for line in lines {
                    self.text += &format!("{}{}{line}", self.end, " ".repeat(indent));
                    if !line.is_empty() {
                        until = self.text.len();
                    }
                }
                self.scalars.push(self.text[begin..until].to_owned());
                self.text += self.end;
                return;
            }
            Tree::List(_) | Tree::Mapping(_) => {
                self.text += dress.behind;
                self.text += self.end;
                let flush = self.flush && in_mapping && matches!(tree, Tree::List(_));
                return self.children(tree, if flush { indent.saturating_sub(1) } else { indent });
            }
        }
        self.text += dress.behind;
        self.text += self.end;
    }

    fn children(&mut self, tree: &Tree, indent: usize) {
        let (Tree::List(children) | Tree::Mapping(children)) = tree else { return };
        let mapping = matches!(tree, Tree::Mapping(_));
        for (number, (dress, child)) in children.iter().enumerate() {
            self.text += &" ".repeat(indent);
            if mapping {
                self.scalar(&format!("k\u{e9}|{number}"));
            }
            self.text += if mapping { ":" } else { "-" };
            self.value(child, *dress, indent + 1, mapping);
        }
    }
}

proptest! {
    #[test]
    fn json_reads_the_same_as_yaml(value in values()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            let root = read(&text).unwrap();
            prop_assert_eq!(plain(&root), serde_json::from_str::<serde_json::Value>(&text).unwrap());
            for node in all(&root) {
                let again = read(&text[node.span.start..node.span.end]).unwrap();
                prop_assert_eq!(plain(&again), plain(node));
            }
        }
    }

    #[test]
    fn scalars_are_where_they_were_written(
        tree in trees(),
        end in prop::sample::select(vec!["\n", "\r\n", "\n\n"]),
        flush in any::<bool>(),
    ) {
        let tree = Tree::List(vec![(Dress { before: "", behind: "" }, tree)]);
        let mut writer = Writer { text: String::new(), scalars: Vec::new(), end, flush };
        writer.children(&tree, 0);
        let text = writer.text;
        let root = read(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        let index = LineIndex::new(&text);
        let nodes = all(&root);
        let leaves: Vec<&&Node> = nodes.iter().filter(|n| n.kind() != "list" && n.kind() != "mapping").collect();
        let cut: Vec<&str> = leaves.iter().map(|n| &text[n.span.start..n.span.end]).collect();
        prop_assert_eq!(&cut, &writer.scalars, "{}", text);
        for (block, value) in leaves.iter().filter_map(|n| n.block.zip(n.as_str())) {
            for (number, line) in (block.first_line..).zip(value.lines()) {
                let written = index.line(number).and_then(|l| l.get(block.indent as usize..)).unwrap_or_default();
                prop_assert_eq!(written, line, "{}", text);
            }
        }
        for node in &nodes {
            for child in node.items().iter().chain(node.entries().iter().flat_map(|p| [&p.key, &p.value])) {
                prop_assert!(node.span.start <= child.span.start && child.span.end <= node.span.end, "{}", text);
            }
        }
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        fuzz_yaml(&bytes);
    }

    #[test]
    fn no_pieces_bring_it_down(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "a", "é", ": ", ":", "- ", "-", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n ", "\r\n", "\r", "\t",
                "&a ", "*a", "!t ", "!!int ", "!<x> ", "|", ">", "|+", "1", "'", "\"", "\\", " # c", "#", "---\n", "...\n",
                "%TAG ! x\n", "\u{FEFF}", "\u{1F600}", "<<", "~", "\0", "@",
            ]),
            0..25,
        )
    ) {
        fuzz_yaml(parts.concat().as_bytes());
    }
}
