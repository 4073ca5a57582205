//! Rules of a user's own: patterns in the format of ast-grep.

use tollgate_check::{CheckError, Context, FileKind};
use tollgate_input::{Digest, utf8};
use tollgate_model::{Cause, Confidence, Level, Problem, Rule};

use crate::patterns::{self, Pattern};

/// Largest file of rules that is read, bytes.
const LARGEST: u64 = 1 << 20;

/// Every rule of the folders, and what each is shown as.
///
/// # Errors
/// The tree cannot be listed, or a folder lies outside of it.
pub(crate) fn read(
    ctx: &Context<'_>,
    folders: &[String],
    problems: &mut Vec<Problem>,
) -> Result<(Vec<Pattern>, Vec<Rule>), CheckError> {
    let (mut all, mut rules): (Vec<Pattern>, Vec<Rule>) = (Vec::new(), Vec::new());
    for folder in folders {
        let inside = ctx.root().relative(folder);
        let Some(inside) = inside else {
            return Err(CheckError::option("owasp.rules", format!("{folder:?} lies outside the checked folder")));
        };
        let mut found = 0;
        for file in ctx.tree().files()? {
            let below = inside == "." || file.path.strip_prefix(&inside).is_some_and(|rest| rest.starts_with('/'));
            let is_rule = [".yml", ".yaml"].iter().any(|ending| file.path.ends_with(ending));
            if !below || !is_rule || !matches!(file.kind, FileKind::File | FileKind::Executable) {
                continue;
            }
            found += 1;
            let bytes = ctx.tree().read(&file.path, LARGEST)?;
            ctx.record("file", &file.path, Digest::of(&bytes), None);
            let name = tollgate_check::paths::name(&file.path).rsplit_once('.').map_or("", |(name, _)| name);
            let taken = crate::RULES.iter().any(|rule| rule.id == format!("owasp/{name}"));
            let read = match taken {
                true => Err(format!("there is a rule of tollgate's called {name}; call yours something else")),
                false => patterns::read(name, &utf8(&bytes)),
            };
            match read {
                Ok(read) => {
                    rules.extend(read.first().map(rule));
                    all.extend(read);
                }
                Err(error) => {
                    problems.push(Problem::new(Cause::Unreadable, format!("{}: {error}", file.path)).at(&file.path))
                }
            }
        }
        if found == 0 {
            let message = format!("{folder}: holds no rule; expected files that end on .yml");
            problems.push(Problem::new(Cause::Missing, message).at(&inside));
        }
    }
    Ok((all, rules))
}

/// What a rule of a user's is shown as.
fn rule(pattern: &Pattern) -> Rule {
    let title: String = pattern.message().lines().next().unwrap_or_default().chars().take(80).collect();
    Rule {
        id: format!("owasp/{}", pattern.rule()),
        title: if title.is_empty() { pattern.rule().to_owned() } else { title },
        why: pattern.message().to_owned(),
        mend: "See the rule's own file.".to_owned(),
        level: if pattern.is_hint() { Level::Note } else { Level::Warning },
        severity: None,
        confidence: Confidence::Medium,
        tags: vec!["security".to_owned()],
        of_change: false,
        of_evidence: false,
        references: Vec::new(),
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

/// What is wrong with a rule file, sentence by sentence.
pub(crate) fn verify(name: &str, text: &str) -> Option<Vec<String>> {
    // Files of other checkers' rules are no YAML documents with a `rule`.
    if !text.lines().any(|line| line.starts_with("rule:")) {
        return None;
    }
    Some(patterns::read(name, text).err().into_iter().collect())
}
