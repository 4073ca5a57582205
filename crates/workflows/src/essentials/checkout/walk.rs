//! Along the steps of a job: what is fetched, and what is run afterwards.

use tollgate_input::Span;

use super::fetch::{self, Fetched, Source};
use super::runs::{self, Folders};
use crate::essentials::commands::{Command, Script};
use crate::essentials::env::{Env, Variables};
use crate::essentials::outsider::{Run, Truth, condition};
use crate::essentials::standing::asks_who;
use crate::essentials::{File, span_in};
use crate::model::{Job, Step, Text};

/// How many folders with other code are kept apart.
const MOST_FOLDERS: usize = 50;

/// A step that fetches code of a pull request and one after it that runs it.
pub(super) struct Pair {
    pub(super) fetched: Fetched,
    /// The run's words, and where they stand.
    pub(super) ran: String,
    pub(super) place: Span,
    /// The conditions of both steps.
    pub(super) truth: Truth,
}

/// The first step of `job` that runs what one before it fetched.
pub(super) fn pair(file: &File<'_>, workflow: &Variables<'_>, job: &Job, run: Run<'_>) -> Option<Pair> {
    let variables = Variables::of(&job.env);
    let mut walk = Walk { file, event: run.event, fetched: None, others: Vec::new(), waiting: false };
    let mut asked = Truth::Always;
    for step in &job.steps {
        let truth = condition(step.condition.as_ref().map(|c| c.text.as_str()), run);
        if truth == Truth::Never {
            continue;
        }
        if asks_who(step) {
            asked = Truth::Guarded;
        }
        let own = Variables::of(&step.env);
        let env = Env::of(&own, &variables, workflow);
        let uses = step.uses.as_ref().and_then(|uses| walk.action(step, uses, &env, truth));
        let shell = || step.run.as_ref().filter(|_| is_shell(step));
        let ran = uses.or_else(|| shell().and_then(|text| walk.script(text, folder_of(file, job, step), &env, truth)));
        if let (Some((ran, place)), Some((fetched, before))) = (ran, &walk.fetched) {
            return Some(Pair { fetched: fetched.clone(), ran, place, truth: truth.min(*before).min(asked) });
        }
    }
    None
}

struct Walk<'a> {
    file: &'a File<'a>,
    event: &'a str,
    /// The code, and the condition under which it was fetched.
    fetched: Option<(Fetched, Truth)>,
    /// The folders with other code.
    others: Vec<String>,
    /// A command has fetched the code without checking it out.
    waiting: bool,
}

impl Walk<'_> {
    fn folders(&self) -> Option<Folders<'_>> {
        self.fetched.as_ref().map(|(code, _)| Folders { code: &code.folder, others: &self.others })
    }

    /// A step with an action: what it runs of the code.
    fn action(&mut self, step: &Step, uses: &Text, env: &Env<'_>, truth: Truth) -> Option<(String, Span)> {
        if !fetch::is_checkout(&uses.text) {
            let runs = self.folders().is_some_and(|folders| runs::by_action(step, &uses.text, &folders));
            return runs.then(|| (uses.text.clone(), uses.span));
        }
        let folder = fetch::folder(step);
        match fetch::by_action(self.file, step, env, self.event) {
            Some(code) => {
                self.others.retain(|other| *other != folder);
                self.fetched = Some((code, truth));
            }
            None if self.fetched.as_ref().is_some_and(|(code, _)| code.folder == folder) => self.fetched = None,
            None if self.others.len() < MOST_FOLDERS => self.others.push(folder),
            None => {}
        }
        None
    }

    /// A script that begins in `folder`: the first command that runs something of the code.
    fn script(&mut self, text: &Text, mut folder: String, env: &Env<'_>, truth: Truth) -> Option<(String, Span)> {
        let fetching = fetch::InScript::new(env, self.event);
        for command in Script::of(&text.text).commands() {
            let place = || span_in(text, self.file.source, self.file.lines, command.at.start, command.at.len());
            let known = self.fetched.as_ref().is_some_and(|(code, _)| code.source == Source::Code);
            if command.name() == "cd" {
                folder = command.words().first().map_or_else(String::new, |to| fetch::join(&folder, to));
            } else if !known && fetching.fetches(&command, &mut self.waiting) {
                let (written, place) = (in_one_line(&command), place());
                let code = Fetched { source: Source::Code, folder: folder.clone(), written, place };
                self.fetched = Some((code, truth));
            } else if self.folders().is_some_and(|folders| runs::by_command(&command, &folder, &folders)) {
                return Some((command.written().to_owned(), place()));
            }
        }
        None
    }
}

/// A command's words as they are written, one blank between them.
fn in_one_line(command: &Command<'_>) -> String {
    let arguments = command.arguments.iter().map(|word| command.source(word));
    std::iter::once(command.program.as_str()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Whether the script is one for a shell.
fn is_shell(step: &Step) -> bool {
    let other = |shell: &str| ["python", "node", "perl", "ruby"].iter().any(|name| shell.starts_with(name));
    !step.shell.as_ref().is_some_and(|shell| other(&shell.text))
}

/// The folder that a script starts in.
fn folder_of(file: &File<'_>, job: &Job, step: &Step) -> String {
    let defaults = [&job.defaults.working_directory, &file.workflow.defaults.working_directory];
    let given = step.working_directory.as_ref().or(defaults.into_iter().flatten().next());
    given.map_or_else(String::new, |folder| fetch::join("", &folder.text))
}
