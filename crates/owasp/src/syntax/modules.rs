//! What a file takes from others and hands on: `import`, `export`, `require`, `module.exports`.

use tree_sitter::Node;

use super::ast::{Export, Expr, ExprKind, File, Import, Name, Stmt};
use super::lower::{Lower, children};

/// What a file hands on as its one value is known by this name, where it has none of its own.
const DEFAULT: &str = "default";

/// Reads all of a file.
pub(super) fn read(lower: &mut Lower<'_>, root: Node<'_>, file: &mut File) {
    for node in children(root) {
        match node.kind() {
            "import_statement" => import(lower, node, file),
            "export_statement" => export(lower, node, file),
            "interface_declaration" | "type_alias_declaration" => {
                file.types.extend(lower.field_text(node, "name").map(str::to_owned));
            }
            _ => lower.statement(node, &mut file.body),
        }
    }
    commonjs(file);
}

fn source(lower: &Lower<'_>, node: Node<'_>) -> Option<String> {
    lower.field_text(node, "source").map(|text| text.trim_matches(['"', '\'']).to_owned())
}

fn named(name: &str) -> Name {
    if name == DEFAULT { Name::Default } else { Name::Named(name.to_owned()) }
}

fn import(lower: &Lower<'_>, node: Node<'_>, file: &mut File) {
    let mut add = |local: &str, name: Name, from: &str| {
        file.imports.push(Import { local: local.to_owned(), name, from: from.to_owned() });
    };
    for child in children(node) {
        if child.kind() == "import_require_clause" {
            let local = children(child).into_iter().next();
            if let (Some(local), Some(from)) = (local, source(lower, child)) {
                add(lower.slice(local), Name::All, &from);
            }
        }
        if child.kind() != "import_clause" {
            continue;
        }
        let Some(from) = source(lower, node) else { continue };
        for part in children(child) {
            match part.kind() {
                "identifier" => add(lower.slice(part), Name::Default, &from),
                "namespace_import" => {
                    children(part).into_iter().for_each(|local| add(lower.slice(local), Name::All, &from));
                }
                "named_imports" => {
                    for one in children(part) {
                        let Some(name) = lower.field_text(one, "name") else { continue };
                        let local = lower.field_text(one, "alias").unwrap_or(name);
                        add(local, named(name), &from);
                    }
                }
                _ => {}
            }
        }
    }
}

fn export(lower: &mut Lower<'_>, node: Node<'_>, file: &mut File) {
    let from = source(lower, node);
    for child in children(node) {
        match (child.kind(), &from) {
            ("export_clause", from) => {
                for one in children(child) {
                    let Some(name) = lower.field_text(one, "name") else { continue };
                    let exported = named(lower.field_text(one, "alias").unwrap_or(name));
                    file.exports.push(match from {
                        Some(from) => Export::From { exported, name: named(name), from: from.clone() },
                        None => Export::Local { exported, local: name.to_owned() },
                    });
                }
                return;
            }
            ("namespace_export", Some(from)) => {
                let exported = children(child).into_iter().next().map(|name| named(lower.slice(name)));
                let exported = exported.unwrap_or(Name::Default);
                file.exports.push(Export::From { exported, name: Name::All, from: from.clone() });
                return;
            }
            _ => {}
        }
    }
    if let Some(from) = from {
        file.exports.push(Export::Star { from });
        return;
    }
    let mut cursor = node.walk();
    let is_default = node.children(&mut cursor).any(|child| child.kind() == "default");
    if let Some(declaration) = node.child_by_field_name("declaration") {
        if matches!(declaration.kind(), "interface_declaration" | "type_alias_declaration") {
            file.types.extend(lower.field_text(declaration, "name").map(str::to_owned));
            return;
        }
        let before = file.body.len();
        lower.statement(declaration, &mut file.body);
        for stmt in &mut file.body[before..] {
            for local in declared(stmt, is_default) {
                let exported = if is_default { Name::Default } else { Name::Named(local.clone()) };
                file.exports.push(Export::Local { exported, local });
            }
        }
    } else if let Some(value) = node.child_by_field_name("value") {
        let value = lower.expr(value);
        hand_on(file, Name::Default, value);
    }
}

/// Hands on `value` as `exported`, under a name of the file.
fn hand_on(file: &mut File, exported: Name, value: Expr) {
    let local = match (&value.kind, &exported) {
        (ExprKind::Name(name), _) => name.clone(),
        (_, Name::Named(name)) => name.clone(),
        _ => DEFAULT.to_owned(),
    };
    if !matches!(&value.kind, ExprKind::Name(_)) {
        let bindings = vec![super::ast::Binding { local: local.clone(), key: None }];
        file.body.push(Stmt::Var { bindings, value: Some(value) });
    }
    file.exports.push(Export::Local { exported, local });
}

/// The names that a statement declares; a function or class without one gets one where it is all that is handed on.
fn declared(stmt: &mut Stmt, is_default: bool) -> Vec<String> {
    let name_of = |name: &mut Option<String>| {
        if is_default {
            name.get_or_insert_with(|| DEFAULT.to_owned());
        }
        name.iter().cloned().collect()
    };
    match stmt {
        Stmt::Var { bindings, .. } => bindings.iter().map(|binding| binding.local.clone()).collect(),
        Stmt::Function(function) => name_of(&mut function.name),
        Stmt::Class(class) => name_of(&mut class.name),
        _ => Vec::new(),
    }
}

/// The module that `require("x")` names, and which of its names is meant: `require("x").y`.
fn required(expr: &Expr) -> Option<(String, Name)> {
    match &expr.kind {
        ExprKind::Call(call) => match (&call.callee.kind, call.arguments.as_slice()) {
            (ExprKind::Name(name), [from]) if name == "require" => Some((from.as_text()?.to_owned(), Name::All)),
            _ => None,
        },
        ExprKind::Member(object, name) => {
            let (from, _) = required(object)?;
            Some((from, named(name)))
        }
        _ => None,
    }
}

/// What modules of CommonJS take and hand on.
fn commonjs(file: &mut File) {
    let mut out = Vec::new();
    for stmt in &file.body {
        match stmt {
            Stmt::Var { bindings, value: Some(value) } => {
                let Some((from, name)) = required(value) else { continue };
                for binding in bindings {
                    let name = binding.key.as_deref().map_or_else(|| name.clone(), named);
                    file.imports.push(Import { local: binding.local.clone(), name, from: from.clone() });
                }
            }
            Stmt::Expr(Expr { kind: ExprKind::Assign { target, value }, .. }) => {
                let Some(chain) = target.chain() else { continue };
                let chain = chain.strip_prefix("module.").unwrap_or(&chain);
                match chain.split_once('.') {
                    None if chain == "exports" => {
                        for property in value.properties() {
                            let Some(name) = &property.name else { continue };
                            out.push((named(name), property.value.clone()));
                        }
                        out.push((Name::Default, (**value).clone()));
                    }
                    Some(("exports", name)) => out.push((named(name), (**value).clone())),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for (exported, value) in out {
        match required(&value) {
            Some((from, name)) => file.exports.push(Export::From { exported, name, from }),
            None => hand_on(file, exported, value),
        }
    }
}
