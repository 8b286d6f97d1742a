import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeLive } from "../support/live/describe.js";
import { PROTOCOLS, withMockcloud, type Protocol } from "../support/live/mockcloud.js";
import type { Core } from "../support/live/tools.js";
import { readState, workspace, type Workspace } from "../support/live/workspace.js";

async function applied(core: Core, protocol: Protocol, type: string): Promise<Workspace> {
  const main = withMockcloud(protocol, `resource "${type}" "a" {\n  name = "a"\n}`);
  const space = await workspace({ files: { "main.tf": main } });
  await space.init(core);
  await space.succeed(core, ["apply", "-auto-approve"]);
  return space;
}

function privateOf(space: Workspace): string {
  const [resource] = readState(space).resources;
  return Buffer.from(resource?.instances[0]?.private ?? "", "base64").toString();
}

function replacePrivate(space: Workspace, bytes: string): void {
  const file = join(space.folder, "terraform.tfstate");
  const base64 = (text: string): string => JSON.stringify(Buffer.from(text).toString("base64"));
  const state = readFileSync(file, "utf8");
  expect(state).toContain(base64(privateOf(space)));
  writeFileSync(
    file,
    state.replace(base64(privateOf(space)), () => base64(bytes)),
  );
}

await describeLive("mockcloud watches its private bytes", (core) => {
  describe.each(PROTOCOLS)("protocol %i", (protocol) => {
    it("counts calls in a JSON object", async () => {
      const space = await applied(core, protocol, "mockcloud_counter");
      // Planned, planned again, applied.
      expect(JSON.parse(privateOf(space))).toEqual({ count: 2 });
      await space.succeed(core, ["apply", "-refresh-only", "-auto-approve"]);
      expect(JSON.parse(privateOf(space))).toEqual({ count: 3 });
    });

    it.each(["refresh", "plan -refresh=false", "destroy -refresh=false -auto-approve"])(
      "refuses a key that it did not write: %s",
      async (command) => {
        const space = await applied(core, protocol, "mockcloud_counter");
        replacePrivate(space, `{"count":2,"airlock":{"id":"x"}}`);
        const { code, stderr } = await space.run(core, [...command.split(" "), "-no-color"]);
        expect(code).toBe(1);
        expect(stderr).toContain("foreign key");
      },
    );

    it("keeps bytes that are not JSON, and refuses all others", async () => {
      const space = await applied(core, protocol, "mockcloud_token");
      expect(privateOf(space)).toBe("plain text private");
      await space.succeed(core, ["plan"]);
      replacePrivate(space, "plain text private {}");
      const { code, stderr } = await space.run(core, ["plan", "-no-color"]);
      expect(code).toBe(1);
      expect(stderr).toContain("foreign private bytes");
    });
  });
});
