//! Composer: scripts of a `composer.json`.

use tollgate_input::Node;

use super::document::Format;
use super::near::near;
use super::paths::{appended, file};
use super::recipe::{Line, Shell};
use super::words::{Options, Until, listed, scan};
use super::{Answer, At, Call, ScriptAt};

const OPTIONS: Options = Options {
    flags: "-q -n -v -vv -vvv -l --quiet --no-interaction --verbose --ansi --profile --no-plugins --no-scripts \
            --no-cache --dev --no-dev --list",
    valued: "-d --working-dir --timeout",
};

/// Composer's own commands.
const COMMANDS: &str = "\
    about archive audit browse bump cc check-platform-reqs clear-cache clearcache completion config create-project \
    depends diagnose dump-autoload dumpautoload exec fund global help home i info init install licenses list \
    outdated prohibits r reinstall remove require rm search show status suggests u update validate";

/// What `composer` with these words runs.
pub(super) fn call(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &OPTIONS, Until::Words(1));
    let Some(command) = given.words.first().cloned() else { return Ok(Call::Builtin) };
    let place = match given.last("-d --working-dir") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    if command == "exec" {
        let inner = scan(&given.rest, &OPTIONS, Until::Words(0));
        inner.sure()?;
        return place.program(inner.rest);
    }
    if listed(COMMANDS, &command) {
        return Ok(Call::Builtin);
    }
    given.sure()?;
    let (name, rest) = match command.as_str() {
        "run" | "run-script" => {
            let inner = scan(&given.rest, &OPTIONS, Until::Words(1));
            inner.sure()?;
            match inner.words.first() {
                Some(name) => (name.clone(), inner.rest),
                None => return Ok(Call::Builtin),
            }
        }
        name => (name.to_owned(), given.rest),
    };
    script(&place, &name, &rest, command.starts_with("run"))
}

fn script(at: &At<'_>, name: &str, rest: &[String], by_run: bool) -> Answer {
    at.packages.tracked(&at.cwd)?;
    let document = at.packages.document(&file(&at.cwd, "composer.json"), Format::Json)?;
    let document = document.ok_or_else(|| format!("no composer.json in `{}` is tracked", at.cwd))?;
    let scripts = document.root.get("scripts");
    let Some(node) = scripts.and_then(|scripts| scripts.get(name)) else {
        // A plugin may bring a command of that name or listen to it, and a prefix of a command is one.
        let is_event = name.starts_with("pre-") || name.starts_with("post-");
        if !by_run || is_event {
            return Err(format!("{} has no script `{name}`, which may be a command", document.file));
        }
        let names = scripts.map_or(&[][..], Node::entries).iter().filter_map(|pair| pair.key.name());
        return Ok(Call::Missing {
            what: format!("script `{name}`"),
            looked_in: vec![document.file.clone()],
            near: near(name, names),
            silent: Some(false),
        });
    };
    let items = if node.as_str().is_some() { std::slice::from_ref(node) } else { node.items() };
    let mut lines: Vec<(Line, bool)> = Vec::new();
    let rest: Vec<String> =
        rest.iter().enumerate().filter(|(n, word)| !(*n == 0 && *word == "--")).map(|(_, word)| word.clone()).collect();
    for item in items {
        let Some(text) = item.as_str() else { return Err(format!("{}: `{name}` is not understood", document.file)) };
        let mut line = written(text);
        if !text.contains("@no_additional_args") {
            line.push_str(&appended(&rest));
        }
        lines.push((vec![(document.line(item), line)], false));
    }
    let script = Shell::default().script(lines);
    let script = ScriptAt { errexit: true, ..ScriptAt::new(&document.file, &at.cwd, name, script) };
    Ok(Call::scripts("composer", vec![script]))
}

/// An entry of a script as a line of shell.
fn written(text: &str) -> String {
    let text = text.replace("@no_additional_args", "").replace("@additional_args", "");
    let text = text.trim();
    match text.strip_prefix('@').map(|rest| rest.split_once(' ').unwrap_or((rest, ""))) {
        Some(("php" | "composer", _)) => text.trim_start_matches('@').to_owned(),
        Some(("putenv", value)) => format!("export {value}"),
        Some((other, rest)) => format!("composer run-script {other} {rest}").trim_end().to_owned(),
        // A method of PHP.
        None if text.contains("::") && !text.contains(' ') => format!("php -r '{text}();'"),
        None => text.to_owned(),
    }
}
