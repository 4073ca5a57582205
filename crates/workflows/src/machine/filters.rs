//! Small programs that gates are made of: what they print of what they read.

mod decimal;
mod grep;

use std::rc::Rc;

use super::Machine;
use super::flow::{Flow, Paths};
use super::jq;
use super::state::State;
use super::value::{CHECK, File, MEASURED, Status, Value};
use crate::shell::ast::At;

use self::decimal::decimal;

/// Programs that pass on what they read, or part of it: nothing in, nothing out.
const PASSING: [&str; 12] = ["cat", "head", "tail", "sort", "uniq", "tr", "cut", "sed", "column", "tac", "rev", "nl"];

impl Machine<'_> {
    /// Runs one of the small programs; anything else is a program.
    pub(super) fn filter(&mut self, name: &str, arguments: &[Value], mut state: State, at: &At) -> Paths {
        let rest = arguments.get(1..).unwrap_or_default();
        self.judges = matches!(name, "grep" | "egrep" | "fgrep" | "diff" | "cmp")
            || name == "jq"
                && rest.iter().filter_map(Value::text).any(|flag| flag == "--exit-status" || is_short(flag, 'e'));
        let state = match name {
            "jq" => self.jq(rest, state, at),
            "grep" | "egrep" | "fgrep" | "rg" | "zgrep" => self.grep(name, rest, state, at),
            "wc" => self.wc(rest, state, at),
            "tee" => self.tee(rest, state, at),
            "bc" => {
                let input = state.input.clone().unwrap_or(Value::unknown(MEASURED));
                let value = match input.text().map(str::trim).and_then(decimal) {
                    Some(text) => Value::known(&text).tainted(input.taint),
                    None if input.is_empty() == Some(true) => Value::known("").tainted(input.taint),
                    None => Value::unknown(input.taint),
                };
                printing(state, value, "\n")
            }
            "expr" => {
                let text = super::joined(rest);
                let value = match text.text() {
                    Some(text) => self.compute(text, Default::default(), &mut state).tainted(Self::taint_of(rest)),
                    None => Value::unknown(text.taint),
                };
                printing(state, value, "\n")
            }
            "basename" | "dirname" | "realpath" | "readlink" | "date" | "pwd" | "uname" | "whoami" | "hostname"
            | "nproc" | "seq" | "mktemp" | "du" | "df" | "stat" | "ls" | "env" | "id" | "free" | "uptime"
                if name != "env" || rest.is_empty() =>
            {
                let mut taint = MEASURED.union(Self::taint_of(rest));
                if state.input.as_ref().is_some_and(|input| input.taint.contains(CHECK)) {
                    taint = taint.union(CHECK);
                }
                let status = if matches!(name, "ls" | "du" | "stat") { Status::either(MEASURED) } else { Status::OK };
                State { status, ..printing(state, Value::unknown(taint), "\n") }
            }
            "mkdir" | "chmod" | "chown" | "ln" | "tput" | "clear" | "sync" => State { status: Status::OK, ..state },
            "touch" => {
                for path in rest.iter().filter_map(Value::text).filter(|text| !text.starts_with('-')) {
                    if let Some(place) = self.place(path, &state).filter(|place| !state.files.contains_key(place)) {
                        state.write(&place, File::holding(Value::known("")));
                    }
                }
                State { status: Status::OK, ..state }
            }
            "rm" => {
                for path in rest.iter().filter_map(Value::text).filter(|text| !text.starts_with('-')) {
                    if let Some(place) = self.place(path, &state).filter(|_| !path.contains('*')) {
                        state.write(&place, File::missing(Default::default()));
                    }
                }
                State { status: Status::OK, ..state }
            }
            "cp" | "mv" => self.copy(rest, state, at),
            name if PASSING.contains(&name) => self.pass(name, rest, state, at),
            _ => return self.program(arguments, state, at),
        };
        vec![(state, Flow::Next)]
    }

    /// The files that a small program was told to read, and what they hold together; none where it reads its input.
    fn contents(&mut self, paths: &[&Value], state: &mut State, at: &At) -> Option<(Value, Status)> {
        if paths.is_empty() {
            return None;
        }
        let mut all = Value::known("");
        let mut status = Status::OK;
        for path in paths {
            if path.text().is_some_and(|text| text.contains(['*', '?'])) {
                all = Value::unknown(self.taint_of_matching(path, state));
                continue;
            }
            let file = self.open(path, state, at);
            if file.there {
                all.push(&file.content);
            } else {
                status = Status::FAILED.tainted(file.content.taint);
            }
        }
        all.taint = all.taint.union(status.taint);
        Some((all, status))
    }

    /// What files that a pattern matches depend on.
    fn taint_of_matching(&self, pattern: &Value, state: &State) -> crate::expr::Taint {
        let text = pattern.text().unwrap_or_default();
        let matching = state.files.iter().filter(|(path, _)| {
            let place = self.place(text, state);
            place.is_some_and(|place| super::conditions::glob(&place, path))
        });
        matching.fold(MEASURED, |all, (_, file)| all.union(file.content.taint))
    }

    fn input_of(&mut self, paths: &[&Value], state: &mut State, at: &At) -> (Value, Status) {
        match self.contents(paths, state, at) {
            Some(found) => found,
            None => (state.input.clone().unwrap_or(Value::unknown(MEASURED)), Status::OK),
        }
    }

    fn jq(&mut self, rest: &[Value], mut state: State, at: &At) -> State {
        let mut filter = None;
        let mut paths = Vec::new();
        let (mut by_status, mut nothing_in, mut understood) = (false, false, true);
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match word.text() {
                Some("--arg" | "--argjson" | "--slurpfile" | "--rawfile") => {
                    understood = false;
                    words.next();
                    words.next();
                }
                Some("--args" | "--jsonargs" | "-f" | "--from-file" | "--tab" | "--indent") => understood = false,
                Some(flag) if flag.len() > 1 && flag.starts_with('-') => {
                    let short = !flag.starts_with("--");
                    by_status |= flag == "--exit-status" || short && flag.contains('e');
                    nothing_in |= flag == "--null-input" || short && flag.contains('n');
                    understood &= !(flag == "--slurp" || short && flag.contains('s'));
                }
                _ if filter.is_none() => filter = Some(word),
                _ => paths.push(word),
            }
        }
        let (content, opened) =
            if nothing_in { (Value::known("null"), Status::OK) } else { self.input_of(&paths, &mut state, at) };
        let filter_text = filter.and_then(Value::text).unwrap_or_default().to_owned();
        if filter_text.contains("//") {
            let link = self.link(at.start);
            self.facts.defaults.push(link);
        }
        if opened.ok == Some(false) {
            state.printed.push(&Value::known("").tainted(opened.taint));
            return State { status: opened, ..state };
        }
        let taint = content.taint.union(Self::taint_of(rest));
        // What is not known inside a string of the document leaves the rest of it readable.
        let known = Some(content.sketch()).filter(|_| understood && filter.is_some_and(|one| one.text().is_some()));
        match known.map(|text| jq::run(&filter_text, text)) {
            Some(Ok(values)) => {
                let mut text = String::new();
                for value in &values {
                    match value {
                        serde_json::Value::String(string) => text.push_str(string),
                        other => text.push_str(&other.to_string()),
                    }
                    text.push('\n');
                }
                let good = !by_status || values.last().is_some_and(jq::is_true);
                let value = Value::known(&text);
                // A number that was written down by hand depends on nothing that stands beside it.
                let aside = crate::expr::Taint(!(MEASURED.0 | super::value::GIVEN.0));
                let taint = if value.text().is_some() && content.text().is_none() {
                    crate::expr::Taint(taint.0 & aside.0)
                } else {
                    taint
                };
                state.printed.push(&value.tainted(taint));
                State { status: Status { ok: Some(good), taint }, ..state }
            }
            Some(Err(jq::JqError::Fails)) if content.text().is_some() => {
                state.printed.push(&Value::known("").tainted(taint));
                State { status: Status::FAILED.tainted(taint), ..state }
            }
            Some(Err(_)) | None => {
                state.printed.push(&Value::unknown(taint));
                // Of a report that is as it should be only `-e` makes a failure.
                let status = if by_status { Status::either(taint) } else { Status { ok: Some(true), taint } };
                State { status, ..state }
            }
        }
    }

    fn wc(&mut self, rest: &[Value], mut state: State, at: &At) -> State {
        let paths: Vec<&Value> =
            rest.iter().filter(|value| value.text().is_none_or(|text| !text.starts_with('-'))).collect();
        let lines = rest.iter().filter_map(Value::text).any(|text| text.starts_with('-') && text.contains('l'));
        let (content, status) = self.input_of(&paths, &mut state, at);
        if status.ok == Some(false) {
            state.printed.push(&Value::known("").tainted(status.taint));
            return State { status, ..state };
        }
        let value = match content.text() {
            Some("") => Value::known("0").tainted(content.taint),
            Some(text) if lines && paths.is_empty() => {
                Value::known(&text.matches('\n').count().to_string()).tainted(content.taint)
            }
            _ => Value::unknown(content.taint.union(MEASURED)),
        };
        printing(state, value, "\n")
    }

    fn tee(&mut self, rest: &[Value], mut state: State, at: &At) -> State {
        let input = state.input.clone().unwrap_or(Value::unknown(MEASURED));
        let append = rest.iter().any(|value| value.text() == Some("-a"));
        for path in rest.iter().filter(|value| value.text().is_none_or(|text| !text.starts_with('-'))) {
            let led = super::commands::Led {
                output: Some((path.text().map(Rc::from), append)),
                ..super::commands::Led::default()
            };
            let outer = std::mem::replace(&mut state.printed, input.clone());
            self.put(&mut state, &led, outer, at);
        }
        state.printed.push(&input);
        State { status: Status::OK, ..state }
    }

    fn copy(&mut self, rest: &[Value], mut state: State, at: &At) -> State {
        let paths: Vec<&Value> =
            rest.iter().filter(|value| value.text().is_none_or(|text| !text.starts_with('-'))).collect();
        if let [from, to] = paths.as_slice() {
            let file = self.open(from, &mut state, at);
            let status = if file.there { Status::either(MEASURED) } else { Status::FAILED.tainted(file.content.taint) };
            if let Some(place) = to.text().and_then(|to| self.place(to, &state)) {
                state.write(&place, file);
            } else {
                state.opaque = state.opaque.union(file.content.taint);
            }
            return State { status, ..state };
        }
        State { status: Status::either(MEASURED), ..state }
    }

    fn pass(&mut self, name: &str, rest: &[Value], mut state: State, at: &At) -> State {
        let operands: Vec<&Value> =
            rest.iter().filter(|value| value.text().is_none_or(|text| !text.starts_with('-') || text == "-")).collect();
        // The first operand of these is no file; numbers are values of flags.
        let skip = usize::from(matches!(name, "tr" | "sed" | "cut"));
        let is_path = |value: &&Value| value.text().is_none_or(|text| text != "-" && text.parse::<i64>().is_err());
        let paths: Vec<&Value> = match name {
            "tr" => Vec::new(),
            _ => operands.into_iter().skip(skip).filter(is_path).collect(),
        };
        let (content, status) = self.input_of(&paths, &mut state, at);
        let whole = name == "cat" || content.is_empty() == Some(true);
        let value = if whole { content } else { Value::unknown(content.taint) };
        state.printed.push(&value);
        State { status, ..state }
    }
}

/// `state` with `value` and `end` printed, and success.
fn printing(mut state: State, value: Value, end: &str) -> State {
    state.printed.push(&value);
    state.printed.push(&Value::known(end));
    State { status: Status::OK, ..state }
}

fn is_folder(path: &Value) -> bool {
    path.text().is_some_and(|text| text.ends_with('/') || text == ".")
}

/// Whether `flag` is a bundle of short flags that holds this one.
fn is_short(flag: &str, short: char) -> bool {
    flag.starts_with('-') && !flag.starts_with("--") && flag.contains(short)
}
