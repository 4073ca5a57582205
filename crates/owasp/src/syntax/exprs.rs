//! Expressions.

use tree_sitter::Node;

use super::ast::{Call, Expr, ExprKind, Property};
use super::lower::{Lower, children};

impl Lower<'_> {
    /// The expression at `node`.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Expr {
        let kind = self.deeper(node, |lower| lower.expr_kind(node)).unwrap_or_else(|| Self::unknown(node).kind);
        Expr { lines: Self::lines(node), kind }
    }

    fn part(&mut self, node: Node<'_>, field: &str) -> Box<Expr> {
        let part = node.child_by_field_name(field);
        Box::new(part.map_or_else(|| Self::unknown(node), |part| self.expr(part)))
    }

    fn parts(&mut self, node: Node<'_>) -> Vec<Expr> {
        children(node).into_iter().map(|child| self.expr(child)).collect()
    }

    /// What stands within brackets, or before `as` and `!`.
    fn inner(&mut self, node: Node<'_>) -> ExprKind {
        let inner = children(node).into_iter().next();
        inner.map_or_else(|| ExprKind::Other(Vec::new()), |inner| self.expr(inner).kind)
    }

    fn expr_kind(&mut self, node: Node<'_>) -> ExprKind {
        match node.kind() {
            "string" => ExprKind::String(self.string(node)),
            "number" => ExprKind::Number(self.slice(node).to_owned()),
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" | "undefined" => ExprKind::Nothing,
            "this" => ExprKind::This,
            "super" => ExprKind::Super,
            "identifier" | "type_identifier" | "property_identifier" | "shorthand_property_identifier" => {
                ExprKind::Name(self.slice(node).to_owned())
            }
            "template_string" => self.template(node),
            "member_expression" => {
                let name = self.field_text(node, "property").unwrap_or_default().to_owned();
                ExprKind::Member(self.part(node, "object"), name)
            }
            "subscript_expression" => {
                let (object, index) = (self.part(node, "object"), self.part(node, "index"));
                match index.as_text() {
                    Some(name) => ExprKind::Member(object, name.to_owned()),
                    None => ExprKind::Index(object, index),
                }
            }
            "call_expression" => {
                let mut call = self.call(node, "function");
                // `await f<T>(x)`: the grammar takes the types for those of what is awaited.
                match call.callee.kind {
                    ExprKind::Await(inner) => {
                        call.callee = *inner;
                        let lines = Self::lines(node);
                        ExprKind::Await(Box::new(Expr { lines, kind: ExprKind::Call(Box::new(call)) }))
                    }
                    _ => ExprKind::Call(Box::new(call)),
                }
            }
            "new_expression" => ExprKind::New(Box::new(self.call(node, "constructor"))),
            "array" => ExprKind::Array(self.parts(node)),
            "object" => self.object(node),
            "spread_element" => {
                let inner = node.named_child(0).map(|child| self.expr(child));
                ExprKind::Spread(Box::new(inner.unwrap_or_else(|| Self::unknown(node))))
            }
            "arrow_function" | "function_expression" | "generator_function" => {
                ExprKind::Function(Box::new(self.function(node)))
            }
            "class" => ExprKind::Class(Box::new(self.class(node))),
            "binary_expression" => ExprKind::Binary {
                operator: self.field_text(node, "operator").unwrap_or_default().to_owned(),
                left: self.part(node, "left"),
                right: self.part(node, "right"),
            },
            "unary_expression" if self.field_text(node, "operator") == Some("!") => {
                ExprKind::Not(self.part(node, "argument"))
            }
            "ternary_expression" => ExprKind::Choice {
                test: self.part(node, "condition"),
                yes: self.part(node, "consequence"),
                no: self.part(node, "alternative"),
            },
            "assignment_expression" | "augmented_assignment_expression" => {
                ExprKind::Assign { target: self.part(node, "left"), value: self.part(node, "right") }
            }
            "await_expression" => {
                let inner = children(node).into_iter().next().map(|child| self.expr(child));
                ExprKind::Await(Box::new(inner.unwrap_or_else(|| Self::unknown(node))))
            }
            "parenthesized_expression" | "as_expression" | "satisfies_expression" | "non_null_expression" => {
                self.inner(node)
            }
            "type_assertion" => {
                let last = children(node).into_iter().next_back();
                last.map_or_else(|| ExprKind::Other(Vec::new()), |last| self.expr(last).kind)
            }
            "comment" | "regex" | "jsx_text" | "type_annotation" | "type_arguments" => ExprKind::Other(Vec::new()),
            _ => ExprKind::Other(self.parts(node)),
        }
    }

    /// The text of a string, with its escapes put in as far as they matter.
    fn string(&self, node: Node<'_>) -> String {
        let mut text = String::new();
        for child in children(node) {
            let part = self.slice(child);
            match child.kind() {
                "escape_sequence" => text.push_str(&escaped(part)),
                _ => text.push_str(part),
            }
        }
        text
    }

    fn template(&mut self, node: Node<'_>) -> ExprKind {
        let mut parts: Vec<Expr> = Vec::new();
        let mut plain = String::new();
        let mut alone = true;
        for child in children(node) {
            match child.kind() {
                "template_substitution" => {
                    alone = false;
                    if !plain.is_empty() {
                        let kind = ExprKind::String(std::mem::take(&mut plain));
                        parts.push(Expr { lines: Self::lines(node), kind });
                    }
                    parts.extend(child.named_child(0).map(|inner| self.expr(inner)));
                }
                "escape_sequence" => plain.push_str(&escaped(self.slice(child))),
                _ => plain.push_str(self.slice(child)),
            }
        }
        if alone {
            return ExprKind::String(plain);
        }
        if !plain.is_empty() {
            parts.push(Expr { lines: Self::lines(node), kind: ExprKind::String(plain) });
        }
        ExprKind::Template(parts)
    }

    fn call(&mut self, node: Node<'_>, callee: &str) -> Call {
        let callee = *self.part(node, callee);
        let arguments = node.child_by_field_name("arguments");
        let arguments = match arguments {
            // A tag's text is its one argument.
            Some(text) if text.kind() == "template_string" => vec![self.expr(text)],
            Some(list) => self.parts(list),
            None => Vec::new(),
        };
        Call { callee, arguments }
    }

    fn object(&mut self, node: Node<'_>) -> ExprKind {
        let mut properties = Vec::new();
        for child in children(node) {
            let property = match child.kind() {
                "pair" => {
                    let key = child.child_by_field_name("key");
                    let name = key.and_then(|key| match key.kind() {
                        "property_identifier" | "number" => Some(self.slice(key).to_owned()),
                        "string" => Some(self.string(key)),
                        _ => None,
                    });
                    Property { name, value: *self.part(child, "value") }
                }
                "shorthand_property_identifier" => {
                    Property { name: Some(self.slice(child).to_owned()), value: self.expr(child) }
                }
                "method_definition" => {
                    let function = self.function(child);
                    let lines = function.lines;
                    let name = function.name.clone();
                    Property { name, value: Expr { lines, kind: ExprKind::Function(Box::new(function)) } }
                }
                _ => Property { name: None, value: self.expr(child) },
            };
            properties.push(property);
        }
        ExprKind::Object(properties)
    }
}

/// What an escape stands for (ECMA-262, 12.9.4).
fn escaped(text: &str) -> String {
    let rest = text.strip_prefix('\\').unwrap_or(text);
    let by_digits = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).map(String::from);
    match rest.chars().next() {
        Some('n') => "\n".to_owned(),
        Some('t') => "\t".to_owned(),
        Some('r') => "\r".to_owned(),
        Some('u' | 'x') => by_digits(rest[1..].trim_matches(['{', '}'])).unwrap_or_else(|| rest.to_owned()),
        Some('\n' | '\r') | None => String::new(),
        Some(_) => rest.to_owned(),
    }
}
