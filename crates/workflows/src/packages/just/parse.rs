//! justfiles: recipes, aliases, variables, settings.

use std::collections::BTreeMap;

use super::super::Why;
use super::super::recipe::Shell;

/// How many recipes a justfile may have.
const MOST: usize = 5_000;

/// A justfile.
#[derive(Debug, Default)]
pub(super) struct Justfile {
    /// Where it lies, relative to the root.
    pub(super) path: String,
    /// By name; several where each is of a system.
    pub(super) recipes: BTreeMap<String, Vec<Recipe>>,
    /// Other names of recipes.
    pub(super) aliases: BTreeMap<String, String>,
    /// Expressions by name.
    pub(super) variables: BTreeMap<String, String>,
    /// The recipe that runs when none is named.
    pub(super) first: Option<String>,
    /// Why there may be other recipes than these.
    pub(super) odd: Option<&'static str>,
    /// How lines are run.
    pub(super) shell: Shell,
    /// What runs lines, where that is no shell that is understood.
    pub(super) other_shell: Option<String>,
}

/// A recipe.
#[derive(Debug, Default)]
pub(super) struct Recipe {
    /// Its name.
    pub(super) name: String,
    /// What it takes.
    pub(super) parameters: Vec<Parameter>,
    /// What runs before.
    pub(super) before: Vec<Dependency>,
    /// What runs after.
    pub(super) after: Vec<Dependency>,
    /// Its lines, without what indents them.
    pub(super) body: Vec<(u32, String)>,
    /// Whether it is there on Linux.
    pub(super) on_linux: bool,
    /// Whether it runs where just is called, not where the justfile lies.
    pub(super) stays: bool,
    /// The folder it runs in.
    pub(super) folder: Option<String>,
    /// Whether its lines are one script.
    pub(super) is_script: bool,
}

impl Recipe {
    /// What runs it, where its first line says so.
    pub(super) fn shebang(&self) -> Option<&str> {
        self.body.first().and_then(|(_, text)| text.strip_prefix("#!"))
    }
}

/// A parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: String,
    /// An expression.
    pub(super) default: Option<String>,
    /// Whether it takes all that is left.
    pub(super) variadic: bool,
}

/// A recipe that another needs.
#[derive(Debug)]
pub(super) struct Dependency {
    /// Its name.
    pub(super) name: String,
    /// Expressions.
    pub(super) arguments: Vec<String>,
}

/// Reads `text`.
pub(super) fn parse(path: &str, text: &str) -> Result<Justfile, Why> {
    let mut justfile = Justfile { path: path.to_owned(), ..Justfile::default() };
    let mut attributes: Vec<String> = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut count = 0;
    while let Some((_, line)) = lines.next() {
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with([' ', '\t']) {
            continue;
        }
        if let Some(inside) = line.strip_prefix('[') {
            let inside = inside.trim_end().trim_end_matches(']');
            attributes.extend(pieces(inside, ',').into_iter().map(|piece| piece.trim().to_owned()));
            continue;
        }
        // A string of several lines in a variable.
        let triple = ["'''", "\"\"\""].into_iter().find(|quotes| line.matches(quotes).count() % 2 == 1);
        if let Some(quotes) = triple {
            for (_, line) in lines.by_ref() {
                if line.contains(quotes) {
                    break;
                }
            }
        }
        if justfile.statement(line) {
            attributes.clear();
            continue;
        }
        let Some(mut recipe) = header(line) else {
            justfile.odd = Some("a line is not understood");
            continue;
        };
        let mut indent: Option<String> = None;
        while let Some((at, next)) = lines.peek().copied() {
            let blank = next.trim().is_empty();
            if !blank && !next.starts_with([' ', '\t']) {
                break;
            }
            lines.next();
            let own: String = next.chars().take_while(|c| c.is_whitespace()).collect();
            let indent = indent.get_or_insert_with(|| own.clone());
            let kept = if blank { "" } else { next.strip_prefix(indent.as_str()).unwrap_or_else(|| next.trim_start()) };
            recipe.body.push((u32::try_from(at + 1).unwrap_or(u32::MAX), kept.to_owned()));
        }
        while recipe.body.last().is_some_and(|(_, text)| text.is_empty()) {
            recipe.body.pop();
        }
        recipe.take(&attributes);
        if attributes.iter().any(|name| name == "default") || justfile.first.is_none() {
            justfile.first = Some(recipe.name.clone());
        }
        attributes.clear();
        count += 1;
        if count > MOST {
            return Err(format!("{path}: more than {MOST} recipes"));
        }
        justfile.recipes.entry(recipe.name.clone()).or_default().push(recipe);
    }
    Ok(justfile)
}

impl Justfile {
    /// Lines that begin no recipe; says whether it was one.
    fn statement(&mut self, line: &str) -> bool {
        let line = line.trim_end();
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let assigned = |text: &str| {
            let (name, value) = text.split_once(":=")?;
            let name = name.trim();
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
            plain.then(|| (name.to_owned(), comment_cut(value.trim()).to_owned()))
        };
        match first {
            "import" | "import?" if rest.trim_start().starts_with(['"', '\'']) => {
                self.odd = Some("others are imported")
            }
            "mod" | "mod?" if !rest.contains(':') => self.odd = Some("it has modules"),
            "set" if !rest.is_empty() && (rest.contains(":=") || !rest.contains(':')) => self.setting(rest),
            "alias" if rest.contains(":=") => self.aliases.extend(assigned(rest)),
            "export" | "eager" | "private" if rest.contains(":=") => self.variables.extend(assigned(rest)),
            "unexport" if !rest.contains(':') => {}
            _ => match assigned(line) {
                Some(variable) => self.variables.extend([variable]),
                None => return false,
            },
        }
        true
    }

    fn setting(&mut self, text: &str) {
        let (name, value) = text.split_once(":=").unwrap_or((text, "true"));
        match name.trim() {
            "shell" => {
                let words: Vec<&str> = value
                    .trim()
                    .trim_matches(['[', ']'])
                    .split(',')
                    .map(|word| word.trim().trim_matches(['"', '\'']))
                    .collect();
                let program = words.first().map_or("sh", |word| word.rsplit('/').next().unwrap_or(word));
                self.shell = Shell::of_arguments(words.iter().skip(1).copied());
                let known = ["sh", "bash", "dash", "zsh", "ksh"].contains(&program)
                    || program == "env" && words.iter().any(|word| ["sh", "bash", "zsh"].contains(word));
                self.other_shell = (!known).then(|| program.to_owned());
            }
            "fallback" if value.trim() == "true" => self.odd = Some("a justfile above may have it"),
            _ => {}
        }
    }
}

impl Recipe {
    fn take(&mut self, attributes: &[String]) {
        let systems = ["linux", "unix", "macos", "windows", "openbsd", "freebsd", "netbsd", "dragonfly", "android"];
        let names: Vec<&str> =
            attributes.iter().map(|text| text.split(['(', ':']).next().unwrap_or_default().trim()).collect();
        let of_system = names.iter().any(|name| systems.contains(name));
        self.on_linux = !of_system || names.contains(&"linux") || names.contains(&"unix");
        self.stays = names.contains(&"no-cd");
        self.is_script = names.contains(&"script");
        let folder = attributes.iter().find_map(|text| text.strip_prefix("working-directory"));
        self.folder = folder.map(|text| text.trim_matches([':', '(', ')', ' ', '"', '\'']).to_owned());
    }
}

/// The first line of a recipe.
fn header(line: &str) -> Option<Recipe> {
    let line = comment_cut(line).trim_end();
    let sides = pieces(line, ':');
    let [left, right] = sides.as_slice() else { return None };
    let mut words = pieces(left.trim().trim_start_matches('@'), ' ').into_iter().filter(|word| !word.is_empty());
    let name = words.next()?;
    if !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        return None;
    }
    let parameters = words.map(|word| {
        let (name, default) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let variadic = name.starts_with(['*', '+']);
        let name = name.trim_start_matches(['*', '+', '$']).to_owned();
        Parameter { name, default: default.map(str::to_owned), variadic }
    });
    let parameters = parameters.collect();
    let mut recipe = Recipe { name: name.to_owned(), parameters, on_linux: true, ..Recipe::default() };
    let mut after = false;
    for word in pieces(right, ' ') {
        match word {
            "" => {}
            "&&" => after = true,
            word => {
                let inside = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).unwrap_or(word);
                let mut parts = pieces(inside, ' ').into_iter().filter(|part| !part.is_empty());
                let name = parts.next().unwrap_or_default().to_owned();
                let arguments = parts.map(str::to_owned).collect();
                let list = if after { &mut recipe.after } else { &mut recipe.before };
                list.push(Dependency { name, arguments });
            }
        }
    }
    Some(recipe)
}

/// `text` split at `separator` outside of quotes and brackets.
fn pieces(text: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, c) if c == separator && depth == 0 => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// `text` without the comment at its end.
fn comment_cut(text: &str) -> &str {
    pieces(text, '#').first().copied().unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_taken_apart() {
        let recipe = header("@lint path=\"a: b\" *rest: (dep path 'x y') build && after # c").expect("a header");
        assert_eq!(recipe.name, "lint");
        let parameters: Vec<_> =
            recipe.parameters.iter().map(|p| (p.name.as_str(), p.default.as_deref(), p.variadic)).collect();
        assert_eq!(parameters, [("path", Some("\"a: b\""), false), ("rest", None, true)]);
        let before: Vec<_> = recipe.before.iter().map(|d| (d.name.as_str(), d.arguments.join("|"))).collect();
        assert_eq!(before, [("dep", "path|'x y'".to_owned()), ("build", String::new())]);
        assert_eq!(recipe.after[0].name, "after");
        for line in ["no recipe", "a b", "$x: y", ""] {
            assert!(header(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_justfile_is_read() {
        let text = concat!(
            "set shell := [\"bash\", \"-euo\", \"pipefail\", \"-c\"]\n",
            "v := 'x' # c\n",
            "long := '''\nrecipe: no\n'''\n",
            "alias l := lint\n",
            "[linux, private]\n[no-cd]\nlint:\n    one\n\n      two\n\n",
            "[macos]\nlint:\n    other\n",
            "set fallback\n",
        );
        let justfile = parse("justfile", text).expect("a justfile");
        assert_eq!(justfile.shell, Shell { errexit: true, pipefail: true });
        assert_eq!(justfile.variables.get("v").map(String::as_str), Some("'x'"));
        assert_eq!(justfile.aliases.get("l").map(String::as_str), Some("lint"));
        assert_eq!(justfile.recipes.keys().collect::<Vec<_>>(), ["lint"]);
        let [linux, macos] = justfile.recipes["lint"].as_slice() else { panic!("two recipes") };
        assert!(linux.on_linux && linux.stays && !macos.on_linux);
        assert_eq!(linux.body, [(10, "one".to_owned()), (11, String::new()), (12, "  two".to_owned())]);
        assert_eq!(justfile.odd, Some("a justfile above may have it"));
    }
}
