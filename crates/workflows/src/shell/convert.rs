//! From the grammar's tree to statements.

use std::rc::Rc;

use tree_sitter::Node;

use super::ast::{Assignment, At, Block, Command, Direction, Kind, Redirect, Statement, Word};
use super::words::{self, DEEPEST, Source, children};

/// The whole script, and where the first thing stands that is no shell.
pub(super) fn script(source: &Source<'_>, root: Node<'_>) -> (Vec<Statement>, Option<usize>) {
    let broken = if root.has_error() { first_error(root, 0).or(Some(root.start_byte())) } else { None };
    if root.kind() == "ERROR" {
        return (vec![Statement { at: root.byte_range(), kind: Kind::Broken }], broken);
    }
    (block(source, children(root), 0), broken)
}

fn first_error(node: Node<'_>, depth: usize) -> Option<usize> {
    if node.is_error() || node.is_missing() {
        return Some(node.start_byte());
    }
    if depth > 4 * DEEPEST || !node.has_error() {
        return None;
    }
    children(node).find_map(|child| first_error(child, depth + 1))
}

/// Statements among `nodes`; words and separators between them are passed over.
pub(super) fn block<'t>(source: &Source<'_>, nodes: impl Iterator<Item = Node<'t>>, depth: usize) -> Vec<Statement> {
    let mut all: Vec<Statement> = Vec::new();
    for node in nodes {
        if node.kind() == "&" {
            if let Some(last) = all.pop() {
                all.push(Statement { at: last.at.clone(), kind: Kind::Background(Box::new(last)) });
            }
        } else if node.is_error() {
            all.push(Statement { at: node.byte_range(), kind: Kind::Broken });
        } else if node.is_named() && node.kind() != "comment" && node.kind() != "heredoc_body" {
            statement(source, node, depth, &mut all);
        }
    }
    all
}

fn shared<'t>(source: &Source<'_>, nodes: impl Iterator<Item = Node<'t>>, depth: usize) -> Block {
    Rc::new(block(source, nodes, depth))
}

/// One statement of `node`.
fn one(source: &Source<'_>, node: Node<'_>, depth: usize) -> Statement {
    let mut all = Vec::new();
    statement(source, node, depth, &mut all);
    match all.len() {
        1 => all.remove(0),
        _ => Statement { at: node.byte_range(), kind: Kind::Group(Rc::new(all)) },
    }
}

/// Adds what `node` is: mostly one statement.
fn statement(source: &Source<'_>, node: Node<'_>, depth: usize, all: &mut Vec<Statement>) {
    let at = node.byte_range();
    let mut push = |kind| all.push(Statement { at: at.clone(), kind });
    if depth > DEEPEST {
        push(Kind::Broken);
        return;
    }
    let depth = depth + 1;
    match node.kind() {
        "command" | "redirected_statement" | "pipeline" | "list" if children(node).any(|child| child.is_error()) => {
            push(Kind::Broken);
        }
        "command" => commands(source, node, depth, all),
        "declaration_command" => push(declaration(source, node, depth)),
        "unset_command" => {
            push(Kind::Command(Command { words: vec![Word::text(at.clone(), "unset")], ..<_>::default() }))
        }
        "variable_assignment" => {
            let assignments = vec![assignment(source, node, depth)];
            push(Kind::Command(Command { assignments, ..Command::default() }));
        }
        "variable_assignments" => {
            let assignments = children(node)
                .filter(|child| child.kind() == "variable_assignment")
                .map(|child| assignment(source, child, depth))
                .collect();
            push(Kind::Command(Command { assignments, ..Command::default() }));
        }
        "list" => all.push(list(source, node, depth)),
        "pipeline" => all.push(pipeline(source, node, None, depth)),
        "negated_command" => {
            let inner = children(node).find(|child| child.is_named());
            let inner = inner.map(|inner| one(source, inner, depth));
            push(inner.map_or(Kind::Broken, |inner| Kind::Not(Box::new(inner))));
        }
        "redirected_statement" => all.push(redirected(source, node, depth)),
        "subshell" => push(Kind::Subshell(shared(source, children(node), depth))),
        "compound_statement" => push(match children(node).next().map(|first| first.kind()) {
            Some("((") => Kind::Arithmetic(words::arithmetic(source, node, depth)),
            _ => Kind::Group(shared(source, children(node), depth)),
        }),
        "if_statement" => push(if_statement(source, node, depth)),
        "while_statement" => {
            let until = children(node).next().is_some_and(|first| first.kind() == "until");
            let condition = shared(source, children(node).filter(|c| c.kind() != "do_group"), depth);
            push(Kind::Loop { until, condition, body: body(source, node, depth) });
        }
        "for_statement" => {
            let variable = children(node).find(|child| child.kind() == "variable_name");
            let variable = variable.map(|name| source.of(name).to_owned()).unwrap_or_default();
            let listed = children(node).any(|child| child.kind() == "in");
            let words = fields(node, "value").map(|value| words::word(source, value, depth)).collect();
            push(Kind::For { variable, words: listed.then_some(words), body: body(source, node, depth) });
        }
        "c_style_for_statement" => {
            push(Kind::For { variable: String::new(), words: None, body: body(source, node, depth) });
        }
        "case_statement" => push(case_statement(source, node, depth)),
        "function_definition" => push(function(source, node, depth)),
        "test_command" => push(test(source, node, depth)),
        _ => push(Kind::Broken),
    }
}

fn fields<'t>(node: Node<'t>, name: &'static str) -> impl Iterator<Item = Node<'t>> {
    let mut index = 0;
    std::iter::from_fn(move || {
        while index < node.child_count() {
            let at = index;
            index += 1;
            if node.field_name_for_child(at) == Some(name) {
                return node.child(at);
            }
        }
        None
    })
}

/// The statements in a `do … done`.
fn body(source: &Source<'_>, node: Node<'_>, depth: usize) -> Block {
    let group = children(node).find(|child| matches!(child.kind(), "do_group" | "compound_statement"));
    group.map(|group| shared(source, children(group), depth)).unwrap_or_default()
}

/// Simple commands: one for each line that the node spans.
fn commands(source: &Source<'_>, node: Node<'_>, depth: usize, all: &mut Vec<Statement>) {
    let mut command = Command::default();
    let mut start = node.start_byte();
    let mut end = start;
    for child in children(node) {
        let from = child.start_byte() + words::leading_blanks(source.of(child));
        let between = source.masked.get(end..from).unwrap_or_default();
        let is_word = child.is_named() || matches!(child.kind(), "==" | "=~");
        // The grammar lets a command swallow the next line; the shell does not.
        let begun = !command.words.is_empty() || !command.assignments.is_empty();
        if is_word && begun && between.replace("\\\n", "").contains('\n') && end > start {
            let before = Kind::Command(std::mem::take(&mut command));
            all.push(Statement { at: start..end, kind: before });
            start = from;
        }
        match child.kind() {
            "variable_assignment" if command.words.is_empty() => {
                command.assignments.push(assignment(source, child, depth));
            }
            "file_redirect" | "heredoc_redirect" | "herestring_redirect" => {
                let (redirect, more) = redirect(source, child, depth);
                command.redirects.extend(redirect);
                command.words.extend(more);
            }
            "comment" => continue,
            _ if is_word => {
                let word = words::word(source, child, depth);
                match command.words.last_mut() {
                    // Without a blank between them they are one word.
                    Some(last) if between.is_empty() && from == end => {
                        last.at.end = word.at.end;
                        last.quoted |= word.quoted;
                        last.pieces.extend(word.pieces);
                    }
                    _ => command.words.push(word),
                }
            }
            _ => {}
        }
        end = child.end_byte();
    }
    all.push(Statement { at: start..node.end_byte(), kind: Kind::Command(command) });
}

fn declaration(source: &Source<'_>, node: Node<'_>, depth: usize) -> Kind {
    let mut command = Command::default();
    for child in children(node) {
        match child.kind() {
            "variable_assignment" => command.assignments.push(assignment(source, child, depth)),
            _ if child.is_named() => command.words.push(words::word(source, child, depth)),
            keyword => command.declares = Some(keyword.to_owned()),
        }
    }
    Kind::Command(command)
}

fn assignment(source: &Source<'_>, node: Node<'_>, depth: usize) -> Assignment {
    let mut result = Assignment {
        name: String::new(),
        append: false,
        list: false,
        value: Word { at: node.byte_range(), ..<_>::default() },
    };
    for child in children(node) {
        match child.kind() {
            "variable_name" if result.name.is_empty() => result.name = source.of(child).to_owned(),
            "subscript" if result.name.is_empty() => {
                result.name = source.of(child).split('[').next().unwrap_or_default().to_owned();
                result.list = true;
            }
            "+=" => result.append = true,
            "=" => {}
            kind => {
                result.list |= kind == "array";
                result.value = words::word(source, child, depth);
            }
        }
    }
    result
}

fn list(source: &Source<'_>, node: Node<'_>, depth: usize) -> Statement {
    let named: Vec<Node<'_>> = children(node).filter(|child| child.is_named() && child.kind() != "comment").collect();
    let or = children(node).any(|child| child.kind() == "||");
    match named.as_slice() {
        [left, right] => {
            let (left, right) = (one(source, *left, depth), one(source, *right, depth));
            joined(left, or, right)
        }
        _ => Statement { at: node.byte_range(), kind: Kind::Broken },
    }
}

/// `left && right` or `left || right`; these bind to the left.
fn joined(left: Statement, or: bool, right: Statement) -> Statement {
    let at = left.at.start..right.at.end;
    let (left, right) = (Box::new(left), Box::new(right));
    Statement { at, kind: if or { Kind::Or(left, right) } else { Kind::And(left, right) } }
}

/// `first`, if any, piped into what `node` holds. A `!` before the first part is of the whole; what stands behind `&&` is not
/// in the pipe, nor is what stands before it in front of the first part: of `a && b 2>&1 | c` the grammar leads the whole
/// list into the pipe.
fn pipeline(source: &Source<'_>, node: Node<'_>, first: Option<Statement>, depth: usize) -> Statement {
    let mut at = node.byte_range();
    let mut parts: Vec<Statement> = Vec::new();
    if let Some(first) = first {
        at.start = first.at.start;
        parts.push(first);
    }
    let mut before: Vec<(Statement, bool)> = Vec::new();
    let mut rest: Vec<(bool, Statement)> = Vec::new();
    for child in children(node).filter(|child| child.is_named() && child.kind() != "comment") {
        let mut part = one(source, child, depth);
        while let Kind::And(..) | Kind::Or(..) = part.kind {
            let (left, or, right) = match part.kind {
                Kind::And(left, right) => (left, false, right),
                Kind::Or(left, right) => (left, true, right),
                _ => break,
            };
            if parts.is_empty() {
                before.push((*left, or));
                part = *right;
            } else {
                rest.push((or, *right));
                part = *left;
            }
        }
        match part.kind {
            Kind::Pipeline(more) => parts.extend(more),
            _ => parts.push(part),
        }
    }
    let negated = match parts.first_mut() {
        Some(Statement { kind: Kind::Not(inner), .. }) => {
            let inner = std::mem::replace(inner.as_mut(), Statement { at: at.clone(), kind: Kind::Broken });
            parts[0] = inner;
            true
        }
        _ => false,
    };
    let mut whole = Statement { at: at.clone(), kind: Kind::Pipeline(parts) };
    if negated {
        whole = Statement { at, kind: Kind::Not(Box::new(whole)) };
    }
    let whole = before.into_iter().rev().fold(whole, |whole, (left, or)| joined(left, or, whole));
    rest.into_iter().rev().fold(whole, |whole, (or, right)| joined(whole, or, right))
}

fn redirected(source: &Source<'_>, node: Node<'_>, depth: usize) -> Statement {
    let mut redirects = Vec::new();
    let mut inner = None;
    let mut behind: Vec<Node<'_>> = Vec::new();
    let mut more_words = Vec::new();
    for child in children(node) {
        match child.kind() {
            "file_redirect" | "heredoc_redirect" | "herestring_redirect" => {
                let (redirect, more) = redirect(source, child, depth);
                redirects.extend(redirect);
                more_words.extend(more);
                if child.kind() == "heredoc_redirect" {
                    behind.extend(children(child));
                }
            }
            _ if child.is_named() && inner.is_none() => inner = Some(one(source, child, depth)),
            _ => {}
        }
    }
    let inner = inner.unwrap_or(Statement { at: node.byte_range(), kind: Kind::Command(Command::default()) });
    let mut whole = redirect_last(inner, redirects, more_words);
    // What stands behind `<<EOF` on its line: further redirections, a pipe, `&& …`.
    let mut or = None;
    let mut more = Vec::new();
    for child in behind {
        match child.kind() {
            "file_redirect" => more.extend(redirect(source, child, depth).0),
            "pipeline" => {
                whole = redirect_last(whole, std::mem::take(&mut more), Vec::new());
                whole = pipeline(source, child, Some(whole), depth);
            }
            "||" => or = Some(true),
            "&&" => or = Some(false),
            "heredoc_start" | "heredoc_body" | "heredoc_end" | "file_descriptor" => {}
            _ if child.is_named() && or.is_some() => {
                whole = redirect_last(whole, std::mem::take(&mut more), Vec::new());
                let right = one(source, child, depth);
                whole = joined(whole, or.take() == Some(true), right);
            }
            _ => {}
        }
    }
    redirect_last(whole, more, Vec::new())
}

/// Redirections at the end of a list or pipeline are its last command's.
fn redirect_last(statement: Statement, redirects: Vec<Redirect>, words: Vec<Word>) -> Statement {
    if redirects.is_empty() && words.is_empty() {
        return statement;
    }
    let Statement { at, kind } = statement;
    let kind = match kind {
        Kind::And(left, right) => Kind::And(left, Box::new(redirect_last(*right, redirects, words))),
        Kind::Or(left, right) => Kind::Or(left, Box::new(redirect_last(*right, redirects, words))),
        Kind::Not(inner) => Kind::Not(Box::new(redirect_last(*inner, redirects, words))),
        Kind::Pipeline(mut parts) => {
            if let Some(last) = parts.pop() {
                parts.push(redirect_last(last, redirects, words));
            }
            Kind::Pipeline(parts)
        }
        Kind::Command(mut command) => {
            command.redirects.extend(redirects);
            command.words.extend(words);
            Kind::Command(command)
        }
        other => Kind::Redirected(Box::new(Statement { at: at.clone(), kind: other }), redirects),
    };
    Statement { at, kind }
}

/// A redirection, and the words that the grammar took for more of its targets.
fn redirect(source: &Source<'_>, node: Node<'_>, depth: usize) -> (Option<Redirect>, Vec<Word>) {
    let descriptor = children(node)
        .find(|child| child.kind() == "file_descriptor")
        .and_then(|number| source.of(number).parse().ok());
    if node.kind() == "heredoc_redirect" {
        let start = children(node).find(|child| child.kind() == "heredoc_start").map(|start| source.of(start));
        let quoted = start.is_some_and(|start| start.contains(['\'', '"', '\\']));
        let body = children(node).find(|child| child.kind() == "heredoc_body");
        let at: At = body.map_or(node.end_byte()..node.end_byte(), |body| body.byte_range());
        let target = match (body, quoted) {
            (Some(body), false) => words::word(source, body, depth),
            // The runner puts expressions in before the shell sees that it is quoted.
            (Some(body), true) => words::raw(source, body),
            (None, _) => Word { at, ..Word::default() },
        };
        let operator = if quoted { Direction::QuotedHereDocument } else { Direction::HereDocument };
        let arguments = fields(node, "argument").map(|argument| words::word(source, argument, depth)).collect();
        return (Some(Redirect { descriptor, operator, target }), arguments);
    }
    let operator = children(node).find(|child| !child.is_named()).map(|child| child.kind()).unwrap_or_default();
    let operator = match operator {
        "<" => Direction::In,
        ">>" => Direction::Append,
        "&>" | "&>>" => Direction::Both,
        ">&" | "<&" | ">&-" | "<&-" => Direction::Duplicate,
        "<<<" => Direction::HereString,
        _ => Direction::Out,
    };
    let skip = |child: &Node<'_>| !child.is_named() || matches!(child.kind(), "file_descriptor" | "ERROR");
    let mut targets = children(node).filter(|child| !skip(child)).map(|child| words::word(source, child, depth));
    let target = targets.next().unwrap_or_default();
    // `>& file` leads both outputs to the file.
    let number = target.literal().is_some_and(|text| text == "-" || text.parse::<u32>().is_ok());
    let operator = if operator == Direction::Duplicate && !number { Direction::Both } else { operator };
    (Some(Redirect { descriptor, operator, target }), targets.collect())
}

fn if_statement(source: &Source<'_>, node: Node<'_>, depth: usize) -> Kind {
    let mut arms = Vec::new();
    let mut otherwise = None;
    let (condition, then) = arm(source, node, depth);
    arms.push((condition, then));
    for child in children(node) {
        match child.kind() {
            "elif_clause" => arms.push(arm(source, child, depth)),
            "else_clause" => otherwise = Some(shared(source, children(child), depth)),
            _ => {}
        }
    }
    Kind::If { arms, otherwise }
}

/// What stands before and behind `then`.
fn arm(source: &Source<'_>, node: Node<'_>, depth: usize) -> (Block, Block) {
    let own: Vec<Node<'_>> =
        children(node).filter(|child| !matches!(child.kind(), "elif_clause" | "else_clause")).collect();
    let then = own.iter().position(|child| child.kind() == "then").unwrap_or(own.len());
    let (before, behind) = own.split_at(then);
    (shared(source, before.iter().copied(), depth), shared(source, behind.iter().copied(), depth))
}

fn case_statement(source: &Source<'_>, node: Node<'_>, depth: usize) -> Kind {
    let subject = fields(node, "value").next().map(|value| words::word(source, value, depth)).unwrap_or_default();
    let arms = children(node)
        .filter(|child| child.kind() == "case_item")
        .map(|item| {
            let patterns: Vec<Node<'_>> = fields(item, "value").collect();
            let behind = patterns.last().map_or(item.start_byte(), |last| last.end_byte());
            let body = shared(source, children(item).filter(|child| child.start_byte() >= behind), depth);
            (patterns.into_iter().map(|value| words::word(source, value, depth)).collect(), body)
        })
        .collect();
    Kind::Case { subject, arms }
}

fn function(source: &Source<'_>, node: Node<'_>, depth: usize) -> Kind {
    let name = fields(node, "name").next().map(|name| source.of(name).to_owned()).unwrap_or_default();
    let body = fields(node, "body").next().map(|body| one(source, body, depth));
    match body {
        Some(Statement { kind: Kind::Group(body), .. }) => Kind::Function { name, body },
        Some(other) => Kind::Function { name, body: Rc::new(vec![other]) },
        None => Kind::Broken,
    }
}

fn test(source: &Source<'_>, node: Node<'_>, depth: usize) -> Kind {
    let mut found = Vec::new();
    let double = source.of(node).starts_with("[[");
    flatten(source, node, depth, &mut found);
    Kind::Test { double, words: found }
}

fn flatten(source: &Source<'_>, node: Node<'_>, depth: usize, found: &mut Vec<Word>) {
    for child in children(node) {
        match child.kind() {
            "[" | "]" | "[[" | "]]" => {}
            "binary_expression" | "unary_expression" | "parenthesized_expression" | "negation_expression"
                if depth < DEEPEST =>
            {
                flatten(source, child, depth + 1, found);
            }
            "test_operator" => found.push(Word::text(child.byte_range(), source.of(child))),
            _ if child.is_named() => found.push(words::word(source, child, depth)),
            token => found.push(Word::text(child.byte_range(), token)),
        }
    }
}
