//! What the shell itself does.

use std::rc::Rc;

use super::Machine;
use super::flow::{Flow, Paths};
use super::site::{Frame, Origin};
use super::state::State;
use super::value::{CHECK, GIVEN, MEASURED, Status, Value};
use crate::shell::ast::At;

impl Machine<'_> {
    /// Runs a command whose words are known as far as they can be.
    pub(super) fn dispatch(&mut self, arguments: &[Value], mut state: State, at: &At, tested: bool) -> Paths {
        let Some(name) = arguments.first().and_then(Value::text).map(str::to_owned) else {
            return self.opaque(arguments, state);
        };
        let rest = arguments.get(1..).unwrap_or_default();
        if let Some(body) = self.frame.functions.get(&name).cloned() {
            return self.function(&body, arguments, state, tested);
        }
        let state = match name.as_str() {
            "trap" => {
                if let [action, signals @ ..] = rest
                    && signals.iter().any(|signal| matches!(signal.text(), Some("EXIT" | "0" | "ERR")))
                {
                    self.frame.trap = action.text().map(|text| (text.into(), self.link(at.start)));
                }
                State { status: Status::OK, ..state }
            }
            ":" | "true" | "unset" | "ulimit" | "umask" | "alias" | "shopt" | "sleep" | "hash" if name != "hash" => {
                State { status: Status::OK, ..state }
            }
            "false" => {
                self.verdict(at, &state, MEASURED.0 == 0);
                State { status: Status::FAILED.tainted(state.control), ..state }
            }
            "exit" => return vec![self.exit(rest, state, at)],
            "return" => {
                let (state, flow) = self.exit(rest, state, at);
                return match flow {
                    Flow::Exit(status) => vec![(state, Flow::Return(status))],
                    flow => vec![(state, flow)],
                };
            }
            "break" => return vec![(state, Flow::Break(levels(rest)))],
            "continue" => return vec![(state, Flow::Continue(levels(rest)))],
            "set" => self.set(rest, state),
            "printf" if rest.first().and_then(Value::text) == Some("-v") => {
                if let Some(variable) = rest.get(1).and_then(Value::text) {
                    state.assign(variable, Value::unknown(Self::taint_of(rest).union(MEASURED)));
                }
                State { status: Status::OK, ..state }
            }
            "echo" | "printf" => self.print(&name, rest, state, at),
            "cd" | "pushd" => {
                let target = rest.iter().find(|value| value.text().is_none_or(|text| !text.starts_with('-')));
                let folder = target.and_then(Value::text).and_then(|path| self.place_folder(path, &state));
                State { folder, status: Status::OK, ..state }
            }
            "popd" => State { folder: None, status: Status::OK, ..state },
            "test" | "[" => {
                self.judges = true;
                let words = if name == "[" { &rest[..rest.len().saturating_sub(1)] } else { rest };
                state.status = self.condition(words, false, &mut state, at);
                let named = self.link(at.start).text.contains('$');
                self.compared(at, &state, named);
                state
            }
            "read" | "readarray" | "mapfile" => read(rest, state),
            "shift" => {
                let mut given = (*self.frame.arguments).clone();
                if given.len() > 1 {
                    given.remove(1);
                }
                self.frame.arguments = Rc::new(given);
                State { status: Status::OK, ..state }
            }
            "let" => {
                let mut last = Value::known("0");
                for text in rest {
                    last = match text.text() {
                        Some(text) => self.compute(text, Default::default(), &mut state),
                        None => Value::unknown(text.taint),
                    };
                }
                let ok = last.text().map(|text| text != "0");
                State { status: Status { ok, taint: last.taint }, ..state }
            }
            "wait" => {
                let last = state.variables.get("!").map_or(Default::default(), |value| value.taint);
                let next = rest.iter().any(|value| value.text() == Some("-n"));
                let taint = if next { Self::taint_of(rest).union(last) } else { Self::taint_of(rest) };
                let status = if taint.contains(CHECK) { Status::either(taint) } else { Status::OK };
                State { status, ..state }
            }
            "command" | "type" | "which" | "hash" | "where" => {
                let asks = name != "command" || rest.iter().any(|value| matches!(value.text(), Some("-v" | "-V")));
                if !asks {
                    return self.dispatch(rest, state, at, tested);
                }
                self.ask(rest, state)
            }
            "eval" => {
                let text = super::joined(rest);
                return match text.text() {
                    Some(text) => self.inline(text, state, at, tested),
                    None => {
                        state.forget();
                        self.opaque(arguments, state)
                    }
                };
            }
            "source" | "." => return self.source(rest, state, tested),
            "exec" => {
                let paths = self.dispatch(rest, state, at, true);
                let ended = |(state, flow): (State, Flow)| {
                    let status = super::flow::flow_status(&state, flow);
                    (state, Flow::Exit(status))
                };
                return if rest.is_empty() { paths } else { paths.into_iter().map(ended).collect() };
            }
            "builtin" => return self.dispatch(rest, state, at, tested),
            _ => return self.filter(&name, arguments, state, at),
        };
        vec![(state, Flow::Next)]
    }

    fn function(&mut self, body: &crate::shell::ast::Block, arguments: &[Value], state: State, tested: bool) -> Paths {
        if self.fuel == 0 || self.calls >= super::DEEPEST {
            return vec![(State { status: Status::either(CHECK), ..state }, Flow::Next)];
        }
        self.calls += 1;
        let outer = std::mem::replace(&mut self.frame.arguments, Rc::new(arguments.to_vec()));
        let control = state.control;
        let paths = self.block(body, vec![state], tested);
        self.frame.arguments = outer;
        self.calls -= 1;
        paths
            .into_iter()
            .map(|(mut state, flow)| match flow {
                Flow::Return(status) => {
                    state.status = status;
                    state.control = control;
                    (state, Flow::Next)
                }
                Flow::Break(_) | Flow::Continue(_) => (state, Flow::Next),
                flow => (state, flow),
            })
            .collect()
    }

    fn exit(&mut self, rest: &[Value], state: State, at: &At) -> (State, Flow) {
        let status = match rest.first() {
            None => state.status,
            Some(value) => match value.text().map(str::trim) {
                Some(text) => Status { ok: Some(text.parse::<i64>() == Ok(0)), taint: value.taint },
                None => Status::either(value.taint),
            },
        };
        if status.may_fail() {
            self.verdict(at, &State { control: state.control.union(status.taint), ..state.clone() }, true);
        }
        let control = state.control;
        // Success at the end of a branch says no more than that nothing follows.
        let status = if status.ok == Some(true) { status } else { status.tainted(control) };
        (state, Flow::Exit(status))
    }

    /// Notes that the step can fail here, and on what that depends.
    fn verdict(&mut self, at: &At, state: &State, _: bool) {
        self.work += 1;
        let link = self.link(at.start);
        let verdict = (link, state.control);
        self.facts.path = self.facts.path.union(state.path);
        if !self.facts.verdicts.contains(&verdict) {
            self.facts.verdicts.push(verdict);
        }
    }

    fn set(&mut self, rest: &[Value], mut state: State) -> State {
        state.status = Status::OK;
        let mut words = rest.iter().filter_map(Value::text).peekable();
        while let Some(word) = words.next() {
            let Some(sign) = word.chars().next().filter(|sign| *sign == '-' || *sign == '+') else { break };
            if word == "--" {
                break;
            }
            let on = sign == '-';
            for flag in word[1..].chars() {
                match flag {
                    'e' => state.errexit = on,
                    'o' => match words.next() {
                        Some("errexit") => state.errexit = on,
                        Some("pipefail") => state.pipefail = on,
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        state
    }

    fn print(&mut self, name: &str, rest: &[Value], mut state: State, at: &At) -> State {
        let skip =
            rest.iter().take_while(|value| matches!(value.text(), Some("-e" | "-n" | "-E" | "-ne" | "-en"))).count();
        let bare = rest[..skip].iter().any(|value| value.text().is_some_and(|text| text.contains('n')));
        let mut line = match (name, rest.get(skip)) {
            // Of `printf` the format stands for what is printed where it holds no conversion.
            ("printf", Some(format)) if rest.len() > skip + 1 => match format.text() {
                Some("%s" | "%s\\n") => super::joined(&rest[skip + 1..]),
                Some(format) => {
                    let mut value = Value::known(format.split('%').next().unwrap_or_default());
                    value.push(&Value::unknown(Self::taint_of(rest)));
                    value
                }
                None => Value::unknown(Self::taint_of(rest)),
            },
            _ => super::joined(&rest[skip..]),
        };
        if name == "printf" {
            line = match line.text() {
                Some(text) if text.contains("\\n") => Value::known(&text.replace("\\n", "\n")).tainted(line.taint),
                _ => line,
            };
        } else if !bare {
            line.push(&Value::known("\n"));
        }
        state.printed.push(&line);
        state.status = Status::OK;
        let link = self.link(at.start);
        if !self.facts.prints.contains(&link) {
            self.facts.prints.push(link);
        }
        state
    }

    fn place_folder(&self, path: &str, state: &State) -> Option<Rc<str>> {
        if let Some(path) = path.strip_prefix("/github/workspace") {
            return crate::paths::join("", path).map(Rc::from);
        }
        if path.starts_with('/') || path.starts_with('~') || path == "-" {
            return None;
        }
        crate::paths::join(state.folder.as_deref()?, path).map(Rc::from)
    }

    /// `command -v X`: whether a program is there.
    fn ask(&mut self, rest: &[Value], mut state: State) -> State {
        let programs = rest.iter().filter_map(Value::text).filter(|text| !text.starts_with('-'));
        let mut status = Status::either(MEASURED);
        for program in programs {
            let program = crate::paths::base(program);
            self.asked.insert(program.into());
            if matches!(self.trial(), super::Trial::Absent(absent) if &**absent == program) {
                status = Status::FAILED.tainted(CHECK);
            }
        }
        state.printed.push(&Value::unknown(MEASURED));
        state.status = status;
        state
    }

    /// Runs a text as a part of this script.
    fn inline(&mut self, text: &str, state: State, at: &At, tested: bool) -> Paths {
        let Some(parsed) = self.world.parse(text).filter(|_| self.calls < super::DEEPEST) else {
            return vec![(State { status: Status::either(CHECK), ..state }, Flow::Next)];
        };
        let link = self.link(at.start);
        let origin = std::mem::replace(&mut self.frame.origin, Origin::line(&link.file, text, link.line));
        self.calls += 1;
        let paths = self.block(&parsed.script.body, vec![state], tested);
        self.calls -= 1;
        self.frame.origin = origin;
        paths
    }

    /// Runs another file as a part of this script.
    fn source(&mut self, rest: &[Value], state: State, tested: bool) -> Paths {
        let place = rest.first().and_then(Value::text).and_then(|path| self.place(path, &state));
        let text = place.as_deref().and_then(|place| self.world.text(place));
        let parsed = text.as_ref().and_then(|text| self.world.parse(text));
        let (Some(place), Some(text), Some(parsed)) = (place, text, parsed) else {
            let mut state = State { status: Status::OK, ..state };
            state.forget();
            return vec![(state, Flow::Next)];
        };
        if self.calls >= super::DEEPEST {
            return vec![(State { status: Status::either(CHECK), ..state }, Flow::Next)];
        }
        let origin = std::mem::replace(&mut self.frame.origin, Origin::whole(&place, &text, 1));
        self.calls += 1;
        let paths = self.block(&parsed.script.body, vec![state], tested);
        self.calls -= 1;
        self.frame.origin = origin;
        paths
    }

    /// The frame of a script that is given these arguments.
    pub(super) fn frame_of(&self, origin: Origin, arguments: &[Value]) -> Frame {
        Frame { origin, arguments: Rc::new(arguments.to_vec()), ..Frame::default() }
    }

    /// Runs `text` in a shell of its own: `sh -c`, a script file, a package script.
    pub(super) fn nested(
        &mut self,
        text: &str,
        origin: Origin,
        arguments: &[Value],
        state: State,
        options: (bool, bool),
        at: &At,
    ) -> Paths {
        let Some(parsed) = self.world.parse(text) else {
            return vec![(State { status: Status::either(CHECK), ..state }, Flow::Next)];
        };
        let before = state.clone();
        let state = State { errexit: options.0, pipefail: options.1, status: Status::OK, ..state };
        let frame = self.frame_of(origin, arguments);
        let link = self.link(at.start);
        let ends = self.call(&parsed.script, frame, state, link);
        ends.into_iter().map(|end| (self.leave(&before, end.state, end.status), Flow::Next)).collect()
    }

    /// The options that a shell is started with.
    pub(crate) fn shell_options(words: &[&str]) -> (bool, bool) {
        let mut options = (false, false);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.starts_with('-')) else {
                if word.starts_with("--") {
                    continue;
                }
                break;
            };
            for flag in flags.chars() {
                match flag {
                    'e' => options.0 = true,
                    'o' => match words.next() {
                        Some(&"pipefail") => options.1 = true,
                        Some(&"errexit") => options.0 = true,
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        options
    }
}

fn levels(rest: &[Value]) -> u32 {
    rest.first().and_then(Value::text).and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn read(rest: &[Value], mut state: State) -> State {
    let input = state.input.clone();
    let taint = input.as_ref().map_or(GIVEN, |input| input.taint.union(MEASURED));
    for name in rest.iter().filter_map(Value::text).filter(|text| !text.starts_with('-')) {
        state.assign(name, Value::unknown(taint));
    }
    state.status = match input {
        Some(input) if input.is_empty() == Some(true) => Status::FAILED.tainted(input.taint),
        _ => Status::either(taint),
    };
    state
}
