import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../integrations/build.mjs";
import { temporaryFolder } from "../support/projects.js";
import { wat } from "../support/wasm.js";
import { airlock } from "./projects.js";

const INTEGRATIONS = resolve("integrations");
const SAMPLES = readdirSync(INTEGRATIONS).filter((name) => existsSync(join(INTEGRATIONS, name, "integration.json")));

let skipped: readonly string[] = [];
beforeAll(async () => {
  skipped = await build();
});

describe("airlock inspect", () => {
  it.each(SAMPLES)("tells of the sample %s what its manifest says, in both formats", (name) => {
    if (skipped.includes(name)) return;
    const manifest = JSON.parse(readFileSync(join(INTEGRATIONS, name, "integration.json"), "utf8")) as {
      name: string;
      version: string;
      kind: string;
    };
    const json = airlock(INTEGRATIONS, ["inspect", `./${name}`, "--format", "json"]);
    expect([json.code, json.stderr]).toEqual([0, ""]);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: manifest.kind });
    const text = airlock(INTEGRATIONS, ["inspect", `./${name}`]);
    expect([text.code, text.stderr]).toEqual([0, ""]);
    for (const word of [manifest.name, manifest.version, manifest.kind]) expect(text.stdout).toContain(word);
  });

  it.each([
    ["a file that is not there", {}, "./gone.js", "PACKAGE_NOT_FOUND"],
    ["a folder without a manifest", { "notes.txt": "" }, ".", "PACKAGE_ENTRY_MISSING"],
    ["a manifest that is no JSON", { "integration.json": "{" }, ".", "PACKAGE_MANIFEST_INVALID"],
    ["text that is called wasm", { "a.wasm": "text" }, "./a.wasm", "PACKAGE_NOT_WASM"],
  ])("ends with 2 for %s", (_what, files, source, code) => {
    const { code: exit, stdout, stderr } = airlock(temporaryFolder(files), ["inspect", source]);
    expect([exit, stdout, stderr]).toEqual([2, "", expect.stringContaining(`(${code})`)]);
  });

  it("knows a folder by its own name, also when it is written as a dot", () => {
    const folder = join(temporaryFolder(), "checker");
    mkdirSync(folder);
    writeFileSync(join(folder, "checker"), "#!/bin/sh\n", { mode: 0o755 });
    for (const [cwd, source] of [
      [folder, "."],
      [folder, "../checker"],
      [join(folder, ".."), "./checker"],
    ] as const) {
      const { code, stdout } = airlock(cwd, ["inspect", source, "--format", "json"]);
      expect([source, code]).toEqual([source, 0]);
      expect(JSON.parse(stdout)).toMatchObject({ kind: "executable", manifest: null });
    }
  });

  it("runs nothing of what it looks at", () => {
    const loops = wat(
      `(module (memory (export "memory") 1) (func $s (loop $l (br $l))) (start $s) (func (export "_start")))`,
    );
    const folder = temporaryFolder({ "a.wasm": loops, "a.js": "for (;;);" });
    for (const source of ["./a.wasm", "./a.js"]) expect(airlock(folder, ["inspect", source]).code).toBe(0);
  });
});
