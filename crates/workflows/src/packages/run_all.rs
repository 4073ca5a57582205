//! `npm-run-all`, `run-s`, `run-p`, `concurrently`: several scripts at once.

use std::rc::Rc;

use super::manifest::Manifest;
use super::near::near;
use super::paths::{file, hidden};
use super::run::{Run, of_package};
use super::words::{Options, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why};

const ALL: Options = Options {
    flags: "-c -l -n -r -s -p -a -S -P --continue-on-error --print-label --print-name --race --sequential --serial \
            --parallel --aggregate-output --silent --color --node-run",
    valued: "--max-parallel --npm-path",
};

const CONCURRENTLY: Options = Options {
    flags: "-k -r -g -l0 -P --kill-others --kill-others-on-fail --raw --group --hide-empty --timings --color \
            --handle-input -i --passthrough-arguments --pad-prefix",
    valued: "-n -m -p -c -t -l -s --names --max-processes --prefix --prefix-colors --success --timestamp-format \
            --prefix-length --restart-tries --restart-after --default-input-target --hide --cwd --name-separator \
            --kill-signal --kill-timeout --teardown --ks",
};

/// `npm-run-all a "b:*"`, `run-s`, `run-p`.
pub(super) fn npm_run_all(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &ALL, Until::Dashes(usize::MAX));
    given.sure()?;
    if given.has("-r --race") {
        return Err("the first script that ends decides".to_owned());
    }
    at.packages.tracked(&at.cwd)?;
    // It reads the package.json of its own folder and none above.
    let manifest = at.packages.manifest(&at.cwd)?;
    let manifest = manifest.ok_or_else(|| format!("no package.json in `{}` is tracked", at.cwd))?;
    let hooks = at.packages.hooks(&at.cwd, at.packages.manager(&at.cwd)?)?;
    let mut scripts = Vec::new();
    for pattern in &given.words {
        let mut parts = pattern.split_whitespace().map(str::to_owned);
        let Some(pattern) = parts.next() else { continue };
        let extra: Vec<String> = parts.filter(|part| part != "--").collect();
        let names = named(&manifest, &pattern, ':')?;
        if names.is_empty() {
            return Ok(Call::Missing {
                what: format!("script `{pattern}`"),
                looked_in: vec![manifest.file.clone()],
                near: near(&pattern, manifest.scripts.iter().map(String::as_str)),
                silent: Some(false),
            });
        }
        for name in names {
            let run = Run { runner: "npm-run-all", name, extra: &extra, hooks, if_present: false };
            scripts.extend(of_package(&manifest, &run)?.unwrap_or_default());
        }
    }
    Ok(Call::scripts("npm-run-all", scripts))
}

/// The scripts that a pattern names: `*` is anything without `separator`, `**` anything.
fn named<'m>(manifest: &'m Manifest, pattern: &str, separator: char) -> Result<Vec<&'m str>, Why> {
    if pattern.contains(['(', '{', '[', '!', '?']) {
        return Err(format!("the pattern `{pattern}` is not understood"));
    }
    // In the order of the file.
    let scripts = manifest.document.root.get("scripts").map_or(&[][..], tollgate_input::Node::entries);
    let names = scripts.iter().filter_map(|pair| pair.key.name());
    Ok(names.filter(|name| fits(pattern.as_bytes(), name.as_bytes(), separator as u8)).collect())
}

/// Without recursion: the last `*` that could take more is tried again.
fn fits(pattern: &[u8], name: &[u8], separator: u8) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize, bool)> = None;
    loop {
        let stars = pattern[p..].iter().take_while(|byte| **byte == b'*').count();
        if stars > 0 {
            p += stars;
            star = Some((p, n, stars > 1));
            continue;
        }
        if n < name.len() && p < pattern.len() && pattern[p] == name[n] {
            (p, n) = (p + 1, n + 1);
            continue;
        }
        if n == name.len() && p == pattern.len() {
            return true;
        }
        match star {
            Some((after, taken, any)) if taken < name.len() && (any || name[taken] != separator) => {
                (p, n) = (after, taken + 1);
                star = Some((after, taken + 1, any));
            }
            _ => return false,
        }
    }
}

/// `concurrently "npm:lint" "npm run test"`: each word is a line of shell.
pub(super) fn concurrently(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &CONCURRENTLY, Until::Dashes(usize::MAX));
    given.sure()?;
    if given.value("-s --success")?.is_some_and(|success| success != "all") {
        return Err("which of the commands decides is not known".to_owned());
    }
    let place = match given.last("--cwd") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    let mut scripts = Vec::new();
    for line in &given.words {
        if hidden(line) && line.starts_with(['$', '`']) {
            return Err(format!("`{line}` is not known before the run"));
        }
        scripts.extend(lines(&place, line)?.iter().map(|line| ScriptAt::of_call(&place.cwd, line)));
    }
    if scripts.is_empty() {
        return Ok(Call::Missing {
            what: format!("script `{}`", given.words.join("`, `")),
            looked_in: vec![file(&place.cwd, "package.json")],
            near: None,
            silent: Some(true),
        });
    }
    Ok(Call::scripts("concurrently", scripts))
}

/// What a word of `concurrently` stands for: `npm:lint` is `npm run lint`, and `npm:test:*` many of these.
fn lines(at: &At<'_>, line: &str) -> Result<Vec<String>, Why> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let short = first
        .split_once(':')
        .filter(|(runner, _)| matches!(*runner, "npm" | "pnpm" | "yarn" | "bun" | "node" | "deno"));
    let (runner, name, rest) = match (short, line.split_whitespace().collect::<Vec<_>>().as_slice()) {
        (Some((runner, name)), _) => (runner, name, rest.to_owned()),
        (None, [runner @ ("npm" | "pnpm" | "yarn" | "bun"), "run", name, rest @ ..]) => {
            (*runner, *name, rest.join(" "))
        }
        _ => return Ok(vec![line.to_owned()]),
    };
    let run = match runner {
        "node" => "node --run".to_owned(),
        "deno" => "deno task".to_owned(),
        runner => format!("{runner} run"),
    };
    let whole = |name: &str| format!("{run} {name} {rest}").trim_end().to_owned();
    if !name.contains('*') {
        return Ok(vec![whole(name)]);
    }
    let (before, after) = name.split_once('*').unwrap_or((name, ""));
    if after.contains('*') || after.contains('(') {
        return Err(format!("the pattern `{name}` is not understood"));
    }
    let manifest: Rc<Manifest> = at.packages.nearest(&at.cwd)?.manifest;
    let scripts = manifest.scripts.iter();
    let fitting = scripts.filter(|script| {
        script.len() >= before.len() + after.len() && script.starts_with(before) && script.ends_with(after)
    });
    Ok(fitting.map(|script| whole(script)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stops_at_a_colon_and_two_do_not() {
        let cases = [
            ("a:*", "a:x", true),
            ("a:*", "a:x:y", false),
            ("a:**", "a:x:y", true),
            ("a:*", "a:", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("*:x", "a:x", true),
            ("*:x", "a:b:x", false),
            ("*a*a", "aaa", true),
            ("**:y", "a:x:y", true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes(), b':'), expected, "{pattern} {name}");
        }
    }
}
