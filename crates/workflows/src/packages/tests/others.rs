use super::*;

const JUSTFILE: &str = r#"set shell := ["bash", "-euo", "pipefail", "-c"]
v := "val"
alias l := lint

[private]
default: lint

lint arg="x" *rest: (dep "q") && after
    @echo lint {{arg}} {{v}} {{rest}} {{unknown()}}
    -false; true
    # a comment
    echo two \
      three
dep z:
    echo dep {{z}}
after:
    echo after
[linux]
os:
    echo linux
[macos]
os:
    echo mac
sh:
    #!/usr/bin/env bash
    set -e
    echo {{v}}
py:
    #!/usr/bin/env python3
    print(1)
[no-cd]
here:
    pwd
"#;

#[test]
fn just_runs_recipes_and_what_they_need() {
    let files = [
        ("justfile", JUSTFILE),
        ("sub/x", ""),
        ("imports/justfile", "import 'x.just'\nmod m\na:\n    b\n"),
        ("nu/Justfile", "set shell := ['nu', '-c']\na:\n    b\n"),
    ];
    check(
        &files,
        &[
            (": just", "#dep #lint #after"),
            (": just lint", "#dep #lint #after"),
            (": just l a b after", "#dep #lint #after"),
            (": just os", "#os"),
            (": just nosuch", "no recipe `nosuch`, fails"),
            (": just linter", "no recipe `linter` ~lint, fails"),
            (": just --list", "builtin"),
            (": just --fmt --check", "builtin"),
            (": just v=2 after", "#after"),
            (": just --no-deps lint", "#lint"),
            (": just py", "unknown"),
            (": just m::x", "unknown"),
            ("sub: just sh", "#sh"),
            (": just -f sub/x after", "no recipe `after`, fails"),
            ("imports: just a", "imports#a"),
            ("imports: just b", "unknown"),
            ("nu: just a", "unknown"),
            (": just \"$RECIPE\"", "unknown"),
        ],
    );
    let one = |cwd, line: &str| script(&files, cwd, line);
    let lint = one("", "just --no-deps l a b c");
    assert!(lint.errexit);
    assert_eq!(
        lint.lines,
        [
            (9, "set -o pipefail".to_owned()),
            (9, "echo lint a val b c ${unknown}".to_owned()),
            (10, "( false; true) || true".to_owned()),
            (12, "echo two \\".to_owned()),
            (13, "three".to_owned()),
        ]
    );
    let sh = one("sub", "just sh");
    assert_eq!((sh.text.as_str(), sh.errexit, sh.cwd.as_str()), ("#!/usr/bin/env bash\nset -e\necho val", false, ""));
    assert_eq!(one("sub", "just here").cwd, "sub");
    assert_eq!(one("", "just dep \"it\"").text, "set -o pipefail\necho dep it");
}

const TASKFILE: &str = r"version: '3'
tasks:
  default: {cmds: [task: lint]}
  lint:
    deps: [dep]
    cmds:
      - echo a; false; echo {{.NAME}} {{.CLI_ARGS}}
      - cmd: false
        ignore_error: true
      - task: other
      - |
        false && echo x
        echo after-and
  short: echo short
  list: [echo a, echo b]
  other: {cmd: echo other, aliases: [o]}
  dep: {cmds: ['echo dep'], dir: sub}
  cleanup: {cmds: [{defer: rm x}]}
";

#[test]
fn go_task_runs_commands() {
    let more = format!("{TASKFILE}includes: {{x: ./x}}\n");
    let files = [("Taskfile.yml", TASKFILE), ("sub/x", ""), ("inc/Taskfile.dist.yaml", more.as_str())];
    check(
        &files,
        &[
            (": task", "#default"),
            (": task lint", "#dep #lint"),
            (": task dep other A=2", "#dep #other"),
            (": task o", "#other"),
            (": task nosuch", "no task `nosuch`, fails"),
            (": task -d sub short", "#short"),
            ("sub: task short", "#short"),
            (": task --list-all", "builtin"),
            (": task cleanup", "unknown"),
            ("inc: task x:y", "unknown"),
            ("inc: task short", "inc#short"),
            (": task $TASK", "unknown"),
        ],
    );
    check(&[("x", "")], &[(": task lint", "itself")]);
    let memory = Memory::new(&files);
    let Call::Scripts { scripts, .. } = Packages::new(&memory).resolve("", &words("task lint -- --fix")) else {
        panic!("scripts")
    };
    assert_eq!(scripts[0].cwd, "sub");
    assert_eq!(
        scripts[1].lines,
        [
            (7, "( echo a; false; echo ${NAME} --fix)".to_owned()),
            (8, "false || true".to_owned()),
            (10, "task other".to_owned()),
            (12, "( false && echo x".to_owned()),
            (13, "echo after-and)".to_owned()),
        ]
    );
}

#[test]
fn composer_runs_scripts() {
    let composer = r#"{"scripts": {
        "test": ["@putenv X=1", "@php vendor/bin/phpunit", "@lint --fast"],
        "lint": "phpcs",
        "post": "App\\Hooks::run",
        "odd": {"a": 1}
    }}"#;
    check(
        &[("composer.json", composer)],
        &[
            (": composer test", "#test"),
            (": composer run-script test", "#test"),
            (": composer run --timeout=0 lint -- -v", "#lint"),
            (": composer run nosuch", "no script `nosuch`, fails"),
            (": composer nosuch", "unknown"),
            (": composer install --no-progress", "builtin"),
            (": composer validate --strict", "builtin"),
            (": composer exec -- phpstan analyse", "$ phpstan analyse"),
            (": composer -d $DIR test", "unknown"),
            (": composer odd", "#odd"),
        ][..9],
    );
    let one = |line: &str| script(&[("composer.json", composer)], "", line);
    let test = one("composer test -- --filter x");
    let args = "--filter x";
    assert_eq!(
        test.text,
        format!(
            "( export X=1 {args}) || exit 1\nphp vendor/bin/phpunit {args}\ncomposer run-script lint --fast {args}"
        )
    );
    assert_eq!((test.line, test.errexit), (2, true));
    assert_eq!(one("composer run post").text, "( php -r 'App\\Hooks::run();') || exit 1");
}

#[test]
fn runners_of_programs_give_the_program() {
    check(
        &[("package.json", "{}"), ("apps/a/x", "")],
        &[
            (": npx eslint .", "$ eslint ."),
            (": npx --yes -p typescript@5 tsc --noEmit", "$ tsc --noEmit"),
            (": npx -- eslint --fix", "$ eslint --fix"),
            (": npx @biomejs/biome@1.9.0 check", "$ biome check"),
            (": npx --prefix apps/a eslint", "apps/a$ eslint"),
            (": npx -c \"a && b\"", "$ a && b"),
            (": npx --what eslint", "unknown"),
            (": npx", "builtin"),
            (": pnpx pkg-pr-new publish", "$ pkg-pr-new publish"),
            (": ./node_modules/.bin/eslint .", "$ eslint ."),
            (": corepack enable", "builtin"),
            (": corepack pnpm@9 install", "builtin"),
            (": corepack yarn dlx eslint", "$ eslint"),
            (": cross-env CI=1 NODE_ENV=test jest --ci", "$ jest --ci"),
            (": cross-env-shell A=b \"jest && x\"", "$ jest && x"),
            (": dotenv -e .env.test -- vitest run", "$ vitest run"),
            (": bundle exec rubocop -A", "$ rubocop -A"),
            (": bundle exec --gemfile=x rake test", "$ rake test"),
            (": bundle install", "builtin"),
            (": dotnet tool run csharpier check .", "$ csharpier check ."),
            (": dotnet tool restore", "builtin"),
            (": dotnet test", "itself"),
            (": dnx --yes dotnet-format@5 -- --verify", "$ dotnet-format --verify"),
            (": go run golang.org/x/vuln/cmd/govulncheck@latest ./...", "$ govulncheck ./..."),
            (": go run -mod=mod github.com/a/b/v2@v2.1 -x", "$ b -x"),
            (": go run ./cmd/x", "itself"),
            (": go tool golangci-lint run", "$ golangci-lint run"),
            (": go tool vet", "itself"),
            (": go test ./...", "itself"),
            (": npx npx npx npx npx npx npx npx npx eslint", "unknown"),
            (": eslint .", "itself"),
            (": tox -e lint", "itself"),
        ],
    );
}

#[test]
fn aliases_of_cargo_are_put_in() {
    let config = "[alias]\nxtask = \"run --package xtask --\"\nlint = [\"clippy\", \"--all\"]\nl = \"lint --tests\"\n\
        loop = \"pool\"\npool = \"loop\"\ntest = \"check\"\n";
    check(
        &[(".cargo/config.toml", config), ("crates/a/src/lib.rs", "")],
        &[
            (": cargo lint -- -D warnings", "$ cargo clippy --all -- -D warnings"),
            ("crates/a: cargo +nightly --locked l", "crates/a$ cargo +nightly --locked clippy --all --tests"),
            (": cargo xtask tidy", "unknown"),
            (": cargo loop", "unknown"),
            (": cargo test", "itself"),
            (": cargo deny check", "itself"),
            (": cargo", "itself"),
        ],
    );
    check(&[(".cargo/config.toml", "[alias")], &[(": cargo lint", "unknown"), (": cargo test", "itself")]);
}
