//! What runs where nobody wrote a tollgate.toml: every checker that finds something to look at, shown with its numbers.

use tollgate_check::Tool;
use tollgate_policy::{Gate, Policy};

use crate::options::{self, Given};
use crate::plan::Instance;
use crate::session::Session;

/// The starter policy, the checkers it runs, and what it does not look at.
pub(crate) struct Starter<'a> {
    pub(crate) policy: Policy,
    pub(crate) instances: Vec<Instance<'a>>,
    pub(crate) not_examined: Vec<String>,
}

/// Name of the starter policy in reports.
pub(crate) const NAME: &str = "starter policy";

impl<'a> Starter<'a> {
    /// Looks which checkers find something.
    pub(crate) fn find(session: &Session, tools: &[&'a dyn Tool]) -> anyhow::Result<Self> {
        let mut starter = Self { policy: Policy::default(), instances: Vec::new(), not_examined: Vec::new() };
        for tool in tools {
            let instance = Instance::plain(*tool, &Given::by_environment(*tool)?)?;
            let values = options::values(&instance.settings);
            let found = session.with_context(|ctx| tool.discovers(ctx, values)).map_err(anyhow::Error::from)?;
            let clauses = options::starter(*tool)?;
            if found && !clauses.is_empty() {
                starter.policy.gates.push(Gate::new(tool.name(), clauses));
                starter.instances.push(instance);
            } else {
                let name = tool.name();
                starter.not_examined.push(format!(
                    "{name}: nothing lies where it usually does; a section [{name}] in tollgate.toml names it"
                ));
            }
        }
        Ok(starter)
    }
}
