//! Whose policy: what decides is read from the tip of the base branch, how to measure from the change itself, and what the change
//! would relax is listed.

mod merge;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tollgate_check::{Tool, Tree};
use tollgate_config::{Config, Section, Source};
use tollgate_model::Milder;
use tollgate_policy::{By, Catalog, Gate, OptionKey, Relaxation, Side, few, relaxations};

use crate::arguments::Common;
use crate::base_run::COMMITTED;
use crate::configuration::{self, FILE};
use crate::forge::Forge;
use crate::former::{Origin, folder, joined};
use crate::session::{Session, Tip};

/// Largest file of silenced findings that is compared, in bytes.
const LARGEST: u64 = 4 << 20;

/// How many such files are compared.
const MOST_FILES: usize = 100;

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
    forge: &Forge<'_>,
) -> anyhow::Result<Whose> {
    let Some((name, bytes)) = configuration::read(common, session)? else { return Ok(Whose::default()) };
    let head = configuration::load(&name, bytes.clone(), session, tools, catalog)?;
    let whose = |head, name| Whose { config: Some((head, name)), ..Whose::default() };
    let tip = match session.tip() {
        Some(Ok(tip)) => tip,
        Some(Err(because)) => return Ok(unread(head, name, &because)),
        None => return Ok(whose(head, name)),
    };
    let mut notes = Vec::new();
    let place = match &tip.former.policy {
        // What was made up for this run is nobody's change.
        Origin::Outside => return Ok(whose(head, name)),
        Origin::New => {
            notes.push(format!("this change adds {name}, and is judged by it: the base has none"));
            return Ok(Whose { notes, ..whose(head, name) });
        }
        Origin::OneOf(all) => {
            let text = format!(
                "{} of the base would be gone, and which of them {name} was cannot be told, so this change is judged by its own",
                few(all.iter().map(String::as_str))
            );
            return Ok(Whose { relaxations: vec![Relaxation::of_all(text)], ..whose(head, name) });
        }
        Origin::Here(place) => place,
        Origin::Moved(place) => {
            notes.push(format!("{name} was at {place} at the base"));
            place
        }
    };
    let read = || -> Result<_, String> {
        let old = tip.tree(".")?.read(place, LARGEST).map_err(|e| e.to_string())?;
        Ok((old, tip.tree(&tip.former.root)?))
    };
    let (old, tree) = match read() {
        Ok(read) => read,
        Err(because) => return Ok(unread(head, name, &because)),
    };
    let shown = match &tip.former.policy {
        _ if old == bytes => name.clone(),
        Origin::Moved(place) => format!("{place} of the base"),
        _ => format!("{name} of the base"),
    };
    let moves = session.moves();
    let base = match configuration::load(&shown, old, session, tools, catalog) {
        Ok(mut base) => {
            moves.follow(&mut base, tools, catalog);
            base
        }
        Err(error) => {
            let first = error.to_string();
            let first = first.lines().next().unwrap_or_default();
            let text = format!("{shown} makes no sense ({first}), so this change is judged by its own");
            let relaxations = vec![Relaxation::of_all(text)];
            return Ok(Whose { relaxations, notes, ..whose(head, name) });
        }
    };
    let written = format!("{head:?}");
    let mut head = head;
    moves.follow(&mut head, tools, catalog);
    notes.extend(moves.notes((format!("{head:?}") != written).then_some(&name)));
    let (old, new) = (Own::of(&base, tools, tree.as_ref()), Own::of(&head, tools, session.tree().as_ref()));
    let (mut old, mut new) = (old, new);
    new.decide_by_entries(Some(&old.entries));
    old.decide_by_entries(None);
    let mut relaxations = relaxations(&old.side(&base), &new.side(&head), session.today);
    relaxations.extend(elsewhere(common, session, &tip));
    relaxations.extend(without_base(&base, session));
    let differs = !merge::decides_alike(&base, &head);
    if !relaxations.is_empty()
        && let Some(by) = forge.approver(session)
    {
        notes.push(format!("{by} approved this change, which is judged by its own {name}"));
        return Ok(Whose { config: Some((head, name)), relaxations, notes, trouble: None });
    }
    let config = merge::merged(base, head, tools);
    if differs {
        notes.push(format!("judged by {shown}; what this change alters in it counts once it is merged"));
    }
    Ok(Whose { config: Some((config, name)), relaxations, notes, trouble: None })
}

/// The change's own, where the base's must hold and nobody could read it.
fn unread(config: Config, name: String, because: &str) -> Whose {
    let trouble = format!("the policy of the base could not be read: {because}");
    Whose { config: Some((config, name)), trouble: Some(trouble), ..Whose::default() }
}

/// That the policy would hold for another folder, where it moved and its folder did not.
fn elsewhere(common: &Common, session: &Session, tip: &Tip<'_>) -> Option<Relaxation> {
    let Origin::Moved(place) = &tip.former.policy else { return None };
    let (old, new) = (folder(place), session.root_in_repository());
    if common.config.is_some() || old == tip.former.root || *place != joined(old, FILE) {
        return None;
    }
    let plain = |folder: &str| if folder == "." { "the whole repository".to_owned() } else { format!("`{folder}`") };
    let (old, new) = (plain(old), plain(new));
    let text = format!("{FILE} would hold for {new}; it holds for {old}, and whether that is milder cannot be told");
    Some(Relaxation::of_all(text))
}

/// That conditions on the base would find nothing to compare with: its committed run would be gone.
fn without_base(base: &Config, session: &Session) -> Vec<Relaxation> {
    let gates = base.policy.gates.iter().filter(|gate| gate.clauses.iter().any(|c| c.condition.needs_base()));
    let gates: Vec<&Gate> = gates.collect();
    let text = format!("{COMMITTED} would be gone; conditions on the base are about the numbers in it");
    if gates.is_empty() || !session.difference().removes(COMMITTED) {
        return Vec::new();
    }
    let of = |gate: &&Gate| Relaxation { by: By::File(COMMITTED.to_owned()), ..Relaxation::of_gate(&gate.name, &text) };
    gates.iter().map(of).collect()
}

/// Keys of a table that decide what counts.
type Deciding = Vec<(&'static str, Milder, Value)>;

/// By checker, instance and name of a table, what of it decides.
type Entries = BTreeMap<OptionKey, Deciding>;

/// What one side has beside its policy.
struct Own {
    options: BTreeMap<OptionKey, (Milder, Value)>,
    /// Tables of lists.
    entries: Entries,
    allow_files: BTreeMap<String, String>,
    configured: BTreeSet<(String, Option<String>)>,
    sources: BTreeMap<String, Value>,
}

impl Own {
    fn of(config: &Config, tools: &[&dyn Tool], tree: &dyn Tree) -> Self {
        let mut own = Self {
            options: BTreeMap::new(),
            entries: BTreeMap::new(),
            allow_files: BTreeMap::new(),
            configured: BTreeSet::new(),
            sources: config.sources.iter().map(|source| (source.name.clone(), demands(source))).collect(),
        };
        let sections = |tool: &dyn Tool| config.sections.get(tool.name()).into_iter().flatten();
        for tool in tools {
            for section in sections(*tool) {
                own.configured.insert((tool.name().to_owned(), section.name.clone()));
                own.options.extend(silencing(*tool, section));
                own.entries.extend(entries(*tool, section));
            }
            let names =
                |(name, _, option): &OptionKey| name == tool.name() && tool.allow_options().contains(&option.as_str());
            let named = own.options.iter().filter(|(key, _)| names(key));
            let named = named.flat_map(|(_, (_, value))| match value {
                Value::Array(entries) => entries.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                Value::String(path) => vec![path.clone()],
                _ => Vec::new(),
            });
            let fixed = tool.allow_files().iter().map(|path| (*path).to_owned());
            let mut paths: Vec<String> = fixed.chain(named).collect();
            while let Some(path) = paths.pop() {
                if own.allow_files.len() < MOST_FILES
                    && !own.allow_files.contains_key(&path)
                    && let Some(text) = text(tree, &path)
                {
                    paths.extend(tool.takes_in(&text));
                    own.allow_files.insert(path, text);
                }
            }
        }
        own.configured.extend(config.sources.iter().map(|source| (source.name.clone(), None)));
        own
    }

    /// Takes what decides within tables for options, each under the name of its table; of the `known` ones alone where they are given,
    /// for a table more asks for more.
    fn decide_by_entries(&mut self, known: Option<&Entries>) {
        for ((checker, instance, name), keys) in &self.entries {
            let id = (checker.clone(), instance.clone(), name.clone());
            if known.is_some_and(|known| !known.contains_key(&id)) {
                continue;
            }
            for (key, milder, value) in keys {
                let option = (checker.clone(), instance.clone(), format!("{key} of {name}"));
                self.options.insert(option, (*milder, value.clone()));
            }
        }
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

/// The file at `path`, where there is one.
fn text(tree: &dyn Tree, path: &str) -> Option<String> {
    let there = tree.contains(path).unwrap_or(false);
    let bytes = there.then(|| tree.read(path, LARGEST).ok()).flatten()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
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
fn silencing<'a>(tool: &'a dyn Tool, section: &'a Section) -> impl Iterator<Item = (OptionKey, (Milder, Value))> + 'a {
    tool.silencing().iter().filter_map(move |(key, milder)| {
        let name = section.name.clone().unwrap_or_default();
        let value = section.options.get(*key)?.clone();
        Some(((tool.name().to_owned(), name, (*key).to_owned()), (*milder, value)))
    })
}

/// The tables of an instance's lists, with what of each decides.
fn entries<'a>(tool: &'a dyn Tool, section: &'a Section) -> impl Iterator<Item = (OptionKey, Deciding)> + 'a {
    tool.entries().iter().flat_map(move |list| {
        let tables = section.options.get(list.option).and_then(Value::as_array).into_iter().flatten();
        tables.map(move |table| {
            let instance = section.name.clone().unwrap_or_default();
            let decides = |(key, milder): &(&'static str, Milder)| Some((*key, *milder, table.get(key)?.clone()));
            let name = format!("{} ({})", list.option, list.name(table));
            ((tool.name().to_owned(), instance, name), list.policy.iter().filter_map(decides).collect())
        })
    })
}
