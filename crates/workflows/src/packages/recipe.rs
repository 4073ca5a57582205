//! Recipes: lines that a task runner gives to a shell one by one.
//!
//! They are told as one script that stops at the first line that fails, so whatever a line would carry over to the next
//! (a folder, a variable) and whatever `set -e` would do inside it is kept from it by brackets.

/// A line of a recipe, with the lines of the file that it is written on.
pub(super) type Line = Vec<(u32, String)>;

/// How the lines are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shell {
    /// Whether each line stops at the first command that fails.
    pub(super) errexit: bool,
    /// Whether a pipe fails with any of its commands.
    pub(super) pipefail: bool,
}

impl Shell {
    /// What the arguments of a shell, `-euo pipefail -c`, say.
    pub(super) fn of_arguments<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let mut shell = Self::default();
        for argument in arguments {
            let short = argument.starts_with('-') && !argument.starts_with("--");
            shell.errexit |= short && argument.contains('e') || argument == "errexit";
            shell.pipefail |= argument == "pipefail";
        }
        shell
    }

    /// `lines` as one script; of each whether its failure is ignored.
    pub(super) fn script(self, lines: Vec<(Line, bool)>) -> Vec<(u32, String)> {
        let mut script = Vec::new();
        if let Some((number, _)) = lines.first().and_then(|(line, _)| line.first()).filter(|_| self.pipefail) {
            script.push((*number, "set -o pipefail".to_owned()));
        }
        for (line, ignored) in lines {
            script.extend(self.line(line, ignored));
        }
        script
    }

    fn line(self, mut line: Line, ignored: bool) -> Line {
        let whole: Vec<&str> = line.iter().map(|(_, text)| text.trim()).collect();
        let whole = whole.join("\n");
        let (Some(last), false) = (line.last().map(|(number, _)| *number), whole.is_empty()) else { return line };
        if whole.starts_with('#') {
            return line;
        }
        let alone = stays_alone(&whole);
        // A comment would cover what is added behind it.
        let comment = whole.contains('#');
        if alone && !ignored {
            return line;
        }
        let closing = match (ignored, self.errexit) {
            (true, _) if alone && !comment => " || true",
            (true, _) => ") || true",
            (false, true) => ")",
            (false, false) => ") || exit 1",
        };
        if closing.starts_with(')')
            && let Some((_, first)) = line.first_mut()
        {
            first.insert_str(0, "( ");
        }
        match line.last_mut() {
            Some((_, text)) if !comment => text.push_str(closing),
            _ => line.push((last, closing.to_owned())),
        }
        line
    }
}

/// Whether a line leaves nothing behind and ends with what its one pipe ends with.
fn stays_alone(line: &str) -> bool {
    const CARRIED: [&str; 18] = [
        "cd", "export", "set", "exit", "exec", "unset", "trap", "source", ".", "ulimit", "umask", "alias", "if", "for",
        "while", "until", "case", "pushd",
    ];
    let first = line.split_whitespace().next().unwrap_or_default();
    let assigns = first.split_once('=').is_some_and(|(name, _)| crate::shell::is_name(name));
    let only_assigns = assigns && line.split_whitespace().count() == 1;
    let joined = line.replace(">&", "").replace("&>", "").contains([';', '&']);
    !joined && !line.starts_with(['!', '(', '{']) && !only_assigns && !CARRIED.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(shell: Shell, lines: &[(&str, bool)]) -> String {
        let line = |(at, (text, ignored)): (usize, &(&str, bool))| {
            (text.split('\n').map(|part| (at as u32, part.to_owned())).collect(), *ignored)
        };
        let lines = shell.script(lines.iter().enumerate().map(line).collect());
        lines.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_line_is_kept_to_itself() {
        let plain = Shell::default();
        let strict = Shell { errexit: true, pipefail: true };
        let cases: [(Shell, &str, bool, &str); 14] = [
            (plain, "eslint .", false, "eslint ."),
            (plain, "eslint .", true, "eslint . || true"),
            (plain, "a | b || c", false, "a | b || c"),
            (plain, "a $(b) ${C} 2>&1", false, "a $(b) ${C} 2>&1"),
            (plain, "a; b", false, "( a; b) || exit 1"),
            (plain, "a && b", true, "( a && b) || true"),
            (plain, "cd x", false, "( cd x) || exit 1"),
            (plain, "A=1", false, "( A=1) || exit 1"),
            (plain, "A=1 b", false, "A=1 b"),
            (plain, "a; b # c", false, "( a; b # c\n) || exit 1"),
            (plain, "a # c", true, "( a # c\n) || true"),
            (plain, "a && \\\n  b", false, "( a && \\\n  b) || exit 1"),
            (plain, "# only", false, "# only"),
            (strict, "a; b", false, "set -o pipefail\n( a; b)"),
        ];
        for (shell, line, ignored, expected) in cases {
            assert_eq!(script(shell, &[(line, ignored)]), expected, "{line}");
        }
    }

    #[test]
    fn arguments_of_a_shell_are_read() {
        let both = Shell { errexit: true, pipefail: true };
        assert_eq!(Shell::of_arguments(["-euo", "pipefail", "-c"]), both);
        assert_eq!(Shell::of_arguments(["-ec"]), Shell { errexit: true, pipefail: false });
        assert_eq!(Shell::of_arguments(["-cu"]), Shell::default());
    }
}
