//! Classes: their decorators, methods and fields.

use tree_sitter::Node;

use super::ast::{Class, Expr, Field};
use super::lower::{Lower, children};

/// The class at `node`.
pub(super) fn class(lower: &mut Lower<'_>, node: Node<'_>) -> Class {
    let mut class = Class {
        name: lower.field_text(node, "name").map(str::to_owned),
        extends: None,
        implements: Vec::new(),
        decorators: Vec::new(),
        methods: Vec::new(),
        fields: Vec::new(),
        lines: Lower::lines(node),
    };
    // Before `export class` they are the statement's.
    if let Some(parent) = node.parent().filter(|parent| parent.kind() == "export_statement") {
        class.decorators = decorators(lower, parent);
    }
    class.decorators.extend(decorators(lower, node));
    for child in children(node) {
        match child.kind() {
            "class_heritage" => heritage(lower, child, &mut class),
            "class_body" => {
                lower.deeper(child, |lower| members(lower, child, &mut class));
            }
            _ => {}
        }
    }
    class
}

fn decorators(lower: &mut Lower<'_>, node: Node<'_>) -> Vec<Expr> {
    let all = children(node).into_iter().filter(|child| child.kind() == "decorator").collect::<Vec<_>>();
    all.into_iter().filter_map(|child| lower.decorator(child)).collect()
}

fn heritage(lower: &mut Lower<'_>, node: Node<'_>, class: &mut Class) {
    for child in children(node) {
        match child.kind() {
            "extends_clause" => class.extends = child.child_by_field_name("value").map(|value| lower.expr(value)),
            "implements_clause" => {
                let names = children(child).into_iter().filter_map(|child| lower.annotation(child));
                class.implements = names.map(|of| of.name).collect();
            }
            // In JavaScript the expression stands there alone.
            _ => class.extends = Some(lower.expr(child)),
        }
    }
}

fn members(lower: &mut Lower<'_>, body: Node<'_>, class: &mut Class) {
    let mut waiting: Vec<Expr> = Vec::new();
    for child in children(body) {
        match child.kind() {
            "decorator" => waiting.extend(lower.decorator(child)),
            "method_definition" | "abstract_method_signature" => {
                let mut method = lower.function(child);
                method.decorators = std::mem::take(&mut waiting);
                method.decorators.extend(decorators(lower, child));
                class.methods.push(method);
            }
            "public_field_definition" | "field_definition" => {
                let mut all = std::mem::take(&mut waiting);
                all.extend(decorators(lower, child));
                let name = lower.field_text(child, "name").or_else(|| lower.field_text(child, "property"));
                class.fields.push(Field {
                    name: name.unwrap_or_default().to_owned(),
                    decorators: all,
                    value: child.child_by_field_name("value").map(|value| lower.expr(value)),
                });
            }
            _ => waiting.clear(),
        }
    }
}
