//! Programs that cannot be looked into: what they are given, and what may come of it.

use std::rc::Rc;

use super::{CARRIERS, INTERPRETERS};
use crate::machine::flow::{Flow, Paths};
use crate::machine::state::State;
use crate::machine::value::{CHECK, File, MEASURED, Status, Value};
use crate::machine::{Machine, Trial};
use crate::{names, paths};

impl Machine<'_> {
    /// Whether the script that a program is given can fail of its own accord; so it is taken where its text is not known.
    pub(in crate::machine) fn says_failure(&self, arguments: &[Value], state: &State) -> bool {
        let program = arguments.first().and_then(Value::text).unwrap_or_default();
        let interpreted = INTERPRETERS.contains(&paths::base(program));
        let operand = arguments.iter().skip(1).filter_map(Value::text).find(|word| !word.starts_with('-'));
        let script = if interpreted { operand } else { Some(program).filter(|program| program.contains('/')) };
        let text = script.and_then(|script| {
            let place = self.place(script, state)?;
            let written = state.files.get(&*place).map(|file| Rc::from(file.content.sketch()));
            written.or_else(|| self.world.text(&place))
        });
        text.is_none_or(|text| names::says_failure(&text))
    }

    /// What a program is given: its arguments, its input, the files that it is told of or that its text names.
    pub(in crate::machine) fn consumed(&self, arguments: &[Value], state: &State) -> crate::expr::Taint {
        let mut taint = Self::taint_of(arguments).union(state.opaque);
        if let Some(input) = &state.input {
            taint = taint.union(input.taint);
        }
        let tainted: Vec<(&Rc<str>, &File)> =
            state.files.iter().filter(|(_, file)| file.content.taint.contains(CHECK)).collect();
        if tainted.is_empty() || taint.contains(CHECK) {
            return taint;
        }
        let mut texts: Vec<Rc<str>> = Vec::new();
        for word in arguments {
            texts.push(word.sketch().into());
            let place = word.text().and_then(|text| self.place(text, state));
            if let Some(place) = place {
                let written = state.files.get(&*place).map(|file| Rc::from(file.content.sketch()));
                texts.extend(written.or_else(|| self.world.text(&place)));
            }
        }
        let named = tainted.iter().any(|(path, _)| {
            let base = paths::base(path);
            texts.iter().any(|text| text.contains(base))
        });
        if named { taint.union(CHECK) } else { taint }
    }

    /// A program of which nothing is known but what it was given.
    pub(in crate::machine) fn opaque(&mut self, arguments: &[Value], mut state: State) -> Paths {
        let program = arguments.first().and_then(Value::text).map(paths::base).unwrap_or("?").to_owned();
        let carrier = CARRIERS.contains(&program.as_str());
        self.work += 1;
        let consumed = self.consumed(arguments, &state);
        let taint = consumed.union(MEASURED);
        self.facts.programs.insert(program.as_str().into());
        self.note_making(&program, arguments);
        for (index, value) in arguments.iter().enumerate() {
            let flag = matches!(
                value.text(),
                Some("-o" | "-O" | "--output" | "--output-file" | "--out" | "--outfile" | "--report")
            );
            if let Some(path) = arguments.get(index + 1).and_then(Value::text).filter(|_| flag).map(str::to_owned)
                && let Some(place) = self.place(&path, &state)
            {
                state.write(&place, File::holding(Value::unknown(taint)));
            }
        }
        if !carrier && consumed.contains(CHECK) {
            state.opaque = state.opaque.union(CHECK);
            // A script that never says failure fails only where it cannot read what it is given.
            let finds = matches!(self.trial(), Trial::Finds(_)) && !self.says_failure(arguments, &state);
            state.status = if finds { Status::OK.tainted(taint) } else { Status::either(taint) };
        } else {
            state.status = Status::either(MEASURED);
        }
        state.printed.push(&Value::unknown(taint));
        vec![(state, Flow::Next)]
    }

    /// Remembers what a program may have made: files it names, other repositories, archives.
    pub(in crate::machine) fn note_making(&mut self, program: &str, arguments: &[Value]) {
        let makes = matches!(
            program,
            "curl" | "wget" | "git" | "gh" | "tar" | "unzip" | "cp" | "mv" | "ln" | "aws" | "gsutil" | "docker"
        );
        if makes {
            self.made.extend(arguments.iter().skip(1).map(|value| value.sketch().to_owned()));
        }
        let clones = program == "git"
            && arguments
                .get(1)
                .and_then(Value::text)
                .is_some_and(|word| matches!(word, "clone" | "submodule" | "checkout" | "switch" | "worktree"));
        self.foreign_tree |= clones || matches!(program, "tar" | "unzip" | "7z");
    }

    /// The tool whose failure the right side of `||` answers.
    pub(in crate::machine) fn tried(&self) -> Option<Rc<str>> {
        self.last_tried.clone()
    }
}
