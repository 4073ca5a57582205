//! `uses`: what an action is known to do.

use std::collections::BTreeMap;
use std::rc::Rc;

use tollgate_model::Confidence;

use super::job::JobState;
use super::steps::Around;
use super::{Bench, step_name, to_value};
use crate::catalogue::{self, Kind, Role};
use crate::expr::{self, Abstract};
use crate::machine::Machine;
use crate::machine::site::{Frame, Link, Origin, shown};
use crate::machine::state::{State, Table, settle_by};
use crate::machine::value::{CHECK, File, MEASURED, Status, Value};
use crate::model::{Pairs, Step, Text};
use crate::{names, paths};

/// How deep local actions may use each other.
const DEEPEST: usize = 6;

/// How an action ended on one path.
type Ends = Vec<(State, Status, Table<Value>)>;

impl Bench<'_> {
    /// Runs the action of a step.
    pub(super) fn action(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        uses: &Text,
        inside: JobState,
        around: &Around<'_>,
    ) -> Ends {
        let mut env = around.env.clone();
        env.push(&step.env);
        let inputs = self.inputs(&step.with, &inside, around, &env);
        if let Some(folder) = uses.text.strip_prefix("./") {
            return self.local(machine, step, folder, &inputs, inside, around);
        }
        let line = around.source.index.position(uses.span.start).0;
        let link = Link { file: around.source.path.into(), line, text: shown(&format!("uses: {}", uses.text)).into() };
        let shell = inside.shell.clone();
        let mut plain: Vec<(String, String)> =
            inputs.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
        // Conditions of the catalogue on the environment look there.
        plain.extend(step.env.iter().map(|(name, value)| (format!("env.{}", name.text), value.text.clone())));
        let Some(action) = catalogue::action(&uses.text) else {
            return self.unknown(machine, step, uses, &plain, &inputs, shell, link, around);
        };
        match action.role {
            // What analyses and uploads in one is a check that code scanning judges.
            Role::Check | Role::CodeScanning
                if action.is_check(&plain) || action.role == Role::CodeScanning && action.tool.is_some() =>
            {
                let check = machine.action_check(ActionCheck {
                    tool: action.tool.clone().unwrap_or_else(|| paths::base(&action.name).to_owned()),
                    kind: action.kind.map_or("other", Kind::word),
                    key: around.prefix.clone(),
                    muted: action.muted_by(&plain),
                    can_fail: action.can_fail(&plain),
                    empty: action.empty_by(&plain),
                    own_status: action.posts_status(&plain) || action.role == Role::CodeScanning,
                    note: action.note.clone(),
                    confidence: Confidence::High,
                    link,
                });
                let mut shell = shell;
                for path in action.report_files(&plain) {
                    if let Some(place) = paths::join("", path) {
                        shell.write(&place, check.report.clone());
                    }
                }
                let mut outputs: BTreeMap<Rc<str>, Value> = BTreeMap::new();
                if action.outputs.is_empty() {
                    outputs.insert("*".into(), check.output);
                } else {
                    // Of a known action it is known which outputs tell what it found.
                    outputs.insert("*".into(), Value::unknown(MEASURED));
                    outputs
                        .extend(action.outputs.iter().map(|name| (name.to_lowercase().into(), check.output.clone())));
                }
                vec![(shell, check.status, Rc::new(outputs))]
            }
            Role::Judge | Role::CodeScanning | Role::Service => {
                let reads = action.read_files(&plain).into_iter().map(str::to_owned).collect::<Vec<_>>();
                // What it reads may be a report of the check by a name that the tool was not told here.
                let known =
                    |path: &str| paths::join("", path).is_some_and(|place| shell.files.contains_key(place.as_str()));
                let foreign = machine.has_tried() && !reads.iter().any(|path| known(path));
                let tainted = foreign
                    || self.reads_tainted(&reads, &shell)
                    || inputs.iter().any(|(_, value)| value.taint.contains(CHECK));
                let judges =
                    action.can_fail(&plain) && action.muted_by(&plain).is_none() || action.posts_status(&plain);
                let tainted = tainted && (judges || action.role == Role::CodeScanning);
                let status = if tainted { Status::either(CHECK) } else { Status::OK };
                machine.facts.programs.insert(action.name.as_str().into());
                if tainted && action.role != Role::Service {
                    machine.facts.verdicts.push((link, CHECK));
                }
                let status = if action.role == Role::Service { Status::OK } else { status };
                vec![(shell, status, outputs_of(MEASURED))]
            }
            Role::Run => match action
                .command_input
                .as_ref()
                .and_then(|name| step.with.iter().find(|(own, _)| own.text.eq_ignore_ascii_case(name)))
            {
                Some((_, command)) => self.command_input(machine, command, inside, around),
                None => vec![(shell, Status::OK, outputs_of(MEASURED))],
            },
            Role::Script => self.javascript(machine, step, &inputs, shell, link),
            _ => {
                let taint = inputs.iter().fold(MEASURED, |all, (_, value)| all.union(value.taint));
                machine.facts.programs.insert(action.name.as_str().into());
                if action.role == Role::ArtifactDown {
                    let mut shell = shell;
                    shell.opaque = shell.opaque.union(around.needs.downloads);
                    machine.fetched();
                    return vec![(shell, Status::OK, outputs_of(taint))];
                }
                if action.role == Role::Checkout && !plain.is_empty() {
                    machine.fetched_elsewhere(&plain);
                }
                vec![(shell, Status::OK, outputs_of(taint))]
            }
        }
    }

    /// What `with` gives, by name in lower case.
    fn inputs(&self, with: &Pairs, state: &JobState, around: &Around<'_>, env: &[&Pairs]) -> Vec<(String, Value)> {
        let scope = self.scope(state, around, env);
        with.iter()
            .map(|(name, value)| (name.text.to_lowercase(), to_value(&expr::interpolate(&value.text, &scope))))
            .collect()
    }

    /// Whether any of these paths or patterns names a file that depends on the check.
    fn reads_tainted(&self, reads: &[String], shell: &State) -> bool {
        if shell.opaque.contains(CHECK) {
            return true;
        }
        let mut tainted =
            shell.files.iter().filter(|(_, file)| file.content.taint.contains(CHECK)).map(|(path, _)| path);
        tainted.any(|path| {
            reads.iter().flat_map(|text| text.split(['\n', ',', ' '])).filter(|read| !read.is_empty()).any(|read| {
                let read = read.trim_start_matches("./").trim_end_matches('/');
                let ending = paths::base(read).rsplit_once('.').map(|(_, ending)| ending);
                **path == *read
                    || path.starts_with(&format!("{read}/"))
                    || read == "."
                    || paths::base(path) == paths::base(read)
                    || read.contains('*') && ending.is_none_or(|ending| path.ends_with(ending))
            })
        })
    }

    /// A composite action of the repository.
    fn local(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        folder: &str,
        inputs: &[(String, Value)],
        inside: JobState,
        around: &Around<'_>,
    ) -> Ends {
        let folder = folder.trim_end_matches('/');
        let Some((action, source)) =
            self.actions.get(folder).filter(|(action, _)| action.composite && around.depth < DEEPEST)
        else {
            machine.facts.programs.insert("an action".into());
            return vec![(inside.shell, Status::OK, outputs_of(MEASURED))];
        };
        let mut given: BTreeMap<String, Abstract> = BTreeMap::new();
        for (name, default) in &action.inputs {
            let value = default.as_ref().map_or(Value::known(""), |default| match default.text.contains("${{") {
                true => Value::unknown(MEASURED),
                false => Value::known(&default.text),
            });
            given.insert(name.text.to_lowercase(), super::to_abstract(&value));
        }
        for (name, value) in inputs {
            given.insert(name.clone(), super::to_abstract(value));
        }
        let line = around.source.index.position(step.span.start).0;
        let link = Link { file: around.source.path.into(), line, text: shown(&step_name(step)).into() };
        let before = machine.work();
        machine.enter(link.clone());
        let control = inside.shell.control;
        let mut states = vec![(JobState { steps: Table::default(), ..inside.clone() }, Status::OK)];
        for (index, inner) in action.steps.iter().enumerate() {
            let mut next = Vec::new();
            for (state, so_far) in states {
                if so_far.ok == Some(false) || so_far.fails_by_check() {
                    next.push((state, so_far));
                    continue;
                }
                let mut env = around.env.clone();
                env.push(&step.env);
                let within = Around {
                    job: around.job,
                    needs: around.needs,
                    source,
                    inputs: Some(&given),
                    env,
                    prefix: format!("{}.{index}", around.prefix),
                    forced: false,
                    depth: around.depth + 1,
                };
                for ran in self.step(machine, inner, state, &within) {
                    let continues = inner.continues() == Some(true);
                    let status = if continues { Status::OK } else { ran.status };
                    let mut state = ran.state;
                    state.shell.control = control;
                    next.push((state, status));
                }
            }
            states = settle_by(next, 8, JobState::join);
        }
        machine.leave_action();
        if machine.work() == before && names::step(super::claim(step)).is_some_and(|sure| sure == Confidence::High) {
            machine.note_nothing(super::claim(step), "steps of a local action that only print", link);
        }
        let ends = states.into_iter().map(|(state, status)| {
            let within = Around {
                job: around.job,
                needs: around.needs,
                source,
                inputs: Some(&given),
                env: Vec::new(),
                prefix: String::new(),
                forced: false,
                depth: around.depth + 1,
            };
            let mut outputs: BTreeMap<Rc<str>, Value> = BTreeMap::new();
            for (name, value) in &action.outputs {
                let value = to_value(&expr::interpolate(&value.text, &self.scope(&state, &within, &[])));
                outputs.insert(name.text.to_lowercase().into(), value);
            }
            (State { control, ..state.shell }, status, Rc::new(outputs))
        });
        ends.collect()
    }

    /// A command that an action is given to run.
    fn command_input(&self, machine: &mut Machine<'_>, command: &Text, inside: JobState, around: &Around<'_>) -> Ends {
        let Some(parsed) = self.world.parse(&command.text) else {
            self.world.cut_short(around.source.path);
            return vec![(inside.shell, Status::either(CHECK), outputs_of(CHECK))];
        };
        let origin = Origin::text(around.source.path, command, &around.source.index);
        let mut shell = inside.shell;
        shell.errexit = true;
        let ends = machine.run(&parsed.script, Frame { origin, ..Frame::default() }, vec![shell]);
        ends.into_iter().map(|end| (end.state, end.status, outputs_of(MEASURED))).collect()
    }

    /// `actions/github-script`: whether it can fail, and on account of what.
    fn javascript(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        inputs: &[(String, Value)],
        shell: State,
        link: Link,
    ) -> Ends {
        let text = inputs
            .iter()
            .find(|(name, _)| name == "script")
            .map(|(_, value)| value.clone())
            .unwrap_or(Value::known(""));
        let sketch = text.sketch();
        let fails = ["setFailed", "throw ", "process.exit(", "process.exitCode", "assert"]
            .iter()
            .any(|word| sketch.contains(word));
        let reads = shell
            .files
            .iter()
            .any(|(path, file)| file.content.taint.contains(CHECK) && sketch.contains(paths::base(path)));
        let variables =
            shell.exported.values().any(|value| value.taint.contains(CHECK)) && sketch.contains("process.env");
        let tainted = text.taint.contains(CHECK)
            || reads
            || variables
            || shell.opaque.contains(CHECK)
            || Self::reads_results(step);
        machine.facts.programs.insert("a script".into());
        if fails {
            let taint = if tainted { CHECK } else { text.taint.union(MEASURED) };
            machine.facts.verdicts.push((link, taint.union(shell.control)));
        }
        let status =
            if fails && (tainted || shell.control.contains(CHECK)) { Status::either(CHECK) } else { Status::OK };
        vec![(shell, status, outputs_of(text.taint.union(MEASURED)))]
    }

    /// Whether the step reads results of steps or jobs; what hangs on them is taken to depend on the check.
    fn reads_results(step: &Step) -> bool {
        step.env.iter().any(|(_, value)| value.text.contains("steps.") || value.text.contains("needs."))
    }

    /// An action of which nothing is known but its name and what it is given.
    #[expect(clippy::too_many_arguments, reason = "what the step says, taken apart")]
    fn unknown(
        &self,
        machine: &mut Machine<'_>,
        step: &Step,
        uses: &Text,
        plain: &[(String, String)],
        inputs: &[(String, Value)],
        shell: State,
        link: Link,
        around: &Around<'_>,
    ) -> Ends {
        let name = uses.text.split('@').next().unwrap_or_default();
        let reads: Vec<String> = plain.iter().map(|(_, value)| value.clone()).collect();
        let tainted = inputs.iter().any(|(_, value)| value.taint.contains(CHECK)) || self.reads_tainted(&reads, &shell);
        machine.facts.programs.insert("an action".into());
        machine.fetched();
        let by_action = names::script(paths::base(name)).filter(|sure| *sure == Confidence::High);
        let by_step =
            step.name.as_ref().and_then(|name| names::step(&name.text)).filter(|sure| *sure >= Confidence::Medium);
        let setup = names::words(name)
            .iter()
            .any(|word| matches!(word.as_str(), "setup" | "install" | "comment" | "upload" | "report" | "reporter"));
        if (by_action.is_some() || by_step.is_some()) && !setup && !tainted {
            let check = machine.action_check(ActionCheck {
                tool: paths::base(name).to_owned(),
                kind: "other",
                key: around.prefix.clone(),
                muted: None,
                can_fail: true,
                empty: None,
                own_status: false,
                note: None,
                confidence: Confidence::Medium,
                link,
            });
            return vec![(shell, check.status, outputs_of(check.output.taint))];
        }
        let status = if tainted { Status::either(CHECK) } else { Status::OK };
        let taint = if tainted { CHECK.union(MEASURED) } else { MEASURED };
        vec![(shell, status, outputs_of(taint))]
    }
}

/// A value as conditions of the catalogue see it: what is not known looks like an expression.
fn plain(value: &Value) -> String {
    value.sketch().replace('\u{FFFC}', "${{ … }}")
}

/// Outputs of any name that depend on this.
fn outputs_of(taint: expr::Taint) -> Table<Value> {
    Rc::new(BTreeMap::from([("*".into(), Value::unknown(taint))]))
}

/// A check that an action makes.
pub(crate) struct ActionCheck {
    /// What people call the tool.
    pub(crate) tool: String,
    /// What kind of check.
    pub(crate) kind: &'static str,
    /// Job and step.
    pub(crate) key: String,
    /// The input by which it never fails.
    pub(crate) muted: Option<String>,
    /// Whether it fails on what it finds at all.
    pub(crate) can_fail: bool,
    /// The input by which nothing examined is a pass.
    pub(crate) empty: Option<String>,
    /// Whether its result becomes a status of its own on the commit.
    pub(crate) own_status: bool,
    /// How the action ends, where that is not what people expect.
    pub(crate) note: Option<String>,
    /// How sure it is that this is a check.
    pub(crate) confidence: Confidence,
    /// Where it stands.
    pub(crate) link: Link,
}

/// What a check that an action makes leaves behind.
pub(crate) struct ActionEnd {
    /// The step's status.
    pub(crate) status: Status,
    /// Its outputs.
    pub(crate) output: Value,
    /// Its report.
    pub(crate) report: File,
}
