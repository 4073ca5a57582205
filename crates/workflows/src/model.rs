//! A workflow as it is written, every part with its place.

use tollgate_input::{BlockInfo, Span};

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// The text, expressions (`${{ … }}`) left as they are written.
    pub(crate) text: String,
    /// Where, in bytes of the file.
    pub(crate) span: Span,
    /// Of a literal block scalar: where its lines stand.
    pub(crate) block: Option<BlockInfo>,
}

/// Names with values, in the order of the file: `env`, `with`, `outputs`.
pub(crate) type Pairs = Vec<(Text, Text)>;

/// One workflow file.
#[derive(Clone, Debug)]
pub(crate) struct Workflow {
    /// Where it lies, relative to the root.
    pub(crate) path: String,
    /// `name`.
    pub(crate) name: Option<Text>,
    /// `on`, in the order of the file.
    pub(crate) triggers: Vec<Trigger>,
    /// `permissions`.
    pub(crate) permissions: Option<Permissions>,
    /// `env`.
    pub(crate) env: Pairs,
    /// `defaults.run`.
    pub(crate) defaults: Defaults,
    /// `jobs`, in the order of the file.
    pub(crate) jobs: Vec<Job>,
}

/// One event under `on`.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// `push`, `pull_request`, ….
    pub(crate) event: Text,
    /// `branches`.
    pub(crate) branches: Vec<Text>,
    /// `paths`.
    pub(crate) paths: Vec<Text>,
    /// `paths-ignore`.
    pub(crate) paths_ignore: Vec<Text>,
    /// Whether `tags` or `tags-ignore` is given.
    pub(crate) has_tags: bool,
    /// `types`.
    pub(crate) types: Vec<Text>,
    /// `workflows` of `workflow_run`.
    pub(crate) workflows: Vec<Text>,
}

/// `permissions`.
#[derive(Clone, Debug)]
pub(crate) struct Permissions {
    /// The whole value.
    pub(crate) span: Span,
    /// What is granted.
    pub(crate) granted: Granted,
}

/// What `permissions` grants.
#[derive(Clone, Debug)]
pub(crate) enum Granted {
    /// `read-all`.
    ReadAll,
    /// `write-all`.
    WriteAll,
    /// Scope by scope; `{}` is none.
    Scopes(Pairs),
}

/// `defaults.run`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    /// `shell`.
    pub(crate) shell: Option<Text>,
    /// `working-directory`.
    pub(crate) working_directory: Option<Text>,
}

/// One job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The key under `jobs`.
    pub(crate) id: Text,
    /// `name`.
    pub(crate) name: Option<Text>,
    /// `needs`.
    pub(crate) needs: Vec<Text>,
    /// `if`.
    pub(crate) condition: Option<Text>,
    /// `runs-on`, labels as written; of a mapping its labels and group.
    pub(crate) runs_on: Vec<Text>,
    /// `permissions`.
    pub(crate) permissions: Option<Permissions>,
    /// `env`.
    pub(crate) env: Pairs,
    /// `defaults.run`.
    pub(crate) defaults: Defaults,
    /// `continue-on-error`, as written.
    pub(crate) continue_on_error: Option<Text>,
    /// `strategy.matrix`: each name with its values as texts; values that are no scalars are left out, and an expression
    /// as the whole matrix gives nothing. `include` and `exclude` are not in here.
    pub(crate) matrix: Vec<(String, Vec<String>)>,
    /// `strategy.matrix.include`: each entry's scalars.
    pub(crate) include: Vec<Vec<(String, String)>>,
    /// Whether there is a `strategy.matrix` at all.
    pub(crate) has_matrix: bool,
    /// `outputs`.
    pub(crate) outputs: Pairs,
    /// `environment` is given.
    pub(crate) environment: bool,
    /// `container.image` or `container`.
    pub(crate) container: Option<Text>,
    /// `uses`: a reusable workflow.
    pub(crate) uses: Option<Text>,
    /// `with`.
    pub(crate) with: Pairs,
    /// `steps`.
    pub(crate) steps: Vec<Step>,
}

/// One step of a job or of a composite action.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// The whole step.
    pub(crate) span: Span,
    /// `id`.
    pub(crate) id: Option<Text>,
    /// `name`.
    pub(crate) name: Option<Text>,
    /// `if`.
    pub(crate) condition: Option<Text>,
    /// `uses`.
    pub(crate) uses: Option<Text>,
    /// `with`.
    pub(crate) with: Pairs,
    /// `run`.
    pub(crate) run: Option<Text>,
    /// `shell`.
    pub(crate) shell: Option<Text>,
    /// `working-directory`.
    pub(crate) working_directory: Option<Text>,
    /// `env`.
    pub(crate) env: Pairs,
    /// `continue-on-error`, as written.
    pub(crate) continue_on_error: Option<Text>,
}

impl Job {
    /// Whether the run goes on as if nothing had happened when the job fails; none where that is not known.
    pub(crate) fn continues(&self) -> Option<bool> {
        switch(self.continue_on_error.as_ref())
    }
}

impl Step {
    /// Whether the job goes on when the step fails; none where that is not known.
    pub(crate) fn continues(&self) -> Option<bool> {
        switch(self.continue_on_error.as_ref())
    }
}

/// What `true`, `false` or `${{ true }}` says; not written is false.
fn switch(text: Option<&Text>) -> Option<bool> {
    let text = text.map_or("false", |text| text.text.trim());
    match text.trim_start_matches("${{").trim_end_matches("}}").trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A local action (`action.yml`).
#[derive(Clone, Debug)]
pub(crate) struct Action {
    /// `inputs`: name and default.
    pub(crate) inputs: Vec<(Text, Option<Text>)>,
    /// `outputs`: name and, of a composite action, value.
    pub(crate) outputs: Pairs,
    /// Steps of a composite action; none of another kind.
    pub(crate) steps: Vec<Step>,
    /// Whether it is a composite action.
    pub(crate) composite: bool,
}
