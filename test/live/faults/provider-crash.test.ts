import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { airlock } from "../../support/live/airlock.js";
import { describeLive } from "../../support/live/describe.js";
import { PROTOCOLS, withMockcloud } from "../../support/live/mockcloud.js";
import type { Protocol } from "../../support/live/mockcloud.js";
import { readState, workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared, jsGuest } from "./guests.js";
import { processesLeft, temporaryOf } from "./leftovers.js";

const APPLY = ["apply", "-auto-approve", "-no-color"];

const BODY = `
resource "mockcloud_instance" "a" {
  name = "a"
}
resource "mockcloud_instance" "b" {
  name       = "b"
  depends_on = [mockcloud_instance.a]
}`;

/** What is said of each error, in any order: two calls may be under way when the provider ends. */
function errorsIn(text: string): string[] {
  const blocks = text.split(/\n(?=Error: )/).filter((block) => block.startsWith("Error: "));
  return blocks.map((block) => block.split("\nairlock: ")[0]?.replaceAll(/\s+/g, " ").trim() ?? "").sort();
}

/** Which of the two core says depends on what it notices first. */
const GONE = /^Error: (?:Plugin did not respond|Request cancelled)/;

function asGone(error: string): string {
  return GONE.test(error) ? error.replace(GONE, "Error: gone").replace(/ The plugin.*$/, "") : error;
}

function stateOf(space: Workspace) {
  if (!existsSync(join(space.folder, "terraform.tfstate"))) return [];
  return readState(space).resources.flatMap(({ name, instances }) =>
    instances.map(({ status }) => [name, status ?? "good"]),
  );
}

function project(protocol: Protocol, crash: string): Promise<Workspace> {
  const main = withMockcloud(protocol, BODY, crash === "" ? "" : `crash_on = ["${crash}"]`);
  return workspace({ files: { "main.tf": main, "guest.js": jsGuest(), "airlock.hcl": declared("./guest.js") } });
}

await describeLive("a provider that ends in the middle of a call", (core) => {
  const places = [
    ["configure:local", [...APPLY], false],
    ["plan:b", ["plan", "-no-color"], false],
    ["create:b", [...APPLY], false],
    ["read:a", [...APPLY], true],
    ["delete:a", ["destroy", "-auto-approve", "-no-color"], true],
  ] as const;
  it.each(places.map((place, at) => [...place, PROTOCOLS[at % 2] ?? 5] as const))(
    "in %s: %o is as with plain core, and what became of the provider is told",
    async (crash, args, afterApply, protocol) => {
      const [ours, plain] = [await project(protocol, ""), await project(protocol, "")];
      await Promise.all([ours, plain].map((space) => space.init(core)));
      if (afterApply) await Promise.all([ours, plain].map((space) => space.succeed(core, APPLY)));
      for (const space of [ours, plain]) {
        space.write({ "main.tf": withMockcloud(protocol, BODY, `crash_on = ["${crash}"]`) });
      }
      const [end, expected] = await Promise.all([airlock(ours, core, args), plain.run(core, args)]);
      expect(end.code).toBe(expected.code);
      const [first = ""] = errorsIn(expected.stderr);
      expect(first).toMatch(GONE);
      expect(errorsIn(end.stderr).map(asGone)).toEqual(errorsIn(expected.stderr).map(asGone));
      expect(end.stderr).toMatch(/airlock: \S+\/mockcloud6? ended while it was in use: it ended with code 3\./);
      expect(end.stderr.split("(PROVIDER_CRASHED)")).toHaveLength(2);
      expect(end.stderr).not.toContain("WIRE_");
      expect(stateOf(ours)).toEqual(stateOf(plain));
      expect(await processesLeft(ours, 10_000)).toEqual([]);
      expect(temporaryOf(ours)).toEqual([]);
    },
  );
});
