//! Programs: other scripts, checks, and what cannot be looked into.

use std::rc::Rc;

use tollgate_model::Confidence;

use super::flow::{Flow, Paths};
use super::seen::{CheckSeen, Hollow, LossKind, Missing};
use super::site::{Origin, shown};
use super::state::State;
use super::unwrap::{self, Inner, Passes};
use super::value::{CHECK, File, MEASURED, Status, Value};
use super::{Machine, Trial};
use crate::catalogue::{self, Tool};
use crate::packages::{Call, ScriptAt};
use crate::shell::ast::At;
use crate::{names, paths};

/// Programs that carry things about and judge nothing.
pub(super) const CARRIERS: [&str; 75] = [
    "git", "gh", "hub", "curl", "wget", "scp", "rsync", "ssh", "tar", "zip", "unzip", "gzip", "gunzip", "7z", "aws", "gcloud", "az",
    "gsutil", "kubectl", "helm", "docker", "docker-compose", "podman", "buildah", "skopeo", "apt-get", "apt", "apk", "dnf", "yum", "brew",
    "choco", "winget", "snap", "pip", "pip3", "pipx", "npm", "pnpm", "yarn", "bun", "corepack", "rustup", "gem", "go", "cargo", "uv",
    "poetry", "vercel", "netlify", "railway", "heroku", "fly", "flyctl", "wrangler", "open", "kill", "pkill", "killall", "ps", "lsof",
    "nc", "systemctl", "service", "tree", "file", "xdg-open", "say", "logger", "yes", "diff", "cmp", "comm", "openssl", "gpg",
];

/// Programs that look at something and judge nothing.
pub(super) const UTILITIES: [&str; 24] = [
    "awk", "gawk", "find", "xargs", "du", "df", "ls", "env", "printenv", "export", "nohup", "timeout", "wait-on", "npx", "lscpu", "hexdump",
    "base64", "sha256sum", "md5sum", "cksum", "envsubst", "yq", "xmllint", "vi",
];

/// Interpreters whose first operand is a script.
const INTERPRETERS: [&str; 12] =
    ["node", "python", "python3", "ruby", "perl", "php", "tsx", "ts-node", "deno", "bun", "pwsh", "powershell"];

/// What is known of a command that checks something.
struct Hit<'t> {
    tool: Rc<str>,
    kind: &'static str,
    known: Option<&'t Tool>,
    confidence: Confidence,
    program: Rc<str>,
}

impl Machine<'_> {
    /// Runs a program.
    pub(super) fn program(&mut self, arguments: &[Value], state: State, at: &At) -> Paths {
        // What is not known is written as a variable: nobody takes that for a name.
        let argv: Vec<String> = arguments.iter().map(|value| value.sketch().replace('\u{FFFC}', "${_}")).collect();
        let words: Vec<&str> = argv.iter().map(String::as_str).collect();
        if self.calls >= super::DEEPEST {
            return self.opaque(arguments, state, at);
        }
        if let Some(inner) = unwrap::inner(&words) {
            return self.wrapped(arguments, inner, state, at);
        }
        if let Some(paths) = self.shell(arguments, &words, state.clone(), at) {
            return paths;
        }
        // Programs are known as they are called before it is asked what a package manager would make of them.
        if let Some(tool) = catalogue::tool(&words).filter(|tool| tool.is_check(&words)) {
            return self.check(arguments, &words, &hit(tool, &words), state, at);
        }
        let folder = state.folder.clone();
        if let Some(folder) = folder {
            match self.world.packages.resolve(&folder, &argv) {
                Call::Itself | Call::Builtin | Call::Unknown { .. } => {}
                Call::Program { argv, cwd } => {
                    let inner: Vec<Value> = argv.iter().map(|word| Value::known(word)).collect();
                    return self.deeper(|machine| {
                        let before = state.clone();
                        let state = State { folder: Some(cwd.as_str().into()), ..state };
                        let paths = machine.dispatch(&inner, state, at, true);
                        paths
                            .into_iter()
                            .map(|(state, flow)| {
                                let status = super::flow::flow_status(&state, flow);
                                (machine.leave(&before, state, status), Flow::Next)
                            })
                            .collect()
                    });
                }
                Call::Scripts { scripts, ignores_failure, skipped_packages, undefined, .. } => {
                    for name in undefined.iter().filter(|_| !self.foreign_tree) {
                        let like_check = names::script(name).is_some();
                        let missing = Missing {
                            what: format!("script `{name}`"),
                            looked_in: Vec::new(),
                            near: None,
                            silent: true,
                            chain: self.chain_to(at.start),
                            like_check,
                        };
                        if !self.missing.contains(&missing) {
                            self.missing.push(missing);
                        }
                    }
                    return self.scripts(&scripts, ignores_failure, &skipped_packages, state, at);
                }
                Call::Missing { what, looked_in, near, silent } => {
                    return self.nobody_defines(what, looked_in, near, silent, state, at, &argv);
                }
            }
        }
        if unwrap::elsewhere(&words)
            && let Some(from) = (1..words.len()).find(|from| {
                catalogue::tool(&words[*from..]).is_some_and(|tool| tool.is_check(&words[*from..]))
            })
        {
            let inner = words[from..].to_vec();
            if let Some(tool) = catalogue::tool(&inner) {
                return self.check(&arguments[from..], &inner, &hit(tool, &inner), state, at);
            }
        }
        if unwrap::elsewhere(&words)
            && let Some((at_image, program)) = (1..words.len()).find_map(|at| Some((at, catalogue::program_of_image(words[at])?)))
        {
            let mut inner = vec![program];
            inner.extend(words.get(at_image + 1..).unwrap_or_default().iter().filter(|word| **word != program));
            if let Some(tool) = catalogue::tool(&inner).filter(|tool| tool.is_check(&inner)) {
                return self.check(arguments, &inner, &hit(tool, &inner), state, at);
            }
        }
        if let Some(paths) = self.named(arguments, &words, state.clone(), at) {
            return paths;
        }
        self.opaque(arguments, state, at)
    }

    fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.calls += 1;
        let result = run(self);
        self.calls -= 1;
        result
    }

    fn wrapped(&mut self, arguments: &[Value], inner: Inner, state: State, at: &At) -> Paths {
        match inner {
            Inner::Text(text) => self.nested(&text, self.frame.origin.clone(), &[], state, (false, false), at),
            Inner::Words(from, to, passes) => {
                let words = arguments.get(from..to).unwrap_or_default().to_vec();
                let paths = self.deeper(|machine| machine.dispatch(&words, state, at, true));
                if passes == Passes::On {
                    return paths;
                }
                let lost = |(mut state, flow): (State, Flow)| {
                    let status = super::flow::flow_status(&state, flow);
                    state.status = Status::OK;
                    (state, status.fails_by_check())
                };
                let ended: Vec<(State, bool)> = paths.into_iter().map(lost).collect();
                if ended.iter().any(|(_, lost)| *lost) {
                    let link = self.link(at.start);
                    self.lose(LossKind::FindExec, link);
                }
                ended.into_iter().map(|(state, _)| (state, Flow::Next)).collect()
            }
        }
    }

    /// `bash script.sh`, `sh -c "…"`, `./script.sh`; none where it is none of these.
    fn shell(&mut self, arguments: &[Value], words: &[&str], state: State, at: &At) -> Option<Paths> {
        let first = *words.first()?;
        let is_shell = matches!(paths::base(first), "bash" | "sh" | "dash" | "zsh" | "ash" | "ksh");
        let script_at = if is_shell {
            let c = words.iter().skip(1).take_while(|word| word.starts_with(['-', '+'])).position(|word| {
                word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
            });
            if let Some(c) = c {
                let text = arguments.get(c + 2)?.text()?.to_owned();
                let options = Self::shell_options(&words[1..=c + 1]);
                let origin = Origin::line(&self.link(at.start).file, &text, self.link(at.start).line);
                return Some(self.nested(&text, origin, &arguments[c + 2..], state, options, at));
            }
            let mut index = 1;
            while words.get(index).is_some_and(|word| word.starts_with(['-', '+'])) {
                index += if matches!(words[index], "-o" | "+o" | "-O" | "--rcfile" | "--init-file") || words[index].ends_with('o') && !words[index].starts_with("--") { 2 } else { 1 };
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
            let by_shebang = shebang.starts_with("#!") && ["bash", "/sh", " sh", "dash", "zsh"].iter().any(|shell| shebang.contains(shell));
            if !is_shell && !by_shebang && !(path.ends_with(".sh") && !shebang.starts_with("#!")) {
                return None;
            }
            let mut options = Self::shell_options(&words[1.min(words.len())..script_at.max(1).min(words.len())]);
            if shebang.starts_with("#!") && !is_shell {
                let flags: Vec<&str> = shebang.split_whitespace().skip(1).filter(|word| word.starts_with('-')).collect();
                options = Self::shell_options(&flags);
            }
            let origin = Origin::whole(&place, &text, 1);
            let before = self.work;
            let paths = self.nested(&text, origin, &arguments[script_at..], state, options, at);
            self.note_hollow(&paths::base(&path).to_owned(), &text, before, at);
            return Some(paths);
        }
        if state.files.contains_key(&*place) || !self.surely_missing(&place) {
            return None;
        }
        Some(self.no_script(format!("script {path}"), &place, state, at))
    }

    /// Whether a path that scripts call is surely not there: nothing that the run makes lies in such a place.
    fn surely_missing(&self, place: &str) -> bool {
        const MADE: [&str; 22] = [
            "node_modules", "target", "dist", "build", "out", "bin", "venv", ".venv", "vendor", "tmp", "temp", "coverage", "_build",
            "artifacts", "download", "downloads", "cache", "install", "node", "Release", "Debug", "output",
        ];
        let made = place.split('/').any(|part| MADE.contains(&part) || part.starts_with("build") || part.starts_with('.') && part != ".github");
        let script = matches!(place.rsplit('.').next(), Some("sh" | "bash" | "js" | "mjs" | "cjs" | "py" | "rb" | "pl"));
        script && !made && !place.starts_with('/') && self.world.is_folder(paths::folder(place)) && !self.mentions_making(place)
    }

    /// Whether something before wrote, fetched or unpacked what may be this file.
    fn mentions_making(&self, place: &str) -> bool {
        self.made.iter().any(|word| word.contains(paths::base(place))) || self.foreign_tree
    }

    fn no_script(&mut self, what: String, place: &str, mut state: State, at: &At) -> Paths {
        let like_check = names::script(place).is_some() || self.named_like_check;
        let near = None;
        let missing = Missing { what, looked_in: vec![place.to_owned()], near, silent: false, chain: self.chain_to(at.start), like_check };
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
        state.status = Status::either(MEASURED);
        vec![(state, Flow::Next)]
    }

    #[expect(clippy::too_many_arguments, reason = "what the package manager said, taken apart")]
    fn nobody_defines(
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
    fn scripts(&mut self, scripts: &[ScriptAt], ignores: bool, skipped: &[String], state: State, at: &At) -> Paths {
        const MOST: usize = 60;
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
        for script in scripts.iter().take(MOST) {
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
                for (state, flow) in self.nested(&script.text, origin.clone(), &[], inside, (script.errexit, false), at) {
                    let status = super::flow::flow_status(&state, flow);
                    next.push((state, worse(so_far, status)));
                }
            }
            next.sort();
            next.dedup();
            next.truncate(6);
            going = next;
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
                let status = if ignores { Status::OK } else { status };
                (self.leave(&call, state, status), Flow::Next)
            })
            .collect()
    }

    /// Notes which packages the checks of these scripts cover.
    fn note_covered(&mut self, scripts: &[ScriptAt], skipped: &[String]) {
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
    fn note_hollow(&mut self, name: &str, text: &str, before: usize, at: &At) {
        if self.work != before || names::script(name).is_none() || *self.trial() != Trial::Nothing {
            return;
        }
        let hollow = Hollow { name: name.to_owned(), text: does(text), chain: self.chain_to(at.start) };
        if !self.hollow.contains(&hollow) {
            self.hollow.push(hollow);
        }
    }

    /// A program that is known by its name alone to check something.
    fn named(&mut self, arguments: &[Value], words: &[&str], state: State, at: &At) -> Option<Paths> {
        let program = paths::base(words.first()?);
        let script = if INTERPRETERS.contains(&program) {
            let operand = words.iter().skip(1).find(|word| !word.starts_with('-'))?;
            operand.contains('.').then_some(*operand)
        } else if words[0].contains('/') || program == "make" || program == "just" || program == "task" {
            Some(match program {
                "make" | "just" | "task" => words.iter().skip(1).find(|word| !word.starts_with('-') && !word.contains('=')).copied()?,
                _ => words[0],
            })
        } else {
            None
        };
        let by_script = script.and_then(names::script);
        let utility = CARRIERS.contains(&program) || UTILITIES.contains(&program) || catalogue::knows(program);
        let by_step = self.named_like_check && !utility && (script.is_some() || !INTERPRETERS.contains(&program));
        if by_script.is_none() && !by_step {
            return None;
        }
        if let Some(path) = script
            && let Some(place) = self.place(path, &state)
            && path.contains('.')
            && !self.world.contains(&place)
            && !state.files.contains_key(&*place)
            && self.surely_missing(&place)
        {
            return Some(self.no_script(format!("script {path}"), &place, state, at));
        }
        let name = script.map_or(program, paths::base);
        let confidence = if by_script == Some(Confidence::High) { Confidence::High } else { Confidence::Medium };
        let hit = Hit { tool: name.into(), kind: "other", known: None, confidence, program: program.into() };
        Some(self.check(arguments, words, &hit, state, at))
    }

    /// Runs a command that checks something.
    fn check(&mut self, arguments: &[Value], words: &[&str], hit: &Hit<'_>, mut state: State, at: &At) -> Paths {
        let top = self.top.unwrap_or(at.start);
        let name = self.group.clone().unwrap_or_else(|| Rc::clone(&hit.tool));
        let key: Rc<str> = format!("{}@{top}#{name}", self.prefix).into();
        self.work += 1;
        let muted = hit.known.and_then(|tool| tool.muted_by(words));
        let can_fail = match hit.known {
            Some(tool) => tool.can_fail(words) || tool.facts.settings.iter().any(|file| self.world.names_file(file)),
            None => self.says_failure(arguments, &state),
        };
        if let Some(seen) = self.seen.get_mut(&key).filter(|seen| !seen.tool.split(", ").any(|tool| *tool == *hit.tool)) {
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
                by_name: hit.known.is_none(),
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
                (Status::FAILED.tainted(CHECK), Value::known(printed).tainted(CHECK), File::missing(CHECK))
            }
            (Trial::Absent(_), true) => (Status::FAILED.tainted(CHECK), Value::known("").tainted(CHECK), File::missing(CHECK)),
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

    /// Whether the script that a program is given can fail of its own accord; so it is taken where its text is not known.
    fn says_failure(&self, arguments: &[Value], state: &State) -> bool {
        let text = arguments.iter().take(4).find_map(|word| {
            let path = word.text().filter(|text| text.contains('.'))?;
            let place = self.place(path, state)?;
            let written = state.files.get(&*place).map(|file| Rc::from(file.content.sketch()));
            written.or_else(|| self.world.text(&place))
        });
        text.is_none_or(|text| names::says_failure(&text))
    }

    /// What a program is given: its arguments, its input, the files that it is told of or that its text names.
    fn consumed(&self, arguments: &[Value], state: &State) -> crate::expr::Taint {
        let mut taint = Self::taint_of(arguments).union(state.opaque);
        if let Some(input) = &state.input {
            taint = taint.union(input.taint);
        }
        let tainted: Vec<(&Rc<str>, &File)> = state.files.iter().filter(|(_, file)| file.content.taint.contains(CHECK)).collect();
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
    pub(super) fn opaque(&mut self, arguments: &[Value], mut state: State, at: &At) -> Paths {
        let program = arguments.first().and_then(Value::text).map(paths::base).unwrap_or("?").to_owned();
        let carrier = CARRIERS.contains(&program.as_str());
        self.work += 1;
        let consumed = self.consumed(arguments, &state);
        let taint = consumed.union(MEASURED);
        self.facts.programs.insert(program.as_str().into());
        self.note_making(&program, arguments);
        for (index, value) in arguments.iter().enumerate() {
            let flag = matches!(value.text(), Some("-o" | "-O" | "--output" | "--output-file" | "--out" | "--outfile" | "--report"));
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
        let _ = at;
        vec![(state, Flow::Next)]
    }

    /// Remembers what a program may have made: files it names, other repositories, archives.
    fn note_making(&mut self, program: &str, arguments: &[Value]) {
        let makes = matches!(program, "curl" | "wget" | "git" | "gh" | "tar" | "unzip" | "cp" | "mv" | "ln" | "aws" | "gsutil" | "docker");
        if makes {
            self.made.extend(arguments.iter().skip(1).map(|value| value.sketch().to_owned()));
        }
        let clones = program == "git" && arguments.get(1).and_then(Value::text).is_some_and(|word| matches!(word, "clone" | "submodule" | "checkout" | "switch" | "worktree"));
        self.foreign_tree |= clones || matches!(program, "tar" | "unzip" | "7z");
    }

    /// The tool whose failure the right side of `||` answers.
    pub(super) fn tried(&self) -> Option<Rc<str>> {
        self.last_tried.clone()
    }
}

/// What a script does, in a line: what it says last, comments left out.
fn does(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    shown(lines.last().unwrap_or("nothing"))
}

/// What is known of a command that `tool` is.
fn hit<'t>(tool: &'t Tool, words: &[&str]) -> Hit<'t> {
    let program = paths::base(words.first().copied().unwrap_or_default());
    Hit { tool: tool.name().into(), kind: tool.kind.word(), known: Some(tool), confidence: Confidence::High, program: program.into() }
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
