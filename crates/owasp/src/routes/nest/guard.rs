//! What a guard does: whether it wants to know who asks, which marks of a route it goes by, what it does where there are none.

use std::cell::RefCell;
use std::collections::BTreeSet;

use tollgate_model::Location;

use super::class_of;
use super::marks::{self, Mark};
use crate::program::{Def, Program};
use crate::routes::run::{Known, Outcome, Runner, World};
use crate::routes::{at, returned};
use crate::syntax::{Class, Expr, ExprKind, Function, Stmt, walk};

/// How many classes may be built on one another.
const DEEPEST: usize = 6;

/// A guard, where it was put to use.
#[derive(Clone)]
pub(super) struct Guard<'p> {
    pub(super) name: String,
    /// Where it was put to use.
    pub(super) place: Location,
    pub(super) kind: Kind,
    what: Rests<'p>,
}

/// What a guard is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// It wants to know who asks.
    Identity,
    /// It wants more than that: a role, an ability, an owner.
    Permission,
    /// It counts requests.
    Limit,
    /// It refuses nothing that could be seen.
    Other,
}

/// What it can be followed to.
#[derive(Clone)]
enum Rests<'p> {
    /// Classes of the repository, the guard's own first; below them, what a package's class does.
    Classes { chain: Vec<(&'p str, &'p Class)>, base: Base },
    /// A package's guard, always asking.
    Package(Base),
    /// Nothing that is understood.
    Unknown,
}

/// What a package's guard does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Base {
    /// It refuses who is not known.
    Identity,
    /// It counts.
    Limit,
    /// There is none, or it is not known.
    None,
}

/// What a guard comes to on a route.
#[derive(Clone)]
pub(super) struct Effect {
    pub(super) outcome: Outcome,
    /// The marks that it went by: shown, and where they stand.
    pub(super) went_by: Vec<(String, Location)>,
    /// Whether it looked for marks at all.
    pub(super) looks_for_marks: bool,
}

/// The guard that an expression of the file `path` puts to use at `place`.
pub(super) fn of<'p>(program: &Program<'p>, path: &'p str, expr: &'p Expr, place: Location) -> Guard<'p> {
    let callee = expr.as_call().or_else(|| expr.as_new()).map_or(expr, |call| &call.callee);
    let name = callee.last_name().unwrap_or("a guard").to_owned();
    let made = |kind, what| Guard { name: name.clone(), place: place.clone(), kind, what };
    match class_of(program, path, if expr.as_call().is_some() { callee } else { expr }) {
        Some(Def::Class(file, class)) => of_class(program, file, class, &name, place.clone()),
        // A mixin: the class that the function makes.
        Some(Def::Function(file, function)) => match made_class(program, file, function) {
            Some((file, class)) => of_class(program, file, class, &name, place.clone()),
            None => made(kind_by_name(&name), Rests::Unknown),
        },
        Some(Def::Value(file, value)) if !std::ptr::eq(value, expr) => of(program, file, value, place),
        Some(Def::External(package, external)) => {
            let base = base_of(package, external);
            let name = match expr.as_call().and_then(|call| call.arguments.first()).and_then(Expr::as_text) {
                Some(argument) => format!("{name}('{argument}')"),
                None => name.clone(),
            };
            let kind = match base {
                Base::Identity => Kind::Identity,
                Base::Limit => Kind::Limit,
                Base::None => kind_by_name(&name),
            };
            let what = if base == Base::None { Rests::Unknown } else { Rests::Package(base) };
            Guard { name, place, kind, what }
        }
        _ => made(kind_by_name(&name), Rests::Unknown),
    }
}

fn base_of(package: &str, name: &str) -> Base {
    match (package, name) {
        ("@nestjs/passport", "AuthGuard") => Base::Identity,
        ("@nestjs/throttler", "ThrottlerGuard") => Base::Limit,
        ("nest-keycloak-connect", "AuthGuard") => Base::Identity,
        _ => Base::None,
    }
}

/// What a guard that cannot be looked into is taken for.
fn kind_by_name(name: &str) -> Kind {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["throttl", "ratelimit", "rate-limit"]) {
        Kind::Limit
    } else if has(&["role", "permission", "abilit", "polic", "scope", "admin", "owner", "resource"]) {
        Kind::Permission
    } else if has(&["auth", "jwt", "session", "token", "apikey", "login"]) {
        Kind::Identity
    } else {
        Kind::Other
    }
}

fn made_class<'p>(program: &Program<'p>, file: &'p str, function: &'p Function) -> Option<(&'p str, &'p Class)> {
    let own =
        function.body.iter().find_map(|stmt| if let Stmt::Class(class) = stmt { Some((file, class)) } else { None });
    own.or_else(|| {
        returned(function).into_iter().find_map(|value| match program.meaning(file, value) {
            Some(Def::Class(file, class)) => Some((file, class)),
            _ => None,
        })
    })
}

fn of_class<'p>(program: &Program<'p>, file: &'p str, class: &'p Class, name: &str, place: Location) -> Guard<'p> {
    let mut chain = vec![(file, class)];
    let mut base = Base::None;
    while let Some((file, class)) = chain.last().copied() {
        let Some(extended) = class.extends.as_ref().filter(|_| chain.len() < DEEPEST) else { break };
        let callee = extended.as_call().map_or(extended, |call| &call.callee);
        match program.meaning(file, callee) {
            Some(Def::Class(file, class)) => chain.push((file, class)),
            Some(Def::External(package, name)) => {
                base = base_of(package, name);
                break;
            }
            _ => break,
        }
    }
    let kind = kind_of(&chain, base, name);
    Guard { name: name.to_owned(), place, kind, what: Rests::Classes { chain, base } }
}

/// What a guard of the repository is there for, by what it is built on, what it refuses with, and what it asks for.
fn kind_of(chain: &[(&str, &Class)], base: Base, name: &str) -> Kind {
    let (mut limit, mut identity, mut permission) = (base == Base::Limit, base == Base::Identity, false);
    for (_, class) in chain {
        class.walk(&mut |expr| match &expr.kind {
            ExprKind::Member(_, name) | ExprKind::Name(name) => match name.as_str() {
                "TOO_MANY_REQUESTS" | "ThrottlerException" => limit = true,
                "UnauthorizedException" | "verifyAsync" | "jwtVerify" | "UNAUTHORIZED" => identity = true,
                "ForbiddenException" | "FORBIDDEN" => permission = true,
                _ => {}
            },
            ExprKind::Number(text) if text == "429" => limit = true,
            ExprKind::Call(call) => {
                let chain = call.callee.chain().unwrap_or_default().to_ascii_lowercase();
                identity |= chain.ends_with(".verify") && (chain.contains("jwt") || chain.contains("token"));
            }
            _ => {}
        });
    }
    match (limit, identity, permission) {
        // A guard that counts may well say who is asked for too: what it is called decides.
        (true, ..) if !identity && !permission || kind_by_name(name) == Kind::Limit => Kind::Limit,
        (_, true, false) => Kind::Identity,
        (_, false, true) => Kind::Permission,
        (_, true, true) if kind_by_name(name) == Kind::Permission => Kind::Permission,
        (_, true, true) => Kind::Identity,
        _ => kind_by_name(name),
    }
}

impl<'p> Guard<'p> {
    /// Whether what it does can be followed.
    pub(super) fn is_understood(&self) -> bool {
        !matches!(self.what, Rests::Unknown)
    }

    /// Whether it deals with the tenant of who asks: a class of the repository that speaks of one in its `canActivate`.
    pub(super) fn limits_to_a_tenant(&self) -> bool {
        let Rests::Classes { chain, .. } = &self.what else { return false };
        let mut found = false;
        for method in chain.iter().filter_map(|(_, class)| class.method("canActivate")) {
            walk(&method.body, &mut |expr| {
                if let ExprKind::Member(_, name) | ExprKind::Name(name) = &expr.kind {
                    let name = name.to_ascii_lowercase();
                    found |= ["organizationid", "tenantid", "orgid", "tenantcontext", "companyid", "accountid"]
                        .iter()
                        .any(|word| name.contains(word));
                }
            });
        }
        found
    }

    /// Whether it wants a role or an ability, and lets everybody pass where a route declares none.
    pub(super) fn allows_by_default(&self, program: &Program<'p>) -> bool {
        let effect = self.effect(program, &[], &[]);
        self.kind == Kind::Permission && effect.looks_for_marks && effect.outcome.only_allows()
    }

    /// What it comes to on a route with these marks, of the handler and of the class.
    pub(super) fn effect(&self, program: &Program<'p>, handler: &[Mark<'p>], class: &[Mark<'p>]) -> Effect {
        let nothing = |outcome| Effect { outcome, went_by: Vec::new(), looks_for_marks: false };
        match &self.what {
            Rests::Package(Base::Limit) => nothing(self.unless_skipped(handler, class)),
            Rests::Package(_) => nothing(Outcome::DENY),
            Rests::Unknown => nothing(Outcome::EITHER),
            Rests::Classes { chain, base } => self.follow(program, chain, *base, handler, class),
        }
    }

    /// `@SkipThrottle()` takes the counting away.
    fn unless_skipped(&self, handler: &[Mark<'p>], class: &[Mark<'p>]) -> Outcome {
        let skipped =
            |marks: &[Mark<'p>]| marks.iter().any(|mark| mark.of("@nestjs/throttler") == Some("SkipThrottle"));
        if skipped(handler) || skipped(class) { Outcome::ALLOW } else { Outcome::DENY }
    }

    fn follow(
        &self,
        program: &Program<'p>,
        chain: &[(&'p str, &'p Class)],
        base: Base,
        handler: &[Mark<'p>],
        class: &[Mark<'p>],
    ) -> Effect {
        let own = chain.iter().position(|(_, class)| class.method("canActivate").is_some());
        let beneath = |at: usize| chain.get(at..).unwrap_or_default();
        let Some(at) = own else {
            let outcome = match base {
                Base::None => Outcome::EITHER,
                Base::Identity if !refuses(chain) => Outcome::ALLOW,
                Base::Identity => Outcome::DENY,
                Base::Limit => self.unless_skipped(handler, class),
            };
            return Effect { outcome, went_by: Vec::new(), looks_for_marks: false };
        };
        let (file, owner) = chain[at];
        let Some(method) = owner.method("canActivate") else {
            return Effect { outcome: Outcome::EITHER, went_by: Vec::new(), looks_for_marks: false };
        };
        let seen = RefCell::new(Seen::default());
        let mut world = Asked { program, file, chain, handler, class, seen: &seen };
        let mut outcome = Runner::new(&mut world).function(method);
        let mut seen = seen.into_inner();
        if outcome.base {
            let below = self.follow(program, beneath(at + 1), base, handler, class);
            // Passport's own refusal is that of `handleRequest`, wherever in the chain that is.
            let below_outcome = if base == Base::Identity && !refuses(chain) { Outcome::ALLOW } else { below.outcome };
            outcome.base = false;
            outcome = outcome.or(below_outcome);
            seen.went_by.extend(below.went_by);
            seen.looks |= below.looks_for_marks;
        }
        Effect { outcome, went_by: seen.went_by, looks_for_marks: seen.looks }
    }
}

/// Whether a guard built on Passport's refuses those who are not known: unless it says otherwise in `handleRequest`.
fn refuses(chain: &[(&str, &Class)]) -> bool {
    let Some(handle) = chain.iter().find_map(|(_, class)| class.method("handleRequest")) else { return true };
    let mut throws = false;
    let mut hands_on = false;
    fn within(body: &[Stmt], throws: &mut bool) {
        for stmt in body {
            match stmt {
                Stmt::Throw(_) => *throws = true,
                Stmt::If { yes, no, .. } => {
                    within(yes, throws);
                    within(no, throws);
                }
                Stmt::Maybe { body, .. } | Stmt::Block(body) => within(body, throws),
                Stmt::Try { body, handler, last } => [body, handler, last].into_iter().for_each(|b| within(b, throws)),
                _ => {}
            }
        }
    }
    within(&handle.body, &mut throws);
    walk(&handle.body, &mut |expr| {
        hands_on |= matches!(&expr.kind, ExprKind::Member(object, name) if name == "handleRequest" && matches!(object.kind, ExprKind::Super));
    });
    throws || hands_on
}

#[derive(Default)]
struct Seen {
    went_by: Vec<(String, Location)>,
    looks: bool,
}

/// What a guard can ask on one route.
struct Asked<'a, 'p> {
    program: &'a Program<'p>,
    file: &'p str,
    chain: &'a [(&'p str, &'p Class)],
    handler: &'a [Mark<'p>],
    class: &'a [Mark<'p>],
    seen: &'a RefCell<Seen>,
}

impl<'p> Asked<'_, 'p> {
    /// The value that the route's metadata has for what `expr` asks; none where it asks for no metadata.
    fn metadata(&self, expr: &'p Expr) -> Option<Known> {
        let call = expr.as_call()?;
        let ExprKind::Member(object, name) = &call.callee.kind else { return None };
        let of_reflector = object.chain().is_some_and(|chain| chain.to_ascii_lowercase().contains("reflect"));
        if !of_reflector
            || !matches!(name.as_str(), "get" | "getAll" | "getAllAndOverride" | "getAllAndMerge" | "getMetadata")
        {
            return None;
        }
        self.seen.borrow_mut().looks = true;
        let Some(key) = call.arguments.first().and_then(|key| marks::key(self.program, self.file, key)) else {
            return Some(Known::Unknown);
        };
        let (mut of_handler, mut of_class) = (false, false);
        for argument in &call.arguments[1..] {
            argument.walk_outside_functions(&mut |expr| match expr.last_name() {
                Some("getHandler") => of_handler = true,
                Some("getClass") => of_class = true,
                _ => {}
            });
        }
        if !of_handler && !of_class {
            // They were put into variables.
            (of_handler, of_class) = (true, true);
        }
        let none = if matches!(name.as_str(), "getAllAndMerge" | "getAll") { Known::Empty } else { Known::Nothing };
        let mut found = None;
        let targets = [(of_handler, self.handler), (of_class, self.class)];
        for (_, marks) in targets.into_iter().filter(|(asked, _)| *asked) {
            let set = marks.iter().find_map(|mark| match mark {
                Mark::Metadata { key: own, is_false, place, shown } if *own == key => Some((*is_false, place, shown)),
                _ => None,
            });
            if let Some((is_false, place, shown)) = set {
                self.seen.borrow_mut().went_by.push((shown.clone(), place.clone()));
                found = Some(if is_false { Known::Bool(false) } else { Known::Something });
                break;
            }
        }
        let unknown =
            targets.into_iter().any(|(asked, marks)| asked && marks.iter().any(|mark| matches!(mark, Mark::Unknown)));
        Some(match found {
            Some(found) => found,
            None if unknown => Known::Unknown,
            None => none,
        })
    }
}

impl<'p> World<'p> for Asked<'_, 'p> {
    fn call(&mut self, expr: &'p Expr) -> Option<Known> {
        self.metadata(expr)
    }

    fn decides(&mut self, expr: &'p Expr) -> Option<Outcome> {
        let call = expr.as_call()?;
        match &call.callee.kind {
            ExprKind::Member(object, name) if name == "canActivate" && matches!(object.kind, ExprKind::Super) => {
                Some(Outcome::BASE)
            }
            _ => None,
        }
    }

    fn method(&self, name: &str) -> Option<&'p Function> {
        if name == "canActivate" {
            return None;
        }
        self.chain.iter().find_map(|(_, class)| class.method(name))
    }

    /// What is not returned counts as false.
    fn end(&self) -> Outcome {
        Outcome::DENY
    }
}

/// The names of guards that are only provided, or imported, so that they can be injected: none of them stands before anything.
pub(super) fn idle<'p>(
    program: &Program<'p>,
    provided: &[(&'p str, &'p Expr)],
    used: &BTreeSet<String>,
) -> Vec<Guard<'p>> {
    let mut all = Vec::new();
    for (path, expr) in provided {
        let Some(Def::Class(file, class)) = class_of(program, path, expr) else { continue };
        let name = class.name.clone().unwrap_or_default();
        if used.contains(&name) {
            continue;
        }
        let guard = of_class(program, file, class, &name, at(path, expr.lines));
        let is_guard = match &guard.what {
            Rests::Classes { chain, base } => {
                *base != Base::None || chain.iter().any(|(_, class)| class.method("canActivate").is_some())
            }
            _ => false,
        };
        if is_guard {
            all.push(guard);
        }
    }
    all
}
