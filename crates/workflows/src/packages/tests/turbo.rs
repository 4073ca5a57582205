use super::*;

const TURBO: &str = r#"{
  // tasks
  "tasks": {"all": {"dependsOn": ["only-a", "^all", "$TOKEN"]}, "nopkgs": {}, "only-a": {}, "//#rooted": {}, "fail": {},
    "@s/b#special": {}, "deploy": {"dependsOn": ["//#rooted", "@s/a#only-a"]}, "types": {"dependsOn": ["^types"]}},
}"#;
const ROOT: &str = r#"{"name": "root", "workspaces": ["apps/*"], "scripts": {"rooted": "R", "all": "ALL-ROOT"}}"#;
const A: &str =
    r#"{"name": "@s/a", "scripts": {"only-a": "x", "all": "ALL-A", "preall": "x", "pkgonly": "x", "types": "x"}}"#;
const B: &str =
    r#"{"name": "@s/b", "scripts": {"all": "x", "deploy": "d", "types": "x"}, "dependencies": {"@s/a": "*"}}"#;

fn files<'f>(root: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let files = [
        ("package.json", root),
        ("turbo.json", TURBO),
        ("apps/a/package.json", A),
        ("apps/a/turbo.json", r#"{"extends": ["//"], "tasks": {"pkgonly": {}}}"#),
        ("apps/b/package.json", B),
        ("apps/c/package.json", r#"{"name": "c"}"#),
    ];
    files.iter().chain(more).copied().collect()
}

#[test]
fn tasks_run_in_the_packages_that_define_them() {
    check(
        &files(ROOT, &[]),
        &[
            (": turbo run all", "apps/a#only-a apps/a#preall apps/a#all apps/b#all !apps/c"),
            (
                ": turbo all \"--concurrency=${{ vars.N }}\"",
                "apps/a#only-a apps/a#preall apps/a#all apps/b#all !apps/c",
            ),
            (": turbo run types", "apps/a#types apps/b#types !apps/c"),
            (": turbo run types --filter=@s/b", "apps/a#types apps/b#types"),
            (": turbo run types --filter=@s/b --only", "apps/b#types"),
            (": turbo run deploy", "#rooted apps/a#only-a apps/b#deploy !apps/a !apps/c"),
            (": turbo run nopkgs", "no script `nopkgs`, silent"),
            (": turbo run special", "no script `special`, silent"),
            (": turbo run nosuch", "no task `nosuch`, fails"),
            (": turbo nosuch all", "no task `nosuch`, fails"),
            (": turbo run all nopkgs", "apps/a#only-a apps/a#preall apps/a#all apps/b#all -nopkgs !apps/c"),
            (": turbo run rooted", "#rooted !apps/a !apps/b !apps/c"),
            (": turbo run //#rooted", "#rooted"),
            (": turbo run pkgonly", "apps/a#pkgonly !apps/b !apps/c"),
            (": turbo run pkgonly --filter=@s/b", "no script `pkgonly`, silent"),
            (": turbo run all --filter=./apps/b", "apps/a#only-a apps/a#preall apps/a#all apps/b#all"),
            (": turbo run all -F @s/*", "apps/a#only-a apps/a#preall apps/a#all apps/b#all"),
            (": turbo run all --filter=nopkg", "no package `nopkg`, either"),
            (": turbo run all --filter=a", "unknown"),
            (": turbo run all --filter=@s/n*", "no package `@s/n*`, silent"),
            (": turbo run all --filter=[HEAD^1]", "unknown"),
            (": turbo run all --affected", "unknown"),
            (": pnpm turbo --filter ./examples/${{ matrix.dir }} all", "unknown"),
            (": turbo run all --dry=json", "builtin"),
            (": turbo login", "builtin"),
            ("apps/a: turbo run all", "apps/a#only-a apps/a#preall apps/a#all"),
            ("apps/c: npx turbo@2 run all", "no script `all`, silent"),
            (": pnpm exec turbo run fail", "no script `fail`, silent"),
            (": node_modules/.bin/turbo run types -F @s/a", "apps/a#types"),
        ],
    );
    let second = ROOT.replacen('{', "{\"devDependencies\": {\"turbo\": \"^2.5.6\"}, ", 1);
    check(
        &files(&second, &[]),
        &[
            (": turbo run all --filter=a", "no package `a`, fails"),
            (": turbo run all --filter=nopkg", "no package `nopkg`, fails"),
        ],
    );
    let first = second.replace("^2.5.6", "1.13.4");
    check(
        &files(&first, &[]),
        &[
            (": turbo run all --filter=a", "apps/a#only-a apps/a#preall apps/a#all"),
            (": turbo run all --filter=nopkg", "no package `nopkg`, silent"),
        ],
    );
}

#[test]
fn words_behind_two_dashes_go_to_the_tasks_asked_for() {
    let memory = Memory::new(&files(ROOT, &[]));
    let call = Packages::new(&memory).resolve("", &words("turbo run all -F @s/a -- --fix"));
    let Call::Scripts { scripts, .. } = call else { panic!("{call:?}") };
    let texts: Vec<&str> = scripts.iter().map(|script| script.text.as_str()).collect();
    assert_eq!(texts, ["x", "x", "ALL-A --fix"]);
}

#[test]
fn a_repository_of_one_package_runs_its_scripts() {
    let one = r#"{"name": "one", "scripts": {"all": "x", "other": "y"}}"#;
    check(
        &[("package.json", one), ("turbo.json", r#"{"tasks": {"all": {}, "none": {}}}"#)],
        &[
            (": turbo run all", "#all"),
            (": turbo run other", "#other"),
            (": turbo run none", "no script `none`, silent"),
            (": turbo run nosuch", "no task `nosuch`, fails"),
        ],
    );
}

#[test]
fn what_is_not_read_whole_is_not_missing() {
    check(
        &files(ROOT, &[("apps/d/package.json", "{")]),
        &[(": turbo run nopkgs", "unknown"), (": turbo run x", "unknown")],
    );
    let shared = [("apps/b/turbo.json", r#"{"extends": ["//", "@s/a"], "tasks": {}}"#)];
    check(&files(ROOT, &shared), &[(": turbo run x", "unknown")]);
    let later = ROOT.replace("apps/*", "apps/*\", \"smoke/*");
    check(
        &files(&later, &[]),
        &[
            (": turbo run all --filter=docs", "unknown"),
            (": turbo run nopkgs", "unknown"),
            (": turbo run types -F @s/a", "apps/a#types"),
        ],
    );
    check(&[("package.json", "{}")], &[(": turbo run x", "unknown")]);
    check(&[("package.json", "{}"), ("turbo.json", "{")], &[(": turbo run x", "unknown")]);
}

#[test]
fn nx_runs_targets_of_projects() {
    let project = r#"{"name": "projc", "targets": {"lint": {"command": "eslint {projectRoot}"},
        "ex": {"executor": "nx:run-commands", "options": {
            "commands": ["one", {"command": "two; three"}], "cwd": "apps"}},
        "dep": {"dependsOn": ["lint"], "command": "echo DEP"}, "test": {"executor": "@nx/jest:jest"},
        "odd": {"executor": "@my/own:thing"}}}"#;
    let more =
        [("nx.json", r#"{"targetDefaults": {"types": {"dependsOn": ["^types"]}}}"#), ("apps/c/project.json", project)];
    check(
        &files(ROOT, &more),
        &[
            (": nx run-many -t all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": nx run-many -t lint all -p projc,@s/a", "apps/c#lint apps/a#preall apps/a#all"),
            (": nx run-many -t all --exclude a", "apps/b#all !apps/c"),
            (": nx run-many -t all -p @s/*", "apps/a#preall apps/a#all apps/b#all"),
            (": nx run-many -t nosuch", "no target `nosuch`, silent"),
            (": nx run-many -t rooted", "no target `rooted`, silent"),
            (": nx affected -t lint --base=origin/main", "apps/c#lint !apps/a !apps/b"),
            (": nx run projc:lint", "apps/c#lint"),
            (": nx run projc:nosuch", "no target `nosuch`, fails"),
            (": nx lint projc", "apps/c#lint"),
            (": nx lint projc -u --coverage=false", "apps/c#lint"),
            (": nx run projc:dep:ci", "apps/c#lint apps/c#dep"),
            (": nx run projc:odd", "unknown"),
            (": nx run c:lint", "no project `c`, fails"),
            (": nx run a:types", "apps/a#types"),
            (": nx run @s/b:types", "apps/a#types apps/b#types"),
            ("apps/a: nx run all", "apps/a#preall apps/a#all"),
            ("apps/a: npx nx nosuch", "no target `nosuch`, fails"),
            (": nx format:check", "builtin"),
            (": nx run-many -t $TARGETS", "unknown"),
        ],
    );
    let found = script(&files(ROOT, &more), "", "nx run projc:ex");
    assert_eq!(
        (found.text.as_str(), found.cwd.as_str(), found.errexit),
        ("one\n( two; three) || exit 1", "apps", true)
    );
    assert_eq!(script(&files(ROOT, &more), "", "nx lint projc").text, "eslint apps/c");
    assert_eq!(script(&files(ROOT, &more), "", "nx test projc").text, "jest");
    let included = [
        ("nx.json", "{}"),
        (
            "apps/d/package.json",
            r#"{"name": "d", "scripts": {"x": "1", "y": "2"}, "nx": {
        "includedScripts": ["y"]}}"#,
        ),
    ];
    check(&files(ROOT, &included), &[(": nx x d", "no target `x`, fails"), (": nx y d", "apps/d#y")]);
    let plugins = [("nx.json", r#"{"plugins": ["@nx/eslint/plugin"]}"#)];
    check(&files(ROOT, &plugins), &[(": nx run-many -t nosuch", "unknown"), (": nx run a:nosuch", "unknown")]);
}
