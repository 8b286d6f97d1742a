#!/usr/bin/env node
// Builds the tools that live tests run on, unless they are built already.
//   node test/tools/build.mjs [--json] [NAME…]      names: tofu terraform time local mockcloud conftest; none means all but conftest
// Progress goes to stderr; --json prints what was built, one object, on stdout.
// Exit codes: 0 built, 1 a build failed, 2 wrong usage, 3 Go is missing.
import { spawn } from "node:child_process";
import { linkSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { draftOf, lock, prune, publish, touch } from "./cache.mjs";
import {
  buildArguments,
  cacheFolder,
  describe,
  entryOf,
  filesOf,
  GO_ENV,
  goMissing,
  isBuilt,
  TOOLS,
} from "./tools.mjs";

const AT_ONCE = 2;
const PROGRESS_MS = 15_000;
const KEPT_OUTPUT_CHARACTERS = 16_000;

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const names =
  positionals.length > 0
    ? [...new Set(positionals)]
    : Object.keys(TOOLS).filter((name) => TOOLS[name].onRequest !== true);
const unknown = names.filter((name) => !Object.hasOwn(TOOLS, name));
if (unknown.length > 0) {
  console.error(`unknown tool ${unknown.join(", ")}; the tools are ${Object.keys(TOOLS).join(", ")}`);
  process.exit(2);
}

/** Go's processes; each has a group of its own, so that its compilers are told as well. */
const children = new Set();
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  // Go tidies up after an interrupt, and so do the builds when Go has ended. A second signal ends all at once.
  process.once(signal, () => {
    stopped = true;
    for (const child of children) interrupt(child.pid);
  });
}

function interrupt(group) {
  try {
    process.kill(-group, "SIGINT");
  } catch (error) {
    // It has ended, and "close" is on its way.
    if (error.code !== "ESRCH") throw error;
  }
}

function goOn() {
  if (stopped) throw new Error("stopped");
}

function go(cwd, args) {
  goOn();
  return new Promise((resolved, failed) => {
    const child = spawn("go", args, { cwd, env: GO_ENV, stdio: ["ignore", "pipe", "pipe"], detached: true });
    if (child.pid !== undefined) children.add(child);
    let output = "";
    const keep = (chunk) => (output = (output + chunk).slice(-KEPT_OUTPUT_CHARACTERS));
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", failed);
    child.on("close", (code) => {
      children.delete(child);
      if (code === 0) resolved();
      else failed(new Error(`go ${args.join(" ")}, in ${cwd}, ended with ${code}:\n${output}`));
    });
  });
}

async function compile(name, entry) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error(`${name}: building`);
  const progress = setInterval(() => console.error(`${name}: building, ${seconds()}`), PROGRESS_MS);
  const draft = await draftOf(entry);
  try {
    const [first, ...others] = filesOf(name).map((file) => join(draft, file));
    const { cwd, args } = buildArguments(name);
    await go(cwd, ["build", "-o", first, ...args]);
    for (const other of others) {
      mkdirSync(dirname(other), { recursive: true });
      linkSync(first, other);
    }
    await publish(draft, entry);
    console.error(`${name}: built in ${seconds()}`);
  } finally {
    clearInterval(progress);
    rmSync(draft, { recursive: true, force: true });
  }
}

async function build(name) {
  const entry = await entryOf(name);
  const free = await lock(`${entry}.lock`, () => {
    goOn();
    return isBuilt(entry);
  });
  if (free !== null) {
    try {
      await compile(name, entry);
    } finally {
      await free();
    }
  }
  await touch(entry);
  return describe(name, entry);
}

const missing = await goMissing();
if (missing !== null) {
  console.error(missing);
  process.exit(3);
}
const queue = [...names];
const built = new Map();
async function worker() {
  for (let name = queue.shift(); name !== undefined && !stopped; name = queue.shift()) {
    try {
      built.set(name, await build(name));
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));
if (stopped) process.exitCode = 130;
if (built.size > 0) await prune(cacheFolder());
if (values.json) console.log(JSON.stringify(names.flatMap((name) => built.get(name) ?? [])));
