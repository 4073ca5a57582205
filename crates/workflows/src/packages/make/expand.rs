//! `$(NAME)` in makefiles.

use std::collections::BTreeMap;

use super::super::Why;
use super::Makefile;

/// How long a text may become.
const LONGEST: usize = 64 << 10;

/// How deep variables may hold each other.
const DEEPEST: usize = 16;

/// How many references a line may hold, those of its variables included.
const MOST: usize = 20_000;

/// The growing text.
struct Out {
    text: String,
    steps: usize,
}

impl Out {
    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// What is known where a text is expanded.
pub(super) struct Expand<'e> {
    /// For its variables.
    pub(super) makefile: &'e Makefile,
    /// Variables that the command line gives, and their values where they are known.
    pub(super) assigned: &'e BTreeMap<String, Option<String>>,
    /// `$@`.
    pub(super) target: &'e str,
    /// `$^`.
    pub(super) prerequisites: &'e [&'e str],
}

impl Expand<'_> {
    /// `text` as the shell gets it. A variable whose value is not known becomes one of the shell, whose value is not
    /// known either; `$(shell …)` becomes what the shell writes so.
    pub(super) fn text(&self, text: &str) -> Result<String, Why> {
        let mut out = Out { text: String::new(), steps: 0 };
        self.push(text, &mut out, DEEPEST)?;
        Ok(out.text)
    }

    fn push(&self, text: &str, out: &mut Out, depth: usize) -> Result<(), Why> {
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            out.steps += 1;
            if out.text.len() > LONGEST || out.steps > MOST {
                return Err(format!("{}: a line grows without bound", self.makefile.path));
            }
            rest = &rest[at + 1..];
            let Some(next) = rest.chars().next() else { break };
            let after = &rest[next.len_utf8()..];
            rest = match next {
                '$' => {
                    out.push_str("$");
                    after
                }
                '(' | '{' => {
                    let end = closing(after, next);
                    self.reference(&after[..end], out, depth)?;
                    after.get(end + 1..).unwrap_or_default()
                }
                _ => {
                    self.reference(&rest[..next.len_utf8()], out, depth)?;
                    after
                }
            };
        }
        out.push_str(rest);
        Ok(())
    }

    fn reference(&self, name: &str, out: &mut Out, depth: usize) -> Result<(), Why> {
        match name {
            "@" => out.push_str(self.target),
            "<" => out.push_str(self.prerequisites.first().copied().unwrap_or_default()),
            "^" | "+" | "?" => out.push_str(&self.prerequisites.join(" ")),
            "MAKE" => out.push_str("make"),
            "CURDIR" => out.push_str("${PWD}"),
            _ => {
                let known = self.makefile.variables.get(name).and_then(Option::as_deref);
                let value = self.assigned.get(name).map_or(known, Option::as_deref);
                if let (Some(value), true) = (value, depth > 0) {
                    return self.push(value, out, depth - 1);
                }
                let function = name.split([' ', '\t', '\n']).next().unwrap_or_default();
                if ["eval", "info", "warning", "error"].contains(&function) && function != name {
                    // Nothing is left of these; `error` stands behind a condition.
                } else if let Some(command) = name.strip_prefix("shell ") {
                    out.push_str("$(");
                    if depth > 0 {
                        self.push(command, out, depth - 1)?;
                    }
                    out.push_str(")");
                } else {
                    let word =
                        name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| !word.is_empty());
                    let word = word.unwrap_or("MADE");
                    let digit = if word.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
                    out.push_str(&format!("${{{digit}{word}}}"));
                }
            }
        }
        Ok(())
    }
}

/// Where the bracket that is open at the begin of `text` closes.
fn closing(text: &str, open: char) -> usize {
    let (open, close) = if open == '(' { (b'(', b')') } else { (b'{', b'}') };
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if byte == open => depth += 1,
            _ if byte == close && depth == 0 => return at,
            _ if byte == close => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_put_in_where_they_are_known() {
        let mut makefile = Makefile::default();
        for (name, value) in [("A", "one $(B)"), ("B", "two"), ("LOOP", "$(LOOP)x")] {
            makefile.variables.insert(name.to_owned(), Some(value.to_owned()));
        }
        makefile.variables.insert("C".to_owned(), None);
        let assigned = BTreeMap::from([("B".to_owned(), Some("given".to_owned()))]);
        let expand = Expand { makefile: &makefile, assigned: &assigned, target: "all", prerequisites: &["x", "y"] };
        let cases = [
            ("$(A)", "one given"),
            ("${C} $(D)", "${C} ${D}"),
            ("$$HOME $@ $< $^", "$HOME all x x y"),
            ("$(shell git log $(B))", "$(git log given)"),
            ("$(wildcard *.c) $(A:x=y)", "${wildcard} ${A}"),
            ("$(MAKE) -C $(dir $(A))", "make -C ${dir}"),
            ("$(eval X := 1)$(info a)$(error)", "${error}"),
            ("$", ""),
            ("$(open", "${open}"),
        ];
        for (text, expanded) in cases {
            assert_eq!(expand.text(text).as_deref(), Ok(expanded), "{text}");
        }
        assert!(expand.text("$(LOOP)").is_ok());
    }

    #[test]
    fn growth_is_bounded() {
        let mut makefile = Makefile::default();
        for n in 0..14 {
            let value = format!("$(V{})", n + 1).repeat(10);
            makefile.variables.insert(format!("V{n}"), Some(value));
        }
        for last in ["x", ""] {
            makefile.variables.insert("V14".to_owned(), Some(last.to_owned()));
            let expand = Expand { makefile: &makefile, assigned: &BTreeMap::new(), target: "", prerequisites: &[] };
            assert!(expand.text("$(V0)").is_err());
        }
    }
}
