//! Options and words of a command line.

use super::Why;
use super::paths::hidden;

/// Which options a program knows, blanks between them.
pub(super) struct Options {
    /// Those that stand alone.
    pub(super) flags: &'static str,
    /// Those that take a value.
    pub(super) valued: &'static str,
}

/// Where reading ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// Behind so many words that are no options; what comes after belongs to something else.
    Words(usize),
    /// At `--`; so many words must be told from options for certain.
    Dashes(usize),
}

/// What a command line holds.
#[derive(Debug, Default)]
pub(super) struct Scan {
    options: Vec<(String, Option<String>)>,
    /// Words that are no options.
    pub(super) words: Vec<String>,
    /// What comes behind.
    pub(super) rest: Vec<String>,
    doubt: Option<String>,
}

/// Whether `name` is a word of `list`.
pub(super) fn listed(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|word| word == name)
}

/// Reads `argv`.
pub(super) fn scan(argv: &[String], options: &Options, until: Until) -> Scan {
    let mut scan = Scan::default();
    let needed = match until {
        Until::Words(_) => usize::MAX,
        Until::Dashes(n) => n,
    };
    let mut at = 0;
    while let Some(word) = argv.get(at) {
        if until == Until::Words(scan.words.len()) && (!scan.words.is_empty() || !word.starts_with('-')) {
            break;
        }
        at += 1;
        if word == "--" {
            break;
        }
        if word.len() > 1 && word.starts_with('-') {
            at += scan.option(word, argv.get(at), options, needed);
            continue;
        }
        if hidden(word) && scan.words.len() < needed {
            scan.doubt.get_or_insert_with(|| format!("`{word}` is not known before the run"));
        }
        scan.words.push(word.clone());
    }
    scan.rest = argv.get(at..).unwrap_or_default().to_vec();
    scan
}

impl Scan {
    /// Notes an option; says how many words it takes besides its own.
    fn option(&mut self, word: &str, next: Option<&String>, known: &Options, needed: usize) -> usize {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        if value.is_some() || listed(known.flags, name) {
            self.options.push((name.to_owned(), value));
            return 0;
        }
        if listed(known.valued, name) {
            self.options.push((name.to_owned(), next.cloned()));
            return 1;
        }
        if !word.starts_with("--") {
            if let Some(taken) = self.cluster(word, next, known) {
                return taken;
            }
        } else if word.starts_with("--no-") && !hidden(word) {
            self.options.push((word.to_owned(), None));
            return 0;
        }
        if self.words.len() < needed {
            self.doubt.get_or_insert_with(|| format!("what the option `{word}` takes is not known"));
        }
        0
    }

    /// `-rs`, `-C../web`, `-vpC ../web`.
    fn cluster(&mut self, word: &str, next: Option<&String>, known: &Options) -> Option<usize> {
        let mut options = Vec::new();
        for (at, letter) in word.get(1..)?.char_indices() {
            let name = format!("-{letter}");
            if listed(known.flags, &name) {
                options.push((name, None));
                continue;
            }
            if !listed(known.valued, &name) {
                return None;
            }
            let attached = word.get(1 + at + letter.len_utf8()..).filter(|rest| !rest.is_empty());
            options.push((name, attached.map(str::to_owned).or_else(|| next.cloned())));
            self.options.append(&mut options);
            return Some(usize::from(attached.is_none()));
        }
        self.options.append(&mut options);
        Some(0)
    }

    /// Fails where an option may have taken a word, or a word is not known.
    pub(super) fn sure(&self) -> Result<(), Why> {
        self.doubt.clone().map_or(Ok(()), Err)
    }

    /// Whether one of the flags `names` is given.
    pub(super) fn has(&self, names: &str) -> bool {
        let given = self.options.iter().rev().find(|(name, _)| listed(names, name));
        given.is_some_and(|(_, value)| value.as_deref() != Some("false"))
    }

    /// The values that the options `names` are given.
    pub(super) fn values(&self, names: &str) -> Result<Vec<&str>, Why> {
        let given = self.options.iter().filter(|(name, _)| listed(names, name));
        let value = |(name, value): &'_ (String, Option<String>)| match value {
            Some(value) if hidden(value) => {
                Err(format!("the value of `{name}`, `{value}`, is not known before the run"))
            }
            Some(_) => Ok(()),
            None => Err(format!("`{name}` is given no value")),
        };
        given.clone().try_for_each(value)?;
        Ok(given.filter_map(|(_, value)| value.as_deref()).collect())
    }

    /// The last value that the options `names` are given.
    pub(super) fn value(&self, names: &str) -> Result<Option<&str>, Why> {
        Ok(self.values(names)?.pop())
    }

    /// The last value that the options `names` are given, as it stands: `$GITHUB_WORKSPACE/a`.
    pub(super) fn last(&self, names: &str) -> Option<&str> {
        let given = self.options.iter().rev().find(|(name, _)| listed(names, name));
        given.and_then(|(_, value)| value.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Options = Options { flags: "-r -s --silent", valued: "-C --dir -F" };

    fn read(line: &str, until: Until) -> Scan {
        let argv: Vec<String> = line.split(' ').map(str::to_owned).collect();
        scan(&argv, &KNOWN, until)
    }

    #[test]
    fn options_are_told_from_words() {
        let given = read("-rs -C../web --dir=x -F a run --fix -- b", Until::Words(1));
        assert!(given.sure().is_ok() && given.has("-r") && given.has("--silent -s"));
        assert_eq!((given.words, given.rest), (vec!["run".to_owned()], vec!["--fix".into(), "--".into(), "b".into()]));

        let given = read("run -C x lint --unknown -- b", Until::Dashes(2));
        assert_eq!(given.value("-C --dir"), Ok(Some("x")));
        assert!(given.sure().is_ok(), "what comes behind the script does not matter");
        assert_eq!((given.words, given.rest), (vec!["run".to_owned(), "lint".into()], vec!["b".to_owned()]));

        let given = read("--no-bail -r=false eslint -x", Until::Words(0));
        assert!(!given.has("-r") && given.has("--no-bail"));
        assert_eq!(given.rest, ["eslint", "-x"]);
        assert_eq!(read("-- eslint -x", Until::Words(0)).rest, ["eslint", "-x"]);
    }

    #[test]
    fn what_is_not_known_is_a_doubt() {
        for line in ["--what run lint", "-z run lint", "$FLAGS run lint", "run $SCRIPT", "run ${{x}}-lint"] {
            assert!(read(line, Until::Dashes(2)).sure().is_err(), "{line}");
        }
        assert!(read("run lint $ARGS", Until::Dashes(2)).sure().is_ok());
        assert!(read("-F $PACKAGE run", Until::Words(1)).values("-F").is_err());
        assert!(read("-F", Until::Words(1)).value("-F").is_err());
    }
}
