// Builds the sample applications, opens their routes in Chromium, and holds what it downloads against the table `loads`
// of `tollgate bundle`. Run by `cargo xtask browser`.
//
// What counts: scripts and style sheets under `/_next/static/` that a new browser context asks for until the network is
// idle. Prefetches are left out by their header, and the samples' links do not prefetch. Then every button of the page is
// pressed: what is downloaded after that must be among the files that may come later.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";

const PLAYWRIGHT = "1.65.1";
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
const MORE_FLAGS = "--disable-component-update --disable-sync";
const ENV = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
const START_SECONDS = 60;

const { values: options } = parseArgs({
  options: {
    apps: { type: "string" },
    work: { type: "string" },
    tollgate: { type: "string" },
    chromium: { type: "string", default: "/usr/bin/chromium" },
    only: { type: "string", default: "" },
  },
});

/** Runs a program to its end, its output in a file; fails when it does. */
function run(log, cwd, program, args) {
  const out = fs.openSync(log, "a");
  try {
    execFileSync(program, args, { cwd, env: ENV, stdio: ["ignore", out, out] });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}: ${error.message}; see ${log}`);
  } finally {
    fs.closeSync(out);
  }
}

/** Installs exactly these versions into `folder`, unless they lie there. */
function install(folder, dependencies) {
  const text = JSON.stringify({ private: true, dependencies }, null, 2);
  const file = path.join(folder, "package.json");
  const isThere = fs.existsSync(file) && fs.readFileSync(file, "utf8") === text;
  if (isThere && fs.existsSync(path.join(folder, "node_modules"))) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(file, text);
  const quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  run(path.join(folder, "install.log"), folder, "npm", ["install", ...quiet]);
}

/** Copies the application, installs it as the variant says, and builds it. */
function build(sources, folder, variant) {
  fs.cpSync(sources, folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "variant.json"), JSON.stringify(variant.config ?? {}));
  install(folder, { next: variant.next, react: variant.react, "react-dom": variant.react });
  const dist = variant.config?.distDir ?? ".next";
  fs.rmSync(path.join(folder, dist), { recursive: true, force: true });
  const next = path.join(folder, "node_modules/next/dist/bin/next");
  run(path.join(folder, "build.log"), folder, process.execPath, [next, "build", ...(variant.build ?? [])]);
  return { next, dist };
}

/** A port of the loopback that nobody listens on. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the application, hands its address to `use`, and stops it. */
async function served(folder, next, use) {
  const port = await freePort();
  const out = fs.openSync(path.join(folder, "start.log"), "w");
  const args = [next, "start", "-H", "127.0.0.1", "-p", String(port)];
  // A group of its own: older versions start processes of their own, which must end too.
  const server = spawn(process.execPath, args, { cwd: folder, env: ENV, stdio: ["ignore", out, out], detached: true });
  const origin = `http://127.0.0.1:${port}`;
  const stop = () => server.exitCode === null && process.kill(-server.pid);
  process.once("exit", stop);
  try {
    await answers(server, origin);
    return await use(origin);
  } finally {
    process.off("exit", stop);
    stop();
    fs.closeSync(out);
  }
}

async function answers(server, origin) {
  for (let tries = 0; tries < START_SECONDS * 4; tries += 1) {
    if (server.exitCode !== null) throw new Error("next start ended; see start.log");
    const reached = await fetch(origin, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
    if (reached) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`next start did not answer within ${START_SECONDS} s; see start.log`);
}

/** What a new context downloads at `url`: file below the build folder -> raw bytes, at first and after pressing buttons. */
async function visit(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const responses = [];
  page.on("response", (response) => responses.push(response));
  const settle = () => page.waitForLoadState("networkidle");
  await page.goto(url, { waitUntil: "load" });
  await settle();
  // The idle network of half a second is waited for twice: hydration may start a download late.
  await page.waitForTimeout(700);
  await settle();
  const first = await files(responses.splice(0));
  for (const button of await page.locator("button:visible").all()) {
    await button.click({ timeout: 2000 }).catch(() => {});
  }
  await page.waitForTimeout(700);
  await settle();
  const later = await files(responses.splice(0));
  await context.close();
  return { first, later: Object.fromEntries(Object.entries(later).filter(([file]) => !(file in first))) };
}

async function files(responses) {
  const found = {};
  for (const response of responses) {
    const request = response.request();
    const kind = request.resourceType();
    const { pathname } = new URL(response.url());
    const at = pathname.indexOf("/_next/static/");
    const headers = await request.allHeaders();
    const prefetched = headers["purpose"] === "prefetch" || (headers["sec-purpose"] ?? "").startsWith("prefetch");
    if (at < 0 || prefetched || !(kind === "script" || kind === "stylesheet")) continue;
    if (!response.ok()) throw new Error(`${response.url()}: status ${response.status()}`);
    found[decodeURIComponent(pathname.slice(at + "/_next/".length))] = (await response.body()).length;
  }
  return sorted(found);
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The table `loads` of tollgate's report: route -> { first, later }, each file -> raw bytes. */
function told(folder, dist) {
  const args = ["bundle", "--root", folder, "--dir", dist, "--format", "json"];
  // A report with a problem is a report, whatever the exit code says.
  const { stdout, stderr } = spawnSync(options.tollgate, args, { encoding: "utf8", env: ENV, maxBuffer: 1 << 28 });
  if (!stdout) throw new Error(`no report of ${folder}: ${stderr}`);
  const exhibit = findExhibit(JSON.parse(stdout), "loads");
  if (!exhibit) throw new Error(`the report of ${folder} has no exhibit \`loads\``);
  const routes = {};
  for (const [start, name, file, when, raw] of exhibit.data.rows) {
    if (start.text !== "route") continue;
    routes[name.text] ??= { first: {}, later: {} };
    routes[name.text][when.text][file.text] = raw.bytes;
  }
  return routes;
}

function findExhibit(value, id) {
  if (value === null || typeof value !== "object") return undefined;
  if (value.id === id && value.data?.rows) return value;
  for (const inner of Object.values(value)) {
    const found = findExhibit(inner, id);
    if (found) return found;
  }
  return undefined;
}

/** Names of the files that only one of the two has, or that differ in size. */
function differences(browser, ours) {
  const found = [];
  for (const [file, bytes] of Object.entries(browser)) {
    if (!(file in ours)) found.push(`only the browser: ${file}`);
    else if (ours[file] !== bytes) found.push(`${file}: ${bytes} B in the browser, ${ours[file]} B in the report`);
  }
  for (const file of Object.keys(ours)) if (!(file in browser)) found.push(`only the report: ${file}`);
  return found;
}

const sum = (record) => Object.values(record).reduce((total, bytes) => total + bytes, 0);

/**
 * Prints one line per route and what differs; gives the number of routes that do. What a route of `atOnce` shows at once by
 * `next/dynamic` is among the files that may come later, for no manifest says when it is shown.
 */
function compare(variant, measured, routes, atOnce) {
  let failed = 0;
  for (const route of [...new Set([...Object.keys(measured), ...Object.keys(routes)])].sort()) {
    const none = { first: {}, later: {} };
    const [browser, ours] = [measured[route] ?? none, routes[route] ?? none];
    const isEarly = (file) => atOnce.includes(route) && file in ours.later;
    const early = Object.entries(browser.first).filter(([file]) => isEarly(file));
    const found = differences(browser.first, { ...ours.first, ...Object.fromEntries(early) });
    if (!(route in measured)) found.push("not opened: add it to `routes` of variants.json");
    if (!(route in routes)) found.push("not in the report");
    for (const file of Object.keys(browser.later)) {
      if (!(file in ours.later)) found.push(`downloaded later, not in the report: ${file}`);
    }
    const cells = [Object.keys(browser.first).length, sum(browser.first), sum(ours.first)].map((n) => `${n}`);
    console.log(`| ${[variant, route, ...cells, found.length ? "DIFFERS" : early.length ? "equal but for what is shown at once" : "equal"].join(" | ")} |`);
    for (const line of found) console.log(`    ${line}`);
    failed += found.length ? 1 : 0;
  }
  return failed;
}

async function main() {
  for (const name of ["apps", "work", "tollgate"]) if (!options[name]) throw new Error(`--${name} is missing`);
  const tools = path.join(options.work, "tools");
  install(tools, { "playwright-core": PLAYWRIGHT });
  const { chromium } = createRequire(path.join(tools, "package.json"))("playwright-core");
  const args = `${FLAGS} ${MORE_FLAGS}`.split(" ");
  const browser = await chromium.launch({ executablePath: options.chromium, args });
  console.log("| build | route | files | bytes browser | bytes ours | |\n|---|---|--:|--:|--:|---|");
  let [failed, compared] = [0, 0];
  try {
    for (const app of fs.readdirSync(options.apps).sort()) {
      const sources = path.join(options.apps, app);
      const { routes, variants, shownAtOnce = [] } = JSON.parse(fs.readFileSync(path.join(sources, "variants.json"), "utf8"));
      for (const variant of variants.filter(({ name }) => name.includes(options.only))) {
        const folder = path.join(options.work, variant.name);
        const { next, dist } = build(sources, folder, variant);
        const base = variant.config?.basePath ?? "";
        const measured = {};
        await served(folder, next, async (origin) => {
          for (const [route, url] of Object.entries(routes)) measured[route] = await visit(browser, origin + base + url);
        });
        fs.writeFileSync(path.join(folder, "browser.json"), JSON.stringify(measured, null, 2));
        failed += compare(variant.name, measured, told(folder, dist), shownAtOnce);
        compared += Object.keys(measured).length;
      }
    }
  } finally {
    await browser.close();
  }
  if (compared === 0) throw new Error(`no variant has a name with \`${options.only}\``);
  console.log(`\n${compared} routes compared, ${failed} differ`);
  if (failed > 0) process.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
await main();
