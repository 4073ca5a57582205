use super::*;

const MAKEFILE: &str = "\
# first
SRC = src tests # where
PYTEST ?= python -m $(TOOL)
TOOL := pytest
FLAGS += -q

.PHONY: all lint test clean check empty
all: lint test

lint: setup
\t@ruff check $(SRC)
\t-mypy $(SRC)
\tcd docs && make html; echo done

test: setup
\t$(PYTEST) $(FLAGS) \\
\t\t--cov=$(SRC) $@ $$HOME

setup: ; pip install -e .

docs:
\tsphinx-build

check:
\t+$(MAKE) -C sub lint
ifdef CI
\techo ci
endif

empty:

define NOT_A_RULE
no: such
endef

a b: c
\techo $@
log::
\techo one
log::
\techo two
build/out.txt: src/in.txt
\tcp $< $@
";

#[test]
fn targets_run_their_recipes_and_what_they_need() {
    let files = [
        ("Makefile", MAKEFILE),
        ("docs/index.rst", ""),
        ("sub/Makefile", "lint:\n\teslint .\nformat lint-all:\n\techo\n"),
        ("inc/Makefile", "include ../Makefile\nx:\n\ty\n"),
        ("pat/Makefile", "test-%:\n\techo $*\n"),
        ("goal/makefile", ".DEFAULT_GOAL := y\nx:\n\ta\ny:\n\tb\n"),
        ("goal/GNUmakefile.txt", ""),
        ("cmake/CMakeLists.txt", ""),
        ("computed/Makefile", "NAMES = p q\n$(NAMES):\n\techo $@\n$(shell ls):\n\techo\n"),
        ("two/Makefile", "ifdef X\na:\n\tone\nelse\na:\n\ttwo\nendif\nb: a\n\tthree\n"),
        ("foo.c", ""),
        ("win/Makefile", "ifeq ($(OS),Windows_NT)\nSHELL = powershell.exe\nendif\nx:\n\ty\ninclude z.mk\n"),
        ("early/Makefile", "include z.mk\nx:\n\ty\n"),
    ];
    check(
        &files,
        &[
            (": make", "#setup #lint #test"),
            (": make lint", "#setup #lint"),
            (": make -j4 lint test", "#setup #lint #test"),
            (": make -j $(nproc) -k test", "#setup #test"),
            (": make -i test", "#setup #test ignored"),
            (": make CI=1 check", "#check"),
            (": make tset", "no target `tset` ~test, fails"),
            (": make all nosuch", "no target `nosuch`, fails"),
            (": make foo", "unknown"),
            (": make Makefile", "unknown"),
            (": make no", "no target `no`, fails"),
            (": make a", "#a"),
            (": make b", "#b"),
            (": make log", "#log #log"),
            (": make build/out.txt", "#build/out.txt"),
            (": make build/other.txt", "unknown"),
            (": make -n lint", "builtin"),
            (": make --eval=x lint", "unknown"),
            (": make -C sub lint", "sub#lint"),
            (": make --directory=sub", "sub#lint"),
            (": make -f sub/Makefile lint", "#lint"),
            ("sub: /usr/bin/make lint-all", "sub#lint-all"),
            ("inc: make x", "inc#x"),
            ("inc: make nosuch", "unknown"),
            ("pat: make test-unit", "unknown"),
            ("goal: make", "goal#y"),
            ("cmake: make all", "unknown"),
            ("computed: make p", "computed#p"),
            ("computed: make r", "unknown"),
            ("two: make a", "unknown"),
            ("win: make", "win#x"),
            ("early: make", "unknown"),
            ("early: make x", "early#x"),
            ("two: make b", "unknown"),
        ],
    );
}

#[test]
fn a_target_that_is_a_folder_or_has_no_recipe_runs_nothing() {
    let files = [("Makefile", MAKEFILE), ("docs/index.rst", "")];
    let why = "a file or folder of that name exists, and `.PHONY` does not list it";
    check(
        &files,
        &[
            (": make docs", &format!("no target `docs` that is not up to date: {why}, silent")),
            (": make -B docs", "#docs"),
            (": make empty", "no recipe of the target `empty`, silent"),
        ],
    );
    check(&files[..1], &[(": make docs", "#docs")]);
    let unsure = [("Makefile", "T = $(shell ls)\n.PHONY: $(T)\ndocs:\n\tx\n"), ("docs/index.rst", "")];
    check(&unsure, &[(": make docs", "#docs")]);
}

#[test]
fn a_recipe_is_told_as_a_script() {
    let files = [("Makefile", MAKEFILE)];
    let memory = Memory::new(&files);
    let packages = Packages::new(&memory);
    let last = |line: &str| match packages.resolve("", &words(line)) {
        Call::Scripts { mut scripts, .. } => scripts.pop().expect(line),
        call => panic!("{line}: {call:?}"),
    };
    let lint = last("make lint");
    assert!(lint.errexit);
    assert_eq!(
        lint.lines,
        [
            (11, "ruff check src tests".to_owned()),
            (12, "mypy src tests || true".to_owned()),
            (13, "( cd docs && make html; echo done) || exit 1".to_owned()),
        ]
    );
    let test = last("make test");
    let text = "python -m pytest ${FLAGS} \\\n\t--cov=src tests test $HOME";
    assert_eq!((test.line, test.text.as_str()), (16, text));
    assert_eq!(last("make test TOOL=unittest").text, text.replace("pytest", "unittest"));
    assert_eq!(last("make setup").text, "pip install -e .");
    assert_eq!(last("make check").lines[0], (25, "make -C sub lint".to_owned()));
    assert_eq!(last("make build/out.txt").text, "cp src/in.txt build/out.txt");
}

#[test]
fn the_shell_of_a_makefile_is_heeded() {
    let with = |head: &str| {
        let text = format!("{head}\nx:\n\ta | b; c\n\td\n");
        script(&[("Makefile", &text)], "", "make x")
    };
    assert_eq!(with("").text, "( a | b; c) || exit 1\nd");
    assert_eq!(with("SHELL := /bin/bash\n.SHELLFLAGS := -eu -o pipefail -c").text, "set -o pipefail\n( a | b; c)\nd");
    assert_eq!(with(".ONESHELL:").text, "a | b; c\nd");
    assert!(!with(".ONESHELL:").errexit && with(".ONESHELL:\n.SHELLFLAGS = -ec").errexit);
    check(&[("Makefile", "SHELL := /usr/bin/python3\nx:\n\tprint(1)\n")], &[(": make x", "unknown")]);
}
