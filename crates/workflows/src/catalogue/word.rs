//! Words of the catalogue beside words of a command line.
//!
//! A word that begins with `-` is a flag: `--flag` is the flag alone or with a value that does not switch it off,
//! `--flag=value` is the flag with that value, in one word or in two. Any other word is compared as it is; one that
//! begins with `:` is compared with what stands behind the last `:` (`:test` is `test` and `:app:test`). `*` stands for
//! any characters.

/// Values that switch a flag off, or say that nothing makes it fail.
const OFF: [&str; 6] = ["0", "false", "none", "never", "off", "no"];

/// Whether a value switches a flag off.
pub(crate) fn is_off(value: &str) -> bool {
    OFF.iter().any(|off| value.eq_ignore_ascii_case(off))
}

/// The first place in `args` where one of `words` stands, as it is written there.
pub(crate) fn find<'a>(words: impl IntoIterator<Item = &'a String>, args: &[&str]) -> Option<String> {
    let words: Vec<&String> = words.into_iter().collect();
    (0..args.len()).find_map(|at| words.iter().find_map(|word| written(word, args, at)))
}

/// Like [`find`] for flags that turn something on: a following value that switches it off does not count.
pub(crate) fn is_set(words: &[String], args: &[&str]) -> bool {
    (0..args.len()).any(|at| {
        words.iter().any(|word| {
            written(word, args, at).is_some()
                && (word.contains('=') || !args.get(at + 1).is_some_and(|next| is_off(next)))
        })
    })
}

/// The word at `at`, with its value if the catalogue's word has one, provided that they agree.
fn written(word: &str, args: &[&str], at: usize) -> Option<String> {
    let arg = *args.get(at)?;
    if let Some(task) = word.strip_prefix(':') {
        return like(task, arg.rsplit(':').next().unwrap_or(arg)).then(|| arg.to_owned());
    }
    if !word.starts_with('-') {
        return like(word, arg).then(|| arg.to_owned());
    }
    match (word.split_once('='), arg.split_once('=')) {
        (Some((flag, value)), Some((given, of))) => (like(flag, given) && like(value, of)).then(|| arg.to_owned()),
        (Some((flag, value)), None) => {
            let next = args.get(at + 1)?;
            (like(flag, arg) && like(value, next)).then(|| format!("{arg} {next}"))
        }
        (None, Some((given, of))) => (like(word, given) && !is_off(of)).then(|| arg.to_owned()),
        (None, None) => like(word, arg).then(|| arg.to_owned()),
    }
}

/// The values that `flags` are given in `args`.
///
/// A flag that ends with `:` or `=` has a value of the form `format:file`, of which the file counts.
pub(crate) fn values<'a>(flags: &[String], args: &[&'a str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        let (name, attached) = arg.split_once('=').map_or((*arg, None), |(name, value)| (name, Some(value)));
        for flag in flags {
            let (flag, separator) = match flag.strip_suffix(':') {
                Some(flag) => (flag, Some(':')),
                None => flag.strip_suffix('=').map_or((flag.as_str(), None), |flag| (flag, Some('='))),
            };
            if !like(flag, name) {
                continue;
            }
            let value = attached.or_else(|| args.get(at + 1).copied().filter(|next| !next.starts_with('-')));
            let file = match separator {
                None => value,
                Some(by) => value.and_then(|value| value.split_once(by)).map(|(_, file)| file),
            };
            found.extend(file.filter(|file| !matches!(*file, "" | "-" | "/dev/stdout" | "/dev/stderr" | "/dev/null")));
            break;
        }
    }
    found
}

/// Whether `text` is `pattern`, in which `*` stands for any characters.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}
