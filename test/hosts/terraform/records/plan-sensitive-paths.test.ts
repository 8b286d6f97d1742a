import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlanArchive } from "../../../../src/hosts/terraform/records/plan-archive.js";
import type { Path } from "../../../../src/protocol/events.js";
import { msgpack, planBytes, planFile, rewrittenFile } from "./archives.js";
import type { PathStep } from "./archives.js";

async function paths(...after: readonly (readonly PathStep[])[]): Promise<readonly Path[]> {
  const archive = await readPlanArchive(planFile(planBytes({ changes: [{ afterSensitive: after }] })));
  return archive?.changes[0]?.afterSensitive ?? expect.fail("it was not read");
}

const NAME = { attribute: "tags" };

describe("a sensitive path of a plan", () => {
  it("has names of attributes and keys of elements", async () => {
    expect(await paths([NAME, { key: "a.b" }], [{ attribute: "list" }, { key: 0 }, { attribute: "x" }])).toEqual([
      ["tags", "a.b"],
      ["list", 0, "x"],
    ]);
  });

  it("is told apart for before and after", async () => {
    const change = { beforeSensitive: [[{ attribute: "old" }]], afterSensitive: [[{ attribute: "new" }]] };
    const archive = await readPlanArchive(planFile(planBytes({ changes: [change] })));
    expect(archive?.changes).toMatchObject([{ beforeSensitive: [["old"]], afterSensitive: [["new"]] }]);
  });

  it("of the whole object is empty", async () => {
    expect(await paths([])).toEqual([[]]);
  });

  it.each([0, 1, 127, 128, 255, 256, 65_535])("has the number %i", async (key) => {
    expect(await paths([NAME, { key }])).toEqual([["tags", key]]);
  });

  it.each(["", "a", "x".repeat(31), "x".repeat(32), "x".repeat(255), "x".repeat(256), "größe \u{1F600}"])(
    "has the key %j",
    async (key) => {
      expect(await paths([NAME, { key }])).toEqual([["tags", key]]);
    },
  );

  it.each<[string, Uint8Array]>([
    ["an unknown key", Uint8Array.of(0xd4, 0, 0)],
    ["null", Uint8Array.of(0xc0)],
    ["an object, as elements of sets have", msgpack({ a: 1 })],
    ["a number of 32 bits", msgpack(70_000)],
    ["a negative number", msgpack(-1)],
    ["a fraction", msgpack(1.5)],
    ["nothing", new Uint8Array(0)],
  ])("ends in front of %s, so that more is taken for sensitive", async (_, rawKey) => {
    expect(await paths([NAME, { rawKey }, { attribute: "behind" }])).toEqual([["tags"]]);
  });

  it("is as it was written, or a beginning of it, whatever its keys are", async () => {
    const file = rewrittenFile();
    const step = fc.oneof(
      fc.record({ attribute: fc.string() }),
      fc.record({ key: fc.oneof(fc.string(), fc.nat(), fc.double(), fc.boolean(), fc.constant(null)) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
        const archive = await readPlanArchive(file(planBytes({ changes: [{ afterSensitive: [steps] }] })));
        const [found] = archive?.changes[0]?.afterSensitive ?? [];
        const whole = steps.map((one) => ("attribute" in one ? one.attribute : one.key));
        expect(found).toEqual(whole.slice(0, found?.length));
        const next = steps[found?.length ?? 0];
        if (next !== undefined) expect("key" in next && typeof next.key !== "string").toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
