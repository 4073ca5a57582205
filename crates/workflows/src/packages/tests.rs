//! Whole calls on small repositories. What is expected was seen of the programs themselves: npm 9, pnpm 8 to 10, Yarn 1
//! and 4, Bun, Deno, turbo 1 and 2, Nx 22, Lerna 9, npm-run-all2, concurrently, GNU Make, just, go-task, poe, PDM.

mod bounds;
mod make;
mod node;
mod others;
mod python;
mod turbo;

use std::collections::BTreeMap;

use super::*;

/// A repository in memory.
struct Memory(BTreeMap<String, Rc<str>>);

impl Memory {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), Rc::from(*text))).collect())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Option<Rc<str>> {
        self.0.get(path).cloned()
    }

    fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn below<'a>(&'a self, folder: &str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Box::new(self.0.keys().map(String::as_str).filter(move |path| path.starts_with(&start)))
    }
}

/// The words of a line; those in double quotes hold blanks.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// A call in few words.
fn told(call: &Call) -> String {
    match call {
        Call::Itself => "itself".to_owned(),
        Call::Builtin => "builtin".to_owned(),
        Call::Unknown { .. } => "unknown".to_owned(),
        Call::Program { argv, cwd } => format!("{cwd}$ {}", argv.join(" ")),
        Call::Missing { what, near, silent, .. } => {
            let near = near.as_ref().map(|near| format!(" ~{near}")).unwrap_or_default();
            let end = match silent {
                Some(true) => "silent",
                Some(false) => "fails",
                None => "either",
            };
            format!("no {what}{near}, {end}")
        }
        Call::Scripts { scripts, ignores_failure, if_present, undefined, skipped_packages, .. } => {
            let mut told: Vec<String> = scripts
                .iter()
                .map(|script| match script.file.as_str() {
                    "" => format!("{}$ {}", script.cwd, script.text),
                    _ => format!("{}#{}", script.package, script.name),
                })
                .collect();
            told.extend(undefined.iter().map(|name| format!("-{name}")));
            told.extend(skipped_packages.iter().map(|folder| format!("!{folder}")));
            told.extend(ignores_failure.then(|| "ignored".to_owned()));
            told.extend(if_present.then(|| "if-present".to_owned()));
            told.join(" ")
        }
    }
}

/// Checks lines `folder: call` against what they run, and of each script that its lines are its text.
fn check(files: &[(&str, &str)], cases: &[(&str, &str)]) {
    let memory = Memory::new(files);
    let packages = Packages::new(&memory);
    for (line, expected) in cases {
        let (cwd, line) = line.split_once(": ").expect(line);
        let call = packages.resolve(cwd, &words(line));
        assert_eq!(told(&call), *expected, "[{cwd}] {line}: {call:?}");
        if let Call::Scripts { scripts, .. } = call {
            for script in scripts {
                let lines: Vec<&str> = script.lines.iter().map(|(_, text)| text.as_str()).collect();
                assert_eq!(lines.join("\n"), script.text, "{line}");
                assert_eq!(script.lines.first().map(|(number, _)| *number), Some(script.line), "{line}");
            }
        }
    }
}

/// The only script that a call runs.
fn script(files: &[(&str, &str)], cwd: &str, line: &str) -> ScriptAt {
    let memory = Memory::new(files);
    match Packages::new(&memory).resolve(cwd, &words(line)) {
        Call::Scripts { mut scripts, .. } if scripts.len() == 1 => scripts.remove(0),
        call => panic!("{line}: {call:?}"),
    }
}

#[test]
fn a_script_knows_where_it_stands() {
    let text = "{\n  \"name\": \"x\",\n  \"scripts\": {\n    \"lint\":\n      \"eslint .\"\n  }\n}\n";
    let found = script(&[("apps/a/package.json", text)], "apps/a", "npm run lint -- --fix \"a b\" $X");
    let expected = ScriptAt {
        file: "apps/a/package.json".to_owned(),
        package: "apps/a".to_owned(),
        package_name: Some("x".to_owned()),
        name: "lint".to_owned(),
        text: "eslint . --fix 'a b'".to_owned(),
        line: 5,
        lines: vec![(5, "eslint . --fix 'a b'".to_owned())],
        errexit: false,
        cwd: "apps/a".to_owned(),
    };
    assert_eq!(found, expected);
}

#[test]
fn what_the_run_fills_in_is_not_guessed() {
    let files = [("package.json", r#"{"scripts": {"lint": "x"}}"#), ("Makefile", "lint:\n\techo\n")];
    check(
        &files,
        &[
            (": npm run $SCRIPT", "unknown"),
            (": npm run ${{ matrix.script }}", "unknown"),
            (": pnpm run test-${{matrix.kind}}", "unknown"),
            (": pnpm $FLAGS lint", "unknown"),
            (": npm run lint $ARGS", "#lint"),
            (": npm run nosuch $ARGS", "unknown"),
            (": make lint CC=$CC", "#lint"),
            (": make $TARGET", "unknown"),
            (": npx $TOOL", "unknown"),
            (": pnpm --dir $DIR run lint", "unknown"),
            ("${{ matrix.dir }}: npm run lint", "unknown"),
            ("$GITHUB_WORKSPACE: npm run lint", "#lint"),
            ("/tmp: npm run lint", "unknown"),
            ("/tmp: eslint .", "itself"),
            ("..: python -c x", "itself"),
            ("/tmp: uv sync", "builtin"),
            ("$DIR: npm ci", "builtin"),
            ("$DIR: npx eslint .", "$DIR$ eslint ."),
            ("$DIR: make lint", "unknown"),
            ("..: npm run lint", "unknown"),
            (": $RUNNER run lint", "itself"),
        ],
    );
}

#[test]
fn a_folder_that_the_run_makes_is_not_judged() {
    let files = [
        ("package.json", r#"{"scripts": {"lint": "x"}}"#),
        ("docs/index.md", ""),
        ("broken/package.json", "{"),
        ("list/package.json", "[]"),
        ("odd/package.json", r#"{"scripts": {"lint": ["x"]}}"#),
        ("five/package.json5", "{}"),
    ];
    check(
        &files,
        &[
            (": npm run nosuch", "no script `nosuch`, fails"),
            ("dist: npm run nosuch", "unknown"),
            ("dist: npm run lint", "unknown"),
            ("docs: npm run lint", "#lint"),
            ("docs: npm run nosuch", "unknown"),
            ("broken: npm run lint", "unknown"),
            ("list: npm run lint", "unknown"),
            ("odd: npm run lint", "unknown"),
            ("odd: npm run nosuch", "no script `nosuch`, fails"),
            ("five: pnpm run lint", "unknown"),
            (": npm --prefix docs run lint", "unknown"),
            (": npm --prefix list run lint", "unknown"),
        ],
    );
}
