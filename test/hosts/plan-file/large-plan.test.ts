import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readPlan } from "../../../src/hosts/plan-file/read-plan.js";
import { isResourceEvent } from "../../../src/protocol/events.js";
import { change, planEvents, planJson, RUN } from "./plans.js";

const MIB = 1024 ** 2;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-large-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A plan of more than the window that it is read through, and of more than is kept of standard input in memory. */
function largePlan(count: number, bytesEach: number): string {
  const resource_changes = Array.from({ length: count }, (_, at) =>
    change(`vm.a[${at}]`, ["create"], null, { text: String(at).padEnd(bytesEach, "é") }),
  );
  return planJson({ resource_changes });
}

async function* piecesOf(text: string) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += MIB) yield await Promise.resolve(bytes.subarray(at, at + MIB));
}

describe("a plan that is larger than what is held of it", () => {
  it("is told of whole from a file, whatever its values take", async () => {
    const path = join(folder, "plan.json");
    await writeFile(path, largePlan(12, MIB));
    using plan = await readPlan({ path });
    const told = [...planEvents(plan, RUN)].flatMap((event) =>
      isResourceEvent(event) && event.hook === "post-plan-resource" ? [event.params.after] : [],
    );
    expect(told).toEqual(Array.from({ length: 12 }, (_, at) => ({ text: String(at).padEnd(MIB, "é") })));
  });

  it("is told of whole from standard input, and leaves no file behind", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("airlock-") && name.endsWith(".tmp"));
    using plan = await readPlan({ stream: piecesOf(largePlan(40, MIB / 2)) });
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith("airlock-") && name.endsWith(".tmp"));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
    expect([...plan.managed].map((one) => one.open().address)).toHaveLength(40);
  });

  it("is taken with one value of 64 MiB, and refused with one of a byte more", async () => {
    const path = join(folder, "plan.json");
    const write = (bytes: number) => writeFile(path, planJson({ something: "x".repeat(bytes - 2) }));
    await write(64 * MIB);
    (await readPlan({ path }))[Symbol.dispose]();
    await write(64 * MIB + 1);
    await expect(readPlan({ path })).rejects.toMatchObject({ code: "PLAN_TOO_LARGE" });
  });

  it("is refused when it is changed while it is read", async () => {
    const path = join(folder, "plan.json");
    await writeFile(path, largePlan(3, 10));
    using plan = await readPlan({ path });
    await appendFile(path, " ");
    expect(() => [...plan.managed]).toThrow(expect.objectContaining({ code: "PLAN_NOT_READABLE" }));
  });
});
