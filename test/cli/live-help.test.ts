import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { takeOwnOptions } from "../../src/cli/own-options.js";
import { STAGES } from "../../src/hosts/terraform/stages/live.js";
import { temporaryFolder } from "../support/projects.js";
import { run } from "./fake-io.js";

/** Options that only some commands have. */
const OF_SOME: Readonly<Record<string, readonly string[]>> = {
  init: ["--approve", "--mirror"],
  plan: ["--shadow"],
};
/** With this, the help of ours is all that can be shown. */
const NO_CORE = { env: { PATH: "/nowhere" } };

/** What the built command prints with a core that only repeats its arguments. */
function withEcho(...argv: string[]) {
  const core = join(temporaryFolder(), "tofu");
  writeFileSync(core, '#!/bin/sh\necho "core got: $*"\n', { mode: 0o755 });
  const env = { PATH: process.env["PATH"] ?? "", AIRLOCK_CORE: core };
  return spawnSync(process.execPath, [resolve("dist/src/cli/main.js"), ...argv], { env, encoding: "utf8" }).stdout;
}

describe("airlock --help", () => {
  it("names every command that integrations take part in, in lines of 80 columns at most", async () => {
    const { stdout } = await run(["--help"]);
    const group = stdout.slice(stdout.indexOf("Commands of tofu and terraform"), stdout.indexOf("Examples:"));
    expect([...group.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name)).toEqual([...STAGES]);
    expect(group.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe.each(STAGES)("airlock %s --help", (command) => {
  it("tells of every option of ours and has examples, each a line that can be typed", async () => {
    const { stdout } = await run([command, "--help"], NO_CORE);
    const named = [...stdout.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, name = ""]) => name);
    expect(named).toEqual(["--core", "--report", ...(OF_SOME[command] ?? []), "--verbose"]);
    const { own } = takeOwnOptions(named.flatMap((name) => (name === "--verbose" ? [name] : [name, "x"])));
    const values = Object.entries(own).filter(([, value]) => ["x", "true"].includes(String(value)));
    expect(values.map(([name]) => `--${name}`).sort()).toEqual(named.sort());
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}\\$ airlock ${command}\\b`));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("is shown by `airlock help`, too", async () => {
    const [one, other] = await Promise.all([run([command, "--help"], NO_CORE), run(["help", command], NO_CORE)]);
    expect(other).toMatchObject({ code: one.code, stdout: one.stdout });
  });
});

describe("core's own help", () => {
  it("follows ours", () => {
    const stdout = withEcho("plan", "--help");
    expect(stdout).toMatch(/^airlock plan: [\s\S]*\n\ncore got: plan --help\n$/);
  });

  it.each([[["plan", "-help"]], [["plan", "-h"]], [["state", "--help"]]])("is all that %j gives", (argv) => {
    expect(withEcho(...argv)).toBe(`core got: ${argv.join(" ")}\n`);
  });
});
