import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probeCore } from "../../src/cli/doctor/core.js";
import { probeIsolation } from "../../src/cli/doctor/walls.js";
import { probeNode } from "../../src/cli/doctor/node.js";
import { HAS_BUBBLEWRAP } from "../support/bubblewrap.js";
import { run } from "./fake-io.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-doctor-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function coreThat(script: string) {
  await writeFile(join(folder, "tofu"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return probeCore("tofu", { PATH: `${folder}:/usr/bin:/bin` });
}

describe("airlock doctor", () => {
  it("finds both walls on this machine", async () => {
    const { code, stdout } = await run(["doctor", "--format", "json"]);
    const report = JSON.parse(stdout) as { probes: { name: string; status: string }[]; limits: object };
    const statuses = Object.fromEntries(report.probes.map(({ name, status }) => [name, status]));
    expect(statuses).toMatchObject({ node: "ok", "permission model": "ok", "wasm and quickjs": "ok" });
    expect(report.limits).toHaveProperty("timeoutMs");
    expect(report.limits).toHaveProperty("requests.perSecond");
    expect(code).toBe(0);
  });

  it("shows a line for each probe, and the limits", async () => {
    const { stdout } = await run(["doctor"]);
    expect(stdout).toMatch(/^ok +permission model /m);
    expect(stdout).toMatch(/^warn +tofu +not on PATH$/m);
    expect(stdout).toMatch(/^ {2}one call +5s$/m);
  });
});

describe("the probe of isolation", () => {
  it("says how to get it where it is not there", async () => {
    const { stdout } = await run(["doctor"], { env: { PATH: folder } });
    expect(stdout).toMatch(/^warn +isolation +process group and limits only: .*\n +.*bubblewrap/m);
  });

  it.skipIf(!HAS_BUBBLEWRAP)("tries it where it is there", async () => {
    const probe = await probeIsolation(process.env["PATH"]);
    expect(probe).toMatchObject({ status: "ok", detail: expect.stringMatching(/^bubblewrap .*no network/) as unknown });
  });
});

describe("the probe of Node", () => {
  it.each([
    ["20.19.0", "ok"],
    ["22.0.0", "ok"],
    ["24.1.2", "ok"],
    ["20.18.9", "fail"],
    ["18.20.0", "fail"],
  ])("says of %s: %s", (version, status) => {
    expect(probeNode(version).status).toBe(status);
  });
});

describe("the probe of a core", () => {
  it("gives its version, whatever warnings stand before it", async () => {
    const probe = await coreThat("echo 'Warning: something'; echo 'OpenTofu v1.12.6'; echo 'on linux_amd64'");
    expect(probe).toEqual({ name: "tofu", status: "ok", detail: `1.12.6 at ${join(folder, "tofu")}`, remedy: null });
  });

  it.each([
    ["fails", "exit 3"],
    ["says something else", "echo hello"],
    ["says nothing", ":"],
    ["never stops talking", "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"],
  ])("warns of one that %s", async (_what, script) => {
    expect((await coreThat(script)).status).toBe("warn");
  });

  it("warns when there is none, and does not look into relative folders of PATH", async () => {
    expect((await probeCore("tofu", {})).status).toBe("warn");
    expect((await probeCore("tofu", { PATH: "." })).detail).toBe("not on PATH");
  });
});
