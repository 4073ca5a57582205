use super::*;

const ROOT: &str = r#"{"name": "root", "private": true, "workspaces": ["apps/*"], "scripts": {
    "rooted": "echo ROOTED", "all": "echo ALL-ROOT", "prelint": "echo PRELINT", "lint": "echo LINT",
    "postlint": "x"}}"#;
const A: &str = r#"{"name": "@s/a", "scripts": {"only-a": "echo ONLY-A", "all": "echo ALL-A", "preall": "x"}}"#;
const B: &str = r#"{"name": "@s/b", "private": true, "scripts": {"all": "x", "fail": "exit 3", "x:global": "y"},
    "dependencies": {"@s/a": "*"}}"#;
const C: &str = r#"{"name": "c"}"#;
const D: &str = r#"{"name": "d", "scripts": {"only-d": "echo D"}}"#;

/// The workspace of four packages and one beside, with more files.
fn workspace<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let packages = [
        ("package.json", ROOT),
        ("apps/a/package.json", A),
        ("apps/b/package.json", B),
        ("apps/c/package.json", C),
        ("apps/c/sub/x", ""),
        ("pkgs/d/package.json", D),
        ("apps/a/node_modules/z/package.json", "{"),
    ];
    packages.iter().chain(more).copied().collect()
}

const PNPM: (&str, &str) = ("pnpm-workspace.yaml", "packages:\n  - \"apps/*\"\n");

#[test]
fn npm_runs_scripts_of_a_package_or_of_workspaces() {
    check(
        &workspace(&[]),
        &[
            (": npm run nosuch", "no script `nosuch`, fails"),
            (": npm run --if-present nosuch", "no script `nosuch`, silent"),
            (": npm run nosuch --if-present", "no script `nosuch`, silent"),
            (": npm run roted", "no script `roted` ~rooted, fails"),
            (": npm t", "no script `test`, fails"),
            (": npm start", "no script `start`, fails"),
            (": npm lint", "no command `npm lint` ~npm run lint, fails"),
            (": npm lnit", "unknown"),
            (": npm ci", "builtin"),
            (": npm audit --audit-level=high", "builtin"),
            (": npm run", "builtin"),
            (": npm -v", "builtin"),
            (": npm run lint", "#prelint #lint #postlint"),
            (": npm run lint --ignore-scripts", "#lint"),
            (": npm rum rooted", "#rooted"),
            (": npm run all -w @s/a", "apps/a#preall apps/a#all"),
            (": npm run all --workspace=apps/a", "apps/a#preall apps/a#all"),
            (": npm run all -w apps/a -w apps/b", "apps/a#preall apps/a#all apps/b#all"),
            (": npm run all --workspaces", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": npm run only-a -ws --if-present", "apps/a#only-a !apps/b !apps/c if-present"),
            (": npm run all -w apps", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": npm run all -w nopkg", "no workspace `nopkg`, fails"),
            (": npm run all -w $PACKAGE", "unknown"),
            (": npm run nosuch -ws", "no script `nosuch`, fails"),
            (": npm test -ws --if-present", "no script `test`, silent"),
            (": npm run all -w @s/a --include-workspace-root", "#all apps/a#preall apps/a#all"),
            (": npm --prefix apps/a run all", "apps/a#preall apps/a#all"),
            (": npm run all -C apps/a", "apps/a#preall apps/a#all"),
            ("apps/a: npm run rooted", "no script `rooted`, fails"),
            ("apps/a: npm run all -ws", "apps/a#preall apps/a#all"),
            ("apps/a: npm run all -w @s/b", "apps/b#all"),
            ("apps/c/sub: npm run all", "unknown"),
            ("pkgs/d: npm run only-d", "pkgs/d#only-d"),
            ("pkgs/d: npm run only-d -ws", "unknown"),
            (": npm exec foobin --x", "$ foobin --x"),
            (": npm exec -w @s/a -- pwd", "apps/a$ pwd"),
            (": npm exec -ws -- pwd -P", "apps/a$ pwd -P apps/b$ pwd -P apps/c$ pwd -P"),
            (": npm x -c \"echo hi\"", "$ echo hi"),
            (": npm --unknown run lint", "unknown"),
        ],
    );
    check(&[("package.json", "{}"), ("server.js", "")], &[(": npm start", "$ node server.js")]);
    check(&workspace(&[(".npmrc", "ignore-scripts=true\n")]), &[(": npm run lint", "#lint")]);
}

#[test]
fn pnpm_runs_scripts_of_a_package_or_of_a_filter() {
    check(
        &workspace(&[PNPM, ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n")]),
        &[
            (": pnpm run nosuch", "no script `nosuch`, fails"),
            (": pnpm run --if-present nosuch", "no script `nosuch`, silent"),
            (": pnpm nosuch", "$ nosuch"),
            (": pnpm no:such", "no script `no:such`, fails"),
            (": pnpm test", "no script `test`, fails"),
            (": pnpm typecheck", "unknown"),
            (": pnpm lint --fix", "#prelint #lint #postlint"),
            (": pnpm eslint .", "$ eslint ."),
            (": pnpm run all --filter @s/a", "#all"),
            (": pnpm -r run all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm -r all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm run -r all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm -r --if-present run only-a", "apps/a#only-a !apps/b !apps/c if-present"),
            (": pnpm -r run nosuch", "no script `nosuch`, either"),
            (": pnpm -r nosuch", "no script `nosuch`, either"),
            (": pnpm -r test", "no script `test`, silent"),
            (": pnpm --filter c test", "no script `test`, silent"),
            (": pnpm --filter nopkg run all", "no package `nopkg`, silent"),
            (": pnpm --filter nopkg --fail-if-no-match run all", "no package `nopkg`, fails"),
            (": pnpm --filter @s/a run all", "apps/a#preall apps/a#all"),
            (": pnpm --filter a run all", "apps/a#preall apps/a#all"),
            (": pnpm --filter=@s/* all", "apps/a#preall apps/a#all apps/b#all"),
            (": pnpm -F ./apps/a all", "apps/a#preall apps/a#all"),
            (": pnpm -F {apps/a} all", "apps/a#preall apps/a#all"),
            (": pnpm -F {apps/**} all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm -F ./apps all", "unknown"),
            (": pnpm -F ./nowhere all", "no package `./nowhere`, silent"),
            (": pnpm -F ...@s/a all", "apps/a#preall apps/a#all apps/b#all"),
            (": pnpm -F @s/b... all", "apps/a#preall apps/a#all apps/b#all"),
            (": pnpm -F @s/b^... all", "apps/a#preall apps/a#all"),
            (": pnpm -F !@s/a all", "apps/b#all !apps/c"),
            (": pnpm -F [origin/main] all", "unknown"),
            (": pnpm -F ${{ matrix.package }} all", "unknown"),
            (": pnpm -F @s/a -F @s/nosuch all", "apps/a#preall apps/a#all -@s/nosuch"),
            (": pnpm --filter root run rooted", "unknown"),
            ("apps/a: pnpm -F ../b run all", "apps/b#all"),
            ("apps/a: pnpm -w run rooted", "#rooted"),
            ("apps/a: pnpm rooted", "apps/a$ rooted"),
            ("apps/a: pnpm -r run all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm -C apps/a run all", "apps/a#preall apps/a#all"),
            (": pnpm --dir=apps/a all", "apps/a#preall apps/a#all"),
            (": pnpm -r --include-workspace-root run rooted", "#rooted !apps/a !apps/b !apps/c"),
            (": pnpm -r --include-workspace-root run nosuch", "no script `nosuch`, fails"),
            (": pnpm --parallel run all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": pnpm exec eslint --fix .", "$ eslint --fix ."),
            (": pnpm --filter @s/a exec pwd", "apps/a$ pwd"),
            (": pnpm -r exec tsc -p .", "apps/a$ tsc -p . apps/b$ tsc -p . apps/c$ tsc -p ."),
            (": pnpm dlx @lhci/cli@0.14 autorun", "$ lhci autorun"),
            (": pnpm dlx --package=typescript tsc", "$ tsc"),
            (": pnpm run /^al/", "unknown"),
            (": pnpm recursive run all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": nr lint", "#prelint #lint #postlint"),
            (": nr nosuch", "no script `nosuch`, fails"),
            (": pnpm install --frozen-lockfile", "builtin"),
            (": pnpm audit", "builtin"),
            (": pnpm store path --silent", "builtin"),
            (": pnpm", "builtin"),
        ],
    );
    for (manager, hooks, none, top) in [
        ("pnpm@8.15.9", "#lint", "no script `nosuch`, silent", "unknown"),
        ("pnpm@9.0.0", "#prelint #lint #postlint", "no script `nosuch`, silent", "unknown"),
        ("pnpm@10.1.0", "#prelint #lint #postlint", "no script `nosuch`, fails", "#rooted"),
    ] {
        let root = ROOT.replacen('{', &format!("{{\"packageManager\": \"{manager}\", "), 1);
        let mut files = workspace(&[PNPM]);
        files[0].1 = &root;
        check(
            &files,
            &[(": pnpm lint", hooks), (": pnpm -r run nosuch", none), (": pnpm --filter root run rooted", top)],
        );
    }
}

#[test]
fn both_yarns_run_scripts_or_programs() {
    check(
        &workspace(&[("yarn.lock", "# yarn lockfile v1\n")]),
        &[
            (": yarn rooted", "#rooted"),
            (": yarn run lint", "#prelint #lint #postlint"),
            (": yarn test", "unknown"),
            (": yarn no:such", "no script `no:such`, fails"),
            (": yarn x:global", "no script `x:global`, fails"),
            (": yarn eslint .", "$ eslint ."),
            (": yarn run eslint .", "$ eslint ."),
            (": yarn workspace @s/a run all", "apps/a#preall apps/a#all"),
            (": yarn workspace @s/a all", "apps/a#preall apps/a#all"),
            (": yarn workspace nopkg all", "no package `nopkg`, fails"),
            (": yarn workspaces run all", "unknown"),
            (": yarn workspaces run x:y", "no script `x:y`, fails"),
            (": yarn --cwd apps/a all", "apps/a#preall apps/a#all"),
            (": yarn -s rooted", "#rooted"),
            (": yarn", "builtin"),
            (": yarn install --frozen-lockfile", "builtin"),
            (": yarn audit", "builtin"),
        ],
    );
    check(
        &workspace(&[("yarn.lock", "__metadata:\n  version: 8\n")]),
        &[
            (": yarn lint", "#lint"),
            (": yarn audit", "unknown"),
            (": yarn npm audit", "builtin"),
            (": yarn x:global", "apps/b#x:global"),
            ("apps/a: yarn run -T rooted", "#rooted"),
            ("apps/a: yarn rooted", "apps/a$ rooted"),
            (": yarn workspaces foreach -A run all", "#all apps/a#all apps/b#all !apps/c"),
            (": yarn workspaces foreach -Apt run only-a", "apps/a#only-a ! !apps/b !apps/c"),
            (": yarn workspaces foreach -A --include @s/* run all", "apps/a#all apps/b#all"),
            (": yarn workspaces foreach -A --exclude root run all", "apps/a#all apps/b#all !apps/c"),
            (": yarn workspaces foreach -A --no-private run all", "apps/a#all !apps/c"),
            (": yarn workspaces foreach -A run no:such", "no script `no:such`, silent"),
            (": yarn workspaces foreach -A run nosuch", "unknown"),
            (": yarn workspaces foreach --since run all", "unknown"),
            ("apps/b: yarn workspaces foreach -R run all", "apps/a#all apps/b#all"),
            ("apps/a: yarn workspaces foreach -W run only-a", "apps/a#only-a"),
            (": yarn workspaces foreach -A exec pwd", "$ pwd apps/a$ pwd apps/b$ pwd apps/c$ pwd"),
            (": yarn dlx -q cowsay hi", "$ cowsay hi"),
            (": yarn exec tsc", "$ tsc"),
        ],
    );
}

#[test]
fn bun_deno_and_node_run_scripts() {
    check(
        &workspace(&[]),
        &[
            (": bun run lint", "#prelint #lint #postlint"),
            (": bun lint", "#prelint #lint #postlint"),
            (": bun run nosuch", "$ nosuch"),
            (": bun run no:such", "no script `no:such`, fails"),
            (": bun run --if-present no:such", "no script `no:such`, silent"),
            (": bun run test", "unknown"),
            (": bun test", "itself"),
            (": bun build ./x.ts", "itself"),
            (": bun run x.js", "itself"),
            (": bun run --filter * all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": bun --filter ./apps/a all", "apps/a#preall apps/a#all"),
            (": bun run --filter nopkg all", "no package `nopkg`, fails"),
            (": bun run --filter * nosuch", "no script `nosuch`, fails"),
            (": bun run --cwd apps/a all", "apps/a#preall apps/a#all"),
            (": bun install", "builtin"),
            (": bunx eslint@9 .", "$ eslint ."),
            (": bun x --bun eslint .", "$ eslint ."),
            (": node --run rooted", "#rooted"),
            (": node --run lint", "#lint"),
            (": node --run nosuch", "no script `nosuch`, fails"),
            (": node x.js", "itself"),
        ],
    );
    let deno = "{ // tasks\n \"workspace\": [\"./m\"],\n \"tasks\": {\"a\": \"echo A\",\n\
        \"b\": {\"command\": \"echo B\",\n\
        \"dependencies\": [\"a\"]}, \"pre\": \"echo P\",}}";
    let files = [
        ("deno.json", deno),
        ("m/deno.json", r#"{"name": "m", "tasks": {"only-m": "echo M", "a": "echo MA"}}"#),
        ("pj/package.json", r#"{"scripts": {"prescr": "echo PRE", "scr": "echo SCR"}}"#),
        ("sub/deep/x", ""),
    ];
    check(
        &files,
        &[
            (": deno task a", "#a"),
            (": deno task b", "#a #b"),
            (": deno task nosuch", "no task `nosuch`, fails"),
            (": deno task --if-present nosuch", "no task `nosuch`, silent"),
            ("sub/deep: deno task a", "#a"),
            ("sub/deep: deno task nosuch", "unknown"),
            ("m: deno task only-m", "m#only-m"),
            ("m: deno task a", "m#a"),
            ("m: deno task b", "m#a #b"),
            ("pj: deno task scr", "pj#prescr pj#scr"),
            (": deno task --cwd pj scr", "pj#prescr pj#scr"),
            (": deno task -r a", "unknown"),
            (": deno task", "builtin"),
            (": deno test", "itself"),
            (": deno run -A npm:eslint@9 .", "$ eslint ."),
            (": deno run -A main.ts", "itself"),
        ],
    );
}

#[test]
fn several_scripts_at_once_are_found() {
    let scripts = r#"{"scripts": {"a:x": "AX", "a:y": "AY", "a:y:z": "AYZ", "b": "B", "a": "A", "prea:x": "P"}}"#;
    check(
        &[("package.json", scripts)],
        &[
            (": run-s a b", "#a #b"),
            (": run-s a:*", "#prea:x #a:x #a:y"),
            (": run-s a:**", "#prea:x #a:x #a:y #a:y:z"),
            (": run-p -c \"b -- --fix\" a", "#b #a"),
            (": npm-run-all a --parallel a:y b", "#a #a:y #b"),
            (": run-s b nosuch", "no script `nosuch`, fails"),
            (": run-s nosuch:*", "no script `nosuch:*`, fails"),
            (": run-s !(a)", "unknown"),
            (": run-p --race a b", "unknown"),
            (": concurrently npm:b \"npm run a\" \"eslint .\"", "$ npm run b $ npm run a $ eslint ."),
            (": concurrently -n x,y npm:a:* -k", "$ npm run a:x $ npm run a:y $ npm run a:y:z"),
            (": concurrently npm:nosuch:*", "no script `npm:nosuch:*`, silent"),
            (": concurrently --success first npm:a npm:b", "unknown"),
            (": npx concurrently \"pnpm:b -- --x\"", "$ pnpm run b -- --x"),
        ],
    );
}

#[test]
fn lerna_runs_scripts_of_its_packages() {
    check(
        &workspace(&[("lerna.json", r#"{"version": "1.0.0"}"#)]),
        &[
            (": lerna run all", "apps/a#preall apps/a#all apps/b#all !apps/c"),
            (": lerna run all,only-a", "apps/a#preall apps/a#all apps/b#all apps/a#only-a !apps/c"),
            (": lerna run all,nosuch --stream", "apps/a#preall apps/a#all apps/b#all -nosuch !apps/c"),
            (": lerna run nosuch", "no script `nosuch`, silent"),
            (": lerna run rooted", "no script `rooted`, silent"),
            (": lerna run all --scope=@s/a", "apps/a#preall apps/a#all"),
            (": lerna run all --scope @s/* --ignore @s/b", "apps/a#preall apps/a#all"),
            (": lerna run all --scope=nopkg", "no package `nopkg`, fails"),
            (": lerna run all --since main", "unknown"),
            (": npx lerna exec -- pwd", "apps/a$ pwd apps/b$ pwd apps/c$ pwd"),
            (": lerna publish --yes", "builtin"),
        ],
    );
    check(&workspace(&[("lerna.json", r#"{"packages": ["pkgs/*"]}"#)]), &[(": lerna run only-d", "pkgs/d#only-d")]);
}
