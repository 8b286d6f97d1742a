#!/usr/bin/env node
// Packs the samples and signs them: `node integrations/pack.mjs [OUTPUT]` (default: integrations/dist).
// The key is for development: it is made on the spot, protects nothing, and lies beside the archives, which git ignores.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, SAMPLES } from "./build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const airlock = join(here, "../dist/src/cli/main.js");
const output = resolve(process.argv[2] ?? join(here, "dist"));
const key = join(output, "development.key");

function run(...parameters) {
  const { status, stdout, error } = spawnSync(process.execPath, [airlock, ...parameters], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw error ?? new Error(`airlock ${parameters[0]} ended with ${status}`);
  return stdout;
}

if (!existsSync(airlock)) throw new Error("build Airlock first: npm run build");
const skipped = await build(SAMPLES);
const samples = readdirSync(here).filter((name) => existsSync(join(here, name, "integration.json")));
mkdirSync(output, { recursive: true });
if (!existsSync(key)) run("keygen", "--output", key);
for (const name of samples) {
  if (skipped.includes(name)) {
    console.warn(`SKIPPED ${name}: its toolchain (go) is not on PATH`);
    continue;
  }
  const { archives } = JSON.parse(run("pack", join(here, name), "--output", join(output, name), "--format", "json"));
  for (const { path, digest } of archives) {
    rmSync(`${path}.sigstore.json`, { force: true });
    run("sign", path, "--key", key);
    run("verify", path, "--key", `${key}.pub`);
    console.log(`${path}  ${digest}`);
  }
}
