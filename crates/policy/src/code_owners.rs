//! CODEOWNERS: who must be asked about which file, as GitHub reads it.
//!
//! Source: GitHub's page "About code owners". The last line whose pattern matches counts, even where it names nobody. A
//! line that makes no sense is left out, as GitHub leaves it out: a pattern with `!`, `[` or `]` or with `\#` at its
//! beginning, an owner that is neither `@user`, `@org/team` nor an address.

mod pattern;

use pattern::Pattern;

/// Largest file that GitHub reads, in bytes: a larger one counts for nothing.
pub const LARGEST_CODE_OWNERS: u64 = 3 << 20;

/// The lines of a CODEOWNERS file that make sense, in order.
#[derive(Clone, Debug, Default)]
pub struct CodeOwners {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    owners: Vec<String>,
}

impl CodeOwners {
    /// The lines of `text`.
    pub fn parse(text: &str) -> Self {
        Self { rules: text.lines().filter_map(rule).collect() }
    }

    /// Who owns the file at `path`, which begins at the top of the repository; nobody where no line matches, or the last one
    /// that does names nobody.
    pub fn of(&self, path: &str) -> &[String] {
        let parts: Vec<&str> = path.split('/').collect();
        let last = self.rules.iter().rev().find(|rule| rule.pattern.matches(&parts));
        last.map_or(&[], |rule| &rule.owners)
    }

    /// Whether every file that may ever lie below `folder` has an owner that `counts`. Told with care: a line without one that
    /// may match something in there is enough to say no.
    pub fn own_all_below(&self, folder: &str, counts: impl Fn(&str) -> bool) -> bool {
        let parts: Vec<&str> = folder.split('/').collect();
        for Rule { pattern, owners } in self.rules.iter().rev() {
            let is_owned = owners.iter().any(|owner| counts(owner));
            if is_owned && pattern.matches_all_below(&parts) {
                return true;
            }
            if !is_owned && pattern.may_match_below(&parts) {
                return false;
            }
        }
        false
    }
}

/// What a line says; none of a line that says nothing, or makes no sense.
fn rule(line: &str) -> Option<Rule> {
    let words = words(line);
    let mut words = words.iter().map(String::as_str).take_while(|word| !word.starts_with('#'));
    let pattern = Pattern::parse(words.next()?)?;
    let owners: Vec<String> = words.map(str::to_owned).collect();
    owners.iter().all(|owner| is_owner(owner)).then_some(Rule { pattern, owners })
}

/// The words of a line as they are written. A blank after a backslash ends none.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut escaped) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        if matches!(c, ' ' | '\t' | '\r') && !escaped {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        escaped = c == '\\' && !escaped;
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether it has the form of a user, a team or an address.
fn is_owner(word: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    match word.strip_prefix('@') {
        Some(name) => match name.split_once('/') {
            Some((org, team)) => is_name(org) && is_name(team),
            None => is_name(name),
        },
        None => word.split_once('@').is_some_and(|(user, host)| {
            let plain = |c: char| !c.is_control() && !c.is_whitespace() && c != '@';
            !user.is_empty() && user.chars().all(plain) && host.contains('.') && is_name(host)
        }),
    }
}

/// Feeds arbitrary bytes to the reader, the first line being a path; for fuzzing.
#[doc(hidden)]
pub fn fuzz_code_owners(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (path, text) = text.split_once('\n').unwrap_or((&text, ""));
    let owners = CodeOwners::parse(text);
    let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    if folder != path && owners.own_all_below(folder, |_| true) {
        assert!(!owners.of(path).is_empty(), "what is owned as a whole is owned in each part");
    }
}

#[cfg(test)]
mod tests;
