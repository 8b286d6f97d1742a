#!/usr/bin/env node
// Builds the samples: `node integrations/build.mjs [NAME…]`. What is newer than its sources is left alone.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sdk = join(here, "../guest-sdk/typescript/src");
const require = createRequire(import.meta.url);

/** A JavaScript sample: its source with the SDK in it. */
const js = (name) => ({
  output: join(here, name, "dist/index.js"),
  sources: [join(here, name, "src"), sdk],
  build: (output) => bundle(join(here, name, "src/index.ts"), output),
});

/** `asc` resolves its configuration from the folder that it runs in. */
const assemblyScript = (name) => ({
  output: join(here, name, `dist/${name}.wasm`),
  sources: [join(here, "required-tags-wasm-plugin"), join(here, name)],
  build: (output) => {
    const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
    run(process.execPath, [asc, "assembly/index.ts", "--outFile", output], name, {});
  },
});

const go = (suffix, environment) => ({
  output: join(here, `required-tags-go/dist/required-tags${suffix}`),
  sources: [join(here, "required-tags-go")],
  needs: "go",
  build: (output) =>
    run("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", output, "."], "required-tags-go", environment),
});

const TARGETS = {
  logger: [js("logger")],
  "required-tags": [js("required-tags")],
  "budget-checker": [js("budget-checker")],
  "cost-estimator": [js("cost-estimator")],
  "cost-tracker": [js("cost-tracker")],
  "drift-logger": [js("drift-logger")],
  "policy-validator": [js("policy-validator")],
  "required-tags-node": [
    {
      output: join(here, "required-tags-node/dist/index.mjs"),
      sources: [join(here, "required-tags/src"), sdk],
      build: (output) => bundle(join(here, "required-tags/src/index.ts"), output),
    },
  ],
  "required-tags-wasm-plugin": [assemblyScript("required-tags-wasm-plugin")],
  "required-tags-wasm-command": [assemblyScript("required-tags-wasm-command")],
  "required-tags-go": [go(".wasm", { GOOS: "wasip1", GOARCH: "wasm" }), go("", {})],
};

/** Names of all samples that are built; the others are complete as they are. */
export const SAMPLES = Object.keys(TARGETS);

/**
 * Builds the named samples (default: all) and returns the names of those that could not be, because a tool that only
 * they need is not there. Throws when a build fails.
 */
export async function build(names = SAMPLES) {
  const skipped = [];
  for (const name of names) {
    const targets = TARGETS[name];
    if (targets === undefined) throw new Error(`no sample is called ${name}; there are: ${SAMPLES.join(", ")}`);
    for (const { output, sources, needs, build: make } of targets) {
      if (needs !== undefined && !onPath(needs)) {
        skipped.push(name);
        break;
      }
      if (isFresh(output, sources)) continue;
      mkdirSync(dirname(output), { recursive: true });
      // Renamed when complete: tests that build the same sample at the same time never see half a file.
      const part = `${output}.${process.pid}.part`;
      await make(part);
      renameSync(part, output);
    }
  }
  return skipped;
}

async function bundle(entry, output) {
  const esbuild = await import("esbuild");
  await esbuild.build({
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    alias: { "airlock-guest-sdk": join(sdk, "index.ts") },
    logLevel: "warning",
  });
}

function run(command, parameters, folder, environment) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: join(here, folder),
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}`);
}

function onPath(command) {
  return spawnSync(command, ["version"], { stdio: "ignore" }).status === 0;
}

/** Whether an output is newer than all its sources and this script. */
function isFresh(output, sources) {
  if (!existsSync(output)) return false;
  const built = statSync(output).mtimeMs;
  return [fileURLToPath(import.meta.url), ...sources].every((path) => newest(path) < built);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const inner = readdirSync(path).filter((name) => name !== "dist" && name !== "test" && !name.endsWith(".md"));
  return Math.max(0, ...inner.map((name) => newest(join(path, name))));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const names = process.argv.slice(2);
  const skipped = await build(names.length === 0 ? SAMPLES : names);
  for (const name of skipped) console.warn(`SKIPPED ${name}: its toolchain (go) is not on PATH`);
  console.log(`built ${(names.length === 0 ? SAMPLES : names).length - skipped.length} samples`);
}
