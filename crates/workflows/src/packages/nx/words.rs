//! The words of an `nx` call.

use super::super::Why;
use super::super::paths::hidden;
use super::super::words::listed;

/// What is asked.
pub(super) enum What {
    /// A command of Nx's own.
    Own,
    /// Targets of projects.
    Targets(Asked),
}

/// Targets of projects.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The targets.
    pub(super) targets: Vec<String>,
    /// Names or patterns.
    pub(super) projects: Vec<String>,
    /// Names or patterns that are left out.
    pub(super) exclude: Vec<String>,
    /// Whether projects without the target are passed over.
    pub(super) many: bool,
}

/// Nx's own commands.
const COMMANDS: &str = "\
    add affected:graph configure-ai-agents connect connect-to-nx-cloud daemon dep-graph fix-ci format format:check \
    format:write g generate graph help import init list login logout mcp migrate new print-affected record register \
    release repair report reset show start-ci-run stop-all-agents sync sync:check view-logs watch";

/// Options that take a value.
const VALUED: &str = "\
    --configuration -c --base --head --files --output-style --outputStyle --runner --maxParallel --max-parallel \
    --parallel --nx-bail --nxBail --type --tui --tuiAutoExit --stdin";

/// Options that stand alone.
const FLAGS: &str = "\
    --all --skip-nx-cache --skipNxCache --disableNxCache --skipRemoteCache --verbose --uncommitted --untracked \
    --batch --prod --ci --no-cloud --noCloud --agents --stream --parallel --nx-bail --nxBail \
    --excludeTaskDependencies --exclude-task-dependencies --loadDotEnvFiles --nxIgnoreCycles --quiet --fix";

/// What the next words without a dash belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Words,
    Targets,
    Projects,
    Exclude,
}

/// Reads the words.
pub(super) fn read(words: &[String]) -> Result<What, Why> {
    let Some((command, rest)) = words.split_first() else { return Ok(What::Own) };
    if hidden(command) || command.starts_with('-') {
        return if ["--version", "--help", "-h"].contains(&command.as_str()) {
            Ok(What::Own)
        } else {
            Err(format!("`{command}` is not known before the run"))
        };
    }
    if listed(COMMANDS, command) {
        return Ok(What::Own);
    }
    if command == "exec" {
        return Err("`nx exec` runs a command".to_owned());
    }
    let mut asked = Asked::default();
    let mut plain = Vec::new();
    let mut list = List::Words;
    let mut rest = rest.iter().peekable();
    while let Some(word) = rest.next() {
        if word == "--" {
            break;
        }
        let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        let opened = match name {
            "-t" | "--target" | "--targets" => Some(List::Targets),
            "-p" | "--project" | "--projects" => Some(List::Projects),
            "--exclude" => Some(List::Exclude),
            _ => None,
        };
        let texts = match (opened, value) {
            (Some(opened), value) => {
                list = opened;
                value.unwrap_or_default()
            }
            (None, _) if word.starts_with('-') => {
                list = List::Words;
                if name == "--graph" || name == "--help" {
                    return Ok(What::Own);
                }
                let number = rest.peek().is_some_and(|next| next.bytes().all(|b| b.is_ascii_digit()));
                let known = listed(FLAGS, name) || name.starts_with("--no-") || value.is_some();
                // What is not Nx's own goes to the target; it may take the next word.
                let harmless = !plain.is_empty() || rest.peek().is_none_or(|next| next.starts_with('-'));
                if listed(VALUED, name) && value.is_none() && (!listed(FLAGS, name) || number) {
                    rest.next();
                } else if !known && !harmless {
                    return Err(format!("what the option `{word}` takes is not known"));
                }
                continue;
            }
            (None, _) => word,
        };
        if hidden(texts) {
            return Err(format!("`{texts}` is not known before the run"));
        }
        let texts = texts.split(',').filter(|text| !text.is_empty()).map(str::to_owned);
        match list {
            List::Words => plain.extend(texts),
            List::Targets => asked.targets.extend(texts),
            List::Projects => asked.projects.extend(texts),
            List::Exclude => asked.exclude.extend(texts),
        }
    }
    settle(command, plain, asked)
}

fn settle(command: &str, plain: Vec<String>, mut asked: Asked) -> Result<What, Why> {
    match command {
        "run-many" | "affected" => asked.many = true,
        "run" => {
            let first = plain.first().ok_or_else(|| "`nx run` is given no target".to_owned())?;
            // `@scope/name:target:configuration`.
            let mut parts = first.split(':');
            match (parts.next(), parts.next()) {
                (Some(project), Some(target)) => {
                    asked.projects.push(project.to_owned());
                    asked.targets.push(target.to_owned());
                }
                _ => asked.targets.push(first.clone()),
            }
        }
        command => match command.strip_prefix("affected:") {
            Some(target) => {
                asked.many = true;
                asked.targets.push(target.to_owned());
            }
            None => {
                asked.targets.push(command.to_owned());
                asked.projects.extend(plain.into_iter().take(1));
            }
        },
    }
    if asked.targets.is_empty() { Err("`nx` is given no target".to_owned()) } else { Ok(What::Targets(asked)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_and_projects_are_read() {
        let cases = [
            ("run-many -t lint test --parallel=3", "lint test", "", true),
            ("run-many --targets=lint,test -p a,b --exclude c", "lint test", "a b", true),
            ("affected -t lint --base=main --parallel 3", "lint", "", true),
            ("affected:test", "test", "", true),
            ("run @s/a:lint:ci", "lint", "@s/a", false),
            ("lint web --skip-nx-cache", "lint", "web", false),
            ("lint", "lint", "", false),
        ];
        for (line, targets, projects, many) in cases {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let Ok(What::Targets(asked)) = read(&words) else { panic!("{line}") };
            assert_eq!(
                (asked.targets.join(" "), asked.projects.join(" "), asked.many),
                (targets.to_owned(), projects.to_owned(), many)
            );
        }
        for line in ["run-many -t $T", "lint --unknown x", "exec -- x", "run-many"] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert!(read(&words).is_err(), "{line}");
        }
        for line in ["format:check", "run-many -t x --graph", "--version"] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            assert!(matches!(read(&words), Ok(What::Own)), "{line}");
        }
    }
}
