import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REAL_SERVICES } from "../../src/cli/services.js";
import { run } from "./fake-io.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-inspect-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const inspect = (...argv: string[]) => run(["inspect", ...argv], { cwd: folder, env: { PATH: folder } }, REAL_SERVICES);

/** A module with a memory of one page at least and two at most, and an exported function `_start` that returns. */
const COMMAND = Buffer.from(
  [
    "0061736d01000000",
    "01040160",
    "0000",
    "03020100",
    "050401010102",
    "070a01065f7374617274",
    "0000",
    "0a040102000b",
  ].join(""),
  "hex",
);

describe("airlock inspect", () => {
  it("says of a program what contains it on this machine, and nothing of the kind of others", async () => {
    await writeFile(join(folder, "check"), "#!/bin/sh\n", { mode: 0o755 });
    expect((await inspect("./check")).stdout).toMatch(
      /^isolation process group and limits only: bubblewrap is not installed$/m,
    );
    await writeFile(join(folder, "policy.js"), "export default 1;");
    expect((await inspect("policy.js")).stdout).not.toContain("isolation");
  });

  it("shows a bare script", async () => {
    await writeFile(join(folder, "policy.js"), "export default 1;");
    const { code, stdout } = await inspect("policy.js", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: "policy.js",
      kind: "js",
      flavour: null,
      hooks: null,
      manifest: null,
    });
    expect(stdout).toMatch(/"digest": "sha256:[0-9a-f]{64}"/);
  });

  it("shows flavour, imports, exports and memory of a module", async () => {
    await writeFile(join(folder, "policy.wasm"), COMMAND);
    const { code, stdout } = await inspect("policy.wasm", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "wasm",
      flavour: "command",
      imports: [],
      exports: ["_start"],
      memory: { initialBytes: 65_536, maximumBytes: 131_072 },
    });
    const text = await inspect("policy.wasm");
    expect(text.stdout).toContain("kind      wasm, command flavour\n");
    expect(text.stdout).toContain("memory    64KiB at start, at most 128KiB\n");
  });

  it("shows the manifest, and nothing of it as it came", async () => {
    const manifest = {
      name: "policy",
      version: "1.2.3",
      kind: "js",
      entry: "index.js",
      description: "a \u001b[2J policy",
      hooks: ["post-plan-resource"],
      wanted_grants: {
        ...{ hosts: ["api.example.com:443"], env: ["TOKEN"], files: ["./prices.json"], clock: true },
        sensitive: ["aws_db_instance.password"],
      },
      config_schema: {},
    };
    await writeFile(join(folder, "integration.json"), JSON.stringify(manifest));
    await writeFile(join(folder, "index.js"), "export default 1;");
    const { code, stdout } = await inspect(".");
    expect(code).toBe(0);
    for (const line of [
      "manifest  policy 1.2.3",
      "hooks     post-plan-resource",
      "wants     host api.example.com:443, env TOKEN, file ./prices.json, clock, sensitive aws_db_instance.password",
      "a \\u001b[2J policy",
    ]) {
      expect(stdout).toContain(line);
    }
    expect(JSON.parse((await inspect(".", "--format", "json")).stdout)).toMatchObject({
      manifest: { description: "a \u001b[2J policy" },
    });
  });

  it("finds a name on PATH", async () => {
    await writeFile(join(folder, "airlock-integration-audit"), "#!/bin/sh\n", { mode: 0o755 });
    const { code, stdout } = await inspect("audit", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "executable", source: join(folder, "airlock-integration-audit") });
  });

  it("ends with 2 and the source as it was written when there is nothing", async () => {
    for (const source of ["nothing", "./nothing.js"]) {
      const { code, stdout, stderr } = await inspect(source);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`"${source}"`);
      expect(stderr).toContain("(PACKAGE_NOT_FOUND)");
    }
  });

  it("ends with 2 for a text file named .wasm", async () => {
    await writeFile(join(folder, "text.wasm"), "not wasm");
    expect((await inspect("text.wasm")).code).toBe(2);
  });
});
