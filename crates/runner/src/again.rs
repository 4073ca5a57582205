//! Arguments that repeat a run, for whoever wants to see more of it.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use tollgate_check::Tool;

use crate::arguments::{self, Common};

/// Whether a value that help calls `name` may hold what only the one who gave it should see: a token, a password in an address.
fn is_private(name: &str, value: &str) -> bool {
    name == "HEADER" || name == "URL" && value.contains(['@', '?'])
}

/// Arguments that repeat where a run looked, each with a blank before it, as a shell takes them.
pub(crate) fn place(common: &Common) -> String {
    let given = [
        ("root", Some(common.root.display().to_string()).filter(|root| root != ".")),
        ("config", common.config.as_ref().map(|path| path.display().to_string())),
        ("base", common.base.clone()),
    ];
    given.into_iter().filter_map(|(flag, value)| Some(format!(" --{flag} {}", word(&value?)))).collect()
}

/// The arguments of `tool` that were given, the same way. A private value is left for the reader to fill in.
pub(crate) fn arguments(tool: &dyn Tool, matches: &ArgMatches) -> String {
    let command = arguments::own(Command::new(tool.name()), tool);
    let mut said = String::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let flag = arg.get_long().map(|flag| format!(" --{flag}")).unwrap_or_default();
        if !arg.get_action().takes_values() {
            said.push_str(&flag);
            continue;
        }
        let names = arg.get_value_names().unwrap_or_default();
        let by = if arg.is_require_equals_set() { '=' } else { ' ' };
        for value in matches.get_raw(id).into_iter().flatten() {
            let value = value.to_string_lossy();
            if value == "true" && arg.get_num_args().is_some_and(|count| count.min_values() == 0) {
                said.push_str(&flag);
                continue;
            }
            let hidden = names.iter().any(|name| is_private(name, &value));
            said.push_str(&format!("{flag}{by}{}", if hidden { "...".to_owned() } else { word(&value) }));
        }
    }
    said
}

/// `text` as one word of a shell.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./~^@:%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_giver_should_see_is_not_repeated() {
        assert!(is_private("HEADER", "Accept: text/html"));
        assert!(is_private("URL", "http://user:word@127.0.0.1/") && is_private("URL", "http://127.0.0.1/?key=1"));
        assert!(!is_private("URL", "http://127.0.0.1:3000/health") && !is_private("GLOB", "a@b"));
    }

    #[test]
    fn words_are_those_of_a_shell() {
        for (text, expected) in [
            ("main", "main"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("**/*.xml", "'**/*.xml'"),
            ("$HOME", "'$HOME'"),
            ("", "''"),
            ("500 KB", "'500 KB'"),
            ("80%", "80%"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
