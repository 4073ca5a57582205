//! From the grammar's tree to ours: files, statements, functions.

use tree_sitter::{Language, Node, Parser};

use super::ast::{Binding, Class, Expr, ExprKind, File, Function, Lines, Parameter, Property, Stmt, Type};
use super::modules;

/// How deep what is written may lie within one another. What lies deeper is left out, and the file counts as broken there.
const DEEPEST: usize = 250;

/// Reads `text`, the file at `path`. Files whose names end on `x`, and those in JavaScript, may hold JSX.
pub(crate) fn parse(path: &str, text: &str) -> File {
    let jsx = path.ends_with('x') || path.rsplit('.').next().is_some_and(|end| end.ends_with("js"));
    let grammar = if jsx { tree_sitter_typescript::LANGUAGE_TSX } else { tree_sitter_typescript::LANGUAGE_TYPESCRIPT };
    let mut parser = Parser::new();
    let tree = match parser.set_language(&Language::new(grammar)) {
        Ok(()) => parser.parse(text, None),
        Err(_) => None,
    };
    let Some(tree) = tree else { return File::unread() };
    let root = tree.root_node();
    let mut lower = Lower { text, depth: 0, broken: None };
    if root.has_error() {
        lower.broken = first_error(root);
    }
    let mut file = File::default();
    modules::read(&mut lower, root, &mut file);
    file.broken = lower.broken;
    file.index();
    file
}

/// The line of the first part that the grammar does not know.
fn first_error(root: Node<'_>) -> Option<u32> {
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            return Some(node.start_position().row as u32 + 1);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return None;
            }
        }
    }
}

/// Reads one file.
pub(super) struct Lower<'t> {
    pub(super) text: &'t str,
    depth: usize,
    broken: Option<u32>,
}

/// The children that have a name in the grammar, comments left out.
pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

impl<'t> Lower<'t> {
    pub(super) fn slice(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn field_text(&self, node: Node<'_>, field: &str) -> Option<&'t str> {
        node.child_by_field_name(field).map(|child| self.slice(child))
    }

    pub(super) fn lines(node: Node<'_>) -> Lines {
        Lines { first: node.start_position().row as u32 + 1, last: node.end_position().row as u32 + 1 }
    }

    /// Does `read` one level deeper; nothing where that is too deep.
    pub(super) fn deeper<T>(&mut self, node: Node<'_>, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == DEEPEST {
            self.broken.get_or_insert(Self::lines(node).first);
            return None;
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        Some(read)
    }

    /// The statements within a block, or the one that stands for it.
    pub(super) fn body(&mut self, node: Option<Node<'_>>) -> Vec<Stmt> {
        let Some(node) = node else { return Vec::new() };
        let mut out = Vec::new();
        match node.kind() {
            "statement_block" => children(node).into_iter().for_each(|child| self.statement(child, &mut out)),
            "else_clause" => return self.body(node.named_child(0)),
            _ => self.statement(node, &mut out),
        }
        out
    }

    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        self.deeper(node, |lower| lower.statement_of(node, out));
    }

    fn statement_of(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let field = |name| node.child_by_field_name(name);
        match node.kind() {
            "expression_statement" => out.extend(node.named_child(0).map(|child| Stmt::Expr(self.expr(child)))),
            "lexical_declaration" | "variable_declaration" => {
                for declarator in children(node) {
                    let Some(name) = declarator.child_by_field_name("name") else { continue };
                    let value = declarator.child_by_field_name("value").map(|value| self.expr(value));
                    out.push(Stmt::Var { bindings: self.pattern(name), value });
                }
            }
            "function_declaration" | "generator_function_declaration" => {
                out.push(Stmt::Function(self.function(node)));
            }
            "class_declaration" | "abstract_class_declaration" => out.push(Stmt::Class(self.class(node))),
            "enum_declaration" => out.push(self.members_of_enum(node)),
            "return_statement" => out.push(Stmt::Return(node.named_child(0).map(|child| self.expr(child)))),
            "throw_statement" => out.extend(node.named_child(0).map(|child| Stmt::Throw(self.expr(child)))),
            "if_statement" => {
                let Some(test) = field("condition") else { return };
                let test = self.expr(test);
                let (yes, no) = (self.body(field("consequence")), self.body(field("alternative")));
                out.push(Stmt::If { test, yes, no });
            }
            "statement_block" => {
                let body = self.body(Some(node));
                out.push(Stmt::Block(body));
            }
            "try_statement" => {
                let body = self.body(field("body"));
                let handler = self.body(field("handler").and_then(|part| part.child_by_field_name("body")));
                let last = self.body(field("finalizer").and_then(|part| part.child_by_field_name("body")));
                out.push(Stmt::Try { body, handler, last });
            }
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement" => {
                let tests = ["initializer", "condition", "increment", "right"];
                let mut heads = Vec::new();
                for head in tests.into_iter().filter_map(field) {
                    match head.kind() {
                        "lexical_declaration" | "variable_declaration" => self.statement(head, out),
                        _ => heads.push(self.expr(head)),
                    }
                }
                let body = self.body(field("body"));
                out.push(Stmt::Maybe { tests: heads, body });
            }
            "switch_statement" => {
                let value = field("value").map(|value| self.expr(value));
                for case in field("body").map(children).unwrap_or_default() {
                    let test = case.child_by_field_name("value");
                    let tests = value.iter().cloned().chain(test.map(|test| self.expr(test))).collect();
                    let mut body = Vec::new();
                    for child in children(case).into_iter().filter(|child| Some(*child) != test) {
                        self.statement(child, &mut body);
                    }
                    out.push(Stmt::Maybe { tests, body });
                }
            }
            "labeled_statement" => out.extend(self.body(field("body"))),
            "export_statement" => {
                if let Some(declaration) = field("declaration") {
                    self.statement(declaration, out);
                }
            }
            "internal_module" | "module" => out.extend(self.body(field("body"))),
            _ => {}
        }
    }

    /// An enumeration is an object whose entries without a value are counted.
    fn members_of_enum(&mut self, node: Node<'_>) -> Stmt {
        let local = self.field_text(node, "name").unwrap_or_default().to_owned();
        let mut properties = Vec::new();
        for (at, member) in node.child_by_field_name("body").map(children).unwrap_or_default().into_iter().enumerate() {
            let name = member.child_by_field_name("name").unwrap_or(member);
            let name = self.slice(name).trim_matches(['"', '\'']).to_owned();
            let counted = || Expr { lines: Self::lines(member), kind: ExprKind::Number(at.to_string()) };
            let value = member.child_by_field_name("value").map(|value| self.expr(value)).unwrap_or_else(counted);
            properties.push(Property { name: Some(name), value });
        }
        let value = Expr { lines: Self::lines(node), kind: ExprKind::Object(properties) };
        Stmt::Var { bindings: vec![Binding { local, key: None }], value: Some(value) }
    }

    /// The function at `node`, whatever its form.
    pub(super) fn function(&mut self, node: Node<'_>) -> Function {
        let name = self.field_text(node, "name").map(|name| name.trim_matches(['"', '\'', '`']).to_owned());
        let mut parameters = Vec::new();
        if let Some(list) = node.child_by_field_name("parameters") {
            parameters = children(list).into_iter().filter_map(|child| self.parameter(child)).collect();
        } else if let Some(single) = node.child_by_field_name("parameter") {
            parameters.push(Parameter { bindings: self.pattern(single), decorators: Vec::new(), of_type: None });
        }
        let body = match node.child_by_field_name("body") {
            Some(body) if body.kind() == "statement_block" => self.body(Some(body)),
            Some(body) => vec![Stmt::Return(Some(self.expr(body)))],
            None => Vec::new(),
        };
        Function { name, parameters, body, decorators: Vec::new(), lines: Self::lines(node) }
    }

    fn parameter(&mut self, node: Node<'_>) -> Option<Parameter> {
        let mut bindings = Vec::new();
        if let Some(pattern) = node.child_by_field_name("pattern") {
            bindings = self.pattern(pattern);
        } else if node.kind() != "required_parameter" && node.kind() != "optional_parameter" {
            bindings = self.pattern(node);
        }
        let all = children(node);
        let decorators: Vec<Expr> =
            all.into_iter().filter(|child| child.kind() == "decorator").filter_map(|d| self.decorator(d)).collect();
        let of_type = node.child_by_field_name("type").and_then(|annotation| self.annotation(annotation));
        (node.kind() != "decorator").then_some(Parameter { bindings, decorators, of_type })
    }

    /// The names that a pattern brings in.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Vec<Binding> {
        let mut out = Vec::new();
        self.pattern_into(node, None, &mut out);
        out
    }

    fn pattern_into(&mut self, node: Node<'_>, key: Option<&str>, out: &mut Vec<Binding>) {
        let own = |lower: &Self| Binding { local: lower.slice(node).to_owned(), key: key.map(str::to_owned) };
        match node.kind() {
            "identifier" => out.push(own(self)),
            "shorthand_property_identifier_pattern" => {
                let name = self.slice(node).to_owned();
                out.push(Binding { key: Some(name.clone()), local: name });
            }
            "pair_pattern" => {
                let name = self.field_text(node, "key");
                if let Some(value) = node.child_by_field_name("value") {
                    self.deeper(node, |lower| lower.pattern_into(value, name, out));
                }
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = node.child_by_field_name("left") {
                    self.deeper(node, |lower| lower.pattern_into(left, key, out));
                }
            }
            "object_pattern" | "array_pattern" | "rest_pattern" => {
                for child in children(node) {
                    self.deeper(node, |lower| lower.pattern_into(child, None, out));
                }
            }
            _ => {}
        }
    }

    /// The type of an annotation: `: User[]`.
    pub(super) fn annotation(&mut self, node: Node<'_>) -> Option<Type> {
        let inner = if node.kind() == "type_annotation" { node.named_child(0)? } else { node };
        self.deeper(node, |lower| lower.type_of(inner))
    }

    fn type_of(&mut self, node: Node<'_>) -> Type {
        let plain = |name: &str| Type { name: name.to_owned(), arguments: Vec::new() };
        match node.kind() {
            "generic_type" => {
                let name = self.field_text(node, "name").unwrap_or_default().to_owned();
                let arguments = node.child_by_field_name("type_arguments").map(children).unwrap_or_default();
                let arguments = arguments.into_iter().filter_map(|child| self.annotation(child)).collect();
                Type { name, arguments }
            }
            "array_type" => {
                let of = node.named_child(0).and_then(|child| self.annotation(child));
                Type { name: "Array".to_owned(), arguments: of.into_iter().collect() }
            }
            "parenthesized_type" | "readonly_type" => {
                node.named_child(0).and_then(|child| self.annotation(child)).unwrap_or_else(|| plain("?"))
            }
            "union_type" | "intersection_type" => Type {
                name: if node.kind() == "union_type" { "|" } else { "&" }.to_owned(),
                arguments: children(node).into_iter().filter_map(|child| self.annotation(child)).collect(),
            },
            "object_type" => plain("{}"),
            "type_identifier" | "predefined_type" | "nested_type_identifier" => plain(self.slice(node)),
            _ => plain(&self.slice(node).chars().take(80).collect::<String>()),
        }
    }

    /// What a decorator says, without the `@`.
    pub(super) fn decorator(&mut self, node: Node<'_>) -> Option<Expr> {
        children(node).into_iter().next().map(|child| self.expr(child))
    }

    pub(super) fn unknown(node: Node<'_>) -> Expr {
        Expr { lines: Self::lines(node), kind: ExprKind::Other(Vec::new()) }
    }
}

impl Lower<'_> {
    /// A class with the decorators that stand before it.
    pub(super) fn class(&mut self, node: Node<'_>) -> Class {
        super::classes::class(self, node)
    }
}
