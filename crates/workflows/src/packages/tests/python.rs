use super::*;

const PYPROJECT: &str = r#"
[project]
name = "pp"

[tool.poe]
[tool.poe.tasks]
s = "echo s"
c = {cmd = "echo c"}
sh = {shell = "false; echo sh"}
q = ["s", "c"]
q2 = {sequence = [{cmd = "false"}, "s"]}
q3 = {sequence = ["s"], ignore_fail = true}
deps = {cmd = "echo d", deps = ["s"]}
py = {script = "x:main"}
long = """
one
two
"""

[tool.pdm.scripts]
s = "echo s"
pre_s = "echo pre"
both = {composite = ["s --x", "echo lit"]}

[tool.taskipy.tasks]
lint = "ruff check"
post_lint = "echo after"

[tool.rye.scripts]
words = ["pytest", "-k", "a b"]
chained = {chain = ["words", "words"]}

[tool.hatch.envs.default.scripts]
cov = "pytest --cov"
"#;

#[test]
fn tasks_of_a_project_are_found() {
    let files = [("pyproject.toml", PYPROJECT), ("Pipfile", "[scripts]\nt = 'pytest -q'\n"), ("sub/x", "")];
    check(
        &files,
        &[
            (": poe s", "#s"),
            (": poe q", "#s #c"),
            (": poe q2", "#q2 #s"),
            (": poe q3", "unknown"),
            (": poe deps", "#s #deps"),
            (": poe py", "unknown"),
            (": poe nosuch", "no task `nosuch`, fails"),
            (": poe dep", "no task `dep` ~deps, fails"),
            ("sub: poe nosuch", "unknown"),
            (": pdm run s", "#pre_s #s"),
            (": pdm s", "#pre_s #s"),
            (": pdm run both", "#pre_s #s #both"),
            (": pdm run pytest -q", "$ pytest -q"),
            (": pdm install", "builtin"),
            (": task lint", "#lint #post_lint"),
            (": poetry run task lint", "#lint #post_lint"),
            (": task nosuch", "no task `nosuch`, fails"),
            (": rye run words -x", "#words"),
            (": rye run chained", "#words"),
            (": rye run mypy", "$ mypy"),
            (": rye lint", "itself"),
            (": hatch run cov", "unknown"),
            (": hatch run test:cov", "unknown"),
            (": hatch run pytest -q", "$ pytest -q"),
            (": hatch run types:check", "$ check"),
            (": hatch fmt --check", "itself"),
            (": pipenv run t -x", "#t"),
            (": pipenv run mypy .", "$ mypy ."),
            (": pipenv install", "builtin"),
        ],
    );
    let one = |line: &str| script(&files, "", line);
    let long = one("poe long");
    assert_eq!((long.line, long.text.as_str()), (16, "one\ntwo"));
    assert_eq!(one("poe sh").text, "false; echo sh");
    assert_eq!(one("rye run words -x").text, "pytest -k 'a b' -x");
    let include = format!("{PYPROJECT}\n[tool.poe.include]\npath = \"x.toml\"\n");
    check(&[("pyproject.toml", include.as_str())], &[(": poe nosuch", "unknown")]);
    check(&[("pyproject.toml", "[project]\n")], &[(": poe x", "unknown"), (": task x", "itself")]);
}

#[test]
fn environments_run_programs() {
    let files = [("scripts/check.py", ""), ("src/own/__init__.py", ""), ("sub/x", "")];
    check(
        &files,
        &[
            (": uv run pytest -q", "$ pytest -q"),
            (": uv run --locked --group dev tox run -e typing", "$ tox run -e typing"),
            (": uv run --with=x -p 3.12 --no-sync python -m mypy src", "$ mypy src"),
            (": uv run -m pytest", "$ pytest"),
            (": uv run --no-sync -m build --outdir x", "$ build --outdir x"),
            (": uv run --directory sub ruff check", "sub$ ruff check"),
            (": uv run script.py a", "$ python script.py a"),
            (": uv run --what pytest", "unknown"),
            (": uv run -- ruff check", "$ ruff check"),
            (": uv tool run ruff@0.6 check", "$ ruff check"),
            (": uvx --from build pyproject-build", "$ pyproject-build"),
            (": uvx black[jupyter]==24.* --check .", "$ black --check ."),
            (": uv sync --locked", "builtin"),
            (": pipx run --spec x==1 y", "$ y"),
            (": pipx install x", "builtin"),
            (": poetry run -- pytest -q", "$ pytest -q"),
            (": poetry -C sub run pytest", "sub$ pytest"),
            (": poetry install", "builtin"),
            (": poetry check", "builtin"),
            (": python -m pytest -q", "$ pytest -q"),
            (": python3 -W error -m pip_audit", "$ pip-audit"),
            (": python -mpytest x", "$ pytest x"),
            (": py -3.12 -m pytest", "$ pytest"),
            (": python -m coverage run -m pytest", "$ coverage run -m pytest"),
            (": python -m scripts.check", "itself"),
            (": python -m own", "itself"),
            (": python x.py -m y", "itself"),
            (": python -c x", "itself"),
            (": python", "itself"),
        ],
    );
}
