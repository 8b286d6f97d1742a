import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { withMockcloud } from "../support/live/mockcloud.js";
import { canBuild } from "../support/live/tools.js";
import { attributesOf, workspace } from "../support/live/workspace.js";

const PROVIDERS = `
resource "time_static" "t" {
  rfc3339 = "2024-05-06T07:08:09Z"
}
resource "local_file" "f" {
  filename = "\${path.root}/written"
  content  = time_static.t.id
}
`;

await describeLive("a workspace", (core) => {
  it("finds the real providers without a network", async () => {
    const space = await workspace({ files: { "main.tf": PROVIDERS } });
    await space.init(core);
    await space.succeed(core, ["apply", "-auto-approve"]);
    expect(readFileSync(join(space.folder, "written"), "utf8")).toBe("2024-05-06T07:08:09Z");
    expect(attributesOf(space, "time_static", "t")).toMatchObject({ year: 2024 });
    expect(readFileSync(join(space.folder, ".terraform.lock.hcl"), "utf8")).toContain("h1:");
  });

  it("has only the providers that were asked for", async () => {
    const space = await workspace({ files: { "main.tf": PROVIDERS }, providers: ["time"] });
    const { code, stderr } = await space.run(core, ["init", "-input=false", "-no-color"]);
    expect(code).toBe(1);
    expect(stderr).toContain("hashicorp/local");
  });

  it("tells all output when what should succeed does not", async () => {
    const space = await workspace({ files: { "main.tf": withMockcloud(5, `resource "nonsense" "a" {}`) } });
    await expect(space.init(core)).rejects.toThrow(/nonsense/);
  });
});

describe.skipIf(!(await canBuild()))("programs of a workspace", () => {
  const last: { folder?: string; pid?: number } = {};

  it("see nothing of the user's own settings", async () => {
    vi.stubEnv("TF_VAR_x", "1");
    vi.stubEnv("TF_PLUGIN_CACHE_DIR", "/nowhere");
    vi.stubEnv("AIRLOCK_CORE", "/nowhere");
    const space = await workspace({ files: {} });
    const { stdout } = await space.run("env", []);
    vi.unstubAllEnvs();
    const names = stdout.split("\n").map((line) => line.replace(/=.*/, ""));
    expect(names.filter((name) => /^(TF_|AIRLOCK_)/.test(name))).toEqual(["TF_CLI_CONFIG_FILE"]);
    expect(stdout).toContain(`TMPDIR=${space.temporary}`);
  });

  it("take input, an environment and a folder", async () => {
    const space = await workspace({ files: { "below/there.txt": "" } });
    const cwd = join(space.folder, "below");
    const { stdout } = await space.run("sh", ["-c", "cat; echo $MORE; ls"], {
      cwd,
      input: "in\n",
      env: { MORE: "more" },
    });
    expect(stdout).toBe("in\nmore\nthere.txt\n");
  });

  it("tell what they print as they print it", async () => {
    const space = await workspace({ files: {} });
    const running = space.start("sh", ["-c", "echo one; read line; echo two >&2; sleep 100"]);
    expect(await running.printed("two")).toBe("one\ntwo\n");
    running.signalGroup("SIGTERM");
    expect(await running.ended).toMatchObject({ code: null, signal: "SIGTERM" });
    await expect(running.printed("three")).rejects.toThrow(/three/);
  });

  it("may be left running", async () => {
    const space = await workspace({ files: {} });
    const running = space.start("sh", ["-c", "sleep 100 & echo begun; wait"]);
    await running.printed("begun");
    Object.assign(last, { folder: space.folder, pid: running.pid });
  });

  afterAll(() => {
    expect(last.folder).toBeDefined();
    expect(existsSync(String(last.folder))).toBe(false);
    // All that it started held its stdout, whose end was awaited: none of it runs.
    expect(() => process.kill(Number(last.pid), 0)).toThrow();
  });
});
