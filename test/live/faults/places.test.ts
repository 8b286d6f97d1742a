import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { withMockcloud } from "../../support/live/mockcloud.js";
import type { Core } from "../../support/live/tools.js";
import { workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { fillUp } from "./fill-up.js";
import { declared, jsGuest } from "./guests.js";
import { APPLY, nothingIsLeft } from "./moments.js";

const PLAN = ["plan", "-no-color"];
const BODY = `resource "mockcloud_instance" "a" {\n  name = "a"\n}`;
const COMMAND = resolve("dist/src/cli/main.js");

/** With the integration in airlock.hcl, or in `terraform {}`, for which core needs a shadow. */
async function project(core: Core, isShadowed = false): Promise<Workspace> {
  const guest = declared("./guest.js");
  const where = isShadowed ? { "more.tf": `terraform {\n${guest}}\n` } : { "airlock.hcl": guest };
  const space = await workspace({ files: { "main.tf": withMockcloud(6, BODY), "guest.js": jsGuest(), ...where } });
  expect((await airlock(space, core, ["init", "-no-color"])).code).toBe(0);
  return space;
}

/** A command line of ours for a shell. */
function line(core: Core, args: readonly string[]): string {
  return [process.execPath, COMMAND, ...args, "--core", core.path].map((part) => `'${part}'`).join(" ");
}

await describeLive("a temporary folder", (core) => {
  it("with a path that is too long for sockets gives way to /tmp", async () => {
    const space = await project(core);
    const long = join(space.temporary, "x".repeat(120));
    mkdirSync(long);
    const { code, stderr } = await airlock(space, core, PLAN, { env: { TMPDIR: long } });
    expect(code, stderr).toBe(0);
    expect(readdirSync(long)).toEqual([]);
    rmSync(long, { recursive: true });
    await nothingIsLeft(space);
  });

  it("in which nothing can be made is named, and nothing runs", async () => {
    const space = await project(core);
    for (const TMPDIR of [join(space.temporary, "missing"), join(space.folder, "main.tf")]) {
      const { code, stdout, stderr } = await airlock(space, core, PLAN, { env: { TMPDIR } });
      expect(code).toBe(1);
      expect(stderr).toContain("(PROVIDER_RUN_FOLDER)");
      expect(stdout).toBe("");
    }
    expect(space.calls()).toEqual([]);
    await nothingIsLeft(space);
  });
});

await describeLive("no room", (core) => {
  it("for the shadow is named before anything runs", async ({ skip }) => {
    const space = await project(core, true);
    const home = join(space.folder, ".terraform", "airlock");
    rmSync(home, { recursive: true });
    if (!fillUp(home)) skip("it takes the right to mount");
    const { code, stdout, stderr } = await airlock(space, core, PLAN);
    expect(code).toBe(1);
    expect(stderr).toContain("(SHADOW_NO_SPACE)");
    expect(stdout).toBe("");
    expect(space.calls()).toEqual([]);
    await nothingIsLeft(space);
  });

  it("for the plan is named, and leaves no part of it", async ({ skip }) => {
    const space = await project(core);
    const full = join(space.temporary, "..", "full");
    if (!fillUp(full)) skip("it takes the right to mount");
    for (const out of [join(full, "plan"), join(space.folder, "missing", "plan")]) {
      const { code, stderr } = await airlock(space, core, [...PLAN, `-out=${out}`]);
      expect(code).toBe(1);
      expect(stderr).toContain("(LIVE_OUTPUT)");
    }
    expect(readdirSync(full).filter((name) => name !== "full")).toEqual([]);
    await nothingIsLeft(space);
  });
});

await describeLive("a provider", (core) => {
  it("that is not the one of the lock file is not started", async () => {
    const space = await project(core);
    const all = join(space.folder, ".terraform", "providers");
    const name = readdirSync(all, { recursive: true, encoding: "utf8" }).find((path) =>
      /mockcloud6\/[^/]+\/[^/]+$/.test(path),
    );
    const installed = join(all, name ?? expect.fail("mockcloud is not installed"));
    const real = realpathSync(installed);
    rmSync(installed);
    cpSync(real, installed, { recursive: true });
    for (const file of readdirSync(installed)) appendFileSync(join(installed, file), "x");
    for (const args of [PLAN, APPLY]) {
      const { code, stdout, stderr } = await airlock(space, core, args);
      expect(code).toBe(1);
      expect(stderr).toContain("(PROVIDER_LOCK_MISMATCH)");
      expect(stdout).toBe("");
    }
    expect(space.calls()).toEqual([]);
    await nothingIsLeft(space);
  });

  it("that is missing is to be installed by airlock init", async () => {
    const space = await project(core);
    rmSync(join(space.folder, ".terraform"), { recursive: true });
    const { code, stderr } = await airlock(space, core, PLAN);
    expect(code).toBe(1);
    expect(stderr).toContain("airlock init");
    expect(space.calls()).toEqual([]);
    await nothingIsLeft(space);
  });
});

await describeLive("streams and surroundings", (core) => {
  it("a reader of stdout that goes away does not keep a plan from its end", async () => {
    const space = await project(core);
    const script = `(${line(core, [...PLAN, "-out=saved"])}; echo $? > code) | head -c 1`;
    await space.succeed("sh", ["-c", script]);
    expect(readFileSync(join(space.folder, "code"), "utf8")).toBe("0\n");
    expect(existsSync(join(space.folder, "saved"))).toBe(true);
    await nothingIsLeft(space);
  });

  it("without stdin nobody approves, as with plain core", async () => {
    const space = await project(core);
    const ours = await space.run("sh", ["-c", `${line(core, ["apply", "-no-color"])} <&-`]);
    const plain = await space.run("sh", ["-c", `'${core.path}' apply -no-color <&-`]);
    expect(ours.code).toBe(plain.code);
    expect(ours.stderr).toContain("error asking for approval: EOF");
    expect(space.calls().map(({ method }) => method)).not.toContain("create");
    await nothingIsLeft(space);
  });

  it("without a home everything goes on", async () => {
    const space = await project(core);
    const { code, stderr } = await space.run("sh", ["-c", `unset HOME; ${line(core, APPLY)}`]);
    expect(code, stderr).toBe(0);
    await nothingIsLeft(space);
  });
});

await describeLive("a core", (core) => {
  /** A script in the place of core. */
  function script(space: Workspace, text: string): Core {
    const path = join(space.temporary, "..", "core");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return { ...core, path };
  }

  describe.each([
    ["says something else", `echo "Hello v1.2.3"`],
    ["says nothing", `exit 0`],
    ["says bytes", `head -c 100000 /dev/urandom`],
    ["says more and more", `yes OpenTofu`],
    ["fails", `echo "no licence" >&2; exit 3`],
  ])("that %s when it is asked for its version", (_, text) => {
    it("is named", async () => {
      const space = await workspace({ files: { "airlock.hcl": declared("./guest.js"), "guest.js": jsGuest() } });
      const { code, stderr, stdout } = await airlock(space, script(space, text), PLAN);
      expect(code).toBe(1);
      expect(stderr).toContain("(CORE_UNUSABLE)");
      expect(stdout).toBe("");
      await nothingIsLeft(space);
    });
  });

  it("that is a folder is named", async () => {
    const space = await workspace({ files: { "airlock.hcl": declared("./guest.js") } });
    const { code, stderr } = await airlock(space, { ...core, path: space.folder }, PLAN);
    expect(code).toBe(1);
    expect(stderr).toContain("(CORE_NOT_FOUND)");
  });

  it("that says that it planned and has not is named", async () => {
    const space = await workspace({ files: { "airlock.hcl": declared("./guest.js"), "guest.js": jsGuest() } });
    const liar = script(space, `[ "$1" = version ] && echo "OpenTofu v1.12.6"; exit 0`);
    const { code, stderr } = await airlock(space, liar, [...PLAN, "-out=saved"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\((?:RECORDS|LIVE|CORE)_[A-Z_]+\)/);
    expect(existsSync(join(space.folder, "saved"))).toBe(false);
    await nothingIsLeft(space);
  });
});
