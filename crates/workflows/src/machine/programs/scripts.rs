//! Scripts: files that a shell runs, and what packages define.

use crate::machine::flow::{Flow, Paths, flow_status};
use crate::machine::seen::{Hollow, LossKind, Missing};
use crate::machine::site::{Origin, shown};
use crate::machine::state::{State, settle_by};
use crate::machine::value::{MEASURED, Status, Value};
use crate::machine::{Machine, Trial};
use crate::packages::ScriptAt;
use crate::shell::ast::At;
use crate::{names, paths};
use std::rc::Rc;
use tollgate_model::Confidence;

impl Machine<'_> {
    /// `bash script.sh`, `sh -c "…"`, `./script.sh`; none where it is none of these.
    pub(in crate::machine) fn shell(
        &mut self,
        arguments: &[Value],
        words: &[&str],
        state: State,
        at: &At,
    ) -> Option<Paths> {
        let first = *words.first()?;
        let is_shell = matches!(paths::base(first), "bash" | "sh" | "dash" | "zsh" | "ash" | "ksh");
        let script_at = if is_shell {
            let c = words
                .iter()
                .skip(1)
                .take_while(|word| word.starts_with(['-', '+']))
                .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'));
            if let Some(c) = c {
                let text = arguments.get(c + 2)?.text()?.to_owned();
                let options = Self::shell_options(&words[1..=c + 1]);
                let origin = Origin::line(&self.link(at.start).file, &text, self.link(at.start).line);
                return Some(self.nested(&text, origin, &arguments[c + 2..], state, options, at));
            }
            let mut index = 1;
            while words.get(index).is_some_and(|word| word.starts_with(['-', '+'])) {
                index += if matches!(words[index], "-o" | "+o" | "-O" | "--rcfile" | "--init-file")
                    || words[index].ends_with('o') && !words[index].starts_with("--")
                {
                    2
                } else {
                    1
                };
            }
            index
        } else {
            0
        };
        let path = arguments.get(script_at)?.text()?.to_owned();
        if !is_shell && !path.contains('/') {
            return None;
        }
        let place = self.place(&path, &state)?;
        if let Some(text) = self.world.text(&place) {
            let shebang = text.lines().next().unwrap_or_default();
            let by_shebang = shebang.starts_with("#!")
                && ["bash", "/sh", " sh", "dash", "zsh"].iter().any(|shell| shebang.contains(shell));
            if !(is_shell || by_shebang || path.ends_with(".sh") && !shebang.starts_with("#!")) {
                return None;
            }
            let mut options = Self::shell_options(&words[1.min(words.len())..script_at.max(1).min(words.len())]);
            if shebang.starts_with("#!") && !is_shell {
                let flags: Vec<&str> =
                    shebang.split_whitespace().skip(1).filter(|word| word.starts_with('-')).collect();
                options = Self::shell_options(&flags);
            }
            let origin = Origin::whole(&place, &text, 1);
            let before = self.work;
            let checks = self.checks;
            let verdicts = self.facts.verdicts.len();
            let paths = self.nested(&text, origin, &arguments[script_at..], state.clone(), options, at);
            self.note_hollow(paths::base(&path), &text, before, at);
            let can_fail = self.facts.verdicts.len() > verdicts
                || self.facts.verdicts.iter().any(|(link, _)| *link.file == *place);
            // A script that is named like a check and judges by itself is one.
            if self.checks == checks && can_fail && names::script(&place) == Some(Confidence::High) {
                return Some(self.check_script(paths::base(&path), arguments, paths, at));
            }
            return Some(paths);
        }
        if state.files.contains_key(&*place) || self.world.contains(&place) || !self.surely_missing(&place) {
            return None;
        }
        Some(self.no_script(format!("script {path}"), &place, state, at))
    }

    /// Whether a path that scripts call is surely not there: nothing that the run makes lies in such a place.
    pub(in crate::machine) fn surely_missing(&self, place: &str) -> bool {
        const MADE: [&str; 22] = [
            "node_modules",
            "target",
            "dist",
            "build",
            "out",
            "bin",
            "venv",
            ".venv",
            "vendor",
            "tmp",
            "temp",
            "coverage",
            "_build",
            "artifacts",
            "download",
            "downloads",
            "cache",
            "install",
            "node",
            "Release",
            "Debug",
            "output",
        ];
        let made = place.split('/').any(|part| {
            MADE.contains(&part) || part.starts_with("build") || part.starts_with('.') && part != ".github"
        });
        let script =
            matches!(place.rsplit('.').next(), Some("sh" | "bash" | "js" | "mjs" | "cjs" | "py" | "rb" | "pl"));
        script && !made && !place.starts_with('/') && !self.mentions_making(place)
    }

    /// Whether something before wrote, fetched or unpacked what may be this file.
    pub(in crate::machine) fn mentions_making(&self, place: &str) -> bool {
        self.made.iter().any(|word| word.contains(paths::base(place))) || self.foreign_tree
    }

    pub(in crate::machine) fn no_script(&mut self, what: String, place: &str, mut state: State, at: &At) -> Paths {
        let like_check = names::script(place).is_some() || self.named_like_check;
        let near = None;
        let missing = Missing {
            what,
            looked_in: vec![place.to_owned()],
            near,
            silent: false,
            chain: self.chain_to(at.start),
            like_check,
        };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
        // What is not there fails, with whatever it was given.
        let taint = if state.opaque.is_empty() { MEASURED } else { MEASURED.union(state.opaque) };
        state.status = Status::either(taint);
        vec![(state, Flow::Next)]
    }

    #[expect(clippy::too_many_arguments, reason = "what the package manager said, taken apart")]
    pub(in crate::machine) fn nobody_defines(
        &mut self,
        what: String,
        looked_in: Vec<String>,
        near: Option<String>,
        silent: Option<bool>,
        mut state: State,
        at: &At,
        argv: &[String],
    ) -> Paths {
        if self.foreign_tree {
            // Packages of another repository may lie here.
            return vec![(State { status: Status::either(MEASURED), ..state }, Flow::Next)];
        }
        let like_check = argv.iter().any(|word| names::script(word).is_some()) || self.named_like_check;
        let silent = silent == Some(true);
        let missing = Missing { what, looked_in, near, silent, chain: self.chain_to(at.start), like_check };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
        state.status = if silent { Status::OK } else { Status::either(MEASURED) };
        vec![(state, Flow::Next)]
    }

    /// Runs scripts that packages define, one after another.
    pub(in crate::machine) fn scripts(
        &mut self,
        scripts: &[ScriptAt],
        ignores: bool,
        skipped: &[String],
        state: State,
        at: &At,
    ) -> Paths {
        let name = scripts.first().map(|script| script.name.clone()).unwrap_or_default();
        let before = self.work;
        let call = state.clone();
        let mut packages: Vec<&str> = scripts.iter().map(|script| script.package.as_str()).collect();
        packages.dedup();
        let outer_group = self.group.clone();
        if packages.len() > 1 && self.group.is_none() {
            self.group = Some(name.as_str().into());
        }
        let mut going = vec![(state, Status::OK)];
        for script in scripts {
            let lines: Vec<u32> = script.lines.iter().map(|(line, _)| *line).collect();
            let origin = if script.file.is_empty() {
                let link = self.link(at.start);
                Origin::line(&link.file, &script.text, link.line)
            } else if lines.len() > 1 {
                Origin::listed(&script.file, &script.text, &lines)
            } else {
                Origin::line(&script.file, &script.text, script.line)
            };
            let mut next = Vec::new();
            for (state, so_far) in going {
                let inside = State { folder: Some(script.cwd.as_str().into()), ..state };
                for (state, flow) in self.nested(&script.text, origin.clone(), &[], inside, (script.errexit, false), at)
                {
                    let status = flow_status(&state, flow);
                    next.push((state, worse(so_far, status)));
                }
            }
            going = settle_by(next, 6, State::join);
            if self.fuel == 0 {
                break;
            }
        }
        self.group = outer_group;
        let text = scripts.iter().map(|script| script.text.as_str()).collect::<Vec<_>>().join("; ");
        self.note_hollow(&name, &text, before, at);
        self.note_covered(scripts, skipped);
        going
            .into_iter()
            .map(|(state, status)| {
                if ignores && status.fails_by_check() {
                    let link = self.link(at.start);
                    self.lose(LossKind::RunnerIgnores, link);
                }
                let status = if ignores { Status::OK } else { status };
                (self.leave(&call, state, status), Flow::Next)
            })
            .collect()
    }

    /// Notes which packages the checks of these scripts cover.
    pub(in crate::machine) fn note_covered(&mut self, scripts: &[ScriptAt], skipped: &[String]) {
        if *self.trial() != Trial::Nothing || scripts.len() + skipped.len() < 2 {
            return;
        }
        let shown = |package: &str| if package.is_empty() { ".".to_owned() } else { package.to_owned() };
        let mut covers: Vec<String> = scripts.iter().map(|script| shown(&script.package)).collect();
        covers.sort();
        covers.dedup();
        let site = format!("{}@{}#", self.prefix, self.top.unwrap_or_default());
        for (_, seen) in self.seen.range_mut(Rc::from(site.as_str())..).take_while(|(key, _)| key.starts_with(&site)) {
            if seen.covers.is_empty() {
                seen.covers.clone_from(&covers);
                seen.uncovered = skipped.iter().map(|package| shown(package)).collect();
            }
        }
    }

    /// Notes a script that is named like a check and in which nothing was checked.
    pub(in crate::machine) fn note_hollow(&mut self, name: &str, text: &str, before: usize, at: &At) {
        if self.work != before || names::script(name).is_none() || *self.trial() != Trial::Nothing {
            return;
        }
        let hollow = Hollow { name: name.to_owned(), text: does(text), chain: self.chain_to(at.start) };
        if !self.hollow.contains(&hollow) {
            self.hollow.push(hollow);
        }
    }
}

/// What a script does, in a line: what it says last, comments left out.
fn does(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    shown(lines.next_back().unwrap_or("nothing"))
}

/// The status of two things of which both must succeed.
fn worse(a: Status, b: Status) -> Status {
    match (a.ok, b.ok) {
        (Some(false), _) => a,
        (_, Some(false)) => b,
        (None, None) => a.tainted(b.taint),
        (None, _) => a,
        _ => b,
    }
}
