//! What may come of a function, by every path through it: may it let a request pass, may it refuse it?
//!
//! Values are known as far as they are written down; where a condition cannot be told, both of its branches are taken.

use std::collections::HashMap;

use crate::syntax::{Expr, ExprKind, Function, Stmt};

/// What may come of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The request may pass.
    pub(crate) allow: bool,
    /// It may be refused.
    pub(crate) deny: bool,
    /// What it is built on may be asked.
    pub(crate) base: bool,
}

impl Outcome {
    pub(crate) const ALLOW: Self = Self { allow: true, deny: false, base: false };
    pub(crate) const DENY: Self = Self { allow: false, deny: true, base: false };
    pub(crate) const EITHER: Self = Self { allow: true, deny: true, base: false };
    pub(crate) const BASE: Self = Self { allow: false, deny: false, base: true };

    pub(crate) fn or(self, other: Self) -> Self {
        Self { allow: self.allow || other.allow, deny: self.deny || other.deny, base: self.base || other.base }
    }

    /// Whether every request passes.
    pub(crate) fn only_allows(self) -> bool {
        self.allow && !self.deny && !self.base
    }
}

/// A value, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// `undefined`, `null`.
    Nothing,
    /// A list or object without entries.
    Empty,
    /// Something that counts as true, with entries.
    Something,
    Bool(bool),
    Zero,
    /// A number above zero.
    Positive,
    Unknown,
}

impl Known {
    fn truth(self) -> Option<bool> {
        match self {
            Self::Nothing | Self::Zero | Self::Bool(false) => Some(false),
            Self::Empty | Self::Something | Self::Positive | Self::Bool(true) => Some(true),
            Self::Unknown => None,
        }
    }
}

/// What only the caller knows.
pub(crate) trait World<'p> {
    /// The value of a call.
    fn call(&mut self, expr: &'p Expr) -> Option<Known>;
    /// What an expression does to the request, where it decides about it.
    fn decides(&mut self, expr: &'p Expr) -> Option<Outcome>;
    /// The method of the same class that `this.name()` calls.
    fn method(&self, name: &str) -> Option<&'p Function>;
    /// What falling off the end means.
    fn end(&self) -> Outcome;
}

/// How many functions may be followed into one another.
const DEEPEST: usize = 4;

/// Follows one function.
pub(crate) struct Runner<'w, 'p, W: World<'p>> {
    world: &'w mut W,
    values: HashMap<&'p str, Known>,
    depth: usize,
    /// How many statements may still be run.
    left: usize,
}

/// What a run of statements comes to.
#[derive(Clone, Copy)]
struct Flow {
    outcome: Outcome,
    /// Whether what comes after may run.
    goes_on: bool,
}

/// Most statements of one function, with those that it calls.
const MOST_STATEMENTS: usize = 20_000;

impl<'w, 'p, W: World<'p>> Runner<'w, 'p, W> {
    pub(crate) fn new(world: &'w mut W) -> Self {
        Self { world, values: HashMap::new(), depth: 0, left: MOST_STATEMENTS }
    }

    /// Everything that may come of `function`.
    pub(crate) fn function(&mut self, function: &'p Function) -> Outcome {
        let flow = self.body(&function.body);
        if flow.goes_on { flow.outcome.or(self.world.end()) } else { flow.outcome }
    }

    fn body(&mut self, body: &'p [Stmt]) -> Flow {
        let mut all = Flow { outcome: Outcome::default(), goes_on: true };
        for stmt in body {
            let Some(left) = self.left.checked_sub(1) else { return Flow { outcome: Outcome::EITHER, goes_on: false } };
            self.left = left;
            let flow = self.statement(stmt);
            all.outcome = all.outcome.or(flow.outcome);
            if !flow.goes_on {
                all.goes_on = false;
                return all;
            }
        }
        all
    }

    fn statement(&mut self, stmt: &'p Stmt) -> Flow {
        let on = |outcome| Flow { outcome, goes_on: true };
        let ends = |outcome| Flow { outcome, goes_on: false };
        match stmt {
            Stmt::Expr(expr) => on(self.effects(expr)),
            Stmt::Var { bindings, value } => {
                let known = value.as_ref().map_or(Known::Nothing, |value| self.value(value));
                for binding in bindings {
                    let known = if binding.key.is_some() || bindings.len() > 1 { Known::Unknown } else { known };
                    self.values.insert(&binding.local, known);
                }
                on(value.as_ref().map_or(Outcome::default(), |value| self.effects(value)))
            }
            Stmt::Function(_) | Stmt::Class(_) => on(Outcome::default()),
            Stmt::Return(None) => ends(self.world.end()),
            Stmt::Return(Some(expr)) => ends(self.returned(expr)),
            Stmt::Throw(_) => ends(Outcome::DENY),
            Stmt::If { test, yes, no } => {
                let effects = self.effects(test);
                let known = self.value(test).truth();
                let taken = match known {
                    Some(true) => self.body(yes),
                    Some(false) => self.body(no),
                    None => {
                        // What one branch learns does not hold in the other, nor behind both.
                        let before = self.values.clone();
                        let yes = self.body(yes);
                        let after = std::mem::replace(&mut self.values, before);
                        let no = self.body(no);
                        self.values.retain(|name, known| after.get(name) == Some(known));
                        Flow { outcome: yes.outcome.or(no.outcome), goes_on: yes.goes_on || no.goes_on }
                    }
                };
                Flow { outcome: taken.outcome.or(effects), ..taken }
            }
            Stmt::Maybe { tests, body } => {
                let mut outcome = Outcome::default();
                for test in tests {
                    outcome = outcome.or(self.effects(test));
                }
                on(outcome.or(self.body(body).outcome))
            }
            Stmt::Try { body, handler, last } => {
                let mut flow = self.body(body);
                if !handler.is_empty() {
                    // What is thrown within ends up in the handler.
                    let thrown = self.body(handler);
                    flow.outcome.deny = thrown.outcome.deny || flow.outcome.deny && returns_false(body);
                    flow = Flow { outcome: flow.outcome.or(thrown.outcome), goes_on: flow.goes_on || thrown.goes_on };
                }
                let last = self.body(last);
                Flow { outcome: flow.outcome.or(last.outcome), goes_on: flow.goes_on && last.goes_on }
            }
            Stmt::Block(body) => self.body(body),
        }
    }

    /// What an expression decides on the way.
    fn effects(&mut self, expr: &'p Expr) -> Outcome {
        let mut found: Vec<&'p Expr> = Vec::new();
        expr.walk_outside_functions(&mut |expr| found.push(expr));
        let mut outcome = Outcome::default();
        for expr in found {
            if let Some(decided) = self.world.decides(expr) {
                outcome = outcome.or(decided);
            } else if let Some(inner) = self.of_own(expr) {
                // What a helper throws ends this too; that it returns does not.
                outcome.deny |= inner.deny;
            }
            if let ExprKind::Assign { target, value } = &expr.kind
                && let ExprKind::Name(name) = &target.kind
            {
                let known = self.value(value);
                self.values.insert(name, known);
            }
        }
        outcome
    }

    /// What comes of a call of one of the class's own methods.
    fn of_own(&mut self, expr: &'p Expr) -> Option<Outcome> {
        let call = expr.as_call()?;
        let chain = call.callee.chain()?;
        let name = chain.strip_prefix("this.").filter(|name| !name.contains('.'))?;
        let method = self.world.method(name)?;
        if self.depth == DEEPEST {
            return Some(Outcome::EITHER);
        }
        let values = std::mem::take(&mut self.values);
        self.depth += 1;
        let outcome = self.function(method);
        self.depth -= 1;
        self.values = values;
        Some(outcome)
    }

    fn returned(&mut self, expr: &'p Expr) -> Outcome {
        let inner = if let ExprKind::Await(inner) = &expr.kind { inner } else { expr };
        if let ExprKind::Choice { test, yes, no } = &inner.kind {
            return match self.value(test).truth() {
                Some(true) => self.returned(yes),
                Some(false) => self.returned(no),
                None => self.returned(yes).or(self.returned(no)),
            };
        }
        if let ExprKind::Binary { operator, left, right } = &inner.kind
            && matches!(operator.as_str(), "&&" | "||")
        {
            let stops = operator == "||";
            return match self.value(left).truth() {
                Some(truth) if truth == stops => self.returned(left),
                Some(_) => self.returned(right),
                None => self.returned(left).or(self.returned(right)),
            };
        }
        if let Some(decided) = self.world.decides(inner) {
            return decided;
        }
        if let Some(outcome) = self.of_own(inner) {
            return outcome;
        }
        let effects = self.effects(inner);
        if effects != Outcome::default() && inner.as_call().is_some() {
            return effects;
        }
        let own = match self.value(inner).truth() {
            Some(true) => Outcome::ALLOW,
            Some(false) => Outcome::DENY,
            None => Outcome::EITHER,
        };
        own.or(effects)
    }

    fn value(&mut self, expr: &'p Expr) -> Known {
        match &expr.kind {
            ExprKind::Bool(value) => Known::Bool(*value),
            ExprKind::Nothing => Known::Nothing,
            ExprKind::String(text) => Known::Bool(!text.is_empty()),
            ExprKind::Number(text) if text.trim_matches(['0', '.']).is_empty() => Known::Zero,
            ExprKind::Number(_) => Known::Positive,
            ExprKind::Array(all) if all.is_empty() => Known::Empty,
            ExprKind::Array(_) | ExprKind::Object(_) | ExprKind::Function(_) | ExprKind::New(_) => Known::Something,
            ExprKind::Name(name) => self.values.get(name.as_str()).copied().unwrap_or(Known::Unknown),
            ExprKind::Await(inner) => self.value(inner),
            ExprKind::Not(inner) => self.value(inner).truth().map_or(Known::Unknown, |truth| Known::Bool(!truth)),
            ExprKind::Member(object, name) if matches!(name.as_str(), "length" | "size") => match self.value(object) {
                Known::Empty => Known::Zero,
                Known::Something => Known::Positive,
                Known::Nothing => Known::Nothing,
                _ => Known::Unknown,
            },
            ExprKind::Binary { operator, left, right } => self.binary(operator, left, right),
            ExprKind::Choice { test, yes, no } => match self.value(test).truth() {
                Some(true) => self.value(yes),
                Some(false) => self.value(no),
                None => {
                    let (yes, no) = (self.value(yes), self.value(no));
                    if yes == no { yes } else { Known::Unknown }
                }
            },
            ExprKind::Call(_) => self.world.call(expr).unwrap_or(Known::Unknown),
            _ => Known::Unknown,
        }
    }

    fn binary(&mut self, operator: &str, left: &'p Expr, right: &'p Expr) -> Known {
        let (a, b) = (self.value(left), self.value(right));
        let truth = |truth: Option<bool>| truth.map_or(Known::Unknown, Known::Bool);
        match operator {
            "&&" => match a.truth() {
                Some(false) => a,
                Some(true) => b,
                None if b.truth() == Some(false) => Known::Bool(false),
                None => Known::Unknown,
            },
            "||" => match a.truth() {
                Some(true) => a,
                Some(false) => b,
                None if b.truth() == Some(true) => Known::Bool(true),
                None => Known::Unknown,
            },
            "??" => match a {
                Known::Nothing => b,
                Known::Unknown => Known::Unknown,
                _ => a,
            },
            "==" | "===" => truth(equal(a, b)),
            "!=" | "!==" => truth(equal(a, b).map(|same| !same)),
            ">" => truth(above(a, b)),
            "<" => truth(above(b, a)),
            // `length >= 1` and the like.
            ">=" if b == Known::Positive && a == Known::Zero => Known::Bool(false),
            _ => Known::Unknown,
        }
    }
}

fn equal(a: Known, b: Known) -> Option<bool> {
    match (a, b) {
        (Known::Unknown, _) | (_, Known::Unknown) | (Known::Positive, Known::Positive) => None,
        (Known::Something | Known::Empty, Known::Something | Known::Empty) => None,
        _ => Some(a == b),
    }
}

fn above(a: Known, b: Known) -> Option<bool> {
    match (a, b) {
        (Known::Positive, Known::Zero) => Some(true),
        (Known::Zero, Known::Zero | Known::Positive) => Some(false),
        // `undefined > 0` is false.
        (Known::Nothing, Known::Zero | Known::Positive) => Some(false),
        _ => None,
    }
}

/// Whether a block refuses otherwise than by throwing.
fn returns_false(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Return(Some(expr)) => !matches!(expr.kind, ExprKind::Bool(true)),
        Stmt::If { yes, no, .. } => returns_false(yes) || returns_false(no),
        Stmt::Maybe { body, .. } | Stmt::Block(body) => returns_false(body),
        Stmt::Try { body, handler, last } => returns_false(body) || returns_false(handler) || returns_false(last),
        _ => false,
    })
}
