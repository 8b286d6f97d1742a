import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../support/live/mockcloud.js";
import type { Core } from "../support/live/tools.js";
import { readState, workspace, type Workspace } from "../support/live/workspace.js";

const APPLY = ["apply", "-auto-approve", "-no-color"];
const BODY = `
resource "mockcloud_instance" "good" {
  name = "good"
}
resource "mockcloud_instance" "bad" {
  name       = "bad"
  depends_on = [mockcloud_instance.good]
}
`;

async function initialised(core: Core, protocol: Protocol, provider = "", body = BODY): Promise<Workspace> {
  const space = await workspace({ files: { "main.tf": withMockcloud(protocol, body, provider) } });
  await space.init(core);
  return space;
}

function namesInState(space: Workspace): readonly string[] {
  return readState(space)
    .resources.filter(({ instances }) => instances.length > 0)
    .map(({ name }) => name);
}

await describeLive("mockcloud fails on request", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("fails the create of one name only", async () => {
      const space = await initialised(core, protocol, `fail_on = ["bad"]`);
      const { code, stderr } = await space.run(core, APPLY);
      expect(code).toBe(1);
      expect(stderr).toContain(`create of "bad" fails`);
      expect(namesInState(space)).toEqual(["good"]);
    });

    it("fails one method only when it is named", async () => {
      const space = await initialised(core, protocol, `fail_on = ["delete:bad"]`);
      await space.succeed(core, APPLY);
      const { code, stderr } = await space.run(core, ["destroy", "-auto-approve", "-no-color"]);
      expect(code).toBe(1);
      expect(stderr).toContain(`delete of "bad" fails`);
      expect([...namesInState(space)].sort()).toEqual(["bad", "good"]);
    });

    it("fails a plan and a configuration", async () => {
      const planning = await initialised(core, protocol, `fail_on = ["plan:good"]`);
      expect((await planning.run(core, ["plan", "-no-color"])).stderr).toContain(`plan of "good" fails`);
      const configuring = await initialised(core, protocol, `fail_on = ["configure:north"]\n  region = "north"`);
      expect((await configuring.run(core, ["plan", "-no-color"])).stderr).toContain(`configure of "north" fails`);
      expect(configuring.calls().filter(({ method }) => method === "plan")).toEqual([]);
    });

    it("dies in the middle of a call", async () => {
      const space = await initialised(core, protocol, `crash_on = ["bad"]`);
      const { code, stderr } = await space.run(core, APPLY);
      expect(code).toBe(1);
      expect(stderr).toMatch(/plugin|unavailable/i);
      expect(namesInState(space)).toEqual(["good"]);
      expect(space.calls().at(-1)).toMatchObject({ method: "create", name: "bad" });
    });

    it("warns of a legacy size and refuses an impossible one", async () => {
      const sized = (size: string): string =>
        `resource "mockcloud_instance" "a" {\n  name = "a"\n  size = "${size}"\n}`;
      const legacy = await initialised(core, protocol, "", sized("legacy"));
      expect((await legacy.succeed(core, ["plan", "-no-color"])).stdout).toContain("Warning: size of an instance");
      const impossible = await initialised(core, protocol, "", sized("impossible"));
      expect((await impossible.run(core, ["plan", "-no-color"])).stderr).toContain("Error: size of an instance");
    });

    it("is slow on request, and an interrupt ends the wait", async () => {
      const space = await initialised(
        core,
        protocol,
        `latency_ms = 60000`,
        `data "mockcloud_image" "i" {\n  name = "i"\n}`,
      );
      const running = space.start(core, ["plan", "-no-color"]);
      await expect
        .poll(() => space.calls().some(({ method }) => method === "read-data"), { timeout: 30_000 })
        .toBe(true);
      const begun = Date.now();
      running.signal("SIGINT");
      expect((await running.ended).code).toBe(1);
      expect(Date.now() - begun).toBeLessThan(30_000);
      expect(space.calls().filter(({ method }) => method === "stop")).not.toEqual([]);
    });
  });
});
