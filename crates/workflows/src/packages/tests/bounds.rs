use super::*;

#[test]
fn hostile_files_end_in_unknown() {
    let deep = "{\"a\":".repeat(100_000);
    let long = format!("{{\"scripts\": {{\"x\": \"{}\"}}}}", "a".repeat(70_000));
    let large = format!("{{\"scripts\": {{\"x\": \"y\"}}}}{}", " ".repeat(5 << 20));
    let chain: String = (0..500).map(|n| format!("t{n}: t{}\n\techo\n", n + 1)).collect();
    let circle = "a: b\n\techo\nb: a\n\techo\n";
    let wide = format!("{}: {}\n\techo\n", "a ".repeat(20_000), "b ".repeat(20_000));
    let recipes: String =
        format!("{}:\n{}", (0..5_000).map(|n| format!("t{n} ")).collect::<String>(), "\techo\n".repeat(5_000));
    let tasks: String = (0..500).map(|n| format!("\"t{n}\": {{\"dependsOn\": [\"t{}\"]}},", n + 1)).collect();
    let turbo = format!("{{\"tasks\": {{{tasks} \"t500\": {{}}}}}}");
    check(
        &[
            ("deep/package.json", &deep),
            ("long/package.json", &long),
            ("large/package.json", &large),
            ("chain/Makefile", &chain),
            ("circle/Makefile", circle),
            ("wide/Makefile", &wide),
            ("recipes/Makefile", &recipes),
            ("turbo/turbo.json", &turbo),
            ("turbo/package.json", "{}"),
            (
                "tasks/deno.json",
                r#"{"tasks": {"a": {"command": "x", "dependencies": ["b"]}, "b": {"dependencies": ["a"]}}}"#,
            ),
            ("just/justfile", "a: b\n    x\nb: a\n    y\n"),
            ("poe/pyproject.toml", "[tool.poe.tasks]\na = ['b']\nb = ['a']\n"),
        ],
        &[
            ("deep: npm run x", "unknown"),
            ("long: npm run x", "unknown"),
            ("large: npm run x", "unknown"),
            ("chain: make t0", "unknown"),
            ("circle: make a", "circle#b circle#a"),
            ("wide: make a", "unknown"),
            ("recipes: make t0", "unknown"),
            ("turbo: turbo run t0", "unknown"),
            ("tasks: deno task a", "tasks#a"),
            ("just: just a", "just#b just#a"),
            ("poe: poe a", "unknown"),
        ],
    );
}

#[test]
fn too_many_packages_are_a_doubt() {
    let mut files: Vec<(String, String)> =
        (0..2_001).map(|n| (format!("p/{n}/package.json"), format!("{{\"name\": \"n{n}\"}}"))).collect();
    files.push(("package.json".to_owned(), r#"{"workspaces": ["p/*"]}"#.to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    check(&files, &[(": npm run x -ws", "unknown"), (": npm run x", "no script `x`, fails")]);
}

#[test]
fn any_words_are_answered() {
    let files = [
        ("package.json", r#"{"workspaces": ["a/*"], "scripts": {"x": "y"}}"#),
        ("pnpm-workspace.yaml", "packages: [a/*]\n"),
        ("Makefile", "x:\n\ty\n"),
        ("justfile", "x:\n    y\n"),
        ("turbo.json", r#"{"tasks": {"x": {}}}"#),
        ("nx.json", "{}"),
        ("lerna.json", "{}"),
    ];
    let memory = Memory::new(&files);
    let packages = Packages::new(&memory);
    let runners = [
        "npm",
        "pnpm",
        "yarn",
        "bun",
        "deno",
        "node",
        "npx",
        "corepack",
        "cross-env",
        "dotenv",
        "turbo",
        "nx",
        "lerna",
        "run-s",
        "concurrently",
        "make",
        "just",
        "task",
        "composer",
        "python",
        "uv",
        "poetry",
        "pdm",
        "rye",
        "hatch",
        "poe",
        "pipx",
        "bundle",
        "dotnet",
        "dnx",
        "go",
        "cargo",
        "pipenv",
        "uvx",
    ];
    let parts = [
        "",
        "-",
        "--",
        "--=",
        "-=",
        "-w",
        "-C",
        "--filter",
        "run",
        "x",
        "é",
        "-é",
        "@",
        "a@",
        "=",
        ":",
        "//#",
        "!",
        "{",
        "..",
        "run-many",
        "-t",
        "tool",
        "workspaces",
        "foreach",
        "exec",
        "-m",
        "+",
        "\n",
    ];
    for runner in runners {
        for a in parts {
            for b in parts {
                for argv in [vec![runner, a, b], vec![runner, "run", a, b], vec![runner, a, "x", b]] {
                    let argv: Vec<String> = argv.into_iter().map(str::to_owned).collect();
                    let first = packages.resolve("", &argv);
                    assert_eq!(first, packages.resolve("", &argv), "{argv:?}");
                }
            }
        }
    }
}
