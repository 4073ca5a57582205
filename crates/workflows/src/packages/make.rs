//! make: targets of a makefile.

mod expand;
mod parse;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use self::expand::Expand;
pub(super) use self::parse::Makefile;
use super::near::near;
use super::paths::{file, hidden, join};
use super::recipe::Line;
use super::words::{Options, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why};

const OPTIONS: Options = Options {
    flags: "-k -i -n -B -s -e -r -R -w -t -q -d -h -v -p -S -L -b -m --no-print-directory --print-directory --silent \
            --quiet --keep-going --ignore-errors --always-make --dry-run --just-print --recon --question --touch \
            --trace --debug --warn-undefined-variables --environment-overrides --no-builtin-rules \
            --no-builtin-variables --output-sync --version --help --print-data-base --jobs --stop",
    valued: "-C -f -o -W -I -E --directory --file --makefile --include-dir --eval --old-file --what-if",
};

/// How deep targets may need each other.
const DEEPEST: usize = 64;

/// Options with which no recipe runs.
const TOLD: &str =
    "-n --dry-run --just-print --recon -q --question -t --touch -h --help -v --version -p --print-data-base";

/// What `make` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let (assigned, words): (Vec<String>, Vec<String>) =
        without_jobs(words).into_iter().partition(|word| is_assignment(word));
    let given = scan(&words, &OPTIONS, Until::Dashes(usize::MAX));
    given.sure()?;
    if given.has(TOLD) {
        return Ok(Call::Builtin);
    }
    if given.last("-E --eval").is_some() {
        return Err("`--eval` adds rules".to_owned());
    }
    let mut place = at.within(&at.cwd);
    for folder in given.values("-C --directory")? {
        place = place.moved(folder)?;
    }
    let files = given.values("-f --file --makefile")?;
    let path = match files.as_slice() {
        [] => default_file(&place)?,
        [one] => join(&place.cwd, one)?,
        _ => return Err("more than one makefile is read".to_owned()),
    };
    let makefile = at.packages.makefile(&path)?;
    let mut goals: Vec<&str> = given.words.iter().chain(&given.rest).map(String::as_str).collect();
    if goals.is_empty() {
        goals = vec![makefile.default_goal().ok_or_else(|| format!("{path}: what it makes by default is not known"))?];
    }
    let value = |value: &str| (!hidden(value)).then(|| value.to_owned());
    let assigned = assigned.iter().filter_map(|word| word.split_once('='));
    let assigned =
        assigned.map(|(name, text)| (name.trim_end_matches([':', '?', '+']).to_owned(), value(text))).collect();
    let mut walk = Walk {
        place: &place,
        makefile: &makefile,
        always: given.has("-B --always-make"),
        assigned,
        done: BTreeSet::new(),
        scripts: Vec::new(),
    };
    for goal in goals {
        if let Some(call) = walk.goal(goal)? {
            return Ok(call);
        }
    }
    if walk.scripts.is_empty() {
        return Err(format!("{path}: the targets have no recipe"));
    }
    let mut call = Call::scripts("make", walk.scripts);
    if let Call::Scripts { ignores_failure, .. } = &mut call {
        *ignores_failure = given.has("-i --ignore-errors");
    }
    Ok(call)
}

/// `NAME=value`: a variable, whatever its value.
fn is_assignment(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name.trim_end_matches([':', '?', '+']));
    name.is_some_and(|name| !name.is_empty() && !name.starts_with('-') && !hidden(name))
}

/// `-j`, `-l` and `-O` may take a number, or none.
fn without_jobs(words: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        if matches!(word.as_str(), "-j" | "-l") {
            words.next_if(|next| hidden(next) || next.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
        } else if !["-j", "-l", "-O"].iter().any(|option| word.starts_with(option)) {
            kept.push(word.clone());
        }
    }
    kept
}

fn default_file(at: &At<'_>) -> Result<String, Why> {
    let paths = ["GNUmakefile", "makefile", "Makefile"].map(|name| file(&at.cwd, name));
    let found = paths.into_iter().find(|path| at.packages.files.contains(path));
    found.ok_or_else(|| format!("no makefile in `{}` is tracked", if at.cwd.is_empty() { "." } else { &at.cwd }))
}

struct Walk<'w, 'p> {
    place: &'w At<'p>,
    makefile: &'w Rc<Makefile>,
    always: bool,
    assigned: BTreeMap<String, Option<String>>,
    done: BTreeSet<String>,
    scripts: Vec<ScriptAt>,
}

impl Walk<'_, '_> {
    /// Adds what making `goal` runs; gives a call where it runs nothing.
    fn goal(&mut self, goal: &str) -> Result<Option<Call>, Why> {
        let makefile = Rc::clone(self.makefile);
        let missing = |what: String, near: Option<String>, silent| Call::Missing {
            what,
            looked_in: vec![makefile.path.clone()],
            near,
            silent: Some(silent),
        };
        if !makefile.rules.contains_key(goal) {
            let beside = file(&self.place.cwd, goal);
            let exists = self.place.packages.files.contains(&beside);
            let made_from =
                ["c", "cc", "cpp", "C", "f", "F", "p", "r", "s", "S", "sh", "y", "l", "o", "mod", "tex", "w"];
            let implicit = |ending: &&str| self.place.packages.files.contains(&format!("{beside}.{ending}"));
            if let Some(odd) = &makefile.odd {
                return Err(format!("{} has no target `{goal}`, and {odd}", makefile.path));
            }
            if exists || goal.contains(['.', '/', '%', '(']) || made_from.iter().any(implicit) {
                return Err(format!("{} has no rule for `{goal}`, which may be a file", makefile.path));
            }
            let near = near(goal, makefile.rules.keys().map(String::as_str));
            return Ok(Some(missing(format!("target `{goal}`"), near, false)));
        }
        let before = self.scripts.len();
        self.make(goal, DEEPEST)?;
        let phony = makefile.phony.contains(goal);
        let plain = makefile.odd.is_none() && !self.always;
        let needs_nothing = makefile.rules[goal].iter().all(|rule| rule.prerequisites.is_empty() && !rule.double);
        if plain
            && !phony
            && !makefile.phony_unsure
            && needs_nothing
            && self.place.packages.exists(&file(&self.place.cwd, goal))
        {
            let why = "a file or folder of that name exists, and `.PHONY` does not list it";
            let what = format!("target `{goal}` that is not up to date: {why}");
            return Ok(Some(missing(what, None, true)));
        }
        if self.scripts.len() == before && plain && phony && needs_nothing {
            return Ok(Some(missing(format!("recipe of the target `{goal}`"), None, true)));
        }
        Ok(None)
    }

    fn make(&mut self, target: &str, depth: usize) -> Result<(), Why> {
        if depth == 0 {
            return Err(format!("{}: targets need each other too deeply", self.makefile.path));
        }
        if !self.done.insert(target.to_owned()) {
            return Ok(());
        }
        let makefile = Rc::clone(self.makefile);
        let Some(rules) = makefile.rules.get(target) else { return Ok(()) };
        let with_recipe = rules.iter().filter(|rule| !rule.recipe.is_empty() && !rule.double).count();
        if with_recipe > 1 {
            return Err(format!("{}: `{target}` has more than one recipe", makefile.path));
        }
        for rule in rules {
            for needed in &rule.prerequisites {
                self.make(needed, depth - 1)?;
            }
        }
        let all: Vec<&str> = rules.iter().flat_map(|rule| &rule.prerequisites).map(String::as_str).collect();
        for rule in rules.iter().filter(|rule| !rule.recipe.is_empty()) {
            let expand = Expand { makefile: &makefile, assigned: &self.assigned, target, prerequisites: &all };
            let script = self.script(&expand, &rule.recipe)?;
            self.scripts.push(ScriptAt {
                errexit: !makefile.one_shell || makefile.shell.errexit,
                cwd: self.place.cwd.clone(),
                ..ScriptAt::new(&makefile.path, &self.place.cwd, target, script)
            });
        }
        Ok(())
    }

    fn script(&self, expand: &Expand<'_>, recipe: &[Line]) -> Result<Vec<(u32, String)>, Why> {
        let makefile = self.makefile;
        if let Some(other) = &makefile.other_shell {
            return Err(format!("{}: recipes are run by `{other}`", makefile.path));
        }
        let mut lines = Vec::new();
        for line in recipe {
            let text: Vec<&str> = line.iter().map(|(_, text)| text.as_str()).collect();
            let text = expand.text(&text.join("\n"))?;
            let kept = text.trim_start_matches(['@', '-', '+', ' ', '\t']);
            let prefix = &text[..text.len() - kept.len()];
            if kept.trim().is_empty() {
                continue;
            }
            let numbers = line.iter().map(|(number, _)| *number);
            let last = line.last().map_or(0, |(number, _)| *number);
            let numbers = numbers.chain(std::iter::repeat(last));
            let parts = kept.split('\n').map(|part| part.strip_prefix('\t').unwrap_or(part).to_owned());
            lines.push((numbers.zip(parts).collect::<Line>(), prefix.contains('-')));
        }
        if makefile.one_shell {
            let mut script: Vec<(u32, String)> = lines.into_iter().flat_map(|(line, _)| line).collect();
            if let Some((number, _)) = script.first().filter(|_| makefile.shell.pipefail) {
                script.insert(0, (*number, "set -o pipefail".to_owned()));
            }
            return Ok(script);
        }
        Ok(makefile.shell.script(lines))
    }
}
