//! just: recipes of a justfile.

mod parse;

use std::collections::{BTreeMap, BTreeSet};

use self::parse::{Dependency, Justfile, Parameter, Recipe, parse};
use super::near::near;
use super::paths::{file, parent, upwards};
use super::recipe::Line;
use super::words::{Options, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why};

const OPTIONS: Options = Options {
    flags: "-q -v -n -u -l -g -e --quiet --verbose --dry-run --yes --list --summary --evaluate --dump --fmt --check \
            --choose --unstable --no-deps --one --groups --variables --init --edit --highlight --timestamp --explain \
            --clear-shell-args --global-justfile --changelog --man --help --version --time --allow-missing",
    valued: "-f -d -E -s -c --justfile --working-directory --dotenv-path --dotenv-filename --show --color --shell \
            --shell-arg --command --command-color --list-heading --completions --tempdir --usage --cygpath \
            --timestamp-format --dump-format --alias-style",
};

/// Options with which no recipe runs.
const TOLD: &str = "\
    -n -l -e -s --dry-run --list --summary --evaluate --dump --fmt --show --groups --variables --init --edit \
    --changelog --man --help --version --completions --usage --choose -h -V";

/// How deep recipes may depend on each other.
const DEEPEST: usize = 32;

/// What `just` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    if given.has(TOLD) || given.last("-s --show --completions --usage").is_some() {
        return Ok(Call::Builtin);
    }
    given.sure()?;
    if given.last("-c --command --shell --shell-arg").is_some() || given.has("-g --global-justfile") {
        return Err("what just runs is given in the call".to_owned());
    }
    let (path, folder) = match given.value("-f --justfile")? {
        Some(path) => {
            let place = at.moved(path)?;
            (place.cwd.clone(), parent(&place.cwd).to_owned())
        }
        None => found(at)?,
    };
    let cwd = match given.last("-d --working-directory") {
        Some(folder) => at.moved(folder)?.cwd,
        None => folder,
    };
    let text = at.packages.text(&path)?.ok_or_else(|| format!("{path} is not tracked"))?;
    let justfile = parse(&path, &text)?;
    let mut words: Vec<&str> = given.words.iter().chain(&given.rest).map(String::as_str).collect();
    let is_value =
        |word: &&str| word.split_once('=').is_some_and(|(name, _)| crate::shell::is_name(&name.replace('-', "_")));
    let assigned: BTreeMap<String, String> = words
        .iter()
        .filter(|word| is_value(word))
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    while words.first().is_some_and(is_value) {
        words.remove(0);
    }
    let mut walk = Walk {
        at,
        justfile: &justfile,
        cwd,
        assigned,
        without_dependencies: given.has("--no-deps"),
        done: BTreeSet::new(),
        scripts: Vec::new(),
    };
    if words.is_empty() {
        words.push(justfile.first.as_deref().ok_or_else(|| format!("{path} has no recipe"))?);
    }
    let mut words = words.as_slice();
    while let Some((name, rest)) = words.split_first() {
        let Some(recipe) = walk.recipe(name)? else { return missing(&justfile, name) };
        let most =
            if recipe.parameters.last().is_some_and(|p| p.variadic) { rest.len() } else { recipe.parameters.len() };
        let taken = most.min(rest.len());
        walk.run(recipe, &rest[..taken], DEEPEST)?;
        words = &rest[taken..];
    }
    Ok(Call::scripts("just", walk.scripts))
}

/// The justfile here or above, and its folder.
fn found(at: &At<'_>) -> Result<(String, String), Why> {
    at.packages.tracked(&at.cwd)?;
    for above in upwards(&at.cwd) {
        for name in ["justfile", "Justfile", ".justfile", "JUSTFILE", "JustFile"] {
            if at.packages.files.contains(&file(above, name)) {
                return Ok((file(above, name), above.to_owned()));
            }
        }
    }
    Err("no justfile here or above is tracked".to_owned())
}

fn missing(justfile: &Justfile, name: &str) -> Answer {
    if let Some(odd) = justfile.odd {
        return Err(format!("{} has no recipe `{name}`, and {odd}", justfile.path));
    }
    Ok(Call::Missing {
        what: format!("recipe `{name}`"),
        looked_in: vec![justfile.path.clone()],
        near: near(name, justfile.recipes.keys().chain(justfile.aliases.keys()).map(String::as_str)),
        silent: Some(false),
    })
}

struct Walk<'w> {
    at: &'w At<'w>,
    justfile: &'w Justfile,
    cwd: String,
    assigned: BTreeMap<String, String>,
    without_dependencies: bool,
    done: BTreeSet<(String, Vec<String>)>,
    scripts: Vec<ScriptAt>,
}

impl<'w> Walk<'w> {
    /// The recipe called `name` or so by an alias, as it is on Linux.
    fn recipe(&self, name: &str) -> Result<Option<&'w Recipe>, Why> {
        if name.contains([':', '/', '$', '`']) {
            return Err(format!("the recipe `{name}` is not looked up"));
        }
        let name = self.justfile.aliases.get(name).map_or(name, String::as_str);
        let Some(recipes) = self.justfile.recipes.get(name) else { return Ok(None) };
        let here: Vec<&Recipe> = recipes.iter().filter(|recipe| recipe.on_linux).collect();
        match here.as_slice() {
            [one] => Ok(Some(one)),
            _ => Err(format!("{}: which recipe `{name}` runs depends on the system", self.justfile.path)),
        }
    }

    fn run(&mut self, recipe: &'w Recipe, arguments: &[&str], depth: usize) -> Result<(), Why> {
        if depth == 0 {
            return Err(format!("{}: recipes depend on each other too deeply", self.justfile.path));
        }
        let key = (recipe.name.clone(), arguments.iter().map(|word| (*word).to_owned()).collect());
        if !self.done.insert(key) || self.done.len() > 1_000 {
            return Ok(());
        }
        let values = self.values(&recipe.parameters, arguments);
        if !self.without_dependencies {
            self.dependencies(&recipe.before, &values, depth)?;
        }
        let script = self.script(recipe, &values)?;
        if !script.is_empty() {
            let errexit = !recipe.is_script && recipe.shebang().is_none();
            self.scripts.push(ScriptAt {
                cwd: self.folder(recipe)?,
                errexit,
                ..ScriptAt::new(&self.justfile.path, parent(&self.justfile.path), &recipe.name, script)
            });
        }
        if !self.without_dependencies {
            self.dependencies(&recipe.after, &values, depth)?;
        }
        Ok(())
    }

    fn folder(&self, recipe: &Recipe) -> Result<String, Why> {
        if recipe.stays {
            return Ok(self.at.cwd.clone());
        }
        match &recipe.folder {
            Some(folder) => super::paths::join(&self.cwd, folder),
            None => Ok(self.cwd.clone()),
        }
    }

    fn dependencies(
        &mut self,
        all: &'w [Dependency],
        values: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<(), Why> {
        for dependency in all {
            let Some(recipe) = self.recipe(&dependency.name)? else {
                return Err(format!("{} has no recipe `{}`", self.justfile.path, dependency.name));
            };
            let arguments: Vec<String> =
                dependency.arguments.iter().map(|argument| self.expression(argument, values)).collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            self.run(recipe, &arguments, depth - 1)?;
        }
        Ok(())
    }

    fn values(&self, parameters: &[Parameter], arguments: &[&str]) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        let mut arguments = arguments.iter();
        for parameter in parameters {
            let given = if parameter.variadic {
                Some(arguments.by_ref().copied().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
            } else {
                arguments.next().map(|word| (*word).to_owned())
            };
            let default = || match &parameter.default {
                Some(expression) => self.expression(expression, &values),
                None => String::new(),
            };
            let value = given.unwrap_or_else(default);
            values.insert(parameter.name.clone(), value);
        }
        values
    }

    /// What an expression gives: a literal, or the value of a name; what is not known becomes a variable of the shell.
    fn expression(&self, expression: &str, values: &BTreeMap<String, String>) -> String {
        let expression = expression.trim();
        let literal = |text: &str| -> Option<String> {
            let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
            let escapes = quote == '"' && inner.contains('\\');
            (!inner.contains(quote) && !escapes).then(|| inner.to_owned())
        };
        let known = || {
            let variable = || self.justfile.variables.get(expression).and_then(|value| literal(value));
            self.assigned.get(expression).cloned().or_else(|| values.get(expression).cloned()).or_else(variable)
        };
        literal(expression).or_else(known).unwrap_or_else(|| {
            let word: String = expression.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            format!("${{{}}}", if crate::shell::is_name(&word) { &word } else { "just" })
        })
    }

    fn put_in(&self, text: &str, values: &BTreeMap<String, String>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            out.push_str(&rest[..at]);
            if let Some(after) = rest[at..].strip_prefix("{{{{") {
                out.push_str("{{");
                rest = after;
                continue;
            }
            let Some(end) = rest[at..].find("}}") else { break };
            out.push_str(&self.expression(&rest[at + 2..at + end], values));
            rest = &rest[at + end + 2..];
        }
        out.push_str(rest);
        out
    }

    fn script(&self, recipe: &Recipe, values: &BTreeMap<String, String>) -> Result<Vec<(u32, String)>, Why> {
        let body: Vec<(u32, String)> =
            recipe.body.iter().map(|(number, text)| (*number, self.put_in(text, values))).collect();
        let length: usize = body.iter().map(|(_, text)| text.len()).sum();
        if length > 64 << 10 {
            return Err(format!("{}: the recipe `{}` is longer than 64 KiB", self.justfile.path, recipe.name));
        }
        if let Some(program) = recipe.shebang() {
            let shells = ["bash", "sh", "dash", "zsh", "ksh"];
            let is_shell = program.split([' ', '/']).any(|word| shells.contains(&word));
            return if is_shell {
                Ok(body)
            } else {
                Err(format!("the recipe `{}` is run by `{program}`", recipe.name))
            };
        }
        if recipe.is_script {
            return Ok(body);
        }
        if let Some(other) = &self.justfile.other_shell {
            return Err(format!("{}: recipes are run by `{other}`", self.justfile.path));
        }
        let mut lines: Vec<(Line, bool)> = Vec::new();
        let mut goes_on = false;
        for (number, text) in body {
            if goes_on && let Some((line, _)) = lines.last_mut() {
                goes_on = text.ends_with('\\');
                line.push((number, text.trim_start().to_owned()));
                continue;
            }
            let kept = text.trim_start_matches(['@', '-', ' ', '\t']);
            if kept.is_empty() || kept.starts_with('#') {
                continue;
            }
            let ignored = text[..text.len() - kept.len()].contains('-');
            goes_on = kept.ends_with('\\');
            lines.push((vec![(number, kept.to_owned())], ignored));
        }
        Ok(self.justfile.shell.script(lines))
    }
}
