//! Whose policy: what decides is read from the tip of the base branch, how to measure from the change itself, and what the change
//! would relax is listed.

mod merge;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tollgate_check::{Tool, Tree};
use tollgate_config::{Config, Section, Source};
use tollgate_policy::{Catalog, Relaxation, Side, relaxations};

use crate::arguments::Common;
use crate::configuration::{self, FILE};
use crate::session::{Base, Session};

/// Largest file of silenced findings that is compared, in bytes.
const LARGEST: u64 = 4 << 20;

/// The configuration that applies, and what the change's own would relax.
#[derive(Default)]
pub(crate) struct Whose {
    /// With the name it goes by; none where there is none.
    pub(crate) config: Option<(Config, String)>,
    pub(crate) relaxations: Vec<Relaxation>,
    /// What to say of it.
    pub(crate) notes: Vec<String>,
    /// Why the base's policy could not be read where it must be.
    pub(crate) trouble: Option<String>,
}

/// Finds out which configuration applies: where the change relaxes it, and somebody approved that, its own.
pub(crate) fn find(
    common: &Common,
    session: &Session,
    tools: &[&dyn Tool],
    catalog: &Catalog,
    approver: Option<&str>,
) -> anyhow::Result<Whose> {
    let head = configuration::find(common, session, tools, catalog)?;
    let whose = |config| Whose { config, ..Whose::default() };
    // A file that was named is meant, whatever the base has.
    if common.config.is_some() || head.is_none() {
        return Ok(whose(head));
    }
    let Some((head, name)) = head else { return Ok(Whose::default()) };
    let tip = match (session.tip_tree(), &session.base) {
        (Some(Ok(tip)), _) => tip,
        (Some(Err(because)), _) => return Ok(unread(head, name, &because)),
        (None, Base::Unknown(because)) if session.event.is_of_others() => return Ok(unread(head, name, because)),
        _ => return Ok(whose(Some((head, name)))),
    };
    let read = |tree: &dyn Tree, path: &str| match tree.contains(path) {
        Ok(true) => tree.read(path, LARGEST).map(Some).map_err(|e| e.to_string()),
        Ok(false) => Ok(None),
        Err(error) => Err(error.to_string()),
    };
    let old = match read(tip.as_ref(), FILE) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => {
            let note = format!("this change adds {FILE}, and is judged by it: the base has none");
            return Ok(Whose { notes: vec![note], ..whose(Some((head, name))) });
        }
        Err(because) => return Ok(unread(head, name, &because)),
    };
    let same = read(session.tree().as_ref(), FILE).is_ok_and(|new| new.as_ref() == Some(&old));
    let shown = if same { FILE.to_owned() } else { format!("{FILE} of the base") };
    let base = match configuration::load(&shown, old, session, tools, catalog) {
        Ok(base) => base,
        Err(error) => {
            let first = error.to_string();
            let first = first.lines().next().unwrap_or_default();
            let text = format!("{shown} makes no sense ({first}), so this change is judged by its own");
            let relaxations = vec![Relaxation { gate: None, text }];
            return Ok(Whose { relaxations, ..whose(Some((head, name))) });
        }
    };
    let (old, new) = (Own::of(&base, tools, tip.as_ref()), Own::of(&head, tools, session.tree().as_ref()));
    let relaxations = relaxations(&old.side(&base), &new.side(&head), session.today);
    let differs = !merge::decides_alike(&base, &head);
    if let Some(by) = approver.filter(|_| !relaxations.is_empty()) {
        let notes = vec![format!("{by} approved this change, which is judged by its own {FILE}")];
        return Ok(Whose { config: Some((head, name)), relaxations, notes, trouble: None });
    }
    let config = merge::merged(base, head, tools);
    let mut notes = Vec::new();
    if differs {
        notes.push(format!("judged by {FILE} of the base; what this change alters in it counts once it is merged"));
    }
    Ok(Whose { config: Some((config, name)), relaxations, notes, trouble: None })
}

/// The change's own, where the base's must hold and nobody could read it.
fn unread(config: Config, name: String, because: &str) -> Whose {
    let trouble = format!("the policy of the base could not be read: {because}");
    Whose { config: Some((config, name)), trouble: Some(trouble), ..Whose::default() }
}

/// What one side has beside its policy.
struct Own {
    options: BTreeMap<(String, String, String), Value>,
    allow_files: BTreeMap<String, String>,
    configured: BTreeSet<(String, Option<String>)>,
    sources: BTreeMap<String, Value>,
}

impl Own {
    fn of(config: &Config, tools: &[&dyn Tool], tree: &dyn Tree) -> Self {
        let mut own = Self {
            options: BTreeMap::new(),
            allow_files: BTreeMap::new(),
            configured: BTreeSet::new(),
            sources: config.sources.iter().map(|source| (source.name.clone(), demands(source))).collect(),
        };
        let sections = |tool: &dyn Tool| config.sections.get(tool.name()).into_iter().flatten();
        for tool in tools {
            for section in sections(*tool) {
                own.configured.insert((tool.name().to_owned(), section.name.clone()));
                own.options.extend(silencing(*tool, section));
            }
            let text = |path: &&str| {
                let there = tree.contains(path).unwrap_or(false);
                let bytes = there.then(|| tree.read(path, LARGEST).ok()).flatten()?;
                Some(((*path).to_owned(), String::from_utf8_lossy(&bytes).into_owned()))
            };
            own.allow_files.extend(tool.allow_files().iter().filter_map(text));
        }
        own.configured.extend(config.sources.iter().map(|source| (source.name.clone(), None)));
        own
    }

    fn side<'a>(&'a self, config: &'a Config) -> Side<'a> {
        Side {
            policy: &config.policy,
            options: &self.options,
            allow_files: &self.allow_files,
            configured: &self.configured,
            sources: &self.sources,
        }
    }
}

/// What must be there of a source. Where its reports lie is a matter of measuring.
fn demands(source: &Source) -> Value {
    json!({
        "required_tool": source.tool,
        "required_max_age": source.max_age,
        "required_inputs": source.min_inputs,
        "upload": source.upload,
    })
}

/// The options of an instance that decide what counts.
fn silencing<'a>(
    tool: &'a dyn Tool,
    section: &'a Section,
) -> impl Iterator<Item = ((String, String, String), Value)> + 'a {
    tool.silencing().iter().filter_map(move |key| {
        let name = section.name.clone().unwrap_or_default();
        Some(((tool.name().to_owned(), name, (*key).to_owned()), section.options.get(*key)?.clone()))
    })
}
