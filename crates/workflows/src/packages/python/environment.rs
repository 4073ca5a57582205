//! Programs run in an environment: `uv run`, `poetry run`, `python -m`.

use super::super::paths::{file, hidden};
use super::super::words::{Options, Until, scan};
use super::super::{Answer, At, Call};

const UV_RUN: Options = Options {
    flags: "-q -v -n -i -U --quiet --verbose --locked --frozen --all-extras --all-groups --all-packages --dev \
            --only-dev --isolated --active --exact --no-sync --no-project --no-default-groups --no-dev --no-editable \
            --offline --upgrade --reinstall --refresh --no-config --native-tls --compile-bytecode --managed-python \
            --no-env-file --preview --gui-script --no-progress --no-cache",
    valued: "-p -m -s -f -P -C -w --python --module --script --with --with-editable --with-requirements --group \
            --no-group --only-group --extra --no-extra --package --directory --project --env-file --index \
            --default-index --index-url --extra-index-url --find-links --index-strategy --keyring-provider \
            --resolution --prerelease --fork-strategy --exclude-newer --link-mode --config-setting --color \
            --config-file --cache-dir --upgrade-package --reinstall-package --refresh-package --python-platform \
            --python-preference --allow-insecure-host --no-build-package --no-binary-package --from --constraints -c \
            --constraint --overrides --build-constraints -b",
};

/// Modules whose program is called otherwise than with `-` for `_`.
const MODULES: [(&str, &str); 4] =
    [("py.test", "pytest"), ("pre_commit.main", "pre-commit"), ("pip._internal", "pip"), ("pyflakes.api", "pyflakes")];

/// `python -m module`.
pub(in crate::packages) fn module(at: &At<'_>, words: &[String]) -> Answer {
    // `py -3.12 -m`: the launcher's own option.
    let words = match words.split_first() {
        Some((first, rest)) if first.starts_with("-3") => rest,
        _ => words,
    };
    let Some(position) = module_option(words) else { return Ok(Call::Itself) };
    let attached = words[position].strip_prefix("-m").filter(|name| !name.is_empty());
    let (name, rest) = match attached {
        Some(name) => (name, words.get(position + 1..).unwrap_or_default()),
        None => match words.get(position + 1) {
            Some(name) => (name.as_str(), words.get(position + 2..).unwrap_or_default()),
            None => return Ok(Call::Itself),
        },
    };
    program(at, name, rest)
}

/// Where `-m` stands, if a module is run at all.
fn module_option(words: &[String]) -> Option<usize> {
    let mut at = 0;
    loop {
        match words.get(at)?.as_str() {
            word if word.starts_with("-m") => return Some(at),
            "-W" | "-X" => at += 2,
            word if word.starts_with('-') && !word.starts_with("-c") => at += 1,
            _ => return None,
        }
    }
}

/// The program that the module `name` is, where the repository has no module of that name.
fn program(at: &At<'_>, name: &str, rest: &[String]) -> Answer {
    if hidden(name) {
        return Err(format!("the module `{name}` is filled in by the run"));
    }
    let path = name.replace('.', "/");
    for folder in [at.cwd.clone(), file(&at.cwd, "src"), String::new(), "src".to_owned()] {
        let top = file(&folder, name.split('.').next().unwrap_or_default());
        if at.packages.files.contains(&file(&folder, &format!("{path}.py")))
            || at.packages.files.contains(&format!("{top}/__init__.py"))
        {
            return Ok(Call::Itself);
        }
    }
    let known = MODULES.iter().find(|(module, _)| *module == name).map(|(_, program)| (*program).to_owned());
    let name = known.unwrap_or_else(|| if name.contains('.') { name.to_owned() } else { name.replace('_', "-") });
    at.program(std::iter::once(name).chain(rest.iter().cloned()).collect())
}

/// `uv run program`, `uv tool run program`.
pub(in crate::packages) fn uv(at: &At<'_>, words: &[String]) -> Answer {
    let first = scan(words, &UV_RUN, Until::Words(1));
    let place = match first.last("--directory") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    match (first.words.first().map(String::as_str), first.rest.split_first()) {
        (Some("run"), _) => {
            // What comes behind the module is the module's.
            let module = first.rest.iter().position(|word| word == "-m" || word == "--module");
            let (own, behind) = first.rest.split_at(module.unwrap_or(first.rest.len()));
            let given = scan(own, &UV_RUN, Until::Words(0));
            given.sure()?;
            let place = match given.last("--directory") {
                Some(folder) => place.moved(folder)?,
                None => place,
            };
            if given.rest.is_empty()
                && let [_, name, rest @ ..] = behind
            {
                return program(&place, name, rest);
            }
            let given = scan(&first.rest, &UV_RUN, Until::Words(0));
            if given.last("-s --script").is_some() {
                return Ok(Call::Itself);
            }
            match given.rest.first() {
                Some(name) if name.ends_with(".py") => {
                    place.program(std::iter::once("python".to_owned()).chain(given.rest.iter().cloned()).collect())
                }
                _ => place.program(given.rest),
            }
        }
        (Some("tool"), Some((run, rest))) if run == "run" => uvx(&place, rest),
        (Some(_), _) => Ok(Call::Builtin),
        (None, _) => Ok(Call::Builtin),
    }
}

/// `uvx program`.
pub(in crate::packages) fn uvx(at: &At<'_>, words: &[String]) -> Answer {
    remote(at, words, &UV_RUN)
}

/// `pipx run program`.
pub(in crate::packages) fn pipx(at: &At<'_>, words: &[String]) -> Answer {
    let options = Options { flags: "--no-cache --verbose --quiet -q -v", valued: "--spec --python --pip-args" };
    match words.split_first() {
        Some((first, rest)) if first == "run" => remote(at, rest, &options),
        _ => Ok(Call::Builtin),
    }
}

fn remote(at: &At<'_>, words: &[String], options: &Options) -> Answer {
    let given = scan(words, options, Until::Words(0));
    given.sure()?;
    let Some((name, rest)) = given.rest.split_first() else { return Ok(Call::Builtin) };
    // `ruff@0.6`, `pytest==8.*`, `black[jupyter]`.
    let name = name.split(['@', '=', '[', '<', '>', '~']).next().unwrap_or_default().to_owned();
    if name.is_empty() || name.contains('/') {
        return Err("what program is run is not known".to_owned());
    }
    let rest = rest.iter().enumerate().filter(|(n, word)| !(*n == 0 && *word == "--")).map(|(_, word)| word.clone());
    at.program(std::iter::once(name).chain(rest).collect())
}

/// `poetry run program`.
pub(in crate::packages) fn poetry(at: &At<'_>, words: &[String]) -> Answer {
    let options = Options {
        flags: "-q -n -v -vv -vvv --quiet --no-interaction --no-ansi --ansi --no-plugins --no-cache",
        valued: "-C -P --directory --project",
    };
    let given = scan(words, &options, Until::Words(1));
    if given.words.first().is_none_or(|word| word != "run") {
        return Ok(Call::Builtin);
    }
    given.sure()?;
    let place = match given.last("-C --directory") {
        Some(folder) => at.moved(folder)?,
        None => at.within(&at.cwd),
    };
    let inner = scan(&given.rest, &options, Until::Words(0));
    inner.sure()?;
    place.program(inner.rest)
}
