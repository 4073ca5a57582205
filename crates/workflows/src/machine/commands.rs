//! Simple commands: assignments, arguments, where output goes.

use std::rc::Rc;

use super::Machine;
use super::flow::Flow;
use super::flow::Paths;
use super::seen::LossKind;
use super::state::State;
use super::value::{CHECK, File, MEASURED, Status, Value};
use crate::expr::Taint;
use crate::shell::ast::{Assignment, At, Command, Direction, Redirect};

/// Where `$GITHUB_OUTPUT` points to.
pub(crate) const OUTPUT: &str = "/github/output";
/// Where `$GITHUB_ENV` points to.
pub(crate) const ENV: &str = "/github/env";
/// Where `$GITHUB_STEP_SUMMARY` points to.
pub(crate) const SUMMARY: &str = "/github/summary";
/// Where `$GITHUB_PATH` points to.
pub(crate) const PATH: &str = "/github/path";

/// Where the input of a command comes from and its output goes.
#[derive(Default)]
pub(super) struct Led {
    /// What it reads.
    pub(super) input: Option<Value>,
    /// Where what it prints goes; none where it is printed. The flag: it is added to what is there.
    pub(super) output: Option<(Option<Rc<str>>, bool)>,
    /// Whether the command cannot start, since a file it is to read is not there.
    pub(super) fails: bool,
    /// What that depends on.
    pub(super) taint: Taint,
    /// Whether all of what is printed was written by hand.
    pub(super) by_hand: bool,
}

impl Machine<'_> {
    /// Runs a simple command.
    pub(super) fn command(&mut self, command: &Command, at: &At, state: State, tested: bool) -> Paths {
        let (mut state, led) = self.lead(&command.redirects, state, at);
        if led.fails {
            state.status = Status::FAILED.tainted(led.taint);
            return vec![(state, Flow::Next)];
        }
        let mut status = None;
        let mut assigned: Vec<(&Assignment, Value)> = Vec::with_capacity(command.assignments.len());
        for assignment in &command.assignments {
            let (value, ended) = self.word(&assignment.value, &mut state);
            status = ended.or(status);
            if assignment.append {
                let mut whole = self.variable(&assignment.name, &state);
                whole.push(&value);
                assigned.push((assignment, whole));
            } else {
                assigned.push((assignment, value));
            }
            if command.words.is_empty() || command.declares.is_some() {
                let (assignment, value) = assigned.last().cloned().unwrap_or((assignment, Value::known("")));
                let list = assignment.list && value.is_empty() == Some(false) && !assignment.append;
                let value = if list { Value::unknown(value.taint) } else { value };
                state.assign(&assignment.name, value);
            }
        }
        if command.declares.is_some() {
            return vec![(self.declare(state, status, at), Flow::Next)];
        }
        if command.words.is_empty() {
            state.status = status.unwrap_or(Status::OK);
            if led.output.is_some() {
                self.put(&mut state, &led, Value::known(""), at);
            }
            return vec![(state, Flow::Next)];
        }
        let (arguments, in_arguments) = self.arguments(&command.words, &mut state);
        if in_arguments.is_some_and(Status::fails_by_check) {
            let link = self.link(at.start);
            self.lose(LossKind::Substitution, link);
        }
        let outer = std::mem::replace(&mut state.printed, Value::known(""));
        let outer_input = state.input.clone();
        if led.input.is_some() {
            state.input.clone_from(&led.input);
        }
        let before = Rc::clone(&state.variables);
        for (assignment, value) in &assigned {
            state.assign(&assignment.name, value.clone());
        }
        let mut led = led;
        led.by_hand = prints_by_hand(&arguments) && led.by_hand;
        let outer_join = self.errors_join;
        self.errors_join |= command.redirects.iter().any(joins_errors);
        let paths = self.dispatch(&arguments, state, at, tested);
        self.errors_join = outer_join;
        paths
            .into_iter()
            .map(|(mut state, flow)| {
                state.input.clone_from(&outer_input);
                if !assigned.is_empty() {
                    state.variables = Rc::clone(&before);
                }
                self.put(&mut state, &led, outer.clone(), at);
                (state, flow)
            })
            .collect()
    }

    fn declare(&mut self, mut state: State, status: Option<Status>, at: &At) -> State {
        if status.is_some_and(Status::fails_by_check) {
            let link = self.link(at.start);
            self.lose(LossKind::Declaration, link);
        }
        state.status = Status::OK;
        state
    }

    /// Where the input of a command comes from and its output goes.
    pub(super) fn lead(&mut self, redirects: &[Redirect], mut state: State, at: &At) -> (State, Led) {
        let mut led = Led { by_hand: true, ..Led::default() };
        for redirect in redirects {
            match redirect.operator {
                Direction::HereDocument | Direction::HereString => {
                    let (value, _) = self.word(&redirect.target, &mut state);
                    led.input = Some(value);
                }
                Direction::QuotedHereDocument => {
                    let (value, _) = self.word(&redirect.target, &mut state);
                    led.input = Some(value);
                }
                Direction::In => {
                    if let Some(output) = self.process(&redirect.target, &mut state) {
                        led.input = Some(output);
                        continue;
                    }
                    let path = self.word(&redirect.target, &mut state).0;
                    let file = self.open(&path, &mut state, at);
                    led.fails |= !file.there;
                    led.taint = led.taint.union(file.content.taint);
                    led.input = Some(file.content);
                }
                Direction::Out | Direction::Append | Direction::Both => {
                    let path = self.word(&redirect.target, &mut state).0;
                    if redirect.descriptor.is_none_or(|descriptor| descriptor == 1) {
                        led.output = Some((path.text().map(Rc::from), redirect.operator == Direction::Append));
                    }
                }
                Direction::Duplicate => {
                    let to_errors = redirect.descriptor.is_none_or(|descriptor| descriptor == 1)
                        && redirect.target.literal().as_deref() == Some("2");
                    if to_errors {
                        led.output = Some((Some("/dev/stderr".into()), false));
                    }
                }
            }
        }
        let quoted = redirects.iter().filter(|one| one.operator == Direction::QuotedHereDocument);
        if led.output.is_some() {
            for redirect in quoted {
                let text = redirect.target.pieces.iter().filter_map(|piece| match piece {
                    crate::shell::ast::Piece::Text(text) => Some(text.as_str()),
                    _ => None,
                });
                let mut text = text;
                if text.any(|text| text.contains("$(")) && writes_data(&led) {
                    let link = self.link(redirect.target.at.start);
                    self.facts.unexpanded.push(link);
                }
            }
        }
        (state, led)
    }

    /// Takes what a command printed to where it goes. `outer`: what was printed before it.
    pub(super) fn put(&mut self, state: &mut State, led: &Led, outer: Value, at: &At) {
        let Some((path, append)) = &led.output else {
            let printed = std::mem::replace(&mut state.printed, outer);
            state.printed.push(&printed);
            return;
        };
        let printed = std::mem::replace(&mut state.printed, outer);
        match path.as_deref() {
            None => state.opaque = state.opaque.union(printed.taint),
            Some("/dev/null" | "/dev/stderr" | "/dev/stdout" | SUMMARY | PATH) => {}
            Some(OUTPUT) => tell(&mut state.outputs, &printed, state.control),
            Some(ENV) => tell(&mut state.exported, &printed, state.control),
            Some(path) => {
                let Some(place) = self.place(path, state) else {
                    state.opaque = state.opaque.union(printed.taint);
                    return;
                };
                let mut file = File::holding(printed);
                file.written_by_hand = led.by_hand && !file.content.taint.contains(CHECK);
                if *append && let Some(old) = state.files.get(&*place).filter(|old| old.there) {
                    let mut content = old.content.clone();
                    content.push(&file.content);
                    file = File { content, there: true, written_by_hand: old.written_by_hand && led.by_hand };
                }
                if file.written_by_hand && file.content.is_empty() == Some(false) {
                    let link = self.link(at.start);
                    self.facts.by_hand.push((place.clone(), link));
                }
                state.write(&place, file);
            }
        }
    }

    /// The file at `path` as it is now; noted where nobody is known to have written it.
    pub(super) fn open(&mut self, path: &Value, state: &mut State, at: &At) -> File {
        let Some(text) = path.text() else {
            return File::holding(Value::unknown(path.taint.union(MEASURED).union(state.opaque)));
        };
        let Some(place) = self.place(text, state) else {
            return File::holding(Value::unknown(MEASURED.union(state.opaque)));
        };
        if let Some(file) = state.files.get(&*place).cloned() {
            if file.written_by_hand
                && file.content.is_empty() == Some(false)
                && !self.facts.by_hand.iter().any(|(known, _)| *known == place)
            {
                let link = self.link(at.start);
                self.facts.by_hand.push((place, link));
            }
            return file;
        }
        if self.world.contains(&place) {
            return File::holding(Value::unknown(MEASURED));
        }
        let link = self.link(at.start);
        if !self.facts.unfed.iter().any(|(known, _)| *known == place) {
            self.facts.unfed.push((Rc::clone(&place), link));
        }
        if (*self.trial() == super::Trial::Unfed || self.broke) && crate::paths::like_report(&place) {
            return File::missing(CHECK);
        }
        File::holding(Value::unknown(MEASURED.union(state.opaque)))
    }

    /// `path` from the root; none where it leads elsewhere or the folder is not known.
    pub(super) fn place(&self, path: &str, state: &State) -> Option<Rc<str>> {
        if path.starts_with('/') || path.starts_with('~') || path.is_empty() {
            return (path.starts_with('/')).then(|| path.into());
        }
        let folder = state.folder.as_deref()?;
        crate::paths::join(folder, path).map(Rc::from)
    }
}

/// Whether a redirection leads errors where the output goes.
fn joins_errors(redirect: &Redirect) -> bool {
    match redirect.operator {
        Direction::Both => true,
        Direction::Duplicate => redirect.descriptor == Some(2) && redirect.target.literal().as_deref() == Some("1"),
        _ => false,
    }
}

/// Whether what is written is data, and not a script or a text for people.
fn writes_data(led: &Led) -> bool {
    let path = led.output.as_ref().and_then(|(path, _)| path.as_deref()).unwrap_or_default();
    matches!(path.rsplit('.').next(), Some("json" | "xml" | "yml" | "yaml" | "sarif" | "csv"))
}

/// Whether what these words print is what they say.
fn prints_by_hand(arguments: &[Value]) -> bool {
    let program = arguments.first().and_then(Value::text).unwrap_or_default();
    matches!(program, "echo" | "printf" | "cat" | "tee")
}

/// Enters `name=value` lines, and values of several lines between markers.
fn tell(table: &mut super::state::Table<Value>, printed: &Value, control: Taint) {
    let mut lines = printed.lines();
    while let Some(line) = lines.next() {
        if let Some((name, value)) = line.split('=').filter(|(name, _)| !name.contains("<<")) {
            State::tell(table, name.trim(), value.tainted(control));
        } else if let Some((name, marker)) = line.sketch().split_once("<<") {
            let (name, marker) = (name.trim().to_owned(), marker.to_owned());
            let mut value = Value::known("");
            for line in lines.by_ref().take_while(|line| line.sketch() != marker) {
                value.push(&line);
                value.push(&Value::known("\n"));
            }
            State::tell(table, &name, value.trimmed().tainted(control).tainted(printed.taint));
        }
    }
}
