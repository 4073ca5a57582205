//! Runners that only start another program.

use super::paths::hidden;
use super::run::Run;
use super::words::{Options, Scan, Until, scan};
use super::{Answer, At, Call, ScriptAt, Why};

const NPX: Options = Options {
    flags: "-y -q -s --yes --no --quiet --silent --no-install --ignore-existing --offline --prefer-offline \
            --prefer-online --bun --verbose --always-spawn --ignore-scripts --legacy-peer-deps",
    valued: "-p -c -w --package --call --workspace --cache --userconfig --registry --prefix --loglevel --node-options \
            --node-arg -n --shell",
};

/// Packages whose program is not called as they are.
const PROGRAMS: [(&str, &str); 19] = [
    ("@angular/cli", "ng"),
    ("@arethetypeswrong/cli", "attw"),
    ("@axe-core/cli", "axe"),
    ("@cspell/cspell", "cspell"),
    ("@go-task/cli", "task"),
    ("@ls-lint/ls-lint", "ls-lint"),
    ("@mermaid-js/mermaid-cli", "mmdc"),
    ("@microsoft/api-extractor", "api-extractor"),
    ("@nestjs/cli", "nest"),
    ("@playwright/test", "playwright"),
    ("@redocly/cli", "redocly"),
    ("@sentry/cli", "sentry-cli"),
    ("@stoplight/spectral-cli", "spectral"),
    ("@stryker-mutator/core", "stryker"),
    ("markdownlint-cli", "markdownlint"),
    ("nx-cloud", "nx-cloud"),
    ("rust-just", "just"),
    ("typescript", "tsc"),
    ("yaml-lint", "yamllint"),
];

/// The program that a package given as `name@version` runs; the name itself where `named` by an option of its own.
pub(super) fn remote(name: &str, named: bool) -> Result<String, Why> {
    if hidden(name) && !name.split_once('@').is_some_and(|(before, _)| !before.is_empty() && !hidden(before)) {
        return Err(format!("the program `{name}` is filled in by the run"));
    }
    if named {
        return Ok(name.to_owned());
    }
    if name.contains(':') || name.starts_with(['.', '/']) || name.ends_with(".tgz") {
        return Err(format!("what program `{name}` runs is not known"));
    }
    let scoped = name.strip_prefix('@');
    let package = match scoped.unwrap_or(name).split_once('@') {
        Some((package, _)) => &name[..package.len() + usize::from(scoped.is_some())],
        None => name,
    };
    if let Some((_, program)) = PROGRAMS.iter().find(|(of, _)| *of == package) {
        return Ok((*program).to_owned());
    }
    match package.split_once('/') {
        // `@lhci/cli` runs `lhci`.
        Some((scope, "cli")) => Ok(scope.trim_start_matches('@').to_owned()),
        Some((scope, program)) if scope.starts_with('@') => Ok(program.to_owned()),
        Some(_) => Err(format!("what program `{name}` runs is not known")),
        None => Ok(package.to_owned()),
    }
}

/// A line of shell that the call itself holds.
pub(super) fn line(at: &At<'_>, runner: &'static str, text: &str) -> Call {
    Call::scripts(runner, vec![ScriptAt::of_call(&at.cwd, text)])
}

/// The program behind the options of an `npx`.
pub(super) fn remote_call(at: &At<'_>, given: &Scan) -> Answer {
    given.sure()?;
    if let Some(text) = given.last("-c --call") {
        return Ok(line(at, "npx", text));
    }
    if given.last("-w --workspace").is_some() {
        return Err("the program runs in a workspace".to_owned());
    }
    let Some((name, rest)) = given.rest.split_first() else { return Ok(Call::Builtin) };
    let place = match given.last("--prefix") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    let name = remote(name, given.last("-p --package").is_some())?;
    place.program(std::iter::once(name).chain(rest.iter().cloned()).collect())
}

/// `npx`, `pnpx`.
pub(super) fn npx(at: &At<'_>, words: &[String]) -> Answer {
    remote_call(at, &scan(words, &NPX, Until::Words(0)))
}

/// `bunx`.
pub(super) fn bunx(at: &At<'_>, words: &[String]) -> Answer {
    npx(at, words)
}

/// `corepack pnpm …`.
pub(super) fn corepack(at: &At<'_>, words: &[String]) -> Answer {
    match words.split_first() {
        Some((first, rest)) => match first.split('@').next() {
            Some(name @ ("npm" | "npx" | "pnpm" | "pnpx" | "yarn" | "yarnpkg")) => {
                at.program(std::iter::once(name.to_owned()).chain(rest.iter().cloned()).collect())
            }
            _ => Ok(Call::Builtin),
        },
        None => Ok(Call::Builtin),
    }
}

/// `nr script`: a script by whichever package manager the repository uses.
pub(super) fn nr(at: &At<'_>, words: &[String]) -> Answer {
    let [name, extra @ ..] = words else { return Ok(Call::Builtin) };
    if name.starts_with('-') || hidden(name) {
        return Err(format!("`{name}` is not known before the run"));
    }
    let hooks = at.packages.hooks(&at.cwd, at.packages.manager(&at.cwd)?)?;
    at.script_here(&Run { runner: "nr", name, extra, hooks, if_present: false })
}

/// `cross-env A=b program`.
pub(super) fn cross_env(at: &At<'_>, words: &[String]) -> Answer {
    let is_variable = |word: &&String| word.split_once('=').is_some_and(|(name, _)| crate::shell::is_name(name));
    let argv: Vec<String> = words.iter().skip_while(is_variable).cloned().collect();
    if let [line] = argv.as_slice()
        && line.contains(' ')
    {
        return Ok(self::line(at, "cross-env", line));
    }
    at.program(argv)
}

/// `dotenv -e .env -- program`.
pub(super) fn dotenv(at: &At<'_>, words: &[String]) -> Answer {
    let options = Options { flags: "-o --override -q --quiet", valued: "-e -v -c -p -f --file" };
    let given = scan(words, &options, Until::Words(0));
    given.sure()?;
    let rest =
        if given.rest.first().is_some_and(|word| word == "run") { given.rest.get(1..) } else { Some(&given.rest[..]) };
    at.program(rest.unwrap_or_default().iter().skip_while(|word| *word == "--").cloned().collect())
}

/// `bundle exec program`.
pub(super) fn bundle(at: &At<'_>, words: &[String]) -> Answer {
    let given = scan(words, &Options { flags: "--verbose -V", valued: "--gemfile -r" }, Until::Words(1));
    match given.words.first().map(String::as_str) {
        Some("exec") => {
            given.sure()?;
            let options = Options { flags: "--keep-file-descriptors", valued: "--gemfile" };
            let given = scan(&given.rest, &options, Until::Words(0));
            given.sure()?;
            at.program(given.rest)
        }
        Some(
            "install" | "i" | "update" | "config" | "check" | "clean" | "add" | "lock" | "cache" | "package"
            | "outdated",
        ) => Ok(Call::Builtin),
        _ => Ok(Call::Itself),
    }
}

/// `dotnet tool run program`, `dotnet tool exec package`.
pub(super) fn dotnet(at: &At<'_>, words: &[String]) -> Answer {
    let text: Vec<&str> = words.iter().take(2).map(String::as_str).collect();
    match text.as_slice() {
        ["tool", "run"] => {
            let options = Options { flags: "--allow-roll-forward", valued: "" };
            let given = scan(&words[2..], &options, Until::Words(0));
            given.sure()?;
            let rest = given.rest.iter().enumerate().filter(|(at, word)| !(*at == 1 && *word == "--"));
            at.program(rest.map(|(_, word)| word.clone()).collect())
        }
        ["tool", "exec"] => dnx(at, &words[2..]),
        ["tool", _] => Ok(Call::Builtin),
        _ => Ok(Call::Itself),
    }
}

/// `dnx package`.
pub(super) fn dnx(at: &At<'_>, words: &[String]) -> Answer {
    let options = Options {
        flags: "-y --yes --prerelease --allow-roll-forward --interactive --ignore-failed-sources",
        valued: "--version --source --add-source --configfile -v --verbosity --framework",
    };
    let given = scan(words, &options, Until::Words(0));
    given.sure()?;
    let Some((name, rest)) = given.rest.split_first() else { return Ok(Call::Builtin) };
    let name = name.split('@').next().unwrap_or_default().to_owned();
    let rest = rest.iter().enumerate().filter(|(at, word)| !(*at == 0 && *word == "--")).map(|(_, word)| word.clone());
    at.program(std::iter::once(name).chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_a_package_is_known() {
        let cases = [
            ("eslint", Some("eslint")),
            ("eslint@9", Some("eslint")),
            ("eslint@${{ env.V }}", Some("eslint")),
            ("@lhci/cli@0.14.x", Some("lhci")),
            ("@tanstack/intent", Some("intent")),
            ("@biomejs/biome@1.9", Some("biome")),
            ("@angular/cli", Some("ng")),
            ("typescript@5", Some("tsc")),
            ("$TOOL", None),
            ("@scope/$TOOL", None),
            ("./tools/x", None),
            ("github:a/b", None),
            ("a/b", None),
        ];
        for (name, program) in cases {
            assert_eq!(remote(name, false).ok().as_deref(), program, "{name}");
        }
        assert_eq!(remote("tsc", true).as_deref(), Ok("tsc"));
    }
}
