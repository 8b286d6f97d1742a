import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { readPlanArchive } from "../../../../src/hosts/terraform/records/plan-archive.js";
import { RecordsError } from "../../../../src/hosts/terraform/records/records-error.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { planBytes, planFile, planMessage, rewrittenFile } from "./archives.js";

const CODE = "RECORDS_PLAN_FILE";
const PLAN = planBytes({
  changes: [{ address: "a.b", afterSensitive: [[{ attribute: "x" }]], values: [Uint8Array.of(0x80)] }],
  state: '{"version":4}',
});

/** An archive that holds one name twice, as no zip library writes it. */
function twice(name: string): Uint8Array {
  const other = name.replace(/.$/, "X");
  const bytes = Buffer.from(zipSync({ tfplan: planMessage({}), [name]: planMessage({}), [other]: new Uint8Array(3) }));
  const spelled = Buffer.from(other);
  for (let at = bytes.indexOf(spelled); at >= 0; at = bytes.indexOf(spelled)) bytes.write(name, at);
  return bytes;
}

describe("what is no plan file", () => {
  it.each<[string, Uint8Array | string]>([
    ["an empty file", ""],
    ["text", "no plan"],
    ["JSON of something else", "[]"],
    ["an archive without a plan", zipSync({ tfstate: new Uint8Array(0) })],
    ["an empty archive", zipSync({})],
    ["an archive whose plan is no protobuf", zipSync({ tfplan: Buffer.from("not protobuf at all") })],
    ["a plan that ends within a field", zipSync({ tfplan: planMessage({ changes: [{}] }).subarray(0, 12) })],
    ["a plan with the field number 0", zipSync({ tfplan: Uint8Array.of(0, 0) })],
    ["an archive with two plans", twice("tfplan")],
    ["an archive with two states", twice("tfstate")],
  ])("%s is refused", async (_, bytes) => {
    expect(await rejectedCode(readPlanArchive(planFile(bytes)))).toBe(CODE);
  });

  it("a file that is not there, and a folder, are refused", async () => {
    expect(await rejectedCode(readPlanArchive("/nowhere/plan"))).toBe(CODE);
    expect(await rejectedCode(readPlanArchive(temporaryFolder()))).toBe(CODE);
  });

  it("is named, with what to do", async () => {
    const path = planFile("no plan");
    const error: unknown = await readPlanArchive(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RecordsError);
    expect(error).toMatchObject({
      message: expect.stringContaining(path) as string,
      remedy: expect.any(String) as string,
    });
  });
});

describe("a damaged plan file", () => {
  it("is refused wherever it ends", async () => {
    const file = rewrittenFile();
    for (let length = 1; length < PLAN.length; length += 7) {
      expect(await rejectedCode(readPlanArchive(file(PLAN.subarray(0, length)))), `cut to ${length}`).toBe(CODE);
    }
  });

  it("never gives anything but a plan or the error, whatever bytes are wrong", async () => {
    const file = rewrittenFile();
    const damage = fc.array(fc.tuple(fc.nat(PLAN.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Uint8Array.from(PLAN);
        for (const [at, value] of changes) bytes[at] = value;
        const read = await readPlanArchive(file(bytes)).catch((error: unknown) => error);
        if (read instanceof Error) expect(read).toBeInstanceOf(RecordsError);
      }),
      { numRuns: 150 },
    );
  });

  it("whose plan is any bytes gives a plan or the error", async () => {
    const file = rewrittenFile();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (tfplan) => {
        const read = await readPlanArchive(file(zipSync({ tfplan }))).catch((error: unknown) => error);
        if (read instanceof Error) expect(read).toBeInstanceOf(RecordsError);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the size of a plan file", () => {
  it("may be at the limit and not over it", async () => {
    const path = planFile(PLAN);
    expect(await readPlanArchive(path, PLAN.length)).not.toBeNull();
    expect(await rejectedCode(readPlanArchive(path, PLAN.length - 1))).toBe(CODE);
  });

  it.each(["tfplan", "tfstate"])("counts for the %s inside, unpacked", async (name) => {
    const large = new Uint8Array(100_000);
    // Field 100, which is not read, of 99,995 bytes.
    if (name === "tfplan") large.set([0xa2, 0x06, 0x9b, 0x8d, 0x06]);
    const path = planFile(zipSync({ tfplan: planMessage({}), [name]: large }));
    expect(await readPlanArchive(path, large.length)).not.toBeNull();
    expect(await rejectedCode(readPlanArchive(path, large.length - 1))).toBe(CODE);
  });

  it("does not count for parts that are not read", async () => {
    const path = planFile(zipSync({ tfplan: planMessage({}), "tfconfig/m-/main.tf": new Uint8Array(100_000) }));
    expect(await readPlanArchive(path, 10_000)).not.toBeNull();
  });
});
