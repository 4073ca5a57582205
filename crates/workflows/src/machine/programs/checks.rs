//! Checks: what is assumed of them, and what they leave behind.

use std::rc::Rc;

use super::Hit;
use crate::bench::{ActionCheck, ActionEnd};
use crate::machine::flow::{Flow, Paths};
use crate::machine::seen::{CheckSeen, LossKind};
use crate::machine::site::shown;
use crate::machine::state::State;
use crate::machine::value::{CHECK, File, MEASURED, Status, Value};
use crate::machine::{Machine, Trial};
use crate::shell::ast::At;
use tollgate_model::Confidence;

impl Machine<'_> {
    /// Runs a command that checks something.
    pub(in crate::machine) fn check(
        &mut self,
        arguments: &[Value],
        words: &[&str],
        hit: &Hit<'_>,
        mut state: State,
        at: &At,
    ) -> Paths {
        let top = self.top.unwrap_or(at.start);
        let name = self.group.clone().unwrap_or_else(|| Rc::clone(&hit.tool));
        let key: Rc<str> = format!("{}@{top}#{name}", self.prefix).into();
        self.work += 1;
        self.checks += 1;
        let muted = hit.known.and_then(|tool| tool.muted_by(words));
        let can_fail = match hit.known {
            Some(tool) => {
                let set = |name: &String| state.variables.contains_key(name.as_str());
                tool.can_fail(words)
                    || tool.facts.fails_env.iter().any(set)
                    || tool.facts.settings.iter().any(|file| self.world.names_file(file))
            }
            None => hit.fails || self.says_failure(arguments, &state),
        };
        if let Some(seen) = self.seen.get_mut(&key).filter(|seen| !seen.tool.split(", ").any(|tool| *tool == *hit.tool))
        {
            seen.tool = format!("{}, {}", seen.tool, hit.tool).into();
        }
        if *self.trial() == Trial::Nothing && !self.seen.contains_key(&key) {
            let seen = CheckSeen {
                tool: Rc::clone(&hit.tool),
                kind: hit.kind.into(),
                command: shown(&words.join(" ").replace("${_}", "…")).into(),
                chain: self.chain_to(at.start),
                confidence: hit.confidence,
                muted: muted.as_deref().map(Rc::from),
                empty: hit.known.and_then(|tool| tool.empty_by(words)).as_deref().map(Rc::from),
                can_fail,
                program: Rc::clone(&hit.program),
                note: hit.known.and_then(|tool| tool.facts.note.as_deref()).map(Rc::from),
                brought_by: hit.known.map(|tool| tool.packages().to_vec()).unwrap_or_default(),
                own_status: hit.known.is_some_and(|tool| tool.facts.own_status),
                covers: Vec::new(),
                uncovered: Vec::new(),
            };
            self.seen.insert(Rc::clone(&key), seen);
        }
        let subject = match &self.trial {
            Trial::Finds(subject) | Trial::Fails(subject) | Trial::Breaks(subject, _) => {
                *subject == key || self.retried.as_ref().is_some_and(|tool| *tool == hit.tool)
            }
            Trial::Absent(program) => *program == hit.program,
            Trial::Nothing | Trial::Unfed => false,
        };
        if subject {
            self.reached = true;
            self.last_tried = Some(Rc::clone(&hit.tool));
        }
        let (status, printed, report) = match (&self.trial, subject) {
            (Trial::Finds(_) | Trial::Fails(_), true) => {
                // A script that is known by its name may write its result anywhere.
                if hit.known.is_none() {
                    state.opaque = state.opaque.union(CHECK);
                }
                let quiet = (muted.is_some() || !can_fail) && matches!(self.trial, Trial::Finds(_));
                if quiet {
                    let link = self.link(at.start);
                    let kind = muted.as_deref().map_or(LossKind::NeverFails, |flag| LossKind::Muted(flag.into()));
                    self.lose(kind, link);
                }
                let status = if quiet { Status::OK.tainted(CHECK) } else { Status::FAILED.tainted(CHECK) };
                (status, Value::unknown(CHECK), File::holding(Value::unknown(CHECK)))
            }
            (Trial::Breaks(_, printed), true) => {
                self.broke |= hit.known.is_none();
                let mut printed = Value::known(printed).tainted(CHECK);
                if self.errors_join {
                    printed.push(&Value::known("could not be run\n"));
                }
                (Status::FAILED.tainted(CHECK), printed, File::missing(CHECK))
            }
            (Trial::Absent(_), true) => {
                let printed = if self.errors_join { "not found\n" } else { "" };
                (Status::FAILED.tainted(CHECK), Value::known(printed).tainted(CHECK), File::missing(CHECK))
            }
            _ => {
                let own = self.consumed(arguments, &state);
                let status = if own.contains(CHECK) { Status::either(own) } else { Status::OK };
                let taint = own.union(MEASURED);
                (status, Value::unknown(taint), File::holding(Value::unknown(taint)))
            }
        };
        for path in hit.known.map(|tool| tool.report_files(words)).unwrap_or_default() {
            if let Some(place) = self.place(path, &state) {
                state.write(&place, report.clone());
            }
        }
        state.printed.push(&printed);
        state.status = status;
        vec![(state, Flow::Next)]
    }

    /// A script that checks by itself and was run to its ends, as a check of its own.
    pub(in crate::machine) fn check_script(&mut self, name: &str, arguments: &[Value], paths: Paths, at: &At) -> Paths {
        let words: Vec<String> = arguments.iter().map(|value| value.sketch().replace('\u{FFFC}', "${_}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let hit = Hit {
            tool: name.into(),
            kind: "other",
            known: None,
            confidence: Confidence::High,
            program: name.into(),
            fails: true,
        };
        let mut checked = Vec::with_capacity(paths.len());
        for (state, flow) in paths {
            let own = state.status;
            for (mut state, _) in self.check(arguments, &words, &hit, state, at) {
                // Where it is not the one on trial, it ends as it ended.
                if !state.status.taint.contains(CHECK) {
                    state.status = own;
                }
                checked.push((state, flow));
            }
        }
        checked
    }

    /// Runs a check that an action makes.
    pub(crate) fn action_check(&mut self, check: ActionCheck) -> ActionEnd {
        let key: Rc<str> = format!("{}@0#{}", check.key, check.tool).into();
        let mut chain = self.chain.clone();
        chain.push(check.link.clone());
        if self.trial == Trial::Nothing && !self.seen.contains_key(&key) {
            let seen = CheckSeen {
                tool: check.tool.as_str().into(),
                kind: check.kind.into(),
                command: Rc::clone(&check.link.text),
                chain,
                confidence: check.confidence,
                muted: check.muted.as_deref().map(Rc::from),
                empty: check.empty.as_deref().map(Rc::from),
                can_fail: check.can_fail,
                program: check.tool.as_str().into(),
                note: check.note.as_deref().map(Rc::from),
                brought_by: Vec::new(),
                own_status: check.own_status,
                covers: Vec::new(),
                uncovered: Vec::new(),
            };
            self.seen.insert(Rc::clone(&key), seen);
        }
        let subject = self.trial.subject().is_some_and(|subject| *subject == *key);
        self.reached |= subject;
        match &self.trial {
            Trial::Finds(_) | Trial::Fails(_) if subject => {
                let quiet = (check.muted.is_some() || !check.can_fail) && matches!(self.trial, Trial::Finds(_));
                if quiet {
                    let kind =
                        check.muted.as_deref().map_or(LossKind::NeverFails, |input| LossKind::Muted(input.into()));
                    self.lose(kind, check.link);
                }
                let status = if quiet { Status::OK } else { Status::FAILED };
                ActionEnd {
                    status: status.tainted(CHECK),
                    output: Value::unknown(CHECK),
                    report: File::holding(Value::unknown(CHECK)),
                }
            }
            Trial::Breaks(..) if subject => ActionEnd {
                status: Status::FAILED.tainted(CHECK),
                output: Value::known("").tainted(CHECK),
                report: File::missing(CHECK),
            },
            _ => ActionEnd {
                status: Status::OK,
                output: Value::unknown(MEASURED),
                report: File::holding(Value::unknown(MEASURED)),
            },
        }
    }
}
