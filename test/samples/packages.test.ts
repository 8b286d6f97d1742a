import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { beforeAll, describe, expect, it } from "vitest";
import { build, SAMPLES } from "../../integrations/build.mjs";
import { wasmProgram } from "../../runtimes/wasm/program.js";
import { jsProgram } from "../../runtimes/js/program.js";
import { OWN_PLATFORM } from "../../src/base/own-platform.js";
import { entryOf } from "../../src/package/entry-of.js";
import { MANIFEST_FILE, ManifestSchema } from "../../src/package/manifest.js";
import { InitializeResultSchema } from "../../src/protocol/initialize.js";
import { runProgram, specOf } from "../runtimes/js/harness.js";
import { initialize, INTEGRATIONS, isOnPath, linesOfProgram, request, resource } from "./harness.js";

const FOLDERS = readdirSync(INTEGRATIONS).filter((name) => existsSync(join(INTEGRATIONS, name, MANIFEST_FILE)));
const CONFIG = { required_tags: ["owner"], max_cost: 1, rules: [] };

function manifestOf(name: string): v.InferOutput<typeof ManifestSchema> {
  return v.parse(ManifestSchema, JSON.parse(readFileSync(join(INTEGRATIONS, name, MANIFEST_FILE), "utf8")));
}

function entryPath(name: string): string {
  return join(INTEGRATIONS, name, entryOf(manifestOf(name), OWN_PLATFORM));
}

async function firstAnswer(name: string): Promise<unknown> {
  const { kind } = manifestOf(name);
  const path = entryPath(name);
  if (kind === "executable") return JSON.parse(linesOfProgram(path, [initialize(CONFIG)])[0] ?? "");
  const spec = { ...specOf(readFileSync(path)), kind };
  const run = await runProgram(kind === "js" ? jsProgram : wasmProgram, spec, [initialize(CONFIG)]);
  return JSON.parse(run.exchanges[0]?.[0] ?? "");
}

let skipped: readonly string[] = [];
beforeAll(async () => {
  skipped = await build();
});

describe("the samples' builder", () => {
  it("knows every package that has something to build", () => {
    expect([...SAMPLES, "required-tags-python"].sort()).toEqual([...FOLDERS].sort());
  });

  it("leaves alone what is newer than its sources", async () => {
    const output = join(INTEGRATIONS, "logger/dist/index.js");
    const built = statSync(output).mtimeMs;
    await build(["logger"]);
    expect(statSync(output).mtimeMs).toBe(built);
  });

  it("refuses a name that it does not know", async () => {
    await expect(build(["nothing"])).rejects.toThrow("no sample is called nothing");
  });

  it("skips nothing but what needs a tool that is not there", () => {
    expect(skipped).toEqual(isOnPath("go") ? [] : ["required-tags-go"]);
  });
});

describe.each(FOLDERS)("sample %s", (name) => {
  it("has a README, a manifest and an entry inside its folder", ({ skip }) => {
    if (skipped.includes(name)) skip();
    const entry = entryOf(manifestOf(name), OWN_PLATFORM);
    expect(existsSync(join(INTEGRATIONS, name, "README.md"))).toBe(true);
    expect(existsSync(join(INTEGRATIONS, name, entry))).toBe(true);
    expect(entry).not.toContain("..");
  });

  it("says in initialize what its manifest says", async ({ skip }) => {
    const isPython = name === "required-tags-python";
    if (skipped.includes(name) || (isPython && !isOnPath("python3"))) skip();
    const { result } = v.parse(v.object({ result: InitializeResultSchema }), await firstAnswer(name));
    const manifest = manifestOf(name);
    expect([result.name, result.version]).toEqual([manifest.name, manifest.version]);
    if (manifest.hooks !== undefined) expect([...result.hooks].sort()).toEqual([...manifest.hooks].sort());
  });
});

describe("executable samples", () => {
  const executables = FOLDERS.filter((name) => manifestOf(name).kind === "executable");

  it.each(executables)("%s has its x bit", (name) => {
    expect(statSync(entryPath(name)).mode & 0o111).toBe(0o111);
  });
});

describe("the AssemblyScript samples", () => {
  it.each(["required-tags-wasm-plugin", "required-tags-wasm-command"])("%s gives its memory back", async (name) => {
    const path = entryPath(name);
    const spec = { ...specOf(readFileSync(path), { limits: { memoryBytes: 2 * 1024 * 1024 } }), kind: "wasm" as const };
    const event = resource({ after: { tags: { note: "x".repeat(4000) } } });
    const lines = Array.from({ length: 2000 }, (_, id) => request(id + 2, "post-plan-resource", event));
    const run = await runProgram(wasmProgram, spec, [initialize(CONFIG), ...lines]);
    expect(run.error).toBeNull();
    expect(run.exchanges.flat()).toHaveLength(2001);
  });
});
