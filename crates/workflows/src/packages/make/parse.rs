//! Makefiles: rules with their recipes, and variables.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::document::LARGEST;
use super::super::recipe::{Line, Shell};
use super::super::{Packages, Why};
use super::expand::Expand;
use super::read::{Reader, assignment, comment_start, parts};

/// How many targets a makefile may have, and how long its lists may grow.
const MOST: usize = 20_000;

/// A makefile.
#[derive(Debug, Default)]
pub(in crate::packages) struct Makefile {
    /// Where it lies, relative to the root.
    pub(super) path: String,
    /// By target.
    pub(super) rules: BTreeMap<String, Vec<Rule>>,
    /// By name; none where more than one line gives it a value.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// Targets that are no files.
    pub(super) phony: BTreeSet<String>,
    /// Why there may be other targets than these.
    pub(super) odd: Option<&'static str>,
    /// How recipes are run.
    pub(super) shell: Shell,
    /// What runs recipes, where that is no shell that is understood.
    pub(super) other_shell: Option<String>,
    /// Whether a recipe is one script.
    pub(super) one_shell: bool,
    /// Whether more targets may be no files.
    pub(super) phony_unsure: bool,
    /// The first target, where no other makefile may come before it.
    first: Option<Option<String>>,
    spent: usize,
    /// How many conditions are open.
    conditions: usize,
}

/// A rule of one target.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// What is made before.
    pub(super) prerequisites: Vec<String>,
    /// The lines.
    pub(super) recipe: Vec<Line>,
    /// Whether it is one of `::`, which run beside each other.
    pub(super) double: bool,
}

impl Packages<'_> {
    /// The makefile at `path`.
    pub(super) fn makefile(&self, path: &str) -> Result<Rc<Makefile>, Why> {
        if let Some(known) = self.makefiles.borrow().get(path) {
            return known.clone();
        }
        let text = self.text(path)?.ok_or_else(|| format!("{path} is not tracked"));
        let read = text.and_then(|text| parse(path, &text).map(Rc::new));
        self.makefiles.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }
}

/// Reads `text`.
pub(super) fn parse(path: &str, text: &str) -> Result<Makefile, Why> {
    let mut makefile = Makefile { path: path.to_owned(), ..Makefile::default() };
    let mut reader = Reader::new(text);
    // Targets of the last rule, and which of their rules it is.
    let mut open: Vec<(String, usize)> = Vec::new();
    while let Some((number, line)) = reader.next(!open.is_empty()) {
        let text = line.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>().join("\n");
        if text.starts_with('\t') && !open.is_empty() {
            let mut line = line;
            if let Some((_, first)) = line.first_mut() {
                first.remove(0);
            }
            makefile.spend(open.len() * text.len())?;
            for (target, at) in &open {
                if let Some(rule) = makefile.rules.get_mut(target).and_then(|rules| rules.get_mut(*at)) {
                    rule.recipe.push(line.clone());
                }
            }
            continue;
        }
        // Outside recipes a continued line is one, its parts joined by a blank.
        let whole = text.replace("\\\n", " ");
        let (code, _) = whole.split_at(comment_start(&whole));
        let code = code.trim();
        if code.is_empty() {
            continue;
        }
        if makefile.directive(code, &mut reader) {
            continue;
        }
        if let Some((name, operator, value)) = assignment(code) {
            makefile.assign(name, operator, value);
            open.clear();
            continue;
        }
        open = makefile.rule(number, code, whole.trim_end())?;
    }
    makefile.settle();
    Ok(makefile)
}

impl Makefile {
    /// The target that is made when none is named.
    pub(super) fn default_goal(&self) -> Option<&str> {
        match self.variables.get(".DEFAULT_GOAL") {
            Some(goal) => goal.as_deref().filter(|goal| !goal.contains('$')),
            None => self.first.as_ref()?.as_deref(),
        }
    }

    /// Fails where what many targets share is too much to keep for each.
    fn spend(&mut self, bytes: usize) -> Result<(), Why> {
        self.spent += bytes;
        if self.spent > LARGEST { Err(format!("{}: too many targets share what is long", self.path)) } else { Ok(()) }
    }

    fn odd(&mut self, why: &'static str) {
        self.odd.get_or_insert(why);
    }

    /// Lines that are neither rules nor assignments; says whether it was one.
    fn directive(&mut self, code: &str, reader: &mut Reader<'_>) -> bool {
        let first = code.split_whitespace().next().unwrap_or_default();
        match first {
            "include" | "-include" | "sinclude" | "load" | "-load" => self.odd("other makefiles are included"),
            "define" => {
                reader.skip_definition();
                let name = code["define".len()..].trim().trim_end_matches(['=', ':', '?', '+', ' ']);
                self.variables.insert(name.to_owned(), None);
            }
            "ifeq" | "ifneq" | "ifdef" | "ifndef" => self.conditions += 1,
            "endif" => self.conditions = self.conditions.saturating_sub(1),
            "else" | "undefine" | "vpath" | "unexport" => {}
            "export" if assignment(code).is_none() => {}
            _ if code.starts_with("$(eval") || code.starts_with("${eval") || code.starts_with("$(foreach") => {
                self.odd("rules are computed");
            }
            _ if code.starts_with("$(") && parts(code).is_none() => self.odd("rules may be computed"),
            _ => return false,
        }
        true
    }

    fn assign(&mut self, name: &str, operator: &str, value: &str) {
        if value.contains("$(eval") || value.contains("${eval") {
            self.odd("rules are computed");
        }
        if name == ".RECIPEPREFIX" {
            self.odd("recipes begin with another character");
        }
        let alone = self.conditions == 0 && !self.variables.contains_key(name);
        let literal = alone && operator != "!=" && operator != "+=";
        self.variables.insert(name.to_owned(), literal.then(|| value.trim().to_owned()));
    }

    fn rule(&mut self, number: u32, code: &str, whole: &str) -> Result<Vec<(String, usize)>, Why> {
        let Some((targets, double, needed)) = parts(code) else {
            self.odd("a line is not understood");
            return Ok(Vec::new());
        };
        // `target: NAME = value` holds for the target only.
        if let Some((name, _, _)) = assignment(needed) {
            self.variables.insert(name.to_owned(), None);
            return Ok(Vec::new());
        }
        let (needed, recipe) = match whole.find(';').filter(|_| needed.contains(';')) {
            Some(at) => (needed.split(';').next().unwrap_or_default(), Some(whole[at + 1..].trim())),
            None => (needed, None),
        };
        // A static pattern rule: `targets: %.o: %.c`.
        let needed = parts(needed).map_or(needed, |(_, _, needed)| needed);
        let targets = self.words(targets)?;
        let needed: Vec<String> =
            self.words(needed)?.into_iter().filter(|word| word != "|" && !word.contains('%')).collect();
        if targets.iter().any(|word| word.contains('$')) {
            self.odd("names of targets are computed");
        }
        self.spend(targets.len() * needed.iter().map(|word| word.len() + 24).sum::<usize>())?;
        let mut open = Vec::new();
        for target in targets {
            match target.as_str() {
                ".PHONY" => {
                    self.phony_unsure |= needed.iter().any(|word| word.contains('$'));
                    self.phony.extend(needed.iter().cloned());
                }
                ".ONESHELL" => self.one_shell = true,
                ".DEFAULT" => self.odd("`.DEFAULT` makes any target"),
                _ if target.contains('%') => self.odd("a pattern rule may make it"),
                _ if target.starts_with('.') && !target.contains('/') && self.rules.len() < MOST => {
                    self.add(target, number, &needed, recipe, double, &mut open);
                }
                _ if self.rules.len() < MOST => {
                    let sure = self.odd.is_none();
                    self.first.get_or_insert_with(|| sure.then(|| target.clone()));
                    self.add(target, number, &needed, recipe, double, &mut open);
                }
                _ => return Err(format!("{}: more than {MOST} targets", self.path)),
            }
        }
        Ok(open)
    }

    fn add(
        &mut self,
        target: String,
        number: u32,
        needed: &[String],
        recipe: Option<&str>,
        double: bool,
        open: &mut Vec<(String, usize)>,
    ) {
        let rules = self.rules.entry(target.clone()).or_default();
        let recipe = recipe.map(|text| vec![(number, text.to_owned())]).into_iter().collect();
        rules.push(Rule { prerequisites: needed.to_vec(), recipe, double });
        open.push((target, rules.len() - 1));
    }

    /// The words of a list, variables that are known put in.
    fn words(&self, list: &str) -> Result<Vec<String>, Why> {
        let expand = Expand { makefile: self, assigned: &BTreeMap::new(), target: "", prerequisites: &[] };
        let words: Vec<String> = expand.text(list)?.split_whitespace().map(str::to_owned).collect();
        if words.len() > MOST { Err(format!("{}: more than {MOST} words in a list", self.path)) } else { Ok(words) }
    }

    /// What the variables say about how recipes are run.
    fn settle(&mut self) {
        let value = |name: &str| self.variables.get(name).map(|value| value.clone().unwrap_or_default());
        let arguments = value(".SHELLFLAGS").unwrap_or_default();
        let shell = value("SHELL").unwrap_or_default();
        self.shell = Shell::of_arguments(arguments.split_whitespace().chain(shell.split_whitespace().skip(1)));
        let name = shell.split_whitespace().next().unwrap_or("sh").rsplit('/').next().unwrap_or("sh").to_owned();
        let known =
            ["sh", "bash", "dash", "zsh", "ksh", "ash", "env"].contains(&name.as_str()) || shell.contains("bash");
        self.other_shell = (!known && !shell.contains('$')).then_some(name);
        if value("MAKEFLAGS").is_some_and(|flags| flags.contains('B') || flags.contains("always-make")) {
            self.odd("`MAKEFLAGS` is set");
        }
    }
}
